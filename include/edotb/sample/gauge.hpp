#pragma once

#include "edotb/base/vector3.hpp"

#include <array>

namespace edotb::sample {

/// The three axes of a sample: current, width, thickness, each 0, 1, 2 for x, y, z.
struct Axes {
  std::size_t current = 0;
  [[nodiscard]] std::size_t width() const { return (current + 1) % 3; }
  [[nodiscard]] std::size_t thickness() const { return (current + 2) % 3; }
};

/// A vector potential linear in r, times charge/hbar: A_i = sum_j M_ij r_j [rad/length].
struct Gauge {
  std::array<std::array<double, 3>, 3> m{};
  [[nodiscard]] Vector3 at(const Vector3& r) const;
};

/// With (n, u, v) the current, width and thickness axes and b = (charge/hbar) B [rad/area]:
///   open cross-section:      A = (b_u v - b_v u) n - (b_n v/2) u + (b_n u/2) v
///   periodic cross-section:  A = (b_u v - b_v u) n -  b_n v    u
/// Neither depends on the coordinate along n, so a lead along n stays periodic (physics.md §1).
[[nodiscard]] Gauge lead_gauge(const Axes& axes, const Vector3& b, bool periodic);

/// The phase of H_ij = <r_i|H|r_j>: A((r_i + r_j)/2).(r_i - r_j), exact for a linear A.
[[nodiscard]] double peierls_phase(const Gauge& gauge, const Vector3& r_i, const Vector3& r_j);

/// The phase chi with psi(r + translation) = exp(i chi) psi(r) on a torus: chi = (M translation).r.
[[nodiscard]] double seam_phase(const Gauge& gauge, const Vector3& translation, const Vector3& r);

/// The unit vector of a field: `angle` from the current, `azimuth` of the rest from the width axis
/// towards the thickness axis; degrees in, Cartesian components out. Right angles are exact.
[[nodiscard]] Vector3 field_direction(const Axes& axes, double angle, double azimuth);

}  // namespace edotb::sample
