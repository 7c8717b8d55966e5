#include "edotb/continuum/deck_conductor.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/text_file.hpp"
#include "edotb/continuum/gmsh.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace edotb::continuum {

namespace {

constexpr std::uintmax_t max_table_bytes = std::uintmax_t{16} << 20U;
constexpr std::uintmax_t max_mesh_bytes = std::uintmax_t{4} << 30U;

WeylNodes nodes_of(const deck::Conductor::Material& material) {
  return {material.velocity, material.chemical_potential, material.axial_time, material.mobility,
          material.n_pairs};
}

}  // namespace

SampleShape shape_of(const deck::Conductor& conductor) {
  static const std::map<std::string, SampleKind> kinds = {{"bar", SampleKind::bar},
                                                          {"hall_bar", SampleKind::hall_bar},
                                                          {"corbino", SampleKind::corbino},
                                                          {"cylinder", SampleKind::cylinder},
                                                          {"mesh", SampleKind::bar}};
  const auto& from = conductor.shape;
  SampleShape shape;
  shape.kind = kinds.at(from.kind);
  shape.film = from.dimension == 2;
  shape.length = from.length;
  shape.width = from.width;
  shape.thickness = from.kind == "cylinder" ? from.width : from.thickness;
  shape.n_arms = from.n_arms;
  shape.arm_width = from.arm_width;
  shape.arm_length = from.arm_length;
  shape.arm_distance = from.arm_distance;
  shape.inner_radius = from.inner_radius;
  shape.outer_radius = from.outer_radius;
  for (const auto& contact : conductor.contacts) {
    shape.patches.push_back({{contact.name, contact.chirality},
                             contact.axis,
                             contact.sign,
                             contact.centre,
                             contact.size,
                             contact.radius});
  }
  for (const auto& probe : conductor.probes) shape.probes.push_back(probe.position);
  return shape;
}

DeckConductor::DeckConductor(const deck::Deck& deck)
    : deck_(*deck.conductor),
      azimuth_(deck.field.azimuth * constants::pi / 180.0),
      shape_(shape_of(deck_)) {
  // All that can be wrong with a table, fields, shape, contacts and probes shows here.
  const auto in = [&](const std::string& key, const auto& body) {
    const char* units = deck.lattice_units ? "" : " (lengths in m)";
    return with_context([&] { return deck.where("conductor." + key) + units; }, body);
  };
  if (deck_.material.kind == "table") {
    in("material.file", [&] {
      table_ = parse_conductivity_table(read_text_file(deck_.material.file, max_table_bytes),
                                        deck_.material.file);
    });
  }
  for (const double magnitude : deck.field.magnitude) {
    in("material.kind", [&] { static_cast<void>(conductivity(magnitude)); });
  }
  Mesh first;  // a coarse one: what is wrong does not depend on the size of its cells
  if (deck_.shape.kind == "mesh") in("shape.file", [&] { read_mesh(); });
  in("shape.kind", [&] {
    if (!file_mesh_) {
      for (const Patch& patch : contacts_of(shape_)) contacts_.push_back(patch.contact);
    }
    first = file_mesh_ ? *file_mesh_ : make_sample_mesh(shape_, {.n_across = 2, .grading = 1.0});
  });
  if (shape_.probes.empty()) return;
  constexpr int curved = 2;
  const Space space = make_space(first, curved);
  for (std::size_t i = 0; i < shape_.probes.size(); ++i) {
    in(fmt::format("probes[{}].position", i),
       [&] { static_cast<void>(locate(space, shape_.probes[i])); });
  }
}

void DeckConductor::read_mesh() {
  const std::string& path = deck_.shape.file;
  NamedMesh named = parse_gmsh(read_text_file(path, max_mesh_bytes), path, deck_.shape.file_scale);
  shape_.film = named.mesh.dimension == 2;
  std::vector<std::string> names;
  for (const auto& contact : deck_.contacts) {
    contacts_.push_back({contact.name, contact.chirality});
    names.push_back(contact.name);
  }
  if (names.empty()) {
    names = named.names;
    for (const auto& name : names) contacts_.push_back({name, 0});
  }
  file_mesh_ = with_contacts(std::move(named), names);
}

Vector3 DeckConductor::direction(double angle) const {
  const double theta = angle * constants::pi / 180.0;
  const double along = std::cos(theta);
  const double u = std::sin(theta) * std::cos(azimuth_);
  const double v = std::sin(theta) * std::sin(azimuth_);
  return shape_.kind == SampleKind::corbino ? Vector3{u, v, along} : Vector3{along, u, v};
}

Conductivity DeckConductor::conductivity(double magnitude) const {
  const auto& from = deck_.material;
  Conductivity conductivity{from.parallel, from.perpendicular, from.hall};
  if (from.kind == "drude") {
    std::vector<DrudeBand> bands;
    for (const auto& band : from.bands) bands.push_back({band.density, band.mobility, band.sign});
    conductivity = drude_conductivity(bands, magnitude);
  } else if (from.kind == "table") {
    conductivity = table_.at(magnitude);
  }
  if (from.n_pairs > 0) conductivity.parallel += chiral_conductivity(nodes_of(from), magnitude);
  return conductivity;
}

Material DeckConductor::material(double magnitude, double angle) const {
  const auto& from = deck_.material;
  if (from.kind != "two_fluid" && from.kind != "weyl") {
    return material(conductivity(magnitude), angle);
  }
  Material material;
  material.direction = direction(angle);
  material.fluid = from.kind == "weyl"
                       ? two_fluid_of(nodes_of(from), magnitude)
                       : TwoFluid{from.conductivity, from.chiral_conductance, from.relaxation};
  const double sigma = material.fluid->conductivity;
  material.sigma = conductivity_tensor({sigma, sigma, 0.0}, material.direction);
  return in_shape(material);
}

Material DeckConductor::material(const Conductivity& conductivity, double angle) const {
  Material material;
  material.direction = direction(angle);
  material.sigma = conductivity_tensor(conductivity, material.direction);
  return in_shape(material);
}

Material DeckConductor::in_shape(const Material& material) const {
  return shape_.film ? film_of(material, shape_.thickness) : material;
}

Resolution DeckConductor::resolution(const Material& material) const {
  return {deck_.mesh.n_across, deck_.mesh.grading, stretch_of(material.sigma)};
}

Mesh DeckConductor::mesh(double magnitude, double angle) const {
  return mesh(material(magnitude, angle));
}

Mesh DeckConductor::mesh(const Material& material) const {
  if (file_mesh_) return *file_mesh_;
  return make_sample_mesh(shape_, resolution(material));
}

ConductorOptions DeckConductor::options() const {
  ConductorOptions options;
  options.order = deck_.mesh.order;
  options.solve.solver = deck_.solver == "direct"      ? SolverKind::direct
                         : deck_.solver == "multigrid" ? SolverKind::multigrid
                                                       : SolverKind::automatic;
  options.solve.tolerance = deck_.solver_tolerance;
  options.tolerance = deck_.mesh.tolerance;
  options.max_unknowns = static_cast<std::size_t>(deck_.mesh.max_unknowns);
  return options;
}

}  // namespace edotb::continuum
