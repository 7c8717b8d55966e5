#pragma once

#include "edotb/linalg/sparse.hpp"

#include <metis.h>

#include <span>
#include <vector>

namespace edotb::linalg {

/// The graph of a pattern's sites in METIS's form: neighbours without the site itself, both directions;
/// weights are the rows of a site.
struct SiteGraph {
  std::vector<idx_t> offsets;
  std::vector<idx_t> neighbours;
  std::vector<idx_t> weights;

  [[nodiscard]] std::size_t n_sites() const { return weights.size(); }
  [[nodiscard]] std::span<const idx_t> neighbours_of(std::size_t site) const {
    return std::span(neighbours)
        .subspan(static_cast<std::size_t>(offsets[site]),
                 static_cast<std::size_t>(offsets[site + 1] - offsets[site]));
  }
};

/// Lists of sites whose rows all couple with each other, beyond what a pattern holds.
using SiteCliques = std::vector<std::vector<idx_t>>;

[[nodiscard]] SiteGraph site_graph(const SparsityPattern& pattern);
/// The sites that the rows of each clique belong to, ascending.
[[nodiscard]] SiteCliques cliques_of_sites(const SparsityPattern& pattern,
                                           std::span<const std::vector<std::int64_t>> row_cliques);

/// site_at[place]: the order in which METIS's nested dissection eliminates the sites, the cheapest of
/// the seeds by operations of a Cholesky factorisation.
[[nodiscard]] std::vector<idx_t> nested_dissection_of_sites(const SiteGraph& graph,
                                                            const SiteCliques& cliques,
                                                            const Ordering& ordering);

}  // namespace edotb::linalg
