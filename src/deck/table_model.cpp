#include "table_rows.hpp"

namespace edotb::deck {

namespace {

using Names = std::vector<std::string>;

Parameter parameter(std::string name, Names models, Quantity quantity, std::string value,
                    std::string doc) {
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

Parameter energy(std::string name, Names models, std::string value, std::string doc) {
  return parameter(std::move(name), std::move(models), Quantity::energy, std::move(value),
                   std::move(doc));
}

/// A coefficient of k or k^2; its unit, eV nm or eV nm^2, is in the doc.
Parameter coefficient(std::string name, Names models, std::string value, std::string doc) {
  return parameter(std::move(name), std::move(models), Quantity::none, std::move(value),
                   std::move(doc));
}

void add_lattice_models(std::vector<Parameter>& rows) {
  rows.push_back(energy(
      "t",
      {"simple_metal", "rashba", "weyl_two_band", "dirac_weyl", "graphene", "haldane", "kane_mele"},
      "1", "Hopping energy."));
  rows.push_back({.path = "sample.model.dimension",
                  .type = Type::integer,
                  .default_value = "3",
                  .doc = "2: lattice in the xy plane; 3: in space. Square and simple cubic but for "
                         "wannier90, whose files have the unit cell.",
                  .bounds = {2, 3, true},
                  .depends_on = "sample.model.name",
                  .depends_values = {"simple_metal", "formula", "continuum", "wannier90"}});
  rows.push_back(energy("rashba", {"rashba"}, "0", "Rashba spin-orbit hopping lambda_R."));
  rows.push_back(
      energy("dresselhaus", {"rashba"}, "0", "Dresselhaus spin-orbit hopping lambda_D."));
  rows.push_back(
      energy("onsite", {"rashba"}, "0", "On-site energy; 4t puts the band bottom near zero."));
  rows.push_back(
      energy("t_z", {"weyl_two_band"}, "1", "Hopping along z, which carries the nodes."));
  rows.push_back(
      energy("m", {"weyl_two_band"}, "1", "Mass that gaps the nodes away from kx = ky = 0."));
  rows.push_back(parameter("k0", {"weyl_two_band"}, Quantity::phase, "1.5707963267948966",
                           "Half the distance of the two nodes, at kz = +-k0."));
  rows.push_back(
      energy("v", {"dirac_weyl"}, "1", "Hopping that mixes the orbitals; the Weyl velocity."));
  rows.push_back(
      energy("m", {"dirac_weyl"}, "3", "Mass; 3t puts a Dirac point at the zone centre."));
  rows.push_back(energy("b", {"dirac_weyl"}, "0",
                        "Breaks time reversal; splits the Dirac point into Weyl nodes along kz."));
  rows.push_back(
      energy("inversion", {"dirac_weyl"}, "0", "Breaks inversion (term inversion * tau_x)."));
  rows.push_back(energy("t2", {"haldane"}, "0.1", "Hopping between second neighbours."));
  rows.push_back(parameter("phase", {"haldane"}, Quantity::phase, "1.5707963267948966",
                           "Phase of t2 where the way turns left."));
  rows.push_back(energy("so", {"kane_mele"}, "0.06", "Intrinsic spin-orbit hopping lambda_SO."));
  rows.push_back(energy("rashba", {"kane_mele"}, "0", "Rashba spin-orbit hopping lambda_R."));
  rows.push_back(energy("mass", {"haldane", "kane_mele"}, "0",
                        "Energy of sublattice A, and minus that of B."));
}

void add_continuum_models(std::vector<Parameter>& rows) {
  rows.push_back(coefficient("a", {"bhz"}, "0.3645", "Velocity, eV nm."));
  rows.push_back(coefficient("b", {"bhz"}, "-0.686", "Curvature of the mass, eV nm^2."));
  rows.push_back(energy("c", {"bhz", "bi2se3"}, "0", "Energy of the band centre."));
  rows.push_back(coefficient("d", {"bhz"}, "-0.512", "Curvature of the band centre, eV nm^2."));
  rows.push_back(energy("m", {"bhz"}, "-0.01", "Mass; the bands are inverted where m/b > 0."));
  rows.push_back(energy("m", {"bi2se3"}, "0.28", "Mass at k = 0."));
  rows.push_back(coefficient("a1", {"bi2se3"}, "0.22", "Velocity along z, eV nm."));
  rows.push_back(coefficient("a2", {"bi2se3"}, "0.41", "Velocity in the plane, eV nm."));
  rows.push_back(coefficient("b1", {"bi2se3"}, "0.1", "Curvature of the mass along z, eV nm^2."));
  rows.push_back(
      coefficient("b2", {"bi2se3"}, "0.566", "Curvature of the mass in the plane, eV nm^2."));
  rows.push_back(coefficient("d1", {"bi2se3"}, "0",
                             "Curvature of the band centre along z, eV nm^2 (Zhang: 0.013)."));
  rows.push_back(coefficient("d2", {"bi2se3"}, "0",
                             "Curvature of the band centre in the plane, eV nm^2 (Zhang: 0.196)."));
  rows.push_back(energy("c0", {"na3bi"}, "-0.06382", "Energy of the band centre."));
  rows.push_back(energy("c0", {"cd3as2"}, "-0.0145", "Energy of the band centre."));
  const auto curvature = [&](const char* name, const char* na3bi, const char* cd3as2,
                             const std::string& doc) {
    rows.push_back(coefficient(name, {"na3bi"}, na3bi, doc));
    rows.push_back(coefficient(name, {"cd3as2"}, cd3as2, doc));
  };
  curvature("c1", "0.087536", "0.1059", "Curvature of the band centre along z, eV nm^2.");
  curvature("c2", "-0.084008", "0.115", "Curvature of the band centre in the plane, eV nm^2.");
  rows.push_back(energy("m0", {"na3bi"}, "-0.08686", "Mass at k = 0."));
  rows.push_back(energy("m0", {"cd3as2"}, "0.0205", "Mass at k = 0."));
  curvature("m1", "-0.106424", "-0.1877", "Curvature of the mass along z, eV nm^2.");
  curvature("m2", "-0.10361", "-0.135", "Curvature of the mass in the plane, eV nm^2.");
  curvature("a", "0.24598", "0.0889", "Velocity in the plane, eV nm.");
}

void add_written_models(std::vector<Parameter>& rows) {
  const Names written = {"formula", "continuum"};
  rows.push_back({.path = "sample.model.formula",
                  .type = Type::text,
                  .default_value = "",
                  .doc =
                      "The Hamiltonian as a function of kx, ky and kz: of a formula in radians "
                      "per cell, of a continuum in 1/nm (lattice units: 1/a) and polynomial; see "
                      "models.md.",
                  .depends_on = "sample.model.name",
                  .depends_values = written});
  Parameter any = coefficient("parameters.*", written, "",
                              "Value of a name that the formula uses; any name of letters, digits "
                              "and _.");
  any.default_value.reset();
  rows.push_back(std::move(any));
  rows.push_back({.path = "sample.model.spin",
                  .type = Type::choice,
                  .default_value = "sigma",
                  .doc = "Whose Pauli matrices are the electron's spin, for Zeeman and exchange "
                         "fields.",
                  .choices = {"sigma", "s", "tau", "rho", "none"},
                  .depends_on = "sample.model.name",
                  .depends_values = written});
}

void add_wannier90(std::vector<Parameter>& rows) {
  const auto add = [&](const char* name, Type type, Quantity quantity,
                       std::optional<std::string> value, std::string doc, Bounds bounds = {}) {
    rows.push_back({.path = std::string("sample.model.") + name,
                    .type = type,
                    .quantity = quantity,
                    .default_value = std::move(value),
                    .doc = std::move(doc),
                    .bounds = bounds,
                    .depends_on = "sample.model.name",
                    .depends_values = {"wannier90"}});
  };
  add("file", Type::text, Quantity::none, "",
      "The Hamiltonian, seedname_hr.dat; see wannier90.md. Paths are relative to the deck.");
  add("win", Type::text, Quantity::none, "", "seedname.win, for the unit cell; or give cell.");
  add("cell", Type::vector, Quantity::length, {},
      "The unit cell instead of win: a_1, a_2 and a_3, nine numbers.");
  rows.back().n_numbers = 9;
  add("centres", Type::text, Quantity::none, "",
      "seedname_centres.xyz, where the orbitals are; empty: all at the cell's origin.");
  add("wsvec", Type::text, Quantity::none, "",
      "seedname_wsvec.dat of use_ws_distance = true; empty: no shifts.");
  add("cutoff", Type::number, Quantity::energy, "0",
      "Elements of the Hamiltonian smaller than this are dropped.", not_negative);
  add("max_distance", Type::number, Quantity::length, "0",
      "Hoppings between centres farther apart than this are dropped; 0: none.", not_negative);
  add("fermi_level", Type::number, Quantity::energy, "0",
      "Energy of the files that becomes zero; it is subtracted.");
  add("site_radius", Type::number, Quantity::length, "0.02",
      "Orbitals whose centres are this near to each other sit on one site, at their mean.",
      not_negative);
  add("spin_order", Type::choice, Quantity::none, "none",
      "How spinors are ordered. interleaved: up, down, up, down, ... blocks: all up, then all "
      "down. none: no spin for Zeeman and exchange fields to act on.");
  rows.back().choices = {"interleaved", "blocks", "none"};
}

}  // namespace

std::vector<Parameter> model_rows() {
  Names all;
  for (const ModelTraits& model : model_traits()) all.push_back(model.name);
  std::vector<Parameter> rows;
  rows.push_back(
      {.path = "sample.model.name",
       .type = Type::choice,
       .default_value = {},
       .doc =
           "A library model (`edotb models` prints each formula); formula: a Bloch "
           "Hamiltonian of one's own; continuum: a k.p Hamiltonian, put on a lattice; wannier90: "
           "the files of a first-principles calculation.",
       .choices = all});
  rows.push_back({.path = "sample.model.lattice_constant",
                  .type = Type::number,
                  .quantity = Quantity::length,
                  .default_value = "1",
                  .doc = "Lattice constant a; sets the flux per plaquette of a field in tesla, and "
                         "the lattice of a k.p model. In lattice units a = 1.",
                  .bounds = positive});
  add_lattice_models(rows);
  add_continuum_models(rows);
  add_written_models(rows);
  add_wannier90(rows);
  return rows;
}

}  // namespace edotb::deck
