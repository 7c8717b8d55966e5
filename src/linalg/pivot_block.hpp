// T^H A T = D of one block of pivots: the arithmetic of diagonalise(), compiled by front_kernels.cpp for each instruction set.
#pragma once

#include "front_kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace edotb::linalg {

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

}  // namespace edotb::linalg
