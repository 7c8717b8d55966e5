#include "number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace edotb::deck {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::vector<Unit> accepted_units(Quantity quantity, bool lattice_units) {
  const double pi = 3.14159265358979323846;
  if (quantity == Quantity::angle) return {{"deg"}, {"rad", 180.0, pi}};
  if (quantity == Quantity::phase) return {{"rad"}, {"deg", pi, 180.0}};
  if (lattice_units) return {};
  switch (quantity) {
    case Quantity::energy:
      return {{"eV"}, {"meV", 1.0, 1e3}};
    case Quantity::length:
      return {{"nm"}, {"angstrom", 1.0, 10.0}, {"um", 1e3}, {"mm", 1e6}};
    case Quantity::field:
      return {{"T"}, {"mT", 1.0, 1e3}};
    case Quantity::temperature:
      return {{"K"}, {"mK", 1.0, 1e3}};
    default:
      return {};
  }
}

double neat(double value, double scale) {
  const double error = 2.0 * std::numeric_limits<double>::epsilon() * scale;
  if (std::abs(value) <= error) return 0.0;
  const std::string text = fmt::format("{:.15g}", value);
  double rounded = value;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return std::abs(rounded - value) <= error ? rounded : value;
}

std::optional<WrittenNumber> read_number(std::string text) {
  // from_chars knows no plus sign, and knows the names of infinity and NaN with or without a dot.
  const bool plus = text.starts_with('+');
  if (plus) text.erase(0, 1);
  if (plus && text.starts_with('-')) return std::nullopt;
  for (const char* name : {".inf", ".Inf", ".INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN"}) {
    if (text == name || text == ".NAN") text.erase(text.find('.'), 1);
  }
  WrittenNumber number;
  const char* const end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, number.value);
  if (status == std::errc::invalid_argument) return std::nullopt;
  number.out_of_range = status == std::errc::result_out_of_range;
  number.unit.assign(rest, end);
  number.unit.erase(0, std::min(number.unit.find_first_not_of(' '), number.unit.size()));
  // "0x10", "1_000", "3,5" and "12:30" are not a number with a unit.
  const bool is_unit = std::all_of(number.unit.begin(), number.unit.end(), is_letter);
  return is_unit ? std::optional(number) : std::nullopt;
}

std::vector<std::string> accepted_unit_names(Quantity quantity, bool lattice_units) {
  std::vector<std::string> names;
  for (const auto& unit : accepted_units(quantity, lattice_units)) names.emplace_back(unit.name);
  return names;
}

}  // namespace edotb::deck
