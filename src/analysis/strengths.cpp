// Parameters: localisation a' = 0.605 a sqrt(B_max), ln(B_phi/B_max) of every temperature; alignment s,
// ln(k B_max/T_min); anomaly c' = c B_max^2; jetting ln(1 + (mu B_max)^2) of every temperature, eta^2.
#include "strengths.hpp"

#include "edotb/base/constants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace edotb::analysis {

namespace {

constexpr double saturated_kawabata = 0.605;
constexpr double largest_localisation = 0.5;  // of sigma(0): a correction, or it would not be weak

bool has(Mechanisms mechanisms, Mechanism mechanism) {
  return mechanisms[static_cast<std::size_t>(mechanism)];
}

std::string numbered(const char* name, std::size_t t) { return fmt::format("{} {}", name, t); }

double lowest_positive(const std::vector<double>& temperatures) {
  for (const double temperature : temperatures) {
    if (temperature > 0.0) return temperature;
  }
  return 1.0;
}

/// Every list with each of the values for one more starting point.
void branch(std::vector<std::vector<Parameter>>& lists, const std::vector<double>& starts,
            const std::vector<Parameter>& more, const std::vector<std::string>& started) {
  std::vector<std::vector<Parameter>> longer;
  for (const auto& list : lists) {
    for (const double start : starts) {
      auto next = list;
      for (Parameter parameter : more) {
        const bool varies =
            std::find(started.begin(), started.end(), parameter.name) != started.end();
        if (varies) parameter.initial = start;
        next.push_back(std::move(parameter));
      }
      longer.push_back(std::move(next));
    }
  }
  lists = std::move(longer);
}

/// sigma_0 [S/m] and its error from the curves whose geometry is known.
std::optional<Estimate> absolute_conductivity(const CombinedData& data,
                                              std::span<const GeometryResponse> responses,
                                              const Strengths& strengths) {
  const auto found = shapes(data, responses, strengths);
  const auto factors = best_factors(data, found);
  std::vector<double> values;
  std::vector<bool> seen(data.n_groups, false);
  for (const Datum& datum : data.data) {
    if (seen[datum.group] || !responses[datum.curve].is_absolute()) continue;
    seen[datum.group] = true;
    values.push_back(1.0 / factors[datum.group]);
  }
  if (values.empty()) return std::nullopt;
  double mean = 0.0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double square = 0.0;
  for (const double value : values) square += (value - mean) * (value - mean);
  const auto n = static_cast<double>(values.size());
  return Estimate{mean, n > 1.0 ? std::sqrt(square / (n * (n - 1.0))) : 0.0};
}

}  // namespace

std::vector<std::vector<Parameter>> starts_of(const CombinedData& data, Mechanisms mechanisms) {
  const std::size_t n_temperatures = data.temperatures.size();
  std::vector<std::vector<Parameter>> lists(1);
  if (has(mechanisms, Mechanism::weak_localisation)) {
    std::vector<Parameter> more = {
        {"localisation", 0.1, -largest_localisation, largest_localisation}};
    std::vector<std::string> started;
    for (std::size_t t = 0; t < n_temperatures; ++t) {
      started.push_back(numbered("ln phase field", t));
      more.push_back({started.back(), -1.0, -7.0, 2.0});
    }
    branch(lists, {-3.5, -1.2}, more, started);
  }
  if (has(mechanisms, Mechanism::alignment)) {
    branch(lists, {0.0, 1.4}, {{"alignment", 0.2, -0.5, 0.98}, {"ln scale", 0.0, -2.0, 5.0}},
           {"ln scale"});
  }
  if (has(mechanisms, Mechanism::anomaly)) {
    branch(lists, {0.3}, {{"anomaly", 0.3, -0.5, 100.0}}, {});
  }
  if (has(mechanisms, Mechanism::jetting)) {
    std::vector<Parameter> more;
    std::vector<std::string> started;
    for (std::size_t t = 0; t < n_temperatures; ++t) {
      started.push_back(numbered("mobility", t));
      more.push_back({started.back(), 1.0, -0.3, 12.0});
    }
    more.push_back({"hall", 0.01, 0.0, 1.0});
    branch(lists, {0.3, 3.0}, more, started);
  }
  return lists;
}

Strengths strengths_of(const CombinedData& data, Mechanisms mechanisms,
                       std::span<const double> parameters) {
  const std::size_t n_temperatures = data.temperatures.size();
  const double top = data.highest_field;
  Strengths strengths;
  strengths.phase_field.assign(n_temperatures, top);
  strengths.mobility_square.assign(n_temperatures, 0.0);
  strengths.conductivity = data.conductivity;
  std::size_t next = 0;
  if (has(mechanisms, Mechanism::weak_localisation)) {
    strengths.localisation = parameters[next++] / (saturated_kawabata * std::sqrt(top));
    for (double& field : strengths.phase_field) field = top * std::exp(parameters[next++]);
  }
  if (has(mechanisms, Mechanism::alignment)) {
    strengths.alignment = parameters[next++];
    strengths.alignment_scale =
        std::exp(parameters[next++]) * lowest_positive(data.temperatures) / top;
  }
  if (has(mechanisms, Mechanism::anomaly)) strengths.anomaly = parameters[next++] / (top * top);
  if (has(mechanisms, Mechanism::jetting)) {
    for (double& square : strengths.mobility_square) {
      square = std::expm1(parameters[next++]) / (top * top);
    }
    strengths.hall_square = parameters[next++];
  }
  return strengths;
}

