#pragma once

#include <array>
#include <complex>
#include <cstddef>

namespace edotb::linalg {

/// Pivots are taken in blocks of at most this many rows.
inline constexpr std::size_t block_width = 32;

enum class Into { subtract, assign };

/// C -= A B^H, or C = A B^H; column-major, A m x k, B n x k, C m x n. Small products run on kernels for
/// this CPU's vector width, chosen when the program runs; large ones on BLAS.
template <class Scalar>
void times_adjoint(Into into, std::size_t m, std::size_t n, std::size_t k, const Scalar* a,
                   std::size_t lda, const Scalar* b, std::size_t ldb, Scalar* c, std::size_t ldc);

/// A square block of up to block_width rows, real and imaginary parts apart, column-major.
template <class Real>
struct SplitBlock {
  alignas(64) std::array<Real, block_width * block_width> re;
  alignas(64) std::array<Real, block_width * block_width> im;
};

/// Replaces the leading n x n part of `a` by its inverse: Gauss-Jordan with row pivoting. False when a
/// pivot vanishes to rounding.
template <class Real>
[[nodiscard]] bool invert(SplitBlock<Real>& a, std::size_t n);

}  // namespace edotb::linalg
