#pragma once

#include "edotb/analysis/curve.hpp"
#include "edotb/analysis/least_squares.hpp"
#include "edotb/analysis/mechanisms.hpp"
#include "edotb/analysis/response.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// A strength with its error; in units of a laboratory.
struct NamedStrength {
  std::string name;
  double value = 0.0;
  double error = 0.0;
  std::string unit;
  bool determined = true;
};

/// What a mechanism does to one reading: R with it less R without it, over the larger of the latter
/// and R(0). Of all readings (of jetting: of bars with the field along the current) the one that it lowers
/// most or, where it lowers none, changes most.
struct Effect {
  double change = 0.0;
  double error = 0.0;
  std::string where;  ///< the reading
};

/// Of the larger of R(0) and R without the mechanism.
inline constexpr double negligible_effect = 0.1;

/// One combination of mechanisms fitted to all curves at once.
struct Combination {
  Mechanisms mechanisms;
  Fit fit;
  Strengths strengths;
  double bic = 0.0;          ///< with errors scaled as Comparison says
  double probability = 0.0;  ///< of this combination among the 16
};

/// All 16 combinations, the most probable first.
struct Comparison {
  std::vector<Combination> combinations;
  std::array<double, n_mechanisms> probability{};  ///< that each mechanism is at work
  std::array<double, n_mechanisms> log_odds{};     ///< ln of that over the probability that not
  std::size_t n_data = 0;
  std::size_t n_scales = 0;      ///< free factors, one of every curve and temperature
  double chi_square_each = 0.0;  ///< of the best fit, per degree of freedom
  double error_scale = 1.0;      ///< by which errors were widened to make that 1; not below 1
  /// Of every mechanism, from the best combination that has it:
  std::array<std::vector<NamedStrength>, n_mechanisms> strengths;
  std::array<Effect, n_mechanisms> effects;
  /// The probability that it is at work and changes a reading by more than negligible_effect.
  std::array<double, n_mechanisms> relevance{};
  /// The largest |change| (as of effects) within two errors that the readings allow a mechanism which the
  /// best combination does not need: the most of several shapes (B_phi, moments). Infinite where
  /// the strength is not determined; of mechanisms that the best combination has, not given.
  std::array<std::optional<double>, n_mechanisms> limits;
};

/// Fits the tensor of mechanisms.hpp through the responses to the curves along the current and the discs in a
/// perpendicular field. Every curve has a free factor at every temperature, since thickness and contacts are never
/// known well: only how R changes counts. To the errors of the readings 0.1 % is added, the accuracy of the
/// computed geometry. All combinations are equally probable beforehand; P ~ exp(-BIC/2). Nothing where
/// there are fewer than `fewest_data` readings in a field.
[[nodiscard]] std::optional<Comparison> compare(std::span<const Curve> curves,
                                                std::span<const GeometryResponse> responses);
inline constexpr std::size_t fewest_data = 8;

}  // namespace edotb::analysis
