#include "edotb/linalg/dense_factors.hpp"

#include "edotb/base/random.hpp"
#include "lapack.hpp"

#include <cblas.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace edotb::linalg {

namespace {

/// C -> A(:, first...)^H B(:, first...) into the block of C at (row, column).
void product_block(const Matrix& a, const Matrix& b, std::size_t row, std::size_t column,
                   std::size_t n_rows, std::size_t n_columns, Matrix& c) {
  const Complex one = 1.0;
  const Complex zero = 0.0;
  cblas_zgemm(CblasColMajor, CblasConjTrans, CblasNoTrans, to_int(n_rows), to_int(n_columns),
              to_int(a.rows()), &one, a.column(row).data(), leading(a), b.column(column).data(),
              leading(b), &zero, &c(row, column), leading(c));
}

}  // namespace

DenseLU::DenseLU(Matrix a) : factors_(std::move(a)), pivots_(factors_.rows()) {
  const lapack_int n = to_int(factors_.rows());
  check(LAPACKE_zgetrf(LAPACK_COL_MAJOR, n, n, factors_.data(), leading(factors_), pivots_.data()),
        "zgetrf");
}

Matrix DenseLU::solve(Matrix b) const {
  if (b.empty()) return b;
  check(LAPACKE_zgetrs(LAPACK_COL_MAJOR, 'N', to_int(factors_.rows()), to_int(b.columns()),
                       factors_.data(), leading(factors_), pivots_.data(), b.data(), leading(b)),
        "zgetrs");
  return b;
}

Matrix DenseLU::solve_adjoint(Matrix b) const {
  if (b.empty()) return b;
  check(LAPACKE_zgetrs(LAPACK_COL_MAJOR, 'C', to_int(factors_.rows()), to_int(b.columns()),
                       factors_.data(), leading(factors_), pivots_.data(), b.data(), leading(b)),
        "zgetrs");
  return b;
}

Matrix DenseLU::inverse() && {
  check(LAPACKE_zgetri(LAPACK_COL_MAJOR, to_int(factors_.rows()), factors_.data(),
                       leading(factors_), pivots_.data()),
        "zgetri");
  return std::move(factors_);
}

DenseLDL::DenseLDL(Matrix a)
    : factors_(std::move(a)), below_(factors_.rows()), pivots_(factors_.rows()) {
  const lapack_int n = to_int(factors_.rows());
  const lapack_int lead = leading(factors_);
  Complex best_size = 0.0;
  check(LAPACKE_zhetrf_work(LAPACK_COL_MAJOR, 'L', n, factors_.data(), lead, pivots_.data(),
                            &best_size, -1),
        "zhetrf");
  const auto n_work = static_cast<lapack_int>(best_size.real());
  std::vector<Complex> work(static_cast<std::size_t>(n_work + overread_columns * n));
  check(LAPACKE_zhetrf_work(LAPACK_COL_MAJOR, 'L', n, factors_.data(), lead, pivots_.data(),
                            work.data(), n_work),
        "zhetrf");
  check(LAPACKE_zsyconv(LAPACK_COL_MAJOR, 'L', 'C', n, factors_.data(), leading(factors_),
                        pivots_.data(), below_.data()),
        "zsyconv");
}

Matrix DenseLDL::half_solve(Matrix b) const {
  if (b.empty()) return b;
  // The row exchanges of zhetrs2: a 1 x 1 pivot may move row i, a 2 x 2 pivot row i + 1.
  for (std::size_t i = 0; i < pivots_.size(); ++i) {
    if (pivots_[i] < 0) ++i;
    const auto other = static_cast<std::size_t>(std::abs(pivots_[i])) - 1;
    if (other != i)
      cblas_zswap(to_int(b.columns()), &b(i, 0), leading(b), &b(other, 0), leading(b));
  }
  const Complex one = 1.0;
  cblas_ztrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasUnit, to_int(b.rows()),
              to_int(b.columns()), &one, factors_.data(), leading(factors_), b.data(), leading(b));
  return b;
}

