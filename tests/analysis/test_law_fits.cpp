// Laws planted in curves are found again by fit_laws, with the errors that the noise makes; of an ensemble, what a realisation adds to all
// its readings drops out.
#include "edotb/analysis/law_fits.hpp"
#include "edotb/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace edotb {
namespace {

using namespace analysis;

constexpr double quantum = 25812.80745930451;  // h/e^2 [ohm]
constexpr double c0 = 2.0;                     // e^2/h
constexpr double c = 0.03;                     // e^2/h/T^2

Curve bar() {
  Curve curve;
  curve.sample = "sample";
  curve.setup.name = "bar";
  curve.geometry = {
      .shape = "bar", .length = 4.0, .width = 1.0, .full_face_contacts = true, .classical = true};
  return curve;
}

double planted(double field) { return c0 + c * field * field; }

/// R of the planted conductance with a relative error.
Curve noisy(std::uint64_t draw) {
  constexpr double relative = 0.01;
  Curve curve = bar();
  for (std::uint64_t i = 0; i <= 6; ++i) {
    const double field = static_cast<double>(i);
    const double r = quantum / planted(field);
    const double off = normal({.seed = 3, .realisation = draw, .site = i});
    curve.readings.push_back({field, 0.0, 2.0, r * (1.0 + relative * off), relative * r});
  }
  return curve;
}

/// Realisations that differ by `common` in all fields alike and by `own` in each.
Curve ensemble(std::uint64_t draw, int n, double common, double own) {
  Curve curve = bar();
  constexpr std::uint64_t n_fields = 6;
  for (std::uint64_t i = 0; i < n_fields; ++i) {
    const double field = static_cast<double>(i);
    std::vector<Sample> samples;
    double sum = 0.0;
    for (int r = 0; r < n; ++r) {
      const auto key = [&](std::uint64_t site) {
        return RandomKey{
            .seed = 11 + draw, .realisation = static_cast<std::uint64_t>(r), .site = site};
      };
      const double g = planted(field) + common * normal(key(100)) + own * normal(key(i));
      samples.push_back({r, quantum / g});
      sum += quantum / g;
    }
    curve.readings.push_back({field, 0.0, 0.0, sum / n, 1.0});
    curve.samples.push_back(samples);
    curve.ensemble.push_back({static_cast<std::size_t>(n), {}, {}, {}});
  }
  return curve;
}

const FittedLaw& law_named(const FittedSeries& series, const std::string& name) {
  return *std::find_if(series.laws.begin(), series.laws.end(),
                       [&](const FittedLaw& fitted) { return fitted.law.law == name; });
}

TEST(LawFits, PlantedLawWithinItsErrors) {
  int within = 0;
  constexpr int n_draws = 40;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    const std::vector<Curve> curves = {noisy(draw)};
    const auto series = fit_laws(curves);
    ASSERT_EQ(series.size(), 1U);
    EXPECT_EQ(series[0].unit, "e^2/h");
    const FittedLaw& quadratic = law_named(series[0], "quadratic in the field");
    EXPECT_EQ(quadratic.units, (std::vector<std::string>{"e^2/h", "e^2/h/T^2"}));
    EXPECT_GT(quadratic.akaike_weight, 0.99);
    if (std::abs(quadratic.law.fit.value("c") - c) < 1.96 * quadratic.law.fit.error("c")) ++within;
  }
  EXPECT_GE(within, 34);  // 95 % less three standard errors of the count
}

TEST(LawFits, LinesGoThroughTheLaw) {
  const std::vector<Curve> curves = {noisy(0)};
  const FittedSeries series = fit_laws(curves)[0];
  const FittedLaw& quadratic = law_named(series, "quadratic in the field");
  const auto& p = quadratic.law.fit.values;
  double sum = 0.0;
  for (std::size_t i = 0; i < series.readings.size(); ++i) {
    const double off =
        (series.readings[i].value - quadratic.at_readings[i]) / series.readings[i].error;
    EXPECT_NEAR(quadratic.law.fit.residuals[i], off, 1e-9);
    sum += off * off;
  }
  EXPECT_NEAR(quadratic.law.fit.chi_squared, sum, 1e-9);
  for (std::size_t i = 0; i < series.line.size(); ++i) {
    const double b = series.line[i].field;
    EXPECT_NEAR(quadratic.at_line[i], p[0] + p[1] * b * b, 1e-12);
  }
}

