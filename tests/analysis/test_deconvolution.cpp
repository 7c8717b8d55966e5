// Deconvolution: tensors planted in readings that do not come from our finite elements.
#include "edotb/analysis/deconvolution.hpp"

#include "edotb/analysis/laws.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/random.hpp"
#include "edotb/continuum/conductivity.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace edotb {
namespace {

using namespace analysis;
using measure::Kind;
using measure::Terminal;

constexpr double sigma_0 = 2.5;

/// sigma_par = sigma_0 (1 + c B^2), sigma_perp = sigma_0/(1 + B^2) of as many electrons as holes.
continuum::Conductivity planted(double field, double c) {
  return {sigma_0 * (1.0 + c * field * field), sigma_0 / (1.0 + field * field), 0.0};
}

/// A plate of 4 x 1 x 0.1 with nearly point-like contacts in the middle of its ends and five probes:
/// three on the spine, two on the edge.
Specimen squeezed_plate() {
  Specimen specimen;
  specimen.deck = test::lattice_deck(R"(
engine: {kind: continuum}
field: {magnitude: 0, angle: 0}
conductor:
  shape: {kind: bar, dimension: 2, length: 4, width: 1, thickness: 0.1}
  contacts:
    - {name: source, side: -x, size: [0, 0.002, 0]}
    - {name: drain, side: +x, size: [0, 0.002, 0]}
  probes:
    - {position: [-1, 0, 0]}
    - {position: [0.3, 0, 0]}
    - {position: [1, 0, 0]}
    - {position: [-1, 0.5, 0]}
    - {position: [1, 0.5, 0]}
  mesh: {cells: 16, grading: 0.001, tolerance: 0.001}
)");
  return specimen;
}
constexpr std::array<std::array<double, 2>, 5> places = {
    {{-1, 0}, {0.3, 0}, {1, 0}, {-1, 0.5}, {1, 0.5}}};

/// The resistance between two of the probes by the series, the field along the current (angle 0) or
/// across it in the plane (90).
double exact_resistance(std::size_t plus, std::size_t minus, const continuum::Conductivity& c,
                        double angle) {
  const Plate plate{4.0, 1.0};
  const bool along = angle == 0.0;
  const double anisotropy = along ? c.anisotropy() : 1.0 / c.anisotropy();
  const double rho = 1.0 / (along ? c.parallel : c.perpendicular);
  const auto potential = [&](std::size_t probe) {
    return jetting_potential(plate, anisotropy, places[probe][0], places[probe][1]);
  };
  return (potential(plus) - potential(minus)) * rho / (plate.width * 0.1);
}

Curve probe_pair(std::size_t plus, std::size_t minus) {
  Curve curve;
  curve.sample = "plate";
  curve.setup = {.name = std::to_string(plus) + std::to_string(minus),
                 .kind = Kind::four_probe,
                 .in = {"source", 0},
                 .out = {"drain", 1},
                 .plus = {"", plus, true},
                 .minus = {"", minus, true}};
  return curve;
}

constexpr std::array fields = {0.0, 1.0, 2.0, 3.0, 4.5, 6.0, 8.0};

/// Readings of all pairs with 1 % noise at +-B, along and across the field.
Specimen noisy_plate(double c, std::uint64_t seed) {
  Specimen specimen = squeezed_plate();
  std::uint64_t count = 0;
  for (const auto& [plus, minus] :
       std::vector<std::array<std::size_t, 2>>{{0, 2}, {3, 4}, {0, 1}, {1, 2}, {3, 2}, {0, 4}}) {
    Curve curve = probe_pair(plus, minus);
    for (const double angle : {0.0, 90.0}) {
      for (const double field : fields) {
        for (const double sign : {1.0, -1.0}) {
          const double exact = exact_resistance(plus, minus, planted(field, c), angle);
          const double error = 0.01 * std::abs(exact);
          const double noise = normal({.seed = seed, .site = count++});
          curve.readings.push_back({sign * field, angle, 0.0, exact + error * noise, error});
        }
      }
    }
    specimen.curves.push_back(std::move(curve));
  }
  return specimen;
}

TEST(Deconvolution, RecoversPlantedTensorsFromFiveProbes) {
  constexpr double c = 0.02;
  const std::array specimens = {noisy_plate(c, 11)};
  const auto results = deconvolve(specimens);
  ASSERT_EQ(results.size(), 1U);
  const Deconvolution& result = results[0];
  ASSERT_EQ(result.fields.size(), fields.size());
  for (const FieldTensor& tensor : result.fields) {
    const continuum::Conductivity truth = planted(tensor.field, c);
    ASSERT_TRUE(tensor.parallel.determined) << tensor.field;
    ASSERT_TRUE(tensor.perpendicular.determined) << tensor.field;
    EXPECT_NEAR(tensor.parallel.value, truth.parallel, 0.02 * truth.parallel) << tensor.field;
    EXPECT_NEAR(tensor.perpendicular.value, truth.perpendicular, 0.02 * truth.perpendicular)
        << tensor.field;
    std::cout << tensor.field << " " << tensor.parallel.value / truth.parallel << " +- "
              << tensor.parallel.error / truth.parallel << "   "
              << tensor.perpendicular.value / truth.perpendicular << " +- "
              << tensor.perpendicular.error / truth.perpendicular << " chi2 "
              << tensor.fit.chi_squared << "/" << tensor.fit.degrees_of_freedom() << "\n";
  }
  std::cout << result.chi_squared << "/" << result.degrees_of_freedom << " " << result.probability
            << "\n";
  for (const auto& note : result.notes) std::cout << note << "\n";
}

}  // namespace
}  // namespace edotb
