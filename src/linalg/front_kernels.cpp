#include "front_kernels.hpp"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace edotb::linalg {

namespace {

/// `lanes` real numbers that move together; a complex number takes two neighbouring lanes.
template <class Real, int lanes>
struct Vector {
  using type
      [[gnu::vector_size(lanes * sizeof(Real)), gnu::aligned(sizeof(Real)), gnu::may_alias]] = Real;
  using mask [[gnu::vector_size(lanes * sizeof(Real))]] =
      std::conditional_t<sizeof(Real) == 8, long long, int>;
};

/// The part of C with `n_vectors` vectors of rows and `n_columns` columns, accumulated in registers:
/// with a conj(b) = a Re b - i a Im b, one sum takes a Re b and the other a Im b.
template <Into into, class Real, int lanes, int n_vectors, int n_columns>
[[gnu::always_inline]] inline void product_tile(std::size_t k, const Real* a, std::size_t lda,
                                                const Real* b, std::size_t ldb, Real* c,
                                                std::size_t ldc) {
  using V = typename Vector<Real, lanes>::type;
  V by_re[n_vectors][n_columns] = {};  // NOLINT(modernize-avoid-c-arrays): registers
  V by_im[n_vectors][n_columns] = {};  // NOLINT(modernize-avoid-c-arrays)
  for (std::size_t l = 0; l < k; ++l) {
    const Real* column = a + 2 * l * lda;
    const Real* row = b + 2 * l * ldb;
    for (int j = 0; j < n_columns; ++j) {
      const Real re = row[2 * j];
      const Real im = row[2 * j + 1];
      for (int i = 0; i < n_vectors; ++i) {
        const V value = *reinterpret_cast<const V*>(column + i * lanes);
        by_re[i][j] += value * re;
        by_im[i][j] += value * im;
      }
    }
  }
  for (int j = 0; j < n_columns; ++j) {
    for (int i = 0; i < n_vectors; ++i) {
      V swapped = by_im[i][j];
      for (int lane = 0; lane < lanes; lane += 2) {
        swapped[lane] = by_im[i][j][lane + 1];
        swapped[lane + 1] = -by_im[i][j][lane];
      }
      V& place = *reinterpret_cast<V*>(c + 2 * static_cast<std::size_t>(j) * ldc + i * lanes);
      if constexpr (into == Into::subtract) {
        place -= by_re[i][j] + swapped;
      } else {
        place = by_re[i][j] + swapped;
      }
    }
  }
}

/// All rows of `n_columns` columns: wide tiles first, then narrower ones for the rest.
template <Into into, class Real, int lanes, int n_vectors, int n_columns>
[[gnu::always_inline]] inline void product_columns(std::size_t m, std::size_t k, const Real* a,
                                                   std::size_t lda, const Real* b, std::size_t ldb,
                                                   Real* c, std::size_t ldc) {
  constexpr std::size_t step = static_cast<std::size_t>(lanes * n_vectors) / 2;
  std::size_t i = 0;
  for (; i + step <= m; i += step) {
    product_tile<into, Real, lanes, n_vectors, n_columns>(k, a + 2 * i, lda, b, ldb, c + 2 * i,
                                                          ldc);
  }
  if (i == m) return;
  if constexpr (n_vectors > 1) {
    product_columns<into, Real, lanes, 1, n_columns>(m - i, k, a + 2 * i, lda, b, ldb, c + 2 * i,
                                                     ldc);
  } else if constexpr (lanes > 2) {
    product_columns<into, Real, lanes / 2, 1, n_columns>(m - i, k, a + 2 * i, lda, b, ldb,
                                                         c + 2 * i, ldc);
  }
}

template <Into into, class Real, int lanes, int n_vectors, int n_columns>
[[gnu::always_inline]] inline void small_product(std::size_t m, std::size_t n, std::size_t k,
                                                 const Real* a, std::size_t lda, const Real* b,
                                                 std::size_t ldb, Real* c, std::size_t ldc) {
  std::size_t j = 0;
  for (; j + n_columns <= n; j += n_columns) {
    product_columns<into, Real, lanes, n_vectors, n_columns>(m, k, a, lda, b + 2 * j, ldb,
                                                             c + 2 * j * ldc, ldc);
  }
  for (; j < n; ++j) {
    product_columns<into, Real, lanes, n_vectors, 1>(m, k, a, lda, b + 2 * j, ldb, c + 2 * j * ldc,
                                                     ldc);
  }
}

/// Gauss-Jordan by exchanging y_p with x_k in y = A x, step by step; pivot rows stay where they are
/// and are sorted out at the end.
template <class Real>
[[gnu::always_inline]] inline bool invert_block(SplitBlock<Real>& a, std::size_t n) {
  constexpr std::size_t ld = block_width;
  const std::size_t padded = (n + 7) / 8 * 8;
  std::array<std::size_t, block_width> pivot_row{};
  std::array<bool, block_width> used{};
  alignas(64) std::array<Real, block_width> column_re;
  alignas(64) std::array<Real, block_width> column_im;
  Real scale = 0;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      scale = std::max(scale, std::max(std::abs(a.re[i + j * ld]), std::abs(a.im[i + j * ld])));
    }
  }
  const Real smallest = Real(0.1) * std::numeric_limits<Real>::epsilon() * scale;
  for (std::size_t k = 0; k < n; ++k) {
    Real largest = 0;
    std::size_t p = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const Real size = a.re[i + k * ld] * a.re[i + k * ld] + a.im[i + k * ld] * a.im[i + k * ld];
      if (!used[i] && size > largest) {
        largest = size;
        p = i;
      }
    }
    if (!(largest > smallest * smallest) || !std::isfinite(largest)) return false;
    used[p] = true;
    pivot_row[k] = p;
    const Real pivot_re = a.re[p + k * ld] / largest;
    const Real pivot_im = -a.im[p + k * ld] / largest;
    for (std::size_t i = 0; i < padded; ++i) {
      column_re[i] = a.re[i + k * ld];
      column_im[i] = a.im[i + k * ld];
    }
    for (std::size_t j = 0; j < n; ++j) {
      if (j == k) continue;
      Real* re = a.re.data() + j * ld;
      Real* im = a.im.data() + j * ld;
      const Real f_re = re[p] * pivot_re - im[p] * pivot_im;
      const Real f_im = re[p] * pivot_im + im[p] * pivot_re;
      for (std::size_t i = 0; i < padded; ++i) {
        re[i] -= column_re[i] * f_re - column_im[i] * f_im;
        im[i] -= column_re[i] * f_im + column_im[i] * f_re;
      }
      re[p] = -f_re;
      im[p] = -f_im;
    }
    for (std::size_t i = 0; i < padded; ++i) {
      a.re[i + k * ld] = column_re[i] * pivot_re - column_im[i] * pivot_im;
      a.im[i + k * ld] = column_re[i] * pivot_im + column_im[i] * pivot_re;
    }
    a.re[p + k * ld] = pivot_re;
    a.im[p + k * ld] = pivot_im;
  }
  // Row pivot_row[k] holds x_k, column j the coefficient of y_pivot_row[j].
  SplitBlock<Real> sorted;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < n; ++k) {
      sorted.re[k + pivot_row[j] * ld] = a.re[pivot_row[k] + j * ld];
      sorted.im[k + pivot_row[j] * ld] = a.im[pivot_row[k] + j * ld];
    }
  }
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < n; ++k) {
      a.re[k + j * ld] = sorted.re[k + j * ld];
      a.im[k + j * ld] = sorted.im[k + j * ld];
    }
  }
  return true;
}

