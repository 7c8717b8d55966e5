// Elimination tree -> column structures -> supernodes -> amalgamation, all on sites; only the result
// is written in rows.

#include "edotb/linalg/elimination.hpp"

#include "site_graph.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edotb::linalg {

namespace {

using Places = std::vector<std::int32_t>;

/// A supernode while it is being built: places of sites.
struct Group {
  Places pivots;    ///< in the order of elimination
  Places boundary;  ///< ascending
  std::vector<std::int32_t> children;
  double n_pivot_rows = 0.0;
  double n_boundary_rows = 0.0;
  bool is_root = true;
};

/// Real operations of the elimination of `n_pivots` rows out of a Hermitian front of n_pivots + n_rest.
double front_flops(double n_pivots, double n_rest) {
  const double n = n_pivots + n_rest;
  return 4.0 / 3.0 * (n * n * n - n_rest * n_rest * n_rest);
}

/// What a front costs in time, in operations: the arithmetic, the traffic of its entries, and a fixed
/// part. Merging small fronts pays while it lowers the sum.
double front_cost(double n_pivots, double n_rest) {
  constexpr double per_entry = 24.0;
  constexpr double per_front = 2.5e4;
  const double n = n_pivots + n_rest;
  return front_flops(n_pivots, n_rest) + per_entry * n * n + per_front;
}

/// The graph in the order of elimination: site at each place, and back.
struct OrderedGraph {
  const SiteGraph& graph;
  std::vector<idx_t> site_at;
  std::vector<idx_t> place_of;
  std::vector<std::vector<idx_t>> cliques;  ///< places, ascending
  std::size_t n_eliminated = 0;

