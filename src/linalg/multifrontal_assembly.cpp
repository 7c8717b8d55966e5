// What goes into a front: the entries of A in the pivot columns, and the children's contributions.

#include "multifrontal_data.hpp"

namespace edotb::linalg {

namespace {

/// target[map[i]] += source[i] for i in [begin, end); map ascends, mostly by ones.
template <class Scalar>
void scatter_add(const Scalar* source, const std::int32_t* map, std::size_t begin, std::size_t end,
                 Scalar* target) {
  for (std::size_t i = begin; i < end; ++i) target[map[i]] += source[i];
}

}  // namespace

template <class Scalar>
void add_to_panel(const Contribution<Scalar>& child, const std::vector<std::int32_t>& map,
                  Panel<Scalar>& panel) {
  const std::size_t n = child.layout.n;
  const std::size_t n_ordered = n - child.n_boosts;
  const auto n_pivots = static_cast<std::int32_t>(panel.n_pivots);
  for (std::size_t j = 0; j < n; ++j) {
    const Scalar* source = child.values + child.layout.column_start(j);
    const std::int32_t column = map[j];
    if (column < n_pivots) {
      Scalar* target = panel.values + static_cast<std::size_t>(column) * panel.capacity;
      const bool is_boost = j >= n_ordered;
      scatter_add(source, map.data(), j, is_boost ? n : n_ordered, target);
      if (is_boost) continue;
    }
    // The unknowns of boosts are pivots here, ahead of the boundary that they followed in the child.
    for (std::size_t i = n_ordered; i < n; ++i) {
      const std::int32_t row = map[i];
      if (row > column) {
        panel.values[static_cast<std::size_t>(row) +
                     static_cast<std::size_t>(column) * panel.capacity] += source[i];
      } else {
        panel.values[static_cast<std::size_t>(column) +
                     static_cast<std::size_t>(row) * panel.capacity] += std::conj(source[i]);
      }
    }
  }
}

template <class Scalar>
void add_to_contribution(const Contribution<Scalar>& child, const std::vector<std::int32_t>& map,
                         std::size_t n_pivots, const StripLayout& layout, Scalar* target) {
  const std::size_t n_ordered = child.layout.n - child.n_boosts;
  std::size_t first = 0;
  while (first < n_ordered && map[first] < static_cast<std::int32_t>(n_pivots)) ++first;
  for (std::size_t j = first; j < n_ordered; ++j) {
    const auto column = static_cast<std::size_t>(map[j]) - n_pivots;
    Scalar* place = target + layout.column_start(column);
    scatter_add(child.values + child.layout.column_start(j), map.data(), j, n_ordered,
                place - n_pivots);
  }
}

template <class Scalar>
void HermitianFactor<Scalar>::Implementation::assemble(const HermitianSystem& system,
                                                       const Supernode& node, Panel<Scalar>& panel,
                                                       const Worker<Scalar>& worker) const {
  const auto& pattern = plan->pattern();
  const auto& place_of = plan->place_of();
  const std::size_t border_begin = panel.n_pivots + node.boundary.size();
  const std::int32_t end = node.first + node.n_pivots;
  const auto local = [&](std::int32_t place) {
    return static_cast<std::size_t>(place < end ? place - node.first
                                                : worker.local_of[static_cast<std::size_t>(place)]);
  };
  for (std::int32_t i = 0; i < node.n_pivots; ++i) {
    const std::int32_t place = node.first + i;
    const auto row = static_cast<std::size_t>(plan->row_at()[static_cast<std::size_t>(place)]);
    Scalar* column = panel.values + static_cast<std::size_t>(i) * panel.capacity;
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      const std::int32_t other = place_of[static_cast<std::size_t>(pattern.columns[entry])];
      if (other < place) continue;
      column[local(other)] -= rounded<Scalar>(std::conj(system.hamiltonian[entry]));
    }
    column[i] += rounded<Scalar>(system.shift);
    for (const CliqueRow& member : cliques_of_place[static_cast<std::size_t>(place)]) {
      const auto k = static_cast<std::size_t>(member.clique);
      const auto a = static_cast<std::size_t>(member.index);
      if (const Matrix* term = system.clique_terms[k]; term != nullptr) {
        const auto& rows = plan->cliques()[k];
        for (std::size_t b = 0; b < rows.size(); ++b) {
          const std::int32_t other = place_of[static_cast<std::size_t>(rows[b])];
          if (other < place) continue;
          column[local(other)] -= rounded<Scalar>(0.5 * ((*term)(b, a) + std::conj((*term)(a, b))));
        }
      }
      if (const Matrix* border = system.borders[k]; border != nullptr) {
        std::size_t at = border_begin;
        for (const std::int32_t other : node.borders) {
          if (other == member.clique) break;
          at += border_columns(other);
        }
        for (std::size_t c = 0; c < border->columns(); ++c) {
          column[at + c] += rounded<Scalar>(std::conj((*border)(a, c)));
        }
      }
    }
    if (system.dense_border != nullptr) {
      const std::size_t at = border_begin + n_border_of(node) - n_dense();
      for (std::size_t c = 0; c < n_dense(); ++c) {
        column[at + c] += rounded<Scalar>(std::conj((*system.dense_border)(row, c)));
      }
    }
  }
}

