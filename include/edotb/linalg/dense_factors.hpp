#pragma once

#include "edotb/linalg/dense.hpp"

#include <vector>

namespace edotb::linalg {

/// A = P L U of a square dense matrix, kept to solve with A and with A^H. Throws numerical_error when A
/// is exactly singular.
class DenseLU {
 public:
  explicit DenseLU(Matrix a);

  [[nodiscard]] Matrix solve(Matrix b) const;          ///< A^{-1} B
  [[nodiscard]] Matrix solve_adjoint(Matrix b) const;  ///< A^{-H} B

 private:
  Matrix factors_;
  std::vector<int> pivots_;
};

/// Orthonormal columns that span those of A (rows >= columns), by Householder QR.
[[nodiscard]] Matrix orthonormalised(Matrix a);

/// A matrix with values in (-1, 1) + i (-1, 1), always the same: a start for subspace iterations.
[[nodiscard]] Matrix start_vectors(std::size_t n_rows, std::size_t n_columns);

/// True when fewer than one entry in twenty is not zero.
[[nodiscard]] bool is_sparse(const Matrix& a);

/// A B, and A^H B: where the last B, or the first A of A^H, is sparse the time grows with its entries.
[[nodiscard]] Matrix product(const Matrix& a, const Matrix& b);
[[nodiscard]] Matrix adjoint_product(const Matrix& a, const Matrix& b);

}  // namespace edotb::linalg