  [[nodiscard]] double weight(std::int32_t place) const {
    return graph.weights[static_cast<std::size_t>(site_at[static_cast<std::size_t>(place)])];
  }
  void place_sites(const SiteCliques& site_cliques) {
    place_of.resize(site_at.size());
    for (std::size_t place = 0; place < site_at.size(); ++place) {
      place_of[static_cast<std::size_t>(site_at[place])] = static_cast<idx_t>(place);
    }
    cliques.clear();
    for (const auto& sites : site_cliques) {
      auto& places = cliques.emplace_back();
      for (const idx_t s : sites) places.push_back(place_of[static_cast<std::size_t>(s)]);
      std::sort(places.begin(), places.end());
    }
  }
  /// Calls `visit` with every place that couples with `place`. A clique enters through its first
  /// member: the others inherit the coupling in the elimination.
  template <class Visit>
  void for_each_neighbour(std::int32_t place, const Visit& visit) const {
    const auto site = static_cast<std::size_t>(site_at[static_cast<std::size_t>(place)]);
    for (const idx_t other : graph.neighbours_of(site)) {
      visit(place_of[static_cast<std::size_t>(other)]);
    }
    for (const auto& clique : cliques) {
      if (clique.empty()) continue;
      if (clique.front() == place) {
        for (const idx_t other : clique) {
          if (other != place) visit(other);
        }
      } else if (std::binary_search(clique.begin(), clique.end(), place)) {
        visit(clique.front());
      }
    }
  }
};

/// parent[i]: the first place after i in column i of the factor (Liu, ACM TOMS 12, 127 (1986)).
Places elimination_tree(const OrderedGraph& ordered) {
  const std::size_t n = ordered.site_at.size();
  Places parent(n, -1);
  Places ancestor(n, -1);
  for (std::size_t step = 0; step < n; ++step) {
    const auto here = static_cast<std::int32_t>(step);
    ordered.for_each_neighbour(here, [&](std::int32_t below) {
      while (below >= 0 && below < here) {
        const auto b = static_cast<std::size_t>(below);
        const std::int32_t next = ancestor[b];
        ancestor[b] = here;
        if (next < 0) {
          parent[b] = here;
          break;
        }
        below = next;
      }
    });
  }
  return parent;
}

/// A postorder of a forest whose parents come after their children: node at each place.
Places postorder(const Places& parent) {
  const std::size_t n = parent.size();
  Places first_child(n, -1);
  Places next_sibling(n, -1);
  Places roots;
  for (std::size_t i = n; i-- > 0;) {
    const auto node = static_cast<std::int32_t>(i);
    if (parent[i] < 0) {
      roots.push_back(node);
    } else {
      const auto p = static_cast<std::size_t>(parent[i]);
      next_sibling[i] = first_child[p];
      first_child[p] = node;
    }
  }
  std::reverse(roots.begin(), roots.end());
  Places order;
  order.reserve(n);
  Places stack;
  for (const std::int32_t root : roots) {
    stack.push_back(root);
    while (!stack.empty()) {
      const auto top = static_cast<std::size_t>(stack.back());
      if (first_child[top] >= 0) {
        const std::int32_t child = first_child[top];
        first_child[top] = next_sibling[static_cast<std::size_t>(child)];
        stack.push_back(child);
      } else {
        order.push_back(stack.back());
        stack.pop_back();
      }
    }
  }
  return order;
}

/// Runs of places with the same structure below them, each one supernode; `parent` in postorder.
std::vector<Group> find_supernodes(const OrderedGraph& ordered, const Places& parent) {
  const std::size_t n = ordered.n_eliminated;
  std::vector<Group> groups;
  std::vector<std::int32_t> group_of(n, -1);
  std::vector<std::vector<std::int32_t>> children_of(n);  // groups whose parent place this is
  Places mark(ordered.site_at.size(), -1);
  Places structure;
  for (std::size_t j = 0; j < n; ++j) {
    const auto here = static_cast<std::int32_t>(j);
    structure.clear();
    mark[j] = here;
    const auto take = [&](std::int32_t place) {
      if (place <= here || mark[static_cast<std::size_t>(place)] == here) return;
      mark[static_cast<std::size_t>(place)] = here;
      structure.push_back(place);
    };
    ordered.for_each_neighbour(here, take);
    for (const std::int32_t child : children_of[j]) {
      for (const std::int32_t place : groups[static_cast<std::size_t>(child)].boundary) take(place);
    }
    std::sort(structure.begin(), structure.end());
    const bool continues =
        j > 0 && parent[j - 1] == here &&
        groups[static_cast<std::size_t>(group_of[j - 1])].boundary.size() == structure.size() + 1;
    std::int32_t mine = 0;
    if (continues) {
      mine = group_of[j - 1];
      for (const std::int32_t child : children_of[j]) {
        if (child != mine) groups[static_cast<std::size_t>(mine)].children.push_back(child);
      }
    } else {
      mine = static_cast<std::int32_t>(groups.size());
      groups.emplace_back().children = children_of[j];
    }
    children_of[j].clear();
    Group& group = groups[static_cast<std::size_t>(mine)];
    group_of[j] = mine;
    group.pivots.push_back(here);
    group.n_pivot_rows += ordered.weight(here);
    group.boundary = structure;
    const bool to_parent = parent[j] >= 0 && static_cast<std::size_t>(parent[j]) < n;
    // The last place of the group hands the group over; earlier ones hand it to the next place.
    if (to_parent) children_of[static_cast<std::size_t>(parent[j])].push_back(mine);
    group.is_root = !to_parent;
  }
  for (Group& group : groups) {
    for (const std::int32_t place : group.boundary) group.n_boundary_rows += ordered.weight(place);
  }
  return groups;
}

/// Merges children into their parents where that lowers the cost (Ashcraft and Grimes, ACM TOMS 15,
/// 291 (1989)). Merged groups are left empty.
void amalgamate(std::vector<Group>& groups) {
  for (Group& group : groups) {
    auto candidates = std::move(group.children);
    group.children.clear();
    std::sort(candidates.begin(), candidates.end(), [&](auto a, auto b) {
      const auto size = [&](auto c) { return groups[static_cast<std::size_t>(c)].n_boundary_rows; };
      return size(a) != size(b) ? size(a) > size(b) : a < b;
    });
    Places merged_pivots;
    for (const std::int32_t c : candidates) {
      Group& child = groups[static_cast<std::size_t>(c)];
      const double apart = front_cost(group.n_pivot_rows, group.n_boundary_rows) +
                           front_cost(child.n_pivot_rows, child.n_boundary_rows);
      const double together =
          front_cost(group.n_pivot_rows + child.n_pivot_rows, group.n_boundary_rows);
      if (together > apart) {
        group.children.push_back(c);
        continue;
      }
      group.n_pivot_rows += child.n_pivot_rows;
      merged_pivots.insert(merged_pivots.end(), child.pivots.begin(), child.pivots.end());
      group.children.insert(group.children.end(), child.children.begin(), child.children.end());
      child = {};
    }
    std::sort(group.children.begin(), group.children.end());
    merged_pivots.insert(merged_pivots.end(), group.pivots.begin(), group.pivots.end());
    group.pivots = std::move(merged_pivots);
  }
}

double triangle(double n) { return 0.5 * n * (n + 1.0); }

/// Orders the children so that the stack stays low (Liu, ACM TOMS 12, 249 (1986)) and returns the
/// groups in the order of elimination.
std::vector<std::int32_t> low_memory_order(std::vector<Group>& groups) {
  std::vector<double> peak(groups.size(), 0.0);
  std::vector<std::int32_t> roots;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Group& group = groups[g];
    if (group.pivots.empty()) continue;
    const auto left_behind = [&](std::int32_t c) {
      return triangle(groups[static_cast<std::size_t>(c)].n_boundary_rows);
    };
    std::sort(group.children.begin(), group.children.end(), [&](auto a, auto b) {
      const double gain_a = peak[static_cast<std::size_t>(a)] - left_behind(a);
      const double gain_b = peak[static_cast<std::size_t>(b)] - left_behind(b);
      return gain_a != gain_b ? gain_a > gain_b : a < b;
    });
    double stacked = 0.0;
    for (const std::int32_t c : group.children) {
      peak[g] = std::max(peak[g], stacked + peak[static_cast<std::size_t>(c)]);
      stacked += left_behind(c);
    }
    peak[g] = std::max(peak[g],
                       stacked + group.n_pivot_rows * (group.n_pivot_rows + group.n_boundary_rows) +
                           triangle(group.n_boundary_rows));
    if (group.is_root) roots.push_back(static_cast<std::int32_t>(g));
  }
  std::vector<std::int32_t> order;
  std::vector<std::pair<std::int32_t, std::size_t>> stack;
  for (const std::int32_t root : roots) {
    stack.emplace_back(root, 0);
    while (!stack.empty()) {
      const std::int32_t node = stack.back().first;
      const auto& children = groups[static_cast<std::size_t>(node)].children;
      if (stack.back().second < children.size()) {
        stack.emplace_back(children[stack.back().second++], 0);
      } else {
        order.push_back(node);
        stack.pop_back();
      }
    }
  }
  return order;
}

