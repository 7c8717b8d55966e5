#pragma once

#include "edotb/continuum/mesh.hpp"

namespace edotb::continuum {

/// A mesh whose faces are labelled by the surfaces' names: label k is names[k].
struct NamedMesh {
  Mesh mesh;
  std::vector<std::string> names;
};

/// Reads a mesh of gmsh (.msh, formats 2.2 and 4.1, ASCII): triangles in the plane z = 0 or tetrahedra,
/// of order 1; physical surfaces (in the plane, curves) with names become labels. Coordinates are
/// multiplied by `unit`. Throws bad_input with `name` and the line.
[[nodiscard]] NamedMesh parse_gmsh(const std::string& text, const std::string& name, double unit);

/// The mesh with label k for contacts[k]; other names become insulating. Throws bad_input for a contact
/// that the mesh does not name.
[[nodiscard]] Mesh with_contacts(NamedMesh named, const std::vector<std::string>& contacts);

}  // namespace edotb::continuum
