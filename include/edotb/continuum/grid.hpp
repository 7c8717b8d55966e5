#pragma once

#include "edotb/continuum/mesh.hpp"

namespace edotb::continuum {

/// A place on a line where cells end: an edge of the sample or of a contact. Where the solution is
/// singular the cells around it shrink to `smallest`.
struct Break {
  double position = 0.0;
  double smallest = 0.0;  ///< size of the cells next to it; 0: not graded
};

/// Ascending points from the first break to the last, through all of them, at most `largest` apart;
/// towards graded breaks the spacing falls as smallest + growth * distance.
[[nodiscard]] std::vector<double> graded_line(std::vector<Break> breaks, double largest,
                                              double growth = 0.4);

/// A side of a grid cell on the boundary, for who labels it: in the grid's coordinates.
struct GridSide {
  Vector3 centre{};
  std::size_t axis = 0;  ///< of its normal
  int sign = 1;          ///< outwards along it
};

/// A right-angled grid bent into a sample: every cell is cut into 2 triangles or 6 tetrahedra, along
/// diagonals that point away from the middle of each line.
struct Grid {
  int dimension = 3;
  std::array<std::vector<double>, 3> lines;  ///< of a planar grid, the third is not used
  std::array<bool, 3> periodic{};            ///< the last point of the line is the first again
  /// Whether the cell with this centre is part of the sample; absent: all are.
  std::function<bool(const Vector3&)> is_inside;
  /// From the grid's coordinates to the sample's; absent: the same.
  std::function<Vector3(const Vector3&)> place;
  /// Contact of a side of the boundary, or `insulating`.
  std::function<std::int32_t(const GridSide&)> label;
  /// Of the mesh; absent: straight edges.
  Midpoint midpoint;
};

[[nodiscard]] Mesh make_mesh(const Grid& grid);

}  // namespace edotb::continuum
