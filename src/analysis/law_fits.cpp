// Every law that the readings of a series allow, fitted to them.
#include "edotb/analysis/law_fits.hpp"

#include "changes.hpp"
#include "edotb/base/constants.hpp"
#include "law_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace edotb::analysis {

namespace {

/// A law of laws.hpp, how to find its parameters, and their units.
struct Law {
  std::function<LawFit(std::span<const Reading>)> start;
  std::function<double(const Reading&, std::size_t part, std::span<const double>)> value;
  std::vector<std::string> units;
};

double square(double x) { return x * x; }

/// "e^2/h/T^2", "1/(rad/plaquette)".
std::string per(const std::string& unit, const std::string& by, const std::string& power = "") {
  const bool is_compound = by.find('/') != std::string::npos;
  return fmt::format("{}/{}{}", unit, is_compound ? "(" + by + ")" : by, power);
}

Law quadratic(const std::string& unit, const std::string& field) {
  return {fit_quadratic,
          [](const Reading& r, std::size_t, std::span<const double> p) {
            return p[0] + p[1] * square(r.field);
          },
          {unit, per(unit, field, "^2")}};
}

Law linear(const std::string& unit, const std::string& field) {
  return {fit_linear,
          [](const Reading& r, std::size_t, std::span<const double> p) {
            return p[0] + p[1] * std::abs(r.field);
          },
          {unit, per(unit, field)}};
}

Law film(double hbar_over_e, const std::string& length) {
  return {
      [=](std::span<const Reading> readings) { return fit_localisation(readings, hbar_over_e); },
      [=](const Reading& r, std::size_t, std::span<const double> p) {
        return p[0] + hikami_larkin_nagaoka(r.field, p[1], p[2], hbar_over_e);
      },
      {"e^2/h", "1", length}};
}

/// Of conductivities, which are conductances times `squares`.
Law wire(const Wire& shape, double squares, double hbar_over_e, const std::string& length) {
  return {[=](std::span<const Reading> readings) {
            std::vector<Reading> conductances(readings.begin(), readings.end());
            for (Reading& reading : conductances) {
              reading.value /= squares;
              reading.error /= squares;
            }
            return fit_wire_localisation(conductances, shape, hbar_over_e);
          },
          [=](const Reading& r, std::size_t, std::span<const double> p) {
            return squares * (p[0] + quasi_one_dimensional(r.field, shape, p[1], 0.0, hbar_over_e));
          },
          {"e^2/h", length}};
}

Law bulk(double hbar_over_e, const std::string& length) {
  return {[=](std::span<const Reading> readings) { return fit_kawabata(readings, hbar_over_e); },
          [=](const Reading& r, std::size_t, std::span<const double> p) {
            return p[0] + kawabata(r.field, p[1], hbar_over_e);
          },
          {"e^2/h/" + length, length}};
}

Law cosine(const std::string& unit) {
  return {fit_cosine_squared,
          [](const Reading& r, std::size_t, std::span<const double> p) {
            return p[0] + p[1] * square(std::cos(r.angle * constants::pi / 180.0));
          },
          {unit, unit}};
}

Law circle(std::size_t n_along, const std::string& unit) {
  return {[=](std::span<const Reading> readings) {
            return fit_planar_hall(readings.first(n_along), readings.subspan(n_along));
          },
          [](const Reading& r, std::size_t part, std::span<const double> p) {
            const PlanarHall at = planar_hall(p[0], p[1], r.angle);
            return part == 0 ? at.longitudinal : at.transverse;
          },
          {unit, unit}};
}

Law aligned(const std::string& unit, const Magneton& magneton) {
  return {
      [=](std::span<const Reading> readings) { return fit_alignment(readings, magneton.value); },
      [=](const Reading& r, std::size_t, std::span<const double> p) {
        if (r.field == 0.0) return p[0];
        const double x = alignment(p[2], r.field, r.temperature, magneton.value);
        return p[0] * (1.0 - p[1] * square(langevin(x)));
      },
      {unit, "1", magneton.unit}};
}

Law jetting(const Squeeze& squeeze, std::size_t n_spine, const std::string& unit,
            const std::string& field) {
  return {[=](std::span<const Reading> readings) {
            return fit_jetting(readings.first(n_spine), readings.subspan(n_spine), squeeze.plate,
                               squeeze.distance);
          },
          [=](const Reading& r, std::size_t part, std::span<const double> p) {
            const double anisotropy = 1.0 + square(p[1] * r.field);
            return p[0] * (part == 0
                               ? spine_resistance(squeeze.plate, anisotropy, squeeze.distance)
                               : edge_resistance(squeeze.plate, anisotropy, squeeze.distance));
          },
          {unit, per("1", field)}};
}

/// The fit to an ensemble, from where the fit to the separate errors has ended.
Fit correlated_fit(const Series& series, const Law& law, const Fit& start) {
  const auto& readings = series.shown.readings;
  std::vector<double> y;
  y.reserve(readings.size());
  for (const Reading& reading : readings) y.push_back(reading.value);
  const Model model = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) {
      f[i] = law.value(readings[i], series.shown.part_of[i], p);
    }
  };
  return ensemble_fit(model, y, *series.ensemble, start);
}

