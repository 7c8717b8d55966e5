// Deconvolution: tensors planted in readings that do not come from our finite elements.
#include "edotb/analysis/deconvolution.hpp"
#include "edotb/analysis/laws.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/random.hpp"
#include "edotb/continuum/conductivity.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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
  mesh: {cells: 12, grading: 0.001, tolerance: 0.003}
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

bool mentions(const Deconvolution& result, const std::string& text) {
  return std::any_of(result.notes.begin(), result.notes.end(),
                     [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

/// Within 2 % of the truth in every field, and the errors are honest.
TEST(Deconvolution, RecoversPlantedTensorsFromFiveProbes) {
  constexpr double c = 0.02;
  const std::array specimens = {noisy_plate(c, 11)};
  const auto results = deconvolve(specimens);
  ASSERT_EQ(results.size(), 1U);
  const Deconvolution& result = results[0];
  ASSERT_EQ(result.fields.size(), fields.size());
  double squared_errors = 0.0;
  for (const FieldTensor& tensor : result.fields) {
    const continuum::Conductivity truth = planted(tensor.field, c);
    ASSERT_TRUE(tensor.parallel.determined) << tensor.field;
    ASSERT_TRUE(tensor.perpendicular.determined) << tensor.field;
    EXPECT_NEAR(tensor.parallel.value, truth.parallel, 0.02 * truth.parallel) << tensor.field;
    EXPECT_NEAR(tensor.perpendicular.value, truth.perpendicular, 0.02 * truth.perpendicular)
        << tensor.field;
    const double off = (tensor.parallel.value - truth.parallel) / tensor.parallel.error;
    squared_errors += off * off;
  }
  EXPECT_LT(squared_errors, 24.3);  // chi^2 of 7, 0.1 %
  EXPECT_GT(result.probability, 1e-3);
  EXPECT_LT(result.chi_squared, 1.5 * static_cast<double>(result.degrees_of_freedom));
  // Nothing changes with the field's direction: no Hall part is fitted, and that is said.
  EXPECT_TRUE(mentions(result, "sigma_H is taken as zero"));
  ASSERT_EQ(result.pairs.size(), 6U);
  EXPECT_EQ(result.pairs[0].n_readings, 4 * fields.size());

  // What the spine and the edge alone would have said: a magnetoresistance of +180 and -80 %.
  const auto& anomaly = result.anomaly;
  ASSERT_TRUE(anomaly.has_value());
  EXPECT_NEAR(anomaly->value("coefficient"), sigma_0 * c, 0.05 * sigma_0 * c);
  EXPECT_NEAR(anomaly->value("coefficient"), sigma_0 * c, 3.3 * anomaly->error("coefficient"));
  ASSERT_TRUE(result.magnetoconductivity.back().has_value());
  EXPECT_NEAR(result.magnetoconductivity.back()->value, 64 * c,
              3.3 * result.magnetoconductivity.back()->error);

  const auto json = to_json(result);
  EXPECT_EQ(json["fields"].size(), fields.size());
  EXPECT_NEAR(json["anomaly"]["coefficient"]["value"], sigma_0 * c, 0.05 * sigma_0 * c);
  EXPECT_NE(describe(result).find("taken as 0"), std::string::npos);
}

/// Readings that no tensor gives: without a field the edge must agree with the spine.
TEST(Deconvolution, SaysThatTheModelDoesNotExplain) {
  Specimen specimen = squeezed_plate();
  const continuum::Conductivity c = planted(0.0, 0.0);
  specimen.curves = {probe_pair(0, 2), probe_pair(3, 4)};
  const double spine = exact_resistance(0, 2, c, 0.0);
  const double edge = 1.2 * exact_resistance(3, 4, c, 0.0);
  specimen.curves[0].readings = {{0.0, 0.0, 0.0, spine, 0.01 * spine}};
  specimen.curves[1].readings = {{0.0, 0.0, 0.0, edge, 0.01 * edge}};
  const auto result = deconvolve(std::span(&specimen, 1)).front();
  EXPECT_LT(result.probability, 1e-6);
  EXPECT_TRUE(mentions(result, "no tensor explains the readings"));

  specimen.curves[0].readings[0].value = -spine;
  specimen.curves[1].readings.clear();
  EXPECT_THROW(static_cast<void>(deconvolve(std::span(&specimen, 1))), Error);
}

/// Contacts over the whole ends of a bar, the field along it: R = L/(sigma_par W t) whatever sigma_perp is.
TEST(Deconvolution, FullFaceContactsDoNotDetermineSigmaPerp) {
  Specimen specimen;
  specimen.deck = test::lattice_deck(R"(
engine: {kind: continuum}
field: {magnitude: 0, angle: 0}
conductor:
  shape: {kind: bar, length: 4, width: 1, thickness: 0.5}
  mesh: {cells: 2, grading: 1, tolerance: 0.001}
)");
  Curve curve;
  curve.sample = "bar";
  curve.setup = {
      .name = "ends", .in = {"0", 0}, .out = {"1", 1}, .plus = {"0", 0}, .minus = {"1", 1}};
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto field = static_cast<double>(i);
    const double exact = 8.0 / planted(field, 0.03).parallel;
    curve.readings.push_back(
        {field, 0.0, 0.0, exact * (1.0 + 0.01 * normal({.seed = 5, .site = i})), 0.01 * exact});
  }
  specimen.curves = {curve};
  const auto result = deconvolve(std::span(&specimen, 1)).front();
  for (const FieldTensor& tensor : result.fields) {
    const double truth = planted(tensor.field, 0.03).parallel;
    ASSERT_TRUE(tensor.parallel.determined);
    EXPECT_NEAR(tensor.parallel.value, truth, 0.035 * truth);
    EXPECT_NEAR(tensor.parallel.error, 0.01 * tensor.parallel.value, 1e-3 * truth);
    if (tensor.field == 0.0) continue;
    EXPECT_FALSE(tensor.perpendicular.determined);
    EXPECT_TRUE(std::isinf(tensor.perpendicular.error));
  }
  EXPECT_TRUE(mentions(result, "sigma_perp is not determined by these probes in any field"));
  EXPECT_NE(describe(result).find("not determined"), std::string::npos);
  EXPECT_TRUE(to_json(result)["fields"][1]["perpendicular"].is_null());
  EXPECT_EQ(result.probability, 1.0);  // no degree of freedom is left
}

/// The middle of a long film in a perpendicular field: rho_xx = 1/(sigma_perp (1 + h^2)), rho_yx = h rho_xx,
/// h = sigma_H/sigma_perp. It determines sigma_perp and sigma_H, and not sigma_par.
TEST(Deconvolution, HallFilm) {
  Specimen specimen;
  specimen.deck = test::lattice_deck(R"(
engine: {kind: continuum}
field: {magnitude: 0, angle: 90, azimuth: 90}
conductor:
  shape: {kind: bar, dimension: 2, length: 8, width: 1, thickness: 0.5}
  probes:
    - {position: [-1, 0.5, 0]}
    - {position: [1, 0.5, 0]}
    - {position: [0, -0.5, 0]}
    - {position: [0, 0.5, 0]}
  mesh: {cells: 4, grading: 0.1, tolerance: 0}
)");
  Curve along;
  along.sample = "film";
  along.setup = {.name = "xx",
                 .kind = Kind::four_probe,
                 .in = {"0", 0},
                 .out = {"1", 1},
                 .plus = {"", 0, true},
                 .minus = {"", 1, true}};
  Curve across = along;
  across.setup.name = "yx";
  across.setup.kind = Kind::hall;
  across.setup.plus.index = 2;
  across.setup.minus.index = 3;
  const auto h_of = [](double field) { return -0.7 * field; };
  std::uint64_t count = 0;
  const auto add = [&](Curve& curve, double field, double exact, double error) {
    const double noise = normal({.seed = 9, .site = count++});
    curve.readings.push_back({field, 90.0, 0.0, exact + error * noise, error});
  };
  for (const double field : {0.0, 1.5, -1.5}) {
    const double h = h_of(field);
    const double rho = 1.0 / sigma_0;  // one band: rho_xx does not depend on the field
    add(along, field, 2.0 * rho / 0.5, 0.01 * 2.0 * rho / 0.5);
    add(across, field, h * rho / 0.5, 0.01 * rho / 0.5);
  }
  specimen.curves = {along, across};
  const auto result = deconvolve(std::span(&specimen, 1)).front();
  for (const FieldTensor& tensor : result.fields) {
    if (tensor.field == 0.0) continue;
    const double h = h_of(tensor.field);
    const double perpendicular = sigma_0 / (1.0 + h * h);
    ASSERT_TRUE(tensor.perpendicular.determined)
        << describe(result) << tensor.fit.values[0] << " " << tensor.fit.values[1] << " "
        << tensor.fit.values.back();
    ASSERT_TRUE(tensor.hall.determined);
    EXPECT_FALSE(tensor.parallel.determined);
    EXPECT_NEAR(tensor.perpendicular.value, perpendicular, 3.3 * tensor.perpendicular.error);
    EXPECT_NEAR(tensor.perpendicular.value, perpendicular, 0.06 * perpendicular);
    EXPECT_NEAR(tensor.hall.value, h * perpendicular, 3.3 * tensor.hall.error);
    EXPECT_NEAR(tensor.hall.value, h * perpendicular, 0.06 * std::abs(h) * perpendicular);
  }
  EXPECT_TRUE(mentions(result, "sigma_par is not determined by these probes in any field"));
}

}  // namespace
}  // namespace edotb
