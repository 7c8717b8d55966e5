#include "front_kernels.hpp"

#include "packed_product.hpp"
#include "pivot_block.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace edotb::linalg {

namespace {

/// The part of C with `n_vectors` vectors of rows and `n_columns` columns, accumulated in registers; a
/// complex number takes two neighbouring lanes. With a conj(b) = a Re b - i a Im b, one sum takes a Re b
/// and the other a Im b.
template <Into Target, class Real, int Lanes, int NVectors, int NColumns>
[[gnu::always_inline]] inline void product_tile(std::size_t k, const Real* a, std::size_t lda,
                                                const Real* b, std::size_t ldb, Real* c,
                                                std::size_t ldc) {
  using V = typename Vector<Real, Lanes>::Type;
  V by_re[NVectors][NColumns] = {};  // NOLINT(modernize-avoid-c-arrays): registers
  V by_im[NVectors][NColumns] = {};  // NOLINT(modernize-avoid-c-arrays)
  for (std::size_t l = 0; l < k; ++l) {
    const Real* column = a + 2 * l * lda;
    const Real* row = b + 2 * l * ldb;
    for (std::size_t j = 0; j < NColumns; ++j) {
      const Real re = row[2 * j];
      const Real im = row[2 * j + 1];
      for (std::size_t i = 0; i < NVectors; ++i) {
        const V value = *reinterpret_cast<const V*>(column + i * Lanes);
        by_re[i][j] += value * re;
        by_im[i][j] += value * im;
      }
    }
  }
  for (std::size_t j = 0; j < NColumns; ++j) {
    for (std::size_t i = 0; i < NVectors; ++i) {
      V swapped = by_im[i][j];
      for (int lane = 0; lane < Lanes; lane += 2) {
        swapped[lane] = by_im[i][j][lane + 1];
        swapped[lane + 1] = -by_im[i][j][lane];
      }
      V& place = *reinterpret_cast<V*>(c + 2 * j * ldc + i * Lanes);
      if constexpr (Target == Into::subtract) {
        place -= by_re[i][j] + swapped;
      } else {
        place = by_re[i][j] + swapped;
      }
    }
  }
}

/// All rows of `n_columns` columns: wide tiles first, then narrower ones for the rest.
template <Into Target, class Real, int Lanes, int NVectors, int NColumns>
[[gnu::always_inline]] inline void product_columns(std::size_t m, std::size_t k, const Real* a,
                                                   std::size_t lda, const Real* b, std::size_t ldb,
                                                   Real* c, std::size_t ldc) {
  constexpr std::size_t step = static_cast<std::size_t>(Lanes * NVectors) / 2;
  std::size_t i = 0;
  for (; i + step <= m; i += step) {
    product_tile<Target, Real, Lanes, NVectors, NColumns>(k, a + 2 * i, lda, b, ldb, c + 2 * i,
                                                          ldc);
  }
  if (i == m) return;
  if constexpr (NVectors > 1) {
    product_columns<Target, Real, Lanes, 1, NColumns>(m - i, k, a + 2 * i, lda, b, ldb, c + 2 * i,
                                                      ldc);
  } else if constexpr (Lanes > 2) {
    product_columns<Target, Real, Lanes / 2, 1, NColumns>(m - i, k, a + 2 * i, lda, b, ldb,
                                                          c + 2 * i, ldc);
  }
}

/// With `lower`, rows above a tile's first column are left out.
template <Into Target, class Real, int Lanes, int NVectors, int NColumns>
[[gnu::always_inline]] inline void small_product(std::size_t m, std::size_t n, std::size_t k,
                                                 const Real* a, std::size_t lda, const Real* b,
                                                 std::size_t ldb, Real* c, std::size_t ldc,
                                                 bool lower) {
  std::size_t j = 0;
  for (; j + NColumns <= n; j += NColumns) {
    const std::size_t i = lower ? j : 0;
    product_columns<Target, Real, Lanes, NVectors, NColumns>(m - i, k, a + 2 * i, lda, b + 2 * j,
                                                             ldb, c + 2 * (i + j * ldc), ldc);
  }
  for (; j < n; ++j) {
    const std::size_t i = lower ? j : 0;
    product_columns<Target, Real, Lanes, NVectors, 1>(m - i, k, a + 2 * i, lda, b + 2 * j, ldb,
                                                      c + 2 * (i + j * ldc), ldc);
  }
}

/// Both products behind one function: the choice depends on the sizes alone.
template <class Real, int Lanes, int NVectors, int NColumns, class Packed>
[[gnu::always_inline]] inline void product(Into into, std::size_t m, std::size_t n, std::size_t k,
                                           const Real* a, std::size_t lda, const Real* b,
                                           std::size_t ldb, Real* c, std::size_t ldc,
                                           std::vector<Real>& space) {
  constexpr std::size_t large = 40UL * 40 * 40;
  const bool lower = into == Into::subtract_lower;
  if (into == Into::assign) {
    small_product<Into::assign, Real, Lanes, NVectors, NColumns>(m, n, k, a, lda, b, ldb, c, ldc,
                                                                 lower);
  } else if (m * n * k < large) {
    small_product<Into::subtract, Real, Lanes, NVectors, NColumns>(m, n, k, a, lda, b, ldb, c, ldc,
                                                                   lower);
  } else {
    packed_product<Packed>(m, n, k, a, lda, b, ldb, c, ldc, lower, space);
  }
}

/// The kernels compiled for one instruction set.
template <class Real>
struct Kernels {
  void (*product)(Into, std::size_t, std::size_t, std::size_t, const Real*, std::size_t,
                  const Real*, std::size_t, Real*, std::size_t, std::vector<Real>&);
  bool (*diagonalise)(SplitBlock<Real>&, std::size_t, SplitBlock<Real>&, InverseDiagonal<Real>&);
};

template <class Real>
void product_generic(Into into, std::size_t m, std::size_t n, std::size_t k, const Real* a,
                     std::size_t lda, const Real* b, std::size_t ldb, Real* c, std::size_t ldc,
                     std::vector<Real>& space) {
  product<Real, 16 / sizeof(Real), 2, 2, TileShape<Real, 16 / sizeof(Real), 2, 4>>(
      into, m, n, k, a, lda, b, ldb, c, ldc, space);
}
template <class Real>
bool diagonalise_generic(SplitBlock<Real>& a, std::size_t n, SplitBlock<Real>& t,
                         InverseDiagonal<Real>& d) {
  return diagonalise_block(a, n, t, d);
}

#if defined(__x86_64__)
template <class Real>
[[gnu::target("avx2,fma")]] void product_avx2(Into into, std::size_t m, std::size_t n,
                                              std::size_t k, const Real* a, std::size_t lda,
                                              const Real* b, std::size_t ldb, Real* c,
                                              std::size_t ldc, std::vector<Real>& space) {
  product<Real, 32 / sizeof(Real), 2, 3, TileShape<Real, 32 / sizeof(Real), 3, 4>>(
      into, m, n, k, a, lda, b, ldb, c, ldc, space);
}
template <class Real>
[[gnu::target("avx2,fma")]] bool diagonalise_avx2(SplitBlock<Real>& a, std::size_t n,
                                                  SplitBlock<Real>& t, InverseDiagonal<Real>& d) {
  return diagonalise_block(a, n, t, d);
}
template <class Real>
[[gnu::target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]] void product_avx512(
    Into into, std::size_t m, std::size_t n, std::size_t k, const Real* a, std::size_t lda,
    const Real* b, std::size_t ldb, Real* c, std::size_t ldc, std::vector<Real>& space) {
  product<Real, 64 / sizeof(Real), 2, 4, TileShape<Real, 64 / sizeof(Real), 2, 8>>(
      into, m, n, k, a, lda, b, ldb, c, ldc, space);
}
template <class Real>
[[gnu::target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]] bool diagonalise_avx512(
    SplitBlock<Real>& a, std::size_t n, SplitBlock<Real>& t, InverseDiagonal<Real>& d) {
  return diagonalise_block(a, n, t, d);
}
#endif

template <class Real>
Kernels<Real> kernels_of_this_cpu() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512bw") != 0) {
    return {product_avx512<Real>, diagonalise_avx512<Real>};
  }
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
    return {product_avx2<Real>, diagonalise_avx2<Real>};
  }
