#include "value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace edotb::deck {

namespace {

constexpr std::size_t max_sweep_points = 1000000;
constexpr std::size_t max_text_length = 1000;

struct UnitFactor {
  std::string_view name;
  double factor;
};

/// Units that a value may carry ("5 meV"), and the factor to the table's unit.
std::vector<UnitFactor> accepted_units(Quantity quantity, bool lattice_units) {
  const double degree = 180.0 / 3.14159265358979323846;
  if (quantity == Quantity::angle) return {{"deg", 1.0}, {"rad", degree}};
  if (quantity == Quantity::phase) return {{"rad", 1.0}, {"deg", 1.0 / degree}};
  if (lattice_units) return {};
  switch (quantity) {
    case Quantity::energy:
      return {{"eV", 1.0}, {"meV", 1e-3}};
    case Quantity::length:
      return {{"nm", 1.0}, {"angstrom", 0.1}, {"um", 1e3}};
    case Quantity::field:
      return {{"T", 1.0}, {"mT", 1e-3}};
    case Quantity::temperature:
      return {{"K", 1.0}, {"mK", 1e-3}};
    default:
      return {};
  }
}

bool is_quoted(const YAML::Node& node) { return node.Tag() == "!"; }

/// A finite number, with or without a unit; complains and returns nothing otherwise.
std::optional<double> parse_number(const Parameter& row, const YAML::Node& node, bool lattice_units,
                                   std::vector<std::string>& complaints) {
  const std::string expected = [&] {
    const auto unit = unit_name(row.quantity, lattice_units);
    return unit.empty() ? std::string("a number") : fmt::format("a number in {}", unit);
  }();
  if (!node.IsScalar() || is_quoted(node)) {
    complaints.push_back(fmt::format("expected {}, found {}", expected, describe(node)));
    return std::nullopt;
  }
  std::string text = node.Scalar();
  if (text == ".nan" || text == ".NaN" || text == ".NAN" || text == ".inf" || text == "-.inf" ||
      text == ".Inf" || text == "-.Inf" || text == "+.inf") {
    complaints.push_back(fmt::format("must be finite, found {}", text));
    return std::nullopt;
  }
  if (text.starts_with('+')) text.erase(0, 1);
  double number = 0.0;
  const char* const end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, number);
  if (status == std::errc::result_out_of_range) {
    complaints.push_back(fmt::format("'{}' is outside the range of double precision", text));
    return std::nullopt;
  }
  if (status != std::errc()) {
    complaints.push_back(fmt::format("expected {}, found {}", expected, describe(node)));
    return std::nullopt;
  }
  if (!std::isfinite(number)) {
    complaints.push_back(fmt::format("must be finite, found {}", text));
    return std::nullopt;
  }
  std::string unit(rest, end);
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  if (unit.empty()) return number;
  const auto units = accepted_units(row.quantity, lattice_units);
  for (const auto& [name, factor] : units) {
    if (unit == name) return number * factor;
  }
  std::vector<std::string_view> names;
  for (const auto& candidate : units) names.push_back(candidate.name);
  complaints.push_back(
      names.empty()
          ? fmt::format("'{}' carries the unit '{}', but this key takes a plain number{}", text,
                        unit,
                        lattice_units && row.quantity != Quantity::none ? " in lattice units" : "")
          : fmt::format("unknown unit '{}' in '{}'; this key takes {}", unit, text,
                        fmt::join(names, ", ")));
  return std::nullopt;
}

bool within_bounds(const Parameter& row, double number, std::vector<std::string>& complaints) {
  const Bounds& bounds = row.bounds;
  if (number < bounds.minimum || (number == bounds.minimum && !bounds.minimum_allowed)) {
    complaints.push_back(fmt::format("{} is too small: must be {} {}", number,
                                     bounds.minimum_allowed ? "at least" : "greater than",
                                     bounds.minimum));
    return false;
  }
  if (number > bounds.maximum) {
    complaints.push_back(
        fmt::format("{} is too large: must be at most {}", number, bounds.maximum));
    return false;
  }
  return true;
}

std::optional<std::int64_t> parse_integer(const Parameter& row, const YAML::Node& node,
                                          std::vector<std::string>& complaints) {
  std::int64_t number = 0;
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!node.IsScalar() || is_quoted(node) || text.empty() || status != std::errc() ||
      rest != text.data() + text.size()) {
    complaints.push_back(fmt::format("expected a whole number, found {}", describe(node)));
    return std::nullopt;
  }
  if (!within_bounds(row, static_cast<double>(number), complaints)) return std::nullopt;
  return number;
}

