// chi^2(p) = sum_i ((y_i - f_i(p))/s_i)^2, J_ij = d(f_i/s_i)/dp_j, covariance = (J^T J)^-1.
#include "edotb/analysis/least_squares.hpp"

#include "edotb/base/error.hpp"
#include "edotb/linalg/dense.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <ceres/ceres.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::analysis {

namespace {

/// The weighted model in parameters q = p / scale, which are of order one.
class Problem {
 public:
  Problem(const Model& model, std::span<const double> y, std::span<const double> sigma,
          std::span<const Parameter> parameters)
      : model_(model), y_(y), sigma_(sigma) {
    for (const Parameter& parameter : parameters) {
      const double range = parameter.upper - parameter.lower;
      const double scale = parameter.initial != 0.0 ? std::abs(parameter.initial)
                           : std::isfinite(range)   ? range
                                                    : 1.0;
      scale_.push_back(scale);
      lower_.push_back(parameter.lower / scale);
      upper_.push_back(parameter.upper / scale);
      start_.push_back(parameter.initial / scale);
    }
  }

  [[nodiscard]] std::size_t n_data() const { return y_.size(); }
  [[nodiscard]] std::size_t n_parameters() const { return scale_.size(); }
  [[nodiscard]] const std::vector<double>& start() const { return start_; }
  [[nodiscard]] const std::vector<double>& lower() const { return lower_; }
  [[nodiscard]] const std::vector<double>& upper() const { return upper_; }
  [[nodiscard]] double scale(std::size_t j) const { return scale_[j]; }

  /// (f - y)/s; false where the model is not finite.
  bool residuals(std::span<const double> q, std::span<double> r) const {
    std::vector<double> p(q.begin(), q.end());
    for (std::size_t j = 0; j < p.size(); ++j) p[j] *= scale_[j];
    model_(p, r);
    for (std::size_t i = 0; i < r.size(); ++i) {
      r[i] -= y_[i];
      if (!sigma_.empty()) r[i] /= sigma_[i];
      if (!std::isfinite(r[i])) return false;
    }
    return true;
  }

  /// dr_i/dq_j row-major, by central differences (at a bound one-sided).
  bool jacobian(std::span<const double> q, std::span<double> j_matrix) const {
    constexpr double relative_step = 1e-5;
    std::vector<double> moved(q.begin(), q.end());
    std::vector<double> above(n_data());
    std::vector<double> below(n_data());
    for (std::size_t j = 0; j < n_parameters(); ++j) {
      const double step = relative_step * std::max(std::abs(q[j]), 1e-2);
      const double up = std::min(q[j] + step, upper_[j]);
      const double down = std::max(q[j] - step, lower_[j]);
      moved[j] = up;
      if (!residuals(moved, above)) return false;
      moved[j] = down;
      if (!residuals(moved, below)) return false;
      moved[j] = q[j];
      for (std::size_t i = 0; i < n_data(); ++i) {
        j_matrix[i * n_parameters() + j] = (above[i] - below[i]) / (up - down);
      }
    }
    return true;
  }

 private:
  const Model& model_;
  std::span<const double> y_;
  std::span<const double> sigma_;
  std::vector<double> scale_;
  std::vector<double> lower_;
  std::vector<double> upper_;
  std::vector<double> start_;
};

/// The problem as Ceres wants it.
class Residuals : public ceres::CostFunction {
 public:
  explicit Residuals(const Problem& problem) : problem_(problem) {
    set_num_residuals(static_cast<int>(problem.n_data()));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(problem.n_parameters()));
  }
  bool Evaluate(const double* const* q, double* r,
                double** j) const override {  // NOLINT(readability-identifier-naming)
    const std::span<const double> at(q[0], problem_.n_parameters());
    if (!problem_.residuals(at, {r, problem_.n_data()})) return false;
    if (j == nullptr || j[0] == nullptr) return true;
    return problem_.jacobian(at, {j[0], problem_.n_data() * problem_.n_parameters()});
  }

