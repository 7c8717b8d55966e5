#include "table_rows.hpp"

namespace edotb::deck {

namespace {

std::vector<std::string> contact_kinds() { return {"lead", "chains", "wide_band"}; }

Parameter contact_key(std::string key, Type type, Quantity quantity,
                      std::optional<std::string> value, std::string doc, Bounds bounds = {}) {
  return {.path = "sample.contacts[]." + std::move(key),
          .type = type,
          .quantity = quantity,
          .default_value = std::move(value),
          .doc = std::move(doc),
          .bounds = bounds,
          .n_numbers = type == Type::vector ? 3U : 0U};
}

}  // namespace

std::vector<Parameter> contact_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "sample.contacts",
                  .type = Type::object_list,
                  .default_value = "[]",
                  .doc = "Contacts, instead of those that the shape brings along; numbered in this "
                         "order."});
  rows.push_back(contact_key("name", Type::text, Quantity::none, "",
                             "A name for tables and figures; empty: the number."));
  Parameter kind = contact_key("kind", Type::choice, Quantity::none, "lead",
                               "As sample.leads.kind, for this contact.");
  kind.choices = contact_kinds();
  rows.push_back(std::move(kind));
  rows.push_back(contact_key(
      "direction", Type::text, Quantity::none, {},
      "Where the contact leads to: +x, -x, ... or a lattice vector such as \"1 1 0\". The contact "
      "sits on the sample's outermost sites in this direction."));
  rows.push_back(
      contact_key("centre", Type::vector, Quantity::length, "[0, 0, 0]",
                  "Centre of the contact, x, y, z; the part along the direction does not "
                  "matter."));
  rows.push_back(contact_key("size", Type::vector, Quantity::length, "[0, 0, 0]",
                             "Extents of a rectangular contact along x, y and z; 0: unlimited. The "
                             "lower edge belongs to the contact, the upper one does not.",
                             not_negative));
  rows.push_back(contact_key("radius", Type::number, Quantity::length, "0",
                             "Radius of a round contact; 0: not round.", not_negative));
  rows.push_back(contact_key("inner_radius", Type::number, Quantity::length, "0",
                             "Inner radius of a ring-shaped contact.", not_negative));
  return rows;
}

std::vector<Parameter> lead_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "sample.leads.kind",
                  .type = Type::choice,
                  .default_value = "lead",
                  .doc = "lead: the material continues without end. chains: a one-dimensional "
                         "metal on every orbital. wide_band: a metal with the self-energy "
                         "-i broadening/2 on every orbital, at all energies and fields.",
                  .choices = contact_kinds()});
  rows.push_back({.path = "sample.leads.broadening",
                  .type = Type::number,
                  .quantity = Quantity::energy,
                  .default_value = "1",
                  .doc = "Level broadening Gamma of wide_band contacts.",
                  .bounds = positive});
  rows.push_back({.path = "sample.leads.hopping",
                  .type = Type::number,
                  .quantity = Quantity::energy,
                  .default_value = "1",
                  .doc = "Hopping of chains, also onto the sample; Gamma is twice it in the middle "
                         "of their band.",
                  .bounds = positive});
  rows.push_back({.path = "sample.leads.potential",
                  .type = Type::number,
                  .quantity = Quantity::energy,
                  .default_value = "0",
                  .doc = "Energy added to every site of the leads: negative values dope them."});
  // The leads may have other values of the model's parameters than the device.
  for (Parameter row : model_rows()) {
    if (row.type != Type::number || row.depends_on.empty()) continue;
    // A wannier90 model is its files; its leads may differ by sample.leads.potential alone.
    if (row.depends_values.front() == "wannier90") continue;
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

}  // namespace edotb::deck
