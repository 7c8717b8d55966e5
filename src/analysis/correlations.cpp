// R of n realisations is near to singular for many readings. Its correlations are shrunk,
//     S = (1 - w) R + w,   w = sum_ij var(R_ij) / sum_ij R_ij^2,  i != j,   var(R_ij) = (1 - R_ij^2)^2/(n - 1)
// (Schaefer and Strimmer, Stat. Appl. Genet. Mol. Biol. 4, 32 (2005)), and S is as well known as R of v + 1 realisations, v = (n - 1)/(1 - w)^2.
// By S, estimated, the sum of squares of p numbers is Hotelling's T^2, the mean of which is p v/(v - p - 1) instead of p: errors are widened by that.
#include "edotb/analysis/correlations.hpp"

#include "edotb/linalg/dense.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace edotb::analysis {

SampleRows rows_of(std::span<const std::vector<Sample>> readings) {
  std::map<std::int64_t, std::vector<double>> by_realisation;
  for (const auto& samples : readings) {
    for (const Sample& sample : samples) by_realisation[sample.realisation].push_back(sample.value);
  }
  SampleRows rows;
  for (auto& [number, row] : by_realisation) {
    if (row.size() == readings.size()) rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<double> means_of(const SampleRows& rows) {
  std::vector<double> means(rows.empty() ? 0 : rows.front().size(), 0.0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += row[i];
  }
  for (double& mean : means) mean /= static_cast<double>(rows.size());
  return means;
}

std::vector<double> covariance_of_means(const SampleRows& rows) {
  const std::vector<double> means = means_of(rows);
  const std::size_t p = means.size();
  const auto n = static_cast<double>(rows.size());
  std::vector<double> covariance(p * p, 0.0);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0.0;
      for (const auto& row : rows) sum += (row[i] - means[i]) * (row[j] - means[j]);
      covariance[i * p + j] = covariance[j * p + i] = sum / (n * (n - 1.0));
    }
  }
  return covariance;
}

ShrunkCorrelations shrunk(std::vector<double> correlations, std::size_t n_realisations,
                          std::size_t n_free) {
  const auto n = static_cast<std::size_t>(std::lround(std::sqrt(correlations.size())));
  const double count = static_cast<double>(n_realisations) - 1.0;
  double uncertain = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < n * n; ++i) {
    if (i % (n + 1) == 0) continue;
    const double square = correlations[i] * correlations[i];
    squares += square;
    uncertain += (1.0 - square) * (1.0 - square) / count;
  }
  // What two readings have exactly in common must not make S singular, nor a weight of one v infinite.
  constexpr double smallest = 1e-6;
  const double least = 1.0 - std::sqrt(count / (2.0 * static_cast<double>(n_free) + 2.0));
  const double weight = std::clamp(squares > 0.0 ? uncertain / squares : 1.0,
                                   std::max(smallest, least), 1.0 - smallest);
  for (std::size_t i = 0; i < n * n; ++i) {
    if (i % (n + 1) != 0) correlations[i] *= 1.0 - weight;
  }
  return {std::move(correlations), count / ((1.0 - weight) * (1.0 - weight))};
}

Whitening::Whitening(std::vector<double> errors) : errors_(std::move(errors)) {}

Whitening::Whitening(std::vector<double> errors, const std::vector<double>& correlations)
    : errors_(std::move(errors)), lower_(linalg::cholesky_real(correlations, errors_.size())) {}

Whitening Whitening::of_means(const SampleRows& rows, std::span<const double> more) {
  const std::size_t n = more.size();
  std::vector<double> matrix = covariance_of_means(rows);
  std::vector<double> errors;
  errors.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    errors.push_back(std::hypot(std::sqrt(matrix[i * n + i]), more[i]));
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      matrix[i * n + j] = i == j ? 1.0 : matrix[i * n + j] / (errors[i] * errors[j]);
    }
  }
  const ShrunkCorrelations s = shrunk(std::move(matrix), rows.size(), n);
  const double widening = std::sqrt(s.count / (s.count - static_cast<double>(n) - 1.0));
  for (double& error : errors) error *= widening;
  return {std::move(errors), s.matrix};
}

void Whitening::apply(std::span<double> values) const {
  const std::size_t n = errors_.size();
  for (std::size_t i = 0; i < n; ++i) {
    values[i] /= errors_[i];
    if (lower_.empty()) continue;
    for (std::size_t j = 0; j < i; ++j) values[i] -= lower_[i * n + j] * values[j];
    values[i] /= lower_[i * n + i];
  }
}

}  // namespace edotb::analysis
