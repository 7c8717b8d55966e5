// Laws fitted to ensembles whose readings are the same samples in every field: with planted correlated noise the errors of the parameters and chi^2
// are what 400 draws show.
#include "edotb/analysis/law_fits.hpp"
#include "edotb/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace edotb {
namespace {

using namespace analysis;

constexpr double quantum = 25812.80745930451;  // h/e^2 [ohm]
constexpr double c_0 = 5.0;                    // e^2/h
constexpr double c = 0.02;                     // e^2/h/T^2
constexpr int n_draws = 400;

/// What each realisation adds: the same to all fields, and something that fields have less in common the farther they are apart.
struct Noise {
  double common = 0.0;
  double own = 0.0;
  double neighbours = 0.0;  ///< correlation of `own` between fields 1 T apart
};

Curve ensemble(const std::vector<double>& fields, int n_realisations, const Noise& noise,
               std::uint64_t draw) {
  Curve curve;
  curve.sample = "sample";
  curve.setup.name = "bar";
  curve.geometry = {
      .shape = "bar", .length = 4.0, .width = 1.0, .full_face_contacts = true, .classical = true};
  curve.samples.resize(fields.size());
  for (const double field : fields) curve.readings.push_back({field, 0.0, 0.0, 1.0, 1.0});
  for (int r = 0; r < n_realisations; ++r) {
    const auto number = [&](std::uint64_t site) {
      return normal(
          {.seed = 1000 + draw, .realisation = static_cast<std::uint64_t>(r), .site = site});
    };
    const double common = noise.common * number(500);
    double own = noise.own * number(0);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) {
        const double kept = std::pow(noise.neighbours, fields[i] - fields[i - 1]);
        own = kept * own + noise.own * std::sqrt(1.0 - kept * kept) * number(i);
      }
      const double g = c_0 + c * fields[i] * fields[i] + common + own;
      curve.samples[i].push_back({r, quantum / g});
    }
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    double sum = 0.0;
    for (const Sample& sample : curve.samples[i]) sum += sample.value;
    curve.readings[i].value = sum / n_realisations;
  }
  return curve;
}

/// The best law's fit over the draws.
struct Statistics {
  double pull_c = 0.0;  ///< mean square of (value - truth)/error
  double pull_c_0 = 0.0;
  double chi_squared = 0.0;  ///< over its degrees of freedom
  int n_unlikely = 0;        ///< probabilities below 5 %
};

Statistics statistics(const std::vector<double>& fields, int n_realisations, const Noise& noise) {
  Statistics found;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    const FittedSeries series =
        fit_laws(std::vector{ensemble(fields, n_realisations, noise, draw)})[0];
    const auto quadratic =
        std::find_if(series.laws.begin(), series.laws.end(),
                     [](const FittedLaw& law) { return law.law.law == "quadratic in the field"; });
    const Fit& fit = quadratic->law.fit;
    found.pull_c += std::pow((fit.value("c") - c) / fit.error("c"), 2) / n_draws;
    found.pull_c_0 += std::pow((fit.value("c_0") - c_0) / fit.error("c_0"), 2) / n_draws;
    found.chi_squared += fit.chi_squared / static_cast<double>(fit.degrees_of_freedom()) / n_draws;
    if (fit.probability() < 0.05) ++found.n_unlikely;
  }
  testing::Test::RecordProperty("pull_c", std::to_string(found.pull_c));
  testing::Test::RecordProperty("pull_c_0", std::to_string(found.pull_c_0));
  testing::Test::RecordProperty("chi_squared", std::to_string(found.chi_squared));
  testing::Test::RecordProperty("n_unlikely", found.n_unlikely);
  return found;
}

const std::vector<double> eight = {0, 1, 2, 3, 4, 5, 6, 7};
// Three standard errors of a mean square and of a count.
const double of_a_variance = 3.0 * std::sqrt(2.0 / n_draws);
const double of_a_count = 3.0 * std::sqrt(0.05 * 0.95 * n_draws);

