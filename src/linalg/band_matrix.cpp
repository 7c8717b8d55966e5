#include "edotb/linalg/band_matrix.hpp"

#include "lapack.hpp"

#include <algorithm>

namespace edotb::linalg {

BandMatrix::BandMatrix(std::size_t n, std::size_t bandwidth)
    : values_(std::min(bandwidth, n - 1) + 1, n) {}

std::vector<double> BandMatrix::eigenvalues() && {
  std::vector<double> result(rows());
  Matrix none(1, 1);
  check(LAPACKE_zhbevd(LAPACK_COL_MAJOR, 'N', 'L', to_int(rows()), to_int(values_.rows() - 1),
                       values_.data(), leading(values_), result.data(), none.data(), 1),
        "zhbevd");
  return result;
}

}  // namespace edotb::linalg
