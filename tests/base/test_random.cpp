#include "edotb/base/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace edotb {
namespace {

TEST(Random, SameKeySameNumber) {
  const RandomKey key{.seed = 7, .realisation = 3, .site = 11};
  EXPECT_EQ(uniform(key), uniform(key));
}

// Pinned: changing these would silently change every published ensemble.
TEST(Random, NumbersNeverChange) {
  EXPECT_NEAR(uniform({.seed = 1, .realisation = 0, .site = 0}), 0.022524537052182769, 1e-16);
  EXPECT_NEAR(uniform({.seed = 42, .realisation = 5, .site = 1000000}), 0.019037716149015005,
              1e-16);
}

TEST(Random, EveryPartOfTheKeyMatters) {
  const RandomKey base{.seed = 1, .realisation = 2, .site = 3, .index = 4};
  std::set<double> values = {uniform(base)};
  for (const RandomKey& key : {RandomKey{.seed = 2, .realisation = 2, .site = 3, .index = 4},
                               RandomKey{.seed = 1, .realisation = 3, .site = 3, .index = 4},
                               RandomKey{.seed = 1, .realisation = 2, .site = 4, .index = 4},
                               RandomKey{.seed = 1, .realisation = 2, .site = 3, .index = 5}}) {
    EXPECT_TRUE(values.insert(uniform(key)).second);
  }
}

// Mean 1/2 and variance 1/12 within 4 standard errors of 1e5 numbers; neighbouring sites uncorrelated.
TEST(Random, UniformAndUncorrelated) {
  constexpr int n = 100000;
  double sum = 0.0;
  double squares = 0.0;
  double products = 0.0;
  double last = 0.5;
  for (int site = 0; site < n; ++site) {
    const double x = uniform({.seed = 9, .site = static_cast<std::uint64_t>(site)});
    ASSERT_GT(x, 0.0);
    ASSERT_LT(x, 1.0);
    sum += x - 0.5;
    squares += (x - 0.5) * (x - 0.5);
    products += (x - 0.5) * (last - 0.5);
    last = x;
  }
  EXPECT_NEAR(sum / n, 0.0, 4.0 * std::sqrt(1.0 / 12.0 / n));
  EXPECT_NEAR(squares / n, 1.0 / 12.0, 4.0 * std::sqrt(1.0 / 180.0 / n));
  EXPECT_NEAR(products / n, 0.0, 4.0 / 12.0 / std::sqrt(n));
}

}  // namespace
}  // namespace edotb
