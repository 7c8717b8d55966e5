#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// A parameter of a model: where the search starts and where it may go.
struct Parameter {
  std::string name;
  double initial = 0.0;
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  /// With an error above this it counts as not determined; so it does above half of its range.
  double largest_error = std::numeric_limits<double>::infinity();
};

/// The best parameters of a model and how well the data know them.
struct Fit {
  std::vector<std::string> names;
  std::vector<double> values;
  /// One standard error of each value, the others free; infinite where the data do not determine it.
  std::vector<double> errors;
  /// Row-major [parameter][parameter], (J^T J)^-1 with J = d(f/s)/dp; zero where a parameter is not determined.
  std::vector<double> covariance;
  double chi_squared = 0.0;  ///< sum of the residuals' squares
  std::size_t n_data = 0;
  std::size_t rank = 0;           ///< how many combinations of the parameters the data know
  std::vector<double> residuals;  ///< (y - f)/s
  bool converged = false;
  /// False: the data do not fix the parameter. It changes the predictions not at all, or only together
  /// with another, or by so little that its error is wider than half of its allowed range, or above its largest error.
  std::vector<bool> determined;
  /// False: the data came without errors. Then s = 1, and errors and covariance are scaled so that
  /// chi^2 equals the degrees of freedom.
  bool has_data_errors = true;

  [[nodiscard]] double value(const std::string& name) const;
  [[nodiscard]] double error(const std::string& name) const;
  [[nodiscard]] bool is_determined(const std::string& name) const;
  [[nodiscard]] bool all_determined() const;
  /// n_data - rank.
  [[nodiscard]] std::size_t degrees_of_freedom() const;
  /// Probability of a chi^2 at least as large were the model true and the errors right; 1 without
  /// degrees of freedom or without errors of the data.
  [[nodiscard]] double probability() const;
  /// Akaike's and Schwarz' criteria up to a constant common to all models of the same data: -2 ln(likelihood)
  /// + 2 k and + k ln n, with -2 ln(likelihood) = chi^2, or n ln(chi^2/n) without errors of the data.
  [[nodiscard]] double aic() const;
  [[nodiscard]] double bic() const;
};

/// What a model predicts for every datum with parameters `p`.
using Model = std::function<void(std::span<const double> p, std::span<double> predictions)>;

/// Minimises sum_i ((y_i - f_i(p))/s_i)^2 between the parameters' bounds, by Levenberg and Marquardt
/// (Ceres) with central differences. `sigma` empty: errors unknown, all the same. The search sees each parameter
/// in units of its initial value, or of its range where that is zero. Throws bad_input for sizes that do not
/// fit, an error that is not positive or an initial value out of bounds, numerical_error when the model
/// is not finite at the start.
[[nodiscard]] Fit fit(const Model& model, std::span<const double> y, std::span<const double> sigma,
                      std::span<const Parameter> parameters);

}  // namespace edotb::analysis
