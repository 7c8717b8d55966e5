// Current jetting in bars and films against series, exact theorems and an independent program's numbers.

#include "continuum/support.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace edotb {
namespace {

using namespace continuum;
using test::solve_ohmic;
using test::Solved;

constexpr double pi = std::numbers::pi;

/// A film of length L and width W with contacts of width c in the middle of its ends.
SampleShape squeezed_film(double length, double width, double contact) {
  SampleShape shape;
  shape.film = true;
  shape.length = length;
  shape.width = width;
  shape.patches = {{.contact = {"source"}, .axis = 0, .sign = -1, .size = {0.0, contact, 0.0}},
                   {.contact = {"drain"}, .axis = 0, .sign = 1, .size = {0.0, contact, 0.0}}};
  return shape;
}

/// Resistance between x = -d/2 and d/2 at height y, for the current through the contacts.
double four_point(const Solved& solved, double d, double y) {
  const double volts =
      solved.potential({-0.5 * d, y, 0.0}, 0) - solved.potential({0.5 * d, y, 0.0}, 0);
  return volts / solved.g(1, 0);
}

/// R/R0 on the spine (s = 1) or the edge (s = -1) of a film with point contacts (physics.md §6):
/// 1 + (4/d) sum_m s^m sinh(k d/2) / [k cosh(k L/2)], k = 2 pi m / (W sqrt(A)).
double squeeze_series(double length, double width, double d, double anisotropy, int s) {
  double sum = 0.0;
  for (int m = 1; m <= 4000; ++m) {
    const double k = 2.0 * pi * m / (width * std::sqrt(anisotropy));
    // sinh(a)/cosh(b) without overflow
    const double ratio =
        std::exp(0.5 * k * (d - length)) * -std::expm1(-k * d) / (1.0 + std::exp(-k * length));
    sum += (s > 0 || m % 2 == 0 ? 1.0 : -1.0) * ratio / k;
  }
  return 1.0 + 4.0 / d * sum;
}

/// The same with contacts of uniform current over a width c: every term times sinc(pi m c / W). An
/// equipotential contact differs by O((c/W)^2).
TEST(Bars, SqueezeTest) {
  constexpr double length = 4.0;
  constexpr double d = 2.0;
  for (const double anisotropy : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0}) {
    SampleShape shape = squeezed_film(length, 1.0, 1e-3);
    shape.probes = {{-0.5 * d, 0, 0}, {0.5 * d, 0, 0}};
    const Tensor sigma =
        film_tensor(conductivity_tensor({1.0, 1.0 / anisotropy, 0.0}, {1.0, 0.0, 0.0}));
    const Solved solved = solve_ohmic(shape, sigma, {.n_across = 32, .grading = 1e-3});
    const double spine = four_point(solved, d, 0.0) / d;
    const double edge = four_point(solved, d, 0.5) / d;
    const double spine_series = squeeze_series(length, 1.0, d, anisotropy, 1);
    const double edge_series = squeeze_series(length, 1.0, d, anisotropy, -1);
    EXPECT_NEAR(spine, spine_series, 5e-3 * spine_series) << "A = " << anisotropy;
    EXPECT_NEAR(edge, edge_series, 5e-3 * edge_series) << "A = " << anisotropy;
  }
}

/// The series itself reproduces the table of physics.md.
TEST(Bars, SqueezeSeriesIsTheTable) {
  EXPECT_NEAR(squeeze_series(4, 1, 2, 10, 1), 1.1458, 1e-4);
  EXPECT_NEAR(squeeze_series(4, 1, 2, 100, -1), 0.17743, 1e-5);
  EXPECT_NEAR(squeeze_series(4, 1, 2, 1000, -1), 1.15e-4, 1e-6);
  EXPECT_NEAR(squeeze_series(4, 1, 2, 1000, 1), 8.87177, 1e-5);
}

/// Finite contacts: FEniCSx, P2, two meshes (tests/reference/continuum.json).
TEST(Bars, FiniteContactsAsFenics) {
  const auto file = test::reference("continuum.json");
  for (const auto& bar : file["bar_point_contacts"]) {
    const double length = bar["L"];
    const double width = bar["W"];
    const Conductivity c{bar["s_par"], bar["s_perp"], bar["s_xy"]};
    SampleShape shape = squeezed_film(length, width, bar["c"]);
    shape.probes = {{-1.5, 0, 0}, {1.5, 0, 0}};
    const Tensor sigma = film_tensor(conductivity_tensor(c, {1.0, 0.0, 0.0}));
    const Solved solved = solve_ohmic(shape, sigma, {.n_across = 20, .grading = 1e-3});
    EXPECT_NEAR(1.0 / solved.g(1, 0), bar["R_two_terminal"],
                5e-3 * bar["R_two_terminal"].get<double>());
    EXPECT_NEAR(four_point(solved, 3.0, 0.0), bar["R_spine"], 5e-3 * bar["R_spine"].get<double>());
    EXPECT_NEAR(four_point(solved, 3.0, -1.0), bar["R_edge"], 5e-3 * bar["R_edge"].get<double>());
  }
}