/// {from, to, count} or {from, to, step}.
std::optional<std::vector<double>> parse_range(const Parameter& row, const YAML::Node& node,
                                               bool lattice_units,
                                               std::vector<std::string>& complaints) {
  const std::size_t n_before = complaints.size();
  std::set<std::string> seen;
  for (const auto& pair : node) {
    const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "?";
    if (key != "from" && key != "to" && key != "count" && key != "step") {
      complaints.push_back(
          fmt::format("unknown key '{}' in a range; it takes from, to and count or step", key));
    } else if (!seen.insert(key).second) {
      complaints.push_back(fmt::format("'{}' is given twice in the range", key));
    }
  }
  if (!seen.contains("from") || !seen.contains("to") ||
      seen.contains("count") == seen.contains("step")) {
    complaints.emplace_back("a range needs from, to and either count or step");
  }
  if (complaints.size() > n_before) return std::nullopt;
  const auto from = parse_number(row, node["from"], lattice_units, complaints);
  const auto to = parse_number(row, node["to"], lattice_units, complaints);
  if (!from || !to) return std::nullopt;
  const double span = *to - *from;
  std::vector<double> values;
  if (seen.contains("count")) {
    const Parameter count_row{.path = "count", .bounds = {1, max_sweep_points, true}};
    const auto count = parse_integer(count_row, node["count"], complaints);
    if (!count) return std::nullopt;
    if (*count == 1 && span != 0.0) {
      complaints.emplace_back("count: 1 cannot reach from 'from' to 'to'; give at least 2");
      return std::nullopt;
    }
    for (std::int64_t i = 0; i < *count; ++i) {
      const double fraction =
          *count > 1 ? static_cast<double>(i) / static_cast<double>(*count - 1) : 0;
      values.push_back(i + 1 == *count ? *to : *from + fraction * span);
    }
    return values;
  }
  const auto step = parse_number(row, node["step"], lattice_units, complaints);
  if (!step) return std::nullopt;
  if (*step == 0.0 || span * *step < 0.0) {
    complaints.push_back(
        fmt::format("step {} never leads from {} to {}: the sweep is empty", *step, *from, *to));
    return std::nullopt;
  }
  // A step that reaches `to` up to rounding includes it.
  const double n_steps = std::floor(span / *step * (1.0 + 1e-12) + 1e-12);
  if (n_steps + 1.0 > static_cast<double>(max_sweep_points)) {
    complaints.push_back(fmt::format("the sweep has more than {} values", max_sweep_points));
    return std::nullopt;
  }
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(n_steps); ++i) {
    values.push_back(*from + static_cast<double>(i) * *step);
  }
  return values;
}

std::optional<Value> parse_sweep(const Parameter& row, const YAML::Node& node, bool lattice_units,
                                 std::vector<std::string>& complaints) {
  std::vector<double> values;
  if (node.IsMap()) {
    auto range = parse_range(row, node, lattice_units, complaints);
    if (!range) return std::nullopt;
    values = std::move(*range);
  } else if (node.IsSequence()) {
    if (node.size() > max_sweep_points) {
      complaints.push_back(fmt::format("the sweep has more than {} values", max_sweep_points));
      return std::nullopt;
    }
    for (const auto& item : node) {
      const auto value = parse_number(row, item, lattice_units, complaints);
      if (!value) return std::nullopt;
      values.push_back(*value);
    }
  } else {
    const auto value = parse_number(row, node, lattice_units, complaints);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  // Only a sweep whose default is empty may be empty.
  if (values.empty() && row.default_value != "[]") {
    complaints.emplace_back("the sweep is empty; give at least one value");
    return std::nullopt;
  }
  std::set<double> distinct;
  for (const double value : values) {
    if (!within_bounds(row, value, complaints)) return std::nullopt;
    if (!distinct.insert(value).second) {
      complaints.push_back(fmt::format("the value {} is repeated", value));
      return std::nullopt;
    }
  }
  return values;
}

}  // namespace

std::string describe(const YAML::Node& node) {
  if (!node.IsDefined() || node.IsNull()) return "nothing";
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a mapping";
  const std::string text = node.Scalar();
  return fmt::format("text '{}'", text.size() > 60 ? text.substr(0, 57) + "..." : text);
}

std::optional<Value> parse_value(const Parameter& row, const YAML::Node& node, bool lattice_units,
                                 std::vector<std::string>& complaints) {
  switch (row.type) {
    case Type::integer: {
      const auto number = parse_integer(row, node, complaints);
      if (number) return *number;
      return std::nullopt;
    }
    case Type::number: {
      const auto number = parse_number(row, node, lattice_units, complaints);
      if (number && within_bounds(row, *number, complaints)) return *number;
      return std::nullopt;
    }
    case Type::sweep:
      return parse_sweep(row, node, lattice_units, complaints);
    case Type::choice: {
      const std::string text = node.IsScalar() ? node.Scalar() : "";
      if (std::find(row.choices.begin(), row.choices.end(), text) != row.choices.end()) return text;
      complaints.push_back(
          fmt::format("{} is not one of: {}", describe(node), fmt::join(row.choices, ", ")));
      return std::nullopt;
    }
    case Type::text: {
      if (!node.IsScalar()) {
        complaints.push_back(fmt::format("expected text, found {}", describe(node)));
        return std::nullopt;
      }
      const std::string text = node.Scalar();
      const bool control = std::any_of(text.begin(), text.end(),
                                       [](unsigned char c) { return c < 0x20 || c == 0x7F; });
      if (text.size() > max_text_length || control) {
        complaints.push_back(
            fmt::format("must be one line of at most {} characters", max_text_length));
        return std::nullopt;
      }
      return text;
    }
    case Type::object_list:
      break;
  }
  complaints.push_back(fmt::format("expected a list of mappings, found {}", describe(node)));
  return std::nullopt;
}

}  // namespace edotb::deck
