#pragma once

#include <cstddef>
#include <vector>

namespace edotb::linalg {

/// Solves A X = B of real matrices, column-major, A n x n and B of n rows, by GMRES with A's diagonal as
/// preconditioner (PETSc), each column to the relative residual `tolerance`: for matrices with a strong
/// diagonal that are too large to factorise. Throws numerical_error when it does not converge.
[[nodiscard]] std::vector<double> solve_real_iteratively(const std::vector<double>& a,
                                                         const std::vector<double>& b,
                                                         std::size_t n, double tolerance);

}  // namespace edotb::linalg
