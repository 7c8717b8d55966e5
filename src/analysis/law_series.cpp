// Which readings of a curve a law is fitted to: along the field, along the angle, over field and temperature, on spine and edge.
#include "law_series.hpp"

#include "changes.hpp"
#include "edotb/analysis/correlations.hpp"
#include "edotb/analysis/deconvolution.hpp"
#include "edotb/base/constants.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/deck/table.hpp"
#include "point_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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
constexpr std::size_t n_line = 121;

constexpr const char* independent_words = "standard errors over realisations, taken as independent";

/// The covariance matrix of the means over the realisations that all readings have; none where these are too few.
/// The errors of the readings become those of differences to the one nearest to zero field; what repeats that one is left out.
void take_ensemble(Series& series, const Curve& curve, std::span<const std::size_t> chosen,
                   const Transform& transform) {
  const SampleRows rows = rows_of(samples_of(curve, chosen, transform));
  const std::size_t p = chosen.size();
  if (rows.size() < fewest_realisations) {
    series.shown.error_words = independent_words;
    return;
  }
  auto& readings = series.shown.readings;
  const std::vector<double> means = means_of(rows);
  for (std::size_t i = 0; i < p; ++i) readings[i].value = means[i];
  EnsembleErrors errors{covariance_of_means(rows), rows.size(), 0};
  for (std::size_t i = 0; i < p; ++i) {
    const auto strength = [&](std::size_t k) { return std::abs(readings[k].field); };
    if (strength(i) < strength(*errors.reference)) errors.reference = i;
  }
  const std::vector<double> differences = errors.difference_errors();
  // Where no field acts, samples give the reference once more at other angles or temperatures: nothing new.
  std::vector<std::size_t> kept;
  std::vector<Reading> kept_readings;
  for (std::size_t i = 0; i < p; ++i) {
    constexpr double rounding = 1e-12;
    if (i != *errors.reference && differences[i] <= rounding * std::abs(readings[i].value))
      continue;
    kept.push_back(chosen[i]);
    kept_readings.push_back(readings[i]);
  }
  if (kept.size() < p && kept.size() < fewest_angles) {  // no field changes anything
    for (Reading& reading : readings) reading.error = 0.0;
    return;
  }
  if (kept.size() < p) {
    readings = std::move(kept_readings);
    take_ensemble(series, curve, kept, transform);
    return;
  }
  for (std::size_t i = 0; i < p; ++i) {
    // That of the reference is common to all; the fit knows it from the covariances.
    const std::size_t other = *errors.reference == 0 ? 1 : 0;
    readings[i].error = differences[i == *errors.reference && p > 1 ? other : i];
  }
  series.ensemble = std::move(errors);
  series.shown.error_words =
      "standard errors of differences to the reading nearest to zero field, in the same samples; "
      "chi^2 and the parameters' "
      "errors take their correlations into account";
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

std::set<double> temperatures_of(const Curve& curve) {
  std::set<double> found;
  for (const Reading& reading : curve.readings) found.insert(reading.temperature);
  return found;
}

bool all_positive(const Curve& curve, std::span<const std::size_t> chosen) {
  return std::all_of(chosen.begin(), chosen.end(), [&](std::size_t i) {
    const bool samples = curve.samples.empty() ||
                         std::all_of(curve.samples[i].begin(), curve.samples[i].end(),
                                     [](const Sample& sample) { return sample.value > 0.0; });
    return samples && curve.readings[i].value > 0.0;
  });
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

std::string at(double value, const std::string& unit) {
  return fmt::format("{:g} {}", value, unit);
}

std::string temperature_words(const Curve& curve, double temperature) {
  return temperature > 0.0 ? ", " + at(temperature, curve.units.temperature) : "";
}

void take_errors_or_none(FittedSeries& shown) {
  double largest = 0.0;
  for (const Reading& reading : shown.readings) {
    largest = std::max(largest, std::abs(reading.value));
  }
  constexpr double rounding = 1e-13;
  const bool some_exact =
      std::any_of(shown.readings.begin(), shown.readings.end(),
                  [&](const Reading& reading) { return !(reading.error > rounding * largest); });
  if (!some_exact) return;
  for (Reading& reading : shown.readings) reading.error = 0.0;
  shown.error_words = "errors not known: taken as equal, from the scatter about the law";
}

std::vector<std::size_t> chosen_readings(const Curve& curve,
                                         const std::function<bool(const Reading&)>& wanted) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < curve.readings.size(); ++i) {
    if (wanted(curve.readings[i])) chosen.push_back(i);
  }
  return chosen;
}

std::vector<std::vector<Sample>> samples_of(const Curve& curve, std::span<const std::size_t> chosen,
                                            const Transform& transform) {
  std::vector<std::vector<Sample>> found;
  for (const std::size_t i : chosen) {
    found.push_back(curve.samples[i]);
    for (Sample& sample : found.back()) sample.value = transform(sample.value);
  }
  return found;
}

void take_covariance(Series& series, std::span<const std::vector<Sample>> samples) {
  const SampleRows rows = rows_of(samples);
  if (rows.size() < fewest_realisations) {
    series.shown.error_words = independent_words;
    return;
  }
  const std::vector<double> means = means_of(rows);
  EnsembleErrors errors{covariance_of_means(rows), rows.size(), std::nullopt};
  const std::vector<double> separate = errors.difference_errors();
  for (std::size_t i = 0; i < means.size(); ++i) {
    series.shown.readings[i].value = means[i];
    series.shown.readings[i].error = separate[i];
  }
  series.ensemble = std::move(errors);
  series.shown.error_words =
      "standard errors over realisations; chi^2 and the parameters' errors take their correlations "
      "into account";
}

Series separate_series(const Curve& curve, std::size_t number, std::span<const std::size_t> chosen,
                       const Transform& transform) {
  Series series;
  FittedSeries& shown = series.shown;
  shown.curve = number;
  shown.setup = name_of(curve);
  shown.parts = {""};
  for (const std::size_t i : chosen) {
    Reading reading = curve.readings[i];
    const double step = 1e-6 * (reading.value != 0.0 ? std::abs(reading.value) : reading.error);
    if (step > 0.0) {
      reading.error *= std::abs(transform(reading.value + step) - transform(reading.value - step)) /
                       (2.0 * step);
    }
    reading.value = transform(reading.value);
    shown.readings.push_back(reading);
  }
  shown.error_words = "standard errors of the readings";
  shown.part_of.assign(shown.readings.size(), 0);
  return series;
}

Series series_of(const Curve& curve, std::size_t number, std::span<const std::size_t> chosen,
                 const Transform& transform) {
  Series series = separate_series(curve, number, chosen, transform);
  if (!curve.samples.empty()) take_ensemble(series, curve, chosen, transform);
  series.shown.part_of.resize(series.shown.readings.size());
  take_errors_or_none(series.shown);
  return series;
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

}  // namespace edotb::analysis
