// Raised pivots K_b = K + sum_y delta_y q_y q_y^H leave one unknown y each,
//     K_b psi + q y = b,   q^H psi + y / delta = 0,   so that   R y = -q^H K_b^{-1} b,
// with R = 1/delta - q^H K_b^{-1} q. By Woodbury's formula R^{-1} grows as K^{-1} does, so that only the
// eigenvectors of R with an eigenvalue near zero stand for levels near the energy.

#include "resonances.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Levels nearer to the energy than this part of the largest matrix entries of the lead are kept: a division
/// by more costs fewer digits than the momenta that fold onto each other in a supercell do anyway.
constexpr double resonance_width = 1e-4;

Matrix chosen_columns(const Matrix& a, const std::vector<std::size_t>& chosen) {
  Matrix result(a.rows(), chosen.size());
  for (std::size_t j = 0; j < chosen.size(); ++j) {
    std::copy(a.column(chosen[j]).begin(), a.column(chosen[j]).end(), result.column(j).begin());
  }
  return result;
}

void eliminate_far_levels(Elimination& e, double width) {
  const auto levels = linalg::hermitian_eigen(e.resonance);
  std::vector<std::size_t> near;
  std::vector<std::size_t> far;
  for (std::size_t i = 0; i < levels.values.size(); ++i) {
    (std::abs(levels.values[i]) < width ? near : far).push_back(i);
  }
  const Matrix far_vectors = chosen_columns(levels.vectors, far);
  const Matrix left = e.to_left * far_vectors;
  const Matrix right = e.to_right * far_vectors;
  const auto divided = [&](Matrix a) {
    for (std::size_t j = 0; j < far.size(); ++j) {
      for (Complex& value : a.column(j)) value /= levels.values[far[j]];
    }
    return a;
  };
  e.left_left += linalg::times_adjoint(divided(left), left);
  e.right_right += linalg::times_adjoint(divided(right), right);
  e.right_left += linalg::times_adjoint(divided(right), left);

  const Matrix near_vectors = chosen_columns(levels.vectors, near);
  e.to_left = e.to_left * near_vectors;
  e.to_right = e.to_right * near_vectors;
  e.resonance = Matrix(near.size(), near.size());
  for (std::size_t j = 0; j < near.size(); ++j) e.resonance(j, j) = levels.values[near[j]];
}

}  // namespace

double scale_of(const sample::LeadCell& lead) {
  return linalg::max_norm(lead.cell) + linalg::max_norm(lead.hopping);
}

Elimination read_elimination(const MatrixPart& rest, std::size_t n_left, std::size_t n_right,
                             std::size_t n_unknowns, double scale) {
  const Complex minus = -1.0;
  const std::size_t n = n_left + n_right;
  // The unknowns are energies times waves; as resonances they are waves.
  const Complex unit = scale;
  Elimination result{
      minus * rest(0, 0, n_left, n_left),       minus * rest(n_left, n_left, n_right, n_right),
      minus * rest(n_left, 0, n_right, n_left), unit * unit * rest(n, n, n_unknowns, n_unknowns),
      unit * rest(0, n, n_left, n_unknowns),    unit * rest(n_left, n, n_right, n_unknowns)};
  if (n_unknowns > 0) eliminate_far_levels(result, resonance_width * scale);
  return result;
}

}  // namespace edotb::lead
