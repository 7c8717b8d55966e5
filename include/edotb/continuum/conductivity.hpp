#pragma once

#include "edotb/base/vector3.hpp"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace edotb::continuum {

/// A 3x3 tensor by its rows: j_i = sum_k tensor[i][k] E_k.
using Tensor = std::array<Vector3, 3>;

/// What a uniform conductor is in one field: j = parallel E_par + perpendicular E_perp + hall E x b, with
/// b the direction of the field [S/m, or any unit common to the three].
struct Conductivity {
  double parallel = 1.0;
  double perpendicular = 1.0;
  double hall = 0.0;

  /// A = parallel / perpendicular.
  [[nodiscard]] double anisotropy() const { return parallel / perpendicular; }
};

/// One kind of carriers.
struct DrudeBand {
  double density = 0.0;   ///< [1/m^3]
  double mobility = 0.0;  ///< [m^2/Vs], positive
  int sign = -1;          ///< of the carriers' charge: -1 electrons, +1 holes
};

/// The sum over bands of parallel = s0, perpendicular = s0/(1 + (mu B)^2),
/// hall = sign s0 mu B/(1 + (mu B)^2), with s0 = density e mobility. `field` in T.
[[nodiscard]] Conductivity drude_conductivity(std::span<const DrudeBand> bands, double field);

/// A Weyl semimetal's nodes, in pairs of opposite chirality.
struct WeylNodes {
  double velocity = 0.0;            ///< [m/s]
  double chemical_potential = 0.0;  ///< from the node [eV]
  double axial_time = 0.0;          ///< decay time of n_+ - n_- [s]
  double mobility = 0.0;            ///< of the electrons of one node [m^2/Vs]
  int n_pairs = 1;
};

/// What the chiral anomaly adds to `parallel` in a weak field,
/// n_pairs e^4 v^3 tau_a B^2 / (4 pi^2 hbar mu^2) [S/m] (Son and Spivak, PRB 88, 104412).
[[nodiscard]] double chiral_conductivity(const WeylNodes& nodes, double field);

/// sigma(B) by linear interpolation. Fields ascend from zero; for B < 0 the Hall part changes sign.
struct ConductivityTable {
  std::vector<double> field;  ///< [T]
  std::vector<Conductivity> conductivity;

  /// Throws bad_input outside the table.
  [[nodiscard]] Conductivity at(double b) const;
};

/// Reads comma-separated lines B, sigma_parallel, sigma_perpendicular, sigma_hall [T, S/m]; a header and
/// lines that begin with # are skipped. Throws bad_input with `name` and the line.
[[nodiscard]] ConductivityTable parse_conductivity_table(const std::string& text,
                                                         const std::string& name);

/// parallel b b^T + perpendicular (1 - b b^T) + hall eps.b, for a field along `direction`, which need not
/// be of length one. Throws bad_input unless the symmetric part is positive definite.
[[nodiscard]] Tensor conductivity_tensor(const Conductivity& conductivity,
                                         const Vector3& direction);

/// The tensor of a film in the plane of x and y, in which no current flows along z:
/// sigma_ab - sigma_az sigma_zb / sigma_zz; its row and column z are zero.
[[nodiscard]] Tensor film_tensor(const Tensor& tensor);

/// tensor v.
[[nodiscard]] Vector3 times(const Tensor& tensor, const Vector3& v);
[[nodiscard]] Tensor transposed(const Tensor& tensor);
/// The square roots of the diagonal, 1 where that is zero (across a film).
[[nodiscard]] Vector3 stretch_of(const Tensor& tensor);
[[nodiscard]] Tensor symmetric_part(const Tensor& tensor);

}  // namespace edotb::continuum
