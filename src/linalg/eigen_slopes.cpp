#include "edotb/linalg/eigen_slopes.hpp"

#include <algorithm>

namespace edotb::linalg {

EigenSlopes eigen_slopes(const Matrix& h, const Matrix& derivative) {
  const HermitianEigen eigen = hermitian_eigen(h);
  const std::size_t n = eigen.values.size();
  // Eigenvalues nearer than the rounding of their eigenvectors allows to tell apart count as equal.
  const double tolerance = 1e-9 * std::max(max_norm(h), max_norm(derivative));
  EigenSlopes result{eigen.values, {}};
  for (std::size_t first = 0; first < n;) {
    std::size_t end = first + 1;
    while (end < n && eigen.values[end] - eigen.values[end - 1] <= tolerance) ++end;
    const Matrix shared = block(eigen.vectors, 0, first, n, end - first);
    const auto slopes = hermitian_eigenvalues(adjoint_times(shared, derivative * shared));
    result.slopes.insert(result.slopes.end(), slopes.begin(), slopes.end());
    first = end;
  }
  return result;
}

}  // namespace edotb::linalg
