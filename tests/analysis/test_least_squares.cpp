// The fit against closed formulas of linear regression, and its errors against the scatter of repeated draws.
#include "edotb/analysis/least_squares.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace edotb {
namespace {

using analysis::fit;
using analysis::Fit;
using analysis::Model;
using analysis::Parameter;

/// Weighted straight line through 5 points: the normal equations by hand.
TEST(LeastSquares, StraightLineAsTheNormalEquations) {
  const std::vector<double> x = {-1, 0, 1, 2, 4};
  const std::vector<double> y = {0.2, 1.1, 1.7, 3.4, 4.9};
  const std::vector<double> s = {0.1, 0.2, 0.1, 0.3, 0.2};
  double s0 = 0, s1 = 0, s2 = 0, t0 = 0, t1 = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = 1.0 / (s[i] * s[i]);
    s0 += w;
    s1 += w * x[i];
    s2 += w * x[i] * x[i];
    t0 += w * y[i];
    t1 += w * x[i] * y[i];
  }
  const double det = s0 * s2 - s1 * s1;
  const double intercept = (s2 * t0 - s1 * t1) / det;
  const double slope = (s0 * t1 - s1 * t0) / det;
  const Model line = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = p[0] + p[1] * x[i];
  };
  const Fit result = fit(line, y, s, std::array{Parameter{"a", 3.0}, Parameter{"b", -1.0}});
  EXPECT_TRUE(result.converged);
  EXPECT_TRUE(result.all_determined());
  EXPECT_NEAR(result.value("a"), intercept, 1e-6);
  EXPECT_NEAR(result.value("b"), slope, 1e-6);
  EXPECT_NEAR(result.error("a"), std::sqrt(s2 / det), 1e-6);
  EXPECT_NEAR(result.error("b"), std::sqrt(s0 / det), 1e-6);
  EXPECT_NEAR(result.covariance[1], -s1 / det, 1e-6);
  double chi_squared = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    chi_squared += std::pow((y[i] - intercept - slope * x[i]) / s[i], 2);
  }
  EXPECT_NEAR(result.chi_squared, chi_squared, 1e-6);
  EXPECT_NEAR(result.aic(), chi_squared + 4, 1e-6);
  EXPECT_NEAR(result.bic(), chi_squared + 2 * std::log(5), 1e-6);

  // Without errors the scatter of the data takes their place.
  const Fit unknown = fit(line, y, {}, std::array{Parameter{"a", 1.0}, Parameter{"b", 1.0}});
  const double spread = unknown.chi_squared / 3;  // n - k
  const double x_variance = 22.0 - 36.0 / 5;
  EXPECT_NEAR(unknown.error("b"), std::sqrt(spread / x_variance), 1e-6);
}

/// P(chi^2 > x) for 2 degrees of freedom is exp(-x/2).
TEST(LeastSquares, ProbabilityOfChiSquared) {
  const std::vector<double> y = {1, 3, 8};
  const std::vector<double> s = {1, 1, 1};
  const Model constant = [](std::span<const double> p, std::span<double> f) {
    for (double& value : f) value = p[0];
  };
  const Fit result = fit(constant, y, s, std::array{Parameter{"mean", 0.0}});
  EXPECT_NEAR(result.value("mean"), 4, 1e-6);
  EXPECT_NEAR(result.chi_squared, 26, 1e-6);
  EXPECT_NEAR(result.probability(), std::exp(-13.0), 1e-12);
}

/// Parameters 15 decades apart in size, far from the start.
TEST(LeastSquares, ScalesOfAnySize) {
  const std::vector<double> x = {0, 1, 2, 3, 5, 8, 13};
  std::vector<double> y;
  for (const double t : x) y.push_back(3e9 * std::exp(-t / 4.0) + 2e-6);
  const Model decay = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = p[0] * std::exp(-1e-9 * x[i] / p[1]);
  };
  const std::array start = {Parameter{"amplitude", 1e8, 0.0}, Parameter{"time", 1e-9, 1e-12}};
  const Fit result = fit(decay, y, {}, start);
  EXPECT_NEAR(result.value("amplitude"), 3e9, 10);
  EXPECT_NEAR(result.value("time"), 4e-9, 1e-16);
}

TEST(LeastSquares, BoundsHold) {
  const std::vector<double> y = {-1, -2, -3};
  const std::vector<double> s = {1, 1, 1};
  const Model constant = [](std::span<const double> p, std::span<double> f) {
    for (double& value : f) value = std::sqrt(p[0]);  // NaN below the bound
  };
  const Fit result = fit(constant, y, s, std::array{Parameter{"p", 1.0, 0.0, 5.0}});
  EXPECT_GE(result.values[0], 0.0);
  EXPECT_LT(result.values[0], 1e-3);
}

