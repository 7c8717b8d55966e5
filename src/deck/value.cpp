#include "value.hpp"

#include "number_text.hpp"
#include "suggest.hpp"
#include "yaml_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

namespace edotb::deck {

namespace {

constexpr std::size_t max_sweep_points = 1000000;
constexpr std::size_t max_text_length = 1000;

/// Reads one value of the deck as its row wants it.
class ValueReader {
 public:
  ValueReader(const Parameter& row, bool lattice_units, std::vector<Complaint>& complaints)
      : row_(row), lattice_units_(lattice_units), complaints_(complaints) {}

  std::optional<Value> read(const YAML::Node& node) {
    switch (row_.type) {
      case Type::integer:
        if (const auto number = integer(node, "", row_.bounds)) return *number;
        return std::nullopt;
      case Type::number:
        if (const auto value = number(node, ""); value && within_bounds(*value, node, "")) {
          return *value;
        }
        return std::nullopt;
      case Type::sweep:
        return sweep(node);
      case Type::vector:
        if (auto numbers = vector(node, "", row_.n_numbers)) return std::move(*numbers);
        return std::nullopt;
      case Type::points:
        return points(node);
      case Type::choice:
        if (auto word = choice(node, "")) return std::move(*word);
        return std::nullopt;
      case Type::choices:
        return choices(node);
      case Type::names:
        return names(node);
      case Type::text:
        return text(node);
      case Type::object_list:
        break;
    }
    return complain(node, "", "expected a list of mappings, found " + describe(node));
  }

 private:
  std::nullopt_t complain(const YAML::Node& node, const std::string& below,
                          const std::string& message) {
    complaints_.push_back({node, below, message});
    return std::nullopt;
  }

  /// A finite number in the table's unit, with or without a unit.
  std::optional<double> number(const YAML::Node& node, const std::string& below) {
    const auto unit = unit_name(row_.quantity, lattice_units_);
    const std::string expected =
        unit.empty() ? std::string("a number") : fmt::format("a number in {}", unit);
    const auto written = node.IsScalar() ? read_number(node.Scalar()) : std::nullopt;
    if (!written) {
      return complain(node, below, fmt::format("expected {}, found {}", expected, describe(node)));
    }
    // A deck written as JSON must quote "5 meV", but a quoted plain number is text by mistake.
    if (is_quoted(node) && written->unit.empty()) {
      return complain(
          node, below,
          fmt::format("expected {}, found {}; remove the quotes", expected, describe(node)));
    }
    if (written->out_of_range) {
      return complain(node, below, describe(node) + " is outside the range of double precision");
    }
    if (!std::isfinite(written->value)) {
      return complain(node, below, "must be finite, found " + describe(node));
    }
    if (written->unit.empty()) return written->value;
    const auto units = accepted_units(row_.quantity, lattice_units_);
    std::vector<std::string_view> names;
    for (const auto& [name, factor, divisor] : units) {
      if (written->unit == name) return written->value * factor / divisor;
      names.push_back(name);
    }
    if (!names.empty()) {
      return complain(node, below,
                      fmt::format("'{}' in {} is not a unit of this key, which takes {}",
                                  written->unit, describe(node), fmt::join(names, ", ")));
    }
    const bool lattice = lattice_units_ && row_.quantity != Quantity::none;
    return complain(
        node, below,
        fmt::format("{} carries the unit '{}', but this key takes a plain number{}", describe(node),
                    written->unit,
                    lattice ? fmt::format(": the deck is in lattice units ({})", unit) : ""));
  }

  bool within_bounds(double number, const YAML::Node& node, const std::string& below,
                     const Bounds& bounds) {
    if (number < bounds.minimum || (number == bounds.minimum && !bounds.minimum_allowed)) {
      complain(node, below,
               fmt::format("{:.16g} is too small: must be {} {:.16g}", number,
                           bounds.minimum_allowed ? "at least" : "greater than", bounds.minimum));
      return false;
    }
    if (number > bounds.maximum) {
      complain(
          node, below,
          fmt::format("{:.16g} is too large: must be at most {:.16g}", number, bounds.maximum));
      return false;
    }
    return true;
  }
  bool within_bounds(double number, const YAML::Node& node, const std::string& below) {
    return within_bounds(number, node, below, row_.bounds);
  }

