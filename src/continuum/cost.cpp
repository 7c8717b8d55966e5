// Multigrid costs in proportion to the unknowns n; a factorisation by nested dissection n^1.25 in a film (mesh and
// factors together), and n^2 in space, with factors that grow as n^(4/3).

#include "edotb/continuum/cost.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

namespace {

Cost multigrid_cost(const Workload& work) {
  // Order 1: 9.8e5 unknowns in 8.2 s; with a Hall part between 20 and 97 us each, by the field's direction.
  const auto n = static_cast<double>(work.n_unknowns);
  const double per_unknown = work.symmetric ? 8.4e-6 : 4.5e-5;
  const double kilobytes = work.symmetric ? 0.94 : 2.0;
  const double of_order = work.order == 1 ? 1.0 : 3.0;  // 2.6e5 unknowns of order 2 in 6.7 s
  const double memory_of_order = work.order == 1 ? 1.0 : 1.7;
  const double share_of_iterations = work.symmetric ? 0.3 : 0.8;
  const double n_solutions = static_cast<double>(work.n_contacts) - 1.0;
  const double solutions = 1.0 + share_of_iterations * (n_solutions - 1.0);
  return {n * per_unknown * of_order * solutions, 1e-3 * n * kilobytes * memory_of_order};
}

Cost direct_cost(const Workload& work) {
  const auto n = static_cast<double>(work.n_unknowns);
  constexpr double share_of_solution = 0.05;
  const double solutions = 1.0 + share_of_solution * (static_cast<double>(work.n_contacts) - 2.0);
  if (work.dimension == 2) return {4.0 * std::pow(n / 4.8e5, 1.25) * solutions, 1e-3 * n * 0.9};
  constexpr double measured = 4.7e4;
  const double kilobytes = work.symmetric ? 2.8 : 4.6;
  return {1.2 * std::pow(n / measured, 2) * solutions,
          1e-3 * n * kilobytes * std::cbrt(n / measured)};
}

}  // namespace

Cost expected_cost(const Workload& work, SolverKind solver) {
  const SolverKind used = solver_for(solver, work.n_unknowns, work.dimension, work.symmetric);
  Cost cost = used == SolverKind::direct ? direct_cost(work) : multigrid_cost(work);
  constexpr double program_megabytes = 35.0;
  cost.megabytes += program_megabytes;
  return cost;
}

Cost expected_cost_of_refinement(const Workload& last, SolverKind solver) {
  Cost sum = expected_cost(last, solver);
  for (Workload mesh = last; mesh.n_unknowns > 1;) {
    mesh.n_unknowns /= 2;
    const Cost coarser = expected_cost(mesh, solver);
    sum.seconds += coarser.seconds;
    sum.megabytes = std::max(sum.megabytes, coarser.megabytes);
  }
  return sum;
}

}  // namespace edotb::continuum
