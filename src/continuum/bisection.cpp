// Longest-edge bisection in two and three dimensions: a marked cell is cut at its longest edge; a cell
// with a midpoint on one of its edges is cut at its own longest edge, until no cell has one. That ends,
// because every step goes to a longer edge. Edges of one length are told apart by their vertices.

#include "edotb/continuum/mesh.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

namespace edotb::continuum {

namespace {

struct Edge {
  std::int32_t a;
  std::int32_t b;
  [[nodiscard]] std::uint64_t key() const {
    const auto low = static_cast<std::uint64_t>(std::min(a, b));
    const auto high = static_cast<std::uint64_t>(std::max(a, b));
    return (low << 32U) | high;
  }
};

class Bisection {
 public:
  Bisection(const Mesh& mesh, const Stretch& stretch)
      : mesh_(mesh), stretch_(stretch), n_vertices_(static_cast<std::size_t>(mesh.dimension) + 1) {
    cells_of_.resize(mesh.points.size());
    for (std::size_t cell = 0; cell < mesh.n_cells(); ++cell) {
      for (std::size_t v = 0; v < n_vertices_; ++v) list(vertices(cell)[v], cell);
    }
  }

  Mesh run(const std::vector<std::size_t>& marked) {
    std::vector<Edge> longest;
    longest.reserve(marked.size());
    for (const std::size_t cell : marked) {
      longest.push_back(longest_edge(vertices(cell), n_vertices_));
    }
    for (const Edge& edge : longest) {
      split(edge);
      while (!waiting_.empty()) {
        const Edge next = waiting_.front();
        waiting_.pop_front();
        cut_cells_around(next);
      }
    }
    split_faces();
    return std::move(mesh_);
  }

 private:
  std::int32_t* vertices(std::size_t cell) { return mesh_.cells.data() + cell * n_vertices_; }

  void list(std::int32_t vertex, std::size_t cell) {
    cells_of_[static_cast<std::size_t>(vertex)].push_back(static_cast<std::int32_t>(cell));
  }

  [[nodiscard]] double length(const Edge& edge) const {
    const Vector3 d = mesh_.points[static_cast<std::size_t>(std::max(edge.a, edge.b))] -
                      mesh_.points[static_cast<std::size_t>(std::min(edge.a, edge.b))];
    const Vector3 scaled = {d[0] / stretch_[0], d[1] / stretch_[1], d[2] / stretch_[2]};
    return dot(scaled, scaled);
  }

  [[nodiscard]] Edge longest_edge(const std::int32_t* corners, std::size_t n) const {
    Edge best{corners[0], corners[1]};
    double best_length = length(best);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = i + 1; k < n; ++k) {
        const Edge edge{corners[i], corners[k]};
        const double edge_length = length(edge);
        // Lengths that differ by rounding alone count as equal, the same way in every cell.
        constexpr double rounding = 1e-12;
        const bool is_longer = edge_length > best_length * (1.0 + rounding);
        const bool is_equal = !is_longer && edge_length >= best_length * (1.0 - rounding);
        if (is_longer || (is_equal && edge.key() > best.key())) {
          best = edge;
          best_length = edge_length;
        }
      }
    }
    return best;
  }

  [[nodiscard]] bool is_split(const Edge& edge) const { return middle_.contains(edge.key()); }

  /// The vertex in the middle of an edge; a new one sends the cells around the edge to be cut.
  std::int32_t split(const Edge& edge) {
    const auto found = middle_.find(edge.key());
    if (found != middle_.end()) return found->second;
    const auto vertex = static_cast<std::int32_t>(mesh_.points.size());
    mesh_.points.push_back(mesh_.midpoint(mesh_.points[static_cast<std::size_t>(edge.a)],
                                          mesh_.points[static_cast<std::size_t>(edge.b)]));
    cells_of_.emplace_back();
    middle_.emplace(edge.key(), vertex);
    waiting_.push_back(edge);
    return vertex;
  }

  [[nodiscard]] bool has(std::size_t cell, std::int32_t vertex) {
    const std::int32_t* v = vertices(cell);
    return std::find(v, v + n_vertices_, vertex) != v + n_vertices_;
  }

  void cut_cells_around(const Edge& edge) {
    // The list grows while its cells are cut.
    for (std::size_t i = 0; i < cells_of_[static_cast<std::size_t>(edge.a)].size(); ++i) {
      const auto cell = static_cast<std::size_t>(cells_of_[static_cast<std::size_t>(edge.a)][i]);
      while (has(cell, edge.a) && has(cell, edge.b)) cut(cell);
    }
  }

  void cut(std::size_t cell) {
    const Edge edge = longest_edge(vertices(cell), n_vertices_);
    const std::int32_t middle = split(edge);
    const std::size_t other = mesh_.n_cells();
    const std::vector<std::int32_t> corners(vertices(cell), vertices(cell) + n_vertices_);
    for (const std::int32_t corner : corners) {
      mesh_.cells.push_back(corner == edge.a ? middle : corner);
      if (corner != edge.a) list(corner, other);
    }
    std::replace(vertices(cell), vertices(cell) + n_vertices_, edge.b, middle);
    list(middle, cell);
    list(middle, other);
    // Edges at the middle that a neighbour has split already.
    for (const std::int32_t corner : corners) {
      if (is_split({middle, corner})) waiting_.push_back({middle, corner});
    }
  }

  void split_faces() {
    const auto n = static_cast<std::size_t>(mesh_.dimension);
    for (std::size_t i = 0; i < mesh_.faces.size();) {
      const Face face = mesh_.faces[i];
      bool is_whole = true;
      for (std::size_t p = 0; p < n; ++p) {
        for (std::size_t q = p + 1; q < n; ++q) {
          if (is_split({face.vertices[p], face.vertices[q]})) is_whole = false;
        }
      }
      if (is_whole) {
        ++i;
        continue;
      }
      const Edge edge = longest_edge(face.vertices.data(), n);
      const std::int32_t middle = split(edge);
      Face other = face;
      std::replace(mesh_.faces[i].vertices.begin(), mesh_.faces[i].vertices.end(), edge.b, middle);
      std::replace(other.vertices.begin(), other.vertices.end(), edge.a, middle);
      mesh_.faces.push_back(other);
    }
  }

  Mesh mesh_;
  Stretch stretch_;
  std::size_t n_vertices_;
  std::vector<std::vector<std::int32_t>> cells_of_;  ///< also some that have left the vertex since
  std::unordered_map<std::uint64_t, std::int32_t> middle_;
  std::deque<Edge> waiting_;
};

}  // namespace

Mesh bisected(const Mesh& mesh, const std::vector<std::size_t>& marked, const Stretch& stretch) {
  return Bisection(mesh, stretch).run(marked);
}

}  // namespace edotb::continuum
