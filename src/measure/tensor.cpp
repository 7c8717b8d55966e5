// sigma = rho^-1,  var sigma_ij = sum_kl (sigma_ik sigma_lj)^2 var rho_kl
#include "edotb/measure/tensor.hpp"

#include "edotb/base/error.hpp"

#include <cmath>

namespace edotb::measure {

Tensor in_plane(const Estimate& xx, const Estimate& xy, const Estimate& yx, const Estimate& yy) {
  return {{{{xx.value, xy.value, 0.0}, {yx.value, yy.value, 0.0}, {0.0, 0.0, 1.0}}},
          {{{xx.error, xy.error, 0.0}, {yx.error, yy.error, 0.0}, {0.0, 0.0, 0.0}}}};
}

Estimate resistivity(const Estimate& resistance, double separation, double cross_section) {
  const double factor = cross_section / separation;
  return {factor * resistance.value, std::abs(factor) * resistance.error};
}

Tensor inverse(const Tensor& tensor) {
  const auto rows = reciprocal_vectors(tensor.value);  // the columns of the inverse
  Tensor result;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      result.value[i][j] = rows[j][i];
      if (!std::isfinite(rows[j][i])) throw numerical_error("a tensor that has no inverse");
    }
  }
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      double variance = 0.0;
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t l = 0; l < 3; ++l) {
          variance += std::pow(result.value[i][k] * result.value[l][j] * tensor.error[k][l], 2);
        }
      }
      result.error[i][j] = std::sqrt(variance);
    }
  }
  return result;
}

}  // namespace edotb::measure
