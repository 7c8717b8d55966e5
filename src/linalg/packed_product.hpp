// C -= A B^H of large complex matrices in three real products instead of four,
//     p = Re A Re B^T,   q = Im A Im B^T,   r = (Re A + Im A)(Re B - Im B)^T,
//     A B^H = p + q + i (r - p + q),
// whose errors are as small a part of |A||B| (Higham, SIAM J. Matrix Anal. Appl. 13, 681 (1992)).
// Compiled by front_kernels.cpp for each instruction set.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace edotb::linalg {

/// Real numbers that move together.
template <class Real, int Lanes>
struct Vector {
  using Type
      [[gnu::vector_size(Lanes * sizeof(Real)), gnu::aligned(sizeof(Real)), gnu::may_alias]] = Real;
};

/// The tiles of a real product that are accumulated in registers.
template <class R, int Lanes, int NVectors, int NColumns>
struct TileShape {
  using Real = R;
  using V = typename Vector<R, Lanes>::Type;
  static constexpr std::size_t lanes = Lanes;
  static constexpr std::size_t n_vectors = NVectors;  ///< of one column
  static constexpr std::size_t height = lanes * n_vectors;
  static constexpr std::size_t width = NColumns;
};

/// Copies rows [0, n) x columns [0, k) into tiles of `Height` rows: in each the real parts column by
/// column, then the imaginary parts, then  re + sign im.  What the last tile lacks is zero.
template <std::size_t Height, class Real>
[[gnu::always_inline]] inline void pack(std::size_t n, std::size_t k, const Real* from,
                                        std::size_t ld, Real sign, Real* to) {
  for (std::size_t i = 0; i < n; i += Height) {
    const std::size_t rows = std::min(Height, n - i);
    Real* re = to;
    Real* im = re + k * Height;
    Real* sum = im + k * Height;
    for (std::size_t l = 0; l < k; ++l) {
      const Real* source = from + 2 * (i + l * ld);
      if (rows == Height) {
        for (std::size_t r = 0; r < Height; ++r) {
          re[r] = source[2 * r];
          im[r] = source[2 * r + 1];
          sum[r] = source[2 * r] + sign * source[2 * r + 1];
        }
      } else {
        for (std::size_t r = 0; r < Height; ++r) {
          re[r] = r < rows ? source[2 * r] : 0;
          im[r] = r < rows ? source[2 * r + 1] : 0;
          sum[r] = re[r] + sign * im[r];
        }
      }
      re += Height;
      im += Height;
      sum += Height;
    }
    to += 3 * k * Height;
  }
}

/// One real product of two packed tiles into `out`. Sums of 32 terms are made in registers and then
/// added up: the rounding of one long sum would grow with its length.
template <class Shape>
[[gnu::always_inline]] inline void real_tile(std::size_t k, const typename Shape::Real* a,
                                             const typename Shape::Real* b,
                                             typename Shape::Real* out) {
  using V = typename Shape::V;
  constexpr std::size_t n_terms = 32;
  for (std::size_t first = 0; first < k; first += n_terms) {
    V sum[Shape::width][Shape::n_vectors] = {};  // NOLINT(modernize-avoid-c-arrays): registers
    for (std::size_t l = first; l < std::min(k, first + n_terms); ++l) {
      for (std::size_t j = 0; j < Shape::width; ++j) {
        for (std::size_t i = 0; i < Shape::n_vectors; ++i) {
          sum[j][i] += *reinterpret_cast<const V*>(a + i * Shape::lanes) * b[j];
        }
      }
      a += Shape::height;
      b += Shape::width;
    }
    for (std::size_t j = 0; j < Shape::width; ++j) {
      for (std::size_t i = 0; i < Shape::n_vectors; ++i) {
        V& place = *reinterpret_cast<V*>(out + j * Shape::height + i * Shape::lanes);
        place = first == 0 ? sum[j][i] : place + sum[j][i];
      }
    }
  }
}