template <class Scalar>
void HermitianFactor<Scalar>::Implementation::map_rows(const Supernode& node, std::size_t child,
                                                       std::size_t first_boost,
                                                       std::size_t n_pivots,
                                                       Worker<Scalar>& worker) const {
  const Supernode& below = plan->supernodes()[child];
  auto& map = worker.map;
  map.clear();
  const std::int32_t end = node.first + node.n_pivots;
  for (const std::int32_t place : below.boundary) {
    map.push_back(place < end ? place - node.first
                              : worker.local_of[static_cast<std::size_t>(place)]);
  }
  std::size_t at = n_pivots + node.boundary.size();
  std::size_t next = 0;
  for (const std::int32_t k : node.borders) {
    const std::size_t width = border_columns(k);
    if (next < below.borders.size() && below.borders[next] == k) {
      for (std::size_t c = 0; c < width; ++c) map.push_back(static_cast<std::int32_t>(at + c));
      ++next;
    }
    at += width;
  }
  for (std::size_t c = 0; c < n_dense(); ++c) map.push_back(static_cast<std::int32_t>(at + c));
  for (std::size_t c = 0; c < contributions[child].n_boosts; ++c) {
    map.push_back(static_cast<std::int32_t>(first_boost + c));
  }
}

template void add_to_panel(const Contribution<Complex>&, const std::vector<std::int32_t>&,
                           Panel<Complex>&);
template void add_to_panel(const Contribution<std::complex<float>>&,
                           const std::vector<std::int32_t>&, Panel<std::complex<float>>&);
template void add_to_contribution(const Contribution<Complex>&, const std::vector<std::int32_t>&,
                                  std::size_t, const StripLayout&, Complex*);
template void add_to_contribution(const Contribution<std::complex<float>>&,
                                  const std::vector<std::int32_t>&, std::size_t, const StripLayout&,
                                  std::complex<float>*);

template void HermitianFactor<Complex>::Implementation::assemble(const HermitianSystem&,
                                                                 const Supernode&, Panel<Complex>&,
                                                                 const Worker<Complex>&) const;
template void HermitianFactor<std::complex<float>>::Implementation::assemble(
    const HermitianSystem&, const Supernode&, Panel<std::complex<float>>&,
    const Worker<std::complex<float>>&) const;
template void HermitianFactor<Complex>::Implementation::map_rows(const Supernode&, std::size_t,
                                                                 std::size_t, std::size_t,
                                                                 Worker<Complex>&) const;
template void HermitianFactor<std::complex<float>>::Implementation::map_rows(
    const Supernode&, std::size_t, std::size_t, std::size_t, Worker<std::complex<float>>&) const;

}  // namespace edotb::linalg
