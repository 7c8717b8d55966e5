#pragma once

#include "edotb/base/vector3.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace edotb::continuum {

/// The label of boundary faces that belong to no contact.
inline constexpr std::int32_t insulating = -1;

/// A boundary face: a triangle, or in the plane an edge (then the last vertex is -1), in the order that
/// makes its normal point outwards.
struct Face {
  std::array<std::int32_t, 3> vertices{-1, -1, -1};
  std::int32_t label = insulating;  ///< number of its contact
};

/// The point half-way between two points of the sample; curved samples bend it.
using Midpoint = std::function<Vector3(const Vector3&, const Vector3&)>;

/// A sample cut into triangles (dimension 2, in the plane z = 0) or tetrahedra (dimension 3).
struct Mesh {
  int dimension = 3;
  std::vector<Vector3> points;      ///< of the vertices
  std::vector<std::int32_t> cells;  ///< dimension + 1 vertices each
  std::vector<Face> faces;          ///< the whole boundary
  Midpoint midpoint = [](const Vector3& a, const Vector3& b) { return 0.5 * (a + b); };

  [[nodiscard]] std::size_t n_cells() const {
    return cells.size() / static_cast<std::size_t>(dimension + 1);
  }
  [[nodiscard]] const std::int32_t* cell(std::size_t number) const {
    return cells.data() + number * static_cast<std::size_t>(dimension + 1);
  }
};

/// Outward normal of a face, of the length of its area (in the plane: its length).
[[nodiscard]] Vector3 face_normal(const Mesh& mesh, const Face& face);

/// Orders the vertices of a face so that its normal points away from its cell's other vertex.
void turn_outwards(const Mesh& mesh, Face& face, std::int32_t opposite);

/// Length, area or volume of a cell with straight edges.
[[nodiscard]] double cell_volume(const Mesh& mesh, std::size_t cell);

/// The boundary of a mesh: every face that one cell alone has, unlabelled. Throws bad_input when three
/// cells share a face.
[[nodiscard]] std::vector<Face> find_boundary(const Mesh& mesh);

/// Lengths along x, y, z are compared after division by these: a conductor looks isotropic to a mesh
/// that is measured in units of sqrt(sigma).
using Stretch = Vector3;

/// The mesh with every cell of `marked` cut in two at its longest edge, and its neighbours as far as
/// that takes (longest-edge bisection; Rivara, Int. J. Numer. Meth. Eng. 20, 745). Faces keep their
/// labels; new vertices obey `midpoint`.
[[nodiscard]] Mesh bisected(const Mesh& mesh, const std::vector<std::size_t>& marked,
                            const Stretch& stretch);

/// Throws bad_input when a connected piece of the mesh touches no contact: its potential is free.
void check_pieces(const Mesh& mesh);

/// Throws bad_input when one of `names`' contacts has no face, or when two contacts share a vertex.
void check_contacts(const Mesh& mesh, const std::vector<std::string>& names);

}  // namespace edotb::continuum
