#include "supernodes.hpp"

#include <algorithm>
#include <utility>

namespace edotb::linalg {

double front_flops(double n_pivots, double n_rest) {
  const double n = n_pivots + n_rest;
  return 4.0 / 3.0 * (n * n * n - n_rest * n_rest * n_rest);
}

double front_cost(double n_pivots, double n_rest) {
  constexpr double per_entry = 24.0;
  constexpr double per_front = 2.5e4;
  const double n = n_pivots + n_rest;
  return front_flops(n_pivots, n_rest) + per_entry * n * n + per_front;
}

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

std::vector<Group> find_supernodes(const OrderedGraph& ordered, const Places& parent) {
  const std::size_t n = ordered.site_at.size();
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

}  // namespace edotb::linalg
