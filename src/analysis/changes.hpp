#pragma once

#include "edotb/analysis/curve.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// Farther from zero than three errors.
[[nodiscard]] bool is_significant(const Estimate& estimate);

/// R(B)/R(0) - 1 of one curve, at one angle and temperature.
struct Change {
  double value = 0.0;
  double error = 0.0;
  double field = 0.0;
  double angle = 0.0;
  std::string used;  ///< the readings, in words

  [[nodiscard]] Estimate estimate() const { return {value, error}; }
};

/// The lowest temperature of a curve.
[[nodiscard]] double lowest_temperature(const Curve& curve);

/// At every field but zero within 1 deg of `angle` at the lowest temperature, by rising field. Empty
/// where there is no R(0).
[[nodiscard]] std::vector<Change> changes(const Curve& curve, double angle);

/// The last of changes().
[[nodiscard]] std::optional<Change> last_change(const Curve& curve, double angle);

/// The angles at which a curve has readings in a field, ascending.
[[nodiscard]] std::vector<double> angles_of(const Curve& curve);

/// A resistance along the current of a bar, which a Hall voltage is not.
[[nodiscard]] bool is_longitudinal(const Curve& curve);

/// The curve that shows the material best: longitudinal, full-face contacts before small ones, more
/// angles before fewer; null without a longitudinal one.
[[nodiscard]] const Curve* reference_curve(std::span<const Curve> curves);

/// The largest change in the highest field along the current of bars with, or without, full-face contacts.
[[nodiscard]] std::optional<Change> bar_change(std::span<const Curve> curves, bool full_face);

/// value/other with its error.
[[nodiscard]] Estimate ratio(const Estimate& value, const Estimate& other);

/// "run/setup".
[[nodiscard]] std::string name_of(const Curve& curve);

}  // namespace edotb::analysis
