// A disc |p - c| = r on a flat side: every edge of the side gets both ends within or both ends without, by
// cutting those that do not where they cross the rim. A cell with several such edges is cut at one after
// the other in an order that all cells share, so that neighbours agree on their common face.

#include "round_contacts.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace edotb::continuum {

namespace {

constexpr double rounding = 1e-9;  // of the radius

/// The disc in the plane of its side.
struct Disc {
  Vector3 centre{};
  std::size_t axis = 0;
  double radius = 0.0;

  [[nodiscard]] Vector3 from_centre(const Vector3& p) const {
    Vector3 d = p - centre;
    d[axis] = 0.0;
    return d;
  }
  [[nodiscard]] bool is_in_plane(const Vector3& p) const {
    return std::abs(p[axis] - centre[axis]) <= rounding * radius;
  }
  /// Distance outwards from the rim, in the plane; exactly zero on it.
  [[nodiscard]] double beyond_rim(const Vector3& p) const {
    const double distance = norm(from_centre(p)) - radius;
    return std::abs(distance) <= rounding * radius ? 0.0 : distance;
  }
  [[nodiscard]] bool is_on_rim(const Vector3& p) const {
    return is_in_plane(p) && beyond_rim(p) == 0.0;
  }
  [[nodiscard]] Vector3 onto_rim(const Vector3& p) const {
    const Vector3 d = from_centre(p);
    Vector3 moved = centre + (radius / norm(d)) * d;
    moved[axis] = p[axis];
    return moved;
  }
  /// Where the straight line from a to b crosses the rim, one end within and one without.
  [[nodiscard]] Vector3 crossing(const Vector3& a, const Vector3& b) const {
    const Vector3 start = from_centre(a);
    const Vector3 step = b - a;
    const double square = dot(step, step);
    const double half = dot(start, step);
    const double rest = dot(start, start) - radius * radius;
    const double root = std::sqrt(half * half - square * rest);
    const double t = rest < 0.0 ? (root - half) / square : (-half - root) / square;
    return onto_rim(a + t * step);
  }
};

using Edge = std::pair<std::int32_t, std::int32_t>;
Edge edge_between(std::int32_t a, std::int32_t b) { return {std::min(a, b), std::max(a, b)}; }

/// The vertex in the middle of each edge that is to be cut.
using Cuts = std::map<Edge, std::int32_t>;

/// The pieces of a simplex, cut at its first edge among the cuts, the pieces again, and so on.
template <std::size_t N>
void cut(const std::array<std::int32_t, N>& corners, const Cuts& cuts,
         std::vector<std::array<std::int32_t, N>>& pieces) {
  auto first = cuts.end();
  std::array<std::size_t, 2> ends{};
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t k = i + 1; k < N; ++k) {
      const auto found = cuts.find(edge_between(corners[i], corners[k]));
      if (found == cuts.end() || (first != cuts.end() && first->first < found->first)) continue;
      first = found;
      ends = {i, k};
    }
  }
  if (first == cuts.end()) {
    pieces.push_back(corners);
    return;
  }
  for (const std::size_t end : ends) {
    auto piece = corners;
    piece[end] = first->second;
    cut(piece, cuts, pieces);
  }
}

void cut_all(Mesh& mesh, const Cuts& cuts) {
  std::vector<std::array<std::int32_t, 4>> cells;
  for (std::size_t number = 0; number < mesh.n_cells(); ++number) {
    const std::int32_t* c = mesh.cell(number);
    cut<4>({c[0], c[1], c[2], c[3]}, cuts, cells);
  }
  mesh.cells.clear();
  for (const auto& cell : cells) mesh.cells.insert(mesh.cells.end(), cell.begin(), cell.end());
  std::vector<Face> faces;
  std::vector<std::array<std::int32_t, 3>> pieces;
  for (const Face& face : mesh.faces) {
    pieces.clear();
    cut<3>(face.vertices, cuts, pieces);
    for (const auto& piece : pieces) faces.push_back({piece, face.label});
  }
  mesh.faces = std::move(faces);
}

class RimFitting {
 public:
  RimFitting(Mesh& mesh, const Disc& disc) : mesh_(mesh), disc_(disc) {}

  void move_near_vertices() {
    std::vector<double> shortest(mesh_.points.size(), std::numeric_limits<double>::infinity());
    std::vector<bool> is_bordering(mesh_.points.size(), false);  // also on another side
    for (const Face& face : mesh_.faces) {
      const bool is_inside = is_on_side(face);
      for (std::size_t i = 0; i < 3; ++i) {
        const auto a = static_cast<std::size_t>(face.vertices[i]);
        const auto b = static_cast<std::size_t>(face.vertices[(i + 1) % 3]);
        if (!is_inside) {
          is_bordering[a] = true;
          continue;
        }
        const double length = norm(mesh_.points[a] - mesh_.points[b]);
        shortest[a] = std::min(shortest[a], length);
        shortest[b] = std::min(shortest[b], length);
      }
    }
    constexpr double near = 0.2;  // no cell turns over when all its corners move by that
    for (std::size_t v = 0; v < mesh_.points.size(); ++v) {
      if (is_bordering[v] || !std::isfinite(shortest[v])) continue;
      const Vector3& p = mesh_.points[v];
      if (std::abs(disc_.beyond_rim(p)) < near * shortest[v]) mesh_.points[v] = disc_.onto_rim(p);
    }
  }