/// The three products of two packed tiles.
template <class Shape>
struct Products {
  alignas(64) std::array<typename Shape::Real, Shape::height * Shape::width> p;
  alignas(64) std::array<typename Shape::Real, Shape::height * Shape::width> q;
  alignas(64) std::array<typename Shape::Real, Shape::height * Shape::width> r;
};

/// The first m x n of  C -= p + q + i (r - p + q).
template <class Shape>
[[gnu::always_inline]] inline void subtract(std::size_t m, std::size_t n,
                                            const Products<Shape>& products,
                                            typename Shape::Real* c, std::size_t ldc) {
  for (std::size_t j = 0; j < n; ++j) {
    const auto* p = products.p.data() + j * Shape::height;
    const auto* q = products.q.data() + j * Shape::height;
    const auto* r = products.r.data() + j * Shape::height;
    auto* column = c + 2 * j * ldc;
    for (std::size_t i = 0; i < m; ++i) {
      column[2 * i] -= p[i] + q[i];
      column[2 * i + 1] -= r[i] - p[i] + q[i];
    }
  }
}

/// m x n of the tile of C that two packed tiles make.
template <class Shape>
[[gnu::always_inline]] inline void complex_tile(std::size_t m, std::size_t n, std::size_t k,
                                                const typename Shape::Real* a,
                                                const typename Shape::Real* b,
                                                typename Shape::Real* c, std::size_t ldc) {
  Products<Shape> products;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  real_tile<Shape>(k, a, b, products.p.data());
  real_tile<Shape>(k, a + k * Shape::height, b + k * Shape::width, products.q.data());
  real_tile<Shape>(k, a + 2 * k * Shape::height, b + 2 * k * Shape::width, products.r.data());
  if (m == Shape::height && n == Shape::width) {
    subtract(Shape::height, Shape::width, products, c, ldc);  // of a size known to the compiler
  } else {
    subtract(m, n, products, c, ldc);
  }
}

/// C -= A B^H, packed into tiles that stay in the caches (Goto and van de Geijn, ACM TOMS 34, 12
/// (2008)). With `lower`, tiles above the diagonal are left out.
template <class Shape, class Real = typename Shape::Real>
[[gnu::always_inline]] inline void packed_product(std::size_t m, std::size_t n, std::size_t k,
                                                  const Real* a, std::size_t lda, const Real* b,
                                                  std::size_t ldb, Real* c, std::size_t ldc,
                                                  bool lower, std::vector<Real>& space) {
  constexpr std::size_t depth = 192;
  constexpr std::size_t rows_at_once = 128 / Shape::height * Shape::height;
  constexpr std::size_t columns_at_once = 256 / Shape::width * Shape::width;
  space.resize(std::max(space.size(), 3 * depth * (rows_at_once + columns_at_once)));
  Real* packed_a = space.data();
  Real* packed_b = packed_a + 3 * depth * rows_at_once;
  for (std::size_t j0 = 0; j0 < n; j0 += columns_at_once) {
    const std::size_t nj = std::min(columns_at_once, n - j0);
    for (std::size_t l0 = 0; l0 < k; l0 += depth) {
      const std::size_t nl = std::min(depth, k - l0);
      pack<Shape::width, Real>(nj, nl, b + 2 * (j0 + l0 * ldb), ldb, -1, packed_b);
      for (std::size_t i0 = 0; i0 < m; i0 += rows_at_once) {
        const std::size_t ni = std::min(rows_at_once, m - i0);
        if (lower && i0 + ni <= j0) continue;
        pack<Shape::height, Real>(ni, nl, a + 2 * (i0 + l0 * lda), lda, 1, packed_a);
        for (std::size_t j = 0; j < nj; j += Shape::width) {
          const std::size_t above =
              lower && j0 + j > i0 ? (j0 + j - i0) / Shape::height * Shape::height : 0;
          for (std::size_t i = above; i < ni; i += Shape::height) {
            complex_tile<Shape>(std::min(Shape::height, ni - i), std::min(Shape::width, nj - j), nl,
                                packed_a + 3 * i * nl, packed_b + 3 * j * nl,
                                c + 2 * (i0 + i + (j0 + j) * ldc), ldc);
          }
        }
      }
    }
  }
}

}  // namespace edotb::linalg
