#include "table_rows.hpp"

namespace edotb::deck {

namespace {

constexpr Bounds at_least_one_cell{1, max_cells, true};

}  // namespace

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

std::vector<Parameter> disorder_rows() {
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
  return rows;
}

std::vector<Parameter> lead_rows() {
  std::vector<Parameter> rows;
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

}  // namespace edotb::deck
