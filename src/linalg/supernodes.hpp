#pragma once

#include "site_graph.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace edotb::linalg {

/// The symbolic elimination on sites: elimination tree, supernodes, amalgamation, order.

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
[[nodiscard]] double front_flops(double n_pivots, double n_rest);
/// What a front costs in time, in operations: the arithmetic, the traffic of its entries, and a fixed
/// part. Merging small fronts pays while it lowers the sum.
[[nodiscard]] double front_cost(double n_pivots, double n_rest);
[[nodiscard]] double triangle(double n);

/// The graph in the order of elimination: site at each place, and back.
struct OrderedGraph {
  const SiteGraph& graph;
  std::vector<idx_t> site_at;
  std::vector<idx_t> place_of;
  std::vector<std::vector<idx_t>> cliques;  ///< places, ascending

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
[[nodiscard]] Places elimination_tree(const OrderedGraph& ordered);
/// A postorder of a forest whose parents come after their children: node at each place.
[[nodiscard]] Places postorder(const Places& parent);
/// Runs of places with the same structure below them, each one supernode; `parent` in postorder.
[[nodiscard]] std::vector<Group> find_supernodes(const OrderedGraph& ordered, const Places& parent);
/// Merges children into their parents where that lowers the cost (Ashcraft and Grimes, ACM TOMS 15,
/// 291 (1989)). Merged groups are left empty.
void amalgamate(std::vector<Group>& groups);
/// Orders the children so that the stack stays low (Liu, ACM TOMS 12, 249 (1986)) and returns the
/// groups in the order of elimination.
[[nodiscard]] std::vector<std::int32_t> low_memory_order(std::vector<Group>& groups);

}  // namespace edotb::linalg
