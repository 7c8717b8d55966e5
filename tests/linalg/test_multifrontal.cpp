// Oracle: LAPACK on the full matrix. The Schur complement of a bordered Hermitian matrix,
// -W^H A^{-1} W, and solutions with a kept factor.

#include "edotb/base/error.hpp"
#include "edotb/linalg/multifrontal.hpp"
#include "linalg/hermitian_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::HermitianFactor;
using linalg::Matrix;
using test::add_clique;
using test::Draw;
using test::Links;
using test::plan_of;
using test::Problem;
using test::problem_on;
using test::random_problem;
using Single = std::complex<float>;

/// The border's Schur complement with the left-over unknowns eliminated too, by LAPACK.
template <class Scalar>
Matrix reduced(const HermitianFactor<Scalar>& factor) {
  const Matrix& schur = factor.schur();
  const std::size_t n_left = factor.n_left_over();
  const std::size_t n = schur.rows() - n_left;
  if (n_left == 0) return schur;
  const Matrix coupling = linalg::block(schur, 0, n, n, n_left);
  return linalg::block(schur, 0, 0, n, n) -
         coupling * linalg::solve(linalg::block(schur, n, n, n_left, n_left), adjoint(coupling));
}

/// Allowed error of K: rounding times the condition of A.
double scale_of(const Matrix& a, const Matrix& k) {
  const auto values = linalg::hermitian_eigenvalues(a);
  double smallest = std::abs(values.front());
  for (const double value : values) smallest = std::min(smallest, std::abs(value));
  return std::max(1.0, linalg::max_norm(k)) * std::max(1.0, 1.0 / smallest);
}

TEST(Multifrontal, RandomMatricesAgreeWithTheDenseInverse) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Problem problem = random_problem(seed, 5 + 4 * seed);
    const double shift = 0.1 * static_cast<double>(seed % 5);
    const Matrix a = problem.dense(shift);
    const Matrix w = problem.border();
    const Matrix k = linalg::adjoint_times(w, linalg::solve(a, w));
    const double scale = scale_of(a, k);
    const auto plan = plan_of(problem);
    HermitianFactor<Complex> factor(plan);
    factor.factorise(problem.system(shift));
    EXPECT_LT(linalg::max_norm(reduced(factor) + k), 1e-11 * scale) << "seed " << seed;
    EXPECT_EQ(linalg::hermiticity_error(factor.schur()), 0.0);
    HermitianFactor<Single> single(plan);
    single.factorise(problem.system(shift));
    EXPECT_LT(linalg::max_norm(reduced(single) + k), 1e-3 * scale) << "seed " << seed;
  }
}

// All sites coupled with all: one front of some hundred rows, whose products are packed.
TEST(Multifrontal, LargeFrontsInBothPrecisions) {
  for (const std::size_t n_sites : {7U, 12U, 37U}) {
    Draw draw(n_sites);
    Links links;
    for (std::size_t a = 0; a < n_sites; ++a) {
      for (std::size_t b = 0; b < a; ++b) links.emplace_back(a, b);
    }
    Problem problem = problem_on(std::vector<std::int64_t>(n_sites, 9), links, draw);
    add_clique(problem, {0, 1, 2}, 70, draw);
    const Matrix a = problem.dense(0.3);
    const Matrix w = problem.border();
    const Matrix k = linalg::adjoint_times(w, linalg::solve(a, w));
    const double scale = scale_of(a, k);
    HermitianFactor<Complex> factor(plan_of(problem));
    factor.factorise(problem.system(0.3));
    EXPECT_LT(linalg::max_norm(reduced(factor) + k), 1e-12 * scale) << n_sites << " sites";
    HermitianFactor<Single> single(plan_of(problem));
    single.factorise(problem.system(0.3));
    EXPECT_LT(linalg::max_norm(reduced(single) + k), 1e-4 * scale) << n_sites << " sites";
  }
}

TEST(Multifrontal, FactorIsReusedWithoutAMemoryOfTheLastMatrix) {
  const Problem problem = random_problem(3, 60);
  const auto plan = plan_of(problem);
  HermitianFactor<Complex> fresh(plan);
  HermitianFactor<Complex> used(plan);
  used.factorise(problem.system(-0.7), {.keep_factor = true});
  used.factorise(problem.system(0.3));
  fresh.factorise(problem.system(0.3));
  EXPECT_EQ(linalg::max_norm(fresh.schur() - used.schur()), 0.0) << "bit by bit";
}

TEST(Multifrontal, ThreadsDoNotChangeTheResult) {
  const Problem problem = random_problem(8, 300);
  const auto plan = plan_of(problem);
  HermitianFactor<Complex> one(plan);
  HermitianFactor<Complex> three(plan);
  one.factorise(problem.system(0.2));
  three.factorise(problem.system(0.2), {.n_threads = 3});
  EXPECT_LT(linalg::max_norm(one.schur() - three.schur()), 1e-12 * linalg::max_norm(one.schur()));
}

