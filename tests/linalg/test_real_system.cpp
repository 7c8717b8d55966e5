// Real sparse systems against a chain whose inverse is known.

#include "edotb/base/error.hpp"
#include "edotb/linalg/real_system.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using namespace linalg;

/// The rows of this rank of -u'' + drift u' on a chain of n points, u = 0 beyond its ends.
RealRows chain(std::int32_t n, double drift, const mpi::Communicator& comm) {
  RealRows a;
  a.n_total = n;
  a.first_row = first_row_of(n, comm.rank(), comm.size());
  for (auto row = a.first_row; row < first_row_of(n, comm.rank() + 1, comm.size()); ++row) {
    const auto put = [&](std::int32_t column, double value) {
      if (column < 0 || column >= n) return;
      a.columns.push_back(column);
      a.values.push_back(value);
    };
    put(row - 1, -1.0 - 0.5 * drift);
    put(row, 2.0);
    put(row + 1, -1.0 + 0.5 * drift);
    a.row_offsets.push_back(static_cast<std::int64_t>(a.columns.size()));
  }
  return a;
}

/// -u'' = 1: u_i = (i + 1)(n - i)/2.
TEST(RealSystem, BothSolversInvertTheChain) {
  const mpi::Communicator comm(MPI_COMM_WORLD);
  constexpr std::int32_t n = 500;
  const RealRows a = chain(n, 0.0, comm);
  const std::vector<double> one(static_cast<std::size_t>(a.n_rows()), 1.0);
  const auto direct = make_direct_solver(a, true, comm);
  const auto multigrid = make_multigrid_solver(a, a, {.tolerance = 1e-12}, comm);
  for (RealSolver* solver : {direct.get(), multigrid.get()}) {
    const auto x = solver->solve(one);
    ASSERT_EQ(x.size(), one.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double at = static_cast<double>(i) + a.first_row;
      EXPECT_NEAR(x[i], 0.5 * (at + 1.0) * (n - at), 1e-6);
    }
  }
  EXPECT_EQ(direct->n_iterations(), 0);
  EXPECT_GT(multigrid->n_iterations(), 0);
}

/// With drift: b = A x for a known x, preconditioned by the chain without drift.
TEST(RealSystem, MultigridOfTheSymmetricPart) {
  const mpi::Communicator comm(MPI_COMM_WORLD);
  constexpr std::int32_t n = 300;
  const RealRows a = chain(n, 0.1, comm);
  const RealRows near = chain(n, 0.0, comm);
  const auto value = [](std::int32_t i) { return i < 0 || i >= n ? 0.0 : std::sin(0.1 * i) + 2.0; };
  std::vector<double> b;
  for (auto i = a.first_row; i < a.end_row(); ++i) {
    b.push_back(2.0 * value(i) - 1.05 * value(i - 1) - 0.95 * value(i + 1));
  }
  const auto by_multigrid =
      make_multigrid_solver(a, near, {.symmetric = false, .tolerance = 1e-12}, comm)->solve(b);
  const auto by_mumps = make_direct_solver(a, false, comm)->solve(b);
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double expected = value(a.first_row + static_cast<std::int32_t>(i));
    EXPECT_NEAR(by_multigrid[i], expected, 1e-8);
    EXPECT_NEAR(by_mumps[i], expected, 1e-10);
  }
}

TEST(RealSystem, SaysWhenItDoesNotConverge) {
  const mpi::Communicator comm(MPI_COMM_WORLD);
  const RealRows a = chain(2000, 1.5, comm);
  const RealRows near = chain(2000, 0.0, comm);
  const std::vector<double> one(static_cast<std::size_t>(a.n_rows()), 1.0);
  const auto solver = make_multigrid_solver(
      a, near, {.symmetric = false, .tolerance = 1e-12, .max_iterations = 3}, comm);
  try {
    static_cast<void>(solver->solve(one));
    FAIL() << "three iterations cannot be enough";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::numerical);
  }
}

TEST(RealSystem, DifferencesOfAConstantVanish) {
  const mpi::Communicator comm(MPI_COMM_SELF);
  const RealRows a = chain(50, 0.3, comm);
  for (const double value : multiply_differences(a, std::vector<double>(50, 1e8))) {
    EXPECT_EQ(value, 0.0);
  }
}

}  // namespace
}  // namespace edotb
