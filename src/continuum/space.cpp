// Lagrange elements on simplices. With barycentric coordinates l_i: order 1: l_i; order 2: l_i (2 l_i - 1)
// at the vertices and 4 l_i l_k at the edges.

#include "edotb/continuum/space.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace edotb::continuum {

namespace {

constexpr std::array<std::pair<std::size_t, std::size_t>, 6> edges = {
    {{0, 1}, {0, 2}, {1, 2}, {0, 3}, {1, 3}, {2, 3}}};

std::size_t n_edges(std::size_t dimension) { return dimension * (dimension + 1) / 2; }

std::size_t n_nodes_of(std::size_t dimension, int order) {
  return dimension + 1 + (order == 2 ? n_edges(dimension) : 0);
}

std::uint64_t edge_key(std::int32_t a, std::int32_t b) {
  const auto low = static_cast<std::uint64_t>(std::min(a, b));
  const auto high = static_cast<std::uint64_t>(std::max(a, b));
  return (low << 32U) | high;
}

/// Renumbers the nodes by their coordinate along the sample's longest direction.
void sort_nodes(Space& space) {
  Vector3 low = space.nodes.front();
  Vector3 high = low;
  for (const Vector3& node : space.nodes) {
    for (std::size_t a = 0; a < 3; ++a) {
      low[a] = std::min(low[a], node[a]);
      high[a] = std::max(high[a], node[a]);
    }
  }
  const Vector3 extent = high - low;
  const auto axis =
      static_cast<std::size_t>(std::max_element(extent.begin(), extent.end()) - extent.begin());
  std::vector<std::int32_t> order(space.nodes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t i, std::int32_t k) {
    return space.nodes[static_cast<std::size_t>(i)][axis] <
           space.nodes[static_cast<std::size_t>(k)][axis];
  });
  std::vector<Vector3> nodes(order.size());
  std::vector<std::int32_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    nodes[i] = space.nodes[static_cast<std::size_t>(order[i])];
    place[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  }
  space.nodes = std::move(nodes);
  for (auto& node : space.cell_nodes) node = place[static_cast<std::size_t>(node)];
  for (auto& node : space.face_nodes) node = place[static_cast<std::size_t>(node)];
}

