#include "edotb/model/model.hpp"

#include <cmath>

namespace edotb::model {

using linalg::Complex;
using linalg::Matrix;

Matrix bloch_hamiltonian(const Model& model, const Vector3& k) {
  Matrix h = model.onsite;
  for (const Hopping& hopping : model.hoppings) {
    const double phase =
        k[0] * hopping.offset[0] + k[1] * hopping.offset[1] + k[2] * hopping.offset[2];
    const Matrix term = std::polar(1.0, -phase) * hopping.matrix;
    h += term;
    h += adjoint(term);
  }
  return h;
}

Hopping hopping_of(std::array<int, 3> offset, const Matrix& cosine, const Matrix& sine) {
  // cos k = (e^{-ik} + e^{ik})/2 and sin k = (i/2)(e^{-ik} - e^{ik}); T_R goes with e^{-ik}.
  return {offset, Complex(0.5, 0.0) * cosine + Complex(0.0, 0.5) * sine};
}

const std::array<Matrix, 4>& pauli() {
  static const std::array<Matrix, 4> matrices = [] {
    std::array<Matrix, 4> s{Matrix::identity(2), Matrix(2, 2), Matrix(2, 2), Matrix(2, 2)};
    s[1](0, 1) = s[1](1, 0) = 1.0;
    s[2](0, 1) = Complex(0, -1);
    s[2](1, 0) = Complex(0, 1);
    s[3](0, 0) = 1.0;
    s[3](1, 1) = -1.0;
    return s;
  }();
  return matrices;
}

}  // namespace edotb::model
