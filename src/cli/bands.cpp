#include "edotb/model/bands.hpp"

#include "column_table.hpp"
#include "commands.hpp"
#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/lead/lead.hpp"
#include "edotb/model/surface.hpp"
#include "edotb/sample/landau.hpp"
#include "edotb/sample/sample.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace edotb::cli {

namespace {

using deck::Quantity;

constexpr double max_rows = 2e7;
constexpr const char* axis_names = "xyz";

std::string unit_of(const deck::Deck& deck, Quantity quantity) {
  return std::string(deck::unit_name(quantity, deck.lattice_units));
}

Column energy_column(const deck::Deck& deck) {
  return {"energy", unit_of(deck, Quantity::energy), "energy"};
}

Column momentum_column(std::size_t axis) {
  return {fmt::format("k_{}", axis_names[axis]), "pi",
          "wave vector times the lattice vector over pi"};
}

void check_size(double n_rows) {
  if (n_rows > max_rows) {
    throw bad_input(
        fmt::format("bands: the table would have {:.3g} rows, more than {:.0g}; take "
                    "fewer bands.points or energies",
                    n_rows, max_rows));
  }
}

/// `n` values from -pi to pi, both included.
double zone_point(int i, int n) { return n == 1 ? 0.0 : -1.0 + 2.0 * i / (n - 1); }

/// The path's points: corner to corner, with the distance from its start.
struct PathPoint {
  Vector3 k{};  ///< units of pi
  Vector3 along{};
  double distance = 0.0;  ///< 1/a
};

struct Path {
  std::vector<PathPoint> points;
  std::vector<std::pair<std::string, double>> corners;
};

Path make_path(const model::Model& model, const std::vector<deck::BandOptions::Corner>& given,
               int n_points) {
  auto corners = given;
  if (corners.empty()) corners = {{{0, 0, 0}, ""}, {{1, 0, 0}, ""}};
  Path path;
  double start = 0.0;
  for (std::size_t leg = 0; leg + 1 < corners.size(); ++leg) {
    const Vector3 along = corners[leg + 1].k - corners[leg].k;
    if (along == Vector3{}) {
      throw bad_input(fmt::format("bands.path: corners {} and {} are the same", leg, leg + 1));
    }
    const double length = constants::pi * norm(model::cartesian(model, along));
    path.corners.emplace_back(corners[leg].label, start);
    for (int i = 0; i < n_points; ++i) {
      const double s = n_points == 1 ? 0.0 : static_cast<double>(i) / (n_points - 1);
      path.points.push_back({corners[leg].k + s * along, along, start + s * length});
    }
    start += length;
  }
  path.corners.emplace_back(corners.back().label, start);
  return path;
}

std::string corners_json(const Path& path, double per_length) {
  nlohmann::ordered_json corners = nlohmann::ordered_json::array();
  for (const auto& [label, distance] : path.corners) {
    corners.push_back({{"label", label}, {"distance", distance * per_length}});
  }
  return corners.dump();
}

ColumnTable bulk_table(const deck::Deck& deck) {
  const model::Model model = sample::device_model(deck);
  const Path path = make_path(model, deck.bands.path, deck.bands.n_points);
  check_size(static_cast<double>(path.points.size()) * static_cast<double>(model.n_orbitals()));
  const double a = deck.model->lattice_constant;
  const std::string length = unit_of(deck, Quantity::length);
  ColumnTable table{"bulk",
                    fmt::format("bulk bands of {} without field; k in units of pi per lattice "
                                "vector, velocity dE/dk along the path",
                                deck.model->name),
                    {{"distance", "1/" + length, "distance along the path"},
                     momentum_column(0),
                     momentum_column(1),
                     momentum_column(2),
                     {"band", "1", "band", true},
                     energy_column(deck),
                     {"velocity", unit_of(deck, Quantity::energy) + " " + length,
                      "hbar times the velocity along the path"}}};
  table.corners = corners_json(path, 1.0 / a);
  for (const PathPoint& point : path.points) {
    const auto bands = model::bulk_bands(model, constants::pi * point.k, point.along);
    for (std::size_t n = 0; n < bands.values.size(); ++n) {
      table.add_row({point.distance / a, point.k[0], point.k[1], point.k[2], static_cast<double>(n),
                     bands.values[n], a * bands.slopes[n]});
    }
  }
  return table;
}

ColumnTable lead_table(const deck::Deck& deck) {
  const sample::Sample sample(deck);
  const double magnitude = deck.field.magnitude.front();
  const double angle = deck.field.angle.front();
  const auto leads = sample.leads(sample.field(magnitude, angle));
  ColumnTable table{"lead",
                    fmt::format("bands of the leads at field {} and angle {}; k in units of pi per "
                                "cell, outwards; velocity dE/dk, k in radians per cell",
                                magnitude, angle),
                    {{"contact", "1", "contact", true},
                     {"k", "pi", "wave vector times the cell's length over pi"},
                     {"band", "1", "band", true},
                     energy_column(deck),
                     {"velocity", unit_of(deck, Quantity::energy) + "/rad", "dE/dk outwards"}}};
  double n_rows = 0.0;
  for (const auto& lead : leads) n_rows += static_cast<double>(lead.cell.rows());
  check_size(n_rows * deck.bands.n_points);
  for (std::size_t contact = 0; contact < leads.size(); ++contact) {
    const sample::LeadCell& lead = leads[contact];
    if (lead.cell.rows() == 0) {
      table.remark += fmt::format("\ncontact {} is a wide-band metal and has no bands", contact);
      continue;
    }
    if (lead.hopping.columns() != lead.hopping.rows()) {
      table.remark +=
          fmt::format("\ncontact {} has cells of {} orbitals, {} of which couple outwards", contact,
                      lead.hopping.rows(), lead.hopping.columns());
    }
    for (int i = 0; i < deck.bands.n_points; ++i) {
      const double k = zone_point(i, deck.bands.n_points);
      const auto bands = lead::lead_bands_and_velocities(lead, k * constants::pi);
      for (std::size_t n = 0; n < bands.values.size(); ++n) {
        table.add_row({static_cast<double>(contact), k, static_cast<double>(n), bands.values[n],
                       bands.slopes[n]});
      }
    }
  }
  return table;
}

ColumnTable landau_table(const deck::Deck& deck) {
  const model::Model model = sample::device_model(deck);
  const auto& options = deck.bands;
  const auto axis = static_cast<std::size_t>(options.axis);
  const auto units = sample::field_units(deck);
  const Vector3 direction = edotb::unit(model.lattice_vectors[axis]);
  const Vector3 per_quantum = sample::field_per_quantum(model, axis);
  const std::string field_unit = unit_of(deck, Quantity::field);
  ColumnTable table{"landau",
                    fmt::format("energies of {} in a field along a_{}: the flux p/q through a cell "
                                "makes q cells repeat, and p levels share a Landau level",
                                deck.model->name, axis + 1),
                    {{"field", field_unit, "magnetic field really used"},
                     {"field_asked", field_unit, "magnetic field asked for"},
                     {"p", "1", "flux quanta through q cells", true},
                     {"q", "1", "cells of the magnetic cell", true},
                     {"k", "pi", "wave vector along the field times the lattice vector over pi"},
                     {"level", "1", "number of the level from below", true},
                     energy_column(deck)}};
  for (const double asked : deck.field.magnitude) {
    const auto where = [&] { return deck.where("field.magnitude"); };
    if (asked == 0.0) throw bad_input(where() + ": Landau levels need a field other than 0");
    // The quanta of the field asked for; both vectors lie along a_axis.
    const double quanta = dot(sample::uniform_field(units, asked, direction).b, per_quantum) /
                          dot(per_quantum, per_quantum);
    const auto flux = sample::rational_flux(quanta, options.flux_tolerance, options.max_cells);
    if (flux.p == 0) {
      throw bad_input(fmt::format(
          "{}: {} {} is {:.4g} flux quanta through a cell, and no fraction p/q with q up to {} "
          "(bands.max_cells) comes within {} of it; about {:.0f} cells would do",
          where(), asked, field_unit, quanta, options.max_cells, options.flux_tolerance,
          std::ceil(1.0 / std::abs(quanta))));
    }
    const double used = asked * flux.quanta() / quanta;
    const Vector3 zeeman = sample::uniform_field(units, used, direction).zeeman;
    for (const double k : options.momentum) {
      const auto levels = with_context(where, [&] {
        return sample::landau_levels(model, axis, flux, zeeman, {0.0, 0.0, constants::pi * k});
      });
      for (std::size_t n = 0; n < levels.size(); ++n) {
        if (!options.window.empty() &&
            (levels[n] < options.window[0] || levels[n] > options.window[1])) {
          continue;
        }
        table.add_row({used, asked, static_cast<double>(std::abs(flux.p)),
                       static_cast<double>(flux.q), k, static_cast<double>(n), levels[n]});
      }
    }
  }
  return table;
}

/// A path's corners as seen along a surface's normal n: k_1, k_2 of the surface, and k_3 such that k.n = 0.
std::vector<deck::BandOptions::Corner> on_surface(
    const model::Surface& surface, const std::vector<deck::BandOptions::Corner>& path) {
  const auto& a = surface.model.lattice_vectors;
  const auto b = reciprocal_vectors(a);
  const Vector3 n = cross(a[0], a[1]);
  std::vector<deck::BandOptions::Corner> seen;
  for (const auto& corner : path) {
    Vector3 k{};
    for (std::size_t i = 0; i < 2; ++i) {
      const auto& c = surface.vectors[i];
      k[i] = c[0] * corner.k[0] + c[1] * corner.k[1] + c[2] * corner.k[2];
    }
    k[2] = -dot(n, k[0] * b[0] + k[1] * b[1]) / dot(n, b[2]);
    seen.push_back({k, corner.label});
  }
  return seen;
}

/// The wave vectors of a surface: a path, or its whole zone.
Path surface_points(const model::Model& crystal, const model::Surface& surface,
                    const deck::BandOptions& options) {
  if (!options.path.empty()) {
    return make_path(surface.model, on_surface(surface, options.path), options.n_points);
  }
  check_size(static_cast<double>(options.n_points) * options.n_points);
  // A sheet has no wave vector along z.
  const auto count = [&](std::size_t i) {
    const bool is_z = crystal.dimension == 2 && surface.vectors[i] == std::array<int, 3>{0, 0, 1};
    return is_z ? 1 : options.n_points;
  };
  Path path;
  for (int i = 0; i < count(0); ++i) {
    for (int j = 0; j < count(1); ++j) {
      path.points.push_back({{zone_point(i, count(0)), zone_point(j, count(1)), 0.0}, {}, 0.0});
    }
  }
  return path;
}

ColumnTable surface_table(const deck::Deck& deck) {
  const model::Model crystal = sample::device_model(deck);
  const auto& options = deck.bands;
  const model::Surface surface =
      with_context([&] { return deck.where("bands.normal"); },
                   [&] { return model::make_surface(crystal, options.normal); });
  const double a = deck.model->lattice_constant;
  const std::string density = "1/" + unit_of(deck, Quantity::energy);
  const auto text_of = [](const std::array<int, 3>& c) {
    return fmt::format("({} {} {})", c[0], c[1], c[2]);
  };
  const auto momentum = [&](std::size_t i) {
    return Column{fmt::format("k_{}", i + 1), "pi",
                  fmt::format("wave vector times the lattice vector {} over pi",
                              text_of(surface.vectors[i]))};
  };
  ColumnTable table{
      "surface",
      fmt::format("spectral functions of {} at its surface {}, per cell of the surface, broadening "
                  "{}\nk_1 along the lattice vector {}, k_2 along {}, in units of pi",
                  deck.model->name, text_of(options.normal), options.broadening,
                  text_of(surface.vectors[0]), text_of(surface.vectors[1])),
      {{"distance", "1/" + unit_of(deck, Quantity::length), "distance along the path"},
       momentum(0),
       momentum(1),
       energy_column(deck),
       {"surface", density, "spectral function of the outermost cell"},
       {"bulk", density, "spectral function of a cell far inside"}}};
  const Path path = surface_points(crystal, surface, options);
  if (!options.path.empty()) table.corners = corners_json(path, 1.0 / a);
  check_size(static_cast<double>(path.points.size()) * static_cast<double>(deck.energy.size()));
  for (const PathPoint& point : path.points) {
    for (const double energy : deck.energy) {
      const auto spectrum = model::spectral_function(
          surface, {constants::pi * point.k[0], constants::pi * point.k[1]}, energy,
          options.broadening);
      table.add_row(
          {point.distance / a, point.k[0], point.k[1], energy, spectrum.surface, spectrum.bulk});
    }
  }
  return table;
}

ColumnTable make_table(const deck::Deck& deck) {
  if (deck.bands.kind == "lead") return lead_table(deck);
  if (!deck.model) {
    throw bad_input("a system file has no bulk; use --lead for the bands of its leads");
  }
  if (deck.bands.kind == "landau") return landau_table(deck);
  if (deck.bands.kind == "surface") return surface_table(deck);
  return bulk_table(deck);
}

}  // namespace

void bands_command(const deck::Deck& deck, const std::string& output, bool json) {
  if (deck.conductor) throw bad_input("engine.kind: continuum has no bands");
  const ColumnTable table = make_table(deck);
  if (!output.empty()) write_hdf5(table, deck, output);
  if (json) {
    print_json(table);
  } else if (output.empty()) {
    print_text(table);
  } else {
    fmt::print("{}: {} rows\n", output, table.columns.front().values.size());
  }
}

}  // namespace edotb::cli