 private:
  const Problem& problem_;
};

bool minimise(const Problem& problem, std::vector<double>& q) {
  ceres::Problem search;
  search.AddResidualBlock(new Residuals(problem), nullptr, q.data());  // Ceres owns it
  for (std::size_t j = 0; j < q.size(); ++j) {
    const int index = static_cast<int>(j);
    if (std::isfinite(problem.lower()[j])) {
      search.SetParameterLowerBound(q.data(), index, problem.lower()[j]);
    }
    if (std::isfinite(problem.upper()[j])) {
      search.SetParameterUpperBound(q.data(), index, problem.upper()[j]);
    }
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.logging_type = ceres::SILENT;
  options.max_num_iterations = 300;
  options.initial_trust_region_radius =
      1.0;  // from afar, Gauss and Newton's steps end at the bounds
  options.function_tolerance = 1e-15;
  options.gradient_tolerance = 1e-14;
  options.parameter_tolerance = 1e-12;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &search, &summary);
  return summary.termination_type == ceres::CONVERGENCE;
}

void check(std::span<const double> y, std::span<const double> sigma,
           std::span<const Parameter> parameters) {
  if (y.empty() || parameters.empty()) throw bad_input("a fit needs data and parameters");
  if (!sigma.empty() && sigma.size() != y.size()) {
    throw bad_input(fmt::format("{} errors for {} data", sigma.size(), y.size()));
  }
  for (const double s : sigma) {
    if (!(s > 0.0)) throw bad_input(fmt::format("the error {} of a datum is not positive", s));
  }
  for (const Parameter& p : parameters) {
    if (!(p.lower <= p.initial && p.initial <= p.upper && p.lower < p.upper)) {
      throw bad_input(fmt::format("parameter {}: {} is not between its bounds {} and {}", p.name,
                                  p.initial, p.lower, p.upper));
    }
  }
}

double error_limit(const Parameter& parameter) {
  return std::min(0.5 * (parameter.upper - parameter.lower), parameter.largest_error);
}

/// Errors, covariance and `determined` of a fit from the Jacobian at its minimum. Directions in which the
/// predictions do not change are found by the singular values of J with columns of length one.
void judge(const Problem& problem, const std::vector<double>& q,
           std::span<const Parameter> parameters, Fit& fit) {
  constexpr double smallest_singular_value = 1e-7;
  constexpr double smallest_share = 1e-3;  // of a parameter in a direction that is not determined
  const std::size_t n = problem.n_data();
  const std::size_t m = problem.n_parameters();
  std::vector<double> j_matrix(n * m);
  if (!problem.jacobian(q, j_matrix))
    throw numerical_error("the model is not finite at its best fit");

  const double n_free = n > m ? static_cast<double>(n - m) : 1.0;
  const double unit = fit.has_data_errors ? 1.0 : fit.chi_squared / n_free;
  std::vector<double> length(m, 0.0);
  for (std::size_t i = 0; i < n * m; ++i) length[i % m] = std::hypot(length[i % m], j_matrix[i]);
  for (std::size_t j = 0; j < m; ++j) {
    // No error is below 1/length: such a parameter has no effect but rounding's.
    const double limit = error_limit(parameters[j]) / problem.scale(j);
    if (std::sqrt(unit) > limit * length[j]) length[j] = 0.0;
  }
  linalg::Matrix columns(std::max(n, m), m);  // rows of zeros below, so that V is square
  for (std::size_t i = 0; i < n * m; ++i) {
    if (length[i % m] > 0.0) columns(i / m, i % m) = j_matrix[i] / length[i % m];
  }
  const linalg::SingularValues svd = linalg::singular_values(columns);

  fit.rank = static_cast<std::size_t>(std::count_if(svd.s.begin(), svd.s.end(), [&](double s) {
    return s > smallest_singular_value * svd.s[0];
  }));
  fit.determined.assign(m, true);
  fit.covariance.assign(m * m, 0.0);
  for (std::size_t k = 0; k < m; ++k) {
    const bool flat = k >= fit.rank;
    for (std::size_t a = 0; a < m; ++a) {
      if (flat && std::abs(svd.v(a, k)) > smallest_share) fit.determined[a] = false;
      for (std::size_t b = 0; b < m && !flat; ++b) {
        if (length[a] == 0.0 || length[b] == 0.0) continue;
        const double per_lengths =
            (svd.v(a, k) * std::conj(svd.v(b, k))).real() / (svd.s[k] * svd.s[k]);
        fit.covariance[a * m + b] +=
            unit * per_lengths * problem.scale(a) * problem.scale(b) / (length[a] * length[b]);
      }
    }
  }
  fit.errors.resize(m);
  for (std::size_t a = 0; a < m; ++a) {
    fit.errors[a] = std::sqrt(fit.covariance[a * m + a]);
    const bool is_wide = fit.errors[a] > error_limit(parameters[a]);
    if (length[a] == 0.0 || is_wide) fit.determined[a] = false;
    if (!fit.determined[a]) fit.errors[a] = std::numeric_limits<double>::infinity();
  }
  for (std::size_t i = 0; i < m * m; ++i) {
    if (!fit.determined[i / m] || !fit.determined[i % m]) fit.covariance[i] = 0.0;
  }
}

