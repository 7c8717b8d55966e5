#pragma once

#include "edotb/continuum/equations.hpp"
#include "edotb/continuum/estimate.hpp"

#include <optional>

namespace edotb::continuum {

/// What a sample is made of, in one field: an ohmic conductor or the two-chirality fluid.
struct Material {
  Tensor sigma{};                 ///< of the ohmic conductor; of one of the fluids
  std::optional<TwoFluid> fluid;  ///< absent: ohmic
  Vector3 direction{1, 0, 0};     ///< of the field, length one

  [[nodiscard]] int n_fields() const { return fluid ? 2 : 1; }
  [[nodiscard]] WeakForm form(int order) const {
    return fluid ? two_fluid_form(*fluid, direction, order) : ohmic_form(sigma, order);
  }
};

/// The material of a film in the plane of x and y: what a field out of the plane does there. Conductances
/// are those of a film of this thickness.
[[nodiscard]] Material film_of(const Material& material, double thickness);

struct ConductorOptions {
  int order = 2;
  SolveOptions solve = {};
  /// Relative to sqrt(G_pp G_qq), of every G_pq; 0: the mesh is taken as it is.
  double tolerance = 0.0;
  std::size_t max_unknowns = 1000000;
};

/// A solved conductor: its mesh is as fine as the tolerance took.
struct ConductorSolution {
  Space space;
  ContactSolution contacts;
  std::vector<double> error;  ///< of every conductance, estimated
  int n_refinements = 0;
  bool reached_tolerance = true;
};

/// Solves, estimates the error and cuts the worst cells in two until the tolerance or max_unknowns is
/// reached. Collective; the mesh is the same on all ranks.
[[nodiscard]] ConductorSolution solve_conductor(Mesh mesh, const Material& material,
                                                const std::vector<ContactKind>& contacts,
                                                const ConductorOptions& options,
                                                const mpi::Communicator& comm);

/// The largest error over sqrt(G_pp G_qq).
[[nodiscard]] double relative_error(const ConductorSolution& solution);

/// Volts at a point with one volt on each contact in turn; of two fluids, their mean.
[[nodiscard]] std::vector<double> potentials_at(const ConductorSolution& solution,
                                                const Material& material, const Vector3& point);

}  // namespace edotb::continuum
