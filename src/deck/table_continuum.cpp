#include "table_rows.hpp"

namespace edotb::deck {

namespace {

constexpr const char* prefix = "conductor.";

Parameter key(std::string name, Type type, std::optional<std::string> value, std::string doc,
              Bounds bounds = {}) {
  return {.path = prefix + std::move(name),
          .type = type,
          .default_value = std::move(value),
          .doc = std::move(doc),
          .bounds = bounds};
}

Parameter of(Parameter row, const std::string& other, std::vector<std::string> values) {
  row.depends_on = prefix + other;
  row.depends_values = std::move(values);
  return row;
}

Parameter choice(std::string name, std::vector<std::string> choices, std::string doc) {
  Parameter row = key(std::move(name), Type::choice, choices.front(), std::move(doc));
  row.choices = std::move(choices);
  return row;
}

Parameter material(std::string name, std::vector<std::string> kinds, std::string value,
                   std::string doc, Bounds bounds = {}) {
  return of(
      key("material." + std::move(name), Type::number, std::move(value), std::move(doc), bounds),
      "material.kind", std::move(kinds));
}

Parameter length(std::string name, std::vector<std::string> kinds, std::string value,
                 std::string doc, Bounds bounds = positive) {
  Parameter row =
      of(key("shape." + std::move(name), Type::number, std::move(value), std::move(doc), bounds),
         "shape.kind", std::move(kinds));
  row.quantity = Quantity::length;
  return row;
}

Parameter position(std::string name, std::optional<std::string> value, std::string doc,
                   Bounds bounds = {}) {
  Parameter row = key(std::move(name), Type::vector, std::move(value), std::move(doc), bounds);
  row.quantity = Quantity::length;
  row.n_numbers = 3;
  return row;
}

void add_material(std::vector<Parameter>& rows) {
  rows.push_back(
      choice("material.kind", {"uniform", "drude", "table", "two_fluid", "weyl"},
             "uniform: one tensor for all fields. drude: bands with mobilities. table: the "
             "tensor by the field, from a file. two_fluid: two chiralities with given "
             "coefficients. weyl: two chiralities whose coefficients follow from the nodes "
             "and the field."));
  rows.push_back(
      material("parallel", {"uniform"}, "1", "Conductivity along the field [S/m].", positive));
  rows.push_back(material("perpendicular", {"uniform"}, "1", "Conductivity across the field [S/m].",
                          positive));
  rows.push_back(material("hall", {"uniform"}, "0",
                          "Hall conductivity [S/m]: j = hall E x b, b the field's direction."));
  rows.push_back(of(key("material.file", Type::text, "",
                        "Lines of B [T], sigma_parallel, sigma_perpendicular, sigma_hall [S/m], "
                        "separated by commas; the path is relative to the deck."),
                    "material.kind", {"table"}));
  rows.push_back(material("conductivity", {"two_fluid"}, "1",
                          "Conductivity of one fluid, sigma_chi [S/m].", positive));
  rows.push_back(material("chiral_conductance", {"two_fluid"}, "0",
                          "Chiral conductance density g_B, in every field [S/m^2]."));
  rows.push_back(material("relaxation", {"two_fluid"}, "0",
                          "Relaxation between the chiralities, Gamma [S/m^3].", not_negative));
  const std::vector<std::string> ohmic = {"uniform", "drude", "table"};
  const std::vector<std::string> nodes = {"uniform", "drude", "table", "weyl"};
  Parameter pairs =
      of(key("material.pairs", Type::integer, "0",
             "Pairs of Weyl nodes that add the chiral anomaly's "
             "e^4 v^3 tau_a B^2/(4 pi^2 hbar mu^2) each to the conductivity along the "
             "field.",
             {0, 1000, true}),
         "material.kind", ohmic);
  rows.push_back(pairs);
  pairs = of(key("material.pairs", Type::integer, "1", "Pairs of Weyl nodes.", {1, 1000, true}),
             "material.kind", {"weyl"});
  rows.push_back(pairs);
  rows.push_back(material("velocity", nodes, "4e5", "Weyl velocity v [m/s].", positive));
  Parameter mu = material("chemical_potential", nodes, "0.01",
                          "Chemical potential mu, from the nodes.", positive);
  mu.quantity = Quantity::energy;
  rows.push_back(mu);
  rows.push_back(material("axial_time", nodes, "1e-11",
                          "Decay time tau_a of the chiralities' difference n_+ - n_- [s].",
                          positive));
  rows.push_back(
      material("mobility", {"weyl"}, "1", "Mobility of a node's electrons [m^2/Vs].", positive));
  rows.push_back(key("material.bands", Type::object_list, "[]",
                     "Drude bands of a drude material; their conductivities add."));
  rows.push_back(key("material.bands[].density", Type::number, {}, "Carriers [1/m^3].", positive));
  rows.push_back(
      key("material.bands[].mobility", Type::number, {}, "Mobility [m^2/Vs].", positive));
  rows.push_back(choice("material.bands[].carriers", {"electrons", "holes"},
                        "The sign of the carriers, which turns the Hall part."));
}

void add_shape(std::vector<Parameter>& rows) {
  rows.push_back(
      choice("shape.kind", {"bar", "hall_bar", "corbino", "cylinder", "mesh"},
             "bar: contacts on the ends x = -+length/2, or where conductor.contacts says. "
             "hall_bar: with side arms. corbino: a disc, contacts on its rims. cylinder: "
             "a round bar along x. mesh: a file of gmsh, whose named surfaces are the "
             "contacts. The origin is the sample's centre."));
  rows.push_back(
      of(key("shape.dimension", Type::integer, "3",
             "3: a body. 2: a film in the plane of x and y (of a bar: a plate), so thin that the "
             "current stays in the plane.",
             {2, 3, true}),
         "shape.kind", {"bar", "hall_bar", "corbino"}));
  const std::vector<std::string> straight = {"bar", "hall_bar", "cylinder"};
  rows.push_back(length("length", straight, "1e6", "Along x, the direction of the current."));
  rows.push_back(length("width", straight, "1e6", "Along y; of a cylinder, its diameter."));
  rows.push_back(length("thickness", {"bar", "hall_bar", "corbino", "mesh"}, "1e5",
                        "Along z; of a mesh, only that of a film."));
  rows.push_back(of(key("shape.arms", Type::integer, "2", "Pairs of side arms.", {1, 16, true}),
                    "shape.kind", {"hall_bar"}));
  rows.push_back(length("arm_width", {"hall_bar"}, "1e5", "Width of the arms, along x."));
  rows.push_back(length("arm_length", {"hall_bar"}, "2e5",
                        "By which the arms stand out; 0: contacts on the bar's sides.",
                        not_negative));
  rows.push_back(length("arm_distance", {"hall_bar"}, "5e5",
                        "From the first arm to the last, centre to centre.", not_negative));
  rows.push_back(length("inner_radius", {"corbino"}, "5e5", "Of the inner contact."));
  rows.push_back(length("outer_radius", {"corbino"}, "1e6", "Of the outer contact."));
  rows.push_back(
      of(key("shape.file", Type::text, "",
             "The mesh, .msh in the formats 2.2 or 4.1 (ASCII), triangles or tetrahedra; the "
             "path is relative to the deck."),
         "shape.kind", {"mesh"}));
  rows.push_back(
      length("file_unit", {"mesh"}, "1e6", "Length of one unit of the mesh's coordinates."));
}

void add_contacts(std::vector<Parameter>& rows) {
  rows.push_back(
      key("contacts", Type::object_list, "[]",
          "Contacts of a bar or a hall_bar: rectangles on its flat sides, each at one "
          "potential, numbered in this order. Empty: those that the shape brings along."));
  rows.push_back(key("contacts[].name", Type::text, "",
                     "A name for tables and messages; empty: the number. Of a mesh: that of its "
                     "surface."));
  Parameter side = choice("contacts[].side", {"-x", "+x", "-y", "+y", "-z", "+z"},
                          "The side of the sample on which the contact lies.");
  rows.push_back(side);
  rows.push_back(position("contacts[].centre", "[0, 0, 0]",
                          "Centre, x, y, z; the part across the side does not matter."));
  rows.push_back(
      position("contacts[].size", "[0, 0, 0]", "Extents; 0: all of the side.", not_negative));
  rows.push_back(choice("contacts[].chirality", {"both", "plus", "minus"},
                        "Which of the two fluids the contact holds at its potential."));
  rows.push_back(key("probes", Type::object_list, "[]",
                     "Points where the potential is read off, ideal voltage contacts."));
  rows.push_back(key("probes[].name", Type::text, "",
                     "A name for tables and measurements; empty: probe_0, probe_1, ..."));
  rows.push_back(position("probes[].position", {}, "x, y, z."));
}

void add_mesh(std::vector<Parameter>& rows) {
  rows.push_back(key("mesh.cells", Type::integer, "16",
                     "Cells of the first mesh across the width; of a corbino, from rim to rim.",
                     {1, 10000, true}));
  rows.push_back(key("mesh.grading", Type::number, "1e-3",
                     "Size of the cells at contacts' edges over that inside; 1: even.",
                     {1e-12, 1.0, true}));
  rows.push_back(key("mesh.order", Type::integer, "2", "Order of the elements.", {1, 2, true}));
  rows.push_back(key("mesh.tolerance", Type::number, "1e-3",
                     "Estimated error of every G_pq over sqrt(G_pp G_qq) at which refinement ends; "
                     "0: the first mesh is taken as it is.",
                     not_negative));
  rows.push_back(key("mesh.max_unknowns", Type::number, "1e6",
                     "Where refinement ends in any case; what error is left is in the results.",
                     {1, 1e9, true}));
  rows.push_back(choice("solver", {"auto", "direct", "multigrid"},
                        "direct: sparse factorisation. multigrid: Krylov iteration with algebraic "
                        "multigrid. auto: direct for small samples and where multigrid fails."));
  rows.push_back(key("solver_tolerance", Type::number, "1e-10",
                     "Relative residual at which multigrid ends.", {1e-14, 1e-4, true}));
  rows.push_back(
      choice("fields", {"none", "vtk"},
             "vtk: the potential and the current of every point in a file "
             "field_F_angle_A.vtu beside the results, F and A numbering the sweeps from 0; "
             "for ParaView and scripts/draw_conductor.py."));
}

}  // namespace

std::vector<Parameter> conductor_rows() {
  std::vector<Parameter> rows;
  add_material(rows);
  add_shape(rows);
  add_contacts(rows);
  add_mesh(rows);
  return rows;
}

}  // namespace edotb::deck
