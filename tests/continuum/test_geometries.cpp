// Corbino discs, Hall bars, cylinders, van der Pauw squares and thick bars against closed forms and series
// (physics.md §5, §6).

#include "continuum/support.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace edotb {
namespace {

using namespace continuum;
using test::solve_ohmic;
using test::Solved;

constexpr double pi = std::numbers::pi;

SampleShape disc(double ratio) {
  SampleShape shape;
  shape.kind = SampleKind::corbino;
  shape.film = true;
  shape.inner_radius = 1.0;
  shape.outer_radius = ratio;
  return shape;
}

Tensor in_field(double mu_b) {
  const double across = 1.0 / (1.0 + mu_b * mu_b);
  return film_tensor(conductivity_tensor({1.0, across, mu_b * across}, {0, 0, 1}));
}

/// B along the normal: R(B) = (1 + (mu B)^2) ln(r2/r1)/(2 pi sigma).
TEST(Corbino, GrowsAsTheSquareOfTheField) {
  const double at_zero = std::log(3.0) / (2.0 * pi);
  EXPECT_NEAR(1.0 / solve_ohmic(disc(3.0), in_field(0.0), {.n_across = 12}).g(1, 0), at_zero,
              1e-5 * at_zero);
  EXPECT_NEAR(1.0 / solve_ohmic(disc(3.0), in_field(5.0), {.n_across = 12}).g(1, 0), 26.0 * at_zero,
              26e-5 * at_zero);
}

/// B in the plane, A = 10: G ln(r2/r1)/(2 pi sigma_perp) = 4.84452, between sqrt(A) and (1 + A)/2.
TEST(Corbino, FieldInThePlane) {
  const Tensor sigma = film_tensor(conductivity_tensor({10.0, 1.0, 0.0}, {1, 0.3, 0}));
  const double g = solve_ohmic(disc(std::numbers::e), sigma, {.n_across = 16}).g(1, 0) / (2.0 * pi);
  EXPECT_NEAR(g, 4.84452, 1e-4 * 4.84452);
}

/// Corners of a square: R = ln 2/pi (van der Pauw 1958).
TEST(VanDerPauw, Square) {
  SampleShape shape;
  shape.film = true;
  constexpr double contact = 1e-3;
  shape.patches = {{.contact = {"a"},
                    .axis = 1,
                    .sign = -1,
                    .centre = {-0.5 + 0.5 * contact, 0, 0},
                    .size = {contact, 0, 0}},
                   {.contact = {"b"},
                    .axis = 1,
                    .sign = -1,
                    .centre = {0.5 - 0.5 * contact, 0, 0},
                    .size = {contact, 0, 0}}};
  const Solved solved = solve_ohmic(shape, in_field(0.0), {.n_across = 12, .grading = 1e-3});
  const double volts = solved.potential({-0.5, 0.5, 0}, 0) - solved.potential({0.5, 0.5, 0}, 0);
  EXPECT_NEAR(volts / solved.g(1, 0), std::log(2.0) / pi, 1e-3 * 0.22);
}

/// Planar Hall: sigma_par = 4, sigma_perp = 1 at 45 degrees: rho_xx = .625, |rho_xy| = .375.
TEST(HallBar, PlanarHall) {
  SampleShape shape;
  shape.film = true;
  shape.length = 10.0;
  const Tensor sigma = film_tensor(conductivity_tensor({4.0, 1.0, 0.0}, {1, 1, 0}));
  const Solved solved = solve_ohmic(shape, sigma, {.n_across = 8, .grading = 0.1});
  const double current = solved.g(1, 0);
  const double along = solved.potential({-0.5, 0, 0}, 0) - solved.potential({0.5, 0, 0}, 0);
  const double across = solved.potential({0, 0.5, 0}, 0) - solved.potential({0, -0.5, 0}, 0);
  EXPECT_NEAR(along / current, 0.625, 1e-5);
  EXPECT_NEAR(std::abs(across / current), 0.375, 1e-5);
}

/// A Hall bar with arms that carry no current: rho_xx = 1 and rho_xy = mu B of one Drude band, for arms
/// narrow against the bar and its ends far away.
TEST(HallBar, ArmsMeasureTheHallVoltage) {
  SampleShape shape;
  shape.kind = SampleKind::hall_bar;
  shape.film = true;
  shape.length = 8.0;
  shape.arm_width = 0.05;
  shape.arm_length = 0.3;
  shape.arm_distance = 2.0;
  constexpr double mu_b = 0.7;
  const Solved solved = solve_ohmic(shape, in_field(mu_b), {.n_across = 8, .grading = 0.02});
  // Volts on the six contacts when a current flows from 0 to 1 alone: solve I = -G V on the arms.
  ASSERT_EQ(solved.solution.n_contacts, 6U);
  // Currents of the arms vanish: G_aa V_a = -G_a0 V_0 with V_0 = 1, V_1 = 0 (Gauss-Seidel).
  std::array<double, 6> volts = {1.0, 0.0, 0.5, 0.5, 0.5, 0.5};
  for (int sweep = 0; sweep < 2000; ++sweep) {
    for (std::size_t p = 2; p < 6; ++p) {
      double sum = 0.0;
      for (std::size_t q = 0; q < 6; ++q) sum += q == p ? 0.0 : solved.g(p, q) * volts[q];
      volts[p] = sum / -solved.g(p, p);
    }
  }
  double current = 0.0;
  for (std::size_t q = 0; q < 6; ++q) current += solved.g(1, q) * volts[q];
  EXPECT_NEAR((volts[2] - volts[3]) / current / 2.0, 1.0, 0.01);
  EXPECT_NEAR(std::abs(volts[2] - volts[4]) / current, mu_b, 0.01 * mu_b);
}

/// A round bar: R = L/(pi r^2 sigma) between its ends.
TEST(Cylinder, Resistance) {
  SampleShape shape;
  shape.kind = SampleKind::cylinder;
  shape.length = 3.0;
  shape.width = 1.0;
  const double exact = 3.0 / (0.25 * pi);
  const Tensor one = conductivity_tensor({}, {1, 0, 0});
  EXPECT_NEAR(1.0 / solve_ohmic(shape, one, {.n_across = 8}).g(1, 0), exact, 2e-4 * exact);
  EXPECT_NEAR(1.0 / solve_ohmic(shape, one, {.n_across = 8}, 1).g(1, 0), exact, 2e-2 * exact);
}

/// A slab of height d with line contacts above each other: what is left of the voltage at a distance x is
/// (2 rho/pi) ln coth(pi x/2d) (Parameswaran et al., PRX 4, 031035).
TEST(NonLocal, OhmicBackground) {
  SampleShape shape;
  shape.film = true;
  shape.length = 12.0;
  constexpr double contact = 2e-3;
  shape.patches = {{.contact = {"top"}, .axis = 1, .sign = 1, .size = {contact, 0, 0}},
                   {.contact = {"bottom"}, .axis = 1, .sign = -1, .size = {contact, 0, 0}}};
  shape.probes = {{1, 0, 0}, {2, 0, 0}, {3, 0, 0}};
  const Solved solved = solve_ohmic(shape, in_field(0.0), {.n_across = 16, .grading = 1e-2});
  for (const double x : {1.0, 2.0, 3.0}) {
    const double volts = solved.potential({x, 0.5, 0}, 0) - solved.potential({x, -0.5, 0}, 0);
    const double expected = -2.0 / pi * std::log(std::tanh(0.5 * pi * x));
    EXPECT_NEAR(volts / solved.g(1, 0), expected, 0.01 * expected) << x;
  }
}

SampleShape squeezed(double contact) {
  SampleShape shape;
  shape.film = true;
  shape.length = 4.0;
  shape.patches = {{.contact = {"source"}, .axis = 0, .sign = -1, .size = {0, contact, 0}},
                   {.contact = {"drain"}, .axis = 0, .sign = 1, .size = {0, contact, 0}}};
  return shape;
}

/// Probes that are not opposite each other see a voltage that changes sign at A = 22.842: an apparent
/// magnetoresistance below -100 %.
TEST(Jetting, MisalignedProbesChangeSign) {
  const auto volts = [&](double anisotropy) {
    const Tensor sigma = film_tensor(conductivity_tensor({1.0, 1.0 / anisotropy, 0.0}, {1, 0, 0}));
    const Solved solved = solve_ohmic(squeezed(1e-3), sigma, {.n_across = 24, .grading = 1e-2});
    return (solved.potential({-1.0, 0.5, 0}, 0) - solved.potential({-0.5, 0, 0}, 0)) /
           solved.g(1, 0);
  };
  EXPECT_GT(volts(22.842 * 0.98), 0.0);
  EXPECT_LT(volts(22.842 * 1.02), 0.0);
}

/// A = 100: the edge resistance passes R0 when the field is 7.4 degrees off the current.
TEST(Jetting, EdgeCrossesAtSevenDegrees) {
  const auto edge = [&](double degrees) {
    const double angle = degrees * pi / 180.0;
    const Tensor sigma =
        film_tensor(conductivity_tensor({1.0, 0.01, 0.0}, {std::cos(angle), std::sin(angle), 0.0}));
    const Solved solved = solve_ohmic(squeezed(1e-2), sigma, {.n_across = 32, .grading = 0.03});
    return (solved.potential({-1.0, 0.5, 0}, 0) - solved.potential({1.0, 0.5, 0}, 0)) /
           solved.g(1, 0) / 2.0;
  };
  EXPECT_LT(edge(7.25), 1.0);
  EXPECT_GT(edge(7.55), 1.0);
}

/// R/R0 on the axis (s = 1) or the middle of a side (s = -1) of a bar W = T = 1 with current over squares of
/// width c in the middle of its ends:
/// 1 + (2/d) sum_mn w_mn s^n sinc(m c) sinc(n c) sinh(k d/2)/[k cosh(k L/2)], k = 2 pi sqrt((m^2 + n^2)/A),
/// w = 2 when one of m, n is zero, else 4.
double thick_series(double length, double d, double anisotropy, double contact, int s) {
  const auto sinc = [](double x) { return x == 0.0 ? 1.0 : std::sin(pi * x) / (pi * x); };
  double sum = 1.0;
  for (int m = 0; m < 80; ++m) {
    for (int n = m == 0 ? 1 : 0; n < 80; ++n) {
      const double k = 2.0 * pi * std::sqrt((m * m + n * n) / anisotropy);
      const double weight = (m > 0 ? 2.0 : 1.0) * (n > 0 ? 2.0 : 1.0);
      sum += 2.0 / d * weight * (s > 0 || n % 2 == 0 ? 1.0 : -1.0) * sinc(m * contact) *
             sinc(n * contact) * std::sinh(0.5 * k * d) / (k * std::cosh(0.5 * k * length));
    }
  }
  return sum;
}

/// A thick bar with point contacts, A = 100: the spine on its surface falls too; the axis inside rises.
TEST(Jetting, ThickBar) {
  SampleShape shape;
  shape.length = 4.0;
  constexpr double contact = 0.01;
  shape.patches = {{.contact = {"source"}, .axis = 0, .sign = -1, .size = {0, contact, contact}},
                   {.contact = {"drain"}, .axis = 0, .sign = 1, .size = {0, contact, contact}}};
  shape.probes = {{-1, 0, 0}, {1, 0, 0}};
  const Tensor sigma = conductivity_tensor({1.0, 0.01, 0.0}, {1, 0, 0});
  const Solved solved = solve_ohmic(shape, sigma, {.n_across = 10, .grading = 0.1}, 2);
  const auto ratio = [&](double z) {
    return (solved.potential({-1, 0, z}, 0) - solved.potential({1, 0, z}, 0)) / solved.g(1, 0) /
           2.0;
  };
  EXPECT_NEAR(thick_series(4, 2, 100, 0.1, 1), 8.85, 0.01);  // physics.md: wider contacts
  EXPECT_NEAR(thick_series(4, 2, 100, 0.1, -1), 0.2826, 1e-4);
  const double side = thick_series(4, 2, 100, contact, -1);
  const double axis = thick_series(4, 2, 100, contact, 1);
  EXPECT_NEAR(ratio(0.5), side, 5e-3 * side);
  EXPECT_NEAR(ratio(0.0), axis, 5e-3 * axis);
}

}  // namespace
}  // namespace edotb
