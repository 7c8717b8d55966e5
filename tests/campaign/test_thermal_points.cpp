// Thermal averages of a deck's points: decks of inputs/, symmetries, and what happens when they fail.

#include "edotb/base/constants.hpp"
#include "edotb/campaign/point_solver.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using campaign::PointSolver;
using campaign::Status;
using campaign::ThermalStatus;

double fermi(double x) { return 1.0 / (1.0 + std::exp(x)); }

// inputs/thermal_steps.yaml: G = sum_n f(eps_n - 2t - mu) - f(eps_n + 2t - mu) within the tolerance and
// within the error estimate.
TEST(ThermalPoints, StepsOfACleanWireAreSumsOfFermiFunctions) {
  const auto deck = test::input_deck("thermal_steps");
  const sample::Sample sample(deck);
  PointSolver solver(deck, sample);
  for (std::int64_t e = 0; e < 3; ++e) {
    const auto result = solver.solve({.energy = e});
    ASSERT_TRUE(result.thermal);
    EXPECT_EQ(result.thermal->status, ThermalStatus::within_tolerance);
    const double mu = deck.energy[static_cast<std::size_t>(e)];
    for (std::size_t t = 0; t < 3; ++t) {
      const double kt = deck.thermal.temperature[t];
      double expected = 0.0;
      for (int n = 1; n <= 16; ++n) {
        const double level = -2.0 * std::cos(n * constants::pi / 17.0);
        expected += fermi((level - 2.0 - mu) / kt) - fermi((level + 2.0 - mu) / kt);
      }
      const double error = std::abs(result.thermal->conductance[t * 4 + 2] - expected);
      EXPECT_LE(error, 1e-3 * expected);
      EXPECT_LE(error, result.thermal->error[t * 12 + 2] + 1e-12);
    }
  }
}

// inputs/thermopower_resonance.yaml against the trapezoidal rule over the closed Green function of three
// sites, G_13 = t^2/det, in physical units: charge -e.
TEST(ThermalPoints, ThermopowerOfAResonantLevel) {
  const auto deck = test::input_deck("thermopower_resonance");
  const sample::Sample sample(deck);
  PointSolver solver(deck, sample);
  constexpr double t = 0.1;
  const auto transmission = [&](double e) {
    const double k = std::acos(-e / (2.0 * t));
    const linalg::Complex a = e - 1.2 + t * std::polar(1.0, k);
    const linalg::Complex det = a * (a * (e - 0.045) - 2.0 * t * t);
    return std::pow(2.0 * t * std::sin(k), 2) * std::norm(t * t / det);
  };
  const double kt = constants::boltzmann * 100.0;
  for (std::int64_t i = 0; i < 4; ++i) {
    const auto result = solver.solve({.energy = i});
    const double mu = deck.energy[static_cast<std::size_t>(i)];
    std::array<double, 2> expected{};
    constexpr int n_points = 40000;
    for (int k = 1; k < n_points; ++k) {
      const double e = 2.0 * t * (2.0 * k / n_points - 1.0);
      const double x = (e - mu) / kt;
      const double w = 4.0 * t / n_points / (4.0 * kt * std::pow(std::cosh(0.5 * x), 2));
      expected[0] += w * transmission(e);
      expected[1] += w * x * transmission(e);
    }
    EXPECT_EQ(result.thermal->status, ThermalStatus::within_tolerance);
    EXPECT_NEAR(result.thermal->conductance[2], expected[0], 1e-4 * expected[0]);
    EXPECT_NEAR(result.thermal->thermopower[2],
                -1e6 * constants::boltzmann * expected[1] / expected[0], 0.1);
  }
}

const std::string dirty_cross =
    "sample:\n"
    "  model: {name: simple_metal, dimension: 2}\n"
    "  shape: {kind: cross, length: 6, width: 4, arm_width: 2, arm_length: 1}\n"
    "  disorder: [{kind: anderson, width: 1}]\n"
    "energy: [-1.3]\n"
    "temperature: [0.02, 0.1]\n";