TEST(LawFits, WhatRealisationsHaveInCommonDropsOut) {
  constexpr double common = 0.5;
  constexpr double own = 0.02;
  constexpr int n = 200;
  int within = 0;
  double chi_squared = 0.0;
  constexpr int n_draws = 40;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    const std::vector<Curve> curves = {ensemble(draw, n, common, own)};
    const FittedSeries series = fit_laws(curves)[0];
    const FittedLaw& quadratic = law_named(series, "quadratic in the field");
    const Fit& fit = quadratic.law.fit;
    // c = sum x d/sum x^2 with x = B^2 = 0, 1, 4, ... 25 and d_i = e_i - e_0: sum x^2 = 979, sum x = 55.
    const double expected = own * std::sqrt((979.0 + 55.0 * 55.0) / n) / 979.0;
    EXPECT_NEAR(fit.error("c"), expected, 0.25 * expected);
    EXPECT_NEAR(fit.error("c_0"), common / std::sqrt(n), 0.25 * common / std::sqrt(n));
    if (std::abs(fit.value("c") - c) < 1.96 * fit.error("c")) ++within;
    chi_squared += fit.chi_squared;
  }
  EXPECT_GE(within, 34);
  EXPECT_NEAR(chi_squared / n_draws, 4.0, 3.0 * std::sqrt(8.0 / n_draws));  // degrees of freedom
}

TEST(LawFits, FewRealisationsAndBadReadingsAreLeftAsTheyAre) {
  const std::vector<Curve> few = {ensemble(0, 5, 0.1, 0.02)};
  EXPECT_NE(fit_laws(few)[0].error_words.find("independent"), std::string::npos);
  Curve negative = noisy(0);
  negative.readings[2].value = -1.0;
  const std::vector<Curve> curves = {negative};
  EXPECT_TRUE(fit_laws(curves).empty());
}

TEST(LawFits, AngleOfATensor) {
  Curve curve = bar();
  for (const double angle : {0.0, 30.0, 60.0, 90.0}) {
    const double cosine = std::cos(angle * 3.14159265358979323846 / 180.0);
    for (const double field : {0.0, 3.0}) {
      const double r = 5.0 - (field > 0.0 ? 2.0 * cosine * cosine : 0.0);
      curve.readings.push_back({field, angle, 2.0, r, 0.01});
    }
  }
  const std::vector<Curve> curves = {curve};
  const auto series = fit_laws(curves);
  ASSERT_EQ(series.size(), 1U);
  EXPECT_EQ(series[0].abscissa, "angle");
  EXPECT_NEAR(series[0].laws[0].law.fit.value("isotropic"), 5.0, 1e-6);
  EXPECT_NEAR(series[0].laws[0].law.fit.value("anisotropic"), -2.0, 1e-6);
}

/// R(B) of aligned spins at one temperature, in fields up to 5 in units of the temperature.
Curve aligned(const Units& units, double temperature, double moment, double magneton) {
  Curve curve = bar();
  curve.units = units;
  curve.geometry.classical = false;
  for (int i = 0; i <= 5; ++i) {
    const double field = i * temperature;
    const double m = field == 0.0 ? 0.0 : langevin(alignment(moment, field, temperature, magneton));
    curve.readings.push_back({field, 0.0, temperature, 3e4 * (1.0 - 0.6 * m * m), 10.0});
  }
  return curve;
}

TEST(LawFits, AlignmentOverRunsInBothKindsOfUnits) {
  const Units lattice{"rad/plaquette", "t", "t/k_B", "a", "ohm"};
  for (const auto& [units, unit, magneton] :
       {std::tuple(Units{}, "mu_B", 0.67171381), std::tuple(lattice, "1", 1.0)}) {
    // Two runs of one sample, each at its temperature: what a coherent run is.
    const std::vector<Curve> runs = {aligned(units, 2e-3, 1.5, magneton),
                                     aligned(units, 4e-3, 1.5, magneton)};
    const auto series = fit_laws(runs);
    const auto found = std::find_if(series.begin(), series.end(), [](const FittedSeries& one) {
      return one.abscissa == "field over temperature";
    });
    ASSERT_NE(found, series.end());
    EXPECT_EQ(found->readings.size(), 12U);
    EXPECT_EQ(found->parts.size(), 2U);
    const FittedLaw& law = found->laws[0];
    EXPECT_EQ(law.units[2], unit);
    EXPECT_NEAR(law.law.fit.value("moment"), 1.5, 1e-5);
    EXPECT_NEAR(law.law.fit.value("depth"), 0.6, 1e-5);
    EXPECT_EQ(describe(series).find("not fitted: alignment"), std::string::npos);
    // One temperature, or none, is said to be too few.
    const auto one = fit_laws(std::span(runs).first(1));
    EXPECT_NE(describe(one).find("not fitted: alignment of spins (needs two temperatures"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace edotb
