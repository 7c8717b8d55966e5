// Multigrid costs in proportion to the unknowns n. A factorisation by nested dissection takes a time of n^1.25 in a film
// (mesh and factors together) and n^2 in space; its factors hold n (log n within what was measured) and n^(4/3) numbers.

#include "edotb/continuum/cost.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

namespace {

double multigrid_seconds(const Workload& work) {
  // Order 1: 9.8e5 unknowns in 8.2 s; with a Hall part between 20 and 97 us each, by the field's direction.
  const auto n = static_cast<double>(work.n_unknowns);
  const double per_unknown = work.symmetric ? 8.4e-6 : 4.5e-5;
  const double of_order = work.order == 1 ? 1.0 : 3.0;  // 2.6e5 unknowns of order 2 in 6.7 s
  const double share_of_iterations = work.symmetric ? 0.3 : 0.8;
  const double n_solutions = static_cast<double>(work.n_contacts) - 1.0;
  return n * per_unknown * of_order * (1.0 + share_of_iterations * (n_solutions - 1.0));
}

double direct_seconds(const Workload& work) {
  const auto n = static_cast<double>(work.n_unknowns);
  constexpr double share_of_solution = 0.05;
  const double solutions = 1.0 + share_of_solution * (static_cast<double>(work.n_contacts) - 2.0);
  if (work.dimension == 2) return 4.0 * std::pow(n / 4.8e5, 1.25) * solutions;
  constexpr double measured = 4.7e4;
  return 1.2 * std::pow(n / measured, 2) * solutions;
}

/// Of one mesh and one solver, on each rank; every rank has the whole mesh, and its share of the rest.
double megabytes(const Workload& work, SolverKind used) {
  constexpr double program = 45.0;
  const auto n = static_cast<double>(work.n_unknowns);
  const bool is_film = work.dimension == 2;
  const double of_order = work.order == 1 ? 1.0 : 1.41;
  const double mesh = 0.4e-3 * n;
  double solver = 0.0;
  if (used == SolverKind::direct) {
    solver = is_film ? 0.6e-3 * n : (work.symmetric ? 1.05e-4 : 1.84e-4) * std::pow(n, 4.0 / 3.0);
    solver *= of_order;
  } else {
    solver = is_film ? 0.4e-3 * n : (work.symmetric ? 0.9e-3 : 1.35e-3) * of_order * n;
  }
  // Each row of two fluids couples to both.
  return program + work.n_fields * (mesh + solver / work.n_ranks);
}

/// The same with what SolverKind::automatic may come to take where multigrid fails.
double most_megabytes(const Workload& work, SolverKind solver) {
  const double expected =
      megabytes(work, solver_for(solver, work.n_unknowns, work.dimension, work.symmetric));
  const bool may_factorise =
      solver == SolverKind::automatic &&
      work.n_unknowns <= most_direct_unknowns(work.dimension, work.symmetric);
  return may_factorise ? std::max(expected, megabytes(work, SolverKind::direct)) : expected;
}

}  // namespace

Workload workload_of(const Space& space, const Material& material, std::size_t n_contacts) {
  const int n_fields = material.n_fields();
  return {.n_unknowns = space.nodes.size() * static_cast<std::size_t>(n_fields),
          .n_contacts = n_contacts,
          .dimension = space.dimension,
          .order = space.order,
          .symmetric = material.form(space.order).near == nullptr,
          .n_fields = n_fields};
}

Cost expected_cost(const Workload& work, SolverKind solver) {
  const SolverKind used = solver_for(solver, work.n_unknowns, work.dimension, work.symmetric);
  return {used == SolverKind::direct ? direct_seconds(work) : multigrid_seconds(work),
          most_megabytes(work, solver)};
}

Cost expected_cost_of_refinement(const Workload& last, SolverKind solver) {
  Cost sum = expected_cost(last, solver);
  for (Workload mesh = last; mesh.n_unknowns > 1;) {
    mesh.n_unknowns /= 2;
    const Cost coarser = expected_cost(mesh, solver);
    sum.seconds += coarser.seconds;
    sum.megabytes = std::max(sum.megabytes, coarser.megabytes);
  }
  Workload largest_factor = last;
  largest_factor.n_unknowns =
      std::min(last.n_unknowns, most_direct_unknowns(last.dimension, last.symmetric));
  sum.megabytes = std::max(sum.megabytes, most_megabytes(largest_factor, solver));
  return sum;
}

}  // namespace edotb::continuum
