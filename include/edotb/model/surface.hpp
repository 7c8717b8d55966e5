#pragma once

#include "edotb/model/model.hpp"

namespace edotb::model {

/// A crystal that ends: the lattice plane of the two lattice vectors other than a_axis, with vacuum beyond
/// it along +a_axis or -a_axis. The axes in the plane are (axis + 1) % 3 and (axis + 2) % 3.
struct Surface {
  std::size_t axis = 2;
  int outwards = 1;  ///< +-1
};

/// Spectral functions A = -Im Tr G(k, E + i broadening) / pi, states per energy and cell of the plane.
struct SpectralFunction {
  double surface = 0.0;  ///< of the outermost cell
  double bulk = 0.0;     ///< of a cell far inside
};

/// A at the wave vector `k` in the surface [radians per lattice vector; two components], by decimation
/// (M. P. Lopez Sancho et al., J. Phys. F 15, 851 (1985)): the layers between are eliminated, twice as
/// many in each step. Throws numerical_error when it does not end, which a broadening of zero may cause.
[[nodiscard]] SpectralFunction spectral_function(const Model& model, const Surface& surface,
                                                 const std::array<double, 2>& k, double energy,
                                                 double broadening);

}  // namespace edotb::model
