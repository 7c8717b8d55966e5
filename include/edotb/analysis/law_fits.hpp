#pragma once

#include "edotb/analysis/curve.hpp"
#include "edotb/analysis/fits.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// One law through a series of readings.
struct FittedLaw {
  LawFit law;                      ///< of an ensemble chi^2 knows the correlations of the residuals
  std::vector<std::string> units;  ///< of its parameters
  std::vector<double> at_readings;
  std::vector<double> at_line;
  double akaike_weight = 0.0;  ///< among the laws of the series
};

/// Readings of one curve (of the squeeze test: of two) along one axis, and the laws that fit them.
struct FittedSeries {
  std::size_t curve = 0;      ///< its number
  std::string setup;          ///< "run/setup"
  std::string where;          ///< "0 deg, 2 K"
  std::string abscissa;       ///< "field" | "angle" | "field over temperature"
  std::string abscissa_unit;  ///< T, deg, T/K, ...
  std::string quantity;       ///< what the laws give
  std::string unit;           ///< its unit
  std::string
      error_words;  ///< what the errors are, and which of the readings' correlations is known
  std::vector<std::string> parts;    ///< "spine", "edge"; one where there are no parts
  std::vector<Reading> readings;     ///< values and errors of the quantity
  std::vector<std::size_t> part_of;  ///< of each reading
  std::vector<Reading> line;         ///< places between the readings where the laws are drawn
  std::vector<std::size_t> line_part_of;
  std::vector<FittedLaw> laws;

  [[nodiscard]] double abscissa_of(const Reading& reading) const;
};

/// The laws of docs/analysis.md wherever the curves have the readings for them:
/// - along the field (five fields and more; at the first and the last angle, at each temperature), of coherent bars
///   and of the conductor that shows the material best: quadratic and linear; in a film in a perpendicular
///   field also Hikami-Larkin-Nagaoka and the wire's law, in space Kawabata's;
/// - along the angle (four and more, highest field): cos^2;
/// - over field and temperature (two temperatures above zero and more, in one run or in several): alignment of spins;
/// - of spine and edge of one plate, their field along the current: current jetting;
/// - of a planar_hall setup and a four_probe one of the same conductor against the angle (four and more, each field): the circle.
/// Ensembles of eight realisations and more are fitted by the differences of each realisation to its reading nearest to zero field, so
/// that what it adds to all fields alike drops out; the errors of the parameters and chi^2 follow from the covariance matrix of the means.
[[nodiscard]] std::vector<FittedSeries> fit_laws(std::span<const Curve> curves,
                                                 const std::vector<std::string>& overrides = {});

/// `fits` of verdict.json as docs/verdict.md describes it.
[[nodiscard]] nlohmann::ordered_json to_json(std::span<const FittedSeries> all);

/// One line for each law: its parameters with errors, chi^2 and how probable it is; and one for the laws that were not fitted,
/// with what they need.
[[nodiscard]] std::string describe(std::span<const FittedSeries> all);

/// Adds the groups /fits/N to an analysis.h5; docs/results.md lists what is in them.
void add_fits(const std::filesystem::path& path, std::span<const FittedSeries> series);

}  // namespace edotb::analysis
