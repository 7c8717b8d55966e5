// Run on 1, 2 and 4 ranks. Oracle of a factorisation shared by ranks: the same on one, bit by bit.

#include "edotb/base/error.hpp"
#include "linalg/hermitian_problem.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::HermitianFactor;
using linalg::Matrix;
using test::plan_of;
using test::Problem;
using test::random_problem;

template <class Scalar>
void expect_as_on_one_rank(const Problem& problem, double shift) {
  const mpi::Communicator ranks(MPI_COMM_WORLD);
  const auto plan = plan_of(problem);
  HermitianFactor<Scalar> alone(plan);
  HermitianFactor<Scalar> together(plan);
  alone.factorise(problem.system(shift));
  for (int repeat = 0; repeat < 2; ++repeat) {
    together.factorise(problem.system(shift), {.ranks = &ranks});
    ASSERT_EQ(together.schur().rows(), alone.schur().rows());
    EXPECT_EQ(linalg::max_norm(together.schur() - alone.schur()), 0.0);
    EXPECT_EQ(together.n_left_over(), alone.n_left_over());
    EXPECT_EQ(together.n_boosts(), alone.n_boosts());
  }
  double flops = together.flops();
  MPI_Allreduce(MPI_IN_PLACE, &flops, 1, MPI_DOUBLE, MPI_SUM, ranks.handle());
  EXPECT_NEAR(flops, alone.flops(), 1e-9 * alone.flops());
}

TEST(SharedFactor, HasTheDigitsOfOneRank) {
  for (std::uint64_t seed = 1; seed <= 14; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = random_problem(seed, 5 + 9 * seed);
    expect_as_on_one_rank<Complex>(problem, 0.2);
    expect_as_on_one_rank<std::complex<float>>(problem, 0.2);
  }
}

// On an eigenvalue of A, and for a matrix without pivots, where every unknown is handed on: boosts travel.
TEST(SharedFactor, SingularMatrices) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    Problem problem = random_problem(seed, 40);
    const auto values = linalg::hermitian_eigenvalues(Complex(-1.0) * problem.dense(0.0));
    expect_as_on_one_rank<Complex>(problem, values[values.size() / 2]);
    std::fill(problem.hamiltonian.begin(), problem.hamiltonian.end(), 0.0);
    expect_as_on_one_rank<Complex>(problem, 0.0);
  }
}

TEST(SharedFactor, SeparateParts) {
  test::Draw draw(9);
  for (const std::size_t n_sites : {1U, 3U, 200U}) {
    Problem problem = test::problem_on(std::vector<std::int64_t>(n_sites, 2), {}, draw);
    test::add_clique(problem, {0}, 1, draw);
    expect_as_on_one_rank<Complex>(problem, 0.4);
  }
}

// Only the rank of that front meets the NaN of a clique's term; all must hear of it and go on.
TEST(SharedFactor, AnErrorOnOneRankReachesAll) {
  const mpi::Communicator ranks(MPI_COMM_WORLD);
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Problem sound = random_problem(seed, 60);
    Problem broken = sound;
    broken.terms[seed % 2](0, 0) = std::nan("");
    HermitianFactor<Complex> factor(plan_of(sound));
    EXPECT_THROW(factor.factorise(broken.system(0.1), {.ranks = &ranks}), Error);
    HermitianFactor<Complex> alone(plan_of(sound));
    alone.factorise(sound.system(0.1));
    factor.factorise(sound.system(0.1), {.ranks = &ranks});
    EXPECT_EQ(linalg::max_norm(factor.schur() - alone.schur()), 0.0);
  }
}

// What the plan says of ranks: every front has one, work adds up, and nobody waits longer than for one.
TEST(SharedFactor, OwnersAreEven) {
  const Problem problem = random_problem(5, 400);
  const auto plan = plan_of(problem);
  for (const int n_ranks : {1, 2, 3, 8}) {
    const auto owners = plan->owners(n_ranks);
    ASSERT_EQ(owners.size(), plan->supernodes().size());
    for (const auto owner : owners) {
      EXPECT_GE(owner, 0);
      EXPECT_LT(owner, n_ranks);
    }
    EXPECT_LE(plan->flops(2, n_ranks), plan->flops(2));
    EXPECT_GE(plan->flops(2, n_ranks), plan->flops(2) / n_ranks);
  }
}

}  // namespace
}  // namespace edotb