Matrix DenseLDL::divide_by_d(Matrix y) const {
  for (std::size_t j = 0; j < y.columns(); ++j) {
    const auto column = y.column(j);
    for (std::size_t i = 0; i < column.size(); ++i) {
      const double d = factors_(i, i).real();
      if (pivots_[i] > 0) {
        column[i] /= d;
        continue;
      }
      // [[d, conj(e)], [e, f]]
      const double f = factors_(i + 1, i + 1).real();
      const Complex e = below_[i];
      const double determinant = d * f - std::norm(e);
      const Complex first = column[i];
      const Complex second = column[i + 1];
      column[i] = (f * first - std::conj(e) * second) / determinant;
      column[i + 1] = (d * second - e * first) / determinant;
      ++i;
    }
  }
  return y;
}

Matrix DenseLDL::solve(Matrix b) const {
  if (b.empty()) return b;
  Matrix x = divide_by_d(half_solve(std::move(b)));
  const Complex one = 1.0;
  cblas_ztrsm(CblasColMajor, CblasLeft, CblasLower, CblasConjTrans, CblasUnit, to_int(x.rows()),
              to_int(x.columns()), &one, factors_.data(), leading(factors_), x.data(), leading(x));
  for (std::size_t i = pivots_.size(); i-- > 0;) {
    const auto other = static_cast<std::size_t>(std::abs(pivots_[i])) - 1;
    const std::size_t row = i;
    if (pivots_[i] < 0) --i;
    if (other != row) {
      cblas_zswap(to_int(x.columns()), &x(row, 0), leading(x), &x(other, 0), leading(x));
    }
  }
  return x;
}

Matrix orthonormalised(Matrix a) {
  if (a.empty()) return a;
  std::vector<Complex> tau(a.columns());
  check(LAPACKE_zgeqrf(LAPACK_COL_MAJOR, to_int(a.rows()), to_int(a.columns()), a.data(),
                       leading(a), tau.data()),
        "zgeqrf");
  check(LAPACKE_zungqr(LAPACK_COL_MAJOR, to_int(a.rows()), to_int(a.columns()), to_int(tau.size()),
                       a.data(), leading(a), tau.data()),
        "zungqr");
  return a;
}

Matrix start_vectors(std::size_t n_rows, std::size_t n_columns) {
  Matrix result(n_rows, n_columns);
  constexpr std::uint64_t seed = 20;
  std::uint64_t count = 0;
  const auto draw = [&] { return 2.0 * uniform({.seed = seed, .site = count++}) - 1.0; };
  for (Complex& value : result.values()) {
    const double real = draw();
    value = Complex(real, draw());
  }
  return result;
}

Matrix hermitian_product(const Matrix& a, const Matrix& b) {
  const std::size_t n = a.columns();
  Matrix c(n, n);
  if (n == 0 || a.rows() == 0) return c;
  constexpr std::size_t width = 256;
  for (std::size_t first = 0; first < n; first += width) {
    product_block(a, b, first, first, n - first, std::min(width, n - first), c);
  }
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) c(j, i) = std::conj(c(i, j));
    c(j, j) = c(j, j).real();
  }
  return c;
}

bool is_sparse(const Matrix& a) {
  const auto zeros =
      static_cast<std::size_t>(std::count(a.values().begin(), a.values().end(), Complex(0.0)));
  return 20 * (a.values().size() - zeros) < a.values().size();
}

Matrix times_sparse(const Matrix& a, const Matrix& sparse) {
  Matrix result(a.rows(), sparse.columns());
  for (std::size_t j = 0; j < sparse.columns(); ++j) {
    const auto target = result.column(j);
    for (std::size_t k = 0; k < sparse.rows(); ++k) {
      const Complex factor = sparse(k, j);
      if (factor == 0.0) continue;
      cblas_zaxpy(to_int(a.rows()), &factor, a.column(k).data(), 1, target.data(), 1);
    }
  }
  return result;
}

Matrix sparse_adjoint_times(const Matrix& sparse, const Matrix& b) {
  return adjoint(times_sparse(adjoint(b), sparse));
}

}  // namespace edotb::linalg
