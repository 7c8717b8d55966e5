#include "edotb/campaign/conductor_run.hpp"

#include "conductor_results.hpp"
#include "edotb/base/error.hpp"
#include "edotb/campaign/progress.hpp"
#include "edotb/campaign/terminals.hpp"
#include "edotb/continuum/vtk.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
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

}  // namespace

RunSummary run_conductor(const deck::Deck& deck, const fs::path& directory,
                         const mpi::Communicator& comm) {
  const auto start = std::chrono::steady_clock::now();
  check_ranks_per_point(deck, comm);
  const mpi::RankGroup group(comm, deck.ranks_per_point);
  const bool leads_group = group.comm().is_first();
  std::optional<continuum::DeckConductor> built;
  mpi::collectively(comm, [&] {
    built.emplace(deck);
    static_cast<void>(measure::setups_of(deck, terminals_of(deck, *built)));
  });
  const continuum::DeckConductor& conductor = *built;
  const PointList points(deck);
  const Provenance provenance = make_provenance(comm);
  RunSummary summary;
  summary.results = directory / "results.h5";
  summary.n_points = points.size();
  mpi::collectively(comm, [&] {
    if (!comm.is_first()) return;
    create_conductor_results(prepare_results_folder(directory, deck), deck, conductor, provenance,
                             comm.size());
  });

  std::string remarks;
  {
    ConductorWriter writer(summary.results, comm, points);
    mpi::SharedCounter next(comm);
    Progress progress(points.size());
    const auto take = [&] {
      return mpi::broadcast(group.comm(), leads_group ? next.fetch_add(1) : 0);
    };
    for (auto number = take(); number < points.size(); number = take()) {
      const Point point = points[number];
      const double magnitude = deck.field.magnitude[static_cast<std::size_t>(point.field)];
      const double angle = deck.field.angle[static_cast<std::size_t>(point.angle)];
      const bool draws = deck.conductor->writes_fields && leads_group;
      const fs::path vtk =
          draws ? directory / fmt::format("field_{}_angle_{}.vtu", point.field, point.angle)
                : fs::path();
      const ConductorResult result = solve_point(conductor, magnitude, angle, group.comm(), vtk);
      if (!leads_group) continue;  // all ranks of the group hold the same result
      writer.write(number, result);
      if (!result.remark.empty()) {
        remarks += fmt::format("field {} angle {}: {}: {}\n", magnitude, angle,
                               result.status == Status::failed ? "failed" : "note", result.remark);
      }
      if (result.status == Status::failed) ++summary.n_failed;
      if (comm.is_first()) progress.show(number + 1);
    }
    if (comm.is_first()) progress.finish(points.size());
  }
  summary.remarks = mpi::gather_text(comm, remarks);
  mpi::collectively(comm, [&] {
    if (comm.is_first()) finish_results_file(summary.results, summary.remarks);
  });
  summary.n_failed = mpi::sum(comm, summary.n_failed);
  summary.seconds = seconds_since(start);
  return summary;
}

}  // namespace edotb::campaign
