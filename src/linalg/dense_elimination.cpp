#include "edotb/linalg/dense_elimination.hpp"

#include "arena.hpp"
#include "edotb/base/error.hpp"
#include "front.hpp"

#include <algorithm>

namespace edotb::linalg {

struct DenseElimination::Implementation {
  Arena<Complex> arena;
  Panel<Complex> panel;
  StripLayout layout;
  std::vector<Complex> left;  ///< what is left, in `layout`
  std::size_t n_rest = 0;
};

DenseElimination::DenseElimination(std::size_t n_pivots, std::size_t n_rest)
    : self_(std::make_unique<Implementation>()) {
  Panel<Complex>& panel = self_->panel;
  self_->n_rest = n_rest;
  panel.n_pivots = n_pivots;
  panel.n_rows = n_pivots + n_rest;
  panel.capacity = panel.n_rows + n_pivots;  // room for boosts; what is not touched costs nothing
  self_->arena.reserve(panel.capacity * n_pivots);
  panel.values = self_->arena.push(panel.capacity * n_pivots);
  for (std::size_t j = 0; j < n_pivots; ++j) {
    std::fill_n(panel.values + j * panel.capacity, panel.n_rows, Complex(0.0));
  }
}

DenseElimination::~DenseElimination() = default;

void DenseElimination::add(std::size_t row, std::size_t column, const Matrix& values) {
  const Panel<Complex>& panel = self_->panel;
  for (std::size_t j = 0; j < values.columns(); ++j) {
    Complex* target = panel.values + row + (column + j) * panel.capacity;
    const auto source = values.column(j);
    for (std::size_t i = 0; i < source.size(); ++i) target[i] += source[i];
  }
}

void DenseElimination::eliminate(double threshold, double raised) {
  DiagonalBlocks<Complex> blocks;
  FrontWork<Complex> work;
  Panel<Complex>& panel = self_->panel;
  if (!factorise_panel(panel, blocks, {threshold, raised}, work)) {
    throw numerical_error("more pivots have to be raised than there are");
  }
  const std::size_t n = self_->n_rest + work.boosts.size();
  self_->layout = StripLayout::of(n);
  self_->left.assign(self_->layout.n_entries(), Complex(0.0));
  for (std::size_t q = self_->n_rest; q < n; ++q) {
    self_->left[self_->layout.column_start(q) + q] = 1.0 / work.boosts[q - self_->n_rest];
  }
  update_contribution(panel, blocks, self_->layout, self_->left.data(), work);
  self_->arena = {};
}

std::size_t DenseElimination::n_left_over() const { return self_->layout.n - self_->n_rest; }

Matrix DenseElimination::rest(std::size_t row, std::size_t column, std::size_t n_rows,
                              std::size_t n_columns) const {
  Matrix result(n_rows, n_columns);
  for (std::size_t j = 0; j < n_columns; ++j) {
    for (std::size_t i = 0; i < n_rows; ++i) {
      const std::size_t low = std::max(row + i, column + j);
      const std::size_t high = std::min(row + i, column + j);
      const Complex value = self_->left[self_->layout.column_start(high) + low];
      result(i, j) = row + i < column + j ? std::conj(value) : value;
      if (low == high) result(i, j) = value.real();
    }
  }
  return result;
}

}  // namespace edotb::linalg