  std::optional<std::int64_t> integer(const YAML::Node& node, const std::string& below,
                                      const Bounds& bounds) {
    std::int64_t number = 0;
    std::string text = node.IsScalar() ? node.Scalar() : "";
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.erase(0, 1);
    const char* const end = text.data() + text.size();
    const auto [rest, status] = std::from_chars(text.data(), end, number);
    if (status == std::errc::invalid_argument || rest != end || is_quoted(node)) {
      const bool only_quotes = status == std::errc() && rest == end && !text.empty();
      return complain(node, below,
                      fmt::format("expected a whole number, found {}{}", describe(node),
                                  only_quotes ? "; remove the quotes" : ""));
    }
    if (status == std::errc::result_out_of_range) {
      return complain(
          node, below,
          fmt::format("{} is too {}", describe(node), text[0] == '-' ? "small" : "large"));
    }
    if (!within_bounds(static_cast<double>(number), node, below, bounds)) return std::nullopt;
    return number;
  }

  /// The keys of {from, to, count} or {from, to, step} that are there.
  std::map<std::string, YAML::Node> range_keys(const YAML::Node& node) {
    const std::vector<std::string> known = {"from", "to", "count", "step"};
    std::map<std::string, YAML::Node> keys;
    const std::size_t n_before = complaints_.size();
    for (const auto& pair : node) {
      const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : describe(pair.first);
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        complain(pair.first, "." + key, "unknown key; a range takes from, to and count or step");
      } else if (!keys.emplace(key, pair.second).second) {
        complain(pair.first, "." + key, "this key is given twice");
      }
    }
    // What is missing is most likely what has the wrong name.
    if (complaints_.size() > n_before) return keys;
    for (const char* key : {"from", "to"}) {
      if (!keys.contains(key)) complain(node, "", fmt::format("the range lacks '{}'", key));
    }
    if (!keys.contains("count") && !keys.contains("step")) {
      complain(node, "", "the range lacks 'count' or 'step'");
    }
    if (keys.contains("count") && keys.contains("step")) {
      complain(node, "", "the range has both count and step; give one of them");
    }
    return keys;
  }

  std::optional<std::vector<double>> range(const YAML::Node& node) {
    const std::size_t n_before = complaints_.size();
    const auto keys = range_keys(node);
    std::map<std::string, double> numbers;
    std::int64_t count = 0;
    for (const auto& [key, value] : keys) {
      if (key == "count") {
        count = integer(value, ".count", {1, max_sweep_points, true}).value_or(0);
      } else {
        numbers[key] = number(value, "." + key).value_or(0.0);
      }
    }
    if (complaints_.size() > n_before) return std::nullopt;
    const double from = numbers.at("from");
    const double to = numbers.at("to");
    if (!std::isfinite(to - from)) {
      return complain(node, "", "the range is too wide for double precision");
    }
    return count > 0 ? range_by_count(from, to, count, keys.at("count"))
                     : range_by_step(from, to, numbers.at("step"), keys.at("step"));
  }

  std::optional<std::vector<double>> range_by_count(double from, double to, std::int64_t count,
                                                    const YAML::Node& node) {
    if (count == 1 && from != to) {
      return complain(node, ".count",
                      fmt::format("1 value cannot reach from {} to {}; give at least 2", from, to));
    }
    if (count > 1 && from == to) {
      return complain(node, ".count",
                      fmt::format("from and to are both {}, so count must be 1", from));
    }
    return divided(from, to, count - 1);
  }

