#pragma once

#include "edotb/lead/lead.hpp"

#include <vector>

namespace edotb::lead {

/// The lead, and when `both_ends` is set also the opposite end of the same chain (square hoppings
/// only), by the supercell method: see supercell.cpp. Throws numerical_error when no supercell passes
/// the checks: as many incoming as outgoing modes, a residual below 1e-8, Gamma = sum over modes of
/// source source^H and of probe probe^H, `direct` unitary.
[[nodiscard]] std::vector<LeadSolution> solve_by_supercell(const sample::LeadCell& lead,
                                                           double energy, bool both_ends);

}  // namespace edotb::lead