void add_law(Series& series, const Law& law) {
  FittedSeries& shown = series.shown;
  FittedLaw fitted{law.start(shown.readings), law.units, {}, {}};
  if (series.ensemble) {
    fitted.law.fit = correlated_fit(series, law, fitted.law.fit);
  }
  const auto& p = fitted.law.fit.values;
  for (std::size_t i = 0; i < shown.readings.size(); ++i) {
    fitted.at_readings.push_back(law.value(shown.readings[i], shown.part_of[i], p));
  }
  for (std::size_t i = 0; i < shown.line.size(); ++i) {
    fitted.at_line.push_back(law.value(shown.line[i], shown.line_part_of[i], p));
  }
  shown.laws.push_back(std::move(fitted));
}

void add_weights(FittedSeries& series) {
  std::vector<LawFit> fits;
  fits.reserve(series.laws.size());
  for (const FittedLaw& law : series.laws) fits.push_back(law.law);
  const auto weights = compare(fits).akaike_weights;
  for (std::size_t i = 0; i < weights.size(); ++i) series.laws[i].akaike_weight = weights[i];
}

void fit_field(Series& series, const Surroundings& around) {
  const std::string& field = around.units.field;
  const std::string& unit = series.shown.unit;
  if (around.is_film) {
    const double squares = around.length / around.width;
    add_law(series, film(around.hbar_over_e, around.length_unit));
    add_law(series,
            wire({around.length, around.width}, squares, around.hbar_over_e, around.length_unit));
  } else if (around.is_bulk) {
    add_law(series, bulk(around.hbar_over_e, around.length_unit));
  }
  add_law(series, quadratic(unit, field));
  add_law(series, linear(unit, field));
}

}  // namespace

double FittedSeries::abscissa_of(const Reading& reading) const {
  if (abscissa == "angle") return reading.angle;
  return abscissa == "field" ? reading.field
                             : reading.field / std::max(reading.temperature, 1e-300);
}

std::vector<FittedSeries> fit_laws(std::span<const Curve> curves,
                                   const std::vector<std::string>& overrides) {
  std::vector<FittedSeries> fitted;
  const auto keep = [&](Series& series) {
    add_weights(series.shown);
    fitted.push_back(std::move(series.shown));
  };
  const Curve* reference = reference_curve(curves);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Curve& curve = curves[i];
    if (!is_longitudinal(curve) || (curve.geometry.classical && &curve != reference)) continue;
    const Surroundings around = surroundings_of(curve, overrides);
    for (Series& series : field_series(curve, i, around)) {
      fit_field(series, around);
      keep(series);
    }
    for (Series& series : angle_series(curve, i)) {
      add_law(series, cosine(series.shown.unit));
      keep(series);
    }
  }
  for (TemperatureSeries& aligning : temperature_series(curves)) {
    add_law(aligning.series, aligned(aligning.series.shown.unit, aligning.magneton));
    keep(aligning.series);
  }
  for (SqueezeSeries& squeezed : squeeze_series(curves, overrides)) {
    add_law(squeezed.series, jetting(squeezed.squeeze, squeezed.n_spine, squeezed.series.shown.unit,
                                     squeezed.field_unit));
    keep(squeezed.series);
  }
  for (CircleSeries& circular : circle_series(curves)) {
    add_law(circular.series, circle(circular.n_along, circular.series.shown.unit));
    keep(circular.series);
  }
  return fitted;
}

}  // namespace edotb::analysis
