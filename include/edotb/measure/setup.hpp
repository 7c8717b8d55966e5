#pragma once

#include "edotb/measure/conductance_matrix.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace edotb::measure {

/// What a pair of voltage probes is called; docs/measure.md draws each. All but van_der_pauw are V/I.
enum class Kind {
  two_terminal,
  four_probe,
  hall,
  spine,
  edge,
  planar_hall,
  corbino,
  nonlocal,
  van_der_pauw
};
[[nodiscard]] std::string_view name_of(Kind kind);
/// Throws internal_error for a name that no kind has.
[[nodiscard]] Kind kind_named(std::string_view name);

/// The part in B that is taken from readings at +B and -B.
enum class Parity { none, even, odd };
[[nodiscard]] std::string_view name_of(Parity parity);

/// Where a current flows or a voltage is read.
struct Terminal {
  std::string name;
  std::size_t index = 0;  ///< of the contacts, or of the probes
  bool is_probe = false;  ///< an ideal one of the continuum engine: it reads a point's potential
};

/// One way to measure a resistance: a current from one contact to another, a voltage between two places.
struct Setup {
  std::string name;
  Kind kind = Kind::two_terminal;
  Parity parity = Parity::none;
  Terminal in;  ///< where the current enters
  Terminal out;
  Terminal plus;  ///< the voltage is V_plus - V_minus
  Terminal minus;
};

/// What a sample answers: its conductance matrix and, of the continuum engine, the potential of each probe
/// per volt on each contact, V_i = sum_c P_ic V_c, row-major [probe][contact].
struct Response {
  ConductanceMatrix conductance;
  std::vector<double> probe_potentials;
};

/// (V_plus - V_minus)/I with every contact but the current's two floating, in 1/unit of G; of
/// van_der_pauw the sheet resistance, from R_{AB,CD} and R_{BC,DA} with contacts A = in, B = out, C = plus, D = minus
/// one after another along the rim, each averaged with its reciprocal. Throws numerical_error where
/// the sample leaves it undetermined.
[[nodiscard]] double resistance(const Response& response, const Setup& setup);

/// The same with the error that independent errors of the conductances, [to][from], bring along: first
/// order, from the adjoint problem. The diagonal's errors and those of the probes' potentials are left out.
[[nodiscard]] Estimate resistance(const Response& response,
                                  const std::vector<double>& conductance_errors,
                                  const Setup& setup);

/// The sheet resistance R of a simply connected film from R_{AB,CD} = r1 and R_{BC,DA} = r2:
/// exp(-pi r1/R) + exp(-pi r2/R) = 1 (van der Pauw, Philips Res. Rep. 13, 1 (1958)). Throws numerical_error unless
/// both are positive.
[[nodiscard]] double sheet_resistance(double r1, double r2);

}  // namespace edotb::measure
