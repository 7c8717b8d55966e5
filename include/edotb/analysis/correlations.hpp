#pragma once

#include "edotb/analysis/curve.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace edotb::analysis {

/// Numbers by realisation: [realisation][number].
using SampleRows = std::vector<std::vector<double>>;

/// With fewer realisations in common the correlations of means are not estimated.
inline constexpr std::size_t fewest_realisations = 8;

/// The values of all these readings in the realisations that every one of them has, by rising realisation.
[[nodiscard]] SampleRows rows_of(std::span<const std::vector<Sample>> readings);

[[nodiscard]] std::vector<double> means_of(const SampleRows& rows);

/// Covariance matrix of the means over the realisations, row-major.
[[nodiscard]] std::vector<double> covariance_of_means(const SampleRows& rows);

/// A correlation matrix S = (1 - w) R + w, regular where R of few realisations is not.
struct ShrunkCorrelations {
  std::vector<double> matrix;  ///< row-major
  double count = 0.0;          ///< realisations but one that would give R as well as S is known
};

/// `correlations` R from n_realisations, w by Schaefer and Strimmer (top of the .cpp), and at least such that `count` is
/// 2 (n_free + 1) for n_free degrees of freedom.
[[nodiscard]] ShrunkCorrelations shrunk(std::vector<double> correlations,
                                        std::size_t n_realisations, std::size_t n_free);

/// Turns numbers of known errors and correlations into independent ones of unit error: C = L L^T, values -> L^-1 values.
class Whitening {
 public:
  /// Of independent numbers with these errors.
  explicit Whitening(std::vector<double> errors);
  /// Of numbers with these errors and a correlation matrix, which must be positive definite.
  Whitening(std::vector<double> errors, const std::vector<double>& correlations);
  /// Of means over realisations, to the squares of whose errors those of `more` are added. Errors are widened such that the mean sum of
  /// squares of the independent numbers is their number, as few realisations as there may be.
  [[nodiscard]] static Whitening of_means(const SampleRows& rows, std::span<const double> more);

  void apply(std::span<double> values) const;

 private:
  std::vector<double> errors_;
  std::vector<double> lower_;  ///< of the correlations, row-major; empty: independent
};

}  // namespace edotb::analysis
