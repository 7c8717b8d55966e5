#pragma once

#include "edotb/lead/lead.hpp"

#include <vector>

namespace edotb::lead {

/// Puts the modes of a lead into the order, and gives them the phases, that S-matrices are written in:
///   incoming modes by momentum k (outwards, per cell) upwards, outgoing modes by k downwards, so that
///   where k and -k are both modes the two with one number are partners; of equal k the faster first;
///   the largest component of source and probe is real and positive.
/// In a clean bar S_10 is then diagonal. Of modes equal in momentum and velocity the basis is arbitrary.
[[nodiscard]] LeadSolution in_channel_order(LeadSolution solution);

/// The same with modes that are eigenstates of a conserved quantity, given as a Hermitian matrix on the
/// interface: sorted by eigenvalue first, upwards. Mode::sector is the place of the eigenvalue in
/// `eigenvalues`. Throws numerical_error when the modes are none: the lead does not conserve it.
[[nodiscard]] LeadSolution in_channel_order(LeadSolution solution, const linalg::Matrix& conserved,
                                            const std::vector<double>& eigenvalues);

/// The same with modes sorted by the sign of their momentum along the crystal's axis, to which the lead
/// points outwards (+1) or against (-1): sector 0 moves with k < 0, sector 1 with k > 0. Throws
/// numerical_error for a mode at k = 0 or pi, which belongs to no valley.
[[nodiscard]] LeadSolution in_valley_order(LeadSolution solution, int outwards);

/// How far a lead is from conserving a quantity on its cell: |[H_0, O]| + |[V, O]| relative to the lead.
/// `conserved` acts on the cell, which for this must be as large as the interface.
[[nodiscard]] double conservation_error(const sample::LeadCell& lead,
                                        const linalg::Matrix& conserved);

}  // namespace edotb::lead