/// Adds a node in the middle of every edge; returns the sorted keys of the edges, whose order numbers
/// the nodes behind the vertices.
std::vector<std::uint64_t> add_edge_nodes(const Mesh& mesh, Space& space) {
  std::vector<std::uint64_t> keys;
  const auto d = static_cast<std::size_t>(mesh.dimension);
  keys.reserve(mesh.n_cells() * n_edges(d));
  for (std::size_t number = 0; number < mesh.n_cells(); ++number) {
    const std::int32_t* cell = mesh.cell(number);
    for (std::size_t e = 0; e < n_edges(d); ++e) {
      keys.push_back(edge_key(cell[edges[e].first], cell[edges[e].second]));
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  constexpr std::uint64_t low_half = 0xffffffffU;
  for (const std::uint64_t key : keys) {
    space.nodes.push_back(mesh.midpoint(mesh.points[key >> 32U], mesh.points[key & low_half]));
  }
  return keys;
}

}  // namespace

Space make_space(const Mesh& mesh, int order) {
  if (order != 1 && order != 2) {
    throw bad_input(fmt::format("elements are of order 1 or 2, not {}", order));
  }
  const auto d = static_cast<std::size_t>(mesh.dimension);
  Space space;
  space.dimension = mesh.dimension;
  space.order = order;
  space.n_cell_nodes = n_nodes_of(d, order);
  space.n_face_nodes = n_nodes_of(d - 1, order);
  space.nodes = mesh.points;
  std::vector<std::uint64_t> keys;
  if (order == 2) keys = add_edge_nodes(mesh, space);
  const auto edge_node = [&](std::int32_t a, std::int32_t b) {
    const auto found = std::lower_bound(keys.begin(), keys.end(), edge_key(a, b));
    return static_cast<std::int32_t>(mesh.points.size()) +
           static_cast<std::int32_t>(found - keys.begin());
  };
  const auto add = [&](std::vector<std::int32_t>& nodes, const std::int32_t* corners,
                       std::size_t n_corners) {
    nodes.insert(nodes.end(), corners, corners + n_corners);
    if (order == 1) return;
    for (std::size_t e = 0; e < n_edges(n_corners - 1); ++e) {
      nodes.push_back(edge_node(corners[edges[e].first], corners[edges[e].second]));
    }
  };
  space.cell_nodes.reserve(mesh.n_cells() * space.n_cell_nodes);
  for (std::size_t number = 0; number < mesh.n_cells(); ++number) {
    add(space.cell_nodes, mesh.cell(number), d + 1);
  }
  for (const Face& face : mesh.faces) {
    add(space.face_nodes, face.vertices.data(), d);
    space.face_labels.push_back(face.label);
  }
  sort_nodes(space);
  return space;
}

std::array<double, 4> edge_middle(std::size_t edge) {
  std::array<double, 4> barycentric{};
  barycentric[edges[edge].first] = barycentric[edges[edge].second] = 0.5;
  return barycentric;
}

ShapeFunctions shape_functions(int dimension, int order, const std::array<double, 4>& l) {
  const auto d = static_cast<std::size_t>(dimension);
  ShapeFunctions shape;
  for (std::size_t i = 0; i <= d; ++i) {
    shape.values[i] = order == 1 ? l[i] : l[i] * (2.0 * l[i] - 1.0);
    shape.derivatives[i][i] = order == 1 ? 1.0 : 4.0 * l[i] - 1.0;
  }
  if (order == 1) return shape;
  for (std::size_t e = 0; e < n_edges(d); ++e) {
    const auto [i, k] = edges[e];
    shape.values[d + 1 + e] = 4.0 * l[i] * l[k];
    shape.derivatives[d + 1 + e][i] = 4.0 * l[k];
    shape.derivatives[d + 1 + e][k] = 4.0 * l[i];
  }
  return shape;
}

CellGeometry::CellGeometry(const Space& space, int degree)
    : space_(space), rule_(quadrature(space.dimension, degree)), points_(rule_.size()) {
  for (const QuadraturePoint& point : rule_) {
    shapes_.push_back(shape_functions(space.dimension, space.order, point.barycentric));
  }
}

std::span<const CellPoint> CellGeometry::at(std::size_t cell) {
  double orientation = 0.0;
  for (std::size_t q = 0; q < rule_.size(); ++q) {
    const double determinant = place(cell, shapes_[q], rule_[q].weight, points_[q]);
    if (q == 0) orientation = determinant;
    if (!(determinant * orientation > 0.0)) {
      const Vector3& x = points_[q].position;
      throw numerical_error(fmt::format(
          "a cell of the mesh at ({:.6g}, {:.6g}, {:.6g}) has no volume or is turned inside out",
          x[0], x[1], x[2]));
    }
  }
  return points_;
}

CellPoint CellGeometry::at(std::size_t cell, const std::array<double, 4>& barycentric) const {
  CellPoint point;
  place(cell, shape_functions(space_.dimension, space_.order, barycentric), 1.0, point);
  return point;
}

double CellGeometry::place(std::size_t cell, const ShapeFunctions& shape, double weight,
                           CellPoint& point) const {
  // With x = sum_n N_n(l) x_n, the columns t_i = dx/dl_i - dx/dl_0 span the cell; the gradients of the
  // l_i are the vectors g_i with g_i.t_k = delta_ik, and g_0 = -sum g_i.
  const auto d = static_cast<std::size_t>(space_.dimension);
  const auto nodes = space_.cell(cell);
  std::array<Vector3, 4> tangent{};
  point.position = {};
  point.values = shape.values;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    const Vector3& x = space_.nodes[static_cast<std::size_t>(nodes[n])];
    point.position = point.position + shape.values[n] * x;
    for (std::size_t i = 1; i <= d; ++i) {
      tangent[i] = tangent[i] + (shape.derivatives[n][i] - shape.derivatives[n][0]) * x;
    }
  }
  if (d == 2) tangent[3] = {0.0, 0.0, 1.0};
  const double determinant = dot(cross(tangent[1], tangent[2]), tangent[3]);
  std::array<Vector3, 4> g{};
  g[1] = (1.0 / determinant) * cross(tangent[2], tangent[3]);
  g[2] = (1.0 / determinant) * cross(tangent[3], tangent[1]);
  if (d == 3) g[3] = (1.0 / determinant) * cross(tangent[1], tangent[2]);
  g[0] = -1.0 * (g[1] + g[2] + g[3]);
  point.weight = weight * std::abs(determinant) / (d == 2 ? 2.0 : 6.0);
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    Vector3 gradient{};
    for (std::size_t i = 0; i <= d; ++i) gradient = gradient + shape.derivatives[n][i] * g[i];
    point.gradients[n] = gradient;
  }
  return determinant;
}

