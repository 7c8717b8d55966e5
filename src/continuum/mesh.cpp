#include "edotb/continuum/mesh.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edotb::continuum {

namespace {

const Vector3& point(const Mesh& mesh, std::int32_t vertex) {
  return mesh.points[static_cast<std::size_t>(vertex)];
}

}  // namespace

Vector3 face_normal(const Mesh& mesh, const Face& face) {
  const Vector3& a = point(mesh, face.vertices[0]);
  const Vector3 u = point(mesh, face.vertices[1]) - a;
  if (mesh.dimension == 2) return {u[1], -u[0], 0.0};
  return 0.5 * cross(u, point(mesh, face.vertices[2]) - a);
}

void turn_outwards(const Mesh& mesh, Face& face, std::int32_t opposite) {
  const Vector3 inwards = point(mesh, opposite) - point(mesh, face.vertices[0]);
  if (dot(face_normal(mesh, face), inwards) > 0.0) std::swap(face.vertices[0], face.vertices[1]);
}

double cell_volume(const Mesh& mesh, std::size_t cell) {
  const std::int32_t* corners = mesh.cell(cell);
  const Vector3& a = point(mesh, corners[0]);
  const Vector3 u = point(mesh, corners[1]) - a;
  const Vector3 v = point(mesh, corners[2]) - a;
  if (mesh.dimension == 2) return 0.5 * norm(cross(u, v));
  return std::abs(dot(cross(u, v), point(mesh, corners[3]) - a)) / 6.0;
}

std::vector<Face> find_boundary(const Mesh& mesh) {
  struct Side {
    std::array<std::int32_t, 3> sorted;
    Face face;
    std::int32_t opposite;
  };
  const auto n_vertices = static_cast<std::size_t>(mesh.dimension) + 1;
  std::vector<Side> sides;
  sides.reserve(mesh.cells.size());
  for (std::size_t number = 0; number < mesh.n_cells(); ++number) {
    const std::int32_t* cell = mesh.cell(number);
    for (std::size_t left_out = 0; left_out < n_vertices; ++left_out) {
      Side side{{-1, -1, -1}, {}, cell[left_out]};
      std::size_t n = 0;
      for (std::size_t v = 0; v < n_vertices; ++v) {
        if (v != left_out) side.face.vertices[n++] = cell[v];
      }
      side.sorted = side.face.vertices;
      std::sort(side.sorted.begin(), side.sorted.end());
      sides.push_back(side);
    }
  }
  std::sort(sides.begin(), sides.end(),
            [](const Side& a, const Side& b) { return a.sorted < b.sorted; });
  std::vector<Face> boundary;
  for (std::size_t i = 0; i < sides.size();) {
    std::size_t end = i + 1;
    while (end < sides.size() && sides[end].sorted == sides[i].sorted) ++end;
    if (end - i > 2) throw bad_input("the mesh is not a mesh: three cells share one face");
    if (end - i == 1) {
      turn_outwards(mesh, sides[i].face, sides[i].opposite);
      boundary.push_back(sides[i].face);
    }
    i = end;
  }
  return boundary;
}

void check_pieces(const Mesh& mesh) {
  std::vector<std::int32_t> parent(mesh.points.size());
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&](std::int32_t v) {
    while (parent[static_cast<std::size_t>(v)] != v) {
      auto& up = parent[static_cast<std::size_t>(v)];
      up = parent[static_cast<std::size_t>(up)];
      v = up;
    }
    return v;
  };
  for (std::size_t number = 0; number < mesh.n_cells(); ++number) {
    const std::int32_t* cell = mesh.cell(number);
    for (int v = 1; v <= mesh.dimension; ++v) {
      const auto a = root(cell[0]);
      const auto b = root(cell[v]);
      parent[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
    }
  }
  std::vector<bool> is_held(mesh.points.size(), false);
  for (const Face& face : mesh.faces) {
    if (face.label != insulating) is_held[static_cast<std::size_t>(root(face.vertices[0]))] = true;
  }
  for (std::size_t number = 0; number < mesh.n_cells(); ++number) {
    const auto piece = root(mesh.cell(number)[0]);
    if (is_held[static_cast<std::size_t>(piece)]) continue;
    const Vector3& where = point(mesh, piece);
    throw bad_input(fmt::format(
        "the piece of the sample around ({:.6g}, {:.6g}, {:.6g}) touches no contact: its "
        "potential is free; connect it, or leave it out",
        where[0], where[1], where[2]));
  }
}

void check_contacts(const Mesh& mesh, const std::vector<std::string>& names) {
  std::vector<std::int32_t> owner(mesh.points.size(), insulating);
  std::vector<bool> has_face(names.size(), false);
  for (const Face& face : mesh.faces) {
    if (face.label == insulating) continue;
    has_face[static_cast<std::size_t>(face.label)] = true;
    for (int v = 0; v < mesh.dimension; ++v) {
      auto& first = owner[static_cast<std::size_t>(face.vertices[static_cast<std::size_t>(v)])];
      if (first != insulating && first != face.label) {
        throw bad_input(
            fmt::format("contacts {} and {} touch or overlap: two potentials at one point",
                        names[static_cast<std::size_t>(std::min(first, face.label))],
                        names[static_cast<std::size_t>(std::max(first, face.label))]));
      }
      first = face.label;
    }
  }
  for (std::size_t contact = 0; contact < names.size(); ++contact) {
    if (!has_face[contact]) {
      throw bad_input(
          fmt::format("contact {} does not lie on the sample's surface", names[contact]));
    }
  }
}

}  // namespace edotb::continuum
