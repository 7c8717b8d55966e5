#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace edotb::linalg {

using Complex = std::complex<double>;

/// A dense complex matrix, column-major, entry (row, column).
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t n_rows, std::size_t n_columns)
      : n_rows_(n_rows), n_columns_(n_columns), values_(n_rows * n_columns) {}
  static Matrix identity(std::size_t n);

  [[nodiscard]] std::size_t rows() const { return n_rows_; }
  [[nodiscard]] std::size_t columns() const { return n_columns_; }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] Complex& operator()(std::size_t i, std::size_t j) {
    return values_[i + j * n_rows_];
  }
  [[nodiscard]] const Complex& operator()(std::size_t i, std::size_t j) const {
    return values_[i + j * n_rows_];
  }
  [[nodiscard]] Complex* data() { return values_.data(); }
  [[nodiscard]] const Complex* data() const { return values_.data(); }
  [[nodiscard]] std::span<Complex> column(std::size_t j) {
    return {values_.data() + j * n_rows_, n_rows_};
  }
  [[nodiscard]] std::span<const Complex> column(std::size_t j) const {
    return {values_.data() + j * n_rows_, n_rows_};
  }
  [[nodiscard]] std::span<const Complex> values() const { return values_; }
  [[nodiscard]] std::span<Complex> values() { return values_; }

  Matrix& operator+=(const Matrix& other);
  Matrix& operator-=(const Matrix& other);
  Matrix& operator*=(Complex factor);

 private:
  std::size_t n_rows_ = 0;
  std::size_t n_columns_ = 0;
  std::vector<Complex> values_;
};

[[nodiscard]] Matrix operator+(Matrix a, const Matrix& b);
[[nodiscard]] Matrix operator-(Matrix a, const Matrix& b);
[[nodiscard]] Matrix operator*(Complex factor, Matrix a);
/// A B.
[[nodiscard]] Matrix operator*(const Matrix& a, const Matrix& b);
/// A^H B.
[[nodiscard]] Matrix adjoint_times(const Matrix& a, const Matrix& b);
/// A B^H.
[[nodiscard]] Matrix times_adjoint(const Matrix& a, const Matrix& b);
[[nodiscard]] Matrix adjoint(const Matrix& a);
/// The block of `n_rows` x `n_columns` whose first entry is (row, column).
[[nodiscard]] Matrix block(const Matrix& a, std::size_t row, std::size_t column, std::size_t n_rows,
                           std::size_t n_columns);
/// [A B]: the columns of A, then those of B.
[[nodiscard]] Matrix join_columns(const Matrix& a, const Matrix& b);
[[nodiscard]] Matrix kronecker(const Matrix& a, const Matrix& b);

/// max |A_ij|.
[[nodiscard]] double max_norm(const Matrix& a);
/// max |A - A^H|.
[[nodiscard]] double hermiticity_error(const Matrix& a);

/// Solves A X = B by LU with partial pivoting; the reciprocal condition number (1-norm estimate) goes
/// to `*reciprocal_condition` when asked for. Throws numerical_error when A is exactly singular.
[[nodiscard]] Matrix solve(Matrix a, Matrix b, double* reciprocal_condition = nullptr);

/// Solves A X = B of real matrices, column-major, A n x n and B of n rows. Throws numerical_error when A
/// is exactly singular.
[[nodiscard]] std::vector<double> solve_real(std::vector<double> a, std::vector<double> b,
                                             std::size_t n);

/// The lower triangular L of A = L L^T of a real symmetric matrix, n x n, both row-major. Throws numerical_error when A
/// is not positive definite.
[[nodiscard]] std::vector<double> cholesky_real(std::vector<double> a, std::size_t n);

/// Eigenvalues of a Hermitian matrix, ascending.
[[nodiscard]] std::vector<double> hermitian_eigenvalues(Matrix a);

struct HermitianEigen {
  std::vector<double> values;  ///< ascending
  Matrix vectors;              ///< orthonormal, by column
};
[[nodiscard]] HermitianEigen hermitian_eigen(Matrix a);

/// A = U diag(s) V^H with s descending; U is rows x k, V is columns x k, k = min(rows, columns).
struct SingularValues {
  Matrix u;
  std::vector<double> s;
  Matrix v;
};
[[nodiscard]] SingularValues singular_values(const Matrix& a);

/// A = Q T Q^H with T upper triangular; the eigenvalues are T's diagonal.
struct Schur {
  Matrix t;
  Matrix q;
};
[[nodiscard]] Schur schur(Matrix a);
/// Moves the chosen eigenvalues to the leading places; their order otherwise stays.
void reorder(Schur& form, const std::vector<bool>& chosen);

}  // namespace edotb::linalg
