#include "edotb/campaign/run.hpp"

#include "edotb/base/error.hpp"
#include "edotb/campaign/forecast.hpp"
#include "edotb/campaign/node_memory.hpp"
#include "edotb/campaign/point_queue.hpp"
#include "edotb/campaign/results_file.hpp"
#include "edotb/campaign/signals.hpp"
#include "edotb/campaign/terminals.hpp"
#include "results_folder.hpp"
#include "rounds.hpp"
#include "shared_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace edotb::campaign {

namespace fs = std::filesystem;

namespace {

std::string remark_of(const deck::Deck& deck, const Point& point, const std::string& outcome,
                      std::string reason) {
  const auto at = [](const std::vector<double>& values, std::int64_t i) {
    return values[static_cast<std::size_t>(i)];
  };
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  return fmt::format("field {} angle {} energy {} realisation {}: {}: {}\n",
                     at(deck.field.magnitude, point.field), at(deck.field.angle, point.angle),
                     at(deck.energy, point.energy), point.realisation, outcome, reason);
}

/// One line for whatever is to be said of the point, and one for its thermal averages.
std::string remarks_of(const deck::Deck& deck, const Point& point, const PointResult& result) {
  std::string remarks;
  if (!result.remark.empty()) {
    const char* const outcome = result.status == Status::failed   ? "failed"
                                : result.status == Status::solved ? "note"
                                                                  : "solved again";
    remarks += remark_of(deck, point, outcome, result.remark);
  }
  if (result.thermal && !result.thermal->remark.empty()) {
    const auto status = result.thermal->status;
    const char* const outcome = status == ThermalStatus::failed             ? "failed"
                                : status == ThermalStatus::within_tolerance ? "note"
                                                                            : "inexact";
    remarks += remark_of(deck, point, outcome, result.thermal->remark);
  }
  return remarks;
}

/// What a rank needs [MB]. The first point's leads are solved for it only where a bound without them does not
/// fit. Collective.
double megabytes_of_run(const deck::Deck& deck, const sample::Sample& sample,
                        const Observables& observables, PointSolver& solver,
                        const mpi::Communicator& comm) {
  double megabytes = 0.0;
  mpi::collectively(comm, [&] { megabytes = most_megabytes(deck, sample, observables, solver); });
  if (fits_memory(comm, megabytes)) return megabytes;
  mpi::collectively(comm, [&] {
    megabytes = comm.is_first() ? forecast(deck, sample, observables).megabytes_per_rank : 0.0;
  });
  return mpi::maximum(comm, megabytes);
}

}  // namespace

RunSummary run(const deck::Deck& asked_deck, const fs::path& directory,
               const mpi::Communicator& comm, const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Signals signals;
  const auto ways = ways_to_share_points(asked_deck, comm);
  std::optional<sample::Sample> built;
  std::optional<Observables> asked;
  mpi::collectively(comm, [&] {
    built.emplace(asked_deck);
    asked.emplace(asked_deck, *built);
    check_size(asked_deck, *built);
    static_cast<void>(measure::setups_of(asked_deck, terminals_of(*built)));
  });
  const sample::Sample& sample = *built;
  const Observables& observables = *asked;
  const PointList points(asked_deck);
  const std::size_t most_modes =
      observables.counts_modes() ? most_open_modes(asked_deck, sample, comm) : 0;
  mpi::collectively(comm, [&] { observables.check_size(points.size(), most_modes); });
  std::optional<mpi::RankGroup> ranks;
  std::optional<PointSolver> solver;
  const auto megabytes_of = [&](const deck::Deck& way) {
    solver.reset();
    ranks.emplace(comm, way.ranks_per_point);
    solver.emplace(way, sample, ranks->comm());
    return options.ignore_memory ? 0.0 : megabytes_of_run(way, sample, observables, *solver, comm);
  };
  const deck::Deck& deck = first_that_fits(
      ways, comm, megabytes_of,
      "Start fewer ranks on a node, or let them share points (engine.ranks_per_point with "
      "engine.solver: mumps)");
  const mpi::Communicator& group = ranks->comm();
  const Provenance provenance = make_provenance(comm);
  const Started started =
      start_results(deck, directory, options.resume, comm, [&](const auto& path) {
        create_results_file(path, deck, sample, observables, most_modes, provenance, comm.size());
      });

  PointFile file(started.results, started.layout, PointFile::Access::write);
  Watcher watcher(file, comm, options.max_seconds, started.n_taken, deck.ensemble.until.any());
  Rounds rounds(deck, terminals_of(sample), started, comm, comm.size() / deck.ranks_per_point);
  for (auto chunks = rounds.next(false); !chunks.empty();
       chunks = rounds.next(watcher.wants_stop())) {
    PointQueue queue(comm, group, std::move(chunks), started.is_done, watcher);
    while (const auto number = queue.next()) {
      const PointResult result = solver->solve(points[*number]);
      if (!group.is_first()) continue;  // all ranks of the group hold the same result
      add_remarks(directory, remarks_of(deck, points[*number], result));
      file.write(*number, parts_of(result, observables));
      rounds.add(*number, result);
    }
  }
  RunSummary summary = finish_results(started, watcher, comm, rounds.ensemble());
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return summary;
}

}  // namespace edotb::campaign