Strengths without_mechanism(Strengths strengths, Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::weak_localisation:
      strengths.localisation = 0.0;
      break;
    case Mechanism::alignment:
      strengths.alignment = 0.0;
      break;
    case Mechanism::anomaly:
      strengths.anomaly = 0.0;
      break;
    case Mechanism::jetting:
      for (double& square : strengths.mobility_square) square = 0.0;
      break;
  }
  return strengths;
}

bool is_amplitude(const std::string& name, Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::weak_localisation:
      return name == "localisation";
    case Mechanism::alignment:
      return name == "alignment";
    case Mechanism::anomaly:
      return name == "anomaly";
    case Mechanism::jetting:
      return name.starts_with("mobility");
  }
  return false;
}

std::vector<Trial> trials_of(const CombinedData& data, Mechanism mechanism) {
  constexpr double little = 0.02;
  std::vector<Trial> trials;
  switch (mechanism) {
    case Mechanism::weak_localisation:
      for (const double log_field : {-4.0, -2.0, -0.5}) {
        trials.push_back({{"localisation", little}});
        for (std::size_t t = 0; t < data.temperatures.size(); ++t) {
          trials.back().emplace_back(numbered("ln phase field", t), log_field);
        }
      }
      break;
    case Mechanism::alignment:
      for (const double log_scale : {0.0, 1.1, 2.3}) {
        trials.push_back({{"alignment", little}, {"ln scale", log_scale}});
      }
      break;
    case Mechanism::anomaly:
      trials.push_back({{"anomaly", little}});
      break;
    case Mechanism::jetting:
      trials.push_back({{"hall", 0.0}});
      for (std::size_t t = 0; t < data.temperatures.size(); ++t) {
        trials.back().emplace_back(numbered("mobility", t), little);
      }
      break;
  }
  return trials;
}

std::vector<NamedStrength> named_strengths(const CombinedData& data, std::span<const Curve> curves,
                                           std::span<const GeometryResponse> responses,
                                           const Combination& combination, Mechanism mechanism,
                                           double error_scale) {
  const Fit& fit = combination.fit;
  const auto names = starts_of(data, combination.mechanisms).front();
  const Units units = curves.empty() ? Units{} : curves.front().units;
  const bool laboratory = units.field == "T";
  const double top = data.highest_field;
  std::vector<NamedStrength> found;
  const auto add = [&](std::string name, double value, double error, std::string unit,
                       std::size_t i) {
    found.push_back({std::move(name), value, std::abs(error) * error_scale, std::move(unit),
                     fit.determined[i]});
  };
  const auto at_temperature = [&](std::size_t t) {
    return data.temperatures.size() == 1
               ? std::string{}
               : fmt::format(" at {:g} {}", data.temperatures[t], units.temperature);
  };
  std::size_t t = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i].name;
    const double value = fit.values[i];
    const double error = fit.errors[i];
    if (mechanism == Mechanism::weak_localisation && name == "localisation") {
      add("conductivity it adds at the highest field, over sigma(0)", value, error, "1", i);
    } else if (mechanism == Mechanism::weak_localisation && name.starts_with("ln phase field")) {
      const double field = top * std::exp(value);
      add("phase field" + at_temperature(t++), field, field * error, units.field, i);
    } else if (mechanism == Mechanism::alignment && name == "alignment") {
      add("share of spins in rho", value, error, "1", i);
    } else if (mechanism == Mechanism::alignment && name == "ln scale") {
      const double k = combination.strengths.alignment_scale;  // K/T
      constexpr double kelvin_per_tesla = constants::bohr_magneton / constants::boltzmann;
      const double moment = laboratory ? k / kelvin_per_tesla : k;
      add("moment", moment, moment * error, laboratory ? "mu_B" : "1", i);
    } else if (mechanism == Mechanism::anomaly && name == "anomaly") {
      const auto sigma = absolute_conductivity(data, responses, combination.strengths);
      const double c = value / (top * top);
      const double c_error = error / (top * top);
      const std::string square = laboratory ? "T^2" : "(" + units.field + ")^2";
      add("coefficient c over sigma(0)", c, c_error, "1/" + square, i);
      if (sigma) {
        add("coefficient c", c * sigma->value, std::hypot(c_error * sigma->value, c * sigma->error),
            (laboratory ? "S/m/" : "1/") + square, i);
      }
    } else if (mechanism == Mechanism::jetting && name.starts_with("mobility")) {
      const double square = std::max(0.0, std::expm1(value));
      const double mobility = std::sqrt(square) / top;
      const double up = std::sqrt(std::max(0.0, std::expm1(value + error))) / top;
      add("mobility" + at_temperature(t++), mobility, up - mobility,
          laboratory ? "m^2/Vs" : "1/(" + units.field + ")", i);
    } else if (mechanism == Mechanism::jetting && name == "hall") {
      add("share of one sign of carriers, ((p-n)/(p+n))^2", value, error, "1", i);
    }
  }
  return found;
}

}  // namespace edotb::analysis
