#include "edotb/sample/region.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edotb::sample {

namespace {

/// Lattice sites stand on round coordinates, where rounding must not decide.
constexpr double tolerance = 1e-9;

/// The coordinates of a point in the plane across a body's axis.
struct InPlane {
  double u = 0.0;
  double v = 0.0;
  double along = 0.0;
};

InPlane across(int axis, const Vector3& r) {
  const auto a = static_cast<std::size_t>(axis);
  return {r[(a + 1) % 3], r[(a + 2) % 3], r[a]};
}

/// Distance of (u, v) from the segment between corners i and j, squared.
double distance_squared(const std::vector<double>& points, std::size_t i, std::size_t j, double u,
                        double v) {
  const double du = points[2 * j] - points[2 * i];
  const double dv = points[2 * j + 1] - points[2 * i + 1];
  const double length = du * du + dv * dv;
  const double s =
      length > 0.0
          ? std::clamp(((u - points[2 * i]) * du + (v - points[2 * i + 1]) * dv) / length, 0.0, 1.0)
          : 0.0;
  const double x = u - points[2 * i] - s * du;
  const double y = v - points[2 * i + 1] - s * dv;
  return x * x + y * y;
}

/// Counts how often a ray along u crosses the outline.
bool in_polygon(const std::vector<double>& points, double u, double v) {
  bool inside = false;
  const std::size_t n = points.size() / 2;
  for (std::size_t i = 0, j = n - 1; i < n; j = i++) {
    if (distance_squared(points, i, j, u, v) <= tolerance * tolerance) return true;
    const double vi = points[2 * i + 1];
    const double vj = points[2 * j + 1];
    if ((vi > v) == (vj > v)) continue;
    const double crossing = points[2 * i] + (v - vi) / (vj - vi) * (points[2 * j] - points[2 * i]);
    if (u < crossing) inside = !inside;
  }
  return inside;
}

bool in_range(double value, double low, double high) {
  return value >= low - tolerance && value <= high + tolerance;
}

}  // namespace

bool contains(const deck::Body& body, const Vector3& r) {
  if (body.form == "box") {
    return in_range(r[0], body.from[0], body.to[0]) && in_range(r[1], body.from[1], body.to[1]) &&
           in_range(r[2], body.from[2], body.to[2]);
  }
  const InPlane place = across(body.axis, r);
  if (!in_range(place.along, body.low, body.high)) return false;
  if (body.form == "polygon") return in_polygon(body.points, place.u, place.v);
  const InPlane centre = across(body.axis, body.centre);
  const double radius = std::hypot(place.u - centre.u, place.v - centre.v);
  return in_range(radius, body.inner_radius, body.radius);
}

std::array<Vector3, 2> bounding_box(const deck::Body& body) {
  if (body.form == "box") return {body.from, body.to};
  const auto a = static_cast<std::size_t>(body.axis);
  const std::size_t u = (a + 1) % 3;
  const std::size_t v = (a + 2) % 3;
  Vector3 low{};
  Vector3 high{};
  low[a] = body.low;
  high[a] = body.high;
  if (body.form == "cylinder") {
    for (const std::size_t i : {u, v}) {
      low[i] = body.centre[i] - body.radius;
      high[i] = body.centre[i] + body.radius;
    }
    return {low, high};
  }
  low[u] = low[v] = std::numeric_limits<double>::infinity();
  high[u] = high[v] = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < body.points.size(); i += 2) {
    low[u] = std::min(low[u], body.points[i]);
    high[u] = std::max(high[u], body.points[i]);
    low[v] = std::min(low[v], body.points[i + 1]);
    high[v] = std::max(high[v], body.points[i + 1]);
  }
  return {low, high};
}

}  // namespace edotb::sample
