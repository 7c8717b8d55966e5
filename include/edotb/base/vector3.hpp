#pragma once

#include <array>
#include <cmath>

namespace edotb {

/// A vector in space, Cartesian components x, y, z.
using Vector3 = std::array<double, 3>;

[[nodiscard]] constexpr Vector3 operator+(const Vector3& a, const Vector3& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}
[[nodiscard]] constexpr Vector3 operator-(const Vector3& a, const Vector3& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
[[nodiscard]] constexpr Vector3 operator*(double s, const Vector3& a) {
  return {s * a[0], s * a[1], s * a[2]};
}
[[nodiscard]] constexpr double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

[[nodiscard]] constexpr Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
[[nodiscard]] inline double norm(const Vector3& a) { return std::sqrt(dot(a, a)); }
/// a / |a|; exact for a vector along an axis.
[[nodiscard]] inline Vector3 unit(const Vector3& a) {
  const double length = norm(a);
  return {a[0] / length, a[1] / length, a[2] / length};
}

/// Rows b_i with b_i . a_j = delta_ij.
[[nodiscard]] inline std::array<Vector3, 3> reciprocal_vectors(const std::array<Vector3, 3>& a) {
  const double volume = dot(a[0], cross(a[1], a[2]));
  return {(1.0 / volume) * cross(a[1], a[2]), (1.0 / volume) * cross(a[2], a[0]),
          (1.0 / volume) * cross(a[0], a[1])};
}

}  // namespace edotb