  std::optional<std::vector<double>> range_by_step(double from, double to, double step,
                                                   const YAML::Node& node) {
    const double span = to - from;
    if (step == 0.0 || span * step < 0.0) {
      return complain(
          node, ".step",
          fmt::format("step {} never leads from {} to {}: the sweep is empty", step, from, to));
    }
    const double ratio = span / step;
    if (ratio + 1.0 > static_cast<double>(max_sweep_points)) {
      return complain(node, ".step", too_many());
    }
    // A step that reaches `to` up to rounding divides the range.
    constexpr double tolerance = 1e-9;
    const double n_steps = std::floor(ratio + tolerance);
    if (std::abs(ratio - n_steps) <= tolerance) {
      return divided(from, to, static_cast<std::int64_t>(n_steps));
    }
    std::vector<double> values;
    for (std::int64_t i = 0; i <= static_cast<std::int64_t>(n_steps); ++i) {
      values.push_back(
          neat(from + static_cast<double>(i) * step, std::max(std::abs(from), std::abs(to))));
    }
    return values;
  }

  /// The ends, exactly, and the points that divide what is between them into n equal parts.
  static std::vector<double> divided(double from, double to, std::int64_t n) {
    std::vector<double> values = {from};
    for (std::int64_t i = 1; i < n; ++i) {
      values.push_back(neat(from + (to - from) * static_cast<double>(i) / static_cast<double>(n),
                            std::max(std::abs(from), std::abs(to))));
    }
    if (n > 0) values.push_back(to);
    return values;
  }

  static std::string too_many() {
    return fmt::format("the sweep has more than {} values", max_sweep_points);
  }

  std::optional<std::vector<double>> list(const YAML::Node& node) {
    if (node.size() > max_sweep_points) return complain(node, "", too_many());
    std::vector<double> values;
    std::map<double, std::size_t> first_item;
    for (std::size_t i = 0; i < node.size(); ++i) {
      const std::string item = fmt::format("[{}]", i);
      const auto value = number(node[i], item);
      if (!value || !within_bounds(*value, node[i], item)) continue;
      const auto [same, is_new] = first_item.emplace(*value, i);
      if (!is_new) {
        complain(node[i], item,
                 fmt::format("the value {} is repeated; item [{}] has it as well", *value,
                             same->second));
      }
      values.push_back(*value);
    }
    return values;
  }

  std::optional<Value> sweep(const YAML::Node& node) {
    const std::size_t n_before = complaints_.size();
    std::vector<double> values;
    if (node.IsSequence()) {
      values = list(node).value_or(values);
    } else if (node.IsMap()) {
      values = range(node).value_or(values);
      // The first value of a kind is enough to complain about.
      for (std::size_t i = 0; i < values.size() && within_bounds(values[i], node, ""); ++i) {
        if (i > 0 && values[i] == values[i - 1]) {
          return complain(node, "", "from and to are too close for so many different values");
        }
      }
    } else if (const auto value = number(node, ""); value && within_bounds(*value, node, "")) {
      values.push_back(*value);
    }
    if (complaints_.size() > n_before) return std::nullopt;
    // Only a sweep whose default is empty may be empty.
    if (values.empty() && row_.default_value != "[]") {
      return complain(node, "", "the sweep is empty; give at least one value");
    }
    return values;
  }

  std::optional<std::vector<double>> vector(const YAML::Node& node, const std::string& below,
                                            std::size_t n_numbers) {
    constexpr std::size_t most_numbers = 10000;
    const bool any_length = n_numbers == 0;
    if (!node.IsSequence() ||
        (any_length ? node.size() > most_numbers : node.size() != n_numbers)) {
      return complain(
          node, below,
          fmt::format(
              "expected a list of {} numbers, found {}",
              any_length ? fmt::format("at most {}", most_numbers) : fmt::format("{}", n_numbers),
              node.IsSequence() ? fmt::format("{} items", node.size()) : describe(node)));
    }
    const std::size_t n_before = complaints_.size();
    std::vector<double> numbers;
    for (std::size_t i = 0; i < node.size(); ++i) {
      const std::string item = fmt::format("{}[{}]", below, i);
      const auto value = number(node[i], item);
      if (value && within_bounds(*value, node[i], item)) numbers.push_back(*value);
    }
    if (complaints_.size() > n_before) return std::nullopt;
    return numbers;
  }

