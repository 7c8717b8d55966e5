#include "edotb/base/error.hpp"
#include "edotb/linalg/dense.hpp"
#include "edotb/linalg/dense_elimination.hpp"
#include "edotb/linalg/dense_factors.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::Matrix;

/// Products by their definition.
Matrix multiplied_by_hand(const Matrix& a, const Matrix& b) {
  Matrix c(a.rows(), b.columns());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < b.columns(); ++j) {
      for (std::size_t k = 0; k < a.columns(); ++k) c(i, j) += a(i, k) * b(k, j);
    }
  }
  return c;
}

TEST(Dense, ProductsByDefinition) {
  test::Draw draw(1);
  const Matrix a = draw.matrix(5, 3);
  const Matrix b = draw.matrix(3, 4);
  const Matrix expected = multiplied_by_hand(a, b);
  EXPECT_LT(linalg::max_norm(a * b - expected), 1e-14);
  EXPECT_LT(linalg::max_norm(linalg::adjoint_times(adjoint(a), b) - expected), 1e-14);
  EXPECT_LT(linalg::max_norm(linalg::times_adjoint(a, adjoint(b)) - expected), 1e-14);
  EXPECT_EQ((Matrix(4, 0) * Matrix(0, 3)).rows(), 4U);
}

TEST(Dense, SolveUndoesMultiplication) {
  test::Draw draw(2);
  const Matrix a = draw.matrix(8, 8);
  const Matrix x = draw.matrix(8, 3);
  double condition = 0.0;
  EXPECT_LT(linalg::max_norm(linalg::solve(a, a * x, &condition) - x), 1e-12);
  EXPECT_GT(condition, 1e-6);
  EXPECT_THROW((void)linalg::solve(Matrix(3, 3), Matrix::identity(3)), Error);
  Matrix broken = Matrix::identity(2);
  broken(0, 1) = std::nan("");
  EXPECT_THROW((void)linalg::solve(broken, Matrix::identity(2)), Error);
}

TEST(Dense, EigenAndSingularValuesRebuildTheMatrix) {
  test::Draw draw(3);
  const Matrix h = draw.hermitian(6);
  const auto eigen = linalg::hermitian_eigen(h);
  Matrix scaled = eigen.vectors;
  for (std::size_t j = 0; j < 6; ++j) {
    for (Complex& value : scaled.column(j)) value *= eigen.values[j];
  }
  EXPECT_LT(linalg::max_norm(linalg::times_adjoint(scaled, eigen.vectors) - h), 1e-13);
  EXPECT_EQ(linalg::hermitian_eigenvalues(h).size(), 6U);

  const Matrix a = draw.matrix(7, 4);
  const auto svd = linalg::singular_values(a);
  Matrix us = svd.u;
  for (std::size_t j = 0; j < 4; ++j) {
    for (Complex& value : us.column(j)) value *= svd.s[j];
  }
  EXPECT_LT(linalg::max_norm(linalg::times_adjoint(us, svd.v) - a), 1e-13);
}

TEST(Dense, ReorderedSchurFormKeepsTheMatrixAndLeadsWithTheChosen) {
  test::Draw draw(4);
  const Matrix a = draw.matrix(7, 7);
  auto form = linalg::schur(a);
  std::vector<bool> chosen(7);
  for (std::size_t i = 0; i < 7; ++i) chosen[i] = form.t(i, i).real() < 0.0;
  const auto n_chosen = static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), true));
  ASSERT_GT(n_chosen, 0U);
  ASSERT_LT(n_chosen, 7U);
  linalg::reorder(form, chosen);
  EXPECT_LT(linalg::max_norm(linalg::times_adjoint(form.q * form.t, form.q) - a), 1e-13);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(form.t(i, i).real() < 0.0, i < n_chosen);
}

// OpenBLAS reads past the end of some vectors; under the sanitizers some of these blocks end at
// an unreadable page, and without room to spare the program dies there.
TEST(Dense, DecompositionsKeepToReadableMemory) {
  test::Draw draw(9);
  std::vector<linalg::SingularValues> kept;  // so that each has storage of its own
  for (int i = 0; i < 1200; ++i) {
    const Matrix a = i % 2 == 0 ? draw.matrix(8, 3) : draw.matrix(3, 8);
    const auto& svd = kept.emplace_back(linalg::singular_values(a));
    EXPECT_LT(linalg::max_norm(linalg::adjoint_times(svd.u, svd.u) - Matrix::identity(3)), 1e-13);
  }
}

