#include "edotb/base/error.hpp"
#include "edotb/linalg/dense.hpp"
#include "edotb/linalg/krylov.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

namespace edotb {
namespace {

// Against LAPACK's factorisation, for two right-hand sides.
TEST(SolveRealIteratively, AgreesWithTheFactorisation) {
  constexpr std::size_t n = 60;
  test::Draw draw(3);
  std::vector<double> a(n * n);
  for (double& entry : a) entry = draw.uniform();
  for (std::size_t i = 0; i < n; ++i) a[i + i * n] += 12.0;
  std::vector<double> b(2 * n);
  for (double& entry : b) entry = draw.uniform();
  const auto expected = linalg::solve_real(a, b, n);
  const auto found = linalg::solve_real_iteratively(a, b, n, 1e-13);
  for (std::size_t i = 0; i < b.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12);
}

TEST(SolveRealIteratively, SaysWhenThereIsNoSolution) {
  const std::vector<double> singular = {1.0, 1.0, 1.0, 1.0};
  EXPECT_THROW((void)linalg::solve_real_iteratively(singular, {1.0, 0.0}, 2, 1e-13), Error);
  EXPECT_THROW((void)linalg::solve_real_iteratively({0.0}, {1.0}, 1, 1e-13), Error);
}

}  // namespace
}  // namespace edotb