SampleShape film(double length, double width) {
  SampleShape shape;
  shape.film = true;
  shape.length = length;
  shape.width = width;
  return shape;
}

/// Full-face contacts across the field's tilt: far from the ends R/R0 = cos^2 + A sin^2 exactly.
TEST(Bars, FullFaceContactsFollowTheAngle) {
  // What the ends do to the current has died out at the probes where the bar is long enough for it.
  for (const auto& [anisotropy, length] : {std::pair{4.0, 16.0}, {100.0, 100.0}}) {
    SampleShape shape = film(length, 1.0);
    shape.probes = {{-1.0, 0, 0}, {1.0, 0, 0}};
    for (const double degrees : {0.0, 20.0, 45.0, 90.0}) {
      const double angle = degrees * pi / 180.0;
      const Tensor sigma = film_tensor(conductivity_tensor(
          {1.0, 1.0 / anisotropy, 0.0}, {std::cos(angle), std::sin(angle), 0.0}));
      const Solved solved = solve_ohmic(shape, sigma, {.n_across = 8, .grading = 1e-2});
      const double expected =
          std::pow(std::cos(angle), 2) + anisotropy * std::pow(std::sin(angle), 2);
      EXPECT_NEAR(four_point(solved, 2.0, 0.0) / 2.0, expected, 1e-6 * expected) << degrees;
    }
  }
}

/// One Drude band in a film along the field: the Hall field across the film restores the current along its
/// width (rho_perp = 1/sigma_0), so there is no jetting; as many electrons as holes have none to restore it.
TEST(Bars, OneBandInAFilmDoesNotJet) {
  constexpr double mu_b = 10.0;
  const std::array one = {DrudeBand{1e24, mu_b, -1}};
  const std::array two = {DrudeBand{0.5e24, mu_b, -1}, DrudeBand{0.5e24, mu_b, 1}};
  const auto one_band = film_tensor(conductivity_tensor(drude_conductivity(one, 1.0), {1, 0, 0}));
  const auto semimetal = film_tensor(conductivity_tensor(drude_conductivity(two, 1.0), {1, 0, 0}));
  EXPECT_NEAR(one_band[1][1] / one_band[0][0], 1.0, 1e-12);
  EXPECT_NEAR(semimetal[1][1] / semimetal[0][0], 1.0 / 101.0, 1e-12);
}

Tensor perpendicular_field(double mu_b) {
  const double across = 1.0 / (1.0 + mu_b * mu_b);
  return film_tensor(conductivity_tensor({1.0, across, mu_b * across}, {0.0, 0.0, 1.0}));
}

/// Two-terminal Hall plates with ideal ends, R sigma_0: a square has sqrt(1 + (mu B)^2) by its
/// duality; L/W = 2 and 4 from physics.md §6.
TEST(Bars, HallPlates) {
  for (const auto& [mu_b, twice, four_times] :
       {std::tuple{1.0, 2.44008, 4.44127}, {2.0, 3.28889, 5.29125}, {5.0, 6.18282, 8.18645}}) {
    const Tensor sigma = perpendicular_field(mu_b);
    const Resolution fine{.n_across = 16, .grading = 1e-9};
    const double exact = std::sqrt(1.0 + mu_b * mu_b);
    EXPECT_NEAR(1.0 / solve_ohmic(film(1.0, 1.0), sigma, fine).g(1, 0), exact, 1e-3 * exact)
        << mu_b;
    EXPECT_NEAR(1.0 / solve_ohmic(film(2.0, 1.0), sigma, fine).g(1, 0), twice, 5e-3 * twice);
    EXPECT_NEAR(1.0 / solve_ohmic(film(4.0, 1.0), sigma, fine).g(1, 0), four_times,
                5e-3 * four_times);
    const double product = 1.0 / (solve_ohmic(film(3.0, 1.0), sigma, fine).g(1, 0) *
                                  solve_ohmic(film(1.0, 3.0), sigma, fine).g(1, 0));
    EXPECT_NEAR(product, exact * exact, 5e-3 * exact * exact) << "duality R(r) R(1/r)";
  }
}

}  // namespace
}  // namespace edotb
