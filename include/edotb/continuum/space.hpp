#pragma once

#include "edotb/continuum/mesh.hpp"

#include <span>

namespace edotb::continuum {

/// A point of a rule of integration over the reference simplex, in barycentric coordinates; the
/// weights of a rule add up to 1.
struct QuadraturePoint {
  std::array<double, 4> barycentric{};
  double weight = 0.0;
};

/// A rule that integrates polynomials of `degree` (at most 4) exactly over a simplex of `dimension`
/// 1, 2 or 3 (Dunavant 1985; Walkington 2000).
[[nodiscard]] std::vector<QuadraturePoint> quadrature(int dimension, int degree);

/// Largest number of nodes of a cell: a tetrahedron of order 2.
inline constexpr std::size_t max_cell_nodes = 10;

/// Barycentric coordinates of the middle of a simplex' edge, in the order below.
[[nodiscard]] std::array<double, 4> edge_middle(std::size_t edge);

/// The Lagrange functions of order 1 or 2 on a simplex and their derivatives, at the point with
/// barycentric coordinates l: first the
/// vertices', then the edges', in the order (0,1), (0,2), (1,2), (0,3), (1,3), (2,3).
struct ShapeFunctions {
  std::array<double, max_cell_nodes> values{};
  /// With respect to the barycentric coordinates, as if these were independent.
  std::array<std::array<double, 4>, max_cell_nodes> derivatives{};
};
[[nodiscard]] ShapeFunctions shape_functions(int dimension, int order,
                                             const std::array<double, 4>& l);

/// The finite-element space of continuous functions that are polynomials of order 1 or 2 on the cells,
/// and the cells' geometry to the same order (isoparametric). Nodes are sorted along the sample's
/// longest direction, so that ranges of nodes are slices of the sample.
struct Space {
  int dimension = 3;
  int order = 1;
  std::size_t n_cell_nodes = 4;
  std::size_t n_face_nodes = 3;
  std::vector<Vector3> nodes;
  std::vector<std::int32_t> cell_nodes;  ///< n_cell_nodes per cell
  std::vector<std::int32_t> face_nodes;  ///< n_face_nodes per boundary face
  std::vector<std::int32_t> face_labels;

  [[nodiscard]] std::size_t n_cells() const { return cell_nodes.size() / n_cell_nodes; }
  [[nodiscard]] std::size_t n_faces() const { return face_labels.size(); }
  [[nodiscard]] std::span<const std::int32_t> cell(std::size_t number) const {
    return {cell_nodes.data() + number * n_cell_nodes, n_cell_nodes};
  }
  [[nodiscard]] std::span<const std::int32_t> face(std::size_t number) const {
    return {face_nodes.data() + number * n_face_nodes, n_face_nodes};
  }
};

/// Throws bad_input for an order other than 1 or 2.
[[nodiscard]] Space make_space(const Mesh& mesh, int order);

/// The shape functions at one point of one cell.
struct CellPoint {
  Vector3 position{};
  double weight = 0.0;  ///< of the quadrature, with the cell's volume in it
  std::array<double, max_cell_nodes> values{};
  std::array<Vector3, max_cell_nodes> gradients{};
};

/// The shape functions at the points of a rule, of one cell after the other. Throws numerical_error for
/// a cell that is turned inside out.
class CellGeometry {
 public:
  CellGeometry(const Space& space, int degree);
  [[nodiscard]] std::span<const CellPoint> at(std::size_t cell);
  /// At one point of a cell.
  [[nodiscard]] CellPoint at(std::size_t cell, const std::array<double, 4>& barycentric) const;

 private:
  /// Returns the determinant of the map from the reference cell.
  double place(std::size_t cell, const ShapeFunctions& shape, double weight,
               CellPoint& point) const;

  const Space& space_;
  std::vector<QuadraturePoint> rule_;
  std::vector<ShapeFunctions> shapes_;
  std::vector<CellPoint> points_;
};

/// One point of a boundary face.
struct FacePoint {
  Vector3 normal{};  ///< outwards, of the length of the quadrature weight times the area
  std::array<double, max_cell_nodes> values{};
};

/// The points of a rule of degree 4 on a boundary face.
[[nodiscard]] std::vector<FacePoint> face_points(const Space& space, std::size_t face);

/// Where a point lies: the cell, and its barycentric coordinates there.
struct Place {
  std::size_t cell = 0;
  std::array<double, 4> barycentric{};
};

/// The place of `position` in the sample. Throws bad_input when it lies outside.
[[nodiscard]] Place locate(const Space& space, const Vector3& position);

/// The value there of the function that these nodal values make.
[[nodiscard]] double interpolate(const Space& space, std::span<const double> nodal,
                                 const Place& place);

}  // namespace edotb::continuum
