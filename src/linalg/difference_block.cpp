#include "difference_block.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::linalg {

namespace {

constexpr std::int32_t outside = -1;

/// Whether a row of `a` has entries that `near` has not.
bool differs(const RealRows& a, const RealRows& near, std::size_t row) {
  constexpr double rounding = 1e-10;
  double largest = 0.0;
  double largest_difference = 0.0;
  auto k = near.row_offsets[row];
  for (auto i = a.row_offsets[row]; i < a.row_offsets[row + 1]; ++i) {
    const auto entry = static_cast<std::size_t>(i);
    while (k < near.row_offsets[row + 1] &&
           near.columns[static_cast<std::size_t>(k)] < a.columns[entry]) {
      ++k;
    }
    const bool is_in_both = k < near.row_offsets[row + 1] &&
                            near.columns[static_cast<std::size_t>(k)] == a.columns[entry];
    const double same = is_in_both ? near.values[static_cast<std::size_t>(k)] : 0.0;
    largest = std::max(largest, std::abs(a.values[entry]));
    largest_difference = std::max(largest_difference, std::abs(a.values[entry] - same));
  }
  return largest_difference > rounding * largest;
}

/// The number in the block of every row of the whole matrix, or `outside`.
std::vector<std::int32_t> numbered(const std::vector<double>& is_in_block) {
  std::vector<std::int32_t> number(is_in_block.size(), outside);
  std::int32_t n = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (is_in_block[i] != 0.0) number[i] = n++;
  }
  return number;
}

}  // namespace

std::unique_ptr<DifferenceBlock> DifferenceBlock::make(const RealRows& a, const RealRows& near,
                                                       const mpi::Communicator& comm) {
  const auto n_rows = static_cast<std::size_t>(a.n_rows());
  std::vector<double> here(n_rows);
  for (std::size_t row = 0; row < n_rows; ++row) here[row] = differs(a, near, row) ? 1.0 : 0.0;
  const auto differing = gather_rows(comm, here);
  for (std::size_t row = 0; row < n_rows; ++row) {
    for (auto k = a.row_offsets[row]; k < a.row_offsets[row + 1]; ++k) {
      here[row] = std::max(
          here[row], differing[static_cast<std::size_t>(a.columns[static_cast<std::size_t>(k)])]);
    }
  }
  const auto is_in_block = gather_rows(comm, here);
  const auto n_in_block = std::count(is_in_block.begin(), is_in_block.end(), 1.0);
  constexpr double largest_share = 0.5;
  const bool is_useful = n_in_block > 0 && static_cast<double>(n_in_block) <=
                                               largest_share * static_cast<double>(a.n_total);
  if (!is_useful) return nullptr;

  const auto number = numbered(is_in_block);
  RealRows block;
  block.n_total = static_cast<std::int32_t>(n_in_block);
  const auto before = is_in_block.begin() + a.first_row;
  block.first_row = static_cast<std::int32_t>(std::count(is_in_block.begin(), before, 1.0));
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < n_rows; ++row) {
    if (here[row] == 0.0) continue;
    rows.push_back(row);
    for (auto k = a.row_offsets[row]; k < a.row_offsets[row + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      const auto column = number[static_cast<std::size_t>(a.columns[entry])];
      if (column == outside) continue;
      block.columns.push_back(column);
      block.values.push_back(a.values[entry]);
    }
    block.row_offsets.push_back(static_cast<std::int64_t>(block.columns.size()));
  }
  return std::unique_ptr<DifferenceBlock>(
      new DifferenceBlock(std::move(rows), make_direct_solver(block, false, comm)));
}

std::vector<double> DifferenceBlock::solve(std::span<const double> r) {
  std::vector<double> in_block;
  in_block.reserve(rows_.size());
  for (const std::size_t row : rows_) in_block.push_back(r[row]);
  in_block = factors_->solve(in_block);
  std::vector<double> x(r.size(), 0.0);
  for (std::size_t i = 0; i < rows_.size(); ++i) x[rows_[i]] = in_block[i];
  return x;
}

}  // namespace edotb::linalg