/// At a bound the value is the bound, which 7/7.3 * 7.3 is not: a later fit may start there.
TEST(LeastSquares, ABoundIsNotPassedByRounding) {
  for (double lower = -7.0; lower < -1.0; lower += 0.1) {
    const std::vector<double> y = {-20.0};
    const std::vector<double> s = {1.0};
    const Model same = [](std::span<const double> p, std::span<double> f) { f[0] = p[0]; };
    for (const double start : {-0.9, -1.0, -0.7, -0.3}) {
      const Fit result = fit(same, y, s, std::array{Parameter{"p", start, lower, 0.0}});
      EXPECT_GE(result.values[0], lower);
      EXPECT_NEAR(result.values[0], lower, 1e-12);
    }
  }
}

/// Only the sum of two parameters counts, a third has no effect, a fourth is well known.
TEST(LeastSquares, SaysWhatIsNotDetermined) {
  const std::vector<double> x = {1, 2, 3, 4};
  const std::vector<double> y = {3.1, 5.0, 6.9, 9.1};
  const std::vector<double> s = {0.1, 0.1, 0.1, 0.1};
  const Model model = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = p[0] + p[1] + 0.0 * p[2] + p[3] * x[i];
  };
  const Fit result = fit(model, y, s,
                         std::array{Parameter{"a", 1.0}, Parameter{"b", 2.0}, Parameter{"c", 1.0},
                                    Parameter{"d", 1.0}});
  EXPECT_FALSE(result.is_determined("a"));
  EXPECT_FALSE(result.is_determined("b"));
  EXPECT_FALSE(result.is_determined("c"));
  EXPECT_TRUE(result.is_determined("d"));
  EXPECT_FALSE(result.all_determined());
  EXPECT_TRUE(std::isinf(result.error("a")));
  EXPECT_NEAR(result.value("d"), 1.99, 1e-6);  // (1/5) sum (x - 2.5) y
  EXPECT_NEAR(result.error("d"), 0.1 / std::sqrt(5.0), 1e-6);

  // A parameter whose error spans its allowed range is no better.
  const Model faint = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = p[0] + 1e-3 * p[1] * x[i] + 2.0 * x[i];
  };
  const Fit wide =
      fit(faint, y, s, std::array{Parameter{"a", 1.0}, Parameter{"b", 1.0, -10.0, 10.0}});
  EXPECT_TRUE(wide.is_determined("a"));
  EXPECT_FALSE(wide.is_determined("b"));

  // Two parameters from one datum.
  const Fit one = fit(faint, std::span(y).first(1), std::span(s).first(1),
                      std::array{Parameter{"a", 1.0}, Parameter{"b", 1.0}});
  EXPECT_FALSE(one.is_determined("a"));
  EXPECT_FALSE(one.is_determined("b"));
}

/// 1000 noisy lines: errors as stated, chi^2 with the mean n - k.
TEST(LeastSquares, ErrorsCoverTheTruth) {
  constexpr int n_draws = 1000;
  constexpr int n = 12;
  const Model model = [](std::span<const double> p, std::span<double> f) {
    for (int i = 0; i < n; ++i) f[i] = p[0] / (1.0 + std::exp(p[1] * i / 5.0));
  };
  const std::vector<double> truth = {2.0, 0.7};
  std::vector<double> exact(n);
  model(truth, exact);
  const std::vector<double> s(n, 0.05);
  int within_one = 0;
  int within_two = 0;
  double chi_squared = 0;
  for (std::uint64_t draw = 0; draw < n_draws; ++draw) {
    std::vector<double> y = exact;
    for (int i = 0; i < n; ++i) {
      y[i] +=
          0.05 * normal({.seed = 3, .realisation = draw, .site = static_cast<std::uint64_t>(i)});
    }
    const Fit result = fit(model, y, s, std::array{Parameter{"a", 1.0}, Parameter{"b", 1.0}});
    const double off = std::abs(result.value("b") - 0.7) / result.error("b");
    within_one += off < 1.0 ? 1 : 0;
    within_two += off < 1.96 ? 1 : 0;
    chi_squared += result.chi_squared / n_draws;
  }
  EXPECT_NEAR(within_one, 683, 60);  // four standard errors of a binomial count
  EXPECT_NEAR(within_two, 950, 28);
  EXPECT_NEAR(chi_squared, n - 2, 4.0 * std::sqrt(2.0 * (n - 2) / n_draws));
}

TEST(LeastSquares, RefusesWhatCannotBeFitted) {
  const Model constant = [](std::span<const double> q, std::span<double> f) {
    for (double& value : f) value = q[0];
  };
  const std::array p = {Parameter{"p", 1.0}};
  const std::vector<double> y = {1, 2};
  EXPECT_THROW(static_cast<void>(fit(constant, {}, {}, p)), Error);
  EXPECT_THROW(static_cast<void>(fit(constant, y, std::vector{1.0}, p)), Error);
  EXPECT_THROW(static_cast<void>(fit(constant, y, std::vector{1.0, 0.0}, p)), Error);
  EXPECT_THROW(static_cast<void>(fit(constant, y, {}, std::array{Parameter{"p", 1.0, 2.0, 3.0}})),
               Error);
  const Model broken = [](std::span<const double> q, std::span<double> f) {
    for (double& value : f) value = std::log(-q[0]);
  };
  EXPECT_THROW(static_cast<void>(fit(broken, y, {}, p)), Error);
}

}  // namespace
}  // namespace edotb
