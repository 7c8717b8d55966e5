#pragma once

#include "front_kernels.hpp"

#include <complex>
#include <cstddef>
#include <vector>

namespace edotb::linalg {

/// The columns of a front that are eliminated: rows [pivots | rest], the rest growing by one row per
/// boosted pivot. Holds A in its lower triangle on entry. Block by block of up to block_width pivots  T^H A_kk T = D,  and below the block stands on
/// return  X = A T;  what is left loses  X D^-1 X^H.  D has pivots of 1 x 1 and 2 x 2, each the largest of its row and column, which keeps X as exact as A: A_kk^-1 itself
/// would lose the digits of a large entry of A to a large one of its own.
template <class Scalar>
struct Panel {
  Scalar* values = nullptr;  ///< column-major, leading dimension `capacity`
  std::size_t capacity = 0;  ///< rows that fit
  std::size_t n_rows = 0;
  std::size_t n_pivots = 0;
};

/// Column j of D^-1: `diagonal` in row j and, where the pivot is 2 x 2, `off` in row `partner`.
template <class Scalar>
struct InversePivot {
  typename Scalar::value_type diagonal = 0;
  Scalar off = 0;
  std::size_t partner = 0;  ///< j itself where the pivot is 1 x 1
};

/// The diagonal blocks of one panel: T^H, n_pivots columns of block_width rows, and D^-1.
template <class Scalar>
struct DiagonalBlocks {
  std::vector<Scalar> t_adjoint;
  std::vector<InversePivot<Scalar>> d_inverse;
};

/// How small an eigenvalue of a diagonal block may be before it is boosted, and to what.
struct Boost {
  double threshold = 0.0;
  double raised = 1.0;
};

/// Scratch memory of one thread.
template <class Scalar>
struct Scratch {
  std::vector<Scalar> copy;
  TileSpace<Scalar> tiles;
};

/// Work space of the factorisation, reused from front to front.
template <class Scalar>
struct FrontWork {
  using Real = typename Scalar::value_type;
  SplitBlock<Real> given{};  ///< a diagonal block
  SplitBlock<Real> block{};
  SplitBlock<Real> t{};
  InverseDiagonal<Real> d_inverse{};
  std::vector<Scratch<Scalar>> threads{1};  ///< as many threads as scratches work on large fronts
  std::vector<double> boosts;  ///< of this panel: the amounts, in the order of the rows appended
};

/// Factorises the panel. Where a diagonal block has an eigenvalue lambda, eigenvector q, with
/// |lambda| < threshold, it is raised to +-raised and the row q^H is appended to the panel: the change
/// delta q q^H is undone by one more unknown y with
///     [A_boosted  q      ]
///     [q^H        1/delta]
/// that a later front eliminates. Returns false when the appended rows do not fit the capacity.
template <class Scalar>
[[nodiscard]] bool factorise_panel(Panel<Scalar>& panel, DiagonalBlocks<Scalar>& blocks,
                                   const Boost& boost, FrontWork<Scalar>& work);

/// The Hermitian matrix that a front leaves for its parent: lower triangle in column strips of
/// `strip` columns, each a rectangle from its first row to the last.
struct StripLayout {
  std::size_t n = 0;
  std::size_t strip = 1;

  [[nodiscard]] static StripLayout of(std::size_t n);
  [[nodiscard]] std::size_t n_entries() const;
  /// Where column j begins, as if it began at row 0 (only rows >= the strip's first are stored).
  [[nodiscard]] std::size_t column_start(std::size_t j) const;
  [[nodiscard]] std::size_t leading_dimension(std::size_t j) const { return n - first_of(j); }
  [[nodiscard]] std::size_t first_of(std::size_t j) const { return j / strip * strip; }
};

/// C -= X D^-1 X^H of the rows below the pivots.
template <class Scalar>
void update_contribution(const Panel<Scalar>& panel, const DiagonalBlocks<Scalar>& blocks,
                         const StripLayout& layout, Scalar* contribution, FrontWork<Scalar>& work);

}  // namespace edotb::linalg
