#include "edotb/deck/deck.hpp"
#include "number_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace edotb::deck {

namespace {

using nlohmann::ordered_json;

ordered_json number_schema(const Parameter& row, bool whole) {
  // A number may carry its unit: "5 meV".
  ordered_json number = {{"type", whole ? "integer" : "number"}};
  if (std::isfinite(row.bounds.minimum)) {
    number[row.bounds.minimum_allowed ? "minimum" : "exclusiveMinimum"] = row.bounds.minimum;
  }
  if (std::isfinite(row.bounds.maximum)) number["maximum"] = row.bounds.maximum;
  const auto units = accepted_unit_names(row.quantity, false);
  if (whole || units.empty()) return number;
  const ordered_json with_unit = {
      {"type", "string"},
      {"pattern", fmt::format(R"(^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)? *({})$)",
                              fmt::join(units, "|"))}};
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

ordered_json vector_schema(const ordered_json& item, std::size_t n_numbers) {
  ordered_json schema = {{"type", "array"}, {"items", item}};
  if (n_numbers > 0) schema["minItems"] = schema["maxItems"] = n_numbers;
  return schema;
}

ordered_json value_schema(const Parameter& row) {
  switch (row.type) {
    case Type::integer:
      return number_schema(row, true);
    case Type::number:
      return number_schema(row, false);
    case Type::sweep:
      return sweep_schema(row);
    case Type::vector:
      return vector_schema(number_schema(row, false), row.n_numbers);
    case Type::points:
      return {{"type", "array"},
              {"minItems", 3},
              {"items", vector_schema(number_schema(row, false), 2)}};
    case Type::choice:
      return {{"enum", row.choices}};
    case Type::choices: {
      const ordered_json word = {{"enum", row.choices}};
      return {{"anyOf", {word, {{"type", "array"}, {"items", word}, {"uniqueItems", true}}}}};
    }
    case Type::names:
      return vector_schema({{"type", {"string", "integer"}}}, row.n_numbers);
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
    if (key == "*") return (*place)["additionalProperties"] = ordered_json::object();
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

std::string bounds_text(const Bounds& bounds) {
  const bool below = std::isfinite(bounds.minimum);
  const bool above = std::isfinite(bounds.maximum);
  std::string text =
      below ? fmt::format(" {} {:.16g}", bounds.minimum_allowed ? "≥" : ">", bounds.minimum) : "";
  if (above) text += fmt::format("{} ≤ {:.16g}", below ? "," : "", bounds.maximum);
  return text;
}

std::string type_text(const Parameter& row) {
  switch (row.type) {
    case Type::text:
      return "text";
    case Type::choice:
      return fmt::format("{}", fmt::join(row.choices, " \\| "));
    case Type::choices:
      return fmt::format("list of {}", fmt::join(row.choices, ", "));
    case Type::integer:
      return "whole number" + bounds_text(row.bounds);
    case Type::number:
      return "number" + bounds_text(row.bounds);
    case Type::sweep:
      return "numbers" + bounds_text(row.bounds);
    case Type::vector:
      return (row.n_numbers > 0 ? fmt::format("list of {} numbers", row.n_numbers)
                                : "list of numbers") +
             bounds_text(row.bounds);
    case Type::names:
      return fmt::format("list of {} names", row.n_numbers);
    case Type::points:
      return "list of corners [u, v]";
    case Type::object_list:
      return fmt::format("list of `{}[]`", row.path);
  }
  return "";
}

std::string default_text(const Parameter& row) {
  if (row.path.starts_with("sample.leads.model.")) return "as in the device";
  if (!row.default_value) {
    const bool of_item = row.path.find("[]") != std::string::npos;
    return of_item || row.path == "sample.model.name" ? "required" : "none";
  }
  return row.default_value->empty() ? "empty" : "`" + *row.default_value + "`";
}

/// True when the row holds whatever the key says on which it depends.
bool always_applies(const Parameter& row) {
  const auto other = rows_of(row.depends_on);
  return other.empty() || other.front()->choices.size() == row.depends_values.size();
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
      const ordered_json schema = value_schema(row);
      if (!schema.contains("anyOf") || !place.contains("anyOf")) continue;
      for (const auto& reading : schema["anyOf"]) place["anyOf"].push_back(reading);
      continue;
    }
    place.update(value_schema(row));
    place["description"] = row.doc;
    const std::string unit = units_text(row.quantity);
    if (!unit.empty()) place["x-unit"] = unit;
    // An item of a list needs every key that has no default.
    const std::size_t item = row.path.find("[].");
    if (item != std::string::npos && !row.default_value && always_applies(row)) {
      const std::string list = row.path.substr(0, item);
      property(root, list)["items"]["required"].push_back(row.path.substr(item + 3));
    }
  }
  return root.dump(2) + "\n";
}

namespace {

std::string section_of(const Parameter& row) {
  const std::size_t dot = row.path.rfind('.');
  return dot == std::string::npos ? "" : row.path.substr(0, dot);
}

std::string manual_row(const Parameter& row) {
  const std::size_t dot = row.path.rfind('.');
  return fmt::format("| `{}` | {} | {} | {} | {}{} |\n",
                     dot == std::string::npos ? row.path : row.path.substr(dot + 1), type_text(row),
                     units_text(row.quantity), default_text(row), row.doc,
                     always_applies(row)
                         ? ""
                         : fmt::format(" *Only for {}.*", fmt::join(row.depends_values, ", ")));
}

}  // namespace

std::string manual_page() {
  std::vector<std::string> units;
  for (const auto quantity : {Quantity::energy, Quantity::length, Quantity::field,
                              Quantity::temperature, Quantity::angle}) {
    units.push_back(fmt::format("{}", fmt::join(accepted_unit_names(quantity, false), ", ")));
  }
  std::string page = fmt::format(
      "# The deck, key by key\n\n"
      "This page is written by `edotb schema --manual` from the parameter table "
      "(`src/deck/table.cpp`); change it there.\n\n"
      "A deck is one YAML file. A key marked *numbers* takes one value, a list, "
      "`{{from, to, count}}` or `{{from, to, step}}`. In physical units a number may carry its "
      "unit, as in `5 meV`, `200 mT` or `0.3 rad` ({}). Any key can be set on the command line, "
      "also below a range or in an item of a list: `--set field.angle=30`, "
      "`--set field.magnitude.count=3`, `--set sample.disorder[0].width=2`.\n",
      fmt::join(units, "; "));
  std::vector<std::string> sections;
  for (const Parameter& row : table()) {
    const std::string section = section_of(row);
    if (std::find(sections.begin(), sections.end(), section) == sections.end()) {
      sections.push_back(section);
    }
  }
  for (const std::string& section : sections) {
    page += fmt::format("\n## {}\n\n", section.empty() ? "Top level" : "`" + section + "`");
    page += "| key | holds | unit | default | meaning |\n|---|---|---|---|---|\n";
    for (const Parameter& row : table()) {
      if (section_of(row) == section) page += manual_row(row);
    }
  }
  return page;
}

}  // namespace edotb::deck
