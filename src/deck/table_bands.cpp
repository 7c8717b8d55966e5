#include "table_rows.hpp"

namespace edotb::deck {

namespace {

Parameter bands_key(std::string key, std::vector<std::string> kinds, Type type, Quantity quantity,
                    std::optional<std::string> value, std::string doc, Bounds bounds = {}) {
  return {.path = "bands." + std::move(key),
          .type = type,
          .quantity = quantity,
          .default_value = std::move(value),
          .doc = std::move(doc),
          .bounds = bounds,
          .depends_on = "bands.kind",
          .depends_values = std::move(kinds)};
}

}  // namespace

std::vector<Parameter> bands_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "bands.kind",
                  .type = Type::choice,
                  .default_value = "bulk",
                  .doc = "What `edotb bands` computes; see bands.md. bulk: along a path. lead: of "
                         "every contact. landau: levels in the fields of field.magnitude. surface: "
                         "spectral function at the energies of the deck.",
                  .choices = {"bulk", "lead", "landau", "surface"}});
  rows.push_back(bands_key("points", {"bulk", "lead", "surface"}, Type::integer, Quantity::none,
                           "51",
                           "Wave vectors: on each leg of a path, over the zone of a lead, along "
                           "each side of a surface's zone.",
                           {1, 1e6, true}));
  rows.push_back({.path = "bands.path",
                  .type = Type::object_list,
                  .default_value = "[]",
                  .doc =
                      "Corners of the path of bulk or surface. Empty: bulk from 0 to pi along x, "
                      "surface the whole zone."});
  rows.push_back({.path = "bands.path[].k",
                  .type = Type::vector,
                  .default_value = {},
                  .doc = "Wave vector in units of pi per lattice vector.",
                  .n_numbers = 3});
  rows.push_back({.path = "bands.path[].label",
                  .type = Type::text,
                  .default_value = "",
                  .doc = "Name of the corner in figures."});
  rows.push_back(bands_key("axis", {"landau"}, Type::choice, Quantity::none, "z",
                           "The lattice vector that the field is along."));
  rows.back().choices = {"x", "y", "z"};
  rows.push_back(bands_key("momentum", {"landau"}, Type::sweep, Quantity::none, "[0]",
                           "Wave vectors along the field, in units of pi per lattice vector."));
  rows.push_back(bands_key("window", {"landau"}, Type::vector, Quantity::energy, {},
                           "Lowest and highest energy to show; all when left out."));
  rows.back().n_numbers = 2;
  rows.push_back(bands_key("flux_tolerance", {"landau"}, Type::number, Quantity::none, "0.01",
                           "Relative change of a field that a small magnetic cell may make: the "
                           "flux through a cell must be a fraction p/q.",
                           {0.0, 0.5, false}));
  rows.push_back(bands_key("max_cells", {"landau"}, Type::integer, Quantity::cells, "2000",
                           "Largest magnetic cell, q unit cells.", {1, 1e6, true}));
  rows.push_back(
      bands_key("normal", {"surface"}, Type::text, Quantity::none, "+z",
                "Outward normal of the surface: +x, -x, ... for the plane of the two other "
                "lattice vectors, or Miller indices such as \"1 1 0\"."));
  rows.push_back(bands_key("broadening", {"surface"}, Type::number, Quantity::energy, "0.01",
                           "Imaginary part of the energy: the width of a level.", positive));
  for (Parameter& row : rows) row.fixes_results = false;  // of `edotb run`
  return rows;
}

}  // namespace edotb::deck
