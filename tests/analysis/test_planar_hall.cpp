// The planar Hall circle from readings along and across the current: planted resistivities come back with honest errors, whatever the sign of the
// probes, and which edge moves is told.
#include "edotb/analysis/evidence.hpp"
#include "edotb/analysis/law_fits.hpp"
#include "edotb/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace edotb {
namespace {

using namespace analysis;
using measure::Kind;

constexpr double section = 2e-3 * 1e-4;  // m^2
constexpr double sign_of_pair = -1.0;
constexpr double apart = 1.5e-3;  // m, along
constexpr double across = 2e-3;   // m

/// rho_par and rho_perp [ohm m] of a field.
using Ends = std::function<std::pair<double, double>(double)>;

/// A bar of 2 mm x 0.1 mm, read at five angles in four fields with noise of a 1000th of rho_perp.
std::vector<Curve> bar(const Ends& ends, std::uint64_t draw) {
  std::vector<Curve> curves(2);
  for (std::size_t part = 0; part < 2; ++part) {
    Curve& curve = curves[part];
    curve.run = "bar";
    curve.setup.name = part == 0 ? "along" : "across";
    curve.setup.kind = part == 0 ? Kind::four_probe : Kind::planar_hall;
    curve.geometry = {.shape = "bar",
                      .length = 0.02,
                      .width = 2e-3,
                      .thickness = 1e-4,
                      .full_face_contacts = true,
                      .classical = true};
    curve.geometry.probe_pair =
        part == 0 ? ProbePair{-apart, 0.0} : ProbePair{0.0, sign_of_pair * across};
    const double per_ohm = section / (part == 0 ? apart : across);
    std::uint64_t n = 0;
    for (const double angle : {0.0, 20.0, 45.0, 70.0, 90.0, 130.0}) {
      for (const double field : {0.0, 1.0, 2.0, 4.0}) {
        const auto [par, perp] = ends(field);
        const double theta = angle * 3.14159265358979323846 / 180.0;
        const double rho = part == 0 ? perp - (perp - par) * std::cos(theta) * std::cos(theta)
                                     : -(perp - par) * std::sin(theta) * std::cos(theta);
        const double error = 1e-3 * perp / per_ohm;
        const double off = normal({.seed = 17, .realisation = draw, .site = 100 * part + n});
        ++n;
        curve.readings.push_back({field, angle, 2.0, rho / per_ohm + error * off, error});
      }
    }
  }
  return curves;
}

std::pair<double, double> anomaly(double field) {
  return {1e-6 / (1.0 + 0.1 * field * field), 1e-6};
}
std::pair<double, double> mobility(double field) {
  return {1e-6, 1e-6 * (1.0 + 0.1 * field * field)};
}
std::pair<double, double> isotropic(double field) {
  return {1e-6 / (1.0 + 0.1 * field), 1e-6 / (1.0 + 0.1 * field)};
}

TEST(PlanarHall, PlantedCircleWithinItsErrors) {
  constexpr int n_draws = 100;
  int within = 0;
  double chi_squared = 0.0;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    const auto series = fit_laws(bar(anomaly, draw));
    std::vector<const FittedSeries*> circles;
    for (const FittedSeries& one : series) {
      if (one.laws[0].law.law == "planar Hall circle") circles.push_back(&one);
    }
    ASSERT_EQ(circles.size(), 3U);
    EXPECT_EQ(circles[2]->where, "4 T, 2 K");
    EXPECT_EQ(circles[2]->unit, "ohm m");
    const Fit& fit = circles[2]->laws[0].law.fit;
    ASSERT_EQ(fit.n_data, 12U);
    EXPECT_NEAR(fit.value("rho_perp"), 1e-6, 5e-9);
    const double off = fit.value("rho_par") - 1e-6 / 2.6;
    if (std::abs(off) < 1.96 * fit.error("rho_par")) ++within;
    chi_squared += fit.chi_squared;
  }
  EXPECT_GE(within, 88);  // 95 less three standard errors of the count
  EXPECT_NEAR(chi_squared / n_draws, 10.0, 3.0 * std::sqrt(20.0 / n_draws));
}

