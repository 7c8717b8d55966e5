#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <vector>

namespace edotb::linalg {

/// Pivots are taken in blocks of at most this many rows.
inline constexpr std::size_t block_width = 32;

/// C -= A B^H; the same for its lower triangle alone (row >= column; what is above may change or not);
/// C = A B^H.
enum class Into { subtract, subtract_lower, assign };

/// Room for the tiles of large products, reused from call to call.
template <class Scalar>
using TileSpace = std::vector<typename Scalar::value_type>;

/// The product A B^H into C; column-major, A m x k, B n x k, C m x n. The kernels are written for the
/// CPU's vector width and chosen when the program runs: BLAS takes microseconds to start, which small
/// fronts do not have, and OpenBLAS does not know every CPU (docs/solver.md has the figures).
template <class Scalar>
void times_adjoint(Into into, std::size_t m, std::size_t n, std::size_t k, const Scalar* a,
                   std::size_t lda, const Scalar* b, std::size_t ldb, Scalar* c, std::size_t ldc,
                   TileSpace<Scalar>& space);

/// A square block of up to block_width rows, real and imaginary parts apart, column-major.
template <class Real>
struct SplitBlock {
  alignas(64) std::array<Real, block_width * block_width> re;
  alignas(64) std::array<Real, block_width * block_width> im;
};

/// The inverse of a matrix of 1 x 1 and 2 x 2 blocks on rows i and partner[i].
template <class Real>
struct InverseDiagonal {
  std::array<Real, block_width> diagonal;
  std::array<std::size_t, block_width> partner;  ///< i itself where the block is 1 x 1
  std::array<Real, block_width> off_re;          ///< entry (i, partner[i])
  std::array<Real, block_width> off_im;
};

/// T with  T^H A T = D  of the leading n x n part of a Hermitian `a`, which is lost, and D^-1. Pivots are the largest entries of their rows
/// and columns (rook pivoting: Ashcraft, Grimes and Lewis, SIAM J. Matrix Anal. Appl. 20, 513 (1998)), so that T is of order one and what it leaves is
/// not larger than A. False when what is left vanishes to rounding, or A is not finite.
template <class Real>
[[nodiscard]] bool diagonalise(SplitBlock<Real>& a, std::size_t n, SplitBlock<Real>& t,
                               InverseDiagonal<Real>& d);

}  // namespace edotb::linalg
