// Runs of cells against their insides solved at once as dense matrices.

#include "edotb/lead/cell_block.hpp"
#include "lead_samples.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <string>

namespace edotb {
namespace {

using lead::CellBlock;
using linalg::Complex;
using linalg::Matrix;
using sample::LeadCell;
using test::leads_of;
using test::weyl_leads;

/// H of `n_cells` + 1 cells in a row, less E, with the sign of E - H.
Matrix open_chain(const LeadCell& lead, double energy, std::size_t n_cells) {
  const std::size_t n = lead.cell.rows();
  Matrix chain(n * (n_cells + 1), n * (n_cells + 1));
  for (std::size_t cell = 0; cell <= n_cells; ++cell) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < n; ++i) {
        const bool kept = cell == 0 || cell == n_cells;
        chain(cell * n + i, cell * n + j) =
            kept ? Complex(0.0) : (i == j ? energy : 0.0) - lead.cell(i, j);
        if (cell == 0) continue;
        chain(cell * n + i, cell * n - n + j) = -lead.hopping(i, j);
        chain(cell * n - n + j, cell * n + i) = -std::conj(lead.hopping(i, j));
      }
    }
  }
  return chain;
}

/// The block of `n_cells` cells, by doubling.
CellBlock eliminate_cells(const LeadCell& chain, double energy, std::size_t n_cells) {
  const CellBlock bond = lead::single_bond(chain);
  CellBlock block = bond;
  for (int digit = static_cast<int>(std::bit_width(n_cells)) - 2; digit >= 0; --digit) {
    block = lead::join(chain, energy, block, block);
    if (((n_cells >> static_cast<unsigned>(digit)) & 1U) != 0) {
      block = lead::join(chain, energy, block, bond);
    }
  }
  return block;
}

/// Oracle: the inside of the run by one dense solution. The block's resonances are eliminated here, off
/// their levels, for comparison.
void expect_eliminated_at_once(const LeadCell& lead, double energy, const CellBlock& block,
                               const std::string& name) {
  const std::size_t n = lead.cell.rows();
  const Matrix chain = open_chain(lead, energy, block.n_cells);
  const std::size_t inside = n * (block.n_cells - 1);
  const Matrix ends = linalg::join_columns(linalg::block(chain, n, 0, inside, n),
                                           linalg::block(chain, n, n + inside, inside, n));
  const Matrix expected =
      linalg::adjoint_times(ends, linalg::solve(linalg::block(chain, n, n, inside, inside), ends));

  Matrix on_left = block.on_left;
  Matrix on_right = block.on_right;
  Matrix hopping = block.hopping.is_low_rank()
                       ? linalg::times_adjoint(block.hopping.a, block.hopping.b)
                       : block.hopping.a;
  if (block.n_resonances() > 0) {
    const Matrix left = linalg::solve(block.resonance, adjoint(block.to_left));
    const Matrix right = linalg::solve(block.resonance, adjoint(block.to_right));
    on_left += block.to_left * left;
    on_right += block.to_right * right;
    hopping += block.to_right * left;
  }
  const double tolerance = 1e-10 * linalg::max_norm(expected);
  EXPECT_LT(linalg::max_norm(on_left - linalg::block(expected, 0, 0, n, n)), tolerance) << name;
  EXPECT_LT(linalg::max_norm(on_right - linalg::block(expected, n, n, n, n)), tolerance) << name;
  EXPECT_LT(linalg::max_norm(hopping - linalg::block(expected, n, 0, n, n)), tolerance) << name;
}

// Energies are on and off the levels of the inside, where only resonances keep the block finite.
TEST(CellBlock, EqualsTheRunEliminatedAtOnce) {
  test::Draw draw(11);
  constexpr std::size_t n = 4;
  const LeadCell lead{draw.hermitian(n), draw.matrix(n, n)};
  for (const std::size_t n_cells : {2U, 3U, 5U, 8U}) {
    for (const double energy : {0.123, -0.4}) {
      const CellBlock block = eliminate_cells(lead, energy, n_cells);
      EXPECT_EQ(block.n_cells, n_cells);
      expect_eliminated_at_once(lead, energy, block, std::to_string(n_cells) + " cells");
    }
  }
}

// The sparse elimination of a Weyl bar, with its sites known and not, and of a bipartite lattice next to
// half filling, where half of the levels of some cells lie at the energy and stay as resonances.
TEST(CellBlock, SparseCellsAreEliminatedTogether) {
  auto weyl = weyl_leads(4, 0.1, 30.0).front();
  ASSERT_EQ(weyl.site_offsets.size(), 17U);
  for (const std::size_t n_cells : {3U, 4U, 8U}) {
    expect_eliminated_at_once(weyl, 0.3, lead::eliminated_run(weyl, 0.3, n_cells), "Weyl");
  }
  weyl.site_offsets.clear();
  expect_eliminated_at_once(weyl, 0.3, lead::eliminated_run(weyl, 0.3, 4), "orbitals as sites");

  const auto metal = leads_of(
      "sample: {model: {name: simple_metal, dimension: 3},"
      " shape: {axis: z, length: 2, width: 7, thickness: 7}}\n",
      0.1, 40.0);
  const CellBlock block = lead::eliminated_run(metal.front(), 1e-5, 4);
  EXPECT_GT(block.n_resonances(), 0U);
  expect_eliminated_at_once(metal.front(), 1e-5, block, "bipartite");
}

// Sparse leads begin with several cells at once, dense ones with a single bond.
TEST(CellBlock, TheFirstRunIsTheCheapest) {
  EXPECT_GE(lead::cheapest_run(weyl_leads(8, 0.1, 30.0).front(), 0.3).n_cells, 4U);
  test::Draw draw(3);
  const LeadCell dense{draw.hermitian(40), draw.matrix(40, 40)};
  EXPECT_EQ(lead::cheapest_run(dense, 0.3).n_cells, 1U);
}

// E on a level of the isolated cell, where K is exactly singular: the level becomes a resonance.
TEST(CellBlock, ALevelAtTheEnergyIsKept) {
  LeadCell lead{Matrix(2, 2), Complex(-1.0) * Matrix::identity(2)};
  lead.cell(1, 1) = 3.0;
  const CellBlock block = eliminate_cells(lead, 0.0, 2);
  ASSERT_EQ(block.n_resonances(), 1U);
  EXPECT_LT(std::abs(block.resonance(0, 0)), 1e-12);
  EXPECT_NEAR(std::abs(block.to_left(0, 0)), 1.0, 1e-12);
  EXPECT_LT(linalg::max_norm(block.hopping.a), 0.34);
}

TEST(CellBlock, CompressionFindsTheRank) {
  test::Draw draw(2);
  const Matrix a = draw.matrix(200, 30);
  const Matrix b = draw.matrix(200, 30);
  const Matrix product = linalg::times_adjoint(a, b);
  const auto thin = lead::compressed({product, {}}, 1e-11);
  ASSERT_TRUE(thin.is_low_rank());
  EXPECT_LE(thin.a.columns(), 50U);
  EXPECT_LT(linalg::max_norm(linalg::times_adjoint(thin.a, thin.b) - product), 1e-11);
  EXPECT_FALSE(lead::compressed({draw.matrix(200, 200), {}}, 1e-11).is_low_rank());
}

}  // namespace
}  // namespace edotb
