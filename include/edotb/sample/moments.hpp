#pragma once

#include "edotb/base/vector3.hpp"

namespace edotb::sample {

/// The unit vector with z = 2u - 1 and azimuth 2 pi v: isotropic for uniform u and v.
[[nodiscard]] Vector3 isotropic_direction(double u, double v);

/// A thermal moment in a field along the unit vector `field`, with x = g mu_B S B/(k_B T) >= 0. The
/// isotropic direction `start` keeps its azimuth about the field, and its u = (1 + start.field)/2
/// becomes the exact Boltzmann sample
///     cos(theta) = 1 + ln(u + (1 - u) exp(-2x))/x,      <cos(theta)> = coth x - 1/x .
/// At x = 0 the moment is `start`, whatever the direction of the field.
[[nodiscard]] Vector3 classical_moment(const Vector3& start, const Vector3& field, double x);

/// The same for a quantum spin S, in units of hbar: the projection m on the field is drawn by u with
/// weights exp(x m/S), so that <m> = S B_S(x), the Brillouin function; the part across the field has
/// the length sqrt(S(S+1) - m^2).
[[nodiscard]] Vector3 quantum_moment(const Vector3& start, const Vector3& field, double x,
                                     double spin);

}  // namespace edotb::sample
