#pragma once

#include "edotb/analysis/curve.hpp"
#include "edotb/analysis/laws.hpp"
#include "edotb/analysis/least_squares.hpp"

#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// A law with the parameters that fit some readings best.
struct LawFit {
  std::string law;      ///< its name
  std::string formula;  ///< with the parameters' names
  Fit fit;
};

/// The readings as conductances [e^2/h] of resistances [ohm], times `squares` (length/width for the conductivity of
/// a film); the relative errors stay. Throws bad_input for a resistance that is not positive.
[[nodiscard]] std::vector<Reading> as_conductances(std::span<const Reading> resistances,
                                                   double squares);

// Each of these fits `value` of the readings against their field, angle or temperature, weighted with their
// errors; if all of these are zero, with equal weights of unknown size. Throws bad_input when only some are zero.

/// sigma_0 + (alpha/pi) F(B/B_phi), B_phi = hbar/(4 e l_phi^2) [e^2/h; nm or sites]: sigma_0, alpha, l_phi.
[[nodiscard]] LawFit fit_localisation(std::span<const Reading> readings, double hbar_over_e);

/// sigma_0 + the full formula of Hikami, Larkin and Nagaoka: sigma_0, l_phi, l_so.
[[nodiscard]] LawFit fit_localisation_with_spin_orbit(std::span<const Reading> readings,
                                                      double hbar_over_e);

/// g_0 - 2 P(l_phi, B) of a wire: g_0, l_phi.
[[nodiscard]] LawFit fit_wire_localisation(std::span<const Reading> readings, const Wire& wire,
                                           double hbar_over_e);

/// sigma_0 + (1/pi) sqrt(eB/hbar) f3(B/B_phi) in space [e^2/h per nm or site]: sigma_0, l_phi.
[[nodiscard]] LawFit fit_kawabata(std::span<const Reading> readings, double hbar_over_e);

/// c_0 + c B^2: the chiral anomaly in a weak field, and the start of most other laws.
[[nodiscard]] LawFit fit_quadratic(std::span<const Reading> readings);

/// c_0 + c |B|: the chiral anomaly in a strong field, one channel per flux quantum and pair of nodes.
[[nodiscard]] LawFit fit_linear(std::span<const Reading> readings);

/// isotropic + anisotropic cos^2(angle).
[[nodiscard]] LawFit fit_cosine_squared(std::span<const Reading> readings);

/// rho_par and rho_perp from resistivities along and across the current, which lie on a circle of diameter
/// rho_perp - rho_par when one is drawn against the other.
[[nodiscard]] LawFit fit_planar_hall(std::span<const Reading> longitudinal,
                                     std::span<const Reading> transverse);

/// rho_0 [1 - depth L(x)^2], x = moment mu_B B/(k_B T): spins aligned by the field, one curve in B/T. depth = 1 in
/// a dense magnet, (2VJS/(V^2 + J^2 S^2))^2 for dilute impurities.
[[nodiscard]] LawFit fit_alignment(std::span<const Reading> readings,
                                   double magneton = magneton_in_kelvin);

/// R_spine and R_edge of a thin plate in a field along the current, with a constant resistivity along it:
/// R_0, mobility with A = 1 + (mobility B)^2 [1/T].
[[nodiscard]] LawFit fit_jetting(std::span<const Reading> spine, std::span<const Reading> edge,
                                 const Plate& plate, double distance);

/// How probable each of several laws is by the same data, from exp(-AIC/2) and exp(-BIC/2) with equal priors.
struct LawWeights {
  std::vector<double> akaike_weights;
  std::vector<double> bayes_weights;
};
/// Throws bad_input when the fits are not of equally many data.
[[nodiscard]] LawWeights compare(std::span<const LawFit> fits);

}  // namespace edotb::analysis
