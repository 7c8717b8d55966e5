#pragma once

#include "edotb/coherent/solver.hpp"

namespace edotb::coherent {

/// The default path: A = A_H + (i/2) W W^H with A_H Hermitian and one column of W per open mode, and
/// S from the Cayley transform of K = W^H A_H^{-1} W.
[[nodiscard]] std::unique_ptr<Solver> make_multifrontal_solver(const SolverChoice& choice,
                                                               const sample::DeviceLayout& layout);

}  // namespace edotb::coherent