// Onsager (Butcher, J. Phys.: Condens. Matter 2, 4869 (1990)): L_n[p][q](B) = L_n[q][p](-B), for every n; and
// every current that enters leaves: sum_q L_0[p][q] = sum_q L_0[q][p].
TEST(ThermalPoints, OnsagerRelationsOfFourContacts) {
  const auto deck =
      test::lattice_deck(dirty_cross + "field: {magnitude: [0.3, -0.3], angle: 90, azimuth: 90}\n");
  const sample::Sample sample(deck);
  PointSolver solver(deck, sample);
  const auto plus = solver.solve({.field = 0});
  const auto minus = solver.solve({.field = 1});
  ASSERT_EQ(plus.thermal->status, ThermalStatus::within_tolerance) << plus.thermal->remark;
  ASSERT_EQ(minus.thermal->status, ThermalStatus::within_tolerance) << minus.thermal->remark;
  const std::size_t n = sample.layout().n_leads();
  double asymmetry = 0.0;
  for (std::size_t k = 0; k < 6; ++k) {  // temperatures and moments
    for (std::size_t p = 0; p < n; ++p) {
      double balance = 0.0;
      for (std::size_t q = 0; q < n; ++q) {
        const std::size_t here = (k * n + p) * n + q;
        const std::size_t there = (k * n + q) * n + p;
        EXPECT_NEAR(plus.thermal->moments[here], minus.thermal->moments[there],
                    plus.thermal->error[here] + minus.thermal->error[there] + 1e-10);
        asymmetry = std::max(asymmetry,
                             std::abs(plus.thermal->moments[here] - plus.thermal->moments[there]));
        balance += plus.thermal->moments[here] - plus.thermal->moments[there];
      }
      EXPECT_NEAR(balance, 0.0, 1e-10);
    }
  }
  EXPECT_GT(asymmetry, 0.1) << "a field too weak to tell the relation from plain symmetry";
}

TEST(ThermalPoints, DoNotDependOnThePointsBefore) {
  const auto deck = test::lattice_deck(dirty_cross + "ensemble: {realisations: 3}\n");
  const sample::Sample sample(deck);
  PointSolver forwards(deck, sample);
  PointSolver fresh(deck, sample);
  (void)forwards.solve({.realisation = 0});
  (void)forwards.solve({.realisation = 1});
  const auto late = forwards.solve({.realisation = 2});
  const auto alone = fresh.solve({.realisation = 2});
  EXPECT_EQ(late.thermal->moments, alone.thermal->moments);
  EXPECT_EQ(late.thermal->thermopower, alone.thermal->thermopower);
}

// mu exactly on a band edge: the transmission there is refused, the averages around it are not.
TEST(ThermalPoints, AChemicalPotentialOnABandEdge) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 4, width: 1}}\n"
      "energy: [2]\ntemperature: [0.05]\n");
  const sample::Sample sample(deck);
  PointSolver solver(deck, sample);
  const auto result = solver.solve({});
  EXPECT_EQ(result.status, Status::failed);
  EXPECT_EQ(result.thermal->status, ThermalStatus::within_tolerance);
  EXPECT_NEAR(result.thermal->conductance[2], 0.5 - fermi(4.0 / 0.05), 1e-3);
}

TEST(ThermalPoints, ATooTightToleranceIsReportedWithItsError) {
  const auto deck =
      test::lattice_deck(dirty_cross + "thermal: {tolerance: 1e-10, max_energies: 400}\n");
  const sample::Sample sample(deck);
  PointSolver solver(deck, sample);
  const auto result = solver.solve({});
  EXPECT_EQ(result.status, Status::solved);
  EXPECT_EQ(result.thermal->status, ThermalStatus::missed_tolerance);
  EXPECT_LE(result.thermal->n_energies, 400);
  EXPECT_NE(result.thermal->remark.find("missed thermal.tolerance 1e-10"), std::string::npos);
  EXPECT_GT(result.thermal->error[1], 0.0);
  EXPECT_GT(result.thermal->conductance[1], 0.0);
}

}  // namespace
}  // namespace edotb
