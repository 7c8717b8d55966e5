#pragma once

#include "edotb/continuum/conductor.hpp"

namespace edotb::continuum {

/// What decides how much work a sample's equations are.
struct Workload {
  std::size_t n_unknowns = 0;
  std::size_t n_contacts = 2;
  int dimension = 3;
  int order = 1;
  bool symmetric = true;  ///< without a Hall or chiral part
  int n_fields = 1;       ///< of two fluids 2; n_unknowns counts both
  int n_ranks = 1;        ///< that solve it together
};

/// The work of one mesh, on one rank.
[[nodiscard]] Workload workload_of(const Space& space, const Material& material,
                                   std::size_t n_contacts);

/// Time, and memory of each rank, from the mesh to the conductances and their errors.
struct Cost {
  double seconds = 0.0;
  double megabytes = 0.0;
};

/// The cost on one core like that of docs/continuum.md, from the rates measured there; the time right within a
/// factor of about three, and the memory within one and a half. Runs are refused by the same number.
[[nodiscard]] Cost expected_cost(const Workload& work, SolverKind solver);

/// The same with the coarser meshes before the last one, each of half the unknowns of the next.
[[nodiscard]] Cost expected_cost_of_refinement(const Workload& last, SolverKind solver);

}  // namespace edotb::continuum
