// Disorder ensembles against the reference averages of physics notes §3 (W = 16, E = -1, box disorder
// 1.5, field-free clean leads, phase phi per plaquette on the hops of the sample). Reduced ensembles with
// a fixed seed; a mean must lie within 3 standard errors, its own and the reference's combined.
// scripts/reproduce/weak_localisation.py runs the full ones.

#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

std::vector<std::vector<double>> conductances(const std::string& body) {
  return test::conductances(test::lattice_deck(body + "energy: [-1]\nengine: {solver: mumps}\n"));
}

std::string wire(const std::string& model, int length, const std::string& leads,
                 const std::string& fields, int n_realisations) {
  return "sample:\n"
         "  model: " +
         model +
         "\n"
         "  shape: {length: " +
         std::to_string(length) +
         ", width: 16}\n"
         "  disorder: [{kind: anderson, width: 1.5}]\n" +
         leads + "field: {magnitude: " + fields +
         ", angle: [90], azimuth: 90, where: device}\n"
         "ensemble: {seed: 20, realisations: " +
         std::to_string(n_realisations) + "}\n";
}

void expect_reference(const std::vector<double>& values, double reference, double reference_error) {
  const test::Average found = test::average(values);
  const double error = std::hypot(found.error, reference_error);
  EXPECT_LT(std::abs(found.mean - reference), 3.0 * error)
      << found.mean << " +- " << found.error << " against " << reference;
  EXPECT_LT(found.error, 0.02 * reference) << "too few realisations to say anything";
}

const char* const metal = "{name: simple_metal, dimension: 2}";

TEST(WeakLocalisation, ShortWire) {
  const auto g = conductances(wire(metal, 40, "", "[0]", 300));
  expect_reference(g[0], 3.494, 0.004);
}

TEST(WeakLocalisation, LongWireWithAndWithoutField) {
  const auto g = conductances(wire(metal, 80, "", "[0, 0.02]", 300));
  expect_reference(g[0], 1.9863, 0.0033);
  expect_reference(g[1], 2.1091, 0.0026);
}

/// g(field) - g(0), realisation by realisation.
std::vector<double> changes(const std::vector<std::vector<double>>& g) {
  std::vector<double> change;
  for (std::size_t r = 0; r < g[0].size(); ++r) change.push_back(g[1][r] - g[0][r]);
  return change;
}

/// Mean change of g with the field.
test::Average paired_change(double lambda, int n_realisations) {
  const auto number = [](double value) { return nlohmann::json(value).dump(); };
  const std::string model = "{name: rashba, t: " + number(std::cos(lambda)) +
                            ", rashba: " + number(std::sin(lambda)) + "}";
  return test::average(changes(conductances(
      wire(model, 60, "  leads: {model: {t: 1, rashba: 0}}\n", "[0, 0.02]", n_realisations))));
}

// Delta g(phi = 0.02) = +0.171 +- 0.011 without spin-orbit coupling: weak localisation.
TEST(WeakLocalisation, RisesInAFieldWithoutSpinOrbitCoupling) {
  const test::Average change = paired_change(0.0, 120);
  EXPECT_GT(change.mean, 2.0 * change.error);
  EXPECT_LT(std::abs(change.mean - 0.171), 3.0 * std::hypot(change.error, 0.011)) << change.mean;
}

// Delta g(phi = 0.02) = -0.144 +- 0.007 at lambda = 0.3: weak anti-localisation.
TEST(WeakLocalisation, FallsInAFieldWithSpinOrbitCoupling) {
  const test::Average change = paired_change(0.3, 120);
  EXPECT_LT(change.mean, -2.0 * change.error);
  EXPECT_LT(std::abs(change.mean + 0.144), 3.0 * std::hypot(change.error, 0.007)) << change.mean;
}

}  // namespace
}  // namespace edotb
