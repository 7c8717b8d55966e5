#include "edotb/deck/deck.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace edotb::deck {

namespace {

using nlohmann::ordered_json;

ordered_json number_schema(const Parameter& row, bool whole) {
  // A number may carry its unit ("5 meV"), so text with a leading number passes as well.
  ordered_json number = {{"type", whole ? "integer" : "number"}};
  if (std::isfinite(row.bounds.minimum)) {
    number[row.bounds.minimum_allowed ? "minimum" : "exclusiveMinimum"] = row.bounds.minimum;
  }
  if (std::isfinite(row.bounds.maximum)) number["maximum"] = row.bounds.maximum;
  if (whole || row.quantity == Quantity::none) return number;
  const ordered_json with_unit = {{"type", "string"},
                                  {"pattern", "^[-+]?[0-9.][0-9.eE+-]* *[A-Za-z]+$"}};
  return {{"anyOf", {number, with_unit}}};
}

ordered_json sweep_schema(const Parameter& row) {
  const ordered_json number = number_schema(row, false);
  const auto range = [&](const char* third, const ordered_json& schema) {
    return ordered_json{{"type", "object"},
                        {"properties", {{"from", number}, {"to", number}, {third, schema}}},
                        {"required", {"from", "to", third}},
                        {"additionalProperties", false}};
  };
  ordered_json list = {{"type", "array"}, {"items", number}, {"uniqueItems", true}};
  if (row.default_value != "[]") list["minItems"] = 1;
  return {{"anyOf",
           {number, list, range("count", {{"type", "integer"}, {"minimum", 1}}),
            range("step", number)}}};
}

ordered_json value_schema(const Parameter& row) {
  switch (row.type) {
    case Type::integer:
      return number_schema(row, true);
    case Type::number:
      return number_schema(row, false);
    case Type::sweep:
      return sweep_schema(row);
    case Type::choice:
      return {{"enum", row.choices}};
    case Type::text:
      return {{"type", "string"}};
    case Type::object_list:
      break;
  }
  return {{"type", "array"}};
}

ordered_json& property(ordered_json& root, const std::string& path) {
  ordered_json* place = &root;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    std::string key = path.substr(begin, end - begin);
    const bool list = key.ends_with("[]");
    if (list) key.resize(key.size() - 2);
    place = &(*place)["properties"][key];
    if (end < path.size()) {
      if (list) place = &(*place)["items"];
      (*place)["type"] = "object";
      (*place)["additionalProperties"] = false;
    }
    begin = end + 1;
  }
  return *place;
}

std::string units_text(Quantity quantity) {
  const auto physical = unit_name(quantity, false);
  const auto lattice = unit_name(quantity, true);
  if (physical == lattice) return std::string(physical);
  return fmt::format("{} (lattice units: {})", physical, lattice);
}

std::string type_text(const Parameter& row) {
  switch (row.type) {
    case Type::text:
      return "text";
    case Type::choice:
      return fmt::format("{}", fmt::join(row.choices, " \\| "));
    case Type::integer:
      return "whole number";
    case Type::number:
      return "number";
    case Type::sweep:
      return "numbers";
    case Type::object_list:
      return "list";
  }
  return "";
}

std::string default_text(const Parameter& row) {
  if (row.path.starts_with("sample.leads.model.")) return "as in the device";
  if (!row.default_value) return row.path == "sample.system_file" ? "none" : "required";
  return row.default_value->empty() ? "empty" : "`" + *row.default_value + "`";
}

}  // namespace

std::string json_schema() {
  ordered_json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                       {"title", "edotb deck"},
                       {"type", "object"},
                       {"additionalProperties", false}};
  for (const Parameter& row : table()) {
    ordered_json& place = property(root, row.path);
    if (place.contains("description")) {
      // A key that means different things to different models: the widest reading is allowed.
      place["description"] = place["description"].get<std::string>() + " / " + row.doc;
      continue;
    }
    place.update(value_schema(row));
    place["description"] = row.doc;
    const std::string unit = units_text(row.quantity);
    if (!unit.empty()) place["x-unit"] = unit;
  }
  return root.dump(2) + "\n";
}

std::string manual_page() {
  std::string page =
      "# The deck, key by key\n\n"
      "This page is written by `edotb schema --manual` from the parameter table "
      "(`src/deck/table.cpp`); change it there.\n\n"
      "A deck is one YAML file. A key marked *numbers* takes one value, a list, "
      "`{from, to, count}` or `{from, to, step}`. In physical units a number may carry its unit: "
      "`5 meV`, `200 mT`, `0.3 rad`. Any key can be set on the command line: "
      "`--set field.angle=30`.\n";
  std::string section = "-";
  for (const Parameter& row : table()) {
    const std::size_t dot = row.path.rfind('.');
    const std::string here = dot == std::string::npos ? "" : row.path.substr(0, dot);
    if (here != section && row.type != Type::object_list) {
      section = here;
      page += fmt::format(
          "\n## {}\n\n| key | holds | unit | default | meaning |\n|---|---|---|---|---|\n",
          here.empty() ? "Top level" : "`" + here + "`");
    }
    if (row.type == Type::object_list) continue;
    const std::string only =
        row.depends_values.empty()
            ? ""
            : fmt::format(" *Only {} {}.*", row.depends_on.substr(row.depends_on.rfind('.') + 1),
                          fmt::join(row.depends_values, ", "));
    page += fmt::format("| `{}` | {} | {} | {} | {}{} |\n",
                        dot == std::string::npos ? row.path : row.path.substr(dot + 1),
                        type_text(row), units_text(row.quantity), default_text(row), row.doc, only);
  }
  return page;
}

}  // namespace edotb::deck
