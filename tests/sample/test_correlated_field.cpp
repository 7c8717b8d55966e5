// Correlated energies: their covariance against the closed form, by the kernels and by samples.

#include "edotb/sample/correlated_field.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace edotb {
namespace {

using sample::Sample;

Sample made(const std::string& model, const std::string& shape, const std::string& term) {
  return Sample(test::lattice_deck("sample: {model: " + model + ", shape: " + shape +
                                   ", disorder: [" + term + "]}\n"));
}

const char* const square = "{name: simple_metal, dimension: 2}";

/// sum_n exp(-(x + nL)^2/(2 xi^2)) over its value at 0; without a period the term n = 0.
double gaussian(double x, double period, double xi) {
  if (period == 0.0) return std::exp(-0.5 * x * x / (xi * xi));
  double sum = 0.0;
  double at_zero = 0.0;
  for (int n = -200; n <= 200; ++n) {
    const double image = (x + n * period) / xi;
    sum += std::exp(-0.5 * image * image);
    at_zero += std::exp(-0.5 * (n * period / xi) * (n * period / xi));
  }
  return sum / at_zero;
}

// The ensemble covariance of the kernels against the closed form, to 1e-10, at random places, with
// and without periods, for correlations far below and far above the distance of neighbours.
TEST(Gaussian, CovarianceOfTheKernelsIsExact) {
  test::Draw draw(3);
  for (const double xi : {0.2, 0.7, 1.5, 6.0}) {
    for (const Vector3& period : {Vector3{}, Vector3{0, 4, 7}, Vector3{0, 1.5, 0}}) {
      std::vector<Vector3> points;
      for (int k = 0; k < 12; ++k) {
        points.push_back({3.0 * draw.uniform(), 2.0 * draw.uniform(), 1.0 * (k % 2)});
      }
      const sample::CorrelatedField field(points, period, xi);
      for (std::size_t p = 0; p < points.size(); ++p) {
        for (std::size_t q = 0; q < points.size(); ++q) {
          const Vector3 d = points[p] - points[q];
          const double exact = gaussian(d[0], period[0], xi) * gaussian(d[1], period[1], xi) *
                               gaussian(d[2], period[2], xi);
          EXPECT_NEAR(field.covariance(p, q), exact, 1e-10) << xi;
        }
      }
    }
  }
}

/// Sample covariances of n realisations against strength^2 C: of normal numbers a product has the
/// variance C_pp C_qq + C_pq^2, so each estimate is that over n off. Thousands of pairs: 5 errors.
void expect_covariance(const std::string& model, const std::string& shape, const Vector3& period) {
  constexpr int n = 3000;
  constexpr double strength = 0.8;
  constexpr double xi = 1.3;
  const Sample sample =
      made(model, shape, "{kind: gaussian, strength: 0.8, correlation_length: 1.3}");
  const auto& r = sample.layout().site_positions;
  std::vector<std::vector<double>> drawn;
  for (int k = 0; k < n; ++k) drawn.push_back(test::random_energies(sample, k));
  double largest = 0.0;
  double mean_square = 0.0;
  std::size_t n_pairs = 0;
  for (std::size_t p = 0; p < r.size(); ++p) {
    double mean = 0.0;
    for (const auto& one : drawn) mean += one[p] / n;
    EXPECT_LT(std::abs(mean), 5.0 * strength / std::sqrt(n));
    for (std::size_t q = 0; q <= p; ++q) {
      double exact = strength * strength;
      for (std::size_t i = 0; i < 3; ++i) exact *= gaussian(r[p][i] - r[q][i], period[i], xi);
      double found = 0.0;
      for (const auto& one : drawn) found += one[p] * one[q] / n;
      const double error = std::sqrt((std::pow(strength, 4) + exact * exact) / n);
      const double off = (found - exact) / error;
      largest = std::max(largest, std::abs(off));
      mean_square += off * off;
      ++n_pairs;
    }
  }
  EXPECT_LT(largest, 5.0);
  // About 1, but the pairs of one realisation are not independent.
  EXPECT_GT(mean_square / static_cast<double>(n_pairs), 0.4);
  EXPECT_LT(mean_square / static_cast<double>(n_pairs), 2.0);
}

TEST(Gaussian, CovarianceOfSamples) {
  expect_covariance(square, "{length: 8, width: 6}", {});
  expect_covariance(square, "{length: 6, width: 5, boundary: periodic}", {0, 5, 0});
  expect_covariance("{name: simple_metal}",
                    "{length: 3, width: 4, thickness: 4, boundary: periodic}", {0, 4, 4});
  expect_covariance("{name: graphene}", "{length: 4, width: 2}", {});
}

// The energy of a site depends on where it is, not on the sample around it.
TEST(Gaussian, SampleAroundDoesNotMatter) {
  const std::string term = "{kind: gaussian, strength: 1, correlation_length: 2}";
  const Sample small = made(square, "{length: 6, width: 5}", term);
  const Sample large = made(square, "{length: 11, width: 9}", term);
  const auto in_small = test::random_energies(small, 7);
  const auto in_large = test::random_energies(large, 7);
  std::size_t n_shared = 0;
  for (std::size_t p = 0; p < in_small.size(); ++p) {
    for (std::size_t q = 0; q < in_large.size(); ++q) {
      if (small.layout().site_positions[p] != large.layout().site_positions[q]) continue;
      EXPECT_NEAR(in_small[p], in_large[q], 1e-11);
      ++n_shared;
    }
  }
  EXPECT_EQ(n_shared, in_small.size());
}

}  // namespace
}  // namespace edotb
