// Over field and temperature together: one curve of B/T. The moments' temperature is a sample's, so that a run of the coherent engine has
// one of them, and several runs make one series.
#include "changes.hpp"
#include "law_series.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace edotb::analysis {

namespace {

constexpr std::size_t fewest_fields = 5;

bool is_same_setup(const Curve& one, const Curve& other) {
  const Geometry& a = one.geometry;
  const Geometry& b = other.geometry;
  return one.sample == other.sample && one.setup.name == other.setup.name &&
         one.setup.kind == other.setup.kind && one.energy == other.energy &&
         one.units.field == other.units.field && one.samples.empty() == other.samples.empty() &&
         a.shape == b.shape && a.length == b.length && a.width == b.width &&
         a.thickness == b.thickness && a.classical == b.classical;
}

std::set<double> temperatures_of(const Curve& curve) {
  std::set<double> found;
  for (const Reading& reading : curve.readings) found.insert(reading.temperature);
  return found;
}

/// The readings of `other` at temperatures that `curve` has not.
void join(Curve& curve, const Curve& other) {
  const auto known = temperatures_of(curve);
  for (std::size_t i = 0; i < other.readings.size(); ++i) {
    if (known.contains(other.readings[i].temperature)) continue;
    curve.readings.push_back(other.readings[i]);
    if (!other.samples.empty()) curve.samples.push_back(other.samples[i]);
  }
}

}  // namespace

std::vector<TemperatureSeries> temperature_series(std::span<const Curve> curves) {
  const Curve* reference = reference_curve(curves);
  std::vector<TemperatureSeries> found;
  std::set<std::size_t> taken;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const bool is_shown = !curves[i].geometry.classical || &curves[i] == reference;
    if (!is_longitudinal(curves[i]) || !is_shown || taken.contains(i)) continue;
    Curve joined = curves[i];
    for (std::size_t k = i + 1; k < curves.size(); ++k) {
      if (!is_same_setup(joined, curves[k])) continue;
      join(joined, curves[k]);
      taken.insert(k);
    }
    const auto temperatures = temperatures_of(joined);
    const auto angles = angles_of(joined);
    if (temperatures.size() < 2 || *temperatures.begin() <= 0.0 || angles.empty()) continue;
    const auto chosen =
        chosen_readings(joined, [&](const Reading& r) { return r.angle == angles.front(); });
    if (chosen.size() < temperatures.size() * fewest_fields) continue;
    TemperatureSeries one{series_of(joined, i, chosen, [](double r) { return r; }), {}};
    const Units& units = joined.units;
    if (units.temperature != "K") one.magneton = {1.0, "1"};
    FittedSeries& shown = one.series.shown;
    shown.abscissa = "field over temperature";
    shown.abscissa_unit =
        units.temperature == "K" ? "T/K" : units.field + "/(" + units.temperature + ")";
    shown.quantity = "resistance";
    shown.unit = units.resistance;
    shown.where = at(angles.front(), "deg") + ", all temperatures";
    // One curve: the places are those of the lowest temperature, which reach farthest.
    shown.parts.clear();
    shown.parts.reserve(temperatures.size());
    for (const double temperature : temperatures) {
      shown.parts.push_back(at(temperature, units.temperature));
    }
    for (std::size_t k = 0; k < shown.readings.size(); ++k) {
      shown.part_of[k] = static_cast<std::size_t>(
          std::distance(temperatures.begin(), temperatures.find(shown.readings[k].temperature)));
    }
    draw_line(shown, &Reading::field);
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace edotb::analysis
