#pragma once

#include "edotb/model/model.hpp"

#include <functional>

namespace edotb::model {

/// A pair of neighbours on the honeycomb lattice.
struct HoneycombBond {
  std::array<int, 3> offset{};  ///< cell of `to` less cell of `from`
  std::size_t to = 0;           ///< sites of the cell
  std::size_t from = 0;
  Vector3 direction{};  ///< unit vector from `from` to `to`
  int turn = 0;  ///< second neighbours: +1 when the way turns left at the site between, else -1
};

/// The empty honeycomb lattice of graphene.cpp: sites A1, B1, A2, B2 with `n_orbitals` each.
[[nodiscard]] Model honeycomb(std::size_t n_orbitals);
/// +1 on sublattice A, -1 on B.
[[nodiscard]] int sublattice_sign(std::size_t site);

/// Nearest (distance a/sqrt 3) and second neighbours (distance a), each pair once.
[[nodiscard]] std::vector<HoneycombBond> nearest_neighbours(const Model& lattice);
[[nodiscard]] std::vector<HoneycombBond> second_neighbours(const Model& lattice);

/// Adds <to|H|from> = block, and its adjoint.
void add_bond(Model& model, const HoneycombBond& bond, const linalg::Matrix& block);

}  // namespace edotb::model
