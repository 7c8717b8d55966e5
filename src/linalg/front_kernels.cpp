#include "front_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace edotb::linalg {

namespace {

/// `lanes` real numbers that move together; a complex number takes two neighbouring lanes.
template <class Real, int Lanes>
struct Vector {
  using Type
      [[gnu::vector_size(Lanes * sizeof(Real)), gnu::aligned(sizeof(Real)), gnu::may_alias]] = Real;
};

/// The part of C with `n_vectors` vectors of rows and `n_columns` columns, accumulated in registers:
/// with a conj(b) = a Re b - i a Im b, one sum takes a Re b and the other a Im b.
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

/// Copies rows [0, n) x columns [0, k) into tiles of `height` rows, each tile column by column.
template <class Real, int Height>
[[gnu::always_inline]] inline void pack(std::size_t n, std::size_t k, const Real* from,
                                        std::size_t ld, Real* to) {
  constexpr std::size_t height = Height;
  for (std::size_t i = 0; i < n; i += height) {
    const std::size_t rows = std::min(height, n - i);
    for (std::size_t l = 0; l < k; ++l) {
      const Real* source = from + 2 * (i + l * ld);
      if (rows == height) {
        for (std::size_t r = 0; r < 2 * height; ++r) to[r] = source[r];
      } else {
        for (std::size_t r = 0; r < 2 * rows; ++r) to[r] = source[r];
      }
      to += 2 * height;
    }
  }
}

/// C -= A B^H for large matrices: both packed into tiles that stay in the caches (Goto and van de
/// Geijn, ACM TOMS 34, 12 (2008)).
template <class Real, int Lanes, int NVectors, int NColumns>
[[gnu::always_inline]] inline void large_product(std::size_t m, std::size_t n, std::size_t k,
                                                 const Real* a, std::size_t lda, const Real* b,
                                                 std::size_t ldb, Real* c, std::size_t ldc,
                                                 bool lower, std::vector<Real>& space) {
  constexpr std::size_t height = static_cast<std::size_t>(Lanes * NVectors) / 2;
  constexpr std::size_t depth = 192;
  constexpr std::size_t rows_at_once = 24 * height;
  constexpr std::size_t columns_at_once = 512;
  space.resize(std::max(space.size(), 2 * depth * (rows_at_once + columns_at_once + NColumns)));
  Real* packed_a = space.data();
  Real* packed_b = packed_a + 2 * depth * rows_at_once;
  for (std::size_t j0 = 0; j0 < n; j0 += columns_at_once) {
    const std::size_t nj = std::min(columns_at_once, n - j0);
    for (std::size_t l0 = 0; l0 < k; l0 += depth) {
      const std::size_t nl = std::min(depth, k - l0);
      pack<Real, NColumns>(nj, nl, b + 2 * (j0 + l0 * ldb), ldb, packed_b);
      for (std::size_t i0 = 0; i0 < m; i0 += rows_at_once) {
        const std::size_t ni = std::min(rows_at_once, m - i0);
        if (lower && i0 + ni <= j0) continue;
        pack<Real, static_cast<int>(height)>(ni, nl, a + 2 * (i0 + l0 * lda), lda, packed_a);
        for (std::size_t j = 0; j < nj; j += NColumns) {
          const Real* tile_b = packed_b + 2 * j * nl;
          const std::size_t above = lower && j0 + j > i0 ? (j0 + j - i0) / height * height : 0;
          for (std::size_t i = above; i < ni; i += height) {
            const Real* tile_a = packed_a + 2 * i * nl;
            Real* tile_c = c + 2 * (i0 + i + (j0 + j) * ldc);
            if (i + height <= ni && j + NColumns <= nj) {
              product_tile<Into::subtract, Real, Lanes, NVectors, NColumns>(
                  nl, tile_a, height, tile_b, NColumns, tile_c, ldc);
            } else {
              small_product<Into::subtract, Real, Lanes, NVectors, NColumns>(
                  std::min(height, ni - i), std::min<std::size_t>(NColumns, nj - j), nl, tile_a,
                  height, tile_b, NColumns, tile_c, ldc, false);
            }
          }
        }
      }
    }
  }
}

/// Column j of `a` -= f times column p.
template <class Real>
[[gnu::always_inline]] inline void take_column(SplitBlock<Real>& a, std::size_t padded,
                                               std::size_t j, std::size_t p, Real f_re, Real f_im) {
  Real* re = a.re.data() + j * block_width;
  Real* im = a.im.data() + j * block_width;
  const Real* from_re = a.re.data() + p * block_width;
  const Real* from_im = a.im.data() + p * block_width;
  for (std::size_t i = 0; i < padded; ++i) {
    re[i] -= from_re[i] * f_re - from_im[i] * f_im;
    im[i] -= from_re[i] * f_im + from_im[i] * f_re;
  }
}

/// Eliminates p from the active columns of A, and does to T what it does to A's columns.
template <class Real>
[[gnu::always_inline]] inline void eliminate_one(SplitBlock<Real>& a, SplitBlock<Real>& t,
                                                 std::size_t n, std::size_t padded, std::size_t p,
                                                 const std::array<bool, block_width>& used,
                                                 Real inverse) {
  for (std::size_t j = 0; j < n; ++j) {
    if (used[j]) continue;
    const std::size_t at = p + j * block_width;
    const Real f_re = a.re[at] * inverse;
    const Real f_im = a.im[at] * inverse;
    take_column(a, padded, j, p, f_re, f_im);
    take_column(t, padded, j, p, f_re, f_im);
    a.re[at] = a.im[at] = 0;
    a.im[j + j * block_width] = 0;  // but for rounding
  }
}

/// The same for a 2 x 2 pivot of rows p and q.
template <class Real>
[[gnu::always_inline]] inline void eliminate_two(SplitBlock<Real>& a, SplitBlock<Real>& t,
                                                 std::size_t n, std::size_t padded, std::size_t p,
                                                 std::size_t q,
                                                 const std::array<bool, block_width>& used,
                                                 const InverseDiagonal<Real>& d) {
  for (std::size_t j = 0; j < n; ++j) {
    if (used[j]) continue;
    const std::size_t at_p = p + j * block_width;
    const std::size_t at_q = q + j * block_width;
    const Real p_re = a.re[at_p];
    const Real p_im = a.im[at_p];
    const Real q_re = a.re[at_q];
    const Real q_im = a.im[at_q];
    const Real f_re = d.diagonal[p] * p_re + d.off_re[p] * q_re - d.off_im[p] * q_im;
    const Real f_im = d.diagonal[p] * p_im + d.off_re[p] * q_im + d.off_im[p] * q_re;
    const Real g_re = d.diagonal[q] * q_re + d.off_re[q] * p_re - d.off_im[q] * p_im;
    const Real g_im = d.diagonal[q] * q_im + d.off_re[q] * p_im + d.off_im[q] * p_re;
    for (SplitBlock<Real>* block : {&a, &t}) {
      take_column(*block, padded, j, p, f_re, f_im);
      take_column(*block, padded, j, q, g_re, g_im);
    }
    a.re[at_p] = a.im[at_p] = a.re[at_q] = a.im[at_q] = 0;
    a.im[j + j * block_width] = 0;
  }
}

/// |a_ij|^2 of the largest entry of column j off the diagonal.
template <class Real>
struct LargestEntry {
  Real size = 0;
  std::size_t row = 0;
};
template <class Real>
[[gnu::always_inline]] inline LargestEntry<Real> largest_off_diagonal(const SplitBlock<Real>& a,
                                                                      std::size_t padded,
                                                                      std::size_t j) {
  alignas(64) std::array<Real, block_width> size{};
  const Real* re = a.re.data() + j * block_width;
  const Real* im = a.im.data() + j * block_width;
  for (std::size_t i = 0; i < padded; ++i) size[i] = re[i] * re[i] + im[i] * im[i];
  size[j] = 0;
  LargestEntry<Real> largest;
  for (std::size_t i = 0; i < padded; ++i) {
    if (size[i] > largest.size) largest = {size[i], i};
  }
  return largest;
}

/// The next pivot: p alone, or p and q.
struct PivotChoice {
  std::size_t p = 0;
  std::size_t q = 0;
};

/// From the largest diagonal entry on, along rows and columns until an entry is the largest of both, or a diagonal entry large enough. False
/// where nothing is larger than `smallest`.
template <class Real>
[[gnu::always_inline]] inline bool choose_pivot(const SplitBlock<Real>& a, std::size_t n,
                                                std::size_t padded,
                                                const std::array<bool, block_width>& used,
                                                Real smallest, PivotChoice& choice) {
  constexpr auto two_by_two = static_cast<Real>(0.4096);  // 0.64^2: the least growth of both kinds
  const auto diagonal = [&](std::size_t j) {
    const Real value = a.re[j + j * block_width];
    return value * value;
  };
  Real most = -1;
  std::size_t p = 0;
  for (std::size_t j = 0; j < n; ++j) {
    if (used[j] || diagonal(j) <= most) continue;
    most = diagonal(j);
    p = j;
  }
  auto here = largest_off_diagonal(a, padded, p);
  if (!(std::max(most, here.size) > smallest)) {  // rare: all that is left, or this column alone
    for (std::size_t j = 0; j < n; ++j) {
      if (used[j]) continue;
      const auto other = largest_off_diagonal(a, padded, j);
      if (other.size > here.size) {
        here = other;
        p = j;
      }
    }
    if (!(here.size > smallest)) return false;
  }
  for (;;) {
    if (diagonal(p) >= two_by_two * here.size) {
      choice = {p, p};
      return true;
    }
    const std::size_t q = here.row;
    const auto next = largest_off_diagonal(a, padded, q);
    if (!(next.size > here.size) && diagonal(q) < two_by_two * next.size) {
      choice = {p, q};
      return true;
    }
    p = q;
    here = next;
  }
}

/// Column operations, one pivot after the other; pivots stay where they are.
template <class Real>
[[gnu::always_inline]] inline bool diagonalise_block(SplitBlock<Real>& a, std::size_t n,
                                                     SplitBlock<Real>& t,
                                                     InverseDiagonal<Real>& d) {
  constexpr std::size_t ld = block_width;
  const std::size_t padded = (n + 7) / 8 * 8;
  std::array<bool, block_width> used{};
  alignas(64) std::array<Real, block_width> squares{};
  for (std::size_t j = 0; j < n; ++j) {
    const Real* re = a.re.data() + j * ld;
    const Real* im = a.im.data() + j * ld;
    for (std::size_t i = 0; i < padded; ++i) {
      squares[i] += re[i] * re[i] + im[i] * im[i];
      t.re[i + j * ld] = t.im[i + j * ld] = 0;
    }
    t.re[j + j * ld] = 1;
  }
  Real square = 0;
  for (const Real part : squares) square += part;
  if (!std::isfinite(square)) return false;
  const Real part = static_cast<Real>(0.1) * std::numeric_limits<Real>::epsilon();
  const Real smallest = part * part * square / static_cast<Real>(n);
  for (std::size_t n_done = 0; n_done < n;) {
    PivotChoice choice;
    if (!choose_pivot(a, n, padded, used, smallest, choice)) return false;
    const auto [p, q] = choice;
    if (p == q) {
      const Real inverse = 1 / a.re[p + p * ld];
      d.diagonal[p] = inverse;
      d.partner[p] = p;
      d.off_re[p] = d.off_im[p] = 0;
      used[p] = true;
      eliminate_one(a, t, n, padded, p, used, inverse);
      n_done += 1;
      continue;
    }
    const Real p_diagonal = a.re[p + p * ld];
    const Real q_diagonal = a.re[q + q * ld];
    const Real off_re = a.re[p + q * ld];
    const Real off_im = a.im[p + q * ld];
    const Real determinant = p_diagonal * q_diagonal - off_re * off_re - off_im * off_im;
    d.diagonal[p] = q_diagonal / determinant;
    d.diagonal[q] = p_diagonal / determinant;
    d.partner[p] = q;
    d.partner[q] = p;
    d.off_re[p] = d.off_re[q] = -off_re / determinant;
    d.off_im[p] = -off_im / determinant;
    d.off_im[q] = off_im / determinant;
    used[p] = used[q] = true;
    eliminate_two(a, t, n, padded, p, q, used, d);
    n_done += 2;
  }
  return true;
}

/// Both products behind one function: the choice depends on the sizes alone.
template <class Real, int Lanes, int NVectors, int NColumns>
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
    large_product<Real, Lanes, NVectors, NColumns>(m, n, k, a, lda, b, ldb, c, ldc, lower, space);
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
  product<Real, 16 / sizeof(Real), 2, 2>(into, m, n, k, a, lda, b, ldb, c, ldc, space);
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
  product<Real, 32 / sizeof(Real), 2, 3>(into, m, n, k, a, lda, b, ldb, c, ldc, space);
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
  product<Real, 64 / sizeof(Real), 2, 4>(into, m, n, k, a, lda, b, ldb, c, ldc, space);
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
