#pragma once

#include <string>

namespace edotb::linalg {

/// A self-test of a few milliseconds on one core: a complex matrix product by BLAS, and by the kernels
/// of the multifrontal solver, which use the CPU's full vector width. Both counted as four real products.
struct BlasSpeed {
  double zgemm_gflops = 0.0;
  double kernel_gflops = 0.0;
  std::string core;  ///< the CPU that OpenBLAS takes this one for

  /// BLAS is far below what this CPU can do.
  [[nodiscard]] bool is_slow() const;
  /// What to do about it; empty when there is nothing to do. It is advice: nothing fails because of it.
  [[nodiscard]] std::string remedy() const;
};

[[nodiscard]] BlasSpeed measure_blas_speed();

[[nodiscard]] std::string blas_version();

}  // namespace edotb::linalg
