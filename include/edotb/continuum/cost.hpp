#pragma once

#include "edotb/continuum/contacts.hpp"

namespace edotb::continuum {

/// What decides how much work a sample's equations are.
struct Workload {
  std::size_t n_unknowns = 0;
  std::size_t n_contacts = 2;
  int dimension = 3;
  int order = 1;
  bool symmetric = true;  ///< without a Hall or chiral part
};

/// Time and memory from the mesh to the conductances and their errors.
struct Cost {
  double seconds = 0.0;
  double megabytes = 0.0;
};

/// The cost on one core like that of docs/continuum.md, from the rates measured there; right within a
/// factor of about three.
[[nodiscard]] Cost expected_cost(const Workload& work, SolverKind solver);

/// The same with the coarser meshes before the last one, each of half the unknowns of the next.
[[nodiscard]] Cost expected_cost_of_refinement(const Workload& last, SolverKind solver);

}  // namespace edotb::continuum
