#pragma once

#include "arena.hpp"
#include "edotb/linalg/multifrontal.hpp"
#include "front.hpp"

#include <cstdint>
#include <vector>

namespace edotb::linalg {

/// What a front leaves for its parent: rows [boundary | border | unknowns of its boosts].
template <class Scalar>
struct Contribution {
  Scalar* values = nullptr;
  StripLayout layout;
  std::size_t n_boosts = 0;
  std::size_t offset = 0;  ///< in the arena of `worker`
  std::size_t worker = 0;
};

/// The factor of one front: X of its panel, n_rows x n_pivots, with T and D^-1 apart.
template <class Scalar>
struct FactorFront {
  std::vector<Scalar> x;
  DiagonalBlocks<Scalar> blocks;
  std::size_t n_rows = 0;
  std::size_t n_pivots = 0;
};

/// The number in the factorisation's precision.
template <class Scalar>
[[nodiscard]] Scalar rounded(Complex value) {
  using Real = typename Scalar::value_type;
  return {static_cast<Real>(value.real()), static_cast<Real>(value.imag())};
}

/// Adds a child's contribution to the pivot columns of its parent; `map` gives the parent's rows.
template <class Scalar>
void add_to_panel(const Contribution<Scalar>& child, const std::vector<std::int32_t>& map,
                  Panel<Scalar>& panel);
/// Adds a child's contribution to what its parent will hand on.
template <class Scalar>
void add_to_contribution(const Contribution<Scalar>& child, const std::vector<std::int32_t>& map,
                         std::size_t n_pivots, const StripLayout& layout, Scalar* target);

/// A row of a clique, by place.
struct CliqueRow {
  std::int32_t clique = 0;
  std::int32_t index = 0;
};

/// Everything a thread needs for itself.
template <class Scalar>
struct Worker {
  Arena<Scalar> arena;
  FrontWork<Scalar> work;
  DiagonalBlocks<Scalar> blocks;
  std::vector<std::int32_t> local_of;  ///< of a place in the present front's boundary
  std::vector<std::int32_t> map;       ///< of a child's rows into the present front
  double flops = 0.0;
};

template <class Scalar>
struct HermitianFactor<Scalar>::Implementation {
  std::shared_ptr<const EliminationPlan> plan;
  std::vector<std::vector<CliqueRow>> cliques_of_place;
  std::vector<Worker<Scalar>> workers;
  std::vector<Contribution<Scalar>> contributions;
  std::vector<FactorFront<Scalar>> factor;  ///< of each supernode, when kept
  std::vector<std::size_t> border_offset;   ///< of each clique's columns, then the dense border's
  std::size_t n_border = 0;
  Boost boost;
  Matrix schur;
  std::size_t n_left_over = 0;
  std::size_t n_boosts = 0;
  bool kept = false;

  void set_up(const HermitianSystem& system, const FactorOptions& options);
  /// Every front, and the Schur complement from what is left.
  void eliminate_all(const HermitianSystem& system, const FactorOptions& options);
  void eliminate(const HermitianSystem& system, std::size_t number, std::size_t my_number,
                 bool keep);
  void assemble(const HermitianSystem& system, const Supernode& node, Panel<Scalar>& panel,
                const Worker<Scalar>& worker) const;
  void map_rows(const Supernode& node, std::size_t child, std::size_t first_boost,
                std::size_t n_pivots, Worker<Scalar>& worker) const;
  /// The Schur complement from the contributions of the roots.
  void collect_schur();
  /// eliminate_all and collect_schur, by all ranks of options.ranks together.
  void eliminate_over_ranks(const HermitianSystem& system, const FactorOptions& options);
  void share_schur(const mpi::Communicator& ranks);

  [[nodiscard]] std::size_t border_columns(std::int32_t k) const {
    return border_offset[static_cast<std::size_t>(k) + 1] -
           border_offset[static_cast<std::size_t>(k)];
  }
  [[nodiscard]] std::size_t n_dense() const { return n_border - border_offset.back(); }
  /// Rows of a supernode's border.
  [[nodiscard]] std::size_t n_border_of(const Supernode& node) const {
    std::size_t n = n_dense();
    for (const std::int32_t k : node.borders) n += border_columns(k);
    return n;
  }
};

}  // namespace edotb::linalg
