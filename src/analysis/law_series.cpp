// Which readings of a curve a law is fitted to: along the field, along the angle, over field and temperature, on spine and edge.
#include "law_series.hpp"

#include "changes.hpp"
#include "edotb/analysis/deconvolution.hpp"
#include "edotb/base/constants.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/deck/table.hpp"
#include "point_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

namespace edotb::analysis {

namespace {

namespace fs = std::filesystem;

constexpr double quantum_ohm =
    constants::planck / (constants::elementary_charge * constants::elementary_charge);
constexpr std::size_t fewest_fields = 5;
constexpr std::size_t fewest_angles = 4;
constexpr std::size_t fewest_realisations = 8;
constexpr std::size_t n_line = 121;

/// What a resistance becomes: y(R).
using Transform = std::function<double(double)>;

/// The covariance matrix of the means over the realisations that all readings have; empty where these are too few.
/// The errors of the readings become those of differences to the first one.
void take_ensemble(Series& series, const Curve& curve, std::span<const std::size_t> chosen,
                   const Transform& transform) {
  std::map<std::int64_t, std::vector<double>> rows;
  for (const std::size_t i : chosen) {
    for (const Sample& sample : curve.samples[i]) {
      rows[sample.realisation].push_back(transform(sample.value));
    }
  }
  std::erase_if(rows, [&](const auto& row) { return row.second.size() != chosen.size(); });
  const std::size_t p = chosen.size();
  const std::size_t n = rows.size();
  if (n < fewest_realisations) {
    series.shown.error_words = "standard errors over realisations, taken as independent";
    return;
  }
  auto& readings = series.shown.readings;
  for (std::size_t i = 0; i < p; ++i) {
    double sum = 0.0;
    for (const auto& [number, row] : rows) sum += row[i];
    readings[i].value = sum / static_cast<double>(n);
  }
  const auto cross = [&](std::size_t i, std::size_t j) {
    double sum = 0.0;
    for (const auto& [number, row] : rows) {
      sum += (row[i] - readings[i].value) * (row[j] - readings[j].value);
    }
    return sum / static_cast<double>(n * (n - 1));
  };
  series.covariance.resize(p * p);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) series.covariance[i * p + j] = cross(i, j);
  }
  const auto& c = series.covariance;
  for (std::size_t i = 1; i < p; ++i) {
    readings[i].error = std::sqrt(std::max(0.0, c[i * p + i] - 2.0 * c[i] + c[0]));
  }
  // That of the first one is common to all; the fit knows it from the covariances.
  readings[0].error = p > 1 ? readings[1].error : std::sqrt(c[0]);
  series.shown.error_words =
      "standard errors of differences to the first reading, in the same samples; the parameters' "
      "errors take their correlations into account";
}

Series series_of(const Curve& curve, std::size_t number, std::span<const std::size_t> chosen,
                 const Transform& transform) {
  Series series;
  FittedSeries& shown = series.shown;
  shown.curve = number;
  shown.parts = {""};
  for (const std::size_t i : chosen) {
    Reading reading = curve.readings[i];
    constexpr double step = 1e-6;
    const double slope =
        (transform(reading.value * (1.0 + step)) - transform(reading.value * (1.0 - step))) /
        (2.0 * step * reading.value);
    reading.error *= std::abs(slope);
    reading.value = transform(reading.value);
    shown.readings.push_back(reading);
  }
  shown.part_of.assign(chosen.size(), 0);
  shown.error_words = "standard errors of the readings";
  if (!curve.samples.empty()) take_ensemble(series, curve, chosen, transform);
  // A law is fitted to readings that all have errors, or to none that has.
  const bool some_exact = std::any_of(shown.readings.begin(), shown.readings.end(),
                                      [](const Reading& r) { return !(r.error > 0.0); });
  if (some_exact) {
    for (Reading& reading : shown.readings) reading.error = 0.0;
    shown.error_words = "errors not known: taken as equal, from the scatter about the law";
  }
  return series;
}

/// Places from the first to the last of `values`, denser where the readings are.
std::vector<double> places(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  std::vector<double> all;
  const std::size_t each =
      std::max<std::size_t>(2, n_line / std::max<std::size_t>(1, values.size() - 1));
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    for (std::size_t k = 0; k < each; ++k) {
      all.push_back(values[i] + (values[i + 1] - values[i]) * static_cast<double>(k) /
                                    static_cast<double>(each));
    }
  }
  if (!values.empty()) all.push_back(values.back());
  return all;
}

