// The laws against the numbers of physics.md, their limits, and slow sums of their definitions.
#include "edotb/analysis/laws.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

namespace edotb {
namespace {

using namespace analysis;
constexpr double pi = std::numbers::pi;

TEST(Laws, DigammaLaw) {
  EXPECT_NEAR(digamma_law(1), 0.03649, 5e-6);
  EXPECT_NEAR(digamma_law(10), 0.76197, 5e-6);
  EXPECT_NEAR(digamma_law(100), 2.69018, 5e-6);
  EXPECT_NEAR(digamma_law(1e-3), 1e-6 / 24, 1e-12);
  EXPECT_EQ(digamma_law(0), 0.0);
  EXPECT_EQ(digamma_law(-10), digamma_law(10));
  // psi(1/2) = -gamma - 2 ln 2
  EXPECT_NEAR(digamma_law(1e9) - std::log(1e9), -std::numbers::egamma - 2 * std::numbers::ln2,
              1e-8);
  // psi(z + 1) = psi(z) + 1/z joins the two ways of computing, which meet at d = 20.
  const double step = digamma_law(1.0 / 20.5) - digamma_law(1.0 / 19.5);
  EXPECT_NEAR(step, 1.0 / 20.0 - std::log(20.5 / 19.5), 5e-15);
}

TEST(Laws, HikamiLarkinNagaoka) {
  constexpr double l_phi = 250.0;
  const double b_phi = characteristic_field(l_phi, hbar_over_e_in_nm);
  EXPECT_NEAR(b_phi, 658.2119569509 / 4 / 62500, 1e-12);
  for (const double x : {0.3, 3.0, 30.0}) {
    const double field = x * b_phi;
    const double orthogonal = digamma_law(x) / pi;
    const auto full = [&](const CoherenceLengths& l) {
      return hikami_larkin_nagaoka(field, l, hbar_over_e_in_nm);
    };
    EXPECT_NEAR(full({.phase = l_phi}), orthogonal, 1e-12);
    EXPECT_NEAR(hikami_larkin_nagaoka(field, 1.0, l_phi, hbar_over_e_in_nm), orthogonal, 1e-14);
    // Strong spin-orbit scattering: -1/2 of it. Spin flips alone, B_s = B_phi: B_2 = 5/3 and B_3 = 3 B_phi.
    EXPECT_NEAR(full({.phase = l_phi, .spin_orbit = 1e-3}), -0.5 * orthogonal, 1e-9);
    EXPECT_NEAR(full({.phase = l_phi, .magnetic = l_phi}),
                (1.5 * digamma_law(x * 3 / 5) - 0.5 * digamma_law(x / 3)) / pi, 1e-12);
    // Where the elastic length is that of dephasing nothing is left to average.
    EXPECT_NEAR(full({.phase = l_phi, .mean_free = l_phi}), 0.0, 1e-12);
  }
  // Lattice units: phi = 2 pi B/Phi_0 per site of 1 nm.
  EXPECT_NEAR(hikami_larkin_nagaoka(0.5 / hbar_over_e_in_nm, 1.0, 20.0, 1.0),
              hikami_larkin_nagaoka(0.5, 1.0, 20.0, hbar_over_e_in_nm), 1e-14);
}

TEST(Laws, QuasiOneDimensionalWire) {
  const Wire wire{1000.0, 50.0};
  const auto law = [&](double field, double l_phi, double l_so) {
    return quasi_one_dimensional(field, wire, l_phi, l_so, hbar_over_e_in_nm);
  };
  // Universal: -1/3 per spin, +1/3 for strong spin-orbit scattering, nothing in a strong field.
  EXPECT_NEAR(law(0, 1e6, 0), -2.0 / 3, 1e-6);
  EXPECT_NEAR(law(0, 1e6, 1e-2), 1.0 / 3, 1e-4);
  EXPECT_NEAR(law(0, 0, 0), -2.0 / 3, 1e-15);
  EXPECT_NEAR(law(1e4, 1e6, 0), 0.0, 1e-3);
  // l_phi << L: -2 l_phi/L (1 - l_phi/L).
  EXPECT_NEAR(law(0, 20, 0), -2 * 0.02 * 0.98, 1e-12);
  // The field acts as a length: at L_B = l_phi both together as l_phi/sqrt(2).
  const double field = std::sqrt(3.0) * hbar_over_e_in_nm / (wire.width * 300.0);
  EXPECT_NEAR(law(field, 300, 0), law(0, 300 / std::numbers::sqrt2, 0), 1e-12);
}

/// The sum's first N terms and N^(-3/2)/24 for the rest.
double kawabata_by_definition(double d) {
  constexpr int n_terms = 200000;
  long double sum = 0.0L;
  for (int n = n_terms - 1; n >= 0; --n) {
    const long double t = n + static_cast<long double>(d);
    sum += 2.0L * (std::sqrt(t + 1) - std::sqrt(t)) - 1.0L / std::sqrt(t + 0.5L);
  }
  return static_cast<double>(sum + std::pow(n_terms + static_cast<long double>(d), -1.5L) / 48.0L);
}

TEST(Laws, Kawabata) {
  EXPECT_NEAR(kawabata_function(1e12), 0.605, 1e-3);
  EXPECT_NEAR(kawabata_function(1e14), 0.604898643421630, 1e-6);  // (1 - sqrt 2) zeta(1/2)
  EXPECT_NEAR(kawabata_function(1e-4), 1e-6 / 48, 1e-13);
  for (const double x : {0.03, 0.09, 0.3, 1.0, 10.0, 1000.0}) {
    const double expected = kawabata_by_definition(1 / x);
    EXPECT_NEAR(kawabata_function(x), expected, 1e-9 * expected) << x;
  }
  // Strong fields: (e^2/2 pi^2 hbar) sqrt(eB/hbar) 0.605.
  EXPECT_NEAR(kawabata(4.0, 1e6, hbar_over_e_in_nm),
              0.6049 / pi * std::sqrt(4.0 / hbar_over_e_in_nm), 1e-5);
}

TEST(Laws, Spins) {
  EXPECT_NEAR(langevin(1), 0.31304, 5e-6);
  EXPECT_NEAR(langevin(2), 0.53731, 5e-6);
  EXPECT_NEAR(langevin(3), 0.67164, 5e-6);
  EXPECT_NEAR(langevin(5), 0.80009, 1e-5);
  EXPECT_NEAR(langevin(-2), -langevin(2), 1e-15);
  EXPECT_NEAR(langevin(0.0999999), langevin(0.1000001) - 2e-7 / 3, 1e-9);
  EXPECT_NEAR(brillouin(0.5, 1.3), std::tanh(1.3), 1e-14);
  EXPECT_NEAR(brillouin(0.5, 0.01), std::tanh(0.01), 1e-15);
  // Spin 1 by its three levels.
  EXPECT_NEAR(brillouin(1, 0.7), 2 * std::sinh(0.7) / (1 + 2 * std::cosh(0.7)), 1e-14);
  EXPECT_NEAR(brillouin(1e4, 2), langevin(2), 1e-4);
  // 5 mu_B at 1 T and 1 K: 3.359 = 5 * 0.67171.
  EXPECT_NEAR(alignment(5, 1, 1), 3.35857, 1e-4);
  EXPECT_EQ(langevin(alignment(5, 1, 0)), 1.0);
}

TEST(Laws, PlanarHall) {
  const PlanarHall at = planar_hall(0.25, 1.0, 45);
  EXPECT_NEAR(at.longitudinal, 0.625, 1e-15);
  EXPECT_NEAR(std::abs(at.transverse), 0.375, 1e-15);
  EXPECT_NEAR(planar_hall(0.25, 1.0, 0).longitudinal, 0.25, 1e-15);
}

TEST(Laws, SqueezeTest) {
  const Plate plate{4.0, 1.0};
  constexpr std::array anisotropy = {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0};
  constexpr std::array spine = {1.00059, 1.00533, 1.04404, 1.1458, 1.3784, 2.00854, 2.809, 8.87177};
  constexpr std::array edge = {.99941, .99474, .95854, .8733, .70969, .39724, .17743, 1.15e-4};
  for (std::size_t i = 0; i < anisotropy.size(); ++i) {
    EXPECT_NEAR(spine_resistance(plate, anisotropy[i], 2.0), spine[i], 6e-5);
    EXPECT_NEAR(edge_resistance(plate, anisotropy[i], 2.0), edge[i], 6e-6);
  }
  // Probes askew, V(edge, -1) - V(spine, -0.5), turn their sign at A = 22.842.
  const auto askew = [&](double a) {
    return jetting_potential(plate, a, -1.0, 0.5) - jetting_potential(plate, a, -0.5, 0.0);
  };
  EXPECT_GT(askew(22.84), 0.0);
  EXPECT_LT(askew(22.844), 0.0);
  EXPECT_EQ(jetting_potential(plate, 10.0, 0.0, 0.2), 0.0);
}

}  // namespace
}  // namespace edotb
