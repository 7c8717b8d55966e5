// H(k) = H_0 + sum_R (T_R exp(-i k.R) + adjoint),   dH/ds = sum_R (-i (dk/ds).R T_R exp(-i k.R) + adjoint)

#include "edotb/model/bands.hpp"

#include <cmath>

namespace edotb::model {

using linalg::Complex;
using linalg::Matrix;

namespace {

double phase(const Vector3& k, const std::array<int, 3>& r) {
  return k[0] * r[0] + k[1] * r[1] + k[2] * r[2];
}

}  // namespace

Vector3 cartesian(const Model& model, const Vector3& k) {
  const auto b = reciprocal_vectors(model.lattice_vectors);
  return k[0] * b[0] + k[1] * b[1] + k[2] * b[2];
}

linalg::EigenSlopes bulk_bands(const Model& model, const Vector3& k, const Vector3& along) {
  const double length = norm(cartesian(model, along));
  Matrix derivative(model.n_orbitals(), model.n_orbitals());
  for (const Hopping& hopping : model.hoppings) {
    const Complex factor = Complex(0.0, -phase(along, hopping.offset) / length) *
                           std::polar(1.0, -phase(k, hopping.offset));
    const Matrix term = factor * hopping.matrix;
    derivative += term;
    derivative += adjoint(term);
  }
  return linalg::eigen_slopes(bloch_hamiltonian(model, k), derivative);
}

}  // namespace edotb::model
