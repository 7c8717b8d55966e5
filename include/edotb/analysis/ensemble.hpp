#pragma once

#include "edotb/measure/conductance_matrix.hpp"

#include <functional>
#include <span>
#include <vector>

namespace edotb::analysis {

using measure::Estimate;

/// A function of the means of several quantities, and its standard error by leaving out one sample after
/// another: s^2 = (n-1)/n sum_i (f_i - mean f)^2 (Quenouille, Tukey). `samples` is [quantity][sample]; the same
/// sample of all quantities is left out together, so that what they have in common cancels. Of one sample the
/// error is 0: that sample, exactly.
[[nodiscard]] Estimate jackknife(std::span<const std::vector<double>> samples,
                                 const std::function<double(std::span<const double> means)>& f);

/// The mean and its standard error, sqrt(variance/n).
[[nodiscard]] Estimate mean_of(const std::vector<double>& samples);

/// The variance of the samples, with the divisor n - 1, and its error by jackknife. Of one sample 0.
[[nodiscard]] Estimate variance_of(const std::vector<double>& samples);

/// The mean of the logarithms of positive samples, and its standard error.
[[nodiscard]] Estimate mean_log_of(const std::vector<double>& samples);

}  // namespace edotb::analysis
