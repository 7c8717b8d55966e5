#include "edotb/deck/table.hpp"

#include <algorithm>

namespace edotb::deck {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double max_cells = 100000;
const Bounds positive{0.0, infinity, false};
const Bounds not_negative{0.0, infinity, true};
const Bounds at_least_one_cell{1, max_cells, true};

Parameter model_parameter(std::string name, std::vector<std::string> models, Quantity quantity,
                          std::string value, std::string doc) {
  return {.path = "sample.model." + std::move(name),
          .type = Type::number,
          .quantity = quantity,
          .default_value = std::move(value),
          .doc = std::move(doc),
          .choices = {},
          .bounds = {},
          .depends_on = "sample.model.name",
          .depends_values = std::move(models)};
}

std::vector<Parameter> model_rows() {
  std::vector<std::string> all;
  for (const ModelTraits& model : model_traits()) all.push_back(model.name);
  std::vector<Parameter> rows;
  rows.push_back({.path = "sample.model.name",
                  .type = Type::choice,
                  .default_value = {},
                  .doc = "The library model; `edotb models` prints each formula.",
                  .choices = all});
  rows.push_back({.path = "sample.model.lattice_constant",
                  .type = Type::number,
                  .quantity = Quantity::length,
                  .default_value = "1",
                  .doc = "Lattice constant a; sets the flux per plaquette of a field in tesla. "
                         "In lattice units a = 1.",
                  .bounds = positive});
  rows.push_back(model_parameter("t", all, Quantity::energy, "1", "Hopping energy."));
  rows.push_back({.path = "sample.model.dimension",
                  .type = Type::integer,
                  .default_value = "3",
                  .doc = "2: square lattice in the xy plane; 3: simple cubic lattice.",
                  .bounds = {2, 3, true},
                  .depends_on = "sample.model.name",
                  .depends_values = {"simple_metal"}});
  rows.push_back(model_parameter("rashba", {"rashba"}, Quantity::energy, "0",
                                 "Rashba spin-orbit hopping lambda_R."));
  rows.push_back(model_parameter("dresselhaus", {"rashba"}, Quantity::energy, "0",
                                 "Dresselhaus spin-orbit hopping lambda_D."));
  rows.push_back(model_parameter("onsite", {"rashba"}, Quantity::energy, "0",
                                 "On-site energy; 4t puts the band bottom near zero."));
  rows.push_back(model_parameter("t_z", {"weyl_two_band"}, Quantity::energy, "1",
                                 "Hopping along z, which carries the nodes."));
  rows.push_back(model_parameter("m", {"weyl_two_band"}, Quantity::energy, "1",
                                 "Mass that gaps the nodes away from kx = ky = 0."));
  rows.push_back(model_parameter("k0", {"weyl_two_band"}, Quantity::phase, "1.5707963267948966",
                                 "Half the distance of the two nodes, at kz = +-k0."));
  rows.push_back(model_parameter("v", {"dirac_weyl"}, Quantity::energy, "1",
                                 "Hopping that mixes the orbitals; the Weyl velocity."));
  rows.push_back(model_parameter("m", {"dirac_weyl"}, Quantity::energy, "3",
                                 "Mass; 3t puts a Dirac point at the zone centre."));
  rows.push_back(model_parameter("b", {"dirac_weyl"}, Quantity::energy, "0",
                                 "Breaks time reversal; splits the Dirac point into Weyl nodes."));
  rows.push_back(model_parameter("inversion", {"dirac_weyl"}, Quantity::energy, "0",
                                 "Breaks inversion (term inversion * tau_x)."));
  return rows;
}

std::vector<Parameter> shape_rows() {
  const auto bar = [](std::string key, std::string value, std::string doc) {
    return Parameter{.path = "sample.shape." + std::move(key),
                     .type = Type::integer,
                     .quantity = Quantity::cells,
                     .default_value = std::move(value),
                     .doc = std::move(doc),
                     .bounds = at_least_one_cell};
  };
  std::vector<Parameter> rows;
  rows.push_back({.path = "sample.shape.kind",
                  .type = Type::choice,
                  .default_value = "bar",
                  .doc = "The sample's shape; a bar has a lead on each end.",
                  .choices = {"bar"}});
  rows.push_back({.path = "sample.shape.axis",
                  .type = Type::choice,
                  .default_value = "x",
                  .doc =
                      "Lattice axis along which the current flows. Width and thickness run along "
                      "the two axes that follow it cyclically (axis z: width x, thickness y).",
                  .choices = {"x", "y", "z"}});
  rows.push_back(bar("length", "10", "Cells along the current."));
  rows.push_back(bar("width", "10", "Cells along the width."));
  rows.push_back(bar("thickness", "1", "Cells along the thickness."));
  rows.push_back({.path = "sample.shape.boundary",
                  .type = Type::choice,
                  .default_value = "open",
                  .doc = "Boundary of the cross-section: hard walls, or a torus, which admits only "
                         "fields with whole numbers of flux quanta.",
                  .choices = {"open", "periodic"}});
  return rows;
}

std::vector<Parameter> sample_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "sample.disorder",
                  .type = Type::object_list,
                  .default_value = "[]",
                  .doc = "Random terms of the Hamiltonian; each item adds one."});
  rows.push_back({.path = "sample.disorder[].kind",
                  .type = Type::choice,
                  .default_value = {},
                  .doc = "anderson: an independent random energy on every site of the device, the "
                         "same for all orbitals of the site.",
                  .choices = {"anderson"}});
  rows.push_back({.path = "sample.disorder[].width",
                  .type = Type::number,
                  .quantity = Quantity::energy,
                  .default_value = {},
                  .doc = "Energies are uniform in [-width/2, width/2].",
                  .bounds = not_negative,
                  .depends_on = "sample.disorder[].kind",
                  .depends_values = {"anderson"}});
  rows.push_back({.path = "sample.leads.potential",
                  .type = Type::number,
                  .quantity = Quantity::energy,
                  .default_value = "0",
                  .doc = "Energy added to every site of the leads: negative values dope them."});
  // The leads may have other values of the model's parameters than the device.
  for (Parameter row : model_rows()) {
    if (row.type != Type::number || row.depends_on.empty()) continue;
    row.path.replace(0, std::string("sample.model").size(), "sample.leads.model");
    row.default_value.reset();
    row.doc = "In the leads: " + row.doc;
    rows.push_back(std::move(row));
  }
  rows.push_back({.path = "sample.system_file",
                  .type = Type::text,
                  .default_value = {},
                  .doc = "A ready-made scattering problem (HDF5, format edotb-system), instead of "
                         "model and shape. The path is relative to the deck."});
  return rows;
}

