// readings.csv of a laboratory: a line of column names, then one reading a line,
//   setup,field,angle,temperature,value,error
#include "edotb/analysis/curve.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/text_file.hpp"
#include "edotb/campaign/terminals.hpp"
#include "point_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <tuple>

namespace edotb::analysis {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t max_readings_bytes = std::uintmax_t{256} << 20U;
constexpr std::array<std::string_view, 6> columns = {"setup",       "field", "angle",
                                                     "temperature", "value", "error"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank =
      " \t\r\xEF\xBB\xBF";  // and the mark that some programs begin UTF-8 with
  const std::size_t begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    cells.push_back(trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  return cells;
}

class ReadingsReader {
 public:
  ReadingsReader(fs::path path, const std::vector<measure::Setup>& setups)
      : path_(std::move(path)), setups_(setups), values_(setups.size()) {}

  /// The readings of each setup.
  std::vector<std::vector<PointValue>> read() {
    std::istringstream file(read_text_file(path_.string(), max_readings_bytes));
    for (std::string line; std::getline(file, line);) {
      ++number_;
      const std::string_view text = trimmed(line);
      if (text.empty() || text.front() == '#') continue;
      if (places_.empty()) {
        read_header(cells_of(text));
      } else {
        read_line(cells_of(text));
      }
    }
    if (places_.empty()) throw refused("the file has no line of column names");
    return std::move(values_);
  }

 private:
  [[nodiscard]] Error refused(const std::string& message) const {
    return bad_input(fmt::format("{}:{}: {}", path_.string(), number_, message));
  }

  void read_header(const std::vector<std::string_view>& cells) {
    for (const std::string_view column : columns) {
      const auto found = std::find(cells.begin(), cells.end(), column);
      if (found == cells.end()) {
        throw refused(fmt::format("there is no column '{}'; the columns are {}", column,
                                  fmt::join(columns, ",")));
      }
      places_[column] = static_cast<std::size_t>(found - cells.begin());
    }
    n_columns_ = cells.size();
  }

  void read_line(const std::vector<std::string_view>& cells) {
    if (cells.size() != n_columns_) {
      throw refused(fmt::format("{} values, and {} columns", cells.size(), n_columns_));
    }
    const std::string_view name = cells[places_.at("setup")];
    const auto setup = std::find_if(setups_.begin(), setups_.end(),
                                    [&](const auto& known) { return known.name == name; });
    if (setup == setups_.end()) {
      std::vector<std::string> names;
      for (const auto& known : setups_) names.push_back(known.name);
      throw refused(fmt::format("deck.yaml has no measurement '{}'; it has {}", name,
                                fmt::join(names, ", ")));
    }
    PointValue value;
    value.field = number(cells, "field");
    value.angle = number(cells, "angle");
    value.temperature = number(cells, "temperature");
    value.resistance = {number(cells, "value"), number(cells, "error")};
    if (!(value.temperature >= 0.0)) throw refused("a temperature is not negative");
    if (!(value.resistance.error > 0.0)) throw refused("a reading's error is above zero");
    const auto place = static_cast<std::size_t>(setup - setups_.begin());
    if (!known_.emplace(place, value.field, value.angle, value.temperature).second) {
      throw refused(fmt::format(
          "'{}' has a reading at this field, angle and temperature already; average them", name));
    }
    values_[place].push_back(value);
  }

  [[nodiscard]] double number(const std::vector<std::string_view>& cells,
                              std::string_view column) const {
    const std::string_view text = cells[places_.at(column)];
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
      throw refused(fmt::format("column {}: expected a number, found '{}'", column, text));
    }
    return value;
  }

  fs::path path_;
  const std::vector<measure::Setup>& setups_;
  std::vector<std::vector<PointValue>> values_;
  std::map<std::string_view, std::size_t> places_;  ///< of each column in a line
  std::set<std::tuple<std::size_t, double, double, double>> known_;
  std::size_t n_columns_ = 0;
  int number_ = 0;  ///< of the line
};

}  // namespace

std::vector<Curve> laboratory_curves(const fs::path& folder,
                                     const std::vector<std::string>& overrides) {
  const std::string path = (folder / "deck.yaml").string();
  const deck::Deck deck = deck::parse_deck(deck::read_deck_file(path), path, overrides);
  const auto setups = required_setups(deck, campaign::terminals_of(deck), path);
  const auto values = ReadingsReader(folder / "readings.csv", setups).read();
  std::vector<Curve> curves;
  for (std::size_t i = 0; i < setups.size(); ++i) {
    if (values[i].empty()) continue;
    Curve curve;
    curve.sample = deck.sample_name;
    curve.run = folder.string();
    curve.setup = setups[i];
    curve.geometry = geometry_of(deck, setups[i]);
    curve.units = units_of(deck);
    fill_curve(curve, values[i]);
    curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace edotb::analysis