// A shift on an eigenvalue of A makes A singular; what is left over carries the singularity, and the
// open matrix A + (i/2) W W^H is still solved.
TEST(Multifrontal, SingularMatricesLeaveTheSingularityOver) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Problem problem = random_problem(seed, 30);
    const auto values = linalg::hermitian_eigenvalues(Complex(-1.0) * problem.dense(0.0));
    const double shift = values[values.size() / 2];  // to rounding
    const Matrix w = problem.border();
    const Matrix open = problem.dense(shift) + Complex(0, 0.5) * linalg::times_adjoint(w, w);
    double reciprocal_condition = 0.0;
    const Matrix expected = linalg::solve(open, w, &reciprocal_condition);
    ASSERT_GT(reciprocal_condition, 1e-8);

    HermitianFactor<Complex> factor(plan_of(problem));
    factor.factorise(problem.system(shift), {.keep_factor = true});
    Matrix outer_matrix = factor.schur();
    for (std::size_t i = 0; i < w.columns(); ++i) outer_matrix(i, i) += Complex(0.0, 2.0);
    Matrix x = w;
    Matrix boosts;
    const Matrix outer = factor.eliminate(x, boosts);
    factor.substitute(x, boosts, linalg::solve(outer_matrix, outer));
    EXPECT_LT(linalg::max_norm(x - expected), 1e-12 / reciprocal_condition) << "seed " << seed;
  }
}

// The zero matrix has no pivot at all: every unknown is boosted and handed on until it meets the border.
TEST(Multifrontal, ZeroMatrixWithAFullBorder) {
  constexpr std::size_t n = 12;
  test::Draw draw(4);
  Problem problem = problem_on(std::vector<std::int64_t>(n, 1), {}, draw);
  std::fill(problem.hamiltonian.begin(), problem.hamiltonian.end(), 0.0);
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(static_cast<std::int64_t>(i));
  add_clique(problem, all, n, draw);
  problem.terms[0] = Matrix(n, n);
  HermitianFactor<Complex> factor(plan_of(problem));
  factor.factorise(problem.system(0.0));
  EXPECT_GT(factor.n_boosts(), 0U);
  Matrix open = factor.schur();
  for (std::size_t i = 0; i < n; ++i) open(i, i) += Complex(0.0, 2.0);
  // W^H G W with G = (i/2 W W^H)^{-1} is -2i times the unit matrix.
  Matrix right(open.rows(), n);
  for (std::size_t i = 0; i < n; ++i) right(i, i) = 1.0;
  const Matrix x = linalg::solve(open, right);
  const Matrix p =
      Complex(-4.0) * linalg::block(x, 0, 0, n, n) - Complex(0.0, 2.0) * Matrix::identity(n);
  EXPECT_LT(linalg::max_norm(p + Complex(0.0, 2.0) * Matrix::identity(n)), 1e-10);
}

TEST(Multifrontal, DisconnectedPartsSingleSitesAndChains) {
  test::Draw draw(9);
  const std::vector<std::pair<std::size_t, Links>> graphs = {
      {1, {}}, {7, {{0, 1}, {1, 2}, {4, 5}}}, {40, [] {
                                                 Links chain;
                                                 for (std::size_t s = 1; s < 40; ++s)
                                                   chain.emplace_back(s, s - 1);
                                                 return chain;
                                               }()}};
  for (const auto& [n_sites, links] : graphs) {
    Problem problem = problem_on(std::vector<std::int64_t>(n_sites, 2), links, draw);
    add_clique(problem, {0}, 1, draw);
    add_clique(problem, {static_cast<std::int64_t>(2 * n_sites - 1)}, 2, draw);
    const Matrix a = problem.dense(0.4);
    const Matrix w = problem.border();
    const Matrix k = linalg::adjoint_times(w, linalg::solve(a, w));
    HermitianFactor<Complex> factor(plan_of(problem));
    factor.factorise(problem.system(0.4));
    EXPECT_LT(linalg::max_norm(reduced(factor) + k), 1e-12 * scale_of(a, k)) << n_sites << " sites";
  }
}

TEST(Multifrontal, OperationsAreCounted) {
  const Problem problem = random_problem(4, 200);
  const auto plan = plan_of(problem);
  HermitianFactor<Complex> factor(plan);
  factor.factorise(problem.system(5.0));
  // The plan counts the same border for every clique.
  EXPECT_GE(factor.flops(), plan->flops(0));
  EXPECT_LE(factor.flops(), plan->flops(3) * 1.5);
  EXPECT_GT(factor.peak_entries(), 0U);
}

TEST(Multifrontal, NanIsRefused) {
  Problem problem = random_problem(2, 10);
  problem.hamiltonian[4] = std::nan("");
  HermitianFactor<Complex> factor(plan_of(problem));
  EXPECT_THROW(factor.factorise(problem.system(0.0)), Error);
}

}  // namespace
}  // namespace edotb
