#include "edotb/campaign/conductor_run.hpp"

#include "conductor_results.hpp"
#include "edotb/base/error.hpp"
#include "edotb/campaign/point_queue.hpp"
#include "edotb/campaign/signals.hpp"
#include "edotb/campaign/terminals.hpp"
#include "edotb/continuum/cost.hpp"
#include "edotb/continuum/vtk.hpp"
#include "results_folder.hpp"
#include "shared_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

namespace edotb::campaign {

namespace {

namespace fs = std::filesystem;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

ConductorResult failure(const continuum::DeckConductor& conductor, const std::string& reason) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::size_t n = conductor.contacts().size();
  ConductorResult result;
  result.status = Status::failed;
  result.conductance.assign(n * n, nan);
  result.error.assign(n * n, nan);
  result.potential.assign(conductor.probes().size() * n, nan);
  result.current_error = nan;
  result.remark = reason;
  return result;
}

/// Solves one point; the fields go to `vtk` when that names a file.
ConductorResult solve_point(const continuum::DeckConductor& conductor, double magnitude,
                            double angle, const mpi::Communicator& ranks, const fs::path& vtk) {
  const auto start = std::chrono::steady_clock::now();
  ConductorResult result;
  try {
    const auto material = conductor.material(magnitude, angle);
    const auto solution =
        continuum::solve_conductor(conductor.mesh(magnitude, angle), material, conductor.contacts(),
                                   conductor.options(), ranks);
    result.status = Status::solved;
    result.conductance = solution.contacts.conductance;
    result.error = solution.error;
    for (const Vector3& probe : conductor.probes()) {
      const auto volts = continuum::potentials_at(solution, material, probe);
      result.potential.insert(result.potential.end(), volts.begin(), volts.end());
    }
    result.current_error = solution.contacts.current_error;
    result.n_unknowns = static_cast<std::int64_t>(solution.contacts.n_unknowns);
    result.n_iterations = solution.contacts.n_iterations;
    result.n_refinements = solution.n_refinements;
    if (!vtk.empty()) continuum::write_vtk(vtk, solution, material);
    if (!solution.reached_tolerance) {
      result.remark = fmt::format(
          "the mesh ends at {} unknowns with an estimated error of {:.1e}; raise "
          "conductor.mesh.max_unknowns or conductor.mesh.tolerance",
          result.n_unknowns, continuum::relative_error(solution));
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::numerical) throw;
    result = failure(conductor, error.what());
  }
  result.seconds = seconds_since(start);
  return result;
}

/// What a rank needs [MB] for the largest mesh that the deck allows, or for its first one where that stays as it is.
double megabytes_of_run(const deck::Deck& deck, const continuum::DeckConductor& conductor) {
  const double magnitude = deck.field.magnitude.front();
  const double angle = deck.field.angle.front();
  const auto options = conductor.options();
  const auto space = continuum::make_space(conductor.mesh(magnitude, angle), options.order);
  continuum::Workload work = continuum::workload_of(space, conductor.material(magnitude, angle),
                                                    conductor.contacts().size());
  work.n_ranks = deck.ranks_per_point;
  if (options.tolerance == 0.0) {
    return continuum::expected_cost(work, options.solve.solver).megabytes;
  }
  work.n_unknowns = std::max(work.n_unknowns, options.max_unknowns);
  return continuum::expected_cost_of_refinement(work, options.solve.solver).megabytes;
}

}  // namespace

RunSummary run_conductor(const deck::Deck& asked_deck, const fs::path& directory,
                         const mpi::Communicator& comm, const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Signals signals;
  const auto ways = ways_to_share_points(asked_deck, comm);
  std::optional<continuum::DeckConductor> built;
  mpi::collectively(comm, [&] {
    built.emplace(asked_deck);
    static_cast<void>(measure::setups_of(asked_deck, terminals_of(asked_deck, *built)));
  });
  const continuum::DeckConductor& conductor = *built;
  const auto megabytes_of = [&](const deck::Deck& way) {
    double megabytes = 0.0;
    mpi::collectively(comm, [&] {
      if (!options.ignore_memory) megabytes = megabytes_of_run(way, conductor);
    });
    return megabytes;
  };
  const deck::Deck& deck = first_that_fits(
      ways, comm, megabytes_of,
      "Lower conductor.mesh.max_unknowns, start fewer ranks on a node, or let them share "
      "points (engine.ranks_per_point)");
  const mpi::RankGroup group(comm, deck.ranks_per_point);
  const bool leads_group = group.comm().is_first();
  const PointList points(deck);
  const Provenance provenance = make_provenance(comm);
  const Started started =
      start_results(deck, directory, options.resume, comm, [&](const auto& path) {
        create_conductor_results(path, deck, conductor, provenance, comm.size());
      });

  PointFile file(started.results, started.layout, PointFile::Access::write);
  Watcher watcher(file, comm, options.max_seconds, started.n_taken);
  PointQueue queue(comm, group.comm(),
                   make_chunks(points.size(), 1, comm.size() / deck.ranks_per_point),
                   started.is_done, watcher);
  while (const auto number = queue.next()) {
    const Point point = points[*number];
    const double magnitude = deck.field.magnitude[static_cast<std::size_t>(point.field)];
    const double angle = deck.field.angle[static_cast<std::size_t>(point.angle)];
    const bool draws = deck.conductor->writes_fields && leads_group;
    const fs::path vtk =
        draws ? directory / fmt::format("field_{}_angle_{}.vtu", point.field, point.angle)
              : fs::path();
    const ConductorResult result = solve_point(conductor, magnitude, angle, group.comm(), vtk);
    if (!leads_group) continue;  // all ranks of the group hold the same result
    if (!result.remark.empty()) {
      add_remarks(directory,
                  fmt::format("field {} angle {}: {}: {}\n", magnitude, angle,
                              result.status == Status::failed ? "failed" : "note", result.remark));
    }
    file.write(*number, parts_of(result));
  }
  RunSummary summary = finish_results(started, watcher, comm);
  summary.seconds = seconds_since(start);
  return summary;
}

}  // namespace edotb::campaign
