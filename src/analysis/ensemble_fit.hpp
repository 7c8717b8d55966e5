#pragma once

#include "edotb/analysis/least_squares.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace edotb::analysis {

/// What an ensemble knows of the means y_i of its readings, which all come from the same realisations.
struct EnsembleErrors {
  std::vector<double> covariance;  ///< C_ij of the means, row-major
  std::size_t n_realisations = 0;  ///< from which C is estimated
  /// The reading to which differences are taken; none: of readings of several setups.
  std::optional<std::size_t> reference;

  /// Of y_i - y_reference; at the reference itself, or without one, the error of y.
  [[nodiscard]] std::vector<double> difference_errors() const;
};

/// The best parameters of a model of y from `start` on, the errors of which they have by the covariance matrix of the means.
/// chi^2 is that of all correlations (top of the .cpp); the residuals are those of the reference and of the differences to it, or of the
/// readings, each over its own error. Returns `start` where a difference has no error.
[[nodiscard]] Fit ensemble_fit(const Model& model, std::span<const double> y,
                               const EnsembleErrors& errors, const Fit& start);

}  // namespace edotb::analysis
