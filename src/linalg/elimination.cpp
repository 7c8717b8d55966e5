// Elimination tree -> column structures -> supernodes -> amalgamation, all on sites (supernodes.hpp);
// only the result is written in rows.

#include "edotb/linalg/elimination.hpp"

#include "supernodes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace edotb::linalg {

EliminationPlan::EliminationPlan(std::shared_ptr<const SparsityPattern> pattern,
                                 std::vector<std::vector<std::int64_t>> cliques,
                                 const Ordering& ordering)
    : pattern_(std::move(pattern)), cliques_(std::move(cliques)) {
  const SiteGraph graph = site_graph(*pattern_);
  const SiteCliques site_cliques = cliques_of_sites(*pattern_, cliques_);

  OrderedGraph ordered{graph, nested_dissection_of_sites(graph, site_cliques, ordering), {}, {}};
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

/// What it costs to eliminate each supernode with all below it.
std::vector<double> work_of_subtrees(const std::vector<Supernode>& nodes) {
  std::vector<double> work(nodes.size(), 0.0);
  for (std::size_t s = 0; s < nodes.size(); ++s) {
    work[s] += front_cost(nodes[s].n_pivots, n_rest(nodes[s], 0));
    if (nodes[s].parent >= 0) work[static_cast<std::size_t>(nodes[s].parent)] += work[s];
  }
  return work;
}

/// Subtrees dealt out to ranks, the largest first and always to the rank that has least.
struct Deal {
  std::vector<std::int32_t> rank_of;  ///< of each subtree
  double most = 0.0;                  ///< work of the busiest rank
};

Deal deal(const std::vector<std::size_t>& subtrees, const std::vector<double>& work, int n_ranks) {
  Deal result;
  std::vector<double> load(static_cast<std::size_t>(n_ranks), 0.0);
  for (const std::size_t s : subtrees) {
    const auto least = std::min_element(load.begin(), load.end());
    result.rank_of.push_back(static_cast<std::int32_t>(least - load.begin()));
    *least += work[s];
    result.most = std::max(result.most, *least);
  }
  return result;
}

}  // namespace

std::vector<std::size_t> EliminationPlan::independent_subtrees(std::size_t n_workers) const {
  const std::vector<double> work = work_of_subtrees(supernodes_);
  std::vector<std::size_t> roots;
  double total = 0.0;
  for (std::size_t s = 0; s < supernodes_.size(); ++s) {
    if (supernodes_[s].parent >= 0) continue;
    total += work[s];
    roots.push_back(s);
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

std::vector<std::int32_t> EliminationPlan::owners(int n_ranks) const {
  const std::vector<double> work = work_of_subtrees(supernodes_);
  const auto larger = [&](std::size_t a, std::size_t b) {
    return work[a] != work[b] ? work[a] > work[b] : a < b;
  };
  std::vector<std::size_t> subtrees;
  for (std::size_t s = 0; s < supernodes_.size(); ++s) {
    if (supernodes_[s].parent < 0) subtrees.push_back(s);
  }
  // The largest subtree is opened again and again; what was opened waits for the subtrees below.
  constexpr std::size_t most_subtrees_per_rank = 16;
  std::vector<std::size_t> best;
  Deal best_deal;
  double opened = 0.0;
  double least = std::numeric_limits<double>::infinity();
  const std::size_t most_subtrees =
      std::max(subtrees.size(),
               n_ranks > 1 ? most_subtrees_per_rank * static_cast<std::size_t>(n_ranks) : 0);
  while (!subtrees.empty() && subtrees.size() <= most_subtrees) {
    std::sort(subtrees.begin(), subtrees.end(), larger);
    const Deal trial = deal(subtrees, work, n_ranks);
    if (opened + trial.most < least) {
      least = opened + trial.most;
      best = subtrees;
      best_deal = trial;
    }
    const std::size_t largest = subtrees.front();
    if (supernodes_[largest].children.empty()) break;
    subtrees.erase(subtrees.begin());
    opened += work[largest];
    for (const std::int32_t c : supernodes_[largest].children) {
      const auto child = static_cast<std::size_t>(c);
      opened -= work[child];
      subtrees.push_back(child);
    }
  }
  std::vector<std::int32_t> owner(supernodes_.size(), -1);
  for (std::size_t i = 0; i < best.size(); ++i) {
    const auto first = static_cast<std::size_t>(supernodes_[best[i]].first_descendant);
    for (std::size_t s = first; s <= best[i]; ++s) owner[s] = best_deal.rank_of[i];
  }
  for (std::size_t s = 0; s < supernodes_.size(); ++s) {
    if (owner[s] >= 0) continue;
    const auto& children = supernodes_[s].children;
    const auto heaviest =
        std::min_element(children.begin(), children.end(), [&](std::int32_t a, std::int32_t b) {
          return larger(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
        });
    owner[s] = owner[static_cast<std::size_t>(*heaviest)];
  }
  return owner;
}

double EliminationPlan::flops(std::size_t n_border, int n_ranks) const {
  const auto owner = owners(n_ranks);
  std::vector<double> clock(static_cast<std::size_t>(n_ranks), 0.0);
  std::vector<double> finished(supernodes_.size(), 0.0);
  for (std::size_t s = 0; s < supernodes_.size(); ++s) {
    const Supernode& node = supernodes_[s];
    double& now = clock[static_cast<std::size_t>(owner[s])];
    for (const std::int32_t c : node.children) {
      now = std::max(now, finished[static_cast<std::size_t>(c)]);
    }
    now += front_flops(node.n_pivots, n_rest(node, n_border));
    finished[s] = now;
  }
  return *std::max_element(clock.begin(), clock.end());
}

double EliminationPlan::peak_entries(std::size_t n_border, int n_ranks) const {
  const auto owner = owners(n_ranks);
  const auto size_of = [&](std::int32_t s) {
    return triangle(n_rest(supernodes_[static_cast<std::size_t>(s)], n_border));
  };
  // A contribution for another rank stays with its sender until that rank takes it.
  std::vector<double> stacked(static_cast<std::size_t>(n_ranks), 0.0);
  double peak = 0.0;
  for (std::size_t s = 0; s < supernodes_.size(); ++s) {
    const Supernode& node = supernodes_[s];
    const auto me = static_cast<std::size_t>(owner[s]);
    double arrived = 0.0;
    for (const std::int32_t c : node.children) {
      if (owner[static_cast<std::size_t>(c)] != owner[s]) arrived += size_of(c);
    }
    const double rest = n_rest(node, n_border);
    peak = std::max(
        peak, stacked[me] + arrived + node.n_pivots * (node.n_pivots + rest) + triangle(rest));
    for (const std::int32_t c : node.children) {
      stacked[static_cast<std::size_t>(owner[static_cast<std::size_t>(c)])] -= size_of(c);
    }
    stacked[me] += triangle(rest);
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
