#include "table_rows.hpp"

namespace edotb::deck {

namespace {

Parameter key(std::string name, Type type, std::optional<std::string> value, std::string doc) {
  return {.path = "measurements[]." + std::move(name),
          .type = type,
          .default_value = std::move(value),
          .doc = std::move(doc)};
}

}  // namespace

std::vector<Parameter> measurement_rows() {
  std::vector<Parameter> rows;
  rows.push_back(
      {.path = "measurements",
       .type = Type::object_list,
       .default_value = "[]",
       .doc = "Resistances that `edotb show` and `edotb analyse` read off the conductances; "
              "docs/measure.md draws each kind. Of a sample with two contacts that between "
              "these, where nothing is given."});
  rows.push_back(key("name", Type::text, {}, "A name for tables and figures."));
  rows.push_back(key(
      "kind", Type::choice, {},
      "What the voltage is: between the current's contacts (two_terminal; of a disc, corbino), "
      "along the current (four_probe; in the middle of a plate, spine; on its edge, edge), across "
      "it "
      "(hall; with the field in the plane, planar_hall), far from it (nonlocal), or four contacts "
      "along the rim of a film, whose sheet resistance it gives (van_der_pauw)."));
  rows.back().choices = {"two_terminal", "four_probe", "hall",     "spine",       "edge",
                         "planar_hall",  "corbino",    "nonlocal", "van_der_pauw"};
  rows.push_back(
      key("current", Type::names, {},
          "The contacts where the current enters and leaves; every other contact carries "
          "none. Contacts without a name are lead_0, lead_1, ... of the coherent engine and 0, "
          "1, ... of the continuum engine."));
  rows.back().n_numbers = 2;
  rows.push_back(
      key("voltage", Type::names, {},
          "Two contacts or probes, the voltage being that of the first minus that of the "
          "second; of van_der_pauw the two contacts that follow the current's along the rim."));
  rows.back().n_numbers = 2;
  rows.back().depends_on = "measurements[].kind";
  rows.back().depends_values = {"four_probe",  "hall",     "spine",       "edge",
                                "planar_hall", "nonlocal", "van_der_pauw"};
  rows.push_back(
      key("parity", Type::choice, "none",
          "even: half the sum of the resistances at +B and -B. odd: half their difference. "
          "Both need every field of field.magnitude with either sign."));
  rows.back().choices = {"none", "even", "odd"};
  return rows;
}

}  // namespace edotb::deck
