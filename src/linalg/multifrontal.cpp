// For each supernode, children first:  front = entries of A in the pivot columns + the children's
// contributions;  T^H front T = D on the pivots, X T^-1 below them;  contribution = rest - X D^-1 X^H.

#include "edotb/linalg/multifrontal.hpp"

#include "edotb/base/error.hpp"
#include "multifrontal_data.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <type_traits>

namespace edotb::linalg {

namespace {

/// Eigenvalues of pivot blocks below this part of the hoppings' norm are boosted: fewer lost digits
/// against more unknowns (docs/solver.md has the measurement).
template <class Scalar>
constexpr double boost_threshold = std::is_same_v<Scalar, std::complex<double>> ? 0.003 : 0.03;

/// The typical size of a row without its diagonal; of the diagonal for a matrix that is diagonal.
double hopping_norm(const HermitianSystem& system, const SparsityPattern& pattern) {
  double off_diagonal = 0.0;
  double diagonal = 0.0;
  for (std::size_t row = 0; row < pattern.rows(); ++row) {
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      const double size = std::norm(system.hamiltonian[entry]);
      (pattern.columns[entry] == static_cast<std::int64_t>(row) ? diagonal : off_diagonal) += size;
    }
  }
  if (!std::isfinite(off_diagonal + diagonal + system.shift)) {
    throw numerical_error("the Hamiltonian holds NaN or infinity");
  }
  const double sum = off_diagonal > 0.0 ? off_diagonal : diagonal;
  return sum > 0.0 ? std::sqrt(sum / static_cast<double>(pattern.rows())) : 1.0;
}

}  // namespace

template <class Scalar>
void HermitianFactor<Scalar>::Implementation::set_up(const HermitianSystem& system,
                                                     const FactorOptions& options) {
  boost.raised = hopping_norm(system, plan->pattern());
  boost.threshold = boost_threshold<Scalar> * boost.raised;
  border_offset.assign(1, 0);
  for (const Matrix* border : system.borders) {
    border_offset.push_back(border_offset.back() + (border != nullptr ? border->columns() : 0));
  }
  border_offset.resize(plan->cliques().size() + 1, border_offset.back());
  n_border =
      border_offset.back() + (system.dense_border != nullptr ? system.dense_border->columns() : 0);
  // One worker more than threads for the top of the tree, so that every arena stays a stack.
  const auto n_threads = static_cast<std::size_t>(options.n_threads);
  workers.resize(std::max(workers.size(), n_threads > 1 ? n_threads + 1 : 1));
  for (auto& worker : workers) {
    worker.local_of.resize(plan->n_rows());
  }
  contributions.resize(plan->supernodes().size());
  kept = options.keep_factor;
  factor.resize(kept ? plan->supernodes().size() : 0);
  n_boosts = 0;
}

