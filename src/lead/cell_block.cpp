// A block of 2N cells is two blocks of N cells with the cell between them eliminated: Schur complements
// of K = E - H of that cell, dressed by both blocks. At a real energy K is Hermitian and may be near to
// singular. The few states responsible, |K v| < tau, are kept as resonances: for orthonormal columns V,
//     K^{-1} = G_c + Z w^{-1} Z^H,   Z = K^{-1} V w,   w = (V^H K^{-1} V)^{-1},
// where G_c is the inverse on the complement of V. G_c and Z do not change when s V V^H is added to K,
// w grows by s: so all three follow from the well-conditioned K + s V V^H.

#include "edotb/lead/cell_block.hpp"

#include "edotb/linalg/dense_factors.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace edotb::lead {

using linalg::Complex;
using linalg::DenseLDL;
using linalg::DenseLU;
using linalg::Matrix;

namespace {

/// States within this part of the largest matrix entry of the lead are resonances.
constexpr double resonance_width = 0.005;

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

/// Orthonormal columns that span the eigenvectors of the Hermitian K with |eigenvalue| < width, by
/// subspace iteration with the inverse of K, moved by a little so that it is never singular.
Matrix nearly_singular_states(const Matrix& k, double width) {
  constexpr int n_iterations = 4;
  const std::size_t n = k.rows();
  Matrix shifted = k;
  for (std::size_t i = 0; i < n; ++i) shifted(i, i) += 1e-7 * width;
  const DenseLDL ldl(std::move(shifted));
  // A space that is full of such states may have missed some.
  for (std::size_t n_states = std::min<std::size_t>(32, n);; n_states = std::min(4 * n_states, n)) {
    Matrix states = linalg::start_vectors(n, n_states);
    for (int i = 0; i < n_iterations; ++i) states = orthonormalised(ldl.solve(std::move(states)));
    const auto ritz = linalg::hermitian_eigen(linalg::adjoint_times(states, k * states));
    std::vector<std::size_t> near;
    for (std::size_t i = 0; i < ritz.values.size(); ++i) {
      if (std::abs(ritz.values[i]) < width) near.push_back(i);
    }
    if (near.size() == n_states && n_states < n) continue;
    Matrix chosen(ritz.vectors.rows(), near.size());
    for (std::size_t j = 0; j < near.size(); ++j) {
      copy_into(chosen, 0, j, linalg::block(ritz.vectors, 0, near[j], chosen.rows(), 1));
    }
    return states * chosen;
  }
}

/// K^{-1} of both couplings and their products: S_ab = inner_a^H K^{-1} inner_b.
struct Products {
  Matrix left_left;
  Matrix right_right;
  Matrix right_left;
  Matrix left_states;   ///< inner_left^H K^{-1} V
  Matrix right_states;  ///< inner_right^H K^{-1} V
  Matrix states_states;
};

Products products(Matrix k, Matrix left, Matrix right, const Matrix& states) {
  Products result;
  if (is_sparse(left) && is_sparse(right)) {
    const Matrix inverse = DenseLU(std::move(k)).inverse();
    const Matrix x_states = inverse * states;
    Matrix x = times_sparse(inverse, left);
    result.left_left = sparse_adjoint_times(left, x);
    result.right_left = sparse_adjoint_times(right, x);
    x = Matrix();
    result.right_right = sparse_adjoint_times(right, times_sparse(inverse, right));
    result.left_states = sparse_adjoint_times(left, x_states);
    result.right_states = sparse_adjoint_times(right, x_states);
    result.states_states = linalg::adjoint_times(states, x_states);
    return result;
  }
  // Each matrix is let go as soon as it has served: at n = 1600 every one takes 41 MB.
  const DenseLDL ldl(std::move(k));
  const Matrix y_states = ldl.half_solve(states);
  const Matrix x_states = ldl.divide_by_d(y_states);
  result.states_states = linalg::adjoint_times(y_states, x_states);
  Matrix y_left = ldl.half_solve(std::move(left));
  const Matrix x_left = ldl.divide_by_d(y_left);
  result.left_states = linalg::adjoint_times(y_left, x_states);
  result.left_left = hermitian_product(y_left, x_left);
  y_left = Matrix();
  const Matrix y_right = ldl.half_solve(std::move(right));
  result.right_states = linalg::adjoint_times(y_right, x_states);
  result.right_left = linalg::adjoint_times(y_right, x_left);
  result.right_right = hermitian_product(y_right, ldl.divide_by_d(y_right));
  return result;
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
  Matrix k(n_eliminated, n_eliminated);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      k(i, j) = -(lead.cell(i, j) + left.on_right(i, j) + right.on_left(i, j));
    }
    k(j, j) += energy;
  }
  const Matrix to_resonances = Complex(-1.0) * linalg::join_columns(left.to_right, right.to_left);
  copy_into(k, 0, n, to_resonances);
  copy_into(k, n, 0, adjoint(to_resonances));
  copy_into(k, n, n, left.resonance);
  copy_into(k, n + p_left, n + p_left, right.resonance);

  const bool thin_left = left.hopping.is_low_rank();
  const bool thin_right = right.hopping.is_low_rank();
  Coupling to_left =
      coupling(left.hopping.a, left.hopping.b, thin_left, left.to_left, n, n_eliminated);
  Coupling to_right =
      coupling(thin_right ? right.hopping.b : adjoint(right.hopping.a), right.hopping.a, thin_right,
               right.to_right, n + p_left, n_eliminated);

  const double scale = linalg::max_norm(lead.cell) + linalg::max_norm(lead.hopping);
  const Matrix states = nearly_singular_states(k, resonance_width * scale);
  k += scale * linalg::times_adjoint(states, states);
  Products s = products(std::move(k), std::move(to_left.inner), std::move(to_right.inner), states);

  CellBlock block;
  block.n_cells = left.n_cells + right.n_cells;
  block.to_left = Matrix(n, 0);
  block.to_right = Matrix(n, 0);
  if (states.columns() > 0) {
    const std::size_t p = states.columns();
    const Matrix w = linalg::solve(s.states_states, Matrix::identity(p));
    const Matrix left_w = s.left_states * w;
    const Matrix right_w = s.right_states * w;
    s.left_left -= linalg::times_adjoint(left_w, s.left_states);
    s.right_right -= linalg::times_adjoint(right_w, s.right_states);
    s.right_left -= linalg::times_adjoint(right_w, s.left_states);
    block.resonance = 0.5 * (w + adjoint(w)) - scale * Matrix::identity(p);
    block.to_left = times_outer(to_left.outer, left_w);
    block.to_right = times_outer(to_right.outer, right_w);
  }
  const auto hermitian = [](Matrix a) {
    for (std::size_t j = 0; j < a.columns(); ++j) {
      for (std::size_t i = 0; i <= j; ++i) {
        a(i, j) = 0.5 * (a(i, j) + std::conj(a(j, i)));
        a(j, i) = std::conj(a(i, j));
      }
    }
    return a;
  };
  block.on_left = hermitian(expanded(to_left.outer, std::move(s.left_left), to_left.outer));
  block.on_left += left.on_left;
  block.on_right = hermitian(expanded(to_right.outer, std::move(s.right_right), to_right.outer));
  block.on_right += right.on_right;
  block.hopping = {times_outer(to_right.outer, std::move(s.right_left)), to_left.outer};
  constexpr std::size_t few_cells = 32;  // with fewer the rank of the hopping seldom pays yet
  if (block.n_cells >= few_cells) {
    block.hopping = compressed(std::move(block.hopping), negligible_hopping(lead));
  }
  return block;
}

CellBlock reversed(CellBlock block) {
  std::swap(block.on_left, block.on_right);
  std::swap(block.to_left, block.to_right);
  if (block.hopping.is_low_rank()) {
    std::swap(block.hopping.a, block.hopping.b);
  } else {
    block.hopping.a = adjoint(block.hopping.a);
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
