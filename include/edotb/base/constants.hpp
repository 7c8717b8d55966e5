#pragma once

#include <numbers>

/// Physical constants in edotb's units: eV, nm, T, K (CODATA 2018; physics.md §0).
namespace edotb::constants {
inline constexpr double pi = std::numbers::pi;
inline constexpr double flux_quantum = 4135.667696923859;  ///< h/e [T nm^2]
inline constexpr double bohr_magneton = 5.7883818060e-5;   ///< mu_B [eV/T]
inline constexpr double boltzmann = 8.617333262e-5;        ///< k_B [eV/K]

// SI, for the continuum engine.
inline constexpr double elementary_charge = 1.602176634e-19;  ///< e [C]
inline constexpr double planck = 6.62607015e-34;              ///< h [J s]
inline constexpr double hbar = planck / (2.0 * pi);           ///< [J s]
}  // namespace edotb::constants
