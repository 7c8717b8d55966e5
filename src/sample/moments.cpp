#include "edotb/sample/moments.hpp"

#include "edotb/base/constants.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::sample {

namespace {

/// (1 + start.field)/2: uniform in [0, 1] for an isotropic start.
double level(const Vector3& start, const Vector3& field) {
  return std::clamp(0.5 * (1.0 + dot(start, field)), 0.0, 1.0);
}

/// `along` the field, `across` it in the direction of `start`.
Vector3 moment(const Vector3& start, const Vector3& field, double along, double across) {
  Vector3 sideways = start - dot(start, field) * field;
  // A start along the field has no azimuth; any will do.
  if (norm(sideways) == 0.0) {
    sideways = cross(field, std::abs(field[0]) < 0.5 ? Vector3{1, 0, 0} : Vector3{0, 1, 0});
  }
  return along * field + across * unit(sideways);
}

}  // namespace

Vector3 isotropic_direction(double u, double v) {
  const double z = 2.0 * u - 1.0;
  const double across = std::sqrt((1.0 - z) * (1.0 + z));
  const double azimuth = 2.0 * constants::pi * v;
  return {across * std::cos(azimuth), across * std::sin(azimuth), z};
}

Vector3 classical_moment(const Vector3& start, const Vector3& field, double x) {
  if (x == 0.0) return start;
  const double u = level(start, field);
  // 1 - cos(theta); expm1 and log1p keep it exact for x -> 0.
  const double below = std::clamp(-std::log1p((1.0 - u) * std::expm1(-2.0 * x)) / x, 0.0, 2.0);
  return moment(start, field, 1.0 - below, std::sqrt(below * (2.0 - below)));
}

Vector3 quantum_moment(const Vector3& start, const Vector3& field, double x, double spin) {
  const int n_levels = static_cast<int>(std::lround(2.0 * spin)) + 1;
  // Weights relative to the lowest level, that of m = S.
  const auto weight = [&](int k) { return std::exp(-x * k / spin); };
  double total = 0.0;
  for (int k = 0; k < n_levels; ++k) total += weight(k);
  // The levels m = S, S-1, ... fill [0, 1] from above.
  const double u = level(start, field);
  double below = 1.0;
  int k = 0;
  for (; k + 1 < n_levels; ++k) {
    below -= weight(k) / total;
    if (u >= below) break;
  }
  const double m = spin - k;
  return moment(start, field, m, std::sqrt(spin * (spin + 1.0) - m * m));
}

}  // namespace edotb::sample
