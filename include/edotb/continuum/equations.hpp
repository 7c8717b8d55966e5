#pragma once

#include "edotb/continuum/assembly.hpp"
#include "edotb/continuum/conductivity.hpp"

namespace edotb::continuum {

/// div(sigma grad phi) = 0, no current through insulating faces; phi in V.
[[nodiscard]] WeakForm ohmic_form(const Tensor& sigma, int order);

/// The two chiralities' fluids (physics.md §5).
struct TwoFluid {
  double conductivity = 1.0;        ///< sigma_chi of one fluid [S/m]
  double chiral_conductance = 0.0;  ///< g_B = n e^3 B/h^2 [S/m^2]
  double relaxation = 0.0;          ///< Gamma = e^2 nu / (2 tau_a) [S/m^3]

  /// Conductivity of a long wire along the field, 2 sigma + g_B^2 / Gamma.
  [[nodiscard]] double long_wire_conductivity() const;
  /// The length over which the fluids of a wire along the field come to one potential,
  /// 1/lambda^2 = g_B^2/sigma^2 + 2 Gamma/sigma.
  [[nodiscard]] double axial_length() const;
};

/// The fluids of a Weyl semimetal's nodes: per node nu = mu^2/(2 pi^2 hbar^3 v^3),
/// n = mu^3/(6 pi^2 hbar^3 v^3), sigma_chi = n e mobility. `field` in T.
[[nodiscard]] TwoFluid two_fluid_of(const WeylNodes& nodes, double field);

/// div(-sigma grad V_x + x g_B b V_x) = -Gamma (V_x - V_-x), x = +1, -1, b a unit vector: two fields
/// per node, V_+ and V_-. Faces that are not contacts carry no current; where b goes through them they
/// turn one chirality into the other.
[[nodiscard]] WeakForm two_fluid_form(const TwoFluid& fluid, const Vector3& b, int order);

}  // namespace edotb::continuum
