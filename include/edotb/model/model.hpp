#pragma once

#include "edotb/base/vector3.hpp"
#include "edotb/linalg/dense.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace edotb::model {

/// The hopping matrix T_R = <cell r + R| H |cell r>, so that
///     H(k) = H_0 + sum_R (T_R exp(-i k.R) + adjoint),     k.R in phases per lattice vector.
struct Hopping {
  std::array<int, 3> offset{};  ///< R in lattice vectors; of R and -R only one is listed
  linalg::Matrix matrix;
};

/// An atom of the unit cell and the orbitals it carries.
struct Site {
  Vector3 position{};  ///< in the cell, unit a
  std::size_t n_orbitals = 1;
};

/// A tight-binding Hamiltonian, by its unit cell.
struct Model {
  int dimension = 3;  ///< 2: in the xy plane
  /// a_1, a_2, a_3 in Cartesian components, unit a.
  std::array<Vector3, 3> lattice_vectors{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  std::vector<Site> sites;
  linalg::Matrix onsite;  ///< H_0, orbitals x orbitals
  std::vector<Hopping> hoppings;
  /// sigma_x, sigma_y, sigma_z of the electron's spin on the cell's orbitals; empty if spinless.
  std::vector<linalg::Matrix> spin;

  [[nodiscard]] std::size_t n_orbitals() const { return onsite.rows(); }
};

/// H(k), k in radians per unit cell along each axis.
[[nodiscard]] linalg::Matrix bloch_hamiltonian(const Model& model, const Vector3& k);

/// The hopping of  cosine * cos(k.R) + sine * sin(k.R)  in H(k), both matrices Hermitian.
[[nodiscard]] Hopping hopping_of(std::array<int, 3> offset, const linalg::Matrix& cosine,
                                 const linalg::Matrix& sine);

/// sigma_0, sigma_x, sigma_y, sigma_z.
[[nodiscard]] const std::array<linalg::Matrix, 4>& pauli();

}  // namespace edotb::model
