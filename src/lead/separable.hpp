#pragma once

#include "edotb/lead/lead.hpp"

#include <optional>
#include <vector>

namespace edotb::lead {

/// A lead that falls apart into single chains: H_0 = Q eps Q^H and V = Q diag(v) Q^H with one Q and all
/// |v_j| equal, as in a field-free bar with one orbital per site.
struct SeparableLead {
  linalg::Matrix vectors;                ///< Q, M x M, unitary
  std::vector<double> levels;            ///< eps_j
  std::vector<linalg::Complex> hopping;  ///< v_j
};

/// The single chains of a lead; nothing when V is not a number times a unitary matrix, or does not
/// commute with H_0, to 1e-13 of their sizes.
[[nodiscard]] std::optional<SeparableLead> separated(const sample::LeadCell& lead);

/// The lead and, when asked for, the opposite end of its chain, by the closed formula of a single chain.
/// Throws numerical_error at a band edge.
[[nodiscard]] std::vector<LeadSolution> solve_separable(const SeparableLead& lead, double energy,
                                                        bool both_ends);

}  // namespace edotb::lead
