// Rows by the angle between field and current. rho(theta) = rho_perp - (rho_perp - rho_par) cos^2 theta of
// a uniform tensor: half width 45 deg; jetting is narrower, isotropic mechanisms do not turn.
#include "changes.hpp"
#include "edotb/analysis/least_squares.hpp"
#include "evidence_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <set>

namespace edotb::analysis {

namespace {

constexpr double along = 0.0;
constexpr double across = 90.0;

double cosine_squared(double degrees) {
  const double c = std::cos(degrees * std::numbers::pi / 180.0);
  return c * c;
}

/// Farthest from 0 and 90 deg that readings along and across the field may be.
constexpr double near = 1.0;
constexpr double rounding = 1e-9;

bool spans_the_range(const std::vector<Change>& all) {
  return all.size() > 1 && std::abs(all.front().angle - along) < near &&
         std::abs(all.back().angle - across) < near;
}

/// The changes of a curve in one field, by rising angle; none unless they reach from 0 to 90 deg.
std::vector<Change> at_all_angles(const Curve& curve, double field) {
  std::vector<Change> found;
  for (const double angle : angles_of(curve)) {
    const auto all = changes(curve, angle);
    const auto here = std::find_if(all.begin(), all.end(), [&](const Change& change) {
      return std::abs(change.field) == field;
    });
    if (here != all.end()) found.push_back(*here);
  }
  return spans_the_range(found) ? found : std::vector<Change>{};
}

double highest_field(const Curve& curve) {
  double highest = 0.0;
  for (const Reading& reading : curve.readings)
    highest = std::max(highest, std::abs(reading.field));
  return highest;
}

struct HalfWidth {
  double value = 0.0;          ///< deg
  double error = 0.0;          ///< by those of the readings
  double interpolation = 0.0;  ///< against a straight line in cos^2 between the readings
  double uniform = 0.0;        ///< deg, of a uniform tensor with the same changes at 0 and 90 deg
};

double angle_of_cosine_squared(double square) {
  return std::acos(std::sqrt(std::clamp(square, 0.0, 1.0))) * 180.0 / std::numbers::pi;
}

/// What is left of a peak at the field along the current, of `all` changes from 0 to 90 deg: half of the change without a field, or, of
/// full-face contacts, halfway to the change across the field, which is at 45 deg for every tensor.
enum class Half { of_the_change, of_the_way };

/// Where half is left; none where the change is not clear of its errors, or half of it is left everywhere.
std::optional<HalfWidth> half_width_of(const std::vector<Change>& all, Half half) {
  constexpr std::size_t fewest_angles = 4;
  if (all.size() < fewest_angles) return std::nullopt;
  const Change& peak = all.front();
  const bool whole = half == Half::of_the_change;
  const double end = whole ? 0.0 : all.back().value;
  const double end_error = whole ? 0.0 : all.back().error;
  if (std::abs(peak.value - end) <= std::max(3.0 * std::hypot(peak.error, end_error), rounding)) {
    return std::nullopt;
  }
  const double middle = 0.5 * (peak.value + end);
  for (std::size_t i = 1; i < all.size(); ++i) {
    const double before = all[i - 1].value - middle;
    const double after = all[i].value - middle;
    if (before * after > 0.0) continue;
    const double step = all[i].angle - all[i - 1].angle;
    const double share = before / (before - after);
    const double slope = (after - before) / step;
    const double value = all[i - 1].angle + share * step;
    const double in_cosine =
        (1.0 - share) * cosine_squared(all[i - 1].angle) + share * cosine_squared(all[i].angle);
    const double across_it = all.back().value;
    return HalfWidth{value, std::hypot(all[i - 1].error, end_error, peak.error) / std::abs(slope),
                     std::abs(value - angle_of_cosine_squared(in_cosine)),
                     angle_of_cosine_squared((middle - across_it) / (peak.value - across_it))};
  }
  return std::nullopt;
}

/// A curve whose peak may be narrow, and what half of it is.
struct Peak {
  const Curve* curve = nullptr;
  Half half = Half::of_the_change;
};

/// Of the curves with small contacts, whose current may change its path, the one that falls most; without one of enough angles, the reference curve.
Peak peak_of(std::span<const Curve> curves) {
  constexpr std::size_t fewest_angles = 4;
  Peak best;
  double lowest = 0.0;
  for (const Curve& curve : curves) {
    if (!is_longitudinal(curve) || curve.geometry.full_face_contacts) continue;
    if (angles_of(curve).size() < fewest_angles) continue;
    const auto change = last_change(curve, along);
    if (change && (best.curve == nullptr || change->value < lowest)) {
      best.curve = &curve;
      lowest = change->value;
    }
  }
  return best.curve != nullptr ? best : Peak{reference_curve(curves), Half::of_the_way};
}

std::vector<std::string> used_by(const std::vector<Change>& changes) {
  std::vector<std::string> used;
  used.reserve(changes.size());
  for (const Change& change : changes) used.push_back(change.used);
  return used;
}

}  // namespace

std::vector<Change> changes_by_angle(std::span<const Curve> curves) {
  const Curve* curve = reference_curve(curves);
  std::vector<Change> found;
  if (curve == nullptr) return found;
  for (const double angle : angles_of(*curve)) {
    if (auto change = last_change(*curve, angle)) found.push_back(*change);
  }
  return spans_the_range(found) ? found : std::vector<Change>{};
}

std::vector<Row> isotropy_row(std::span<const Curve> curves) {
  const auto all = changes_by_angle(curves);
  if (all.empty() || !is_significant(all.front().estimate())) return {};
  const Estimate share = ratio(all.back(), all.front());
  Row row{.name = "isotropy",
          .observable = "change at 90 deg over that at 0 deg",
          .value = share.value,
          .error = share.error,
          .unit = "1",
          .used = {all.front().used, all.back().used}};
  constexpr double isotropic_within = 0.1;
  const double off = std::abs(share.value - 1.0);
  if (off + share.error < 2.0 * isotropic_within && off < isotropic_within + share.error) {
    row.says = {Says::supports, Says::supports, Says::against, Says::against};
    row.reading = "the same along and across: isotropic";
  } else if (off > isotropic_within + 3.0 * share.error) {
    row.says = {Says::against, Says::against, Says::supports, Says::supports};
    row.reading = "depends on the angle: not an isotropic mechanism alone";
  } else {
    row.reading = "too uncertain to tell isotropic from not";
  }
  return {row};
}

std::vector<Row> half_width_row(std::span<const Curve> curves) {
  // Contacts over the full faces show the material; else what turns with the field is the current's path too.
  const Curve* reference = reference_curve(curves);
  if (reference == nullptr) return {};
  const Peak peak =
      reference->geometry.full_face_contacts ? Peak{reference, Half::of_the_way} : peak_of(curves);
  const auto all = at_all_angles(*peak.curve, highest_field(*peak.curve));
  const auto width = half_width_of(all, peak.half);
  if (!width) return {};
  Row row{.name = "half_width",
          .observable = "angle at which half of the change is left",
          .value = width->value,
          .error = width->error,
          .unit = "deg",
          .used = used_by(all)};
  constexpr double same_within = 0.07;
  const double off = std::abs(row.value - width->uniform);
  const double unsure = 3.0 * row.error + 2.0 * width->interpolation + same_within * width->uniform;
  row.reading =
      fmt::format("{:.3g} deg (exact) of a uniform tensor with these ends", width->uniform);
  if (off > 2.0 * unsure) {
    row.says = {Says::nothing, Says::nothing, Says::against, Says::supports};
    row.reading = fmt::format("{} than {}", row.value < width->uniform ? "narrower" : "wider",
                              "the " + row.reading);
  } else if (off < unsure) {
    row.says = {Says::nothing, Says::nothing, Says::supports, Says::against};
    row.reading = "as wide as the " + row.reading;
  } else {
    row.reading = "not clear of the " + row.reading;
  }
  return {row};
}

std::vector<Row> narrowing_row(std::span<const Curve> curves) {
  const Peak peak = peak_of(curves);
  const Curve* curve = peak.curve;
  if (curve == nullptr) return {};
  std::set<double> fields;
  for (const Reading& reading : curve->readings) fields.insert(std::abs(reading.field));
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> uniform;
  std::vector<double> sigma;
  std::vector<std::string> used;
  for (const double field : fields) {
    const auto all = at_all_angles(*curve, field);
    const auto width = half_width_of(all, peak.half);
    if (!width) continue;
    x.push_back(std::log(field));
    y.push_back(std::log(width->value));
    uniform.push_back(std::log(width->uniform));
    sigma.push_back(
        std::max(std::hypot(width->error, width->interpolation) / width->value, rounding));
    used.push_back(fmt::format("{}: half width {:.3g} deg at {:g} {}", name_of(*curve),
                               width->value, field, curve->units.field));
  }
  if (x.size() < 2) return {};
  const Model line = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = p[0] + p[1] * (x[i] - x.back());
  };
  const std::vector<Parameter> parameters = {{"ln width", y.back()}, {"power", 0.0}};
  const Fit found = fit(line, y, sigma, parameters);
  if (!found.all_determined()) return {};
  const double tensors = fit(line, uniform, sigma, parameters).value("power");
  // No power law holds over all fields: what it misses widens the error.
  const auto n_free = static_cast<double>(std::max<std::size_t>(1, found.degrees_of_freedom()));
  Row row{.name = "narrowing",
          .observable = "power of the field in the half width, d ln(width)/d ln(B)",
          .value = found.value("power"),
          .error = found.error("power") * std::sqrt(std::max(1.0, found.chi_squared / n_free)),
          .unit = "1",
          .used = std::move(used)};
  constexpr double same_within = 0.1;
  const double off = std::abs(row.value - tensors);
  row.reading = fmt::format("the {:.2g} (exact) of a uniform tensor with the same ends", tensors);
  if (off > 3.0 * row.error + same_within) {
    row.says = {Says::nothing, Says::nothing, Says::against, Says::supports};
    row.reading = "not " + row.reading;
  } else if (row.error < same_within) {
    row.says = {Says::nothing, Says::nothing, Says::supports, Says::nothing};
    row.reading = "like " + row.reading;
  } else {
    row.reading = "not clear of " + row.reading;
  }
  return {row};
}

