// Meshes written by hand in gmsh's formats: resistances and refusals.

#include "continuum/support.hpp"
#include "edotb/base/error.hpp"
#include "edotb/continuum/gmsh.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace edotb {
namespace {

using namespace continuum;

/// A rectangle 2 x 1 of four triangles around its middle, contacts on its short sides.
const std::string old_rectangle = R"($MeshFormat
2.2 0 8
$EndMeshFormat
$PhysicalNames
3
1 7 "left end"
1 8 "right end"
2 9 "metal"
$EndPhysicalNames
$Nodes
5
1 0 0 0
2 2 0 0
30 2 1 0
4 0 1 0
5 1 0.5 0
$EndNodes
$Elements
7
1 15 2 0 1 1
2 1 2 7 4 4 1
3 1 2 8 2 2 30
4 2 2 9 1 1 2 5
5 2 2 9 1 2 30 5
6 2 2 9 1 30 4 5
7 2 2 9 1 4 1 5
$EndElements
)";

const std::string new_rectangle = R"($MeshFormat
4.1 0 8
$EndMeshFormat
$PhysicalNames
2
1 7 "left end"
1 8 "right end"
$EndPhysicalNames
$Entities
1 2 1 0
1 0 0 0 0
4 0 0 0 0 1 0 1 7 0
2 2 0 0 2 1 0 1 8 2 1 -1
1 0 0 0 2 1 0 0 2 4 2
$EndEntities
$Nodes
2 5 1 30
0 1 0 4
1
2
30
4
0 0 0
2 0 0
2 1 0
0 1 0
2 1 1 1
5
1 0.5 0 0.3 0.4
$EndNodes
$Elements
3 6 1 6
1 4 1 1
1 4 1
1 2 1 1
2 2 30
2 1 2 4
3 1 2 5
4 2 30 5
5 30 4 5
6 4 1 5
$EndElements
)";

double conductance_of(const std::string& text, const std::vector<std::string>& contacts) {
  const Mesh mesh = with_contacts(parse_gmsh(text, "r.msh", 0.5), contacts);
  const Space space = make_space(mesh, 2);
  const std::vector<ContactKind> kinds = {{contacts[0]}, {contacts[1]}};
  return solve_contacts(space, ohmic_form(film_tensor(conductivity_tensor({}, {1, 0, 0})), 2),
                        kinds, {}, mpi::Communicator(MPI_COMM_WORLD))
      .conductance[2];
}

/// A film of length 2 and width 1 has the conductance 1/2, whatever the unit of length.
TEST(Gmsh, BothFormats) {
  EXPECT_NEAR(conductance_of(old_rectangle, {"left end", "right end"}), 0.5, 1e-12);
  EXPECT_NEAR(conductance_of(new_rectangle, {"right end", "left end"}), 0.5, 1e-12);
}

/// A unit cube of six tetrahedra, z = 0 and z = 1 named.
TEST(Gmsh, Tetrahedra) {
  SampleShape cube;
  const Mesh made = make_sample_mesh(cube, {.n_across = 3, .grading = 1.0});
  std::string text =
      "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$PhysicalNames\n2\n2 1 \"a\"\n2 2 \"b\"\n"
      "$EndPhysicalNames\n$Nodes\n";
  text += fmt::format("{}\n", made.points.size());
  for (std::size_t i = 0; i < made.points.size(); ++i) {
    const Vector3& x = made.points[i];
    text += fmt::format("{} {} {} {}\n", i + 1, x[0], x[1], x[2]);
  }
  text += fmt::format("$EndNodes\n$Elements\n{}\n", made.n_cells() + made.faces.size());
  int number = 0;
  for (const Face& face : made.faces) {
    text += fmt::format("{} 2 2 {} 1 {} {} {}\n", ++number, face.label + 1, face.vertices[0] + 1,
                        face.vertices[1] + 1, face.vertices[2] + 1);
  }
  for (std::size_t i = 0; i < made.n_cells(); ++i) {
    const auto* c = made.cell(i);
    text +=
        fmt::format("{} 4 2 5 1 {} {} {} {}\n", ++number, c[0] + 1, c[1] + 1, c[2] + 1, c[3] + 1);
  }
  text += "$EndElements\n";
  const Mesh read = with_contacts(parse_gmsh(text, "cube.msh", 1.0), {"a", "b"});
  EXPECT_EQ(read.faces.size(), made.faces.size());
  const auto solution =
      solve_contacts(make_space(read, 1), ohmic_form(conductivity_tensor({}, {1, 0, 0}), 1),
                     {{"a"}, {"b"}}, {}, mpi::Communicator(MPI_COMM_WORLD));
  EXPECT_NEAR(solution.conductance[2], 1.0, 1e-12);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Gmsh, RefusesWhatCannotBe) {
  const auto refused = [](const std::string& text, const std::string& why) {
    try {
      static_cast<void>(with_contacts(parse_gmsh(text, "r.msh", 1.0), {"left end", "right end"}));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input);
      EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
      return;
    }
    ADD_FAILURE() << "not refused: " << why;
  };
  refused(replaced(old_rectangle, "2.2 0 8", "2.2 1 8"), "binary");
  refused(replaced(old_rectangle, "2.2 0 8", "4.0 0 8"), "format 4.0");
  refused(replaced(old_rectangle, "1 7 \"left end\"\n1 8 \"right end\"", "2 7 \"x\"\n2 8 \"y\""),
          "no physical curve");
  refused(replaced(old_rectangle, "left end", "other"), "no surface named 'left end'");
  refused(replaced(old_rectangle, "30 2 1 0", "30 2 x 0"), "r.msh:14: expected a number");
  refused(replaced(old_rectangle, "7 2 2 9 1 4 1 5", "7 2 2 9 1 4 1 6"), "no node 6");
  refused(replaced(old_rectangle, "2 1 2 7 4 4 1", "2 1 2 7 4 4 5"), "does not lie on the surface");
  refused(replaced(old_rectangle, "7 2 2 9 1 4 1 5", "7 3 2 9 1 4 1 5"), "type 3");
  refused(replaced(old_rectangle, "$Nodes\n5", "$Nodes\n999999999"), "do not fit");
  refused(old_rectangle.substr(0, 300), "ends in the middle");
  // A piece of its own that no contact touches.
  std::string island = replaced(old_rectangle, "$Nodes\n5", "$Nodes\n8");
  island = replaced(island, "$EndNodes", "6 5 0 0\n7 6 0 0\n8 5 1 0\n$EndNodes");
  island = replaced(island, "$Elements\n7", "$Elements\n8");
  refused(replaced(island, "$EndElements", "8 2 2 9 1 6 7 8\n$EndElements"), "touches no contact");
}

}  // namespace
}  // namespace edotb