TEST(Dense, MaxNormSeesNan) {
  Matrix a = Matrix::identity(3);
  a(1, 2) = Complex(std::nan(""), 0.0);
  a(2, 2) = 5.0;
  EXPECT_TRUE(std::isnan(linalg::max_norm(a)));
}

TEST(Dense, KroneckerProduct) {
  Matrix a(1, 2);
  a(0, 0) = 2.0;
  a(0, 1) = Complex(0, 1);
  const Matrix k = linalg::kronecker(a, Matrix::identity(2));
  EXPECT_EQ(k(1, 1), 2.0);
  EXPECT_EQ(k(0, 2), Complex(0, 1));
  EXPECT_EQ(k(0, 1), 0.0);
}

// A nearly diagonal matrix has few entries: both ways of the product must agree with the definition.
TEST(Dense, SparseProductsByDefinition) {
  test::Draw draw(4);
  const Matrix a = draw.matrix(7, 60);
  Matrix b(60, 50);
  for (std::size_t j = 0; j < 50; ++j) b(j, j) = b(59 - j, j) = Complex(draw.uniform(), 0.5);
  ASSERT_TRUE(linalg::is_sparse(b));
  EXPECT_LT(linalg::max_norm(linalg::product(a, b) - a * b), 1e-14);
  const Matrix c = draw.matrix(60, 3);
  EXPECT_LT(linalg::max_norm(linalg::adjoint_product(b, c) - adjoint(b) * c), 1e-14);
}

// Oracle: LAPACK's solution. A block of zeros leaves hardly a pivot among the first 32 rows; the unknowns
// of those that were raised are eliminated here.
TEST(Dense, EliminationLeavesTheSchurComplement) {
  test::Draw draw(8);
  constexpr std::size_t n = 70;
  constexpr std::size_t m = 9;
  for (const std::size_t n_zeros : {0U, 30U}) {
    Matrix k = draw.hermitian(n);
    for (std::size_t j = 0; j < n_zeros; ++j) {
      for (std::size_t i = 0; i < n_zeros; ++i) k(i, j) = 0.0;
    }
    const Matrix c = draw.matrix(m, n);
    linalg::DenseElimination elimination(n, m);
    elimination.add(0, 0, k);
    elimination.add(n, 0, c);
    elimination.eliminate(0.01, 1.0);
    const std::size_t p = elimination.n_left_over();
    EXPECT_GE(p, n_zeros / 2);
    const Matrix from = elimination.rest(m, 0, p, m);
    const Matrix found =
        elimination.rest(0, 0, m, m) -
        linalg::adjoint_times(from, linalg::solve(elimination.rest(m, m, p, p), from));
    const Matrix expected = Complex(-1.0) * (c * linalg::solve(k, adjoint(c)));
    EXPECT_LT(linalg::max_norm(found - expected), 1e-10 * linalg::max_norm(expected));
  }
}

// Oracle: LAPACK's solution. Sizes on both sides of the tiles', panels' and strips' edges, and of the size from which
// products are packed and done by three real ones.
TEST(Dense, EliminationOfAnySize) {
  test::Draw draw(9);
  using Size = std::pair<std::size_t, std::size_t>;
  for (const auto& [n, m] : {Size{1, 41}, Size{31, 65}, Size{33, 129}, Size{64, 17}, Size{97, 140},
                             Size{200, 281}, Size{257, 3}, Size{420, 47}}) {
    const Matrix k = draw.hermitian(n);
    const Matrix c = draw.matrix(m, n);
    linalg::DenseElimination elimination(n, m);
    elimination.add(0, 0, k);
    elimination.add(n, 0, c);
    elimination.eliminate(1e-12, 1.0);
    ASSERT_EQ(elimination.n_left_over(), 0U);
    const Matrix expected = Complex(-1.0) * (c * linalg::solve(k, adjoint(c)));
    EXPECT_LT(linalg::max_norm(elimination.rest(0, 0, m, m) - expected),
              1e-10 * linalg::max_norm(expected))
        << n << " pivots, " << m << " rows below";
  }
}

TEST(Dense, CholeskyOfARealMatrix) {
  // L = [2; 1 3; -1 0.5 1]
  const std::vector<double> a = {4, 2, -2, 2, 10, 0.5, -2, 0.5, 2.25};
  const std::vector<double> expected = {2, 0, 0, 1, 3, 0, -1, 0.5, 1};
  const auto found = linalg::cholesky_real(a, 3);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(found[i], expected[i], 1e-14);
  EXPECT_THROW((void)linalg::cholesky_real({1, 2, 2, 1}, 2), Error);
}

}  // namespace
}  // namespace edotb
