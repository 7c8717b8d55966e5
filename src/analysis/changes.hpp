#pragma once

#include "edotb/analysis/correlations.hpp"
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
  /// Of an ensemble: value + [R_r(B) - (1 + value) R_r(0)]/R(0) of each realisation r, the mean of which is the value.
  std::vector<Sample> samples = {};

  [[nodiscard]] Estimate estimate() const { return {value, error}; }
};

/// The lowest temperature of a curve.
[[nodiscard]] double lowest_temperature(const Curve& curve);

/// At every field but zero within 1 deg of `angle` at the lowest temperature, by rising field. Empty
/// where there is no R(0).
[[nodiscard]] std::vector<Change> changes(const Curve& curve, double angle);

/// How well changes are known together: by their samples where they have enough realisations in common, else as independent. To the squares of
/// their errors that of `accuracy` is added.
[[nodiscard]] Whitening whitening_of(std::span<const Change> changes, double accuracy);

/// change/other with its error, by the samples of both where they have enough realisations in common.
[[nodiscard]] Estimate ratio(const Change& change, const Change& other);

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
