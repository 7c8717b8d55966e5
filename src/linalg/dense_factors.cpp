#include "edotb/linalg/dense_factors.hpp"

#include "edotb/base/random.hpp"
#include "lapack.hpp"

#include <cblas.h>

#include <algorithm>
#include <cstdint>

namespace edotb::linalg {

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

bool is_sparse(const Matrix& a) {
  const auto zeros =
      static_cast<std::size_t>(std::count(a.values().begin(), a.values().end(), Complex(0.0)));
  return 20 * (a.values().size() - zeros) < a.values().size();
}

Matrix product(const Matrix& a, const Matrix& b) {
  if (!is_sparse(b)) return a * b;
  Matrix result(a.rows(), b.columns());
  for (std::size_t j = 0; j < b.columns(); ++j) {
    const auto target = result.column(j);
    for (std::size_t k = 0; k < b.rows(); ++k) {
      const Complex factor = b(k, j);
      if (factor == 0.0) continue;
      cblas_zaxpy(to_int(a.rows()), &factor, a.column(k).data(), 1, target.data(), 1);
    }
  }
  return result;
}

Matrix adjoint_product(const Matrix& a, const Matrix& b) {
  return is_sparse(a) ? adjoint(product(adjoint(b), a)) : adjoint_times(a, b);
}

}  // namespace edotb::linalg
