// Elimination tree -> column structures -> supernodes -> amalgamation, all on sites (supernodes.hpp);
// only the result is written in rows.

#include "edotb/linalg/elimination.hpp"

#include "supernodes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edotb::linalg {

EliminationPlan::EliminationPlan(std::shared_ptr<const SparsityPattern> pattern,
                                 std::vector<std::vector<std::int64_t>> cliques, int n_seeds)
    : pattern_(std::move(pattern)), cliques_(std::move(cliques)) {
  const SiteGraph graph = site_graph(*pattern_);
  const SiteCliques site_cliques = cliques_of_sites(*pattern_, cliques_);

  OrderedGraph ordered{graph, nested_dissection_of_sites(graph, site_cliques, n_seeds), {}, {}};
  ordered.place_sites(site_cliques);
  Places parent = elimination_tree(ordered);
  {
    const Places order = postorder(parent);
    Places new_place(order.size());
    std::vector<idx_t> site_at(order.size());
    for (std::size_t place = 0; place < order.size(); ++place) {
      new_place[static_cast<std::size_t>(order[place])] = static_cast<std::int32_t>(place);
      site_at[place] = ordered.site_at[static_cast<std::size_t>(order[place])];
    }
    Places new_parent(order.size(), -1);
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (parent[i] < 0) continue;
      new_parent[static_cast<std::size_t>(new_place[i])] =
          new_place[static_cast<std::size_t>(parent[i])];
    }
    parent = std::move(new_parent);
    ordered.site_at = std::move(site_at);
    ordered.place_sites(site_cliques);
  }
  std::vector<Group> groups = find_supernodes(ordered, parent);
  amalgamate(groups);
  const auto order = low_memory_order(groups);

  write_rows(ordered, groups, order);
}

void EliminationPlan::write_rows(const OrderedGraph& ordered, const std::vector<Group>& groups,
                                 const std::vector<std::int32_t>& order) {
  std::vector<std::int32_t> first_row_of_place(ordered.site_at.size(), 0);
  std::int32_t next = 0;
  const auto lay_out = [&](std::int32_t place) {
    const auto p = static_cast<std::size_t>(place);
    first_row_of_place[p] = next;
    const auto site = static_cast<std::size_t>(ordered.site_at[p]);
    for (auto row = pattern_->block_offsets[site]; row < pattern_->block_offsets[site + 1]; ++row) {
      row_at_.push_back(static_cast<std::int32_t>(row));
      ++next;
    }
  };
  for (const std::int32_t g : order) {
    for (const std::int32_t place : groups[static_cast<std::size_t>(g)].pivots) lay_out(place);
  }
  place_of_.resize(row_at_.size());
  for (std::size_t i = 0; i < row_at_.size(); ++i) {
    place_of_[static_cast<std::size_t>(row_at_[i])] = static_cast<std::int32_t>(i);
  }

  std::vector<std::vector<std::int32_t>> cliques_of_row(row_at_.size());
  for (std::size_t k = 0; k < cliques_.size(); ++k) {
    for (const std::int64_t row : cliques_[k]) {
      cliques_of_row[static_cast<std::size_t>(row)].push_back(static_cast<std::int32_t>(k));
    }
  }
  std::vector<std::int32_t> supernode_of_group(groups.size(), -1);
  for (const std::int32_t g : order) {
    const Group& group = groups[static_cast<std::size_t>(g)];
    const auto me = static_cast<std::int32_t>(supernodes_.size());
    Supernode node;
    supernode_of_group[static_cast<std::size_t>(g)] = me;
    node.first = first_row_of_place[static_cast<std::size_t>(group.pivots.front())];
    node.n_pivots = static_cast<std::int32_t>(std::lround(group.n_pivot_rows));
    node.first_descendant = me;
    for (const std::int32_t place : group.boundary) {
      const auto p = static_cast<std::size_t>(place);
      const auto n_rows = ordered.graph.weights[static_cast<std::size_t>(ordered.site_at[p])];
      for (std::int32_t i = 0; i < n_rows; ++i) node.boundary.push_back(first_row_of_place[p] + i);
    }
    std::sort(node.boundary.begin(), node.boundary.end());
    for (const std::int32_t c : group.children) {
      const std::int32_t child = supernode_of_group[static_cast<std::size_t>(c)];
      node.children.push_back(child);
      Supernode& below = supernodes_[static_cast<std::size_t>(child)];
      below.parent = me;
      node.first_descendant = std::min(node.first_descendant, below.first_descendant);
      node.borders.insert(node.borders.end(), below.borders.begin(), below.borders.end());
    }
    const auto first = static_cast<std::size_t>(node.first);
    for (std::size_t i = first; i < first + static_cast<std::size_t>(node.n_pivots); ++i) {
      const auto row = static_cast<std::size_t>(row_at_[i]);
      node.borders.insert(node.borders.end(), cliques_of_row[row].begin(),
                          cliques_of_row[row].end());
    }
    std::sort(node.borders.begin(), node.borders.end());
    node.borders.erase(std::unique(node.borders.begin(), node.borders.end()), node.borders.end());
    supernodes_.push_back(std::move(node));
  }
}

namespace {

double n_rest(const Supernode& node, std::size_t n_border) {
  return static_cast<double>(node.boundary.size() + node.borders.size() * n_border);
}

}  // namespace

std::vector<std::size_t> EliminationPlan::independent_subtrees(std::size_t n_workers) const {
  std::vector<double> work(supernodes_.size(), 0.0);
  std::vector<std::size_t> roots;
  double total = 0.0;
  for (std::size_t s = 0; s < supernodes_.size(); ++s) {
    const Supernode& node = supernodes_[s];
    const double mine = front_cost(node.n_pivots, n_rest(node, 0));
    total += mine;
    work[s] += mine;
    if (node.parent >= 0) work[static_cast<std::size_t>(node.parent)] += work[s];
    if (node.parent < 0) roots.push_back(s);
  }
  constexpr double pieces_per_worker = 3.0;
  const double share = total / (pieces_per_worker * static_cast<double>(n_workers));
  std::vector<std::size_t> found;
  while (!roots.empty()) {
    const std::size_t root = roots.back();
    roots.pop_back();
    if (work[root] <= share) {
      found.push_back(root);
    } else {
      for (const std::int32_t c : supernodes_[root].children) {
        roots.push_back(static_cast<std::size_t>(c));
      }
    }
  }
  std::sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
    return work[a] != work[b] ? work[a] > work[b] : a < b;
  });
  return found;
}

double EliminationPlan::flops(std::size_t n_border) const {
  double total = 0.0;
  for (const Supernode& node : supernodes_) {
    total += front_flops(node.n_pivots, n_rest(node, n_border));
  }
  return total;
}

double EliminationPlan::peak_entries(std::size_t n_border) const {
  double peak = 0.0;
  double stacked = 0.0;
  for (const Supernode& node : supernodes_) {
    const double rest = n_rest(node, n_border);
    peak = std::max(peak, stacked + node.n_pivots * (node.n_pivots + rest) + triangle(rest));
    for (const std::int32_t c : node.children) {
      stacked -= triangle(n_rest(supernodes_[static_cast<std::size_t>(c)], n_border));
    }
    stacked += triangle(rest);
  }
  return peak;
}

double EliminationPlan::factor_entries(std::size_t n_border) const {
  double total = 0.0;
  for (const Supernode& node : supernodes_) {
    total += node.n_pivots * (node.n_pivots + n_rest(node, n_border));
  }
  return total;
}

}  // namespace edotb::linalg
