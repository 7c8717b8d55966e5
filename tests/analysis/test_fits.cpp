// Planted parameters under noise: in 100 draws the 95 % intervals (value -+ 1.96 errors) hold the truth at least 90 times and the 68 %
// intervals about 68 times. The noise comes from keyed numbers, so the counts are the same in every run.
#include "edotb/analysis/fits.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

namespace edotb {
namespace {

using namespace analysis;

constexpr int n_draws = 100;

/// Adds noise of the readings' errors.
std::vector<Reading> noisy(std::vector<Reading> readings, std::uint64_t draw) {
  for (std::size_t i = 0; i < readings.size(); ++i) {
    readings[i].value += readings[i].error * normal({.seed = 7, .realisation = draw, .site = i});
  }
  return readings;
}

struct Coverage {
  int within_one = 0;
  int within_95 = 0;
};

/// How often the stated errors hold the truth.
Coverage coverage(const std::vector<Reading>& exact, const std::string& name, double truth,
                  const std::function<LawFit(std::span<const Reading>)>& fit_law) {
  Coverage count;
  for (int draw = 0; draw < n_draws; ++draw) {
    const Fit fit = fit_law(noisy(exact, static_cast<std::uint64_t>(draw))).fit;
    const double off = std::abs(fit.value(name) - truth) / fit.error(name);
    if (fit.is_determined(name) && off < 1.0) ++count.within_one;
    if (fit.is_determined(name) && off < 1.96) ++count.within_95;
  }
  return count;
}

void expect_honest(const Coverage& count, const std::string& name) {
  EXPECT_GE(count.within_95, 90) << name;
  EXPECT_GE(count.within_one, 54) << name;  // 68 -+ 3 standard errors of the count
  EXPECT_LE(count.within_one, 82) << name;
  testing::Test::RecordProperty(name + "_within_95", count.within_95);
  testing::Test::RecordProperty(name + "_within_one", count.within_one);
}

std::vector<Reading> sweep(double first, double last, int n, double error,
                           const std::function<double(double)>& value) {
  std::vector<Reading> readings;
  for (int i = 0; i < n; ++i) {
    const double field = first + (last - first) * i / (n - 1);
    readings.push_back({field, 0.0, 0.0, value(field), error});
  }
  return readings;
}

TEST(Fits, LocalisationRecoversDephasingLength) {
  constexpr double l_phi = 400.0;
  const auto exact = sweep(-0.1, 0.1, 41, 0.01, [](double b) {
    return 12.0 + hikami_larkin_nagaoka(b, 1.0, l_phi, hbar_over_e_in_nm);
  });
  const auto law = [](std::span<const Reading> readings) {
    return fit_localisation(readings, hbar_over_e_in_nm);
  };
  expect_honest(coverage(exact, "l_phi", l_phi, law), "l_phi");
  expect_honest(coverage(exact, "alpha", 1.0, law), "alpha");
}

TEST(Fits, SpinOrbitLength) {
  const CoherenceLengths lengths{.phase = 600.0, .spin_orbit = 150.0};
  const auto exact = sweep(-0.3, 0.3, 61, 0.005, [&](double b) {
    return 20.0 + hikami_larkin_nagaoka(b, lengths, hbar_over_e_in_nm);
  });
  const Fit fit = fit_localisation_with_spin_orbit(exact, hbar_over_e_in_nm).fit;
  EXPECT_NEAR(fit.value("l_phi"), 600.0, 0.1);
  EXPECT_NEAR(fit.value("l_so"), 150.0, 0.1);
  // The sign of the cusp tells the laws apart: weak anti-localisation takes alpha < 0 in a small field.
  const auto cusp = std::span(exact).subspan(25, 11);
  EXPECT_LT(fit_localisation(cusp, hbar_over_e_in_nm).fit.value("alpha"), 0.0);
}

TEST(Fits, WireAndBulkLocalisation) {
  const Wire wire{2000.0, 40.0};
  const auto strip = sweep(0.0, 1.0, 21, 1e-3, [&](double b) {
    return 3.0 + quasi_one_dimensional(b, wire, 350.0, 0.0, hbar_over_e_in_nm);
  });
  EXPECT_NEAR(fit_wire_localisation(strip, wire, hbar_over_e_in_nm).fit.value("l_phi"), 350.0,
              0.01);
  const auto bulk = sweep(0.0, 2.0, 21, 1e-5,
                          [](double b) { return 0.1 + kawabata(b, 80.0, hbar_over_e_in_nm); });
  EXPECT_NEAR(fit_kawabata(bulk, hbar_over_e_in_nm).fit.value("l_phi"), 80.0, 0.01);
}

/// Far below B_phi only alpha l_phi^4 counts.
TEST(Fits, SmallFieldsDoNotFixTheLength) {
  const auto exact = sweep(-1e-5, 1e-5, 21, 1e-6, [](double b) {
    return 12.0 + hikami_larkin_nagaoka(b, 1.0, 400.0, hbar_over_e_in_nm);
  });
  const Fit fit = fit_localisation(exact, hbar_over_e_in_nm).fit;
  EXPECT_FALSE(fit.is_determined("l_phi"));
  EXPECT_TRUE(fit.is_determined("sigma_0"));
}

TEST(Fits, AnomalyCoefficient) {
  constexpr double c = 3.94607e4;
  const auto exact = sweep(0.0, 4.0, 15, 5e3, [](double b) { return 2e6 + c * b * b; });
  expect_honest(coverage(exact, "c", c, fit_quadratic), "c");
  // The other law explains it less well by both criteria.
  const std::vector<LawFit> laws = {fit_quadratic(noisy(exact, 1)), fit_linear(noisy(exact, 1))};
  const LawWeights comparison = compare(laws);
  EXPECT_GT(comparison.akaike_weights[0], 0.99);
  EXPECT_GT(comparison.bayes_weights[0], 0.99);
  EXPECT_NEAR(comparison.akaike_weights[0] + comparison.akaike_weights[1], 1.0, 1e-12);
  EXPECT_GT(laws[0].fit.probability(), 1e-3);
  EXPECT_LT(laws[1].fit.probability(), 1e-3);

  const auto channels = sweep(0.0, 8.0, 9, 0.1, [](double b) { return 1.0 + 2.0 * b; });
  EXPECT_NEAR(fit_linear(channels).fit.value("c"), 2.0, 1e-6);
}

TEST(Fits, AlignmentCollapsesInFieldOverTemperature) {
  constexpr double moment = 5.0;
  std::vector<Reading> exact;
  for (const double temperature : {1.0, 2.0, 4.0}) {
    for (int i = 0; i <= 10; ++i) {
      const double field = 0.4 * i;
      const double m = langevin(alignment(moment, field, temperature));
      exact.push_back({field, 0.0, temperature, 3.0 * (1.0 - 0.6 * m * m), 0.02});
    }
  }
  const auto law = [](std::span<const Reading> readings) { return fit_alignment(readings); };
  expect_honest(coverage(exact, "moment", moment, law), "moment");
  expect_honest(coverage(exact, "depth", 0.6, law), "depth");
}

TEST(Fits, AnglesAndTheCircle) {
  std::vector<Reading> along;
  std::vector<Reading> across;
  for (int degrees = 0; degrees < 180; degrees += 15) {
    const PlanarHall at = planar_hall(0.25, 1.0, degrees);
    along.push_back({1.0, static_cast<double>(degrees), 0.0, at.longitudinal, 0.01});
    across.push_back({1.0, static_cast<double>(degrees), 0.0, at.transverse, 0.01});
  }
  const Fit cosine = fit_cosine_squared(along).fit;
  EXPECT_NEAR(cosine.value("isotropic"), 1.0, 1e-6);
  EXPECT_NEAR(cosine.value("anisotropic"), -0.75, 1e-6);
  const Fit circle = fit_planar_hall(along, across).fit;
  EXPECT_NEAR(circle.value("rho_par"), 0.25, 1e-6);
  EXPECT_NEAR(circle.value("rho_perp"), 1.0, 1e-6);
  EXPECT_LT(circle.error("rho_par"), cosine.error("anisotropic"));
}

/// Mobility 2 from the squeeze test's table (physics.md) at mu B = 1, 2, 3, 7, 9.95 and no field.
TEST(Fits, JettingFromTheTable) {
  const std::vector<std::array<double, 3>> table = {
      {1, 1.00059, .99941}, {2, 1.00533, .99474},  {5, 1.04404, .95854}, {10, 1.1458, .8733},
      {20, 1.3784, .70969}, {50, 2.00854, .39724}, {100, 2.809, .17743}};
  std::vector<Reading> spine;
  std::vector<Reading> edge;
  for (const auto& [anisotropy, on_spine, on_edge] : table) {
    const double field = std::sqrt(anisotropy - 1.0) / 2.0;
    spine.push_back({field, 0.0, 0.0, 0.3 * on_spine, 1e-3});
    edge.push_back({field, 0.0, 0.0, 0.3 * on_edge, 1e-3});
  }
  const LawFit law = fit_jetting(spine, edge, {4.0, 1.0}, 2.0);
  EXPECT_NEAR(law.fit.value("R_0"), 0.3, 1e-4);
  EXPECT_NEAR(law.fit.value("mobility"), 2.0, 1e-3);
  EXPECT_LT(law.fit.chi_squared, 0.01);
}

TEST(Fits, ConductancesOfResistances) {
  const std::vector<Reading> resistances = {{0.5, 0.0, 0.0, 25812.80746, 258.1280746}};
  const auto conductances = as_conductances(resistances, 4.0);
  EXPECT_NEAR(conductances[0].value, 4.0, 1e-8);
  EXPECT_NEAR(conductances[0].error, 0.04, 1e-10);
  EXPECT_THROW(static_cast<void>(as_conductances(std::vector<Reading>{{}}, 1.0)), Error);
  const std::vector<Reading> half = {{0.0, 0.0, 0.0, 1.0, 0.1}, {1.0, 0.0, 0.0, 2.0, 0.0}};
  EXPECT_THROW(static_cast<void>(fit_quadratic(half)), Error);
  EXPECT_THROW(static_cast<void>(fit_quadratic(std::vector<Reading>{})), Error);
}

}  // namespace
}  // namespace edotb
