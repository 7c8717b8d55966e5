#pragma once

#include "edotb/analysis/law_fits.hpp"
#include "ensemble_fit.hpp"

#include <functional>
#include <optional>

namespace edotb::analysis {

/// Readings to be fitted, with what is known of their errors.
struct Series {
  FittedSeries shown;
  std::optional<EnsembleErrors>
      ensemble;  ///< none: the readings are independent, with their errors
};

/// What a resistance becomes: y(R).
using Transform = std::function<double(double)>;

/// The readings of curve `number` with these numbers, through `transform`; of an ensemble with their covariance.
[[nodiscard]] Series series_of(const Curve& curve, std::size_t number,
                               std::span<const std::size_t> chosen, const Transform& transform);
/// The same without covariances and with each reading's own error.
[[nodiscard]] Series separate_series(const Curve& curve, std::size_t number,
                                     std::span<const std::size_t> chosen,
                                     const Transform& transform);
/// The samples of these readings, through `transform`.
[[nodiscard]] std::vector<std::vector<Sample>> samples_of(const Curve& curve,
                                                          std::span<const std::size_t> chosen,
                                                          const Transform& transform);
/// Gives the readings of a series, of several setups of one ensemble, the means and the covariance matrix of their samples.
void take_covariance(Series& series, std::span<const std::vector<Sample>> samples);
[[nodiscard]] std::vector<std::size_t> chosen_readings(
    const Curve& curve, const std::function<bool(const Reading&)>& wanted);
/// Drops all errors where one is not above rounding: least squares weigh all readings by their errors, or none.
void take_errors_or_none(FittedSeries& shown);
/// Sets the places where laws are drawn, between the first and the last reading of each part.
void draw_line(FittedSeries& shown, double Reading::*coordinate);
/// "2 K".
[[nodiscard]] std::string at(double value, const std::string& unit);
/// ", 2 K", or nothing at zero temperature.
[[nodiscard]] std::string temperature_words(const Curve& curve, double temperature);

/// What a law must know of a bar.
struct Surroundings {
  bool is_film = false;  ///< coherent, planar, the field perpendicular at 90 deg
  bool is_bulk = false;  ///< coherent, in space
  double length = 0.0;   ///< [nm or sites]
  double width = 0.0;
  double thickness = 0.0;
  double hbar_over_e = 1.0;  ///< T nm^2, or 1
  std::string length_unit;
  Units units;
};
[[nodiscard]] Surroundings surroundings_of(const Curve& curve,
                                           const std::vector<std::string>& overrides);

/// A plate with probes on its middle line and on its edge, symmetric about its centre.
struct Squeeze {
  Plate plate;
  double distance = 0.0;
};
struct SqueezeSeries {
  Series series;
  Squeeze squeeze;
  std::size_t n_spine = 0;
  std::string field_unit;
};

[[nodiscard]] std::vector<Series> field_series(const Curve& curve, std::size_t number,
                                               const Surroundings& around);
[[nodiscard]] std::vector<Series> angle_series(const Curve& curve, std::size_t number);

/// mu_B/k_B in the units of a series, and the unit of a moment.
struct Magneton {
  double value = magneton_in_kelvin;
  std::string unit = "mu_B";
};
struct TemperatureSeries {
  Series series;
  Magneton magneton;
};
/// Of every setup along the current that was read at two temperatures above zero and more, in one run or in several.
[[nodiscard]] std::vector<TemperatureSeries> temperature_series(std::span<const Curve> curves);

[[nodiscard]] std::vector<SqueezeSeries> squeeze_series(std::span<const Curve> curves,
                                                        const std::vector<std::string>& overrides);

/// Resistivities along and across the current against the angle of a field in the plane, both of one run, in one
/// field; first those along it.
struct CircleSeries {
  Series series;
  std::size_t n_along = 0;
  double field = 0.0;
};
/// Of every setup of kind planar_hall with a four_probe one in the same run (four angles and more), by rising field, at the lowest
/// temperature.
[[nodiscard]] std::vector<CircleSeries> circle_series(std::span<const Curve> curves);

}  // namespace edotb::analysis