/// The kernels compiled for one instruction set.
template <class Real>
struct Kernels {
  using Product = void (*)(std::size_t, std::size_t, std::size_t, const Real*, std::size_t,
                           const Real*, std::size_t, Real*, std::size_t);
  Product subtract;
  Product assign;
  bool (*invert)(SplitBlock<Real>&, std::size_t);
};

template <Into into, class Real>
void product_generic(std::size_t m, std::size_t n, std::size_t k, const Real* a, std::size_t lda,
                     const Real* b, std::size_t ldb, Real* c, std::size_t ldc) {
  small_product<into, Real, 16 / sizeof(Real), 2, 2>(m, n, k, a, lda, b, ldb, c, ldc);
}
template <class Real>
bool invert_generic(SplitBlock<Real>& a, std::size_t n) {
  return invert_block(a, n);
}

#if defined(__x86_64__)
template <Into into, class Real>
[[gnu::target("avx2,fma")]] void product_avx2(std::size_t m, std::size_t n, std::size_t k,
                                              const Real* a, std::size_t lda, const Real* b,
                                              std::size_t ldb, Real* c, std::size_t ldc) {
  small_product<into, Real, 32 / sizeof(Real), 2, 3>(m, n, k, a, lda, b, ldb, c, ldc);
}
template <class Real>
[[gnu::target("avx2,fma")]] bool invert_avx2(SplitBlock<Real>& a, std::size_t n) {
  return invert_block(a, n);
}
template <Into into, class Real>
[[gnu::target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,prefer-vector-width=512")]] void
product_avx512(std::size_t m, std::size_t n, std::size_t k, const Real* a, std::size_t lda,
               const Real* b, std::size_t ldb, Real* c, std::size_t ldc) {
  small_product<into, Real, 64 / sizeof(Real), 2, 4>(m, n, k, a, lda, b, ldb, c, ldc);
}
template <class Real>
[[gnu::target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,prefer-vector-width=512")]] bool
invert_avx512(SplitBlock<Real>& a, std::size_t n) {
  return invert_block(a, n);
}
#endif

template <class Real>
Kernels<Real> kernels_of_this_cpu() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512bw") != 0) {
    return {product_avx512<Into::subtract, Real>, product_avx512<Into::assign, Real>,
            invert_avx512<Real>};
  }
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
    return {product_avx2<Into::subtract, Real>, product_avx2<Into::assign, Real>,
            invert_avx2<Real>};
  }
#endif
  return {product_generic<Into::subtract, Real>, product_generic<Into::assign, Real>,
          invert_generic<Real>};
}

template <class Real>
const Kernels<Real>& kernels() {
  static const Kernels<Real> chosen = kernels_of_this_cpu<Real>();
  return chosen;
}

void blas_product(const std::complex<double>& alpha, const std::complex<double>& beta, int m, int n,
                  int k, const std::complex<double>* a, int lda, const std::complex<double>* b,
                  int ldb, std::complex<double>* c, int ldc) {
  cblas_zgemm(CblasColMajor, CblasNoTrans, CblasConjTrans, m, n, k, &alpha, a, lda, b, ldb, &beta,
              c, ldc);
}
void blas_product(const std::complex<float>& alpha, const std::complex<float>& beta, int m, int n,
                  int k, const std::complex<float>* a, int lda, const std::complex<float>* b,
                  int ldb, std::complex<float>* c, int ldc) {
  cblas_cgemm(CblasColMajor, CblasNoTrans, CblasConjTrans, m, n, k, &alpha, a, lda, b, ldb, &beta,
              c, ldc);
}

}  // namespace

