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

/// How METIS's nested dissection is asked for an order. Where parts may differ by 1.3 instead of METIS's 1.2, a separator
/// across a sample longer than wide is smaller, as it need not be in the middle: 1 to 11 % fewer operations in bars,
/// wires, plates and cubes.
struct Ordering {
  int n_seeds = 5;       ///< of which the cheapest is taken
  double balance = 1.3;  ///< the heavier part of a cut may exceed half the weight by this factor
};

/// A fill-reducing order of the rows: position[i] is the place of row i. METIS nested dissection of
/// the site graph, so that a site's orbitals stay together; the cheapest of three seeds.
[[nodiscard]] std::vector<std::int64_t> nested_dissection(const SparsityPattern& pattern);

[[nodiscard]] Matrix to_dense(const SparseMatrix& a);

}  // namespace edotb::linalg
