// Rows by the angle between field and current. rho(theta) = rho_perp - (rho_perp - rho_par) cos^2 theta of
// a uniform tensor: half width 45 deg; jetting is narrower, isotropic mechanisms do not turn.
#include "changes.hpp"
#include "evidence_rows.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <optional>

namespace edotb::analysis {

namespace {

constexpr double along = 0.0;
constexpr double across = 90.0;

/// The changes at the highest field, angle by angle, of the curve with full-face contacts, or of
/// another one with both ends of the range.
std::vector<Change> by_angle(std::span<const Curve> curves) {
  const Curve* curve = reference_curve(curves);
  std::vector<Change> found;
  if (curve == nullptr) return found;
  for (const double angle : angles_of(*curve)) {
    if (auto change = last_change(*curve, angle)) found.push_back(*change);
  }
  const bool both_ends = found.size() > 1 && std::abs(found.front().angle - along) < 1.0 &&
                         std::abs(found.back().angle - across) < 1.0;
  return both_ends ? found : std::vector<Change>{};
}

std::vector<std::string> used_by(const std::vector<Change>& changes) {
  std::vector<std::string> used;
  used.reserve(changes.size());
  for (const Change& change : changes) used.push_back(change.used);
  return used;
}

}  // namespace

std::vector<Row> isotropy_row(std::span<const Curve> curves) {
  const auto all = by_angle(curves);
  if (all.empty() || !is_significant(all.front().estimate())) return {};
  const Estimate share = ratio(all.back().estimate(), all.front().estimate());
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
  constexpr std::size_t fewest_angles = 4;
  const auto all = by_angle(curves);
  if (all.size() < fewest_angles) return {};
  const double span = all.back().value - all.front().value;
  if (std::abs(span) < 3.0 * std::hypot(all.back().error, all.front().error)) return {};
  const double middle = 0.5 * (all.back().value + all.front().value);
  for (std::size_t i = 1; i < all.size(); ++i) {
    const double before = all[i - 1].value - middle;
    const double after = all[i].value - middle;
    if (before * after > 0.0) continue;
    const double slope = (after - before) / (all[i].angle - all[i - 1].angle);
    Row row{.name = "half_width",
            .observable = "angle at which half of the change is left",
            .value = all[i - 1].angle - before / slope,
            .error =
                std::hypot(all[i - 1].error, all.back().error, all.front().error) / std::abs(slope),
            .unit = "deg",
            .used = used_by(all)};
    constexpr double of_cosine = 45.0;
    constexpr double interpolation = 3.0;  // deg, of a straight line between readings
    const double off = of_cosine - row.value;
    if (off > 3.0 * row.error + 2.0 * interpolation) {
      row.says = {Says::nothing, Says::nothing, Says::against, Says::supports};
      row.reading = "narrower than the 45 deg of a uniform tensor";
    } else if (std::abs(off) < 3.0 * row.error + interpolation) {
      row.says = {Says::nothing, Says::nothing, Says::supports, Says::against};
      row.reading = "as wide as a uniform tensor makes it (45 deg)";
    } else {
      row.reading = "fits none of them";
    }
    return {row};
  }
  return {};
}

std::vector<Row> cosine_row(std::span<const Curve> curves) {
  constexpr std::size_t fewest_angles = 3;
  const auto all = by_angle(curves);
  if (all.size() < fewest_angles) return {};
  // R/R(0) = p + q cos^2: a straight line in u = cos^2.
  double s = 0.0;
  double su = 0.0;
  double suu = 0.0;
  double sy = 0.0;
  double suy = 0.0;
  const auto square = [](const Change& change) {
    const double c = std::cos(change.angle * std::numbers::pi / 180.0);
    return c * c;
  };
  const auto weight_of = [](const Change& change) {
    constexpr double smallest = 1e-3;
    const double error = std::hypot(change.error, smallest);
    return 1.0 / (error * error);
  };
  for (const Change& change : all) {
    const double u = square(change);
    const double weight = weight_of(change);
    s += weight;
    su += weight * u;
    suu += weight * u * u;
    sy += weight * (1.0 + change.value);
    suy += weight * u * (1.0 + change.value);
  }
  const double determinant = s * suu - su * su;
  const double q = (s * suy - su * sy) / determinant;
  const double p = (sy - q * su) / s;
  double chi_square = 0.0;
  for (const Change& change : all) {
    const double off = 1.0 + change.value - p - q * square(change);
    chi_square += off * off * weight_of(change);
  }
  const double per_freedom = chi_square / static_cast<double>(all.size() - 2);
  Row row{.name = "cosine",
          .observable = "b in R = a (1 + b cos^2)",
          .value = q / p,
          .error = std::sqrt(s / determinant) / std::abs(p),
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

std::vector<Row> circle_row(std::span<const Curve> curves) {
  const auto all = by_angle(curves);
  if (all.empty()) return {};
  const double parallel = std::abs(all.front().value);
  const double perpendicular = std::abs(all.back().value);
  const double sum = parallel + perpendicular;
  if (!is_significant(all.front().estimate()) && !is_significant(all.back().estimate())) return {};
  Row row{.name = "circle",
          .observable = "share of rho_perp in the movement of the planar Hall circle's edges",
          .value = perpendicular / sum,
          .error = std::hypot(parallel * all.back().error, perpendicular * all.front().error) /
                   (sum * sum),
          .unit = "1",
          .used = {all.front().used, all.back().used}};
  if (row.value + 3.0 * row.error < 0.5) {
    row.says = {Says::nothing, Says::nothing, Says::supports, Says::nothing};
    row.reading = "the edge rho_par moves more";
  } else if (row.value - 3.0 * row.error > 0.5) {
    row.says = {Says::nothing, Says::nothing, Says::nothing, Says::supports};
    row.reading = "the edge rho_perp moves more: what mobility does, and jetting needs";
  } else {
    row.reading = "both edges move";
  }
  return {row};
}

}  // namespace edotb::analysis
