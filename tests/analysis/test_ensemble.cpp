#include "edotb/analysis/ensemble.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb::analysis {

TEST(Jackknife, OfAMeanIsItsStandardError) {
  const std::vector<double> samples = {1.0, 4.0, 2.0, 7.0, 3.5};
  const auto expected = test::average(samples);
  const Estimate mean = mean_of(samples);
  EXPECT_NEAR(mean.value, expected.mean, 1e-14);
  EXPECT_NEAR(mean.error, expected.error, 1e-14);
  const Estimate variance = variance_of(samples);
  EXPECT_NEAR(variance.value, expected.variance, 1e-14);
}

TEST(Jackknife, OfOneSampleIsExact) {
  EXPECT_EQ(mean_of({3.0}).error, 0.0);
  EXPECT_EQ(variance_of({3.0}).value, 0.0);
}

// Of values that share their fluctuations the ratio has no error, though each of them has.
TEST(Jackknife, OfARatioKnowsWhatIsCommon) {
  std::vector<std::vector<double>> pairs(2);
  for (int i = 1; i <= 10; ++i) {
    pairs[0].push_back(3.0 * i);
    pairs[1].push_back(i);
  }
  const Estimate ratio =
      jackknife(pairs, [](std::span<const double> means) { return means[0] / means[1]; });
  EXPECT_NEAR(ratio.value, 3.0, 1e-14);
  EXPECT_NEAR(ratio.error, 0.0, 1e-14);
}

// 400 ensembles of 50 normal numbers: stated errors of the variance and of <ln g> against their true scatter. The
// variance of s^2 is 2 sigma^4/(n - 1). The mean of 400 squared errors is known to about 7 %.
TEST(Jackknife, StatesTheTrueScatter) {
  test::Draw draw(21);
  const auto normal = [&] {
    const double u = 0.5 * (draw.uniform() + 1.0);
    return std::sqrt(-2.0 * std::log(u)) * std::cos(3.14159265358979323846 * draw.uniform());
  };
  constexpr int n_ensembles = 400;
  constexpr int n = 50;
  const double sigma = 0.3;
  std::vector<double> variances;
  std::vector<double> logarithms;
  double stated_variance = 0.0;
  double stated_logarithm = 0.0;
  for (int ensemble = 0; ensemble < n_ensembles; ++ensemble) {
    std::vector<double> samples;
    std::vector<double> positive;
    for (int i = 0; i < n; ++i) {
      samples.push_back(1e3 + sigma * normal());  // the mean is large and does not matter
      positive.push_back(std::exp(sigma * normal()));
    }
    const Estimate variance = variance_of(samples);
    const Estimate logarithm = mean_log_of(positive);
    variances.push_back(variance.value);
    logarithms.push_back(logarithm.value);
    stated_variance += variance.error * variance.error / n_ensembles;
    stated_logarithm += logarithm.error * logarithm.error / n_ensembles;
  }
  const auto variance = test::average(variances);
  EXPECT_NEAR(variance.mean, sigma * sigma, 4.0 * variance.error);
  EXPECT_NEAR(stated_variance / (2.0 * std::pow(sigma, 4) / (n - 1)), 1.0, 0.3);
  const auto logarithm = test::average(logarithms);
  EXPECT_NEAR(logarithm.mean, 0.0, 4.0 * logarithm.error);
  EXPECT_NEAR(stated_logarithm / (sigma * sigma / n), 1.0, 0.1);
}

}  // namespace edotb::analysis
