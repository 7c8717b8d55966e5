// Rows of the planar Hall effect: rho_xx = rho_perp - d cos^2, rho_xy = -d sin cos with d = rho_perp - rho_par lie on a circle between rho_par
// and rho_perp; which of its edges moves as the field grows tells what the field changes.
#include "changes.hpp"
#include "edotb/analysis/fits.hpp"
#include "evidence_rows.hpp"
#include "law_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::analysis {

namespace {

/// The circle in one field.
struct Circle {
  Fit fit;
  std::string unit;
  std::string words;

  [[nodiscard]] Estimate edge(const char* name) const { return {fit.value(name), fit.error(name)}; }
  /// (rho_perp - rho_par)/rho_perp
  [[nodiscard]] Estimate anisotropy() const {
    const double par = fit.value("rho_par");
    const double perp = fit.value("rho_perp");
    const double by_par = -1.0 / perp;
    const double by_perp = par / (perp * perp);
    const double variance = by_par * by_par * fit.covariance[0] +
                            2.0 * by_par * by_perp * fit.covariance[1] +
                            by_perp * by_perp * fit.covariance[3];
    return {1.0 - par / perp, std::sqrt(std::max(0.0, variance))};
  }
};

/// Of an ensemble with the correlations of its readings.
Fit fit_of(const CircleSeries& one) {
  const std::vector<Reading>& readings = one.series.shown.readings;
  const std::span<const Reading> all(readings);
  Fit start = fit_planar_hall(all.first(one.n_along), all.subspan(one.n_along)).fit;
  if (!one.series.ensemble) return start;
  std::vector<double> y;
  y.reserve(readings.size());
  for (const Reading& reading : readings) y.push_back(reading.value);
  const Model model = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) {
      const PlanarHall at = planar_hall(p[0], p[1], readings[i].angle);
      f[i] = i < one.n_along ? at.longitudinal : at.transverse;
    }
  };
  return ensemble_fit(model, y, *one.series.ensemble, start);
}

/// Those of the first planar Hall setup that has any, by rising field.
std::vector<Circle> circles_of(std::span<const Curve> curves) {
  std::vector<Circle> circles;
  std::size_t number = 0;
  for (const CircleSeries& one : circle_series(curves)) {
    const FittedSeries& shown = one.series.shown;
    if (!circles.empty() && shown.curve != number) break;
    number = shown.curve;
    circles.push_back(
        {fit_of(one), shown.unit, fmt::format("{}: {}", name_of(curves[number]), shown.where)});
  }
  return circles;
}

Row moved(double parallel, double parallel_error, double perpendicular, double perpendicular_error,
          std::vector<std::string> used) {
  const double sum = std::abs(parallel) + std::abs(perpendicular);
  Row row{.name = "circle",
          .observable = "share of rho_perp in the movement of the planar Hall circle's edges",
          .value = std::abs(perpendicular) / sum,
          .error = std::hypot(parallel * perpendicular_error, perpendicular * parallel_error) /
                   (sum * sum),
          .unit = "1",
          .used = std::move(used)};
  if (row.value + 3.0 * row.error < 0.5) {
    row.says = {Says::nothing, Says::nothing, Says::supports, Says::nothing};
    row.reading = "the edge rho_par moves more";
  } else if (row.value - 3.0 * row.error > 0.5) {
    row.says = {Says::nothing, Says::nothing, Says::nothing, Says::supports};
    row.reading = "the edge rho_perp moves more: what mobility does, and jetting needs";
  } else {
    row.reading = "both edges move";
  }
  return row;
}

}  // namespace

std::vector<Row> circle_row(std::span<const Curve> curves) {
  const auto circles = circles_of(curves);
  if (circles.size() > 1) {
    const auto moves_by = [&](const char* name) {
      const Estimate first = circles.front().edge(name);
      const Estimate last = circles.back().edge(name);
      return Estimate{last.value - first.value, std::hypot(last.error, first.error)};
    };
    const Estimate par = moves_by("rho_par");
    const Estimate perp = moves_by("rho_perp");
    if (!is_significant(par) && !is_significant(perp)) return {};
    return {moved(par.value, par.error, perp.value, perp.error,
                  {circles.front().words, circles.back().words})};
  }
  const auto all = changes_by_angle(curves);
  if (all.empty()) return {};
  const Change& par = all.front();
  const Change& perp = all.back();
  if (!is_significant(par.estimate()) && !is_significant(perp.estimate())) return {};
  return {moved(par.value, par.error, perp.value, perp.error, {par.used, perp.used})};
}

std::vector<Row> planar_hall_row(std::span<const Curve> curves) {
  const auto circles = circles_of(curves);
  if (circles.empty()) return {};
  const Circle& last = circles.back();
  const Estimate anisotropy = last.anisotropy();
  Row row{.name = "planar_hall",
          .observable = "diameter of the planar Hall circle over rho_perp",
          .value = anisotropy.value,
          .error = anisotropy.error,
          .unit = "1",
          .used = {last.words}};
  for (const char* name : {"rho_par", "rho_perp"}) {
    row.reading += fmt::format("{} = {:.5g} +- {:.2g}{}, ", name, last.fit.value(name),
                               last.fit.error(name), last.unit == "1" ? "" : " " + last.unit);
  }
  row.reading += last.fit.has_data_errors ? fmt::format("chi^2 = {:.3g}/{}", last.fit.chi_squared,
                                                        last.fit.degrees_of_freedom())
                                          : "errors from the scatter";
  constexpr double unlikely = 1e-3;
  constexpr double negligible = 1e-3;
  if (last.fit.probability() < unlikely) {
    row.reading += ": no circle, and so no uniform tensor";
  } else if (is_significant(anisotropy) && std::abs(anisotropy.value) > negligible) {
    row.says[static_cast<std::size_t>(Mechanism::alignment)] = Says::against;
    row.reading += ": not isotropic, which any rho_par other than rho_perp makes";
  } else if (3.0 * anisotropy.error < negligible) {
    row.says = {Says::nothing, Says::supports, Says::against, Says::against};
    row.reading += ": isotropic";
  } else {
    row.reading += ": too uncertain to tell isotropic from not";
  }
  return {row};
}

}  // namespace edotb::analysis
