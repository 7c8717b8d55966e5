// The verdict against planted mechanisms: resistances from closed formulas, noise of 0.7 %.
#include "edotb/analysis/laws.hpp"
#include "edotb/analysis/verdict.hpp"
#include "edotb/base/error.hpp"
#include "planted.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace edotb {
namespace {

using analysis::GeometryResponse;
using analysis::Mechanism;
using analysis::State;
using measure::Kind;
using test::Laboratory;
using test::turned;

constexpr double noise = 0.007;
const std::vector<double> four_angles = {0, 30, 60, 90};

State state_of(const analysis::Verdict& verdict, Mechanism mechanism) {
  return verdict.judgements[static_cast<std::size_t>(mechanism)].state;
}

void expect_only(const analysis::Verdict& verdict, std::vector<Mechanism> present) {
  for (const Mechanism mechanism : analysis::all_mechanisms) {
    const bool there = std::find(present.begin(), present.end(), mechanism) != present.end();
    EXPECT_EQ(state_of(verdict, mechanism), there ? State::present : State::absent)
        << words_of(mechanism) << "\n"
        << verdict_table(verdict);
  }
}

/// Spine and edge of a plate 4 x 1 with probes 2 apart, by the series of physics.md section 6.
constexpr analysis::Plate plate{4.0, 1.0};
constexpr double distance = 2.0;

/// The sum is long, so that it is taken at points of ln A, with straight lines between: exact to 1e-5.
GeometryResponse series_response(bool spine) {
  static constexpr double lowest = -2.0;
  static constexpr double highest = 9.0;
  constexpr double step = 0.01;
  const auto series = spine ? analysis::spine_resistance : analysis::edge_resistance;
  std::vector<double> values;
  for (double log = lowest; log < highest + 2.0 * step; log += step) {
    values.push_back(distance * series(plate, std::exp(log), distance));
  }
  return GeometryResponse::conductor(
      [values = std::move(values)](const continuum::Conductivity& c, double) {
        const double x = (std::clamp(std::log(c.anisotropy()), lowest, highest) - lowest) / step;
        const auto i = static_cast<std::size_t>(x);
        const double t = x - static_cast<double>(i);
        return ((1.0 - t) * values[i] + t * values[i + 1]) / c.parallel;
      },
      true);
}

/// Bar, squeeze test and disc of a material with rho_par and rho_perp, one Hall part cancelled.
Laboratory plate_laboratory(const test::Law& parallel, const test::Law& perpendicular,
                            std::uint64_t seed) {
  Laboratory laboratory(noise, seed);
  laboratory.add("bar", Kind::two_terminal, four_angles, [&](double b, double angle, double t) {
    return 4.0 * turned(parallel(b, angle, t), perpendicular(b, angle, t), angle);
  });
  laboratory.add("disc", Kind::corbino, {0}, perpendicular, GeometryResponse::disc(1.0));
  for (const bool spine : {true, false}) {
    laboratory.add(
        spine ? "spine" : "edge", spine ? Kind::spine : Kind::edge, {0},
        [&, spine](double b, double angle, double t) {
          const double a = perpendicular(b, angle, t) / parallel(b, angle, t);
          const auto series = spine ? analysis::spine_resistance : analysis::edge_resistance;
          return distance * parallel(b, angle, t) * series(plate, a, distance);
        },
        series_response(spine));
  }
  return laboratory;
}

constexpr double anomaly = 0.012;  // c over sigma_0 [1/T^2]

TEST(Verdict, FindsTheAnomaly) {
  const auto laboratory =
      plate_laboratory([](double b, double, double) { return 1.0 / (1.0 + anomaly * b * b); },
                       [](double, double, double) { return 1.0; }, 1);
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  expect_only(verdict, {Mechanism::anomaly});
  const auto& strength = verdict.judgements[2].strengths.front();
  EXPECT_NEAR(strength.value, anomaly, 4.0 * strength.error);
  EXPECT_LT(strength.error, 0.03 * anomaly);
}

TEST(Verdict, FindsAlignment) {
  const test::Law rho = [](double b, double, double t) {
    const double m = analysis::langevin(1.1 * b / t);
    return 1.0 - 0.4 * m * m;
  };
  const auto laboratory = plate_laboratory(rho, rho, 2);
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  expect_only(verdict, {Mechanism::alignment});
  const auto& moment = verdict.judgements[1].strengths.back();
  EXPECT_NEAR(moment.value, 1.1 / 0.6717138, 4.0 * moment.error);  // mu_B/k_B [K/T]
}

TEST(Verdict, FindsWeakLocalisation) {
  const test::Law rho = [](double b, double, double t) {
    return 1.0 / (1.0 + 0.2 * std::sqrt(b) *
                            analysis::kawabata_function(b / (0.2 * std::pow(t / 2.0, 1.7))));
  };
  const auto laboratory = plate_laboratory(rho, rho, 3);
  expect_only(decide(laboratory.curves, laboratory.responses), {Mechanism::weak_localisation});
}

TEST(Verdict, FindsJettingAlone) {
  const auto laboratory = plate_laboratory([](double, double, double) { return 1.0; },
                                           [](double b, double, double t) {
                                             const double mobility = t < 5.0 ? 0.8 : 0.6;
                                             return 1.0 + mobility * mobility * b * b;
                                           },
                                           4);
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  expect_only(verdict, {Mechanism::jetting});
  const auto& mobility = verdict.judgements[3].strengths.front();
  EXPECT_NEAR(mobility.value, 0.8, 4.0 * mobility.error);
  EXPECT_LT(verdict.judgements[3].effect->change, 0.0);
}

TEST(Verdict, FindsTheAnomalyUnderJettingAndItsCoefficient) {
  const auto laboratory =
      plate_laboratory([](double b, double, double) { return 1.0 / (1.0 + anomaly * b * b); },
                       [](double b, double, double) { return 1.0 + 0.6 * b * b; }, 5);
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  expect_only(verdict, {Mechanism::anomaly, Mechanism::jetting});
  EXPECT_NEAR(verdict.judgements[2].strengths.front().value, anomaly, 0.05 * anomaly);
}

TEST(Verdict, FindsNothingWhereNothingHappens) {
  const test::Law constant = [](double, double, double) { return 1.0; };
  const auto laboratory = plate_laboratory(constant, constant, 6);
  expect_only(decide(laboratory.curves, laboratory.responses), {});
}

TEST(Verdict, AFallingResistanceAloneIsUndecided) {
  // Exactly the law of the anomaly; the field has only been along the current.
  Laboratory laboratory(noise, 7);
  laboratory.temperatures = {2};
  laboratory.add("bar", Kind::two_terminal, {0},
                 [](double b, double, double) { return 1.0 / (1.0 + anomaly * b * b); });
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  for (const Mechanism mechanism :
       {Mechanism::weak_localisation, Mechanism::alignment, Mechanism::anomaly}) {
    EXPECT_EQ(state_of(verdict, mechanism), State::undecided) << verdict_table(verdict);
  }
  ASSERT_FALSE(verdict.next_experiments.empty());
  EXPECT_NE(verdict.next_experiments.front().find("Corbino"), std::string::npos);
}

TEST(Verdict, SmallContactsOfUnknownPlaceLeaveJettingOpen) {
  Laboratory laboratory(noise, 8);
  laboratory.add("edge", Kind::edge, four_angles, [](double b, double angle, double) {
    return turned(1.0 / (1.0 + anomaly * b * b), 1.0, angle);
  });
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  EXPECT_EQ(state_of(verdict, Mechanism::anomaly), State::undecided);
  EXPECT_EQ(state_of(verdict, Mechanism::jetting), State::undecided);
}

TEST(Verdict, BelowMinusOneHundredPercentIsJetting) {
  Laboratory laboratory(noise, 9);
  laboratory.add("edge", Kind::edge, {0},
                 [](double b, double, double) { return 1.0 - 0.02 * b * b; });  // -0.62 at 9 T
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  const auto* row = verdict.evidence.find("lowest");
  ASSERT_NE(row, nullptr);
  EXPECT_NEAR(row->value, -1.62, 0.05);
  EXPECT_EQ(row->says[3], analysis::Says::supports);
}

TEST(Verdict, WhatNoMechanismMakesIsUndecided) {
  // Oscillations.
  Laboratory laboratory(noise, 10);
  laboratory.add("bar", Kind::two_terminal, four_angles,
                 [](double b, double, double) { return 1.0 + 0.2 * std::sin(3.0 * b); });
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  for (const Mechanism mechanism : analysis::all_mechanisms) {
    EXPECT_EQ(state_of(verdict, mechanism), State::undecided) << verdict_table(verdict);
  }
}

TEST(Verdict, IsWrittenAsJson) {
  Laboratory laboratory(noise, 11);
  laboratory.add("a \"bar\"\n<b>", Kind::two_terminal, {0, 90}, [](double b, double angle, double) {
    return turned(1.0 / (1.0 + anomaly * b * b), 1.0, angle);
  });
  const auto verdict = decide(laboratory.curves, laboratory.responses);
  const auto json = nlohmann::json::parse(verdict_json(verdict));
  EXPECT_EQ(json.at("format"), "edotb-verdict");
  ASSERT_EQ(json.at("mechanisms").size(), analysis::n_mechanisms);
  EXPECT_EQ(json.at("mechanisms")[2].at("mechanism"), "anomaly");
  double sum = 0.0;
  ASSERT_EQ(json.at("comparison").at("models").size(), 16U);
  for (const auto& model : json.at("comparison").at("models")) {
    sum += model.at("probability").get<double>();
  }
  EXPECT_NEAR(sum, 1.0, 1e-12);
  const std::string used = json.at("rows")[0].at("used")[0];
  EXPECT_EQ(used.rfind("a \"bar\"\n<b>: B = 0", 0), 0U) << used;
}

TEST(Verdict, OtherEnergiesAreOtherMaterials) {
  Laboratory laboratory(noise, 12);
  const auto falling = [](double b, double, double) { return 1.0 - 0.05 * b; };
  laboratory.add("bar", Kind::two_terminal, {0}, falling);
  laboratory.add("bar", Kind::two_terminal, {0}, [](double, double, double) { return 1.0; });
  laboratory.curves[0].energy = 0.1;
  laboratory.curves[1].energy = 0.2;
  const auto verdict = decide(laboratory.curves);
  ASSERT_TRUE(verdict.comparison.has_value());
  EXPECT_EQ(verdict.comparison->n_data, laboratory.curves[0].readings.size());
  ASSERT_FALSE(verdict.remarks.empty());
  EXPECT_NE(verdict.remarks.back().find("1 others"), std::string::npos);
}

TEST(Verdict, NeedsCurves) { EXPECT_THROW(static_cast<void>(analysis::decide({})), Error); }

}  // namespace
}  // namespace edotb
