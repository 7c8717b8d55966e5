#include "commands.hpp"
#include "curve_table.hpp"
#include "damage.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/campaign/point_file.hpp"
#include "edotb/campaign/terminals.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace edotb::cli {

namespace {

/// The results of the continuum engine in memory.
struct ConductorResults {
  std::string title;
  std::vector<std::string> contacts;
  std::vector<std::string> probes;
  std::vector<double> field;
  std::vector<double> angle;
  std::vector<double> conductance;
  std::vector<double> error;
  std::vector<double> potential;  ///< empty without probes
  std::vector<std::int64_t> unknowns;
  std::vector<double> seconds;
  std::vector<std::int8_t> status;
  std::string unit;

  [[nodiscard]] std::size_t n_contacts() const { return contacts.size(); }
};

std::string unit_of(hid_t file, const char* name) {
  const hdf5::Handle dataset(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose, name);
  return hdf5::read_text_attribute(dataset.id(), "units");
}

ConductorResults read_file(const std::string& path, hid_t file) {
  ConductorResults r;
  // Before the numbers: what is complete now is so when they are read from a running file.
  r.status = campaign::checked_statuses(hdf5::read<std::int8_t>(file, "/status").values,
                                        campaign::read_records(path));
  r.title = hdf5::read_text_attribute(file, "title");
  auto terminals = campaign::read_terminals(file);
  r.contacts = std::move(terminals.contacts);
  r.probes = std::move(terminals.probes);
  r.field = hdf5::read<double>(file, "/field").values;
  r.angle = hdf5::read<double>(file, "/angle").values;
  r.conductance = hdf5::read<double>(file, "/continuum/conductance").values;
  r.error = hdf5::read<double>(file, "/continuum/conductance_error").values;
  if (!r.probes.empty()) {
    r.potential = hdf5::read<double>(file, "/continuum/probe_potential").values;
  }
  r.unknowns = hdf5::read<std::int64_t>(file, "/continuum/unknowns").values;
  r.seconds = hdf5::read<double>(file, "/seconds").values;
  r.unit = unit_of(file, "/continuum/conductance");
  const std::size_t n_points = r.field.size() * r.angle.size();
  const std::size_t n = r.n_contacts();
  if (r.status.size() != n_points || r.conductance.size() != n_points * n * n ||
      r.error.size() != r.conductance.size() ||
      r.potential.size() != n_points * r.probes.size() * n || r.unknowns.size() != n_points ||
      r.seconds.size() != n_points) {
    throw bad_input("the datasets do not fit each other");
  }
  return r;
}

/// A block [row][column] of a dataset; what is not a number is null.
nlohmann::json block(const std::vector<double>& values, std::size_t begin, std::size_t rows,
                     std::size_t columns) {
  auto matrix = nlohmann::json::array();
  for (std::size_t i = 0; i < rows; ++i) {
    auto row = nlohmann::json::array();
    for (std::size_t k = 0; k < columns; ++k) {
      const double value = values[begin + i * columns + k];
      row.push_back(std::isfinite(value) ? nlohmann::json(value) : nlohmann::json());
    }
    matrix.push_back(row);
  }
  return matrix;
}

void print_json(const ConductorResults& r) {
  const std::size_t n = r.n_contacts();
  fmt::print("[");
  for (std::size_t number = 0; number < r.status.size(); ++number) {
    nlohmann::ordered_json point = {{"field", r.field[number / r.angle.size()]},
                                    {"angle", r.angle[number % r.angle.size()]}};
    if (r.status[number] == campaign::damaged_status) {
      point["status"] = static_cast<int>(r.status[number]);
      fmt::print("{}\n{}", number == 0 ? "" : ",", point.dump());
      continue;
    }
    point["conductance"] = block(r.conductance, number * n * n, n, n);
    point["conductance_error"] = block(r.error, number * n * n, n, n);
    if (!r.probes.empty()) {
      point["probe_potential"] =
          block(r.potential, number * r.probes.size() * n, r.probes.size(), n);
    }
    point["unknowns"] = r.unknowns[number];
    point["seconds"] = block(r.seconds, number, 1, 1)[0][0];
    point["status"] = static_cast<int>(r.status[number]);
    fmt::print("{}\n{}", number == 0 ? "" : ",", point.dump());
  }
  fmt::print("\n]\n");
}

void print_tables(const ConductorResults& r) {
  if (!r.title.empty()) fmt::print("{}\n\n", r.title);
  const std::size_t n = r.n_contacts();
  for (std::size_t number = 0; number < r.status.size(); ++number) {
    fmt::print("field {}, angle {} deg\n", r.field[number / r.angle.size()],
               r.angle[number % r.angle.size()]);
    if (r.status[number] != 1) {
      fmt::print("  {}\n", reason_of(r.status[number]));
      continue;
    }
    fmt::print("  G [{}]\n  {:>12}", r.unit, "to\\from");
    for (const auto& name : r.contacts) fmt::print("{:>16}", name);
    fmt::print("\n");
    double largest = 0.0;
    for (std::size_t p = 0; p < n; ++p) {
      fmt::print("  {:>12}", r.contacts[p]);
      for (std::size_t q = 0; q < n; ++q) {
        const std::size_t entry = (number * n + p) * n + q;
        fmt::print("{:>16.8g}", r.conductance[entry]);
        largest = std::max(largest, r.error[entry]);
      }
      fmt::print("\n");
    }
    for (std::size_t probe = 0; probe < r.probes.size(); ++probe) {
      fmt::print("  {:>12}", r.probes[probe]);
      for (std::size_t q = 0; q < n; ++q) {
        fmt::print("{:>16.8g}", r.potential[(number * r.probes.size() + probe) * n + q]);
      }
      fmt::print("{}\n", probe == 0 ? "  V per V" : "");
    }
    fmt::print("  largest estimated error {:.1e} {}, {} unknowns, {:.3g} s\n", largest, r.unit,
               r.unknowns[number], r.seconds[number]);
  }
}

}  // namespace

bool is_conductor_file(const std::string& results) {
  const hdf5::Handle file = hdf5::open_for_reading(results);
  return hdf5::exists(file.id(), "/continuum");
}

void show_conductor(const std::string& results, bool json) {
  const hdf5::Handle file = hdf5::open_for_reading(results);
  const ConductorResults r =
      with_context([&] { return results; }, [&] { return read_file(results, file.id()); });
  if (json) {
    print_json(r);
  } else {
    print_tables(r);
    print_measurements(results);
  }
  std::vector<std::string> damaged;
  for (std::size_t number = 0; number < r.status.size(); ++number) {
    if (r.status[number] != campaign::damaged_status) continue;
    damaged.push_back(fmt::format("field {} angle {}", r.field[number / r.angle.size()],
                                  r.angle[number % r.angle.size()]));
  }
  report_damage(results, damaged);
}

}  // namespace edotb::cli