std::vector<Row> cosine_row(std::span<const Curve> curves) {
  constexpr std::size_t fewest_angles = 3;
  const auto all = changes_by_angle(curves);
  if (all.size() < fewest_angles) return {};
  constexpr double accuracy = 1e-3;  // of computed resistances
  const Whitening whitening = whitening_of(all, accuracy);
  std::vector<double> y;
  y.reserve(all.size());
  for (const Change& change : all) y.push_back(1.0 + change.value);
  const std::array ends = {all.back().value, all.front().value};
  whitening.apply(y);
  const Model line = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = p[0] + p[1] * cosine_squared(all[i].angle);
    whitening.apply(f);
  };
  const Fit found = fit(line, y, std::vector<double>(y.size(), 1.0),
                        std::vector<Parameter>{{"p", 1.0 + ends[0]}, {"q", ends[1] - ends[0]}});
  const double p = found.value("p");
  const double b = found.value("q") / p;
  const double square =
      found.covariance[3] - 2.0 * b * found.covariance[1] + b * b * found.covariance[0];
  const double per_freedom = found.chi_squared / static_cast<double>(all.size() - 2);
  Row row{.name = "cosine",
          .observable = "b in R = a (1 + b cos^2)",
          .value = b,
          .error = std::sqrt(std::max(0.0, square)) / std::abs(p),
          .unit = "1",
          .used = used_by(all)};
  constexpr double good = 3.0;
  constexpr double bad = 6.0;
  const bool turns = std::abs(row.value) > 3.0 * row.error;
  row.reading = fmt::format("chi^2 per degree of freedom {:.2g}", per_freedom);
  if (turns && per_freedom < good) {
    row.says = {Says::nothing, Says::nothing, Says::supports, Says::nothing};
    row.reading += ": a uniform tensor";
  } else if (per_freedom > bad) {
    row.says = {Says::nothing, Says::nothing, Says::against, Says::supports};
    row.reading += ": not cos^2";
  }
  return {row};
}

}  // namespace edotb::analysis
