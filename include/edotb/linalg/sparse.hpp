#pragma once

#include "edotb/linalg/dense.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace edotb::linalg {

/// Where a square sparse matrix may be non-zero: compressed rows with ascending columns, both
/// triangles, every diagonal entry present. `block_offsets[s] .. block_offsets[s+1]` are the rows of
/// site s; orderings work on sites.
struct SparsityPattern {
  std::vector<std::int64_t> row_offsets;
  std::vector<std::int64_t> columns;
  std::vector<std::int64_t> block_offsets;

  [[nodiscard]] std::size_t rows() const { return row_offsets.size() - 1; }
  [[nodiscard]] std::size_t n_entries() const { return columns.size(); }
  [[nodiscard]] std::size_t n_blocks() const { return block_offsets.size() - 1; }
  /// The place of (row, column) among the entries, or -1 when it is not in the pattern.
  [[nodiscard]] std::int64_t find(std::int64_t row, std::int64_t column) const;
};

/// A sparse matrix: values over a pattern that many matrices may share.
struct SparseMatrix {
  std::shared_ptr<const SparsityPattern> pattern;
  std::vector<Complex> values;
};

/// The pattern that holds `entries` (lists of columns per row, any order, repeats allowed) and the
/// diagonal.
[[nodiscard]] SparsityPattern make_pattern(std::vector<std::vector<std::int64_t>> columns_of_row,
                                           std::vector<std::int64_t> block_offsets);

/// `pattern` with every pair of `clique`'s rows added, for each clique: where self-energies go.
[[nodiscard]] SparsityPattern with_cliques(const SparsityPattern& pattern,
                                           std::span<const std::vector<std::int64_t>> cliques);

/// A fill-reducing order of the rows: position[i] is the place of row i. METIS nested dissection of
/// the site graph, so that a site's orbitals stay together; the cheapest of `n_seeds` seeds.
[[nodiscard]] std::vector<std::int64_t> nested_dissection(const SparsityPattern& pattern,
                                                          int n_seeds = 3);

[[nodiscard]] Matrix to_dense(const SparseMatrix& a);

}  // namespace edotb::linalg
