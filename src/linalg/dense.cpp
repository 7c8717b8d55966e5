#include "edotb/linalg/dense.hpp"

#include "lapack.hpp"

#include <cblas.h>

#include <algorithm>
#include <cmath>

namespace edotb::linalg {

namespace {

void gemm(CBLAS_TRANSPOSE transpose_a, CBLAS_TRANSPOSE transpose_b, const Matrix& a,
          const Matrix& b, std::size_t inner, Matrix& c) {
  if (c.empty() || inner == 0) return;
  const Complex one = 1.0;
  const Complex zero = 0.0;
  cblas_zgemm(CblasColMajor, transpose_a, transpose_b, to_int(c.rows()), to_int(c.columns()),
              to_int(inner), &one, a.data(), leading(a), b.data(), leading(b), &zero, c.data(),
              leading(c));
}

}  // namespace

Matrix Matrix::identity(std::size_t n) {
  Matrix result(n, n);
  for (std::size_t i = 0; i < n; ++i) result(i, i) = 1.0;
  return result;
}

Matrix& Matrix::operator+=(const Matrix& other) {
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] += other.values_[i];
  return *this;
}
Matrix& Matrix::operator-=(const Matrix& other) {
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] -= other.values_[i];
  return *this;
}
Matrix& Matrix::operator*=(Complex factor) {
  for (Complex& value : values_) value *= factor;
  return *this;
}

Matrix operator+(Matrix a, const Matrix& b) {
  a += b;
  return a;
}
Matrix operator-(Matrix a, const Matrix& b) {
  a -= b;
  return a;
}
Matrix operator*(Complex factor, Matrix a) {
  a *= factor;
  return a;
}

Matrix operator*(const Matrix& a, const Matrix& b) {
  Matrix c(a.rows(), b.columns());
  gemm(CblasNoTrans, CblasNoTrans, a, b, a.columns(), c);
  return c;
}
Matrix adjoint_times(const Matrix& a, const Matrix& b) {
  Matrix c(a.columns(), b.columns());
  gemm(CblasConjTrans, CblasNoTrans, a, b, a.rows(), c);
  return c;
}
Matrix times_adjoint(const Matrix& a, const Matrix& b) {
  Matrix c(a.rows(), b.rows());
  gemm(CblasNoTrans, CblasConjTrans, a, b, a.columns(), c);
  return c;
}

Matrix adjoint(const Matrix& a) {
  Matrix result(a.columns(), a.rows());
  constexpr std::size_t tile = 16;  // both matrices by cache lines
  for (std::size_t first = 0; first < a.columns(); first += tile) {
    const std::size_t end = std::min(first + tile, a.columns());
    for (std::size_t i = 0; i < a.rows(); ++i) {
      for (std::size_t j = first; j < end; ++j) result(j, i) = std::conj(a(i, j));
    }
  }
  return result;
}

Matrix block(const Matrix& a, std::size_t row, std::size_t column, std::size_t n_rows,
             std::size_t n_columns) {
  Matrix result(n_rows, n_columns);
  for (std::size_t j = 0; j < n_columns; ++j) {
    for (std::size_t i = 0; i < n_rows; ++i) result(i, j) = a(row + i, column + j);
  }
  return result;
}

Matrix join_columns(const Matrix& a, const Matrix& b) {
  Matrix result(a.rows(), a.columns() + b.columns());
  std::copy(a.values().begin(), a.values().end(), result.values().begin());
  std::copy(b.values().begin(), b.values().end(),
            result.values().begin() + static_cast<std::ptrdiff_t>(a.values().size()));
  return result;
}

Matrix kronecker(const Matrix& a, const Matrix& b) {
  Matrix result(a.rows() * b.rows(), a.columns() * b.columns());
  for (std::size_t j = 0; j < result.columns(); ++j) {
    for (std::size_t i = 0; i < result.rows(); ++i) {
      result(i, j) = a(i / b.rows(), j / b.columns()) * b(i % b.rows(), j % b.columns());
    }
  }
  return result;
}

double max_norm(const Matrix& a) {
  double largest = 0.0;
  for (const Complex& value : a.values()) {
    // The exact size is dear, and needed of few entries.
    if (std::abs(value.real()) + std::abs(value.imag()) <= largest) continue;
    const double size = std::abs(value);
    if (std::isnan(size)) return size;
    largest = std::max(largest, size);
  }
  return largest;
}
double hermiticity_error(const Matrix& a) {
  double largest = 0.0;
  for (std::size_t j = 0; j < a.columns(); ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      largest = std::max(largest, std::abs(a(i, j) - std::conj(a(j, i))));
    }
  }
  return largest;
}

