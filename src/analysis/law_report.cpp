#include "edotb/analysis/law_fits.hpp"
#include "edotb/base/hdf5.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace edotb::analysis {

namespace {

std::string parameter_text(const FittedLaw& law, std::size_t i) {
  const Fit& fit = law.law.fit;
  if (!fit.determined[i]) return fit.names[i] + " not determined";
  const std::string unit = law.units[i] == "1" ? "" : " " + law.units[i];
  return fmt::format("{} = {:.5g} +- {:.2g}{}", fit.names[i], fit.values[i], fit.errors[i], unit);
}

/// Writes datasets of one group, each with its unit and meaning.
class Group {
 public:
  Group(hid_t file, std::string name) : file_(file), name_(std::move(name)) {}

  void column(const std::string& name, const std::string& units, const std::string& long_name,
              const std::vector<double>& values) const {
    const std::string path = name_ + "/" + name;
    hdf5::write(file_, path, {values.size()}, std::span<const double>(values));
    const hdf5::Handle dataset(H5Dopen2(file_, path.c_str(), H5P_DEFAULT), H5Dclose, path);
    hdf5::write_attribute(dataset.id(), "units", units);
    hdf5::write_attribute(dataset.id(), "long_name", long_name);
  }

  /// After the first column, which makes the group.
  void text(const std::string& key, const std::string& value) const {
    const hdf5::Handle group(H5Gopen2(file_, name_.c_str(), H5P_DEFAULT), H5Gclose, name_);
    hdf5::write_attribute(group.id(), key, value);
  }

 private:
  hid_t file_;
  std::string name_;
};

template <class Values, class Of>
std::vector<double> numbers(const Values& values, const Of& of) {
  std::vector<double> all;
  all.reserve(values.size());
  for (const auto& value : values) all.push_back(of(value));
  return all;
}

/// A number, or null for one that JSON cannot hold.
nlohmann::ordered_json number(double value) {
  using nlohmann::ordered_json;
  return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

nlohmann::ordered_json json_of(const FittedLaw& law) {
  using nlohmann::ordered_json;
  const Fit& fit = law.law.fit;
  ordered_json parameters = ordered_json::array();
  for (std::size_t i = 0; i < fit.names.size(); ++i) {
    parameters.push_back({{"name", fit.names[i]},
                          {"value", number(fit.values[i])},
                          {"error", number(fit.errors[i])},
                          {"unit", law.units[i]},
                          {"determined", static_cast<bool>(fit.determined[i])}});
  }
  return {{"law", law.law.law},
          {"formula", law.law.formula},
          {"parameters", parameters},
          {"covariance", fit.covariance},
          {"chi_squared", fit.has_data_errors ? number(fit.chi_squared) : ordered_json(nullptr)},
          {"degrees_of_freedom", fit.degrees_of_freedom()},
          {"probability", fit.has_data_errors ? number(fit.probability()) : ordered_json(nullptr)},
          {"akaike_weight", number(law.akaike_weight)},
          {"residuals", fit.residuals}};
}

void write_law(hid_t file, const std::string& name, const std::string& unit, const FittedLaw& law) {
  const Group group(file, name);
  const Fit& fit = law.law.fit;
  std::vector<double> errors = fit.errors;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (!fit.determined[i]) errors[i] = std::numeric_limits<double>::infinity();
  }
  group.column("parameter", "see parameter_units", "parameters in the order of `parameters`",
               fit.values);
  group.column("parameter_error", "see parameter_units",
               "their standard errors; infinite: not determined", errors);
  group.column("covariance", "products of parameter_units",
               "of the parameters, row by row; 0: not determined", fit.covariance);
  group.column("line", unit, "the law at line_x", law.at_line);
  group.column("fitted", unit, "the law at x", law.at_readings);
  group.column("residual", "1", "(reading - law)/error; without errors in units of `unit`",
               fit.residuals);
  group.column("chi_squared", "1", "sum of the squares of the residuals", {fit.chi_squared});
  group.column("degrees_of_freedom", "1", "readings less what they determine",
               {static_cast<double>(fit.degrees_of_freedom())});
  group.column("probability", "1", "of such a chi^2 were the law true; 1 without errors",
               {fit.probability()});
  group.column("akaike_weight", "1", "among the laws of these readings", {law.akaike_weight});
  group.text("law", law.law.law);
  group.text("formula", law.law.formula);
  group.text("parameters", fmt::format("{}", fmt::join(fit.names, "\n")));
  group.text("parameter_units", fmt::format("{}", fmt::join(law.units, "\n")));
  group.text("has_errors", fit.has_data_errors ? "yes" : "no");
}

void write_series(hid_t file, const std::string& name, const FittedSeries& series) {
  const Group group(file, name);
  const auto place = [&](const Reading& r) { return series.abscissa_of(r); };
  const auto number = [](std::size_t n) { return static_cast<double>(n); };
  group.column("x", series.abscissa_unit, series.abscissa, numbers(series.readings, place));
  group.column("part", "1", "number of the reading's part", numbers(series.part_of, number));
  group.column("value", series.unit, series.quantity,
               numbers(series.readings, [](const Reading& r) { return r.value; }));
  group.column("error", series.unit, "its error; 0: not known",
               numbers(series.readings, [](const Reading& r) { return r.error; }));
  group.column("line_x", series.abscissa_unit, series.abscissa, numbers(series.line, place));
  group.column("line_part", "1", "number of the place's part",
               numbers(series.line_part_of, number));
  group.text("curve", std::to_string(series.curve));
  group.text("where", series.where);
  group.text("errors", series.error_words);
  group.text("parts", fmt::format("{}", fmt::join(series.parts, "\n")));
  for (std::size_t i = 0; i < series.laws.size(); ++i) {
    write_law(file, fmt::format("{}/laws/{}", name, i), series.unit, series.laws[i]);
  }
}

/// What a law must find among the readings of a setup along the current.
constexpr std::array<std::pair<const char*, const char*>, 5> needs_of_laws = {{
    {"quadratic in the field", "five fields at one angle and temperature"},
    {"cos^2 of the angle", "four angles in the highest field"},
    {"alignment of spins",
     "two temperatures above zero with five fields each, in one run or in runs of one sample"},
    {"current jetting", "spine and edge of one plate, the field along the current"},
    {"planar Hall circle", "planar_hall and four_probe setups of one bar at four angles"},
}};

bool is_fitted(std::span<const FittedSeries> all, const std::string& law) {
  return std::any_of(all.begin(), all.end(), [&](const FittedSeries& series) {
    return std::any_of(series.laws.begin(), series.laws.end(),
                       [&](const FittedLaw& fitted) { return fitted.law.law == law; });
  });
}

}  // namespace

