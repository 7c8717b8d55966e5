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
  /// A^{-1}, where the factors were; nothing else may be asked afterwards.
  [[nodiscard]] Matrix inverse() &&;

 private:
  Matrix factors_;
  std::vector<int> pivots_;
};

/// A = P L D L^H P^T of a Hermitian dense matrix (Bunch-Kaufman), half the work of an LU. Throws
/// numerical_error when A is exactly singular.
class DenseLDL {
 public:
  explicit DenseLDL(Matrix a);

  [[nodiscard]] Matrix solve(Matrix b) const;  ///< A^{-1} B
  /// Y = L^{-1} P^T B, with which B_1^H A^{-1} B_2 = Y_1^H D^{-1} Y_2.
  [[nodiscard]] Matrix half_solve(Matrix b) const;
  [[nodiscard]] Matrix divide_by_d(Matrix y) const;  ///< D^{-1} Y

 private:
  Matrix factors_;
  std::vector<Complex> below_;  ///< the entries of D below its diagonal
  std::vector<int> pivots_;
};

/// Orthonormal columns that span those of A (rows >= columns), by Householder QR.
[[nodiscard]] Matrix orthonormalised(Matrix a);

/// A matrix with values in (-1, 1) + i (-1, 1), always the same: a start for subspace iterations.
[[nodiscard]] Matrix start_vectors(std::size_t n_rows, std::size_t n_columns);

/// A^H B of a product known to be Hermitian: the lower half is computed and mirrored.
[[nodiscard]] Matrix hermitian_product(const Matrix& a, const Matrix& b);

/// True when fewer than one entry in twenty is not zero.
[[nodiscard]] bool is_sparse(const Matrix& a);

/// A B and A^H B for an A or B that is mostly zeros: time grows with the entries that are not.
[[nodiscard]] Matrix times_sparse(const Matrix& a, const Matrix& sparse);
[[nodiscard]] Matrix sparse_adjoint_times(const Matrix& sparse, const Matrix& b);

}  // namespace edotb::linalg
