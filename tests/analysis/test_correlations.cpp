// What readings of the same samples have in common: whitening against the explicit inverse, and the comparison of mechanisms under correlated
// noise, which must not be taken for a mechanism.
#include "edotb/analysis/comparison.hpp"
#include "edotb/analysis/correlations.hpp"
#include "edotb/analysis/evidence.hpp"
#include "edotb/base/random.hpp"
#include "edotb/linalg/dense.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace edotb {
namespace {

using namespace analysis;

double square(std::span<const double> values) {
  return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

TEST(Correlations, WhiteningIsTheInverseOfTheCovariance) {
  const std::vector<double> errors = {2.0, 0.5, 3.0};
  const std::vector<double> correlations = {1.0, 0.6, -0.3, 0.6, 1.0, 0.2, -0.3, 0.2, 1.0};
  std::vector<double> covariance(9);
  for (std::size_t i = 0; i < 9; ++i) {
    covariance[i] = errors[i / 3] * correlations[i] * errors[i % 3];
  }
  const std::vector<double> residual = {1.0, -0.7, 2.0};
  const auto solved = linalg::solve_real(covariance, residual, 3);
  std::vector<double> white = residual;
  Whitening(errors, correlations).apply(white);
  EXPECT_NEAR(square(white),
              std::inner_product(solved.begin(), solved.end(), residual.begin(), 0.0), 1e-13);
  white = residual;
  Whitening(errors).apply(white);
  EXPECT_NEAR(square(white), 0.25 + 1.96 + 4.0 / 9.0, 1e-14);
}

TEST(Correlations, RowsAreTheRealisationsThatAllHave) {
  const std::vector<std::vector<Sample>> readings = {{{0, 1.0}, {2, 3.0}, {5, 6.0}},
                                                     {{2, 30.0}, {3, 40.0}, {5, 60.0}}};
  const SampleRows rows = rows_of(readings);
  ASSERT_EQ(rows, (SampleRows{{3.0, 30.0}, {6.0, 60.0}}));
  EXPECT_EQ(means_of(rows), (std::vector<double>{4.5, 45.0}));
  // Variance 4.5, of the mean of two a half of that; fully correlated.
  const std::vector<double> expected = {2.25, 22.5, 22.5, 225.0};
  EXPECT_EQ(covariance_of_means(rows), expected);
}

/// Few realisations: R is singular, its shrunk form is positive definite.
TEST(Correlations, ShrunkCorrelationsArePositiveDefinite) {
  SampleRows rows(9, std::vector<double>(30));
  std::uint64_t n = 0;
  for (auto& row : rows) {
    for (double& value : row) value = normal({.seed = 3, .site = n++});
  }
  std::vector<double> values(30, 1.0);
  Whitening::of_means(rows, std::vector<double>(30, 0.0)).apply(values);
  EXPECT_TRUE(std::isfinite(square(values)));
}

/// R of a field [T] and an angle [deg], without noise 1 at zero field.
using Law = std::function<double(double, double)>;

/// What each of 60 samples adds to ln R: the same in all fields, and something that it has in common with itself in a field 1 T apart.
struct Noise {
  double common = 0.0;
  double own = 0.0;
  double neighbours = 0.0;  ///< correlation of `own` 1 T apart
};

/// A bar read at three angles in fields up to 8 T.
Curve bar(const Law& law, const Noise& noise, int n_fields, std::uint64_t draw) {
  constexpr int n_realisations = 60;
  constexpr double highest = 8.0;
  const double step = highest / (n_fields - 1);
  Curve curve;
  curve.run = "run";
  curve.setup.name = "bar";
  curve.setup.kind = measure::Kind::two_terminal;
  curve.geometry = {.shape = "bar", .length = 4.0, .width = 1.0, .full_face_contacts = true};
  for (const double angle : {0.0, 45.0, 90.0}) {
    for (int field = 0; field < n_fields; ++field) {
      curve.readings.push_back({step * field, angle, 0.0, 0.0, 0.0});
    }
  }
  curve.samples.resize(curve.readings.size());
  const double kept = std::pow(noise.neighbours, step);
  for (int r = 0; r < n_realisations; ++r) {
    const auto number = [&](std::uint64_t site) {
      return normal(
          {.seed = 7000 + draw, .realisation = static_cast<std::uint64_t>(r), .site = site});
    };
    const double common = noise.common * number(900);
    const double zero = noise.own * number(901);
    double own = zero;
    for (std::size_t i = 0; i < curve.readings.size(); ++i) {
      const Reading& reading = curve.readings[i];
      own = reading.field == 0.0
                ? zero
                : kept * own + noise.own * std::sqrt(1.0 - kept * kept) * number(i);
      curve.samples[i].push_back(
          {r, 100.0 * law(reading.field, reading.angle) * (1.0 + common + own)});
    }
  }
  for (std::size_t i = 0; i < curve.readings.size(); ++i) {
    double sum = 0.0;
    double squares = 0.0;
    for (const Sample& sample : curve.samples[i]) {
      sum += sample.value / n_realisations;
      squares += sample.value * sample.value / n_realisations;
    }
    curve.readings[i].value = sum;
    curve.readings[i].error = std::sqrt((squares - sum * sum) / (n_realisations - 1));
  }
  return curve;
}

Comparison compared(const Curve& curve) {
  return *compare(std::vector{curve}, std::vector{GeometryResponse::uniform(1.0, false)});
}

constexpr double c = 0.004;  // [1/T^2]: 26 % at 8 T
constexpr auto anomaly = static_cast<std::size_t>(Mechanism::anomaly);

double falling(double b, double angle) {
  const double cosine = std::cos(angle * std::acos(-1.0) / 180.0);
  return 1.0 - cosine * cosine * (1.0 - 1.0 / (1.0 + c * b * b));
}

bool claims_any(const Comparison& comparison) {
  constexpr double sure = 0.99;
  return std::any_of(comparison.probability.begin(), comparison.probability.end(),
                     [](double p) { return p > sure; });
}

/// Samples fluctuate slowly with the field, and in 25 fields a fluctuation is read ten times.
TEST(CorrelatedComparison, FluctuationsAreNoMechanism) {
  constexpr int n_draws = 12;
  int n_claims = 0;
  int n_claims_apart = 0;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    Curve curve = bar([](double, double) { return 1.0; }, {0.0, 0.06, 0.7}, 25, draw);
    if (claims_any(compared(curve))) ++n_claims;
    curve.samples.clear();  // readings that seem to be independent
    if (claims_any(compared(curve))) ++n_claims_apart;
  }
  RecordProperty("claims", n_claims);
  RecordProperty("claims_apart", n_claims_apart);
  EXPECT_EQ(n_claims, 0);
  EXPECT_GE(n_claims_apart, 2);
}

/// Samples differ by 25 % in all fields alike: only their changes tell 4 %.
TEST(CorrelatedComparison, SmallChangesOfDifferentSamplesAreFound) {
  Curve curve = bar([](double b, double angle) { return 0.85 + 0.15 * falling(b, angle); },
                    {0.25, 0.004, 0.7}, 9, 1);
  EXPECT_GT(compared(curve).probability[anomaly], 0.95);
  curve.samples.clear();
  EXPECT_LT(compared(curve).probability[anomaly], 0.3);
}

constexpr int n_draws = 40;
constexpr Noise fluctuations{0.05, 0.06, 0.9};
const double of_a_variance = 3.0 * std::sqrt(2.0 / n_draws);

/// The coefficient is what was planted, with an error that is what the draws show.
TEST(CorrelatedComparison, AnAnomalyIsFoundWithinItsError) {
  int n_found = 0;
  double pull = 0.0;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    const Comparison found = compared(bar(falling, fluctuations, 9, draw));
    if (found.probability[anomaly] > 0.99) ++n_found;
    const NamedStrength& strength = found.strengths[anomaly].front();
    pull += std::pow((strength.value - c) / strength.error, 2) / n_draws;
  }
  RecordProperty("found", n_found);
  RecordProperty("pull", std::to_string(pull));
  EXPECT_EQ(n_found, n_draws);
  EXPECT_NEAR(pull, 1.0, of_a_variance);
}

/// Mean square of (value - truth)/error of a row over the draws.
double pull_of(const char* name, const Law& law, double truth) {
  double pull = 0.0;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    const Evidence evidence = gather_evidence(std::vector{bar(law, fluctuations, 9, draw)});
    const Row& row = *evidence.find(name);
    pull += std::pow((row.value - truth) / row.error, 2) / n_draws;
  }
  testing::Test::RecordProperty("pull", std::to_string(pull));
  return pull;
}

/// [R(90 deg) - R(0)]/[R(0 deg) - R(0)]: both changes have R(0) in common.
TEST(CorrelatedComparison, IsotropyHasTheErrorThatDrawsShow) {
  EXPECT_NEAR(pull_of(
                  "isotropy", [](double b, double) { return 1.0 / (1.0 + c * b * b); }, 1.0),
              1.0, of_a_variance);
}

TEST(CorrelatedComparison, CosineHasTheErrorThatDrawsShow) {
  const double truth = falling(8.0, 0.0) - 1.0;
  EXPECT_NEAR(pull_of("cosine", falling, truth), 1.0, of_a_variance);
}

}  // namespace
}  // namespace edotb
