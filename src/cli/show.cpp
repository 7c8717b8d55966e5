#include "commands.hpp"
#include "curve_table.hpp"
#include "damage.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/campaign/adaptive_ensemble.hpp"
#include "edotb/campaign/point_file.hpp"
#include "edotb/campaign/results_file.hpp"
#include "show_thermal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

namespace edotb::cli {

namespace {

/// Observables small enough to be printed, with a block per point; a run has those that it asked for.
constexpr std::array printed_observables = {"noise",
                                            "fano_factor",
                                            "noise_biased",
                                            "transmission_eigenvalues",
                                            "resolved_transmission",
                                            "density_of_states"};

/// The blocks of one dataset, point after point.
struct Blocks {
  std::string name;
  std::vector<std::size_t> shape;  ///< of a block
  std::vector<double> values;

  [[nodiscard]] std::size_t block_size() const {
    return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
  }
};

/// A results file in memory.
struct Results {
  std::string title;
  std::vector<double> field;
  std::vector<double> angle;
  std::vector<double> energy;
  std::size_t n_realisations = 0;
  std::size_t n_leads = 0;
  std::vector<double> transmission;
  std::vector<std::int32_t> modes;
  std::vector<double> unitarity_error;
  std::vector<double> seconds;
  std::vector<std::int8_t> status;
  std::string
      ensemble;  ///< which points reached the target of ensemble.until; empty: none asked for
  bool is_complete = false;  ///< what is not computed was not needed
  std::vector<Blocks> observables;
  std::string field_unit;
  std::string energy_unit;
  std::optional<ThermalTables> thermal;
};

std::string unit_of(hid_t file, const char* name) {
  const hdf5::Handle dataset(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose, name);
  return hdf5::read_text_attribute(dataset.id(), "units");
}

std::string ensemble_text(hid_t file, const std::string& path) {
  if (!campaign::is_complete(file)) return "";
  const auto deck = deck::parse_deck(hdf5::read_text_attribute(file, "expanded_deck"), path);
  if (!deck.ensemble.until.any()) return "";
  auto ensemble = campaign::read_adaptive_ensemble(file, deck);
  static_cast<void>(ensemble.advance());
  return campaign::describe(ensemble, deck);
}

Results read_results(const std::string& path) {
  const hdf5::Handle file = hdf5::open_for_reading(path);
  return with_context(
      [&] { return path; },
      [&] {
        if (hdf5::read_text_attribute(file.id(), "format") != "edotb-results") {
          throw bad_input("this is not a results file of edotb");
        }
        Results r;
        r.title = hdf5::read_text_attribute(file.id(), "title");
        r.field = hdf5::read<double>(file.id(), "/field").values;
        r.angle = hdf5::read<double>(file.id(), "/angle").values;
        r.energy = hdf5::read<double>(file.id(), "/energy").values;
        r.n_realisations = hdf5::read<std::int64_t>(file.id(), "/realisation").values.size();
        r.n_leads = hdf5::read<std::int64_t>(file.id(), "/lead").values.size();
        // Before the numbers: what is complete now is so when they are read from a running file.
        const auto records = campaign::read_records(path);
        r.status = campaign::checked_statuses(hdf5::read<std::int8_t>(file.id(), "/status").values,
                                              records);
        r.transmission = hdf5::read<double>(file.id(), "/transmission").values;
        r.modes = hdf5::read<std::int32_t>(file.id(), "/modes").values;
        r.unitarity_error = hdf5::read<double>(file.id(), "/unitarity_error").values;
        r.seconds = hdf5::read<double>(file.id(), "/seconds").values;
        const std::size_t n_points =
            r.field.size() * r.angle.size() * r.energy.size() * r.n_realisations;
        if (r.status.size() != n_points || r.unitarity_error.size() != n_points ||
            r.seconds.size() != n_points || r.modes.size() != n_points * r.n_leads ||
            r.transmission.size() != n_points * r.n_leads * r.n_leads) {
          throw bad_input("the datasets do not fit each other");
        }
        for (const char* name : printed_observables) {
          if (!hdf5::exists(file.id(), name)) continue;
          auto array = hdf5::read<double>(file.id(), name);
          if (array.shape.size() < 4) throw bad_input(std::string(name) + " has too few axes");
          Blocks blocks{
              name, {array.shape.begin() + 4, array.shape.end()}, std::move(array.values)};
          if (blocks.values.size() != n_points * blocks.block_size()) {
            throw bad_input("the datasets do not fit each other");
          }
          r.observables.push_back(std::move(blocks));
        }
        r.field_unit = unit_of(file.id(), "/field");
        r.energy_unit = unit_of(file.id(), "/energy");
        r.thermal = read_thermal(file.id(), n_points, r.n_leads);
        r.is_complete = campaign::is_complete(file.id());
        r.ensemble = ensemble_text(file.id(), path);
        if (r.thermal) {
          r.thermal->status = campaign::checked_statuses(std::move(r.thermal->status), records);
        }
        return r;
      });
}

/// Calls visit(i_field, i_angle, i_energy, i_realisation, number) in the file's order.
template <class Visit>
void for_each_point(const Results& r, Visit visit) {
  std::size_t number = 0;
  for (std::size_t f = 0; f < r.field.size(); ++f) {
    for (std::size_t a = 0; a < r.angle.size(); ++a) {
      for (std::size_t e = 0; e < r.energy.size(); ++e) {
        for (std::size_t i = 0; i < r.n_realisations; ++i) visit(f, a, e, i, number++);
      }
    }
  }
}

/// NaN has no place in JSON: a failed or missing number is null.
nlohmann::json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

/// A block as lists in lists, from its entry number `first` on; `depth` axes are behind.
nlohmann::json nested(const Blocks& blocks, std::size_t first, std::size_t depth = 0) {
  if (depth == blocks.shape.size()) return number_or_null(blocks.values[first]);
  const std::size_t step =
      std::accumulate(blocks.shape.begin() + static_cast<std::ptrdiff_t>(depth) + 1,
                      blocks.shape.end(), std::size_t{1}, std::multiplies<>());
  auto list = nlohmann::json::array();
  for (std::size_t i = 0; i < blocks.shape[depth]; ++i) {
    list.push_back(nested(blocks, first + i * step, depth + 1));
  }
  return list;
}

void print_json(const Results& r) {
  fmt::print("[");
  for_each_point(r, [&](auto f, auto a, auto e, auto i, auto number) {
    nlohmann::ordered_json point = {
        {"field", r.field[f]}, {"angle", r.angle[a]}, {"energy", r.energy[e]}, {"realisation", i}};
    if (r.status[number] == campaign::damaged_status) {
      point["status"] = static_cast<int>(r.status[number]);
      fmt::print("{}\n{}", number == 0 ? "" : ",", point.dump());
      return;
    }
    auto transmission = nlohmann::json::array();
    for (std::size_t p = 0; p < r.n_leads; ++p) {
      auto row = nlohmann::json::array();
      for (std::size_t q = 0; q < r.n_leads; ++q) {
        row.push_back(number_or_null(r.transmission[(number * r.n_leads + p) * r.n_leads + q]));
      }
      transmission.push_back(row);
    }
    point["transmission"] = transmission;
    auto modes = nlohmann::json::array();
    for (std::size_t p = 0; p < r.n_leads; ++p) modes.push_back(r.modes[number * r.n_leads + p]);
    point["modes"] = modes;
    point["unitarity_error"] = number_or_null(r.unitarity_error[number]);
    point["seconds"] = number_or_null(r.seconds[number]);
    point["status"] = static_cast<int>(r.status[number]);
    for (const auto& blocks : r.observables) {
      point[blocks.name] = nested(blocks, number * blocks.block_size());
    }
    if (r.thermal) point["thermal"] = thermal_json(*r.thermal, number);
    fmt::print("{}\n{}", number == 0 ? "" : ",", point.dump());
  });
  fmt::print("\n]\n");
}

bool is_good(const Results& r, std::size_t number) {
  return r.status[number] == 1 || r.status[number] == 2;
}

/// Two terminals: the mean conductance over realisations with its standard error, and where noise was asked
/// for the Fano factor, mean noise over mean conductance.
void print_conductance(const Results& r) {
  const auto noise = std::find_if(r.observables.begin(), r.observables.end(),
                                  [](const Blocks& blocks) { return blocks.name == "noise"; });
  const bool has_noise = noise != r.observables.end();
  fmt::print("{:>14} {:>10} {:>12} {:>14} {:>12} {:>8} {:>10}{}\n",
             fmt::format("field[{}]", r.field_unit), "angle[deg]",
             fmt::format("energy[{}]", r.energy_unit), "G[e2/h]", "error", "modes", "samples",
             has_noise ? fmt::format(" {:>10}", "Fano") : "");
  std::vector<double> samples;
  double total_noise = 0.0;  // of the current out of lead 1, lead 0 biased
  std::int32_t modes = -1;
  for_each_point(r, [&](auto f, auto a, auto e, auto i, auto number) {
    if (i == 0) {
      samples.clear();
      total_noise = 0.0;
      modes = r.modes[number * 2];
    }
    if (is_good(r, number)) {
      modes = r.modes[number * 2];
      samples.push_back(r.transmission[number * 4 + 2]);
      if (has_noise) total_noise += noise->values[number * 8 + 3];
    }
    if (i + 1 < r.n_realisations) return;
    const std::size_t n_good = samples.size();
    const auto n = static_cast<double>(n_good);
    double mean = 0.0;
    for (const double g : samples) mean += g / n;
    double squares = 0.0;
    for (const double g : samples) squares += (g - mean) * (g - mean);
    const double error = n_good > 1 ? std::sqrt(squares / (n * (n - 1.0))) : 0.0;
    const bool has_current = n_good > 0 && mean > 0.0;
    const bool is_damaged = n_good == 0 && r.status[number] == campaign::damaged_status;
    fmt::print("{:>14.6g} {:>10.6g} {:>12.6g} {:>14} {:>12} {:>8} {:>10}{}\n", r.field[f],
               r.angle[a], r.energy[e], n_good > 0 ? fmt::format("{:.8f}", mean) : "-",
               n_good > 1 ? fmt::format("{:.2g}", error) : "-",
               is_damaged ? "-" : fmt::format("{}", modes),
               fmt::format("{}/{}", n_good, r.n_realisations),
               !has_noise    ? ""
               : has_current ? fmt::format(" {:>10.6f}", total_noise / (n * mean))
                             : fmt::format(" {:>10}", "-"));
  });
}

void print_matrices(const Results& r) {
  for_each_point(r, [&](auto f, auto a, auto e, auto i, auto number) {
    if (r.is_complete && r.status[number] == 0) {
      if (i + 1 < r.n_realisations) return;  // the rest of a group, said at its end
      std::size_t first = i;
      while (first > 0 && r.status[number - (i - first) - 1] == 0) --first;
      fmt::print("field {} {}, angle {} deg, energy {} {}, realisations {} to {}: not needed\n",
                 r.field[f], r.field_unit, r.angle[a], r.energy[e], r.energy_unit, first, i);
      return;
    }
    fmt::print("field {} {}, angle {} deg, energy {} {}, realisation {}\n", r.field[f],
               r.field_unit, r.angle[a], r.energy[e], r.energy_unit, i);
    if (!is_good(r, number)) {
      fmt::print("  {}\n", reason_of(r.status[number]));
      return;
    }
    fmt::print("  {:>8}", "to\\from");
    for (std::size_t q = 0; q < r.n_leads; ++q) fmt::print("{:>14}", q);
    fmt::print("{:>8}\n", "modes");
    for (std::size_t p = 0; p < r.n_leads; ++p) {
      fmt::print("  {:>8}", p);
      for (std::size_t q = 0; q < r.n_leads; ++q) {
        fmt::print("{:>14.8f}", r.transmission[(number * r.n_leads + p) * r.n_leads + q]);
      }
      fmt::print("{:>8}\n", r.modes[number * r.n_leads + p]);
    }
  });
}

/// Means over the realisations of the thermal averages around each energy.
void print_thermal(const Results& r) {
  if (!r.thermal) return;
  print_thermal_header(*r.thermal,
                       fmt::format("{:>14} {:>10} {:>12}", fmt::format("field[{}]", r.field_unit),
                                   "angle[deg]", fmt::format("mu[{}]", r.energy_unit)));
  for_each_point(r, [&](auto f, auto a, auto e, auto i, auto number) {
    if (i > 0) return;
    print_thermal_rows(
        *r.thermal, number, r.n_realisations,
        fmt::format("{:>14.6g} {:>10.6g} {:>12.6g}", r.field[f], r.angle[a], r.energy[e]));
  });
}

void print_tables(const Results& r) {
  if (!r.title.empty()) fmt::print("{}\n\n", r.title);
  if (r.n_leads == 2) {
    print_conductance(r);
  } else {
    print_matrices(r);
  }
  print_thermal(r);
  std::size_t n_missing = 0;
  std::size_t n_failed = 0;
  std::size_t n_again = 0;
  double largest = 0.0;
  double seconds = 0.0;
  for (std::size_t k = 0; k < r.status.size(); ++k) {
    n_missing += r.status[k] == 0 ? 1 : 0;
    n_again += r.status[k] == 2 ? 1 : 0;
    n_failed += r.status[k] == 3 ? 1 : 0;
    if (!is_good(r, k)) continue;
    largest = std::max(largest, r.unitarity_error[k]);
    seconds += r.seconds[k];
  }
  fmt::print(
      "\n{} points, {} not {}, {} solved again, {} failed; largest unitarity error {:.1e}; "
      "{:.3g} core seconds\n{}",
      r.status.size(), n_missing, n_missing > 0 && r.is_complete ? "needed" : "computed", n_again,
      n_failed, largest, seconds, r.ensemble);
}

std::vector<std::string> damaged_points(const Results& r) {
  std::vector<std::string> points;
  for_each_point(r, [&](auto f, auto a, auto e, auto i, auto number) {
    if (r.status[number] != campaign::damaged_status) return;
    points.push_back(fmt::format("field {} angle {} energy {} realisation {}", r.field[f],
                                 r.angle[a], r.energy[e], i));
  });
  return points;
}

}  // namespace

void show_command(const std::string& results, bool json) {
  const Results r = read_results(results);
  if (json) {
    print_json(r);
  } else {
    print_tables(r);
    print_measurements(results);
  }
  report_damage(results, damaged_points(r));
}

}  // namespace edotb::cli
