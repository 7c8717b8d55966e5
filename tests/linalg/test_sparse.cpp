#include "edotb/base/error.hpp"
#include "edotb/linalg/sparse.hpp"
#include "edotb/linalg/sparse_lu.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::Matrix;
using linalg::SparseLU;
using linalg::SparsityPattern;

/// A random symmetric pattern: a ring of sites with some chords, 1 to 3 orbitals each.
SparsityPattern random_pattern(std::uint64_t seed, std::size_t n_sites) {
  test::Draw draw(seed);
  std::vector<std::int64_t> offsets = {0};
  for (std::size_t s = 0; s < n_sites; ++s) {
    offsets.push_back(offsets.back() + 1 + static_cast<std::int64_t>((s * 7 + seed) % 3));
  }
  std::vector<std::vector<std::int64_t>> columns(static_cast<std::size_t>(offsets.back()));
  const auto connect = [&](std::size_t a, std::size_t b) {
    for (auto i = offsets[a]; i < offsets[a + 1]; ++i) {
      for (auto j = offsets[b]; j < offsets[b + 1]; ++j) {
        columns[static_cast<std::size_t>(i)].push_back(j);
        columns[static_cast<std::size_t>(j)].push_back(i);
      }
    }
  };
  for (std::size_t s = 0; s < n_sites; ++s) {
    connect(s, (s + 1) % n_sites);
    if (draw.uniform() > 0.3) connect(s, (s * 5 + 2) % n_sites);
  }
  return linalg::make_pattern(std::move(columns), std::move(offsets));
}

TEST(Sparse, PatternFindsItsEntries) {
  const auto pattern = linalg::make_pattern({{2, 0, 2}, {}, {0}}, {0, 1, 3});
  EXPECT_EQ(pattern.columns, (std::vector<std::int64_t>{0, 2, 1, 0, 2}));
  EXPECT_EQ(pattern.find(0, 2), 1);
  EXPECT_EQ(pattern.find(0, 1), -1);
  EXPECT_EQ(pattern.find(2, 2), 4);
}

TEST(Sparse, CliquesConnectEveryPair) {
  const auto pattern = random_pattern(1, 20);
  const std::vector<std::vector<std::int64_t>> cliques = {{0, 9, 17}};
  const auto extended = linalg::with_cliques(pattern, cliques);
  for (const auto i : cliques[0]) {
    for (const auto j : cliques[0]) EXPECT_GE(extended.find(i, j), 0);
  }
  for (std::int64_t i = 0; i < 20; ++i) {
    for (std::int64_t j = 0; j < 20; ++j) {
      if (pattern.find(i, j) >= 0) {
        EXPECT_GE(extended.find(i, j), 0);
      }
    }
  }
}

TEST(Sparse, NestedDissectionIsAPermutationThatKeepsSitesTogether) {
  const auto pattern = random_pattern(2, 60);
  const auto place = linalg::nested_dissection(pattern);
  auto sorted = place;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i)
    EXPECT_EQ(sorted[i], static_cast<std::int64_t>(i));
  for (std::size_t s = 0; s < pattern.n_blocks(); ++s) {
    for (auto i = pattern.block_offsets[s] + 1; i < pattern.block_offsets[s + 1]; ++i) {
      EXPECT_EQ(place[static_cast<std::size_t>(i)], place[static_cast<std::size_t>(i - 1)] + 1);
    }
  }
}

// A site alone, and two parts that do not touch: METIS must not mind.
TEST(Sparse, NestedDissectionOfDisconnectedSites) {
  EXPECT_EQ(linalg::nested_dissection(linalg::make_pattern({{}}, {0, 1})).size(), 1U);
  const auto place =
      linalg::nested_dissection(linalg::make_pattern({{1}, {0}, {3}, {2}, {}}, {0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(place.size(), 5U);
}

// Oracle: LAPACK on the full matrix. One analysis, several matrices of the same pattern.
TEST(SparseLU, AgreesWithDenseForManyMatricesOfOnePattern) {
  for (const std::uint64_t seed : {3, 4}) {
    const auto pattern = std::make_shared<const SparsityPattern>(random_pattern(seed, 40));
    SparseLU lu(pattern);
    EXPECT_GT(lu.forecast().megabytes, 0.0);
    for (std::uint64_t k = 0; k < 3; ++k) {
      test::Draw draw(100 * seed + k);
      linalg::SparseMatrix a{pattern, std::vector<Complex>(pattern->n_entries())};
      for (Complex& value : a.values) value = draw.complex();
      const Matrix b = draw.matrix(pattern->rows(), 4);
      lu.factorise(a.values);
      EXPECT_LT(linalg::max_norm(lu.solve(b) - linalg::solve(linalg::to_dense(a), b)), 1e-9);
    }
  }
}

TEST(SparseLU, SingularMatrixIsAnErrorAndTheNextOneIsFine) {
  const auto pattern = std::make_shared<const SparsityPattern>(random_pattern(5, 12));
  SparseLU lu(pattern);
  const std::vector<Complex> zeros(pattern->n_entries());
  EXPECT_THROW(lu.factorise(zeros), Error);
  test::Draw draw(6);
  linalg::SparseMatrix a{pattern, std::vector<Complex>(pattern->n_entries())};
  for (Complex& value : a.values) value = draw.complex();
  const Matrix b = draw.matrix(pattern->rows(), 1);
  lu.factorise(a.values);
  EXPECT_LT(linalg::max_norm(lu.solve(b) - linalg::solve(linalg::to_dense(a), b)), 1e-9);
}

}  // namespace
}  // namespace edotb
