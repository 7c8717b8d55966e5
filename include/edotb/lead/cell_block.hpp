#pragma once

#include "edotb/sample/scattering_problem.hpp"

namespace edotb::lead {

/// A B^H, with an empty B for the identity.
struct FactoredMatrix {
  linalg::Matrix a;
  linalg::Matrix b;

  [[nodiscard]] bool is_low_rank() const { return b.rows() > 0; }
};

/// A run of `n_cells` equal cells of a lead, seen from the two cells kept at its ends: cell 0 and cell
/// n_cells. What lies between is eliminated at one real energy E, but for p "resonances", states whose
/// level lies so near E that eliminating them would cost digits. With psi the cells kept and r the
/// resonances, a chain of blocks obeys
///     (E - H_0 - on_left - on_right) psi_k = hopping psi_{k-1} + hopping^H psi_{k+1}
///                                            + to_right r_k + to_left r_{k+1},
///     resonance r_k = to_left^H psi_{k-1} + to_right^H psi_k .
struct CellBlock {
  std::size_t n_cells = 1;
  linalg::Matrix on_left;    ///< M x M, Hermitian: what the run adds to H_0 of cell 0
  linalg::Matrix on_right;   ///< M x M, Hermitian: what the run adds to H_0 of cell n_cells
  FactoredMatrix hopping;    ///< M x M: <cell n_cells| H |cell 0>
  linalg::Matrix resonance;  ///< p x p, Hermitian: E - H of the resonances
  linalg::Matrix to_left;    ///< M x p: <cell 0| H |resonance>
  linalg::Matrix to_right;   ///< M x p: <cell n_cells| H |resonance>

  [[nodiscard]] std::size_t n_resonances() const { return resonance.rows(); }
};

/// One bond: nothing eliminated. The hopping must be square.
[[nodiscard]] CellBlock single_bond(const sample::LeadCell& lead);

/// Two runs, one after the other; the cell between them is eliminated.
[[nodiscard]] CellBlock join(const sample::LeadCell& lead, double energy, const CellBlock& left,
                             const CellBlock& right);

/// A run of `n_cells` >= 3 cells, the cells inside eliminated at once by the sparse solver.
[[nodiscard]] CellBlock eliminated_run(const sample::LeadCell& lead, double energy,
                                       std::size_t n_cells);

/// The block to begin doubling with: so many cells of a sparse lead as cost less at once than by
/// doubling, or a single bond. The hopping must be square.
[[nodiscard]] CellBlock cheapest_run(const sample::LeadCell& lead, double energy);

/// The norm of what may be dropped from the hopping of a block: the rounding of the elimination.
[[nodiscard]] double negligible_hopping(const sample::LeadCell& lead);

/// A B^H again, of the lowest rank that keeps it to `negligible`, with A orthonormal; left as it is
/// where that rank exceeds half the dimension.
[[nodiscard]] FactoredMatrix compressed(FactoredMatrix matrix, double negligible);

}  // namespace edotb::lead
