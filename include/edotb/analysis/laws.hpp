#pragma once

#include "edotb/base/constants.hpp"

#include <cstddef>

/// Laws of magnetotransport as functions of the field and a few parameters. Conductances are in e^2/h, fields in T
/// with lengths in nm and `hbar_over_e` in T nm^2; in lattice units the field is the flux per plaquette [rad],
/// lengths count sites and `hbar_over_e` is 1.
namespace edotb::analysis {

/// hbar/e [T nm^2].
inline constexpr double hbar_over_e_in_nm = 658.2119569509066;

// --- weak localisation

/// B_l = hbar/(4 e l^2), the field that a phase-coherent area of size l feels.
[[nodiscard]] double characteristic_field(double l, double hbar_over_e);

/// F(x) = psi(1/2 + 1/x) + ln x, even in x, x^2/24 for small x; relative error 1e-11.
[[nodiscard]] double digamma_law(double x);

/// Lengths of a film [nm or sites]; 0: the process is absent.
struct CoherenceLengths {
  double phase = 0.0;       ///< l_phi
  double spin_orbit = 0.0;  ///< l_so
  double magnetic = 0.0;    ///< spin-flip scattering, l_s
  double mean_free = 0.0;   ///< l_e; 0: much shorter than the others
};

/// sigma(B) - sigma(0) of a film in a perpendicular field [e^2/h],
/// (1/pi) [3/2 F(B/B_2) - 1/2 F(B/B_3) - F(B/B_1)], B_1 = B_e + B_so + B_s, B_2 = B_phi + 4/3 B_so + 2/3 B_s,
/// B_3 = B_phi + 2 B_s (Hikami, Larkin and Nagaoka, PTP 63, 707; Bergmann, Phys. Rep. 107, 1).
[[nodiscard]] double hikami_larkin_nagaoka(double field, const CoherenceLengths& lengths,
                                           double hbar_over_e);

/// The same of one class of symmetry, (alpha/pi) F(B/B_phi): alpha = 1 weak localisation with spin, -1/2 strong
/// spin-orbit scattering.
[[nodiscard]] double hikami_larkin_nagaoka(double field, double alpha, double l_phi,
                                           double hbar_over_e);

/// P(x/L) = (x/L) [coth(L/x) - x/L]: the part of a wire's quantum correction that dephasing leaves; 1/3 at x >> L.
[[nodiscard]] double coherent_part(double x_over_length);

/// A wire that is narrow against l_phi.
struct Wire {
  double length = 0.0;
  double width = 0.0;
};

/// Correction to the conductance of a diffusive wire in a perpendicular field, summed over spin [e^2/h]:
/// -3 P(L_t) + P(L_s) with 1/L_s^2 = 1/l_phi^2 + 1/L_B^2, 1/L_t^2 = 1/L_s^2 + 4/(3 l_so^2),
/// L_B = sqrt(3) hbar/(e B W), W >> mean free path (Beenakker and van Houten, PRB 38, 3232). l_so = 0: no
/// spin-orbit scattering, -2 P(L_s); half of that is a spinless wire's.
[[nodiscard]] double quasi_one_dimensional(double field, const Wire& wire, double l_phi,
                                           double l_so, double hbar_over_e);

/// f3(x) = sum_N 2 [sqrt(N+1+d) - sqrt(N+d)] - 1/sqrt(N+1/2+d), d = 1/x (Kawabata, J. Phys. Soc. Japan 49, 628);
/// x^(3/2)/48 for small x, 0.6049 for large; relative error 1e-11.
[[nodiscard]] double kawabata_function(double x);

/// sigma(B) - sigma(0) of a bulk conductor [e^2/h per nm or site], (1/pi) sqrt(eB/hbar) f3(B/B_phi).
[[nodiscard]] double kawabata(double field, double l_phi, double hbar_over_e);

// --- spins

/// L(x) = coth x - 1/x.
[[nodiscard]] double langevin(double x);
/// B_J(x), the mean <J_z>/J of a spin J = 1/2, 1, ... at x = g mu_B J B/(k_B T).
[[nodiscard]] double brillouin(double spin, double x);

/// mu_B/k_B [K/T]; in lattice units 1, so that a moment is g S.
inline constexpr double magneton_in_kelvin = constants::bohr_magneton / constants::boltzmann;

/// g mu_B S B/(k_B T) for a moment g S in Bohr magnetons; infinite at T = 0.
[[nodiscard]] double alignment(double moment, double field, double temperature,
                               double magneton = magneton_in_kelvin);

// --- anisotropy

/// Resistivities across and along the current in a field in the plane of the film, of any material with
/// rho_parallel along the field and rho_perpendicular across (physics.md §5).
struct PlanarHall {
  double longitudinal = 0.0;  ///< rho_perp - (rho_perp - rho_par) cos^2
  double transverse = 0.0;    ///< -(rho_perp - rho_par) sin cos
};
[[nodiscard]] PlanarHall planar_hall(double rho_parallel, double rho_perpendicular, double degrees);

// --- current jetting

/// A thin plate with point contacts in the middle of its ends, the field and the current along x, the
/// origin in its centre.
struct Plate {
  double length = 0.0;
  double width = 0.0;
};

/// V(x, y) W t/(I rho_par) = -x - sum_m 2 cos(2 pi m y/W) sinh(k x)/[k cosh(k L/2)], k = 2 pi m/(W sqrt(A)),
/// A = sigma_par/sigma_perp of the plate (physics.md §6): zero in the middle, in units of length. |x| < L/2.
[[nodiscard]] double jetting_potential(const Plate& plate, double anisotropy, double x, double y);

/// R/R0 of probes a distance d apart, symmetric about the middle: on the spine (y = 0) and the edge (y = W/2).
[[nodiscard]] double spine_resistance(const Plate& plate, double anisotropy, double distance);
[[nodiscard]] double edge_resistance(const Plate& plate, double anisotropy, double distance);

}  // namespace edotb::analysis