template <class Scalar>
void HermitianFactor<Scalar>::Implementation::eliminate(const HermitianSystem& system,
                                                        std::size_t number, std::size_t my_number,
                                                        bool keep) {
  const Supernode& node = plan->supernodes()[number];
  Worker<Scalar>& worker = workers[my_number];
  const auto n_own = static_cast<std::size_t>(node.n_pivots);
  std::size_t n_pivots = n_own;
  std::size_t base = worker.arena.top();
  for (const std::int32_t c : node.children) {
    const auto& child = contributions[static_cast<std::size_t>(c)];
    n_pivots += child.n_boosts;
    if (child.worker == my_number) base = std::min(base, child.offset);
  }
  for (std::size_t i = 0; i < node.boundary.size(); ++i) {
    worker.local_of[static_cast<std::size_t>(node.boundary[i])] =
        static_cast<std::int32_t>(n_pivots + i);
  }
  const std::size_t n_rest = node.boundary.size() + n_border_of(node);
  const std::size_t top = worker.arena.top();

  Panel<Scalar> panel;
  for (std::size_t spare = 4 + n_pivots / 16;; spare = 4 * spare + 64) {
    worker.arena.pop_to(top);
    panel.n_pivots = n_pivots;
    panel.n_rows = n_pivots + n_rest;
    panel.capacity = panel.n_rows + spare;
    panel.values = worker.arena.push(panel.capacity * n_pivots);
    std::fill_n(panel.values, panel.capacity * n_pivots, Scalar(0));
    assemble(system, node, panel, worker);
    std::size_t first_boost = n_own;
    for (const std::int32_t c : node.children) {
      const auto child = static_cast<std::size_t>(c);
      map_rows(node, child, first_boost, n_pivots, worker);
      add_to_panel(contributions[child], worker.map, panel);
      first_boost += contributions[child].n_boosts;
    }
    if (factorise_panel(panel, worker.blocks, boost, worker.work)) break;
  }

  Contribution<Scalar> mine;
  mine.n_boosts = worker.work.boosts.size();
  mine.layout = StripLayout::of(n_rest + mine.n_boosts);
  mine.worker = my_number;
  const std::size_t n_entries = mine.layout.n_entries();
  Scalar* values = worker.arena.push(n_entries);
  std::fill_n(values, n_entries, Scalar(0));
  std::size_t first_boost = n_own;
  for (const std::int32_t c : node.children) {
    const auto child = static_cast<std::size_t>(c);
    map_rows(node, child, first_boost, n_pivots, worker);
    add_to_contribution(contributions[child], worker.map, n_pivots, mine.layout, values);
    first_boost += contributions[child].n_boosts;
  }
  for (std::size_t q = 0; q < mine.n_boosts; ++q) {
    values[mine.layout.column_start(n_rest + q) + n_rest + q] +=
        rounded<Scalar>(1.0 / worker.work.boosts[q]);
  }
  update_contribution(panel, worker.blocks, mine.layout, values, worker.work);

  if (keep) {
    auto& stored = factor[number];
    stored.n_rows = panel.n_rows;
    stored.n_pivots = n_pivots;
    stored.x.resize(panel.n_rows * n_pivots);
    for (std::size_t j = 0; j < n_pivots; ++j) {
      std::copy_n(panel.values + j * panel.capacity, panel.n_rows,
                  stored.x.data() + j * panel.n_rows);
    }
    stored.blocks = worker.blocks;
  }
  const auto full = static_cast<double>(panel.n_rows);
  const auto rest = static_cast<double>(mine.layout.n);
  worker.flops += 4.0 / 3.0 * (full * full * full - rest * rest * rest);

  // The children are used up: the contribution moves down to where they began.
  worker.arena.pop_to(base);
  mine.offset = base;
  mine.values = worker.arena.push(n_entries);
  std::memmove(static_cast<void*>(mine.values), values, n_entries * sizeof(Scalar));
  contributions[number] = mine;
}

template <class Scalar>
void HermitianFactor<Scalar>::Implementation::eliminate_all(const HermitianSystem& system,
                                                            const FactorOptions& options) {
  const auto& nodes = plan->supernodes();
  const auto n_threads = static_cast<std::size_t>(options.n_threads);
  std::size_t top = 0;
  std::vector<bool> is_done(nodes.size(), false);
  if (n_threads > 1) {
    const auto roots = plan->independent_subtrees(n_threads);
    std::vector<std::exception_ptr> failures(n_threads);
#pragma omp parallel for schedule(dynamic, 1) num_threads(options.n_threads)
    for (std::size_t i = 0; i < roots.size(); ++i) {
      const auto me = static_cast<std::size_t>(omp_get_thread_num());
      if (failures[me]) continue;
      try {
        for (auto s = static_cast<std::size_t>(nodes[roots[i]].first_descendant); s <= roots[i];
             ++s) {
          eliminate(system, s, me, options.keep_factor);
        }
      } catch (...) {
        failures[me] = std::current_exception();
      }
    }
    for (const auto& failure : failures) {
      if (failure) std::rethrow_exception(failure);
    }
    for (const std::size_t root : roots) {
      for (auto s = static_cast<std::size_t>(nodes[root].first_descendant); s <= root; ++s) {
        is_done[s] = true;
      }
    }
    top = n_threads;
    workers[top].work.threads.resize(n_threads);
  }
  for (std::size_t s = 0; s < nodes.size(); ++s) {
    if (!is_done[s]) eliminate(system, s, top, options.keep_factor);
  }
  for (const auto& contribution : contributions) n_boosts += contribution.n_boosts;
  collect_schur();
}