void draw_line(FittedSeries& shown, double Reading::*coordinate) {
  for (std::size_t part = 0; part < shown.parts.size(); ++part) {
    std::vector<double> values;
    std::optional<Reading> any;
    for (std::size_t i = 0; i < shown.readings.size(); ++i) {
      if (shown.part_of[i] != part) continue;
      any = shown.readings[i];
      values.push_back(shown.readings[i].*coordinate);
    }
    for (const double value : places(values)) {
      Reading place = *any;
      place.*coordinate = value;
      shown.line.push_back(place);
      shown.line_part_of.push_back(part);
    }
  }
}

std::string at(double value, const std::string& unit) {
  return fmt::format("{:g} {}", value, unit);
}

std::set<double> temperatures_of(const Curve& curve) {
  std::set<double> found;
  for (const Reading& reading : curve.readings) found.insert(reading.temperature);
  return found;
}

std::vector<std::size_t> chosen_readings(const Curve& curve,
                                         const std::function<bool(const Reading&)>& wanted) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < curve.readings.size(); ++i) {
    if (wanted(curve.readings[i])) chosen.push_back(i);
  }
  return chosen;
}

bool all_positive(const Curve& curve, std::span<const std::size_t> chosen) {
  return std::all_of(chosen.begin(), chosen.end(), [&](std::size_t i) {
    const bool samples = curve.samples.empty() ||
                         std::all_of(curve.samples[i].begin(), curve.samples[i].end(),
                                     [](const Sample& sample) { return sample.value > 0.0; });
    return samples && curve.readings[i].value > 0.0;
  });
}

std::string temperature_words(const Curve& curve, double temperature) {
  return temperature > 0.0 ? ", " + at(temperature, curve.units.temperature) : "";
}

deck::Deck deck_of_run(const fs::path& run, const std::vector<std::string>& overrides) {
  const std::string path = (run / "results.h5").string();
  const hdf5::Handle file = hdf5::open_for_reading(path);
  return deck::parse_deck(hdf5::read_text_attribute(file.id(), "expanded_deck"), path, overrides);
}

bool is_planar(const deck::ModelChoice& model) {
  const auto parameter = model.parameters.find("dimension");
  if (parameter != model.parameters.end()) return parameter->second == 2.0;
  const auto& all = deck::model_traits();
  const auto traits = std::find_if(all.begin(), all.end(), [&](const deck::ModelTraits& known) {
    return known.name == model.name && known.dimension != 0;
  });
  return (traits != all.end() ? traits->dimension : model.dimension) == 2;
}

}  // namespace

Surroundings surroundings_of(const Curve& curve, const std::vector<std::string>& overrides) {
  Surroundings around;
  around.units = curve.units;
  if (curve.geometry.classical || curve.geometry.shape != "bar" ||
      !fs::exists(fs::path(curve.run) / "results.h5")) {
    return around;
  }
  const deck::Deck deck = deck_of_run(curve.run, overrides);
  if (!deck.model || deck.shape.periodic) return around;
  constexpr double perpendicular = 90.0;
  const bool planar = is_planar(*deck.model);
  around.is_film = planar && std::abs(deck.field.azimuth) == perpendicular;
  around.is_bulk = !planar;
  const double scale = deck.lattice_units ? 1.0 : 1e9;  // m to nm
  around.length = scale * curve.geometry.length;
  around.width = scale * curve.geometry.width;
  around.thickness = scale * curve.geometry.thickness;
  around.hbar_over_e = deck.lattice_units ? 1.0 : hbar_over_e_in_nm;
  around.length_unit = deck.lattice_units ? "a" : "nm";
  return around;
}