template <class Scalar>
void times_adjoint(Into into, std::size_t m, std::size_t n, std::size_t k, const Scalar* a,
                   std::size_t lda, const Scalar* b, std::size_t ldb, Scalar* c, std::size_t ldc) {
  using Real = typename Scalar::value_type;
  if (m == 0 || n == 0) return;
  constexpr std::size_t large = 48UL * 48 * 48;
  if (m * n * k < large) {
    const auto& chosen = kernels<Real>();
    const auto product = into == Into::subtract ? chosen.subtract : chosen.assign;
    product(m, n, k, reinterpret_cast<const Real*>(a), lda, reinterpret_cast<const Real*>(b), ldb,
            reinterpret_cast<Real*>(c), ldc);
    return;
  }
  const Scalar alpha = into == Into::subtract ? Scalar(-1) : Scalar(1);
  const Scalar beta = into == Into::subtract ? Scalar(1) : Scalar(0);
  blas_product(alpha, beta, static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), a,
               static_cast<int>(lda), b, static_cast<int>(ldb), c, static_cast<int>(ldc));
}

template <class Real>
bool invert(SplitBlock<Real>& a, std::size_t n) {
  return kernels<Real>().invert(a, n);
}

template void times_adjoint(Into, std::size_t, std::size_t, std::size_t,
                            const std::complex<double>*, std::size_t, const std::complex<double>*,
                            std::size_t, std::complex<double>*, std::size_t);
template void times_adjoint(Into, std::size_t, std::size_t, std::size_t, const std::complex<float>*,
                            std::size_t, const std::complex<float>*, std::size_t,
                            std::complex<float>*, std::size_t);
template bool invert(SplitBlock<double>&, std::size_t);
template bool invert(SplitBlock<float>&, std::size_t);

}  // namespace edotb::linalg