nlohmann::ordered_json to_json(std::span<const FittedSeries> all) {
  using nlohmann::ordered_json;
  ordered_json found = ordered_json::array();
  for (const FittedSeries& series : all) {
    ordered_json laws = ordered_json::array();
    for (const FittedLaw& law : series.laws) laws.push_back(json_of(law));
    found.push_back({{"setup", series.setup},
                     {"where", series.where},
                     {"quantity", series.quantity},
                     {"unit", series.unit},
                     {"against", series.abscissa},
                     {"errors", series.error_words},
                     {"laws", laws}});
  }
  return found;
}

std::string describe(std::span<const FittedSeries> all) {
  std::string text;
  for (const FittedSeries& series : all) {
    text +=
        fmt::format("fits to the {} [{}] against the {} [{}]: {}, {}\n", series.quantity,
                    series.unit, series.abscissa, series.abscissa_unit, series.setup, series.where);
    for (const FittedLaw& law : series.laws) {
      const Fit& fit = law.law.fit;
      text += fmt::format("  {}: ", law.law.law);
      for (std::size_t i = 0; i < fit.names.size(); ++i) text += parameter_text(law, i) + ", ";
      text += fit.has_data_errors
                  ? fmt::format("chi^2 = {:.3g}/{}", fit.chi_squared, fit.degrees_of_freedom())
                  : "errors from the scatter";
      text += fmt::format(", Akaike weight {:.2g}\n", law.akaike_weight);
    }
  }
  for (const auto& [law, needs] : needs_of_laws) {
    if (!is_fitted(all, law)) text += fmt::format("not fitted: {} (needs {})\n", law, needs);
  }
  return text;
}

void add_fits(const std::filesystem::path& path, std::span<const FittedSeries> series) {
  const hdf5::Handle file = hdf5::open_for_change(path.string());
  for (std::size_t i = 0; i < series.size(); ++i) {
    write_series(file.id(), fmt::format("fits/{}", i), series[i]);
  }
}

}  // namespace edotb::analysis
