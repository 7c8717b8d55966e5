#pragma once

#include "edotb/continuum/contacts.hpp"
#include "edotb/continuum/equations.hpp"
#include "edotb/continuum/sample_mesh.hpp"

#include <cmath>

namespace edotb::test {

/// A solved sample and what tests ask of it.
struct Solved {
  continuum::Space space;
  continuum::ContactSolution solution;

  /// The current that leaves through `to` per volt on `from`.
  [[nodiscard]] double g(std::size_t to, std::size_t from) const {
    return solution.conductance[to * solution.n_contacts + from];
  }
  /// Volts at a point with one volt on contact `from`.
  [[nodiscard]] double potential(const Vector3& point, std::size_t from) const {
    return continuum::interpolate(space, solution.potentials[from],
                                  continuum::locate(space, point));
  }
};

inline std::vector<continuum::ContactKind> kinds_of(const continuum::SampleShape& shape) {
  std::vector<continuum::ContactKind> kinds;
  for (const auto& patch : continuum::contacts_of(shape)) kinds.push_back(patch.contact);
  return kinds;
}

inline Solved solve_ohmic(const continuum::SampleShape& shape, const continuum::Tensor& sigma,
                          continuum::Resolution resolution, int order = 2,
                          const continuum::SolveOptions& options = {}) {
  resolution.stretch = continuum::stretch_of(sigma);
  const auto mesh = continuum::make_sample_mesh(shape, resolution);
  Solved solved;
  solved.space = continuum::make_space(mesh, order);
  solved.solution =
      continuum::solve_contacts(solved.space, continuum::ohmic_form(sigma, order), kinds_of(shape),
                                options, mpi::Communicator(MPI_COMM_WORLD));
  return solved;
}

}  // namespace edotb::test
