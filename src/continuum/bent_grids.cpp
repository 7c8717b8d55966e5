#include "bent_grids.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

namespace {

/// Half-way between two points of a plane in polar coordinates: half-way in radius and in angle.
std::array<double, 2> polar_midpoint(double ax, double ay, double bx, double by) {
  const double radius = 0.5 * (std::hypot(ax, ay) + std::hypot(bx, by));
  const double between = std::atan2(ax * by - ay * bx, ax * bx + ay * by);
  const double angle = std::atan2(ay, ax) + 0.5 * between;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

std::vector<double> even_line(double low, double high, double size) {
  return graded_line({{low, 0.0}, {high, 0.0}}, size);
}

}  // namespace

Mesh corbino_mesh(const SampleShape& shape, const Resolution& resolution) {
  // Grid coordinates: radius, angle, z.
  const double size = (shape.outer_radius - shape.inner_radius) / resolution.n_across;
  constexpr double coarsest_angle = constants::pi / 12.0;
  const double angle =
      std::min(2.0 * size / (shape.outer_radius + shape.inner_radius), coarsest_angle);
  Grid grid;
  grid.dimension = shape.film ? 2 : 3;
  grid.lines[0] = even_line(shape.inner_radius, shape.outer_radius, size);
  grid.lines[1] = even_line(0.0, 2.0 * constants::pi, angle);
  if (!shape.film) {
    grid.lines[2] = even_line(-0.5 * shape.thickness, 0.5 * shape.thickness,
                              std::min(size, 0.5 * shape.thickness));
  }
  grid.periodic[1] = true;
  grid.place = [](const Vector3& x) {
    return Vector3{x[0] * std::cos(x[1]), x[0] * std::sin(x[1]), x[2]};
  };
  grid.midpoint = [](const Vector3& a, const Vector3& b) {
    const auto middle = polar_midpoint(a[0], a[1], b[0], b[1]);
    return Vector3{middle[0], middle[1], 0.5 * (a[2] + b[2])};
  };
  grid.label = [](const GridSide& side) {
    return side.axis != 0 ? insulating : side.sign < 0 ? 0 : 1;
  };
  return make_mesh(grid);
}

Mesh cylinder_mesh(const SampleShape& shape, const Resolution& resolution) {
  if (shape.film) throw bad_input("a cylinder is no film");
  // Grid coordinates: x, and a square |u|, |v| <= 1 that becomes a disc: with rho = max(|u|, |v|) a
  // circle of radius rho at the rim, more and more a square towards the axis.
  const double radius = 0.5 * shape.width;
  const double size = 2.0 / resolution.n_across;
  const double along = radius * size * resolution.stretch[0] / resolution.stretch[1];
  Grid grid;
  constexpr double fewest = 8.0;
  grid.lines[0] =
      even_line(-0.5 * shape.length, 0.5 * shape.length, std::min(along, shape.length / fewest));
  // A line through the middle keeps diagonals of the square on edges of cells.
  grid.lines[1] = graded_line({{-1.0, 0.0}, {0.0, 0.0}, {1.0, 0.0}}, size);
  grid.lines[2] = grid.lines[1];
  grid.place = [radius](const Vector3& x) {
    const double rho = std::max(std::abs(x[1]), std::abs(x[2]));
    if (rho == 0.0) return Vector3{x[0], 0.0, 0.0};
    constexpr double square = 0.8;
    const double round = rho * rho;
    const double scale = radius * ((1.0 - round) * square + round * rho / std::hypot(x[1], x[2]));
    return Vector3{x[0], scale * x[1], scale * x[2]};
  };
  grid.midpoint = [radius](const Vector3& a, const Vector3& b) {
    const Vector3 straight = 0.5 * (a + b);
    const auto is_on_rim = [&](const Vector3& p) {
      return std::hypot(p[1], p[2]) > radius * (1.0 - 1e-9);
    };
    if (!is_on_rim(a) || !is_on_rim(b)) return straight;
    const auto middle = polar_midpoint(a[1], a[2], b[1], b[2]);
    return Vector3{straight[0], middle[0], middle[1]};
  };
  grid.label = [](const GridSide& side) {
    return side.axis != 0 ? insulating : side.sign < 0 ? 0 : 1;
  };
  return make_mesh(grid);
}

}  // namespace edotb::continuum