  void cut_at_rim() {
    Cuts cuts;
    for (const Face& face : mesh_.faces) {
      if (!is_on_side(face)) continue;
      for (std::size_t i = 0; i < 3; ++i) {
        const std::int32_t a = face.vertices[i];
        const std::int32_t b = face.vertices[(i + 1) % 3];
        if (beyond(a) * beyond(b) >= 0.0 || cuts.contains(edge_between(a, b))) continue;
        add(cuts, a, b, disc_.crossing(point(a), point(b)));
      }
    }
    cut_all(mesh_, cuts);
  }

  void label(const std::vector<Patch>& patches, std::int32_t label) {
    for (Face& face : mesh_.faces) {
      if (!is_within(face)) continue;
      if (face.label != insulating) {
        throw bad_input(fmt::format("contacts {} and {} overlap",
                                    patches[static_cast<std::size_t>(face.label)].contact.name,
                                    patches[static_cast<std::size_t>(label)].contact.name));
      }
      face.label = label;
    }
  }

  /// Edges inside the disc from rim to rim would be taken for arcs of it: they are halved.
  void halve_chords() {
    std::map<Edge, int> n_faces;
    Cuts cuts;
    for (const Face& face : mesh_.faces) {
      if (!is_within(face)) continue;
      for (std::size_t i = 0; i < 3; ++i) {
        const std::int32_t a = face.vertices[i];
        const std::int32_t b = face.vertices[(i + 1) % 3];
        if (beyond(a) != 0.0 || beyond(b) != 0.0) continue;
        if (++n_faces[edge_between(a, b)] == 2) add(cuts, a, b, 0.5 * (point(a) + point(b)));
      }
    }
    cut_all(mesh_, cuts);
  }

 private:
  [[nodiscard]] const Vector3& point(std::int32_t v) const {
    return mesh_.points[static_cast<std::size_t>(v)];
  }
  [[nodiscard]] double beyond(std::int32_t v) const { return disc_.beyond_rim(point(v)); }
  [[nodiscard]] bool is_on_side(const Face& face) const {
    return std::all_of(face.vertices.begin(), face.vertices.end(),
                       [&](std::int32_t v) { return disc_.is_in_plane(point(v)); });
  }
  [[nodiscard]] bool is_within(const Face& face) const {
    return is_on_side(face) && std::all_of(face.vertices.begin(), face.vertices.end(),
                                           [&](std::int32_t v) { return beyond(v) <= 0.0; });
  }
  void add(Cuts& cuts, std::int32_t a, std::int32_t b, const Vector3& x) {
    cuts[edge_between(a, b)] = static_cast<std::int32_t>(mesh_.points.size());
    mesh_.points.push_back(x);
  }

  Mesh& mesh_;
  const Disc& disc_;
};

/// The cells with a vertex on the rim.
std::vector<std::size_t> cells_at(const Mesh& mesh, const Disc& disc) {
  std::vector<std::size_t> cells;
  for (std::size_t number = 0; number < mesh.n_cells(); ++number) {
    const std::int32_t* cell = mesh.cell(number);
    if (std::any_of(cell, cell + 4, [&](std::int32_t v) {
          return disc.is_on_rim(mesh.points[static_cast<std::size_t>(v)]);
        })) {
      cells.push_back(number);
    }
  }
  return cells;
}

}  // namespace

void cut_round_contact(Mesh& mesh, const std::vector<Patch>& patches, std::int32_t label,
                       double plane) {
  const Patch& patch = patches[static_cast<std::size_t>(label)];
  Disc disc{patch.centre, patch.axis, patch.radius};
  disc.centre[patch.axis] = plane;
  RimFitting fitting(mesh, disc);
  fitting.move_near_vertices();
  fitting.cut_at_rim();
  fitting.label(patches, label);
  fitting.halve_chords();
  mesh.midpoint = [disc, before = mesh.midpoint](const Vector3& a, const Vector3& b) {
    const Vector3 middle = before(a, b);
    return disc.is_on_rim(a) && disc.is_on_rim(b) ? disc.onto_rim(middle) : middle;
  };
  // The current density is singular all along the rim, where the grid is graded at four points only.
  constexpr int n_halvings = 2;
  constexpr int cuts_per_halving = 3;
  for (int round = 0; round < n_halvings * cuts_per_halving; ++round) {
    mesh = bisected(mesh, cells_at(mesh, disc), {1.0, 1.0, 1.0});
  }
}

}  // namespace edotb::continuum
