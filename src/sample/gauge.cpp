#include "edotb/sample/gauge.hpp"

#include "edotb/base/constants.hpp"

#include <cmath>

namespace edotb::sample {

namespace {

/// The matrix of  r -> a x r.
Gauge cross_matrix(const Vector3& a) {
  Gauge gauge;
  gauge.m = {{{0.0, -a[2], a[1]}, {a[2], 0.0, -a[0]}, {-a[1], a[0], 0.0}}};
  return gauge;
}

/// A = n (n.(b x rho)), rho = r - n (n.r): the part of every gauge that does not wind round n. As
/// n.(b x n) = 0 the projection changes nothing.
Gauge along_lead(const Vector3& n, const Vector3& b) {
  const Vector3 row = cross(n, b);  // n.(b x r) = (n x b).r
  Gauge gauge;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) gauge.m[i][j] = n[i] * row[j];
  }
  return gauge;
}

}  // namespace

Frame make_frame(const Vector3& along, const Vector3& across) {
  Frame frame;
  frame.n = unit(along);
  frame.u = unit(across - dot(across, frame.n) * frame.n);
  frame.v = cross(frame.n, frame.u);
  return frame;
}

Vector3 Gauge::at(const Vector3& r) const {
  Vector3 a{};
  for (std::size_t i = 0; i < 3; ++i) a[i] = m[i][0] * r[0] + m[i][1] * r[1] + m[i][2] * r[2];
  return a;
}

Gauge lead_gauge(const Vector3& n, const Vector3& b) {
  Gauge gauge = along_lead(n, b);
  const Gauge round = cross_matrix(n);
  const double half = 0.5 * dot(b, n);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) gauge.m[i][j] += half * round.m[i][j];
  }
  return gauge;
}

Gauge torus_gauge(const Frame& frame, const Vector3& b) {
  Gauge gauge = along_lead(frame.n, b);
  const double along = dot(b, frame.n);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) gauge.m[i][j] -= along * frame.u[i] * frame.v[j];
  }
  return gauge;
}

double peierls_phase(const Gauge& gauge, const Vector3& r_i, const Vector3& r_j) {
  return dot(gauge.at(0.5 * (r_i + r_j)), r_i - r_j);
}

double gauge_change(const Gauge& from, const Gauge& to, const Vector3& r) {
  return 0.5 * dot(to.at(r) - from.at(r), r);
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

Vector3 field_direction(const Frame& frame, double angle, double azimuth) {
  return cos_degrees(angle) * frame.n + (sin_degrees(angle) * cos_degrees(azimuth)) * frame.u +
         (sin_degrees(angle) * sin_degrees(azimuth)) * frame.v;
}

}  // namespace edotb::sample
