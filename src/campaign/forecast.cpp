#include "edotb/campaign/forecast.hpp"

#include "edotb/campaign/point_solver.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/coherent/engine.hpp"
#include "edotb/linalg/blas_speed.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace edotb::campaign {

namespace {

/// Share of the measured speed of a matrix product that a factorisation reaches: measured on 2D and 3D bars.
double efficiency_of(coherent::SolverKind kind) {
  return kind == coherent::SolverKind::multifrontal ? 0.7 : 0.35;
}
/// The cost of everything around it (assembly, solution with the modes' columns), as a factor.
constexpr double overhead = 1.5;

/// The highest temperature of the deck, or 0.
double hottest(const deck::Deck& deck) {
  const auto& temperatures = deck.thermal.temperature;
  return temperatures.empty() ? 0.0 : *std::max_element(temperatures.begin(), temperatures.end());
}

/// What a rank's memory depends on beyond the factorisation.
struct LeadSizes {
  std::size_t most_modes = 0;    ///< of a lead
  std::size_t n_modes = 0;       ///< of all leads
  std::size_t largest_cell = 0;  ///< orbitals
  std::size_t n_bytes = 0;       ///< of the solutions at one energy
};

/// Memory of a rank [MB], `factor_megabytes` of it for what a point's solver keeps.
double memory_of_rank(const deck::Deck& deck, const sample::Sample& sample,
                      const Observables& observables, double factor_megabytes,
                      const LeadSizes& leads, std::int64_t n_thermal_energies) {
  const auto& layout = sample.layout();
  const std::size_t n_vectors = std::max(leads.n_modes, observables.n_green_columns());
  const double vectors = 4.0 * 16e-6 * static_cast<double>(layout.n_orbitals() * n_vectors);
  const std::size_t most_modes = observables.counts_modes() ? leads.most_modes : 0;
  // The blocks of one point twice: as they are made, and as they are written.
  const double blocks = 2e3 * observables.gigabytes(1, most_modes);
  const double pattern = 5.0 * 24e-6 * static_cast<double>(layout.pattern->n_entries());
  // Matrices of the cell's size alive at once in the elimination of large cells (measured: 0.6 GB at
  // n = 1600), or the Schur problem of twice the size of a small one.
  constexpr double n_matrices = 16.0;
  const auto size = static_cast<double>(leads.largest_cell);
  const auto n_cached =
      static_cast<double>(deck.energy.size()) * static_cast<double>(1 + n_thermal_energies);
  const double cached = 1e-6 * std::min(static_cast<double>(max_cached_bytes),
                                        n_cached * static_cast<double>(leads.n_bytes));
  constexpr double program_megabytes = 120.0;
  return program_megabytes + factor_megabytes + vectors + blocks + pattern +
         n_matrices * 16e-6 * size * size + cached;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Costs Forecast::costs() const {
  const std::int64_t n_energies = 1 + n_thermal_energies;
  Costs costs;
  const double seconds = static_cast<double>(n_energies) * point_seconds;
  costs.point_seconds = [seconds](std::int64_t) { return seconds; };
  costs.lead_seconds = static_cast<double>(n_energies) * lead_seconds;
  costs.field_free_leads = field_free_leads;
  costs.n_kept_leads = n_kept_leads / static_cast<std::size_t>(n_energies);
  return costs;
}

Forecast forecast(const deck::Deck& deck, const sample::Sample& sample,
                  const Observables& observables) {
  check_size(deck, sample);
  const PointList points(deck);
  Forecast result;
  result.n_points = points.size();
  result.n_lead_problems = static_cast<std::int64_t>(deck.energy.size());
  result.field_free_leads = sample.field_free_leads();
  if (!result.field_free_leads) result.n_lead_problems *= points.shape()[0] * points.shape()[1];

  if (!deck.thermal.temperature.empty()) {
    result.n_thermal_energies = coherent::first_energies(thermal_windows(deck, sample, points[0]));
  }

  const auto& layout = sample.layout();
  const auto field = sample.field(deck.field.magnitude.front(), deck.field.angle.front());
  const auto start = std::chrono::steady_clock::now();
  LeadSizes sizes;
  const auto cells = sample.leads(field);
  const auto solutions = observables.ordered(lead::solve_leads(cells, deck.energy.front()));
  result.lead_seconds = seconds_since(start);
  for (const auto& solution : solutions) {
    result.open_modes.push_back(solution.n_modes());
    sizes.n_modes += solution.n_modes();
  }
  for (const auto& cell : cells) {
    sizes.largest_cell = std::max<std::size_t>(sizes.largest_cell, cell.cell.rows());
  }
  sizes.n_bytes = bytes_of(solutions);
  result.n_kept_leads =
      std::max<std::size_t>(1, max_cached_bytes / std::max<std::size_t>(1, sizes.n_bytes));

  coherent::Engine engine(layout,
                          solver_choice(deck, observables, mpi::Communicator(MPI_COMM_SELF)));
  const std::size_t most_modes =
      *std::max_element(result.open_modes.begin(), result.open_modes.end());
  sizes.most_modes = most_modes;
  const double rate = deck.dephasing.any() ? deck.dephasing.at(hottest(deck)) : 0.0;
  std::optional<coherent::DephasingEngine> dephasing;
  if (rate > 0.0)
    dephasing.emplace(layout, deck.dephasing.probe_size, mpi::Communicator(MPI_COMM_SELF));
  auto cost = dephasing ? dephasing->forecast() : engine.forecast(most_modes, deck.ranks_per_point);
  if (dephasing) cost.megabytes /= deck.ranks_per_point;
  if (observables.needs_solutions()) {
    cost.megabytes += engine.kept_factor_megabytes(most_modes);
    // A factorisation more for each of the two kinds of solutions.
    cost.flops *= 1.0 + (observables.needs_states() ? 1.0 : 0.0) +
                  (observables.n_green_columns() > 0 ? 1.0 : 0.0);
  }
  const auto speed = linalg::measure_blas_speed();
  result.gflops = engine.kind() == coherent::SolverKind::multifrontal ? speed.kernel_gflops
                                                                      : speed.zgemm_gflops;
  result.point_seconds =
      overhead * cost.flops / (efficiency_of(engine.kind()) * result.gflops * 1e9);
  // Small systems cost more around the factorisation than in it, so they are timed.
  constexpr double short_enough = 1.0;
  if (result.point_seconds < short_enough) {
    const auto begin = std::chrono::steady_clock::now();
    auto hamiltonian = sample.clean_hamiltonian(field);
    sample.add_disorder(field, 0, hamiltonian);
    if (dephasing) {
      (void)dephasing->solve(hamiltonian, solutions, deck.energy.front(), rate);
    } else {
      const auto scattering = engine.solve(hamiltonian, solutions, deck.energy.front());
      if (!observables.empty()) {
        (void)observables.evaluate(engine, hamiltonian, solutions, deck.energy.front(), scattering);
      }
    }
    result.point_seconds = seconds_since(begin);
    result.point_measured = true;
  }
  result.gigabytes_on_disk = observables.gigabytes(result.n_points, most_modes);
  observables.check_size(result.n_points, most_modes);
  result.megabytes_per_rank =
      memory_of_rank(deck, sample, observables, cost.megabytes, sizes, result.n_thermal_energies);
  return result;
}

double most_megabytes(const deck::Deck& deck, const sample::Sample& sample,
                      const Observables& observables, PointSolver& solver) {
  LeadSizes sizes;
  const auto field = sample.field(deck.field.magnitude.front(), deck.field.angle.front());
  for (const auto& cell : sample.leads(field)) {
    const std::size_t size = cell.cell.rows();
    sizes.largest_cell = std::max(sizes.largest_cell, size);
    sizes.n_modes += size;
    sizes.n_bytes += 4 * sizeof(linalg::Complex) * size * size;
  }
  sizes.most_modes = sizes.largest_cell;
  const double factors = solver.factor_megabytes(sizes.most_modes);
  const bool is_thermal = !deck.thermal.temperature.empty();
  return memory_of_rank(deck, sample, observables, factors, sizes,
                        is_thermal ? deck.thermal.max_energies : 0);
}

}  // namespace edotb::campaign
