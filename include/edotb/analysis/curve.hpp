#pragma once

#include "edotb/measure/setup.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace edotb::analysis {

using measure::Estimate;

/// One number that a laboratory writes down.
struct Reading {
  double field = 0.0;        ///< T, or rad/plaquette in lattice units
  double angle = 0.0;        ///< deg, between field and current; of a corbino: from its normal
  double temperature = 0.0;  ///< K, or t/k_B; 0: zero temperature
  double value = 0.0;        ///< resistance [ohm]; of a conductor in lattice units plain
  double error = 0.0;        ///< one standard error; 0: exact
};

/// Where a non-local voltage is read.
struct FarPlace {
  double plus = 0.0;  ///< distance along the sample from the current's contacts [m]
  double minus = 0.0;
  double extent =
      0.0;  ///< of the sample across its length, from one of the current's contacts to the other
};

/// From the second voltage probe to the first of a straight conductor with the field in the plane of its length and width [m]:
/// along the direction in which the current flows, and across to the side to which the field turns away from that direction.
struct ProbePair {
  double along = 0.0;
  double across = 0.0;
};

/// Where a setup stands.
struct Geometry {
  std::string shape;    ///< bar | hall_bar | corbino | ... of the deck; "system" of a system file
  double length = 0.0;  ///< m (or lattice constants); of a corbino its inner radius
  double width = 0.0;   ///< of a corbino its outer radius
  double thickness = 0.0;                  ///< of a planar model one lattice constant
  bool full_face_contacts = false;         ///< the current's contacts cover whole ends or rims
  bool classical = false;                  ///< the continuum engine: no fluctuations
  std::optional<FarPlace> far_place = {};  ///< of the setup nonlocal on a straight conductor
  std::optional<ProbePair> probe_pair =
      {};  ///< of four_probe and planar_hall on a straight conductor
};

/// The units of a curve's numbers.
struct Units {
  std::string field = "T";
  std::string energy = "eV";
  std::string temperature = "K";
  std::string length = "m";
  std::string resistance = "ohm";
};

/// Resistance of one realisation.
struct Sample {
  std::int64_t realisation = 0;
  double value = 0.0;
};

/// The conductance g = h/(e^2 R) between the current's contacts over the realisations.
struct Ensemble {
  std::size_t n_realisations = 0;
  Estimate conductance;      ///< mean, e^2/h
  Estimate variance;         ///< (e^2/h)^2
  Estimate log_conductance;  ///< mean of ln g
};

/// What one setup of one sample gave.
struct Curve {
  std::string sample;  ///< the deck's sample_name: curves of one name are of one sample
  std::string run;     ///< the folder
  measure::Setup setup;
  Geometry geometry;
  std::vector<Reading> readings;  ///< sorted by temperature, angle, field
  /// Of g over realisations, per reading, where there is an ensemble.
  std::optional<std::vector<double>> variance;

  std::optional<double> energy;              ///< at which electrons scatter; none: a conductor
  std::vector<std::vector<Sample>> samples;  ///< per reading; empty without an ensemble
  std::vector<Ensemble> ensemble;            ///< per reading; empty without an ensemble
  Units units;
  std::vector<std::string> left_out;  ///< one line for each point that gave no reading, and why
};

/// All curves of run folders: results.h5 of either engine, or a laboratory folder (deck.yaml and readings.csv
/// with the columns setup, field, angle, temperature, value, error). `overrides` ("key.path=value") change the runs'
/// decks, above all their measurements. Throws bad_input.
[[nodiscard]] std::vector<Curve> read_curves(const std::vector<std::filesystem::path>& folders,
                                             const std::vector<std::string>& overrides = {});

/// The curves of one results file. Throws bad_input.
[[nodiscard]] std::vector<Curve> results_curves(const std::filesystem::path& results,
                                                const std::vector<std::string>& overrides = {});

/// The number of the reading at zero field that goes with a reading: of its temperature and angle, else of its temperature.
[[nodiscard]] std::optional<std::size_t> zero_field_reading(const Curve& curve,
                                                            std::size_t reading);

/// dR/R(0) of every reading against the one at zero field of the same temperature (and angle, if there
/// is one); none where there is no such reading. Of an ensemble the error is that of pairs: every realisation
/// against itself.
[[nodiscard]] std::vector<std::optional<Estimate>> magnetoresistance(const Curve& curve);

}  // namespace edotb::analysis
