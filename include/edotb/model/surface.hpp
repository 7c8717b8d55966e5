#pragma once

#include "edotb/model/model.hpp"

namespace edotb::model {

/// A crystal that ends at a lattice plane, by its unit cell of that plane.
struct Surface {
  /// a_1 and a_2 lie in the plane; a_3 leads from plane to plane, towards the vacuum.
  Model model;
  /// These a_i in lattice vectors of the crystal, the shortest that there are.
  std::array<std::array<int, 3>, 3> vectors{};
};

/// The plane with Miller indices `normal`: its outward normal is sum_i normal_i b_i with b_i reciprocal to a_i.
/// The crystal ends with whole unit cells. Throws bad_input when all indices are zero or one is beyond +-20.
[[nodiscard]] Surface make_surface(const Model& model, std::array<int, 3> normal);

/// Spectral functions A = -Im Tr G(k, E + i broadening) / pi, states per energy and cell of the plane.
struct SpectralFunction {
  double surface = 0.0;  ///< of the outermost cell
  double bulk = 0.0;     ///< of a cell far inside
};

/// A at the wave vector `k` in the plane [radians per lattice vector of the plane], by decimation (M. P. Lopez
/// Sancho et al., J. Phys. F 15, 851 (1985)): the layers between are eliminated, twice as many in each
/// step. Throws numerical_error when it does not end, which too small a broadening may cause.
[[nodiscard]] SpectralFunction spectral_function(const Surface& surface,
                                                 const std::array<double, 2>& k, double energy,
                                                 double broadening);

}  // namespace edotb::model