std::vector<idx_t> kept_last(const std::vector<idx_t>& site_at, const std::vector<bool>& is_kept) {
  std::vector<idx_t> order = site_at;
  std::stable_partition(order.begin(), order.end(),
                        [&](idx_t site) { return !is_kept[static_cast<std::size_t>(site)]; });
  return order;
}

}  // namespace

EliminationPlan::EliminationPlan(std::shared_ptr<const SparsityPattern> pattern,
                                 std::vector<std::vector<std::int64_t>> cliques,
                                 std::vector<std::int64_t> kept, int n_seeds)
    : pattern_(std::move(pattern)), cliques_(std::move(cliques)) {
  const SiteGraph graph = site_graph(*pattern_);
  const SiteCliques site_cliques = cliques_of_sites(*pattern_, cliques_);
  const std::vector<std::vector<std::int64_t>> kept_rows{std::move(kept)};
  const SiteCliques kept_sites = cliques_of_sites(*pattern_, kept_rows);
  SiteCliques all_cliques = site_cliques;
  all_cliques.push_back(kept_sites.front());
  std::vector<bool> is_kept(graph.n_sites(), false);
  for (const idx_t site : kept_sites.front()) is_kept[static_cast<std::size_t>(site)] = true;

  OrderedGraph ordered{graph,
                       kept_last(nested_dissection_of_sites(graph, all_cliques, n_seeds), is_kept),
                       {},
                       {},
                       graph.n_sites() - kept_sites.front().size()};
  ordered.place_sites(site_cliques);
  Places parent = elimination_tree(ordered);
  {
    // Renumber in postorder; kept sites stay last, as nothing after them is eliminated.
    for (std::size_t i = 0; i < parent.size(); ++i) {
      if (parent[i] >= static_cast<std::int32_t>(ordered.n_eliminated)) parent[i] = -1;
      if (i >= ordered.n_eliminated) parent[i] = -1;
    }
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

  // From sites to rows.
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
  n_eliminated_ = row_at_.size();
  for (std::size_t p = ordered.n_eliminated; p < ordered.site_at.size(); ++p) {
    lay_out(static_cast<std::int32_t>(p));
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
      const auto n_rows = graph.weights[static_cast<std::size_t>(ordered.site_at[p])];
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
    for (std::int32_t i = 0; i < node.n_pivots; ++i) {
      const auto row = static_cast<std::size_t>(row_at_[static_cast<std::size_t>(node.first + i)]);
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
