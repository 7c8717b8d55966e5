#include "edotb/linalg/sparse.hpp"

#include "site_graph.hpp"

#include <algorithm>

namespace edotb::linalg {

std::int64_t SparsityPattern::find(std::int64_t row, std::int64_t column) const {
  const auto first = columns.begin() + row_offsets[static_cast<std::size_t>(row)];
  const auto last = columns.begin() + row_offsets[static_cast<std::size_t>(row) + 1];
  const auto place = std::lower_bound(first, last, column);
  return place != last && *place == column ? place - columns.begin() : -1;
}

SparsityPattern make_pattern(std::vector<std::vector<std::int64_t>> columns_of_row,
                             std::vector<std::int64_t> block_offsets) {
  SparsityPattern pattern;
  pattern.block_offsets = std::move(block_offsets);
  pattern.row_offsets.reserve(columns_of_row.size() + 1);
  pattern.row_offsets.push_back(0);
  for (std::size_t row = 0; row < columns_of_row.size(); ++row) {
    auto& columns = columns_of_row[row];
    columns.push_back(static_cast<std::int64_t>(row));
    std::sort(columns.begin(), columns.end());
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    pattern.columns.insert(pattern.columns.end(), columns.begin(), columns.end());
    pattern.row_offsets.push_back(static_cast<std::int64_t>(pattern.columns.size()));
  }
  return pattern;
}

SparsityPattern with_cliques(const SparsityPattern& pattern,
                             std::span<const std::vector<std::int64_t>> cliques) {
  std::vector<std::vector<std::int64_t>> columns_of_row(pattern.rows());
  for (std::size_t row = 0; row < pattern.rows(); ++row) {
    columns_of_row[row].assign(pattern.columns.begin() + pattern.row_offsets[row],
                               pattern.columns.begin() + pattern.row_offsets[row + 1]);
  }
  for (const auto& clique : cliques) {
    for (const std::int64_t row : clique) {
      auto& columns = columns_of_row[static_cast<std::size_t>(row)];
      columns.insert(columns.end(), clique.begin(), clique.end());
    }
  }
  return make_pattern(std::move(columns_of_row), pattern.block_offsets);
}

std::vector<std::int64_t> nested_dissection(const SparsityPattern& pattern) {
  const auto site_at = nested_dissection_of_sites(site_graph(pattern), {}, {.n_seeds = 3});
  std::vector<std::int64_t> place_of_row(pattern.rows());
  std::int64_t place = 0;
  for (const idx_t site : site_at) {
    const auto s = static_cast<std::size_t>(site);
    for (auto row = pattern.block_offsets[s]; row < pattern.block_offsets[s + 1]; ++row) {
      place_of_row[static_cast<std::size_t>(row)] = place++;
    }
  }
  return place_of_row;
}

Matrix to_dense(const SparseMatrix& a) {
  const auto& pattern = *a.pattern;
  Matrix dense(pattern.rows(), pattern.rows());
  for (std::size_t row = 0; row < pattern.rows(); ++row) {
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      dense(row, static_cast<std::size_t>(pattern.columns[entry])) += a.values[entry];
    }
  }
  return dense;
}

}  // namespace edotb::linalg
