#include "edotb/analysis/ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edotb::analysis {

namespace {

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

Estimate jackknife(std::span<const std::vector<double>> samples,
                   const std::function<double(std::span<const double> means)>& f) {
  const std::size_t n = samples.front().size();
  const auto count = static_cast<double>(n);
  std::vector<double> sums;
  for (const auto& quantity : samples) sums.push_back(sum_of(quantity));
  std::vector<double> means = sums;
  for (double& mean : means) mean /= count;
  Estimate estimate{f(means), 0.0};
  if (n < 2) return estimate;
  std::vector<double> without(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < sums.size(); ++k) {
      means[k] = (sums[k] - samples[k][i]) / (count - 1.0);
    }
    without[i] = f(means);
  }
  const double mean = sum_of(without) / count;
  double squares = 0.0;
  for (const double value : without) squares += (value - mean) * (value - mean);
  estimate.error = std::sqrt(squares * (count - 1.0) / count);
  return estimate;
}

Estimate mean_of(const std::vector<double>& samples) {
  return jackknife({&samples, 1}, [](std::span<const double> means) { return means[0]; });
}

Estimate variance_of(const std::vector<double>& samples) {
  const std::size_t n = samples.size();
  if (n < 2) return {};
  // Deviations from the mean, so that nothing is lost where the mean is large.
  const double mean = sum_of(samples) / static_cast<double>(n);
  std::vector<std::vector<double>> moments(2);
  for (const double x : samples) {
    moments[0].push_back(x - mean);
    moments[1].push_back((x - mean) * (x - mean));
  }
  const Estimate biased = jackknife(
      moments, [](std::span<const double> means) { return means[1] - means[0] * means[0]; });
  const double factor = static_cast<double>(n) / (static_cast<double>(n) - 1.0);
  return {factor * biased.value, factor * biased.error};
}

Estimate mean_log_of(const std::vector<double>& samples) {
  std::vector<double> logarithms(samples.size());
  std::transform(samples.begin(), samples.end(), logarithms.begin(),
                 [](double x) { return std::log(x); });
  return mean_of(logarithms);
}

}  // namespace edotb::analysis