std::vector<Parameter> field_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "field.magnitude",
                  .type = Type::sweep,
                  .quantity = Quantity::field,
                  .default_value = "[0]",
                  .doc = "Strength of the uniform magnetic field."});
  rows.push_back({.path = "field.angle",
                  .type = Type::sweep,
                  .quantity = Quantity::angle,
                  .default_value = "[0]",
                  .doc = "Angle between the field and the current."});
  rows.push_back({.path = "field.azimuth",
                  .type = Type::number,
                  .quantity = Quantity::angle,
                  .default_value = "0",
                  .doc =
                      "Direction of the part of the field across the current: 0 along the width, "
                      "90 along the thickness."});
  rows.push_back({.path = "field.where",
                  .type = Type::choice,
                  .default_value = "everywhere",
                  .doc = "everywhere: device and leads share one uniform field. device: the field "
                         "acts on bonds inside the device alone, and the leads are field-free.",
                  .choices = {"everywhere", "device"}});
  rows.push_back({.path = "field.ramp",
                  .type = Type::integer,
                  .quantity = Quantity::cells,
                  .default_value = "0",
                  .doc = "With where: device, the cells at each end over which the field rises "
                         "smoothly from the field-free lead; 0 ends it abruptly.",
                  .bounds = {0, max_cells, true}});
  rows.push_back({.path = "field.g_factor",
                  .type = Type::number,
                  .default_value = "0",
                  .doc = "Zeeman term (g/2) B.sigma on the spin of the model: mu_B B in physical "
                         "units, B in radians per plaquette times t in lattice units."});
  return rows;
}