TEST(PlanarHall, WhichEdgeMoves) {
  const auto row = [](const Ends& ends, const char* name) {
    const Evidence evidence = gather_evidence(bar(ends, 1));
    return *evidence.find(name);
  };
  constexpr std::size_t alignment = 1;
  EXPECT_NEAR(row(anomaly, "planar_hall").value, 1.6 / 2.6, 0.003);
  EXPECT_GT(row(anomaly, "planar_hall").error, 1e-4);
  EXPECT_LT(row(anomaly, "planar_hall").error, 1e-3);
  EXPECT_EQ(row(anomaly, "planar_hall").says[alignment], Says::against);
  EXPECT_NEAR(row(mobility, "planar_hall").value, 1.6 / 2.6, 0.003);
  EXPECT_LT(row(anomaly, "circle").value, 0.01);
  EXPECT_GT(row(mobility, "circle").value, 0.99);
  EXPECT_NEAR(row(isotropic, "planar_hall").value, 0.0, 0.003);
  EXPECT_NE(row(isotropic, "planar_hall").says[alignment], Says::against);
}

/// What is no tensor's is called so: rho_xy without its partner's amplitude.
TEST(PlanarHall, AnEllipseIsNoCircle) {
  auto curves = bar(anomaly, 1);
  for (Reading& reading : curves[1].readings) reading.value *= 0.5;
  EXPECT_NE(gather_evidence(curves).find("planar_hall")->reading.find("no circle"),
            std::string::npos);
}

/// Samples whose resistivities scatter by 5 %, the same in both setups and at all angles, and each reading by 1 % besides.
TEST(PlanarHall, EnsemblesHaveTheErrorsThatDrawsShow) {
  constexpr int n_draws = 200;
  constexpr int n_realisations = 100;
  double pull_par = 0.0;
  double pull_of_anisotropy = 0.0;
  double chi_squared = 0.0;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    auto curves = bar(anomaly, draw);
    for (std::size_t part = 0; part < 2; ++part) {
      Curve& curve = curves[part];
      const auto exact = bar(anomaly, draw)[part].readings;
      curve.samples.resize(curve.readings.size());
      for (std::size_t i = 0; i < curve.readings.size(); ++i) {
        Reading& reading = curve.readings[i];
        const std::uint64_t site = 100 * part + i;
        const double clean =
            exact[i].value -
            exact[i].error * normal({.seed = 17, .realisation = draw, .site = site});
        double sum = 0.0;
        for (int r = 0; r < n_realisations; ++r) {
          const auto number = [&](std::uint64_t n) {
            return normal(
                {.seed = 400 + draw, .realisation = static_cast<std::uint64_t>(r), .site = n});
          };
          const double value =
              clean * (1.0 + 0.05 * number(999)) + 10.0 * reading.error * number(site);
          curve.samples[i].push_back({r, value});
          sum += value;
        }
        reading.value = sum / n_realisations;
      }
    }
    const auto series = fit_laws(curves);
    const auto circle = std::find_if(series.rbegin(), series.rend(), [](const FittedSeries& one) {
      return one.laws[0].law.law == "planar Hall circle";
    });
    ASSERT_NE(circle, series.rend());
    EXPECT_NE(circle->error_words.find("correlations"), std::string::npos);
    const Fit& fit = circle->laws[0].law.fit;
    pull_par += std::pow((fit.value("rho_par") - 1e-6 / 2.6) / fit.error("rho_par"), 2) / n_draws;
    chi_squared += fit.chi_squared / static_cast<double>(fit.degrees_of_freedom()) / n_draws;
    const Row row = *gather_evidence(curves).find("planar_hall");
    pull_of_anisotropy += std::pow((row.value - 1.6 / 2.6) / row.error, 2) / n_draws;
  }
  const double of_a_variance = 3.0 * std::sqrt(2.0 / n_draws);
  EXPECT_NEAR(pull_par, 1.0, of_a_variance);
  EXPECT_NEAR(pull_of_anisotropy, 1.0, of_a_variance);
  EXPECT_NEAR(chi_squared, 1.0, of_a_variance / std::sqrt(10.0) + 0.1);
}

TEST(PlanarHall, NeedsBothSetupsAndTheirPlaces) {
  auto curves = bar(anomaly, 1);
  EXPECT_EQ(gather_evidence(std::span(curves).subspan(1)).find("planar_hall"), nullptr);
  curves[1].geometry.probe_pair.reset();
  EXPECT_EQ(gather_evidence(curves).find("planar_hall"), nullptr);
}

}  // namespace
}  // namespace edotb