#endif
  return {product_generic<Real>, diagonalise_generic<Real>};
}

template <class Real>
const Kernels<Real>& kernels() {
  static const Kernels<Real> chosen = kernels_of_this_cpu<Real>();
  return chosen;
}

}  // namespace

template <class Scalar>
void times_adjoint(Into into, std::size_t m, std::size_t n, std::size_t k, const Scalar* a,
                   std::size_t lda, const Scalar* b, std::size_t ldb, Scalar* c, std::size_t ldc,
                   TileSpace<Scalar>& space) {
  using Real = typename Scalar::value_type;
  if (m == 0 || n == 0) return;
  kernels<Real>().product(into, m, n, k, reinterpret_cast<const Real*>(a), lda,
                          reinterpret_cast<const Real*>(b), ldb, reinterpret_cast<Real*>(c), ldc,
                          space);
}

template <class Real>
bool diagonalise(SplitBlock<Real>& a, std::size_t n, SplitBlock<Real>& t,
                 InverseDiagonal<Real>& d) {
  return kernels<Real>().diagonalise(a, n, t, d);
}

template void times_adjoint(Into, std::size_t, std::size_t, std::size_t,
                            const std::complex<double>*, std::size_t, const std::complex<double>*,
                            std::size_t, std::complex<double>*, std::size_t,
                            TileSpace<std::complex<double>>&);
template void times_adjoint(Into, std::size_t, std::size_t, std::size_t, const std::complex<float>*,
                            std::size_t, const std::complex<float>*, std::size_t,
                            std::complex<float>*, std::size_t, TileSpace<std::complex<float>>&);
template bool diagonalise(SplitBlock<double>&, std::size_t, SplitBlock<double>&,
                          InverseDiagonal<double>&);
template bool diagonalise(SplitBlock<float>&, std::size_t, SplitBlock<float>&,
                          InverseDiagonal<float>&);

}  // namespace edotb::linalg
