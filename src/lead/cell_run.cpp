// All cells between the two kept ones at once. A sparse cell, a cross-section of sites with short bonds, is
// cheaper to eliminate with its neighbours, by nested dissection across the lead, than the dense matrices that
// doubling makes of it. With A = E - H of the cells inside, and e_1, e_M the identity on the first and the last
// of them, the multifrontal factorisation leaves -(e_1 e_M)^H A^{-1} (e_1 e_M), to which the two kept cells
// couple by V psi_0 and V^H psi_N.

#include "edotb/lead/cell_block.hpp"
#include "edotb/linalg/dense_factors.hpp"
#include "edotb/linalg/multifrontal.hpp"
#include "resonances.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <utility>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Cells are doubled by eliminating a dense one with both its neighbours as the rest.
double doubling_flops(std::size_t n) {
  const auto size = static_cast<double>(n);
  return 4.0 / 3.0 * (27.0 - 8.0) * size * size * size;
}

/// The cells inside a run, 0 .. n_inside - 1.
struct Inside {
  const sample::LeadCell& lead;
  std::size_t n_inside;
  std::vector<std::int64_t> site_offsets;  ///< of one cell

  [[nodiscard]] std::size_t n() const { return lead.cell.rows(); }
  /// <row| H |column> of rows counted through all cells, no more than a cell apart.
  [[nodiscard]] Complex entry(std::size_t row, std::size_t column) const {
    const std::size_t i = row % n();
    const std::size_t j = column % n();
    if (row / n() == column / n()) return lead.cell(i, j);
    return row > column ? lead.hopping(i, j) : std::conj(lead.hopping(j, i));
  }
};

Inside inside_of(const sample::LeadCell& lead, std::size_t n_inside) {
  Inside inside{lead, n_inside, lead.site_offsets};
  if (inside.site_offsets.empty()) {
    inside.site_offsets.resize(lead.cell.rows() + 1);
    std::iota(inside.site_offsets.begin(), inside.site_offsets.end(), 0);
  }
  return inside;
}

linalg::SparsityPattern pattern_of(const Inside& inside) {
  const std::size_t n = inside.n();
  std::vector<std::vector<std::int64_t>> columns(n * inside.n_inside);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      const bool in_cell = inside.lead.cell(i, j) != 0.0;
      const bool onwards = inside.lead.hopping(i, j) != 0.0;
      if (!in_cell && !onwards) continue;
      for (std::size_t cell = 0; cell < inside.n_inside; ++cell) {
        const std::size_t row = cell * n + i;
        if (in_cell) columns[row].push_back(static_cast<std::int64_t>(cell * n + j));
        if (!onwards || cell == 0) continue;
        const std::size_t before = (cell - 1) * n + j;
        columns[row].push_back(static_cast<std::int64_t>(before));
        columns[before].push_back(static_cast<std::int64_t>(row));
      }
    }
  }
  std::vector<std::int64_t> offsets = {0};
  for (std::size_t cell = 0; cell < inside.n_inside; ++cell) {
    const auto first = static_cast<std::int64_t>(cell * n);
    for (std::size_t s = 1; s < inside.site_offsets.size(); ++s) {
      offsets.push_back(first + inside.site_offsets[s]);
    }
  }
  return linalg::make_pattern(std::move(columns), std::move(offsets));
}

/// The sites of the first cell inside and of the last one: their borders are e_1 and e_M, site by site, so
/// that each enters where its site is eliminated.
std::vector<std::vector<std::int64_t>> end_sites(const Inside& inside) {
  std::vector<std::vector<std::int64_t>> sites;
  for (const std::size_t cell : {std::size_t{0}, inside.n_inside - 1}) {
    for (std::size_t s = 0; s + 1 < inside.site_offsets.size(); ++s) {
      auto& rows = sites.emplace_back(inside.site_offsets[s + 1] - inside.site_offsets[s]);
      std::iota(rows.begin(), rows.end(),
                static_cast<std::int64_t>(cell * inside.n()) + inside.site_offsets[s]);
    }
  }
  return sites;
}

