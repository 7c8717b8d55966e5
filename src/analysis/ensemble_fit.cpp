// With z = L^-1 y, the reference over its error and the differences to it over theirs, z has the correlation matrix R = L^-1 C L^-T. Parameters
// minimise |z - L^-1 f|^2; their covariance is M R M^T with M = (J^T J)^-1 J^T. Weights by R^-1 itself would pull laws below their readings
// where samples with a small effect scatter less. But chi^2 is by all correlations of the residuals r,
//     T^2 = min_d (r - J d)^T S^-1 (r - J d),
// S being R with its correlations shrunk (correlations.cpp), because R of few realisations is near to singular. As R is estimated, T^2 is
// Hotelling's: T^2 (v - m + 1)/(v m) is distributed as F(m, v - m + 1) with m degrees of freedom and v of S. chi^2 is what is as probable.
#include "ensemble_fit.hpp"

#include "edotb/analysis/correlations.hpp"
#include "edotb/linalg/dense.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edotb::analysis {

namespace {

/// df/dp: [parameter][reading].
using Slopes = std::vector<std::vector<double>>;

/// L^-1 with V = L L^T of the reference and the differences to it; without a reference of the readings.
class Differences {
 public:
  Differences(std::optional<std::size_t> reference, std::vector<double> errors)
      : reference_(reference), errors_(std::move(errors)) {}

  void apply(std::span<double> values) const {
    const double common = reference_ ? values[*reference_] : 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = (i == reference_ ? common : values[i] - common) / errors_[i];
    }
  }

  /// L^-1 C L^-T of a symmetric matrix.
  [[nodiscard]] std::vector<double> of_both_sides(std::vector<double> matrix) const {
    const std::size_t n = errors_.size();
    for (int side = 0; side < 2; ++side) {
      for (std::size_t i = 0; i < n; ++i) apply(std::span(matrix).subspan(i * n, n));
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < i; ++j) std::swap(matrix[i * n + j], matrix[j * n + i]);
      }
    }
    return matrix;
  }

 private:
  std::optional<std::size_t> reference_;
  std::vector<double> errors_;
};

/// Where the search begins, and how far it goes: lengths stay positive.
std::vector<Parameter> around(const Fit& fit) {
  std::vector<Parameter> parameters;
  parameters.reserve(fit.values.size());
  for (std::size_t i = 0; i < fit.values.size(); ++i) {
    parameters.push_back({fit.names[i], fit.values[i]});
    if (fit.names[i] == "l_phi") {
      constexpr double decades = 1e2;
      parameters.back().lower = fit.values[i] / decades;
      parameters.back().upper = fit.values[i] * decades;
    }
  }
  return parameters;
}

/// At the end of a fit, by central differences.
Slopes slopes_of(const Model& model, const Fit& fit, std::size_t n) {
  Slopes slopes;
  std::vector<double> above(n);
  std::vector<double> below(n);
  for (std::size_t k = 0; k < fit.values.size(); ++k) {
    const double step = 1e-5 * std::max(std::abs(fit.values[k]), 1e-12);
    std::vector<double> p = fit.values;
    p[k] = fit.values[k] + step;
    model(p, above);
    p[k] = fit.values[k] - step;
    model(p, below);
    std::vector<double>& slope = slopes.emplace_back(n);
    for (std::size_t i = 0; i < n; ++i) slope[i] = (above[i] - below[i]) / (2.0 * step);
  }
  return slopes;
}

/// M R M^T, where (J^T J)^-1 is the covariance that the fit has now.
void take_correlations(Fit& fit, const Slopes& slopes, const std::vector<double>& correlations) {
  const std::size_t n_parameters = fit.values.size();
  const std::size_t n = slopes.front().size();
  Slopes m(n_parameters, std::vector<double>(n, 0.0));
  for (std::size_t k = 0; k < n_parameters; ++k) {
    for (std::size_t l = 0; l < n_parameters; ++l) {
      const double factor = fit.covariance[k * n_parameters + l];
      for (std::size_t i = 0; i < n; ++i) m[k][i] += factor * slopes[l][i];
    }
  }
  for (std::size_t k = 0; k < n_parameters; ++k) {
    for (std::size_t l = 0; l < n_parameters; ++l) {
      double sum = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) sum += m[k][i] * correlations[i * n + j] * m[l][j];
      }
      fit.covariance[k * n_parameters + l] = sum;
    }
    fit.errors[k] = std::sqrt(fit.covariance[k * n_parameters + k]);
  }
}

