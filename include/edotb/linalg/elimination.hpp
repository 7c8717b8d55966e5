#pragma once

#include "edotb/linalg/sparse.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace edotb::linalg {

struct Group;
struct OrderedGraph;

/// Rows eliminated together in one dense front [pivots | boundary | border]: the boundary are the rows
/// of later supernodes that the pivots couple to.
struct Supernode {
  std::int32_t first = 0;              ///< place of the first pivot row
  std::int32_t n_pivots = 0;           ///< consecutive places from `first` on
  std::int32_t parent = -1;            ///< supernode that takes the contribution; -1 for a root
  std::int32_t first_descendant = 0;   ///< the subtree is [first_descendant, this]
  std::vector<std::int32_t> boundary;  ///< places, ascending
  std::vector<std::int32_t> children;  ///< in the order in which they are eliminated
  std::vector<std::int32_t> borders;   ///< cliques with rows in the subtree, ascending
};

/// The symbolic half of a Hermitian multifrontal factorisation (Duff and Reid, ACM TOMS 9, 302 (1983)):
/// who is eliminated when, and into what. It depends on the pattern alone, so one plan serves every
/// point of a sweep. Sites stay whole; the order is METIS's nested dissection.
///
/// `cliques` are sets of rows that couple all with all beyond the pattern: the interfaces of leads.
class EliminationPlan {
 public:
  EliminationPlan(std::shared_ptr<const SparsityPattern> pattern,
                  std::vector<std::vector<std::int64_t>> cliques, const Ordering& ordering = {});

  [[nodiscard]] const SparsityPattern& pattern() const { return *pattern_; }
  [[nodiscard]] const std::vector<std::vector<std::int64_t>>& cliques() const { return cliques_; }
  /// Supernodes, each after its children.
  [[nodiscard]] const std::vector<Supernode>& supernodes() const { return supernodes_; }
  [[nodiscard]] std::size_t n_rows() const { return row_at_.size(); }
  /// The row at each place in the order of elimination, and the place of each row.
  [[nodiscard]] const std::vector<std::int32_t>& row_at() const { return row_at_; }
  [[nodiscard]] const std::vector<std::int32_t>& place_of() const { return place_of_; }

  /// Roots of disjoint subtrees, largest first, none of which holds much more than its share of the
  /// work of `n_workers`; what lies above them is left for the end.
  [[nodiscard]] std::vector<std::size_t> independent_subtrees(std::size_t n_workers) const;
  /// The rank of each supernode: subtrees as even as they come (Geist and Ng, Int. J. Parallel Program.
  /// 18, 291 (1989)), and above them the rank of the child with most work.
  [[nodiscard]] std::vector<std::int32_t> owners(int n_ranks) const;
  /// Real operations of a factorisation with `n_border` columns in each clique's border; for more ranks
  /// than one, of the longest chain of fronts that wait for each other.
  [[nodiscard]] double flops(std::size_t n_border, int n_ranks = 1) const;
  /// Entries alive at once in the elimination, likewise, on the fullest rank.
  [[nodiscard]] double peak_entries(std::size_t n_border, int n_ranks = 1) const;
  /// Entries of the factor, when it is kept.
  [[nodiscard]] double factor_entries(std::size_t n_border) const;

 private:
  void write_rows(const OrderedGraph& ordered, const std::vector<Group>& groups,
                  const std::vector<std::int32_t>& order);

  std::shared_ptr<const SparsityPattern> pattern_;
  std::vector<std::vector<std::int64_t>> cliques_;
  std::vector<Supernode> supernodes_;
  std::vector<std::int32_t> row_at_;
  std::vector<std::int32_t> place_of_;
};

}  // namespace edotb::linalg
