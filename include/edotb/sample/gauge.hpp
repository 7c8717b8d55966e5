#pragma once

#include "edotb/base/vector3.hpp"

#include <array>

namespace edotb::sample {

/// Orthonormal directions of a sample or a lead: n along the current, u along the width, v = n x u along
/// the thickness.
struct Frame {
  Vector3 n{1, 0, 0};
  Vector3 u{0, 1, 0};
  Vector3 v{0, 0, 1};
};

/// n along `along`, u the part of `across` that is normal to it. Lattice axes come out exactly.
[[nodiscard]] Frame make_frame(const Vector3& along, const Vector3& across);

/// A vector potential linear in r, times charge/hbar: A_i = sum_j M_ij r_j [rad/length].
struct Gauge {
  std::array<std::array<double, 3>, 3> m{};
  [[nodiscard]] Vector3 at(const Vector3& r) const;
};

/// With b = (charge/hbar) B [rad/area] and rho the part of r across n,
///     A = n (n.(b x rho)) + (b.n) (n x rho) / 2 .
/// It does not depend on the coordinate along n, so a lead along n stays periodic (physics.md §1).
[[nodiscard]] Gauge lead_gauge(const Vector3& n, const Vector3& b);

/// The same for a periodic cross-section: A = n (n.(b x rho)) - (b.n) (v.r) u.
[[nodiscard]] Gauge torus_gauge(const Frame& frame, const Vector3& b);

/// The phase of H_ij = <r_i|H|r_j>: A((r_i + r_j)/2).(r_i - r_j), exact for a linear A.
[[nodiscard]] double peierls_phase(const Gauge& gauge, const Vector3& r_i, const Vector3& r_j);

/// chi with A_to - A_from = grad chi, for two gauges of one field: chi = r.(M_to - M_from) r / 2. Sites
/// turned by exp(i chi) carry the phases of `to`.
[[nodiscard]] double gauge_change(const Gauge& from, const Gauge& to, const Vector3& r);

/// The phase chi with psi(r + translation) = exp(i chi) psi(r) on a torus: chi = (M translation).r.
[[nodiscard]] double seam_phase(const Gauge& gauge, const Vector3& translation, const Vector3& r);

/// The unit vector of a field: `angle` from n, `azimuth` of the rest from u towards v; degrees in,
/// Cartesian components out. Right angles are exact.
[[nodiscard]] Vector3 field_direction(const Frame& frame, double angle, double azimuth);

}  // namespace edotb::sample
