#include "site_graph.hpp"

#include "edotb/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace edotb::linalg {

namespace {

std::vector<idx_t> sites_of_rows(const SparsityPattern& pattern) {
  std::vector<idx_t> site_of_row(pattern.rows());
  for (std::size_t s = 0; s < pattern.n_blocks(); ++s) {
    for (auto row = pattern.block_offsets[s]; row < pattern.block_offsets[s + 1]; ++row) {
      site_of_row[static_cast<std::size_t>(row)] = static_cast<idx_t>(s);
    }
  }
  return site_of_row;
}

SiteGraph with_cliques(const SiteGraph& graph, const SiteCliques& cliques) {
  std::vector<std::vector<idx_t>> extra(graph.n_sites());
  for (const auto& clique : cliques) {
    for (const idx_t site : clique) {
      auto& list = extra[static_cast<std::size_t>(site)];
      list.insert(list.end(), clique.begin(), clique.end());
    }
  }
  SiteGraph joined;
  joined.weights = graph.weights;
  joined.offsets.push_back(0);
  for (std::size_t s = 0; s < graph.n_sites(); ++s) {
    auto& list = extra[s];
    const auto near = graph.neighbours_of(s);
    list.insert(list.end(), near.begin(), near.end());
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    for (const idx_t other : list) {
      if (other != static_cast<idx_t>(s)) joined.neighbours.push_back(other);
    }
    joined.offsets.push_back(static_cast<idx_t>(joined.neighbours.size()));
    list = {};
  }
  return joined;
}

/// Operations of a Cholesky factorisation, sum over columns of (column length)^2, by the row-subtree
/// method (elimination tree with path compression; Liu, SIAM J. Matrix Anal. 11, 134 (1990)).
double operations(const SiteGraph& graph, const std::vector<idx_t>& position,
                  const std::vector<idx_t>& site_at) {
  const std::size_t n = position.size();
  std::vector<idx_t> parent(n, -1);
  std::vector<idx_t> mark(n, -1);
  std::vector<double> column_length(n, 0.0);
  for (std::size_t step = 0; step < n; ++step) {
    const auto site = static_cast<std::size_t>(site_at[step]);
    const auto here = static_cast<idx_t>(step);
    mark[step] = here;
    column_length[step] += graph.weights[site];
    for (const idx_t neighbour : graph.neighbours_of(site)) {
      auto below = position[static_cast<std::size_t>(neighbour)];
      while (below < here && mark[static_cast<std::size_t>(below)] != here) {
        const auto b = static_cast<std::size_t>(below);
        column_length[b] += graph.weights[site];
        mark[b] = here;
        if (parent[b] < 0) parent[b] = here;
        below = parent[b];
      }
    }
  }
  double total = 0.0;
  for (std::size_t step = 0; step < n; ++step) {
    const double weight = graph.weights[static_cast<std::size_t>(site_at[step])];
    total += weight * column_length[step] * column_length[step];
  }
  return total;
}

}  // namespace

SiteGraph site_graph(const SparsityPattern& pattern) {
  const std::vector<idx_t> site_of_row = sites_of_rows(pattern);
  SiteGraph graph;
  graph.offsets.push_back(0);
  std::vector<idx_t> found;
  for (std::size_t s = 0; s < pattern.n_blocks(); ++s) {
    const auto first_row = pattern.block_offsets[s];
    const auto last_row = pattern.block_offsets[s + 1];
    graph.weights.push_back(static_cast<idx_t>(last_row - first_row));
    found.clear();
    const auto first = pattern.row_offsets[static_cast<std::size_t>(first_row)];
    const auto last = pattern.row_offsets[static_cast<std::size_t>(last_row)];
    for (auto entry = first; entry < last; ++entry) {
      const auto column =
          static_cast<std::size_t>(pattern.columns[static_cast<std::size_t>(entry)]);
      if (site_of_row[column] != static_cast<idx_t>(s)) found.push_back(site_of_row[column]);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    graph.neighbours.insert(graph.neighbours.end(), found.begin(), found.end());
    graph.offsets.push_back(static_cast<idx_t>(graph.neighbours.size()));
  }
  return graph;
}

SiteCliques cliques_of_sites(const SparsityPattern& pattern,
                             std::span<const std::vector<std::int64_t>> row_cliques) {
  const std::vector<idx_t> site_of_row = sites_of_rows(pattern);
  SiteCliques cliques;
  for (const auto& rows : row_cliques) {
    auto& sites = cliques.emplace_back();
    for (const std::int64_t row : rows) sites.push_back(site_of_row[static_cast<std::size_t>(row)]);
    std::sort(sites.begin(), sites.end());
    sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  }
  return cliques;
}

std::vector<idx_t> nested_dissection_of_sites(const SiteGraph& graph, const SiteCliques& cliques,
                                              const Ordering& ordering) {
  SiteGraph joined = with_cliques(graph, cliques);
  auto n_sites = static_cast<idx_t>(joined.n_sites());
  std::vector<idx_t> best(joined.n_sites());
  std::iota(best.begin(), best.end(), 0);
  if (joined.neighbours.empty()) return best;
  double fewest = std::numeric_limits<double>::infinity();
  // METIS takes some microseconds a site; another seed is worth no more than a factorisation.
  constexpr double operations_per_site = 2e5;
  constexpr idx_t few_sites = 20000;
  constexpr double real_operations = 4.0;  // of each complex one, in half the matrix
  for (int seed = 0; seed < ordering.n_seeds; ++seed) {
    std::vector<idx_t> options(METIS_NOPTIONS);
    METIS_SetDefaultOptions(options.data());
    options[METIS_OPTION_SEED] = seed;
    options[METIS_OPTION_COMPRESS] = 0;
    options[METIS_OPTION_UFACTOR] = static_cast<idx_t>(std::lround(1e3 * (ordering.balance - 1.0)));
    std::vector<idx_t> site_at(joined.n_sites());
    std::vector<idx_t> position(joined.n_sites());
    if (METIS_NodeND(&n_sites, joined.offsets.data(), joined.neighbours.data(),
                     joined.weights.data(), options.data(), site_at.data(),
                     position.data()) != METIS_OK) {
      throw internal_error("METIS could not order the site graph");
    }
    const double count = operations(joined, position, site_at);
    if (count < fewest) {
      fewest = count;
      best = site_at;
    }
    const double cost_of_seeds = operations_per_site * static_cast<double>(n_sites) * (seed + 1);
    if (n_sites > few_sites && cost_of_seeds > real_operations * fewest) break;
  }
  return best;
}

}  // namespace edotb::linalg
