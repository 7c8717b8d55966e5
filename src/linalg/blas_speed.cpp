#include "edotb/linalg/blas_speed.hpp"

#include "edotb/linalg/dense.hpp"
#include "front_kernels.hpp"

#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace edotb::linalg {

namespace {

constexpr std::size_t size = 256;
constexpr int n_repeats = 4;

Matrix test_matrix() {
  Matrix a(size, size);
  for (std::size_t i = 0; i < size * size; ++i) {
    a.values()[i] = Complex(1.0 / (1.0 + static_cast<double>(i % 17)), 0.1);
  }
  return a;
}

/// The best of a few runs of `product`, which returns one entry of its result.
template <class Product>
double best_gflops(const Product& product) {
  constexpr double flops = 8.0 * static_cast<double>(size * size * size);
  double best = 0.0;
  for (int repeat = 0; repeat < n_repeats; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    const Complex entry = product();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (std::isfinite(entry.real())) best = std::max(best, flops / elapsed.count() * 1e-9);
  }
  return best;
}

bool has_avx512() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
#else
  return false;
#endif
}

}  // namespace

// The kernels take three real products for a complex one, zgemm four.
bool BlasSpeed::is_slow() const { return zgemm_gflops < 0.5 * kernel_gflops; }

std::string BlasSpeed::remedy() const {
  if (!is_slow()) return "";
  const std::string what = fmt::format(
      "BLAS reaches {:.0f} of the {:.0f} Gflop/s that this core does: OpenBLAS takes it for {}",
      zgemm_gflops, kernel_gflops, core);
  if (has_avx512() && core != "SkylakeX") {
    return what +
           "; export OPENBLAS_CORETYPE=SKYLAKEX (scripts/mpirun.sh does where it is not set)";
  }
  return what + "; the leads gain from a newer or a tuned BLAS";
}

BlasSpeed measure_blas_speed() {
  const Matrix a = test_matrix();
  Matrix c(size, size);
  TileSpace<Complex> tiles;
  BlasSpeed speed;
  speed.core = openblas_get_corename();
  speed.zgemm_gflops = best_gflops([&] { return linalg::times_adjoint(a, a)(0, 0); });
  speed.kernel_gflops = best_gflops([&] {
    times_adjoint(Into::subtract, size, size, size, a.data(), size, a.data(), size, c.data(), size,
                  tiles);
    return c(0, 0);
  });
  return speed;
}

std::string blas_version() { return openblas_get_config(); }

}  // namespace edotb::linalg