/// The chi^2 that is as probable as Hotelling's T^2.
double as_chi_squared(double t_squared, double count, std::size_t n_free) {
  if (n_free == 0 || t_squared <= 0.0) return 0.0;
  const auto m = static_cast<double>(n_free);
  const double probability =
      boost::math::ibeta(0.5 * (count - m + 1.0), 0.5 * m, count / (count + t_squared));
  constexpr double smallest = 1e-300;
  return 2.0 * boost::math::gamma_q_inv(0.5 * m, std::max(probability, smallest));
}

/// min_d (r - J d)^T S^-1 (r - J d): what no direction of J, one made orthogonal to the others, takes away.
double least_square(const std::vector<double>& s, std::span<const double> residuals,
                    const Slopes& slopes) {
  const std::size_t n = residuals.size();
  std::vector<double> columns(residuals.begin(), residuals.end());
  for (const auto& slope : slopes) columns.insert(columns.end(), slope.begin(), slope.end());
  const std::vector<double> solved = linalg::solve_real(s, columns, n);
  // Both of a vector v and of S^-1 v, so that products by S^-1 are sums.
  struct Pair {
    std::vector<double> plain;
    std::vector<double> weighted;
  };
  const auto pair_at = [&](std::size_t k) {
    const auto part = [&](const std::vector<double>& all) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(k * n);
      return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(n));
    };
    return Pair{part(columns), part(solved)};
  };
  const auto product = [](const Pair& a, const Pair& b) {
    return std::inner_product(a.plain.begin(), a.plain.end(), b.weighted.begin(), 0.0);
  };
  const auto take_away = [&](Pair& from, const Pair& direction, double length) {
    const double share = product(from, direction) / length;
    for (std::size_t i = 0; i < n; ++i) {
      from.plain[i] -= share * direction.plain[i];
      from.weighted[i] -= share * direction.weighted[i];
    }
  };
  Pair left = pair_at(0);
  std::vector<std::pair<Pair, double>> directions;
  constexpr double smallest = 1e-14;
  for (std::size_t k = 1; k <= slopes.size(); ++k) {
    Pair direction = pair_at(k);
    const double whole = product(direction, direction);
    for (const auto& [other, length] : directions) take_away(direction, other, length);
    const double length = product(direction, direction);
    if (!(length > smallest * whole)) continue;
    take_away(left, direction, length);
    directions.emplace_back(std::move(direction), length);
  }
  return std::max(0.0, product(left, left));
}

}  // namespace

std::vector<double> EnsembleErrors::difference_errors() const {
  const auto n = static_cast<std::size_t>(std::lround(std::sqrt(covariance.size())));
  const auto c = [&](std::size_t i, std::size_t j) { return covariance[i * n + j]; };
  std::vector<double> errors;
  errors.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_difference = reference && i != *reference;
    const double square =
        is_difference ? c(i, i) - 2.0 * c(i, *reference) + c(*reference, *reference) : c(i, i);
    errors.push_back(std::sqrt(std::max(square, 0.0)));
  }
  return errors;
}

Fit ensemble_fit(const Model& model, std::span<const double> y, const EnsembleErrors& errors,
                 const Fit& start) {
  const std::vector<double> separate = errors.difference_errors();
  if (!std::all_of(separate.begin(), separate.end(), [](double e) { return e > 0.0; })) {
    return start;
  }
  const Differences differences(errors.reference, separate);
  std::vector<double> z(y.begin(), y.end());
  differences.apply(z);
  const Model whitened = [&](std::span<const double> p, std::span<double> f) {
    model(p, f);
    differences.apply(f);
  };
  Fit found = fit(whitened, z, std::vector<double>(y.size(), 1.0), around(start));
  const Slopes slopes = slopes_of(whitened, found, y.size());
  const std::vector<double> correlations = differences.of_both_sides(errors.covariance);
  if (found.all_determined()) take_correlations(found, slopes, correlations);
  const ShrunkCorrelations s =
      shrunk(correlations, errors.n_realisations, found.degrees_of_freedom());
  found.chi_squared = as_chi_squared(least_square(s.matrix, found.residuals, slopes), s.count,
                                     found.degrees_of_freedom());
  return found;
}

}  // namespace edotb::analysis