  /// The corners one after the other: u1, v1, u2, v2, ...
  std::optional<Value> points(const YAML::Node& node) {
    constexpr std::size_t most_corners = 10000;
    if (!node.IsSequence() || node.size() < 3 || node.size() > most_corners) {
      return complain(
          node, "",
          fmt::format("expected a list of 3 to {} corners [u, v], found {}", most_corners,
                      node.IsSequence() ? fmt::format("{} items", node.size()) : describe(node)));
    }
    const std::size_t n_before = complaints_.size();
    std::vector<double> numbers;
    for (std::size_t i = 0; i < node.size(); ++i) {
      const auto corner = vector(node[i], fmt::format("[{}]", i), 2);
      if (corner) numbers.insert(numbers.end(), corner->begin(), corner->end());
    }
    if (complaints_.size() > n_before) return std::nullopt;
    return numbers;
  }

  std::optional<std::string> choice(const YAML::Node& node, const std::string& below) {
    const std::string word = node.IsScalar() ? node.Scalar() : "";
    const auto& choices = row_.choices;
    if (std::find(choices.begin(), choices.end(), word) != choices.end()) return word;
    const std::string near = nearest_word(word, choices);
    return complain(node, below,
                    fmt::format("expected {}{}; found {}{}", choices.size() > 1 ? "one of " : "",
                                fmt::join(choices, ", "), describe(node),
                                near.empty() ? "" : "; did you mean " + near + "?"));
  }

  /// A list of different words; one word alone stands for a list of one.
  std::optional<Value> choices(const YAML::Node& node) {
    std::vector<std::string> words;
    const std::size_t n_before = complaints_.size();
    const auto take = [&](const YAML::Node& item, const std::string& below) {
      const auto word = choice(item, below);
      if (!word) return;
      if (std::find(words.begin(), words.end(), *word) != words.end()) {
        complain(item, below, *word + " is named twice");
      }
      words.push_back(*word);
    };
    if (node.IsSequence()) {
      for (std::size_t i = 0; i < node.size(); ++i) take(node[i], fmt::format("[{}]", i));
    } else {
      take(node, "");
    }
    if (complaints_.size() > n_before) return std::nullopt;
    return words;
  }

  std::optional<Value> names(const YAML::Node& node) {
    std::vector<std::string> words;
    for (std::size_t i = 0; node.IsSequence() && i < node.size(); ++i) {
      if (node[i].IsScalar() && !node[i].Scalar().empty()) words.push_back(node[i].Scalar());
    }
    if (words.size() != row_.n_numbers || node.size() != row_.n_numbers) {
      return complain(node, "",
                      fmt::format("expected a list of {} names, found {}", row_.n_numbers,
                                  node.IsSequence() && words.size() == node.size()
                                      ? fmt::format("{} items", node.size())
                                      : describe(node)));
    }
    return words;
  }

  std::optional<Value> text(const YAML::Node& node) {
    if (!node.IsScalar()) {
      return complain(node, "",
                      fmt::format("expected text, found {}{}", describe(node),
                                  node.IsNull() ? "; write \"\" for empty text" : ". " + row_.doc));
    }
    const std::string& line = node.Scalar();
    const bool control = std::any_of(line.begin(), line.end(),
                                     [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    if (line.size() > max_text_length || control) {
      return complain(node, "",
                      fmt::format("must be one line of at most {} characters", max_text_length));
    }
    return line;
  }

  const Parameter& row_;
  bool lattice_units_;
  std::vector<Complaint>& complaints_;
};

}  // namespace

std::optional<Value> parse_value(const Parameter& row, const YAML::Node& node, bool lattice_units,
                                 std::vector<Complaint>& complaints) {
  return ValueReader(row, lattice_units, complaints).read(node);
}

}  // namespace edotb::deck
