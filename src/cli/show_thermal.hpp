#pragma once

#include <hdf5.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace edotb::cli {

/// The group /thermal of a results file.
struct ThermalTables {
  std::vector<double> temperature;
  std::string temperature_unit;
  std::size_t n_leads = 0;
  std::vector<double> conductance;  ///< [point][temperature][to][from], as are the next two
  std::vector<double> thermopower;
  std::vector<double> heat_conductance;
  std::vector<std::int8_t> status;  ///< [point]
};

/// Absent in a run without temperatures. Throws bad_input when the datasets do not fit.
[[nodiscard]] std::optional<ThermalTables> read_thermal(hid_t file, std::size_t n_points,
                                                        std::size_t n_leads);

/// One row per temperature and pair of contacts: means over points `first` to `first + count`, the
/// realisations of one field, angle and energy, which `label` names.
void print_thermal_rows(const ThermalTables& tables, std::size_t first, std::size_t count,
                        const std::string& label);
void print_thermal_header(const ThermalTables& tables, const std::string& label);

/// One point: what its datasets hold; null for what is not a number.
[[nodiscard]] nlohmann::ordered_json thermal_json(const ThermalTables& tables, std::size_t point);

}  // namespace edotb::cli
