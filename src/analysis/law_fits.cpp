// Of an ensemble  chi^2 = (y - f)^T V^-1 (y - f),  V_ij = C_00 + delta_ij s_i^2: an error that all readings share, and those of the differences
// to the first one, s_i. The covariance of the parameters is M C M^T with M = (J^T V^-1 J)^-1 J^T V^-1 and C that of the means. Weights by
// C itself would pull laws below their readings where samples with a small effect scatter less.
#include "edotb/analysis/law_fits.hpp"

#include "changes.hpp"
#include "edotb/analysis/deconvolution.hpp"
#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
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

Law aligned(const std::string& unit) {
  return {fit_alignment,
          [](const Reading& r, std::size_t, std::span<const double> p) {
            if (r.field == 0.0) return p[0];
            return p[0] * (1.0 - p[1] * square(langevin(alignment(p[2], r.field, r.temperature))));
          },
          {unit, "1", "mu_B"}};
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

/// Where the search of an ensemble's fit begins, and how far it goes: lengths, moments and mobilities stay positive.
std::vector<Parameter> around(const Fit& fit) {
  std::vector<Parameter> parameters;
  parameters.reserve(fit.values.size());
  for (std::size_t i = 0; i < fit.values.size(); ++i) {
    parameters.push_back({fit.names[i], fit.values[i]});
    if (fit.names[i] == "l_phi") {
      constexpr double decades = 1e2;
      parameters.back().lower = fit.values[i] / decades;
      parameters.back().upper = fit.values[i] * decades;
    }
  }
  return parameters;
}

/// L^-1 with V = L L^T: the first reading over its error, and the differences to it over theirs.
class Differences {
 public:
  explicit Differences(const std::vector<double>& covariance)
      : n_(static_cast<std::size_t>(std::lround(std::sqrt(covariance.size())))) {
    for (std::size_t i = 0; i < n_; ++i) {
      const double common = covariance[0];
      const double square =
          i == 0 ? common : covariance[i * n_ + i] - 2.0 * covariance[i * n_] + common;
      is_usable_ = is_usable_ && square > 0.0;
      errors_.push_back(std::sqrt(std::max(square, 0.0)));
    }
  }

  [[nodiscard]] bool is_usable() const { return is_usable_; }

  void apply(std::span<double> values) const {
    for (std::size_t i = 1; i < n_; ++i) values[i] = (values[i] - values[0]) / errors_[i];
    values[0] /= errors_[0];
  }

  /// L^-1 C L^-T of a symmetric matrix.
  [[nodiscard]] std::vector<double> of_both_sides(std::vector<double> matrix) const {
    for (int side = 0; side < 2; ++side) {
      for (std::size_t i = 0; i < n_; ++i) {
        apply(std::span(matrix).subspan(i * n_, n_));
      }
      for (std::size_t i = 0; i < n_; ++i) {
        for (std::size_t j = 0; j < i; ++j) std::swap(matrix[i * n_ + j], matrix[j * n_ + i]);
      }
    }
    return matrix;
  }

 private:
  std::size_t n_;
  std::vector<double> errors_;
  bool is_usable_ = true;
};

/// d(L^-1 f)/dp at the end of a fit, by central differences: [parameter][reading].
std::vector<std::vector<double>> slopes_of(const Model& law, const Fit& fit, std::size_t n) {
  std::vector<std::vector<double>> slopes;
  std::vector<double> above(n);
  std::vector<double> below(n);
  for (std::size_t k = 0; k < fit.values.size(); ++k) {
    const double step = 1e-5 * std::max(std::abs(fit.values[k]), 1e-12);
    std::vector<double> p = fit.values;
    p[k] = fit.values[k] + step;
    law(p, above);
    p[k] = fit.values[k] - step;
    law(p, below);
    std::vector<double>& slope = slopes.emplace_back(n);
    for (std::size_t i = 0; i < n; ++i) slope[i] = (above[i] - below[i]) / (2.0 * step);
  }
  return slopes;
}

/// M C M^T with M = (J^T J)^-1 J^T, J and C both whitened by L, and (J^T J)^-1 the covariance that the fit has now.
void take_correlations(Fit& fit, const std::vector<std::vector<double>>& slopes,
                       const std::vector<double>& covariance) {
  const std::size_t n_parameters = fit.values.size();
  const std::size_t n = slopes.front().size();
  std::vector<std::vector<double>> m(n_parameters, std::vector<double>(n, 0.0));
  for (std::size_t k = 0; k < n_parameters; ++k) {
    for (std::size_t l = 0; l < n_parameters; ++l) {
      const double factor = fit.covariance[k * n_parameters + l];
      for (std::size_t i = 0; i < n; ++i) m[k][i] += factor * slopes[l][i];
    }
  }
  for (std::size_t k = 0; k < n_parameters; ++k) {
    for (std::size_t l = 0; l < n_parameters; ++l) {
      double sum = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) sum += m[k][i] * covariance[i * n + j] * m[l][j];
      }
      fit.covariance[k * n_parameters + l] = sum;
    }
    fit.errors[k] = std::sqrt(fit.covariance[k * n_parameters + k]);
  }
}

/// The fit to an ensemble, from where the fit to the separate errors has ended.
Fit ensemble_fit(const Series& series, const Law& law, const Fit& start) {
  const auto& readings = series.shown.readings;
  const Differences differences(series.covariance);
  if (!differences.is_usable()) return start;
  std::vector<double> y;
  y.reserve(readings.size());
  for (const Reading& reading : readings) y.push_back(reading.value);
  differences.apply(y);
  const Model model = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) {
      f[i] = law.value(readings[i], series.shown.part_of[i], p);
    }
    differences.apply(f);
  };
  Fit found = fit(model, y, std::vector<double>(readings.size(), 1.0), around(start));
  if (found.all_determined()) {
    take_correlations(found, slopes_of(model, found, readings.size()),
                      differences.of_both_sides(series.covariance));
  }
  return found;
}

void add_law(Series& series, const Law& law) {
  FittedSeries& shown = series.shown;
  FittedLaw fitted{law.start(shown.readings), law.units, {}, {}};
  if (!series.covariance.empty()) {
    fitted.law.fit = ensemble_fit(series, law, fitted.law.fit);
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
    for (Series& series : temperature_series(curve, i)) {
      add_law(series, aligned(series.shown.unit));
      keep(series);
    }
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
