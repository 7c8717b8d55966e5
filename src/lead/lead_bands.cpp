// H(k) = H_0 + V exp(-ik) + V^H exp(ik), V = <cell n+1| H |cell n>;  dH/dk = -i V exp(-ik) + adjoint.

#include "edotb/lead/lead.hpp"

#include <cmath>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Adds  factor V + adjoint, where only the first orbitals of a cell couple outwards.
void add_hopping(Matrix& h, const Matrix& hopping, Complex factor) {
  for (std::size_t j = 0; j < hopping.columns(); ++j) {
    for (std::size_t i = 0; i < hopping.rows(); ++i) {
      const Complex value = factor * hopping(i, j);
      h(i, j) += value;
      h(j, i) += std::conj(value);
    }
  }
}

Matrix bloch_hamiltonian(const sample::LeadCell& lead, double k) {
  Matrix h = lead.cell;
  add_hopping(h, lead.hopping, std::polar(1.0, -k));
  return h;
}

}  // namespace

std::vector<double> lead_bands(const sample::LeadCell& lead, double k) {
  return linalg::hermitian_eigenvalues(bloch_hamiltonian(lead, k));
}

linalg::EigenSlopes lead_bands_and_velocities(const sample::LeadCell& lead, double k) {
  Matrix derivative(lead.cell.rows(), lead.cell.columns());
  add_hopping(derivative, lead.hopping, Complex(0.0, -1.0) * std::polar(1.0, -k));
  return linalg::eigen_slopes(bloch_hamiltonian(lead, k), derivative);
}

}  // namespace edotb::lead
