#include "edotb/sample/gauge.hpp"

#include "edotb/base/constants.hpp"

#include <cmath>

namespace edotb::sample {

Vector3 Gauge::at(const Vector3& r) const {
  Vector3 a{};
  for (std::size_t i = 0; i < 3; ++i) a[i] = m[i][0] * r[0] + m[i][1] * r[1] + m[i][2] * r[2];
  return a;
}

Gauge lead_gauge(const Axes& axes, const Vector3& b, bool periodic) {
  const std::size_t n = axes.current;
  const std::size_t u = axes.width();
  const std::size_t v = axes.thickness();
  Gauge gauge;
  gauge.m[n][v] = b[u];
  gauge.m[n][u] = -b[v];
  gauge.m[u][v] = periodic ? -b[n] : -0.5 * b[n];
  gauge.m[v][u] = periodic ? 0.0 : 0.5 * b[n];
  return gauge;
}

double peierls_phase(const Gauge& gauge, const Vector3& r_i, const Vector3& r_j) {
  return dot(gauge.at(0.5 * (r_i + r_j)), r_i - r_j);
}

double seam_phase(const Gauge& gauge, const Vector3& translation, const Vector3& r) {
  return dot(gauge.at(translation), r);
}

namespace {

/// cos of an angle in degrees, exact at multiples of 90 so that a field across the current has no
/// stray component along it.
double cos_degrees(double angle) {
  const double turn = std::fmod(std::abs(angle), 360.0);
  if (turn == 90.0 || turn == 270.0) return 0.0;
  return std::cos(turn * constants::pi / 180.0);
}
double sin_degrees(double angle) { return cos_degrees(angle - 90.0); }

}  // namespace

Vector3 field_direction(const Axes& axes, double angle, double azimuth) {
  Vector3 direction{};
  direction[axes.current] = cos_degrees(angle);
  direction[axes.width()] = sin_degrees(angle) * cos_degrees(azimuth);
  direction[axes.thickness()] = sin_degrees(angle) * sin_degrees(azimuth);
  return direction;
}

}  // namespace edotb::sample
