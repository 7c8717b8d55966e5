#pragma once

#include "edotb/linalg/dense.hpp"

#include <vector>

namespace edotb::linalg {

/// The lower half of a Hermitian n x n matrix whose entries vanish farther than `bandwidth` from the
/// diagonal.
class BandMatrix {
 public:
  BandMatrix(std::size_t n, std::size_t bandwidth);

  [[nodiscard]] std::size_t rows() const { return values_.columns(); }
  /// Entry (i, j) with j <= i <= j + bandwidth.
  [[nodiscard]] Complex& operator()(std::size_t i, std::size_t j) { return values_(i - j, j); }

  /// All eigenvalues, ascending; time n^2 bandwidth. Overwrites the matrix.
  [[nodiscard]] std::vector<double> eigenvalues() &&;

 private:
  Matrix values_;  ///< (i - j, j), the storage of LAPACK
};

}  // namespace edotb::linalg
