#include "mode_pencil.hpp"

#include "edotb/base/error.hpp"

#include <array>
#include <cmath>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

Matrix solve_regular(const Matrix& h, const Matrix& rhs) {
  constexpr double singular = 1e-14;
  double reciprocal_condition = 0.0;
  try {
    Matrix x = linalg::solve(h, rhs, &reciprocal_condition);
    if (reciprocal_condition > singular) return x;
  } catch (const Error&) {
    // Exactly singular: the states that no hopping touches are taken out below.
  }
  const auto svd = linalg::singular_values(h);
  Matrix coefficients = linalg::adjoint_times(svd.u, rhs);
  for (std::size_t i = 0; i < svd.s.size(); ++i) {
    const bool keep = svd.s[i] > 1e3 * singular * svd.s.front();
    for (std::size_t j = 0; j < rhs.columns(); ++j) {
      coefficients(i, j) = keep ? coefficients(i, j) / svd.s[i] : 0.0;
    }
  }
  return svd.v * coefficients;
}

ReducedCell reduce(const sample::LeadCell& lead, double energy) {
  const std::size_t n = lead.cell.rows();
  const auto svd = linalg::singular_values(lead.hopping);
  constexpr double negligible = 1e-14;
  std::size_t rank = 0;
  while (rank < svd.s.size() && svd.s[rank] > negligible * svd.s.front()) ++rank;

  Matrix a(n, rank);
  Matrix b(n, rank);
  for (std::size_t j = 0; j < rank; ++j) {
    const double root = std::sqrt(svd.s[j]);
    for (std::size_t i = 0; i < n; ++i) a(i, j) = root * svd.u(i, j);
    for (std::size_t i = 0; i < lead.hopping.columns(); ++i) b(i, j) = root * svd.v(i, j);
  }
  return reduce(lead.cell, std::move(a), std::move(b), lead.hopping.columns(), energy);
}

ReducedCell reduce(const Matrix& h_0, Matrix a, Matrix b, std::size_t n_interface, double energy) {
  const std::size_t n = h_0.rows();
  ReducedCell cell;
  cell.a = std::move(a);
  cell.b = std::move(b);
  cell.n_interface = n_interface;
  cell.n_norm = n;
  const std::size_t rank = cell.rank();
  if (rank == 0) return cell;
  Matrix h = linalg::times_adjoint(cell.a, cell.a) + linalg::times_adjoint(cell.b, cell.b);
  h *= Complex(0.0, 1.0);
  h -= h_0;
  for (std::size_t i = 0; i < n; ++i) h(i, i) += energy;
  const Matrix pq = solve_regular(h, linalg::join_columns(cell.a, cell.b));
  cell.p = linalg::block(pq, 0, 0, n, rank);
  cell.q = linalg::block(pq, 0, rank, n, rank);
  return cell;
}

CayleySchur bloch_schur(const ReducedCell& cell) {
  const std::size_t r = cell.rank();
  const Matrix bp = linalg::adjoint_times(cell.b, cell.p);
  const Matrix bq = linalg::adjoint_times(cell.b, cell.q);
  const Matrix ap = linalg::adjoint_times(cell.a, cell.p);
  const Matrix aq = linalg::adjoint_times(cell.a, cell.q);
  // a_n = B^H psi_n and b_n = A^H psi_n, sorted by what belongs to (a_n, b_{n+1}) = lambda z and
  // what to z = (a_{n-1}, b_n).
  const Complex i_unit(0.0, 1.0);
  Matrix left(2 * r, 2 * r);
  Matrix right(2 * r, 2 * r);
  for (std::size_t j = 0; j < r; ++j) {
    for (std::size_t i = 0; i < r; ++i) {
      const double delta = i == j ? 1.0 : 0.0;
      left(i, j) = delta - i_unit * bq(i, j);
      left(i, r + j) = -bq(i, j);
      left(r + i, j) = -i_unit * aq(i, j);
      left(r + i, r + j) = -aq(i, j);
      right(i, j) = bp(i, j);
      right(i, r + j) = i_unit * bp(i, j);
      right(r + i, j) = ap(i, j);
      right(r + i, r + j) = i_unit * ap(i, j) - delta;
    }
  }
  // mu must keep clear of the Bloch factors on the unit circle: the best conditioned of a few.
  constexpr std::array<double, 5> angles = {2.0, 0.7, -2.6, -1.3, 1.4};
  constexpr double well_conditioned = 1e-4;
  CayleySchur result;
  double best = -1.0;
  Matrix best_transform;
  for (const double angle : angles) {
    const Complex mu = std::polar(1.0, angle);
    double reciprocal_condition = 0.0;
    try {
      Matrix transform = linalg::solve(right - mu * left, right + mu * left, &reciprocal_condition);
      if (reciprocal_condition > best) {
        best = reciprocal_condition;
        best_transform = std::move(transform);
        result.mu = mu;
      }
    } catch (const Error&) {
      continue;  // mu is a Bloch factor; another one will not be
    }
    if (best > well_conditioned) break;
  }
  if (best <= 0.0) throw numerical_error("the mode equation of the lead is singular");
  result.form = linalg::schur(std::move(best_transform));
  return result;
}

Complex bloch_factor(Complex mu, Complex theta) { return mu * (theta + 1.0) / (theta - 1.0); }

}  // namespace edotb::lead
