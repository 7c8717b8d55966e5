#pragma once

#include "edotb/analysis/curve.hpp"
#include "edotb/analysis/least_squares.hpp"
#include "edotb/deck/deck.hpp"

#include <hdf5.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// A piece of a material whose shape, contacts and probes a deck of the continuum engine describes, and what
/// was measured on it.
struct Specimen {
  deck::Deck deck;
  std::vector<Curve> curves;  ///< their setups number the deck's contacts and probes
};

/// What is assumed of the Hall part.
enum class HallPart {
  automatic,  ///< fitted where readings show it: of a Hall setup, or by a change with the field's direction
  fitted,
  zero
};

struct DeconvolutionOptions {
  HallPart hall = HallPart::automatic;
  /// Error of the finite elements, relative to the largest reading of a specimen in a field of one angle; added in squares to
  /// the readings' errors.
  double model_error = 1e-3;
};

/// One number of the tensor [S/m]. Its interval holds the truth with 95 %.
struct Component {
  double value = 0.0;
  double error = 0.0;  ///< one standard error; infinite where it is not determined
  double lower = 0.0;
  double upper = 0.0;
  /// False: one standard error is more than half of the value (of the Hall part: half in asinh(sigma_H/sigma_perp)).
  bool determined = false;
};

/// The conductivity in one field, at one temperature.
struct FieldTensor {
  double field = 0.0;  ///< strength, of both directions
  Component parallel;
  Component perpendicular;
  Component hall;                ///< for the positive direction
  bool hall_taken_zero = false;  ///< not fitted, or not determined and then left out
  Fit fit;                       ///< of ln sigma_par, ln sigma_perp, asinh(sigma_H/sigma_perp)
};

/// How the model fits one setup of one specimen, over all fields and angles.
struct PairResidual {
  std::string run;
  std::string setup;
  std::size_t n_readings = 0;
  double chi_squared = 0.0;
  double largest = 0.0;  ///< (measured - model)/error of the worst reading
};

/// sigma(B) of one sample at one temperature.
struct Deconvolution {
  std::string sample;
  double temperature = 0.0;
  Units units;                            ///< of the readings
  std::string conductivity_unit = "S/m";  ///< in lattice units "1"
  std::vector<FieldTensor> fields;        ///< by ascending strength
  std::vector<PairResidual> pairs;
  double chi_squared = 0.0;
  std::size_t degrees_of_freedom = 0;
  double probability = 1.0;  ///< of such a chi^2 were the model true
  /// sigma_par(B)/sigma_par(0) - 1 per field, where both are determined: the intrinsic longitudinal
  /// magnetoconductivity, with the current's path removed.
  std::vector<std::optional<Estimate>> magnetoconductivity;
  /// sigma_par = sigma_0 + coefficient B^2 through all determined fields; none with fewer than two of them.
  std::optional<Fit> anomaly;
  std::vector<std::string>
      notes;  ///< what the data do not determine, what the model does not explain
};

/// Finds sigma_par(B), sigma_perp(B) and sigma_H(B) that explain the readings of all specimens of a sample: in
/// each field and temperature one tensor for all angles, setups and specimens, by least squares against the
/// continuum engine (even in B, the Hall part odd). Throws bad_input for a deck without a conductor
/// or with curves in other than its contacts' and probes' names.
[[nodiscard]] std::vector<Deconvolution> deconvolve(std::span<const Specimen> specimens,
                                                    const DeconvolutionOptions& options = {});

/// The specimens of curves that `read_curves` read: each run's deck and its curves, if it is a conductor's.
[[nodiscard]] std::vector<Specimen> specimens_of(const std::vector<Curve>& curves,
                                                 const std::vector<std::string>& overrides = {});

/// A table for people: the tensor in every field, the anomaly, the residuals, the notes.
[[nodiscard]] std::string describe(const Deconvolution& result);
/// The same as JSON; what is not determined is null.
[[nodiscard]] nlohmann::json to_json(const Deconvolution& result);
/// The same as datasets in a group of an HDF5 file; what is not determined has an infinite error.
void write_deconvolution(hid_t file, const std::string& group, const Deconvolution& result);

}  // namespace edotb::analysis