std::vector<Parameter> run_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "energy",
                  .type = Type::sweep,
                  .quantity = Quantity::energy,
                  .default_value = "[0]",
                  .doc = "Energies of the electrons."});
  rows.push_back({.path = "temperature",
                  .type = Type::sweep,
                  .quantity = Quantity::temperature,
                  .default_value = "[]",
                  .doc = "Temperatures of thermal averages. This version computes zero temperature "
                         "only: the list must be empty.",
                  .bounds = positive});
  rows.push_back({.path = "ensemble.realisations",
                  .type = Type::integer,
                  .default_value = "1",
                  .doc = "Number of disorder realisations.",
                  .bounds = {1, 1e9, true}});
  rows.push_back({.path = "ensemble.seed",
                  .type = Type::integer,
                  .default_value = "1",
                  .doc = "Seed of all random numbers; the same seed gives the same samples.",
                  .bounds = {0, 9007199254740992.0, true}});
  rows.push_back({.path = "engine.kind",
                  .type = Type::choice,
                  .default_value = "coherent",
                  .doc = "coherent: quantum scattering.",
                  .choices = {"coherent"}});
  rows.push_back({.path = "engine.solver",
                  .type = Type::choice,
                  .default_value = "auto",
                  .doc =
                      "multifrontal: Hermitian sparse factorisation, the fast path and what auto "
                      "takes. mumps: sparse LU. dense: LAPACK, for small systems. The last two "
                      "are independent checks.",
                  .choices = {"auto", "multifrontal", "mumps", "dense"}});
  rows.push_back({.path = "engine.precision",
                  .type = Type::choice,
                  .default_value = "double",
                  .doc =
                      "Arithmetic of the multifrontal solver. mixed: factors in single precision, "
                      "refined to double. single: transmissions good to 3 or 4 digits, enough "
                      "for disorder averages, at half the memory.",
                  .choices = {"double", "mixed", "single"}});
  rows.push_back({.path = "engine.leads",
                  .type = Type::choice,
                  .default_value = "auto",
                  .doc =
                      "How leads are solved. auto: the fastest method that fits and passes its "
                      "checks. schur: the whole mode equation, slow for large cells, as a check.",
                  .choices = {"auto", "schur"}});
  rows.push_back(
      {.path = "engine.threads",
       .type = Type::integer,
       .default_value = "1",
       .doc = "Threads of the multifrontal solver on every rank: for few large points. Many "
              "points run faster as one rank per core.",
       .bounds = {1, 1024, true}});
  rows.push_back({.path = "engine.ranks_per_point",
                  .type = Type::integer,
                  .default_value = "1",
                  .doc = "Ranks that solve one point together, by mumps, and share its memory: for "
                         "samples that do not fit one rank. Must divide the number of ranks.",
                  .bounds = {1, 1048576, true}});
  rows.push_back({.path = "output.directory",
                  .type = Type::text,
                  .default_value = "output",
                  .doc = "Folder of results.h5, relative to the working directory."});
  return rows;
}

std::vector<Parameter> build_table() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "title",
                  .type = Type::text,
                  .default_value = "",
                  .doc = "A line that names the run in tables, figures and reports."});
  rows.push_back({.path = "units",
                  .type = Type::choice,
                  .default_value = "physical",
                  .doc = "physical: eV, nm, T, K and charge -e. lattice: a = t = 1, the field as "
                         "flux per plaquette in radians, charge +1.",
                  .choices = {"physical", "lattice"}});
  for (const auto& part : {model_rows(), shape_rows(), sample_rows(), field_rows(), run_rows()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  return rows;
}

}  // namespace

std::string_view unit_name(Quantity quantity, bool lattice_units) {
  switch (quantity) {
    case Quantity::energy:
      return lattice_units ? "t" : "eV";
    case Quantity::length:
      return lattice_units ? "a" : "nm";
    case Quantity::field:
      return lattice_units ? "rad/plaquette" : "T";
    case Quantity::temperature:
      return lattice_units ? "t/k_B" : "K";
    case Quantity::angle:
      return "deg";
    case Quantity::phase:
      return "rad";
    case Quantity::cells:
      return "cells";
    case Quantity::none:
      break;
  }
  return "";
}

const std::vector<ModelTraits>& model_traits() {
  static const std::vector<ModelTraits> models = {{"simple_metal", 0, false},
                                                  {"rashba", 2, true},
                                                  {"weyl_two_band", 3, true},
                                                  {"dirac_weyl", 3, true},
                                                  {"graphene", 2, false}};
  return models;
}

const std::vector<Parameter>& table() {
  static const std::vector<Parameter> rows = build_table();
  return rows;
}

std::vector<const Parameter*> rows_of(std::string_view path) {
  std::vector<const Parameter*> found;
  for (const Parameter& row : table()) {
    if (row.path == path) found.push_back(&row);
  }
  return found;
}

bool is_section(std::string_view path) {
  const std::string prefix = std::string(path) + ".";
  return std::any_of(table().begin(), table().end(),
                     [&](const Parameter& row) { return row.path.starts_with(prefix); });
}

}  // namespace edotb::deck
