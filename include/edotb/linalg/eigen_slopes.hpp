#pragma once

#include "edotb/linalg/dense.hpp"

#include <vector>

namespace edotb::linalg {

/// Eigenvalues of a Hermitian matrix H(s), ascending, and how they change with s.
struct EigenSlopes {
  std::vector<double> values;
  std::vector<double> slopes;  ///< dE_n/ds
};

/// dE_n/ds = <n| dH/ds |n> (Hellmann and Feynman); among equal eigenvalues, the eigenvalues of dH/ds in
/// the space that they share, ascending.
[[nodiscard]] EigenSlopes eigen_slopes(const Matrix& h, const Matrix& derivative);

}  // namespace edotb::linalg
