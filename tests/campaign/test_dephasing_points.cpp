// Dephasing in the points of a deck: rates, temperatures, and weak localisation.

#include "edotb/campaign/point_solver.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using campaign::PointSolver;
using campaign::Status;
using campaign::ThermalStatus;

const std::string bar =
    "sample:\n"
    "  model: {name: simple_metal, dimension: 2}\n"
    "  shape: {length: 8, width: 3}\n"
    "  disorder: [{kind: anderson, width: 1}]\n"
    "energy: [-1.1]\n";

double conductance_at(const std::string& keys) {
  const auto deck = test::lattice_deck(bar + keys);
  const sample::Sample sample(deck);
  PointSolver solver(deck, sample);
  const auto result = solver.solve({});
  EXPECT_EQ(result.status, Status::solved) << result.remark;
  return result.transmission[2];
}

// inputs/dephasing_chain.yaml: R at E = 0 and -t.
TEST(DephasingPoints, TheChainOfTheInput) {
  const auto deck = test::input_deck("dephasing_chain");
  const sample::Sample sample(deck);
  PointSolver solver(deck, sample);
  EXPECT_NEAR(1.0 / solver.solve({.energy = 0}).transmission[2], 6.00656, 1e-5);
  EXPECT_NEAR(1.0 / solver.solve({.energy = 1}).transmission[2], 6.78654, 1e-5);
}

// rate + coefficient T^power acts at each temperature, and `rate` alone at zero temperature. A low
// temperature averages over so little that the conductance is that of the rate: 0.05 + 20 x 0.002 = 0.09
// and 0.05 + 2500 x 0.004^2 = 0.09.
TEST(DephasingPoints, TheRateFollowsTheTemperature) {
  const double at_rate = conductance_at("dephasing: {rate: 0.05}");
  const double at_higher = conductance_at("dephasing: {rate: 0.09}");
  EXPECT_GT(std::abs(at_higher - at_rate), 0.02);
  for (const std::string keys :
       {"temperature: [0.002]\ndephasing: {rate: 0.05, coefficient: 20, power: 1}",
        "temperature: [0.004]\ndephasing: {rate: 0.05, coefficient: 2500, power: 2}"}) {
    const auto deck = test::lattice_deck(bar + keys + "\nthermal: {tolerance: 1e-4}\n");
    const sample::Sample sample(deck);
    PointSolver solver(deck, sample);
    const auto result = solver.solve({});
    EXPECT_NEAR(result.transmission[2], at_rate, 1e-10);
    ASSERT_EQ(result.thermal->status, ThermalStatus::within_tolerance);
    EXPECT_NEAR(result.thermal->conductance[2], at_higher, 2e-3);
  }
}

// dephasing.probe_size: a cube of one lattice constant is a site; one that holds all 8 x 3 sites makes one
// probe, which has Buettiker's formula (tests/coherent), also in thermal averages.
TEST(DephasingPoints, TheDeckSaysWhichSitesShareAProbe) {
  const double apart = conductance_at("dephasing: {rate: 0.2}");
  EXPECT_EQ(conductance_at("dephasing: {rate: 0.2, probe_size: 1}"), apart);
  const auto deck =
      test::lattice_deck(bar +
                         "temperature: [0.001]\ndephasing: {rate: 0.2, probe_size: 8}\n"
                         "thermal: {tolerance: 1e-4}\n");
  const sample::Sample sample(deck);
  const auto together = PointSolver(deck, sample).solve({});
  EXPECT_GT(std::abs(together.transmission[2] - apart), 0.01);
  EXPECT_NEAR(together.thermal->conductance[2], together.transmission[2], 1e-3);
}

// A rate of its own for every temperature gives what each temperature alone gives.
TEST(DephasingPoints, TemperaturesTogetherAreTemperaturesApart) {
  const auto average = [](const std::string& temperatures) {
    const auto deck =
        test::lattice_deck(bar + "temperature: " + temperatures +
                           "\ndephasing: {coefficient: 2}\nthermal: {tolerance: 1e-5}\n");
    const sample::Sample sample(deck);
    PointSolver solver(deck, sample);
    return *solver.solve({}).thermal;
  };
  const auto both = average("[0.02, 0.1]");
  const auto cold = average("[0.02]");
  const auto hot = average("[0.1]");
  EXPECT_NEAR(both.conductance[2], cold.conductance[2], 4e-5);
  EXPECT_NEAR(both.conductance[4 + 2], hot.conductance[2], 4e-5);
  EXPECT_GT(std::abs(cold.conductance[2] - hot.conductance[2]), 0.01);
}

// Weak localisation: a field raises the mean conductance of a phase-coherent wire, and dephasing over
// lengths shorter than the wire takes that rise away. Paired: each realisation with and without the field.
TEST(DephasingPoints, DephasingSuppressesWeakLocalisation) {
  const auto rises = [](const std::string& dephasing) {
    const auto deck = test::lattice_deck(
        "sample:\n"
        "  model: {name: simple_metal, dimension: 2}\n"
        "  shape: {length: 24, width: 7}\n"
        "  disorder: [{kind: anderson, width: 2}]\n"
        "field: {magnitude: [0, 0.08], angle: 90, azimuth: 90, where: device}\n"
        "energy: [-1]\n"
        "ensemble: {realisations: 150, seed: 4}\n" +
        dephasing);
    const sample::Sample sample(deck);
    PointSolver solver(deck, sample);
    std::vector<double> values;
    for (std::int64_t r = 0; r < 150; ++r) {
      const double zero = solver.solve({.realisation = r}).transmission[2];
      values.push_back(-zero);
    }
    for (std::int64_t r = 0; r < 150; ++r) {
      values[static_cast<std::size_t>(r)] +=
          solver.solve({.field = 1, .realisation = r}).transmission[2];
    }
    return values;
  };
  const auto mean_and_error = [](const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    double mean = 0.0;
    for (const double value : values) mean += value / n;
    double variance = 0.0;
    for (const double value : values) variance += std::pow(value - mean, 2) / (n - 1.0);
    return std::pair{mean, std::sqrt(variance / n)};
  };
  const auto coherent_rise = rises("");
  const auto dephased_rise = rises("dephasing: {rate: 0.5}\n");
  std::vector<double> lost(coherent_rise.size());
  for (std::size_t r = 0; r < lost.size(); ++r) lost[r] = coherent_rise[r] - dephased_rise[r];
  const auto [rise, rise_error] = mean_and_error(coherent_rise);
  const auto [left, left_error] = mean_and_error(dephased_rise);
  const auto [loss, loss_error] = mean_and_error(lost);
  EXPECT_GT(rise, 3.0 * rise_error) << "no weak localisation to lose";
  EXPECT_GT(loss, 3.0 * loss_error);
  EXPECT_LT(std::abs(left), 0.2 * rise + 3.0 * left_error);
  RecordProperty("rise", std::to_string(rise) + " +- " + std::to_string(rise_error));
  RecordProperty("left", std::to_string(left) + " +- " + std::to_string(left_error));
}

}  // namespace
}  // namespace edotb