std::shared_ptr<const linalg::EliminationPlan> plan_of(const Inside& inside) {
  constexpr linalg::Ordering ordering = {.n_seeds = 2, .balance = 1.2};
  return std::make_shared<const linalg::EliminationPlan>(
      std::make_shared<const linalg::SparsityPattern>(pattern_of(inside)), end_sites(inside),
      ordering);
}

std::size_t largest_site(const Inside& inside) {
  std::int64_t largest = 0;
  for (std::size_t s = 0; s + 1 < inside.site_offsets.size(); ++s) {
    largest = std::max(largest, inside.site_offsets[s + 1] - inside.site_offsets[s]);
  }
  return static_cast<std::size_t>(largest);
}

CellBlock eliminated(const Inside& inside, double energy,
                     const std::shared_ptr<const linalg::EliminationPlan>& plan) {
  const std::size_t n = inside.n();
  const auto& pattern = plan->pattern();
  std::vector<Complex> values(pattern.n_entries());
  for (std::size_t row = 0; row < pattern.rows(); ++row) {
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      values[entry] = inside.entry(row, static_cast<std::size_t>(pattern.columns[entry]));
    }
  }
  std::map<std::size_t, Matrix> identities;  // by the orbitals of a site
  linalg::HermitianSystem system{energy, values, {}, {}};
  for (const auto& rows : plan->cliques()) {
    const auto found = identities.try_emplace(rows.size(), Matrix::identity(rows.size())).first;
    system.borders.push_back(&found->second);
  }
  auto factor = std::make_unique<linalg::HermitianFactor<Complex>>(plan);
  factor->factorise(system);
  const std::size_t n_left_over = factor->n_left_over();
  Matrix schur = factor->take_schur();
  factor.reset();  // with the memory of the fronts
  Elimination e = read_elimination(
      [&](auto row, auto column, auto n_rows, auto n_columns) {
        return linalg::block(schur, row, column, n_rows, n_columns);
      },
      n, n, n_left_over, scale_of(inside.lead));
  schur = Matrix();

  const Matrix& v = inside.lead.hopping;
  const Matrix v_back = adjoint(v);
  const auto between = [](const Matrix& left, Matrix middle, const Matrix& right) {
    middle = linalg::product(middle, right);
    return linalg::adjoint_product(left, middle);
  };
  CellBlock result;
  result.n_cells = inside.n_inside + 1;
  result.on_left = between(v, std::move(e.left_left), v);
  result.on_right = between(v_back, std::move(e.right_right), v_back);
  result.hopping.a = between(v_back, std::move(e.right_left), v);
  result.resonance = std::move(e.resonance);
  result.to_left = linalg::adjoint_product(v, e.to_left);
  result.to_right = linalg::adjoint_product(v_back, e.to_right);
  return result;
}

}  // namespace

CellBlock eliminated_run(const sample::LeadCell& lead, double energy, std::size_t n_cells) {
  const Inside inside = inside_of(lead, n_cells - 1);
  return eliminated(inside, energy, plan_of(inside));
}

CellBlock cheapest_run(const sample::LeadCell& lead, double energy) {
  CellBlock bond = single_bond(lead);
  if (!linalg::is_sparse(lead.cell) || !linalg::is_sparse(lead.hopping)) return bond;
  bond = {};
  constexpr std::size_t most_cells = 16;
  const double doubling = doubling_flops(lead.cell.rows());
  std::shared_ptr<const linalg::EliminationPlan> best;
  std::size_t n_inside = 0;
  double flops = doubling;  // of two cells
  for (std::size_t n_cells = 4; n_cells <= most_cells; n_cells *= 2) {
    const Inside inside = inside_of(lead, n_cells - 1);
    auto plan = plan_of(inside);
    const double mine = plan->flops(largest_site(inside));
    if (!(mine < flops + doubling)) break;
    best = std::move(plan);
    n_inside = n_cells - 1;
    flops = mine;
  }
  if (best == nullptr) return single_bond(lead);
  return eliminated(inside_of(lead, n_inside), energy, best);
}

}  // namespace edotb::lead