std::vector<Series> field_series(const Curve& curve, std::size_t number,
                                 const Surroundings& around) {
  std::vector<double> angles = angles_of(curve);
  // Of a conductor these laws are of the conductivity along the field alone.
  if (curve.geometry.classical && angles.size() > 1) angles = {angles.front()};
  if (angles.size() > 2) angles = {angles.front(), angles.back()};
  std::vector<Series> found;
  for (const double temperature : temperatures_of(curve)) {
    for (const double angle : angles) {
      const auto chosen = chosen_readings(curve, [&](const Reading& r) {
        return r.temperature == temperature && r.angle == angle;
      });
      std::set<double> strengths;
      for (const std::size_t i : chosen) strengths.insert(std::abs(curve.readings[i].field));
      if (strengths.size() < fewest_fields || !all_positive(curve, chosen)) continue;
      const bool in_ohm = curve.units.resistance == "ohm";
      double factor = in_ohm ? quantum_ohm : 1.0;
      if (around.is_film) factor *= around.length / around.width;
      if (around.is_bulk) factor *= around.length / (around.width * around.thickness);
      Series series = series_of(curve, number, chosen, [=](double r) { return factor / r; });
      series.shown.abscissa = "field";
      series.shown.abscissa_unit = curve.units.field;
      series.shown.quantity = around.is_film || around.is_bulk ? "conductivity" : "conductance";
      series.shown.unit = in_ohm ? "e^2/h" : "1";
      if (around.is_bulk) series.shown.unit += "/" + around.length_unit;
      series.shown.where = at(angle, "deg") + temperature_words(curve, temperature);
      draw_line(series.shown, &Reading::field);
      found.push_back(std::move(series));
    }
  }
  return found;
}

std::vector<Series> angle_series(const Curve& curve, std::size_t number) {
  const double temperature = lowest_temperature(curve);
  double highest = 0.0;
  for (const Reading& r : curve.readings) highest = std::max(highest, r.field);
  const auto chosen = chosen_readings(curve, [&](const Reading& r) {
    return r.temperature == temperature && r.field == highest && highest > 0.0;
  });
  if (chosen.size() < fewest_angles) return {};
  Series series = series_of(curve, number, chosen, [](double r) { return r; });
  series.shown.abscissa = "angle";
  series.shown.abscissa_unit = "deg";
  series.shown.quantity = "resistance";
  series.shown.unit = curve.units.resistance;
  series.shown.where = at(highest, curve.units.field) + temperature_words(curve, temperature);
  draw_line(series.shown, &Reading::angle);
  return {std::move(series)};
}

std::vector<Series> temperature_series(const Curve& curve, std::size_t number) {
  const auto temperatures = temperatures_of(curve);
  const auto angles = angles_of(curve);
  const bool in_kelvin = curve.units.field == "T" && curve.units.temperature == "K";
  if (!in_kelvin || temperatures.size() < 2 || *temperatures.begin() <= 0.0 || angles.empty()) {
    return {};
  }
  const auto chosen =
      chosen_readings(curve, [&](const Reading& r) { return r.angle == angles.front(); });
  if (chosen.size() < temperatures.size() * fewest_fields) return {};
  Series series = series_of(curve, number, chosen, [](double r) { return r; });
  FittedSeries& shown = series.shown;
  shown.abscissa = "field over temperature";
  shown.abscissa_unit = "T/K";
  shown.quantity = "resistance";
  shown.unit = curve.units.resistance;
  shown.where = at(angles.front(), "deg") + ", all temperatures";
  // One curve: the places are those of the lowest temperature, which reach farthest.
  shown.parts.clear();
  shown.parts.reserve(temperatures.size());
  for (const double temperature : temperatures) shown.parts.push_back(at(temperature, "K"));
  for (std::size_t i = 0; i < shown.readings.size(); ++i) {
    shown.part_of[i] = static_cast<std::size_t>(
        std::distance(temperatures.begin(), temperatures.find(shown.readings[i].temperature)));
  }
  draw_line(shown, &Reading::field);
  return {std::move(series)};
}

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
    const Series other = series_of(*edge, i, on_edge, same);
    shown.readings.insert(shown.readings.end(), other.shown.readings.begin(),
                          other.shown.readings.end());
    shown.part_of.resize(shown.readings.size(), 1);
    shown.parts = {"spine", "edge"};
    if (shown.error_words != other.shown.error_words) {
      for (Reading& reading : shown.readings) reading.error = 0.0;
      shown.error_words = "errors not known: taken as equal, from the scatter about the law";
    }
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

}  // namespace edotb::analysis