Matrix solve(Matrix a, Matrix b, double* reciprocal_condition) {
  if (a.empty()) return b;
  const lapack_int n = to_int(a.rows());
  std::vector<lapack_int> pivots(a.rows());
  const double norm = LAPACKE_zlange(LAPACK_COL_MAJOR, '1', n, n, a.data(), n);
  if (!std::isfinite(norm)) throw numerical_error("matrix to be solved holds NaN or infinity");
  const lapack_int info = LAPACKE_zgetrf(LAPACK_COL_MAJOR, n, n, a.data(), n, pivots.data());
  if (info > 0) throw numerical_error("matrix to be solved is singular");
  check(info, "zgetrf");
  if (reciprocal_condition != nullptr) {
    check(LAPACKE_zgecon(LAPACK_COL_MAJOR, '1', n, a.data(), n, norm, reciprocal_condition),
          "zgecon");
  }
  if (b.columns() > 0) {
    check(LAPACKE_zgetrs(LAPACK_COL_MAJOR, 'N', n, to_int(b.columns()), a.data(), n, pivots.data(),
                         b.data(), n),
          "zgetrs");
  }
  return b;
}

std::vector<double> solve_real(std::vector<double> a, std::vector<double> b, std::size_t n) {
  if (n == 0) return b;
  std::vector<lapack_int> pivots(n);
  check(LAPACKE_dgesv(LAPACK_COL_MAJOR, to_int(n), to_int(b.size() / n), a.data(), to_int(n),
                      pivots.data(), b.data(), to_int(n)),
        "dgesv");
  return b;
}

std::vector<double> cholesky_real(std::vector<double> a, std::size_t n) {
  if (n == 0) return a;
  check(LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', to_int(n), a.data(), to_int(n)), "dpotrf");
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) a[i * n + j] = 0.0;
  }
  return a;
}

std::vector<double> hermitian_eigenvalues(Matrix a) {
  std::vector<double> values(a.rows());
  if (!a.empty()) {
    check(LAPACKE_zheevd(LAPACK_COL_MAJOR, 'N', 'L', to_int(a.rows()), a.data(), leading(a),
                         values.data()),
          "zheevd");
  }
  return values;
}

HermitianEigen hermitian_eigen(Matrix a) {
  HermitianEigen result;
  result.values.resize(a.rows());
  if (!a.empty()) {
    check(LAPACKE_zheevd(LAPACK_COL_MAJOR, 'V', 'L', to_int(a.rows()), a.data(), leading(a),
                         result.values.data()),
          "zheevd");
  }
  result.vectors = std::move(a);
  return result;
}

SingularValues singular_values(const Matrix& a) {
  const std::size_t k = std::min(a.rows(), a.columns());
  SingularValues result{Matrix(a.rows(), k), std::vector<double>(k), Matrix()};
  if (k == 0) {
    result.v = Matrix(a.columns(), k);
    return result;
  }
  Matrix copy = join_columns(a, Matrix(a.rows(), overread_columns));
  Matrix vh(k, a.columns() + overread_columns);
  check(LAPACKE_zgesdd(LAPACK_COL_MAJOR, 'S', to_int(a.rows()), to_int(a.columns()), copy.data(),
                       leading(copy), result.s.data(), result.u.data(), leading(result.u),
                       vh.data(), leading(vh)),
        "zgesdd");
  result.v = adjoint(block(vh, 0, 0, k, a.columns()));
  return result;
}

Schur schur(Matrix a) {
  const std::size_t n = a.rows();
  Schur result{Matrix(), Matrix(n, n)};
  std::vector<Complex> eigenvalues(n);
  lapack_int n_selected = 0;
  if (n > 0) {
    check(LAPACKE_zgees(LAPACK_COL_MAJOR, 'V', 'N', nullptr, to_int(n), a.data(), leading(a),
                        &n_selected, eigenvalues.data(), result.q.data(), leading(result.q)),
          "zgees");
  }
  result.t = std::move(a);
  return result;
}

void reorder(Schur& form, const std::vector<bool>& chosen) {
  const std::size_t n = form.t.rows();
  if (n == 0) return;
  std::vector<lapack_logical> select(chosen.begin(), chosen.end());
  std::vector<Complex> eigenvalues(n);
  lapack_int n_selected = 0;
  double unused_s = 0.0;
  double unused_sep = 0.0;
  check(LAPACKE_ztrsen(LAPACK_COL_MAJOR, 'N', 'V', select.data(), to_int(n), form.t.data(),
                       leading(form.t), form.q.data(), leading(form.q), eigenvalues.data(),
                       &n_selected, &unused_s, &unused_sep),
        "ztrsen");
}

}  // namespace edotb::linalg