template <class Scalar>
void HermitianFactor<Scalar>::Implementation::collect_schur() {
  const auto& nodes = plan->supernodes();
  n_left_over = 0;
  for (std::size_t s = 0; s < nodes.size(); ++s) {
    if (nodes[s].parent < 0) n_left_over += contributions[s].n_boosts;
  }
  const std::size_t n = n_border + n_left_over;
  schur = Matrix(n, n);
  std::size_t next_boost = n_border;
  std::vector<std::size_t> target;
  for (std::size_t s = 0; s < nodes.size(); ++s) {
    if (nodes[s].parent >= 0) continue;
    const auto& root = contributions[s];
    target.clear();
    for (const std::int32_t k : nodes[s].borders) {
      for (std::size_t c = 0; c < border_columns(k); ++c) {
        target.push_back(border_offset[static_cast<std::size_t>(k)] + c);
      }
    }
    for (std::size_t c = 0; c < n_dense(); ++c) {
      target.push_back(border_offset.back() + c);
    }
    for (std::size_t c = 0; c < root.n_boosts; ++c) target.push_back(next_boost++);
    for (std::size_t j = 0; j < root.layout.n; ++j) {
      const Scalar* column = root.values + root.layout.column_start(j);
      schur(target[j], target[j]) += static_cast<double>(column[j].real());
      for (std::size_t i = j + 1; i < root.layout.n; ++i) {
        const Complex value(column[i]);
        schur(target[i], target[j]) += value;
        schur(target[j], target[i]) += std::conj(value);
      }
    }
  }
}

template <class Scalar>
HermitianFactor<Scalar>::HermitianFactor(const std::shared_ptr<const EliminationPlan>& plan)
    : self_(std::make_unique<Implementation>()) {
  self_->plan = plan;
  self_->cliques_of_place.resize(self_->plan->n_rows());
  const auto& cliques = self_->plan->cliques();
  for (std::size_t k = 0; k < cliques.size(); ++k) {
    for (std::size_t i = 0; i < cliques[k].size(); ++i) {
      const auto row = static_cast<std::size_t>(cliques[k][i]);
      const auto place = static_cast<std::size_t>(self_->plan->place_of()[row]);
      self_->cliques_of_place[place].push_back(
          {static_cast<std::int32_t>(k), static_cast<std::int32_t>(i)});
    }
  }
}

template <class Scalar>
HermitianFactor<Scalar>::~HermitianFactor() = default;
template <class Scalar>
HermitianFactor<Scalar>::HermitianFactor(HermitianFactor&&) noexcept = default;
template <class Scalar>
HermitianFactor<Scalar>& HermitianFactor<Scalar>::operator=(HermitianFactor&&) noexcept = default;

template <class Scalar>
void HermitianFactor<Scalar>::factorise(const HermitianSystem& given,
                                        const FactorOptions& options) {
  HermitianSystem system = given;
  system.clique_terms.resize(self_->plan->cliques().size(), nullptr);
  system.borders.resize(self_->plan->cliques().size(), nullptr);
  self_->set_up(system, options);
  std::size_t widest = self_->n_dense();
  for (std::size_t k = 0; k + 1 < self_->border_offset.size(); ++k) {
    widest = std::max(widest, self_->border_offset[k + 1] - self_->border_offset[k]);
  }
  // Room for boosted pivots; memory that is not touched costs nothing.
  auto room = static_cast<std::size_t>(1.3 * self_->plan->peak_entries(widest)) + 4096;
  for (;;) {
    for (auto& worker : self_->workers) {
      worker.arena.reserve(std::max(room, worker.arena.size()));
      worker.flops = 0.0;
    }
    self_->n_boosts = 0;
    try {
      if (options.ranks != nullptr && options.ranks->size() > 1) {
        if (options.keep_factor) throw internal_error("a factor shared by ranks is not kept");
        self_->eliminate_over_ranks(system, options);
      } else {
        self_->eliminate_all(system, options);
      }
      break;
    } catch (const typename Arena<Scalar>::Full&) {
      room = 2 * std::max(room, self_->workers.front().arena.size());
    }
  }
}

template <class Scalar>
const Matrix& HermitianFactor<Scalar>::schur() const {
  return self_->schur;
}
template <class Scalar>
Matrix HermitianFactor<Scalar>::take_schur() {
  return std::move(self_->schur);
}
template <class Scalar>
std::size_t HermitianFactor<Scalar>::n_left_over() const {
  return self_->n_left_over;
}
template <class Scalar>
std::size_t HermitianFactor<Scalar>::n_boosts() const {
  return self_->n_boosts;
}
template <class Scalar>
double HermitianFactor<Scalar>::flops() const {
  double total = 0.0;
  for (const auto& worker : self_->workers) total += worker.flops;
  return total;
}
template <class Scalar>
std::size_t HermitianFactor<Scalar>::peak_entries() const {
  std::size_t total = 0;
  for (const auto& worker : self_->workers) total += worker.arena.peak();
  return total;
}

template class HermitianFactor<std::complex<double>>;
template class HermitianFactor<std::complex<float>>;

}  // namespace edotb::linalg
