#include "edotb/campaign/forecast.hpp"

#include "edotb/campaign/points.hpp"
#include "edotb/coherent/engine.hpp"
#include "edotb/linalg/blas_speed.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace edotb::campaign {

namespace {

/// Share of the measured speed of a matrix product that a factorisation reaches: measured on 2D and 3D bars.
double efficiency_of(coherent::SolverKind kind) {
  return kind == coherent::SolverKind::multifrontal ? 0.7 : 0.35;
}
/// The cost of everything around it (assembly, solution with the modes' columns), as a factor.
constexpr double overhead = 1.5;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double Forecast::total_seconds(int n_ranks) const {
  const double work = static_cast<double>(n_points) * point_seconds +
                      static_cast<double>(n_lead_problems) * lead_seconds;
  // A run is never faster than one point with its leads.
  return std::max(work / n_ranks, point_seconds + lead_seconds);
}

Forecast forecast(const deck::Deck& deck, const sample::Sample& sample) {
  const PointList points(deck);
  Forecast result;
  result.n_points = points.size();
  result.n_lead_problems = static_cast<std::int64_t>(deck.energy.size());
  if (!sample.field_free_leads()) result.n_lead_problems *= points.shape()[0] * points.shape()[1];

  const auto& layout = sample.layout();
  const auto field = sample.field(deck.field.magnitude.front(), deck.field.angle.front());
  const auto start = std::chrono::steady_clock::now();
  double lead_megabytes = 0.0;
  std::size_t n_columns = 0;
  const auto cells = sample.leads(field);
  const auto solutions = lead::solve_leads(cells, deck.energy.front());
  result.lead_seconds = seconds_since(start);
  for (const auto& solution : solutions) {
    result.open_modes.push_back(solution.n_modes());
    n_columns += solution.n_modes();
  }
  for (const auto& cell : cells) {
    // Matrices of the cell's size alive at once in the elimination of large cells (measured: 0.6 GB at
    // n = 1600), or the Schur problem of twice the size of a small one.
    const auto size = static_cast<double>(cell.cell.rows());
    constexpr double n_matrices = 16.0;
    lead_megabytes = std::max(lead_megabytes, n_matrices * 16e-6 * size * size);
  }

  auto choice = coherent::solver_choice(deck.solver, deck.precision, deck.n_threads);
  if (deck.ranks_per_point > 1) choice.kind = coherent::SolverKind::mumps;
  coherent::Engine engine(layout, choice);
  const std::size_t most_modes =
      *std::max_element(result.open_modes.begin(), result.open_modes.end());
  auto cost = engine.forecast(most_modes);
  cost.megabytes /= deck.ranks_per_point;
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
    (void)engine.solve(hamiltonian, solutions, deck.energy.front());
    result.point_seconds = seconds_since(begin);
    result.point_measured = true;
  }
  const double vectors = 4.0 * 16e-6 * static_cast<double>(layout.n_orbitals() * n_columns);
  const double pattern = 5.0 * 24e-6 * static_cast<double>(layout.pattern->n_entries());
  constexpr double program_megabytes = 120.0;
  result.megabytes_per_rank =
      program_megabytes + cost.megabytes + vectors + pattern + lead_megabytes;
  return result;
}

}  // namespace edotb::campaign
