#pragma once

#include "edotb/sample/device.hpp"

#include <array>
#include <vector>

namespace edotb::sample {

/// p/q flux quanta h/e through the face of the unit cell across a lattice vector; p has the sign of the
/// flux, q is the number of cells in the magnetic cell.
struct RationalFlux {
  int p = 0;
  int q = 1;
  [[nodiscard]] double quanta() const { return static_cast<double>(p) / q; }
};

/// The p/q of smallest q <= max_cells that is within `tolerance` (relative) of a flux; p = 0 when none is.
[[nodiscard]] RationalFlux rational_flux(double quanta, double tolerance, int max_cells);

/// b per flux quantum through the face across a_axis: the field along a_axis [rad/a^2].
[[nodiscard]] Vector3 field_per_quantum(const model::Model& model, std::size_t axis);

/// All energies, ascending, of a crystal in a field along the lattice vector a_axis, at one wave vector. In
/// the gauge A = phi x_u b_v (r = sum_i x_i a_i, b_v reciprocal to a_v, u and v the axes that follow) it
/// repeats after q cells along a_u: q n_orbitals levels, p of them for each Landau level.
/// `zeeman` as in Field; `k`: radians per q cells along a_u, per cell along a_v, per cell along a_axis.
/// Throws bad_input when the magnetic cell is larger than a dense band matrix allows.
[[nodiscard]] std::vector<double> landau_levels(const model::Model& model, std::size_t axis,
                                                const RationalFlux& flux, const Vector3& zeeman,
                                                const Vector3& k);

}  // namespace edotb::sample
