#pragma once

#include "edotb/deck/table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edotb::deck {

/// A unit that a value may carry ("5 meV"): value * factor / divisor is in the table's unit. Two
/// numbers, because 9 / 1000 is the double nearest to 0.009 and 9 * 0.001 is not.
struct Unit {
  std::string_view name;
  double factor = 1.0;
  double divisor = 1.0;
};

/// The units of a quantity, that of the table first; none: it is a plain number.
[[nodiscard]] std::vector<Unit> accepted_units(Quantity quantity, bool lattice_units);

[[nodiscard]] std::vector<std::string> accepted_unit_names(Quantity quantity, bool lattice_units);

/// A number as it is written: what from_chars made of its start, and the unit that follows.
struct WrittenNumber {
  double value = 0.0;
  std::string unit;
  bool out_of_range = false;
};

/// The number that a text begins with; nothing when it is no number with or without a unit.
[[nodiscard]] std::optional<WrittenNumber> read_number(std::string text);

/// The decimal number that rounding errors of size `scale` * epsilon hide: 0.3 for
/// 0.30000000000000004, so that a range holds what a person would have written.
[[nodiscard]] double neat(double value, double scale);

}  // namespace edotb::deck