std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw internal_error("a fit has no parameter " + name);
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

double Fit::value(const std::string& name) const { return values[index_of(names, name)]; }
double Fit::error(const std::string& name) const { return errors[index_of(names, name)]; }
bool Fit::is_determined(const std::string& name) const { return determined[index_of(names, name)]; }
bool Fit::all_determined() const {
  return std::all_of(determined.begin(), determined.end(), [](bool d) { return d; });
}

std::size_t Fit::degrees_of_freedom() const { return n_data - rank; }

double Fit::probability() const {
  if (degrees_of_freedom() == 0 || !has_data_errors) return 1.0;
  return boost::math::gamma_q(0.5 * static_cast<double>(degrees_of_freedom()), 0.5 * chi_squared);
}

double Fit::aic() const {
  const auto n = static_cast<double>(n_data);
  // A law through every reading has no scatter; the logarithm of it stays finite.
  const double scatter = std::max(chi_squared / n, std::numeric_limits<double>::min());
  const double deviance = has_data_errors ? chi_squared : n * std::log(scatter);
  return deviance + 2.0 * static_cast<double>(names.size());
}

double Fit::bic() const {
  const auto k = static_cast<double>(names.size());
  return aic() + k * (std::log(static_cast<double>(n_data)) - 2.0);
}

Fit fit(const Model& model, std::span<const double> y, std::span<const double> sigma,
        std::span<const Parameter> parameters) {
  check(y, sigma, parameters);
  const Problem problem(model, y, sigma, parameters);
  Fit fit;
  fit.n_data = y.size();
  fit.has_data_errors = !sigma.empty();
  fit.residuals.resize(y.size());
  std::vector<double> q = problem.start();
  if (!problem.residuals(q, fit.residuals)) {
    throw numerical_error("the model is not finite at the initial parameters");
  }
  fit.converged = minimise(problem, q);
  problem.residuals(q, fit.residuals);
  for (double& r : fit.residuals) {
    fit.chi_squared += r * r;
    r = -r;
  }
  for (std::size_t j = 0; j < q.size(); ++j) {
    fit.names.push_back(parameters[j].name);
    // A bound divided by the scale and multiplied by it need not be the bound.
    fit.values.push_back(
        std::clamp(q[j] * problem.scale(j), parameters[j].lower, parameters[j].upper));
  }
  judge(problem, q, parameters, fit);
  return fit;
}

}  // namespace edotb::analysis
