#pragma once

#include "edotb/linalg/dense.hpp"
#include "edotb/sample/scattering_problem.hpp"

namespace edotb::lead {

/// The equation of a lead's cell, (E - H_0) psi_n = V psi_{n-1} + V^H psi_{n+1}, reduced to the rank r
/// of the hopping V = A B^H:  with  a_n = B^H psi_n  and  b_n = A^H psi_n,
///     (E - H_0) psi_n = A a_{n-1} + B b_{n+1} .
/// Adding i (A A^H + B B^H) psi_n to both sides makes the left side regular also when E is an
/// eigenvalue of the isolated cell:
///     psi_n = P (a_{n-1} + i b_n) + Q (b_{n+1} + i a_n),    P = h^{-1} A,  Q = h^{-1} B .
struct ReducedCell {
  linalg::Matrix a;  ///< A, M x r
  linalg::Matrix b;  ///< B padded with zero rows to M x r; the interface part is the first Mi rows
  linalg::Matrix p;  ///< P, M x r
  linalg::Matrix q;  ///< Q, M x r
  std::size_t n_interface = 0;
  std::size_t n_norm = 0;  ///< the first n_norm orbitals of the cell make up the norm of a mode

  [[nodiscard]] std::size_t rank() const { return a.columns(); }
};

/// By the singular values of the hopping.
[[nodiscard]] ReducedCell reduce(const sample::LeadCell& lead, double energy);
/// The same for a hopping A B^H that is already factored; A and B are M x r.
[[nodiscard]] ReducedCell reduce(const linalg::Matrix& h_0, linalg::Matrix a, linalg::Matrix b,
                                 std::size_t n_interface, double energy);

/// H-matrix inverse times `rhs` for h = E - H_0 + shift, where states that touch neither A nor B may
/// make h singular; those are projected out.
[[nodiscard]] linalg::Matrix solve_regular(const linalg::Matrix& h, const linalg::Matrix& rhs);

/// Bloch solutions z = (a_{n-1}, b_n) -> lambda z as the Schur form of the Cayley transform
///     C = (R - mu L)^{-1} (R + mu L),   R z = lambda L z,   |mu| = 1,
/// which maps |lambda| = 1 to the imaginary axis, decaying solutions to Re < 0, and keeps zero and
/// infinite lambda finite. The invariant subspaces of C are those of the pencil.
struct CayleySchur {
  linalg::Schur form;
  linalg::Complex mu;
  [[nodiscard]] linalg::Complex theta(std::size_t i) const { return form.t(i, i); }
};

[[nodiscard]] CayleySchur bloch_schur(const ReducedCell& cell);

/// lambda = mu (theta + 1)/(theta - 1).
[[nodiscard]] linalg::Complex bloch_factor(linalg::Complex mu, linalg::Complex theta);

}  // namespace edotb::lead
