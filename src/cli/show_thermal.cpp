#include "show_thermal.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"

#include <fmt/format.h>

#include <cmath>

namespace edotb::cli {

std::optional<ThermalTables> read_thermal(hid_t file, std::size_t n_points, std::size_t n_leads) {
  if (!hdf5::exists(file, "thermal")) return std::nullopt;
  ThermalTables tables;
  tables.n_leads = n_leads;
  tables.temperature = hdf5::read<double>(file, "/temperature").values;
  const hdf5::Handle scale(H5Dopen2(file, "/temperature", H5P_DEFAULT), H5Dclose, "/temperature");
  tables.temperature_unit = hdf5::read_text_attribute(scale.id(), "units");
  tables.conductance = hdf5::read<double>(file, "/thermal/conductance").values;
  tables.thermopower = hdf5::read<double>(file, "/thermal/thermopower").values;
  tables.heat_conductance = hdf5::read<double>(file, "/thermal/heat_conductance").values;
  tables.status = hdf5::read<std::int8_t>(file, "/thermal/status").values;
  const std::size_t size = n_points * tables.temperature.size() * n_leads * n_leads;
  if (tables.status.size() != n_points || tables.conductance.size() != size ||
      tables.thermopower.size() != size || tables.heat_conductance.size() != size) {
    throw bad_input("the datasets of /thermal do not fit the others");
  }
  return tables;
}

namespace {

bool has_numbers(std::int8_t status) { return status == 1 || status == 2; }

}  // namespace

void print_thermal_header(const ThermalTables& tables, const std::string& label) {
  fmt::print("\n{} {:>10} {:>8} {:>12} {:>12} {:>16} {:>10}\n", label,
             fmt::format("T[{}]", tables.temperature_unit), "to<-from", "G[e2/h]", "S[uV/K]",
             "heat[pi2kB2T/3h]", "samples");
}

void print_thermal_rows(const ThermalTables& tables, std::size_t first, std::size_t count,
                        const std::string& label) {
  const std::size_t n_pairs = tables.n_leads * tables.n_leads;
  for (std::size_t t = 0; t < tables.temperature.size(); ++t) {
    for (std::size_t pair = 0; pair < n_pairs; ++pair) {
      const std::size_t to = pair / tables.n_leads;
      const std::size_t from = pair % tables.n_leads;
      if (to == from || (tables.n_leads == 2 && to == 0)) continue;
      std::size_t n_good = 0;
      double conductance = 0.0;
      double thermopower = 0.0;
      double heat = 0.0;
      for (std::size_t point = first; point < first + count; ++point) {
        if (!has_numbers(tables.status[point])) continue;
        const std::size_t place = (point * tables.temperature.size() + t) * n_pairs + pair;
        ++n_good;
        conductance += tables.conductance[place];
        thermopower += tables.thermopower[place];
        heat += tables.heat_conductance[place];
      }
      const auto n = static_cast<double>(n_good);
      const auto mean = [&](double sum) {
        return n_good > 0 && std::isfinite(sum) ? fmt::format("{:.6g}", sum / n) : std::string("-");
      };
      fmt::print("{} {:>10.6g} {:>8} {:>12} {:>12} {:>16} {:>10}\n", label, tables.temperature[t],
                 fmt::format("{}<-{}", to, from), mean(conductance), mean(thermopower), mean(heat),
                 fmt::format("{}/{}", n_good, count));
    }
  }
}

nlohmann::ordered_json thermal_json(const ThermalTables& tables, std::size_t point) {
  const auto matrices = [&](const std::vector<double>& values) {
    auto all = nlohmann::json::array();
    std::size_t place = point * tables.temperature.size() * tables.n_leads * tables.n_leads;
    for (std::size_t t = 0; t < tables.temperature.size(); ++t) {
      auto matrix = nlohmann::json::array();
      for (std::size_t to = 0; to < tables.n_leads; ++to) {
        auto row = nlohmann::json::array();
        for (std::size_t from = 0; from < tables.n_leads; ++from, ++place) {
          row.push_back(std::isfinite(values[place]) ? nlohmann::json(values[place])
                                                     : nlohmann::json());
        }
        matrix.push_back(row);
      }
      all.push_back(matrix);
    }
    return all;
  };
  return {{"temperature", tables.temperature},
          {"conductance", matrices(tables.conductance)},
          {"thermopower", matrices(tables.thermopower)},
          {"heat_conductance", matrices(tables.heat_conductance)},
          {"status", static_cast<int>(tables.status[point])}};
}

}  // namespace edotb::cli
