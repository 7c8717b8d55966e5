// A block of 2N cells is two blocks of N cells with the cell between them eliminated: Schur complements
// of K = E - H of that cell, dressed by both blocks. At a real energy K is Hermitian and may be near to
// singular: the few states responsible are kept as resonances (resonances.cpp).

#include "edotb/lead/cell_block.hpp"

#include "edotb/linalg/dense_elimination.hpp"
#include "edotb/linalg/dense_factors.hpp"
#include "resonances.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Couplings of the eliminated states to a kept cell: inner outer^H, an empty `outer` for the identity.
struct Coupling {
  Matrix inner;  ///< eliminated states x r
  Matrix outer;  ///< kept cell x r
};

void copy_into(Matrix& target, std::size_t row, std::size_t column, const Matrix& source) {
  for (std::size_t j = 0; j < source.columns(); ++j) {
    std::copy(source.column(j).begin(), source.column(j).end(),
              target.column(column + j).begin() + static_cast<std::ptrdiff_t>(row));
  }
}

/// The kept cell couples to the eliminated cell by near far^H and, by `to_kept`, to the resonances
/// that stand at `first_resonance` among the n_eliminated states.
Coupling coupling(const Matrix& near, const Matrix& far, bool low_rank, const Matrix& to_kept,
                  std::size_t first_resonance, std::size_t n_eliminated) {
  const std::size_t p = to_kept.columns();
  if (!low_rank) {
    Coupling result{Matrix(n_eliminated, near.columns()), {}};
    copy_into(result.inner, 0, 0, near);
    copy_into(result.inner, first_resonance, 0, adjoint(to_kept));
    return result;
  }
  const std::size_t rank = near.columns();
  Coupling result{Matrix(n_eliminated, rank + p), linalg::join_columns(far, to_kept)};
  copy_into(result.inner, 0, 0, near);
  for (std::size_t i = 0; i < p; ++i) result.inner(first_resonance + i, rank + i) = 1.0;
  return result;
}

/// left s right^H, where an empty side is the identity.
Matrix expanded(const Matrix& left, Matrix s, const Matrix& right) {
  if (left.rows() > 0) s = left * s;
  return right.rows() == 0 ? s : linalg::times_adjoint(s, right);
}

Matrix times_outer(const Matrix& outer, Matrix s) {
  return outer.rows() == 0 ? std::move(s) : outer * s;
}

}  // namespace

double negligible_hopping(const sample::LeadCell& lead) {
  return 1e-14 * std::sqrt(static_cast<double>(lead.cell.rows())) *
         (linalg::max_norm(lead.cell) + linalg::max_norm(lead.hopping));
}

CellBlock single_bond(const sample::LeadCell& lead) {
  const std::size_t n = lead.cell.rows();
  return {1, Matrix(n, n), Matrix(n, n), {lead.hopping, {}}, Matrix(), Matrix(n, 0), Matrix(n, 0)};
}

CellBlock join(const sample::LeadCell& lead, double energy, const CellBlock& left,
               const CellBlock& right) {
  const std::size_t n = lead.cell.rows();
  const std::size_t p_left = left.n_resonances();
  const std::size_t p_right = right.n_resonances();
  const std::size_t n_eliminated = n + p_left + p_right;
  const bool thin_left = left.hopping.is_low_rank();
  const bool thin_right = right.hopping.is_low_rank();
  Coupling to_left =
      coupling(left.hopping.a, left.hopping.b, thin_left, left.to_left, n, n_eliminated);
  Coupling to_right =
      coupling(thin_right ? right.hopping.b : adjoint(right.hopping.a), right.hopping.a, thin_right,
               right.to_right, n + p_left, n_eliminated);
  const std::size_t r_left = to_left.inner.columns();
  const std::size_t r_right = to_right.inner.columns();

  linalg::DenseElimination k(n_eliminated, r_left + r_right);
  k.add(0, 0, energy * Matrix::identity(n) - lead.cell - left.on_right - right.on_left);
  k.add(n, 0, Complex(-1.0) * adjoint(linalg::join_columns(left.to_right, right.to_left)));
  k.add(n, n, left.resonance);
  k.add(n + p_left, n + p_left, right.resonance);
  k.add(n_eliminated, 0, adjoint(to_left.inner));
  k.add(n_eliminated + r_left, 0, adjoint(to_right.inner));
  to_left.inner = Matrix();  // each moved into: a copy of nothing would keep the memory
  to_right.inner = Matrix();
  const double scale = scale_of(lead);
  k.eliminate(small_pivot * scale, scale);
  Elimination e =
      read_elimination([&](auto row, auto column, auto n_rows,
                           auto n_columns) { return k.rest(row, column, n_rows, n_columns); },
                       r_left, r_right, k.n_left_over(), scale);

  CellBlock block;
  block.n_cells = left.n_cells + right.n_cells;
  block.resonance = std::move(e.resonance);
  block.to_left = times_outer(to_left.outer, std::move(e.to_left));
  block.to_right = times_outer(to_right.outer, std::move(e.to_right));
  const auto hermitian = [](Matrix a) {
    for (std::size_t j = 0; j < a.columns(); ++j) {
      for (std::size_t i = 0; i <= j; ++i) {
        a(i, j) = 0.5 * (a(i, j) + std::conj(a(j, i)));
        a(j, i) = std::conj(a(i, j));
      }
    }
    return a;
  };
  block.on_left = hermitian(expanded(to_left.outer, std::move(e.left_left), to_left.outer));
  block.on_left += left.on_left;
  block.on_right = hermitian(expanded(to_right.outer, std::move(e.right_right), to_right.outer));
  block.on_right += right.on_right;
  block.hopping = {times_outer(to_right.outer, std::move(e.right_left)), to_left.outer};
  constexpr std::size_t few_cells = 32;  // with fewer the rank of the hopping seldom pays yet
  if (block.n_cells >= few_cells) {
    block.hopping = compressed(std::move(block.hopping), negligible_hopping(lead));
  }
  return block;
}

FactoredMatrix compressed(FactoredMatrix matrix, double negligible) {
  const std::size_t n = matrix.a.rows();
  const std::size_t n_right = matrix.is_low_rank() ? matrix.b.rows() : matrix.a.columns();
  const std::size_t width = std::clamp<std::size_t>(n / 8, 1, 64);
  Matrix basis(n, 0);
  // Range finder: random combinations of the columns, until they hold nothing new.
  const Matrix probes = linalg::start_vectors(n_right, n / 2 + width);
  for (std::size_t first = 0; first + width <= probes.columns(); first += width) {
    const Matrix probe = linalg::block(probes, 0, first, n_right, width);
    Matrix image =
        matrix.a * (matrix.is_low_rank() ? linalg::adjoint_times(matrix.b, probe) : probe);
    image -= basis * linalg::adjoint_times(basis, image);
    if (!(linalg::max_norm(image) > negligible)) {
      Matrix b = linalg::adjoint_times(matrix.a, basis);
      if (matrix.is_low_rank()) b = matrix.b * b;
      return {std::move(basis), std::move(b)};
    }
    image = orthonormalised(std::move(image));
    image -= basis * linalg::adjoint_times(basis, image);
    basis = linalg::join_columns(basis, orthonormalised(std::move(image)));
  }
  return matrix;
}

}  // namespace edotb::lead
