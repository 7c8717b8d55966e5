#include "edotb/campaign/run.hpp"

#include "edotb/base/error.hpp"
#include "edotb/campaign/progress.hpp"
#include "edotb/campaign/results_file.hpp"
#include "edotb/campaign/terminals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

namespace edotb::campaign {

namespace fs = std::filesystem;

fs::path prepare_results_folder(const fs::path& directory, const deck::Deck& deck) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    throw bad_input(fmt::format("output.directory: {} cannot be created: {}", directory.string(),
                                error.message()));
  }
  fs::path results = directory / "results.h5";
  if (fs::exists(results)) {
    fs::rename(results, directory / "results.previous.h5", error);
    if (error) throw bad_input(results.string() + ": cannot be moved aside: " + error.message());
    fmt::print(stderr, "kept the older results as {}\n",
               (directory / "results.previous.h5").string());
  }
  std::ofstream(directory / "deck.yaml") << deck.source;
  std::ofstream(directory / "deck.expanded.yaml") << deck.expanded;
  return results;
}

void check_ranks_per_point(const deck::Deck& deck, const mpi::Communicator& comm) {
  if (comm.size() % deck.ranks_per_point == 0) return;
  throw bad_input(fmt::format("{}: {} ranks per point do not divide the {} of this run",
                              deck.where("engine.ranks_per_point"), deck.ranks_per_point,
                              comm.size()))
      .made_collective();
}

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

std::string sorted_lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  std::string sorted;
  for (const auto& line : lines) sorted += line + "\n";
  return sorted;
}

}  // namespace

RunSummary run(const deck::Deck& deck, const fs::path& directory, const mpi::Communicator& comm) {
  const auto start = std::chrono::steady_clock::now();
  check_ranks_per_point(deck, comm);
  const mpi::RankGroup group(comm, deck.ranks_per_point);
  const bool leads_group = group.comm().is_first();
  std::optional<sample::Sample> built;
  std::optional<Observables> asked;
  mpi::collectively(comm, [&] {
    built.emplace(deck);
    asked.emplace(deck, *built);
    check_size(deck, *built);
    static_cast<void>(measure::setups_of(deck, terminals_of(*built)));
  });
  const sample::Sample& sample = *built;
  const Observables& observables = *asked;
  const PointList points(deck);
  const std::size_t most_modes =
      observables.counts_modes() ? most_open_modes(deck, sample, comm) : 0;
  mpi::collectively(comm, [&] { observables.check_size(points.size(), most_modes); });
  const Provenance provenance = make_provenance(comm);
  RunSummary summary;
  summary.results = directory / "results.h5";
  summary.n_points = points.size();
  mpi::collectively(comm, [&] {
    if (!comm.is_first()) return;
    create_results_file(prepare_results_folder(directory, deck), deck, sample, observables,
                        most_modes, provenance, comm.size());
  });

  std::string remarks;
  {
    ResultsWriter writer(summary.results, comm, points, observables);
    PointSolver solver(deck, sample, group.comm());
    mpi::SharedCounter next_chunk(comm);
    mpi::SharedCounter n_done(comm);
    const auto chunks =
        make_chunks(points.size(), points.shape()[3], comm.size() / deck.ranks_per_point);
    Progress progress(points.size());
    const auto take_chunk = [&] {
      return mpi::broadcast(group.comm(), leads_group ? next_chunk.fetch_add(1) : 0);
    };
    for (auto c = take_chunk(); c < static_cast<std::int64_t>(chunks.size()); c = take_chunk()) {
      const Chunk& chunk = chunks[static_cast<std::size_t>(c)];
      for (std::int64_t number = chunk.begin; number < chunk.end; ++number) {
        const PointResult result = solver.solve(points[number]);
        if (!leads_group) continue;  // all ranks of the group hold the same result
        writer.write(number, result);
        remarks += remarks_of(deck, points[number], result);
        if (result.thermal && result.thermal->status != ThermalStatus::within_tolerance) {
          ++summary.n_thermal_missed;
        }
        if (result.status == Status::failed) {
          ++summary.n_failed;
        } else {
          summary.max_unitarity_error =
              std::max(summary.max_unitarity_error, result.unitarity_error);
        }
        if (result.status == Status::solved_again) ++summary.n_solved_again;
        const auto done = n_done.fetch_add(1) + 1;
        if (comm.is_first()) progress.show(done);
      }
    }
    if (comm.is_first()) {
      // Nothing left to take: watch the others finish.
      while (n_done.value() < points.size()) {
        progress.show(n_done.value());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      progress.finish(points.size());
    }
  }
  summary.remarks = sorted_lines(mpi::gather_text(comm, remarks));
  mpi::collectively(comm, [&] {
    if (comm.is_first()) finish_results_file(summary.results, summary.remarks);
  });
  summary.n_failed = mpi::sum(comm, summary.n_failed);
  summary.n_thermal_missed = mpi::sum(comm, summary.n_thermal_missed);
  summary.n_solved_again = mpi::sum(comm, summary.n_solved_again);
  summary.max_unitarity_error = mpi::maximum(comm, summary.max_unitarity_error);
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return summary;
}

}  // namespace edotb::campaign
