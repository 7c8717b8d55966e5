#pragma once

#include <variant>

/// The random terms of a deck (docs/disorder.md). Energies in eV or t, lengths in lattice constants.
namespace edotb::deck {

/// An independent energy on every site, uniform in [-width/2, width/2].
struct Anderson {
  double width = 0.0;
};

/// Normal energies with the covariance strength^2 exp(-r^2 / (2 correlation_length^2)).
struct Gaussian {
  double strength = 0.0;
  double correlation_length = 1.0;
};

/// Every site is missing with the probability `density`.
struct Vacancies {
  double density = 0.0;
};

/// Every bond carries a phase, uniform in [-width/2, width/2] rad.
struct HoppingPhases {
  double width = 0.0;
};

/// On every site, with the probability `density`: potential - exchange S.sigma, with S in thermal
/// equilibrium in the magnetic field.
struct MagneticImpurities {
  double density = 1.0;
  double exchange = 0.0;
  double potential = 0.0;
  double spin = 1.0;
  double g_factor = 2.0;
  double temperature = 1.0;  ///< K or t/k_B
  bool quantum = false;      ///< the projection on the field is one of -S, -S+1, ... S
  bool reversed = false;     ///< start from the opposite directions
};

/// One item of sample.disorder.
struct DisorderTerm {
  enum class Where { all, bulk, surface };
  Where where = Where::all;
  int depth = 1;  ///< of the surface, in cells
  std::variant<Anderson, Gaussian, Vacancies, HoppingPhases, MagneticImpurities> kind;
};

}  // namespace edotb::deck
