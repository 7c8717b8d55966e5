// Change of a resistance in a field, R(B)/R(0) - 1, with its error.
#include "changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace edotb::analysis {

namespace {

constexpr double angle_tolerance = 1.0;  // deg

std::vector<Sample> samples_of_change(const Curve& curve, std::size_t reading, double change) {
  if (curve.samples.empty()) return {};
  const std::size_t zero = *zero_field_reading(curve, reading);
  const double mean = curve.readings[zero].value;
  std::map<std::int64_t, double> without;
  for (const Sample& sample : curve.samples[zero]) without[sample.realisation] = sample.value;
  std::vector<Sample> found;
  for (const Sample& sample : curve.samples[reading]) {
    const auto pair = without.find(sample.realisation);
    if (pair == without.end()) continue;
    found.push_back(
        {sample.realisation, change + (sample.value - (1.0 + change) * pair->second) / mean});
  }
  return found;
}

/// Of the realisations that all have; none where these are too few.
SampleRows rows_of_changes(std::span<const Change> changes) {
  std::vector<std::vector<Sample>> samples;
  for (const Change& change : changes) samples.push_back(change.samples);
  SampleRows rows = rows_of(samples);
  if (rows.size() < fewest_realisations) rows.clear();
  return rows;
}

}  // namespace

bool is_significant(const Estimate& estimate) {
  constexpr double n_errors = 3.0;
  constexpr double rounding = 1e-9;  // of exact numbers
  return std::abs(estimate.value) > std::max(n_errors * estimate.error, rounding);
}

Estimate ratio(const Estimate& value, const Estimate& other) {
  const double quotient = value.value / other.value;
  return {quotient, std::hypot(value.error / other.value, quotient * other.error / other.value)};
}

Whitening whitening_of(std::span<const Change> changes, double accuracy) {
  const std::vector<double> more(changes.size(), accuracy);
  const SampleRows rows = rows_of_changes(changes);
  if (!rows.empty()) return Whitening::of_means(rows, more);
  std::vector<double> errors;
  for (const Change& change : changes) errors.push_back(std::hypot(change.error, accuracy));
  return Whitening(std::move(errors));
}

Estimate ratio(const Change& change, const Change& other) {
  Estimate found = ratio(change.estimate(), other.estimate());
  const SampleRows rows = rows_of_changes(std::vector<Change>{change, other});
  if (rows.empty()) return found;
  const auto covariance = covariance_of_means(rows);
  const double square =
      covariance[0] - 2.0 * found.value * covariance[1] + found.value * found.value * covariance[3];
  found.error = std::sqrt(std::max(0.0, square)) / std::abs(other.value);
  return found;
}

double lowest_temperature(const Curve& curve) {
  double lowest = curve.readings.empty() ? 0.0 : curve.readings.front().temperature;
  for (const Reading& reading : curve.readings) lowest = std::min(lowest, reading.temperature);
  return lowest;
}

std::vector<Change> changes(const Curve& curve, double angle) {
  const double temperature = lowest_temperature(curve);
  const auto relative = magnetoresistance(curve);
  std::vector<Change> found;
  for (std::size_t i = 0; i < curve.readings.size(); ++i) {
    const Reading& reading = curve.readings[i];
    if (!relative[i] || reading.temperature != temperature || reading.field == 0.0 ||
        std::abs(reading.angle - angle) > angle_tolerance) {
      continue;
    }
    found.push_back(
        {relative[i]->value, relative[i]->error, reading.field, reading.angle,
         fmt::format("{}: B = 0 and {:g} {}, {:g} deg, T = {:g} {}", name_of(curve), reading.field,
                     curve.units.field, reading.angle, temperature, curve.units.temperature),
         samples_of_change(curve, i, relative[i]->value)});
  }
  std::sort(found.begin(), found.end(), [](const Change& one, const Change& other) {
    return std::abs(one.field) < std::abs(other.field);
  });
  return found;
}

std::optional<Change> last_change(const Curve& curve, double angle) {
  const auto all = changes(curve, angle);
  if (all.empty()) return std::nullopt;
  return all.back();
}

std::vector<double> angles_of(const Curve& curve) {
  std::vector<double> angles;
  for (const Reading& reading : curve.readings) {
    if (reading.field != 0.0) angles.push_back(reading.angle);
  }
  std::sort(angles.begin(), angles.end());
  angles.erase(std::unique(angles.begin(), angles.end()), angles.end());
  return angles;
}

bool is_longitudinal(const Curve& curve) {
  using measure::Kind;
  const Kind kind = curve.setup.kind;
  return curve.geometry.shape != "corbino" &&
         (kind == Kind::two_terminal || kind == Kind::four_probe || kind == Kind::spine ||
          kind == Kind::edge);
}

const Curve* reference_curve(std::span<const Curve> curves) {
  const Curve* best = nullptr;
  const auto rank = [](const Curve& curve) {
    return std::pair(curve.geometry.full_face_contacts, angles_of(curve).size());
  };
  for (const Curve& curve : curves) {
    if (is_longitudinal(curve) && (best == nullptr || rank(curve) > rank(*best))) best = &curve;
  }
  return best;
}

std::optional<Change> bar_change(std::span<const Curve> curves, bool full_face) {
  std::optional<Change> largest;
  for (const Curve& curve : curves) {
    if (!is_longitudinal(curve) || curve.geometry.full_face_contacts != full_face) continue;
    const auto change = last_change(curve, 0.0);
    if (change && (!largest || std::abs(change->value) > std::abs(largest->value))) {
      largest = change;
    }
  }
  return largest;
}

std::string name_of(const Curve& curve) {
  return curve.run.empty() ? curve.setup.name : curve.run + "/" + curve.setup.name;
}

}  // namespace edotb::analysis
