// Readings of two setups of one run that one law explains: on the spine and on the edge of a plate, along and across the current of
// a planar Hall bar, where  rho_ij = R w t/d  with the distance d of the probes.
#include "changes.hpp"
#include "edotb/analysis/deconvolution.hpp"
#include "law_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace edotb::analysis {

namespace {

using measure::Kind;

constexpr std::size_t fewest_angles = 4;

/// The second part of a series.
void append(FittedSeries& shown, const FittedSeries& other) {
  shown.readings.insert(shown.readings.end(), other.readings.begin(), other.readings.end());
  shown.part_of.resize(shown.readings.size(), 1);
}

/// The setup along the current that belongs to a planar Hall one.
const Curve* partner_of(const Curve& across, std::span<const Curve> curves) {
  const auto found = std::find_if(curves.begin(), curves.end(), [&](const Curve& other) {
    const auto& pair = other.geometry.probe_pair;
    return other.run == across.run && other.setup.kind == Kind::four_probe &&
           other.energy == across.energy && pair && pair->along != 0.0;
  });
  return found == curves.end() ? nullptr : &*found;
}

}  // namespace

std::vector<SqueezeSeries> squeeze_series(std::span<const Curve> curves,
                                          const std::vector<std::string>& overrides) {
  using measure::Kind;
  std::vector<SqueezeSeries> found;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Curve& spine = curves[i];
    if (!spine.geometry.classical || spine.setup.kind != Kind::spine ||
        spine.geometry.shape != "bar")
      continue;
    const auto edge = std::find_if(curves.begin(), curves.end(), [&](const Curve& other) {
      return other.run == spine.run && other.setup.kind == Kind::edge;
    });
    if (edge == curves.end()) continue;
    const std::vector<Curve> pair = {spine, *edge};
    const deck::Conductor conductor = *specimens_of(pair, overrides).front().deck.conductor;
    const auto x_of = [&](const measure::Terminal& terminal, std::size_t axis) {
      return terminal.is_probe ? conductor.probes.at(terminal.index).position[axis] : 0.0;
    };
    const double distance = std::abs(x_of(spine.setup.plus, 0) - x_of(spine.setup.minus, 0));
    // The series is of a plate in the plane, and of pairs that lie symmetric about its middle.
    const double near = 1e-3 * spine.geometry.length;
    const auto symmetric = [&](const Curve& curve, double y) {
      const auto& s = curve.setup;
      return std::abs(x_of(s.plus, 0) + x_of(s.minus, 0)) < near &&
             std::abs(std::abs(x_of(s.plus, 0) - x_of(s.minus, 0)) - distance) < near &&
             std::abs(std::abs(x_of(s.plus, 1)) - y) < near &&
             std::abs(std::abs(x_of(s.minus, 1)) - y) < near;
    };
    if (conductor.shape.dimension != 2 || distance < near || !symmetric(spine, 0.0) ||
        !symmetric(*edge, 0.5 * spine.geometry.width)) {
      continue;
    }
    const double temperature = lowest_temperature(spine);
    const auto along = [&](const Reading& r) {
      return r.temperature == temperature && r.angle == 0.0;
    };
    const auto on_spine = chosen_readings(spine, along);
    const auto on_edge = chosen_readings(*edge, along);
    if (on_spine.size() < 3 || on_edge.size() != on_spine.size()) continue;
    const Transform same = [](double r) { return r; };
    SqueezeSeries squeezed{series_of(spine, i, on_spine, same),
                           {{spine.geometry.length, spine.geometry.width}, distance},
                           on_spine.size(),
                           spine.units.field};
    FittedSeries& shown = squeezed.series.shown;
    append(shown, series_of(*edge, i, on_edge, same).shown);
    take_errors_or_none(shown);
    shown.parts = {"spine", "edge"};
    shown.abscissa = "field";
    shown.abscissa_unit = spine.units.field;
    shown.quantity = "resistance";
    shown.unit = spine.units.resistance;
    shown.where = "0 deg" + temperature_words(spine, temperature);
    draw_line(shown, &Reading::field);
    found.push_back(std::move(squeezed));
  }
  return found;
}

std::vector<CircleSeries> circle_series(std::span<const Curve> curves) {
  std::vector<CircleSeries> found;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Curve& across = curves[i];
    const auto& pair = across.geometry.probe_pair;
    if (across.setup.kind != Kind::planar_hall || !pair || pair->across == 0.0) continue;
    const Curve* along = partner_of(across, curves);
    if (along == nullptr) continue;
    // V_plus - V_minus = -E (r_plus - r_minus)
    const double section = across.geometry.width * across.geometry.thickness;
    const double per_along = -section / along->geometry.probe_pair->along;
    const double per_across = -section / pair->across;
    const double temperature = lowest_temperature(across);
    std::set<double> fields;
    for (const Reading& reading : across.readings) fields.insert(reading.field);
    for (const double field : fields) {
      const auto wanted = [&](const Reading& r) {
        return r.temperature == temperature && r.field == field && field > 0.0;
      };
      const auto first = chosen_readings(*along, wanted);
      const auto second = chosen_readings(across, wanted);
      if (first.size() < fewest_angles || second.size() < fewest_angles) continue;
      const Transform to_along = [=](double r) { return per_along * r; };
      const Transform to_across = [=](double r) { return per_across * r; };
      CircleSeries circle{separate_series(*along, i, first, to_along), first.size(), field};
      FittedSeries& shown = circle.series.shown;
      append(shown, separate_series(across, i, second, to_across).shown);
      if (!along->samples.empty() && !across.samples.empty()) {
        auto samples = samples_of(*along, first, to_along);
        for (auto& more : samples_of(across, second, to_across)) samples.push_back(std::move(more));
        take_covariance(circle.series, samples);
      }
      take_errors_or_none(shown);
      shown.setup = name_of(across);
      shown.parts = {"rho_xx", "rho_xy"};
      shown.abscissa = "angle";
      shown.abscissa_unit = "deg";
      shown.quantity = "resistivity";
      shown.unit = across.units.resistance == "1" ? "1" : "ohm " + across.units.length;
      shown.where = at(field, across.units.field) + temperature_words(across, temperature);
      draw_line(shown, &Reading::angle);
      found.push_back(std::move(circle));
    }
  }
  return found;
}

}  // namespace edotb::analysis