TEST(EnsembleFit, PullsHaveUnitVarianceUnderCorrelatedNoise) {
  for (const Noise& noise : {Noise{0.3, 0.05, 0.9}, Noise{0.0, 0.1, 0.5}, Noise{0.2, 0.1, 0.0}}) {
    const Statistics found = statistics(eight, 100, noise);
    EXPECT_NEAR(found.pull_c, 1.0, of_a_variance) << noise.neighbours;
    EXPECT_NEAR(found.pull_c_0, 1.0, of_a_variance) << noise.neighbours;
    // Six degrees of freedom. What shrinking the correlations takes away, at most a tenth, is on the law's side.
    EXPECT_NEAR(found.chi_squared, 0.95, of_a_variance / std::sqrt(6.0) + 0.05) << noise.neighbours;
    EXPECT_NEAR(found.n_unlikely, 0.05 * n_draws, of_a_count) << noise.neighbours;
  }
}

/// Fewer realisations than readings: R is singular, S is not. Pulls follow Student's t, of variance 11/9.
TEST(EnsembleFit, FewRealisations) {
  std::vector<double> fields;
  for (int i = 0; i < 16; ++i) fields.push_back(0.5 * i);
  const Statistics found = statistics(fields, 12, {0.3, 0.05, 0.9});
  EXPECT_NEAR(found.pull_c, 11.0 / 9.0, 0.4);
  EXPECT_GT(found.chi_squared, 0.1);  // on the law's side, but not blind
  EXPECT_LT(found.chi_squared, 1.0);
  EXPECT_LE(found.n_unlikely, 0.05 * n_draws);
}

/// Two terminals: R(-B) is R(B) of the same sample, and tells nothing new.
TEST(EnsembleFit, BothDirectionsOfTheField) {
  const Noise noise{0.3, 0.05, 0.7};
  const Curve both = ensemble({0, 1, 2, 3, 4, 5}, 60, noise, 1);
  const FittedLaw one = fit_laws(std::vector{both})[0].laws[0];
  Curve mirrored = both;
  for (const std::size_t i : {1, 2, 3, 4, 5}) {
    Reading reading = both.readings[i];
    reading.field = -reading.field;
    mirrored.readings.insert(mirrored.readings.begin(), reading);
    mirrored.samples.insert(mirrored.samples.begin(), both.samples[i]);
  }
  ASSERT_EQ(mirrored.readings.front().field, -5.0);
  const FittedLaw two = fit_laws(std::vector{mirrored})[0].laws[0];
  for (const std::size_t k : {0, 1}) {
    EXPECT_NEAR(two.law.fit.values[k], one.law.fit.values[k], one.law.fit.errors[k]);
    EXPECT_NEAR(two.law.fit.errors[k], one.law.fit.errors[k], 0.3 * one.law.fit.errors[k]);
  }
}

/// Along a film a field does nothing to spinless electrons: all readings are the same sample once more.
TEST(EnsembleFit, AFieldWithoutEffect) {
  Curve curve = ensemble({0, 1, 2, 3, 4, 5}, 20, {0.3, 0.05, 0.7}, 1);
  for (std::size_t i = 1; i < 6; ++i) {
    curve.readings[i].value = curve.readings[0].value;
    curve.samples[i] = curve.samples[0];
  }
  const FittedSeries series = fit_laws(std::vector{curve})[0];
  const Fit& fit = series.laws[0].law.fit;
  EXPECT_EQ(fit.n_data, 6U);
  EXPECT_FALSE(fit.has_data_errors);
  EXPECT_NEAR(fit.value("c"), 0.0, 1e-9);
  for (const FittedLaw& law : series.laws) {
    EXPECT_TRUE(std::isfinite(law.akaike_weight));
  }
}

/// A law that is not the planted one is found out where correlations leave room for it.
TEST(EnsembleFit, AWrongLawIsUnlikely) {
  const Noise noise{0.3, 0.05, 0.9};
  int n_unlikely = 0;
  for (std::uint64_t draw = 0; draw < 20; ++draw) {
    const FittedSeries series = fit_laws(std::vector{ensemble(eight, 100, noise, draw)})[0];
    EXPECT_EQ(series.laws[1].law.law, "linear in the field");
    EXPECT_GT(series.laws[0].akaike_weight, 0.99);
    if (series.laws[1].law.fit.probability() < 1e-3) ++n_unlikely;
  }
  EXPECT_EQ(n_unlikely, 20);
}

}  // namespace
}  // namespace edotb
