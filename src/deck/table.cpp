#include "edotb/deck/table.hpp"

#include "table_rows.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace edotb::deck {

namespace {

std::vector<Parameter> build_table() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "title",
                  .type = Type::text,
                  .default_value = "",
                  .doc = "A line that names the run in tables, figures and reports."});
  rows.push_back(
      {.path = "sample_name",
       .type = Type::text,
       .default_value = "sample",
       .doc = "Which sample it is: `edotb analyse` takes runs of one name as experiments on "
              "the same one."});
  rows.push_back({.path = "units",
                  .type = Type::choice,
                  .default_value = "physical",
                  .doc = "physical: eV, nm, T, K and charge -e. lattice: a = t = 1, the field as "
                         "flux per plaquette in radians, charge +1.",
                  .choices = {"physical", "lattice"}});
  for (const auto& part : {model_rows(), shape_rows(), region_rows(), disorder_rows(),
                           contact_rows(), lead_rows(), field_rows(), run_rows(),
                           measurement_rows(), output_rows(), bands_rows(), conductor_rows()}) {
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
  static const std::vector<ModelTraits> models = {
      {"simple_metal", 0, false}, {"rashba", 2, true},    {"weyl_two_band", 3, true},
      {"dirac_weyl", 3, true},    {"graphene", 2, false}, {"haldane", 2, false},
      {"kane_mele", 2, true},     {"bhz", 2, true},       {"bi2se3", 3, true},
      {"na3bi", 3, true},         {"cd3as2", 3, true},    {"formula", 0, true},
      {"continuum", 0, true},     {"wannier90", 0, true}};
  return models;
}

const std::vector<Parameter>& table() {
  static const std::vector<Parameter> rows = build_table();
  return rows;
}

std::vector<const Parameter*> rows_of(std::string_view path) {
  using Index = std::map<std::string, std::vector<const Parameter*>, std::less<>>;
  static const Index index = [] {
    Index rows;
    for (const Parameter& row : table()) rows[row.path].push_back(&row);
    return rows;
  }();
  const auto found = index.find(path);
  return found == index.end() ? std::vector<const Parameter*>{} : found->second;
}

bool is_section(std::string_view path) {
  const std::string prefix = std::string(path) + ".";
  return std::any_of(table().begin(), table().end(),
                     [&](const Parameter& row) { return row.path.starts_with(prefix); });
}

}  // namespace edotb::deck