std::vector<FacePoint> face_points(const Space& space, std::size_t face) {
  constexpr int degree = 4;
  const auto nodes = space.face(face);
  const int d = space.dimension - 1;
  std::vector<FacePoint> points;
  for (const QuadraturePoint& q : quadrature(d, degree)) {
    const ShapeFunctions shape = shape_functions(d, space.order, q.barycentric);
    std::array<Vector3, 3> tangent{};
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      const Vector3& x = space.nodes[static_cast<std::size_t>(nodes[n])];
      for (std::size_t i = 1; i <= static_cast<std::size_t>(d); ++i) {
        tangent[i] = tangent[i] + (shape.derivatives[n][i] - shape.derivatives[n][0]) * x;
      }
    }
    const Vector3 normal =
        d == 1 ? Vector3{tangent[1][1], -tangent[1][0], 0.0} : 0.5 * cross(tangent[1], tangent[2]);
    points.push_back({q.weight * normal, shape.values});
  }
  return points;
}

Place locate(const Space& space, const Vector3& position) {
  // Straight-edged cells first; a Newton iteration follows the bent ones.
  constexpr double outside = 1e-9;
  constexpr int n_steps = 20;
  const auto d = static_cast<std::size_t>(space.dimension);
  const CellGeometry geometry(space, 1);
  Place best;
  double best_least = -1.0;
  for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
    Vector3 low = space.nodes[static_cast<std::size_t>(space.cell(cell)[0])];
    Vector3 high = low;
    for (const std::int32_t node : space.cell(cell)) {
      for (std::size_t a = 0; a < d; ++a) {
        low[a] = std::min(low[a], space.nodes[static_cast<std::size_t>(node)][a]);
        high[a] = std::max(high[a], space.nodes[static_cast<std::size_t>(node)][a]);
      }
    }
    bool may_hold = true;
    for (std::size_t a = 0; a < d; ++a) {
      const double margin = 0.1 * (high[a] - low[a]);  // bent edges reach beyond their nodes
      if (position[a] < low[a] - margin || position[a] > high[a] + margin) may_hold = false;
    }
    if (!may_hold) continue;
    std::array<double, 4> l{};
    std::fill_n(l.begin(), d + 1, 1.0 / static_cast<double>(d + 1));
    for (int step = 0; step < n_steps; ++step) {
      const CellPoint at = geometry.at(cell, l);
      const Vector3 missing = position - at.position;
      // dl_i = g_i . dx, and the gradient of l_i is that of the shape function of order 1.
      std::array<double, 4> change{};
      for (std::size_t i = 0; i <= d; ++i) {
        Vector3 g{};
        if (space.order == 1) {
          g = at.gradients[i];
        } else {  // l_i = N_i + sum over the edges at i of N_ik / 2
          g = at.gradients[i];
          for (std::size_t e = 0; e < n_edges(d); ++e) {
            if (edges[e].first == i || edges[e].second == i) g = g + 0.5 * at.gradients[d + 1 + e];
          }
        }
        change[i] = dot(g, missing);
      }
      double largest = 0.0;
      for (std::size_t i = 0; i <= d; ++i) {
        l[i] += change[i];
        largest = std::max(largest, std::abs(change[i]));
      }
      if (largest < 1e-13) break;
    }
    const double least =
        *std::min_element(l.begin(), l.begin() + static_cast<std::ptrdiff_t>(d) + 1);
    if (std::isfinite(least) && least > best_least) {
      best_least = least;
      best = {cell, l};
    }
    if (best_least >= 0.0) break;
  }
  if (best_least < -outside) {
    throw bad_input(fmt::format("the point ({:.6g}, {:.6g}, {:.6g}) lies outside the sample",
                                position[0], position[1], position[2]));
  }
  return best;
}

double interpolate(const Space& space, std::span<const double> nodal, const Place& place) {
  const auto shape = shape_functions(space.dimension, space.order, place.barycentric);
  const auto nodes = space.cell(place.cell);
  double sum = 0.0;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    sum += shape.values[n] * nodal[static_cast<std::size_t>(nodes[n])];
  }
  return sum;
}

}  // namespace edotb::continuum
