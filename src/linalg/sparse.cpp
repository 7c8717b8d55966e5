#include "edotb/linalg/sparse.hpp"

#include "edotb/base/error.hpp"

#include <metis.h>

#include <algorithm>
#include <limits>
#include <numeric>

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

namespace {

/// The graph of the sites in METIS's form: neighbours without the site itself.
struct SiteGraph {
  std::vector<idx_t> offsets;
  std::vector<idx_t> neighbours;
  std::vector<idx_t> weights;
};

SiteGraph site_graph(const SparsityPattern& pattern) {
  std::vector<idx_t> site_of_row(pattern.rows());
  SiteGraph graph;
  for (std::size_t s = 0; s < pattern.n_blocks(); ++s) {
    for (auto row = pattern.block_offsets[s]; row < pattern.block_offsets[s + 1]; ++row) {
      site_of_row[static_cast<std::size_t>(row)] = static_cast<idx_t>(s);
    }
    graph.weights.push_back(
        static_cast<idx_t>(pattern.block_offsets[s + 1] - pattern.block_offsets[s]));
  }
  graph.offsets.push_back(0);
  std::vector<idx_t> found;
  for (std::size_t s = 0; s < pattern.n_blocks(); ++s) {
    found.clear();
    const auto first = pattern.row_offsets[static_cast<std::size_t>(pattern.block_offsets[s])];
    const auto last = pattern.row_offsets[static_cast<std::size_t>(pattern.block_offsets[s + 1])];
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

/// The number of non-zeros of the Cholesky factor under an order of the sites, counted in rows, by
/// the row-subtree method (elimination tree with path compression; Liu, SIAM J. Matrix Anal. 1990).
double factor_fill(const SiteGraph& graph, const std::vector<idx_t>& position,
                   const std::vector<idx_t>& site_at) {
  const std::size_t n = position.size();
  std::vector<idx_t> parent(n, -1);
  std::vector<idx_t> mark(n, -1);
  double fill = 0.0;
  for (std::size_t step = 0; step < n; ++step) {
    const auto site = static_cast<std::size_t>(site_at[step]);
    const auto here = static_cast<idx_t>(step);
    mark[step] = here;
    const double weight = graph.weights[site];
    fill += weight * weight;
    for (auto k = graph.offsets[site]; k < graph.offsets[site + 1]; ++k) {
      auto below =
          position[static_cast<std::size_t>(graph.neighbours[static_cast<std::size_t>(k)])];
      while (below < here && mark[static_cast<std::size_t>(below)] != here) {
        const auto b = static_cast<std::size_t>(below);
        fill += weight * graph.weights[static_cast<std::size_t>(site_at[b])];
        mark[b] = here;
        if (parent[b] < 0) parent[b] = here;
        below = parent[b];
      }
    }
  }
  return fill;
}

}  // namespace

std::vector<std::int64_t> nested_dissection(const SparsityPattern& pattern, int n_seeds) {
  SiteGraph graph = site_graph(pattern);
  auto n_sites = static_cast<idx_t>(graph.weights.size());
  const auto count = static_cast<std::size_t>(n_sites);
  std::vector<idx_t> best_site_at(count);
  std::iota(best_site_at.begin(), best_site_at.end(), 0);
  double best_fill = std::numeric_limits<double>::infinity();
  if (!graph.neighbours.empty()) {
    for (int seed = 0; seed < n_seeds; ++seed) {
      std::vector<idx_t> options(METIS_NOPTIONS);
      METIS_SetDefaultOptions(options.data());
      options[METIS_OPTION_SEED] = seed;
      options[METIS_OPTION_COMPRESS] = 0;
      std::vector<idx_t> site_at(count);
      std::vector<idx_t> position(count);
      if (METIS_NodeND(&n_sites, graph.offsets.data(), graph.neighbours.data(),
                       graph.weights.data(), options.data(), site_at.data(),
                       position.data()) != METIS_OK) {
        throw internal_error("METIS could not order the site graph");
      }
      const double fill = factor_fill(graph, position, site_at);
      if (fill < best_fill) {
        best_fill = fill;
        best_site_at = site_at;
      }
    }
  }
  std::vector<std::int64_t> place_of_row(pattern.rows());
  std::int64_t place = 0;
  for (const idx_t site : best_site_at) {
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
