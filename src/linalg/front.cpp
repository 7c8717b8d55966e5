#include "front.hpp"

#include "edotb/base/error.hpp"

#include <omp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace edotb::linalg {

namespace {

/// a b without C++'s care for infinities, which keeps loops from being vectorised.
template <class Scalar>
Scalar finite_product(Scalar a, Scalar b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// X D^-1 of rows [row, row + n) and pivots [first, end): `out` is n x (end - first).
template <class Scalar>
void over_diagonal(const Panel<Scalar>& panel, const DiagonalBlocks<Scalar>& blocks,
                   std::size_t row, std::size_t n, std::size_t first, std::size_t end,
                   Scalar* out) {
  for (std::size_t j = first; j < end; ++j, out += n) {
    const InversePivot<Scalar>& pivot = blocks.d_inverse[j];
    const Scalar* x = panel.values + row + j * panel.capacity;
    if (pivot.partner == j) {
      for (std::size_t i = 0; i < n; ++i) out[i] = x[i] * pivot.diagonal;
      continue;
    }
    const Scalar* other = panel.values + row + pivot.partner * panel.capacity;
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = x[i] * pivot.diagonal + finite_product(other[i], pivot.off);
    }
  }
}

/// Calls `task(scratch, i)` for i in [0, n) on the threads of `work`.
template <class Scalar, class Task>
void for_each_task(FrontWork<Scalar>& work, std::size_t n, const Task& task) {
  if (work.threads.size() == 1 || n == 1) {
    for (std::size_t i = 0; i < n; ++i) task(work.threads.front(), i);
    return;
  }
#pragma omp parallel for schedule(dynamic, 1) num_threads(static_cast <int>(work.threads.size()))
  for (std::size_t i = 0; i < n; ++i) {
    task(work.threads[static_cast<std::size_t>(omp_get_thread_num())], i);
  }
}

/// Columns [begin, end) of the panel -= X D^-1 X^H of pivots [first, begin), lower triangle.
template <class Scalar>
void update_columns(Panel<Scalar>& panel, const DiagonalBlocks<Scalar>& blocks, std::size_t first,
                    std::size_t begin, std::size_t end, FrontWork<Scalar>& work) {
  const std::size_t chunk = work.threads.size() == 1 ? 256 : 64;
  const std::size_t inner = begin - first;
  for_each_task(work, (end - begin + chunk - 1) / chunk, [&](Scratch<Scalar>& scratch, auto i) {
    const std::size_t j = begin + i * chunk;
    const std::size_t n = std::min(chunk, end - j);
    scratch.copy.resize(std::max(scratch.copy.size(), n * inner));
    over_diagonal(panel, blocks, j, n, first, begin, scratch.copy.data());
    times_adjoint(Into::subtract_lower, panel.n_rows - j, n, inner,
                  panel.values + j + first * panel.capacity, panel.capacity, scratch.copy.data(), n,
                  panel.values + j + j * panel.capacity, panel.capacity, scratch.tiles);
  });
}

/// Reads the Hermitian block at pivot k into `block`, from its lower triangle.
template <class Scalar>
void read_block(const Panel<Scalar>& panel, std::size_t k, std::size_t width,
                SplitBlock<typename Scalar::value_type>& block) {
  for (std::size_t j = 0; j < width; ++j) {
    const Scalar* column = panel.values + k + (k + j) * panel.capacity;
    block.re[j + j * block_width] = column[j].real();
    block.im[j + j * block_width] = 0;
    for (std::size_t i = j + 1; i < width; ++i) {
      block.re[i + j * block_width] = block.re[j + i * block_width] = column[i].real();
      block.im[i + j * block_width] = column[i].imag();
      block.im[j + i * block_width] = -column[i].imag();
    }
    for (std::size_t i = width; i < (width + 7) / 8 * 8; ++i) {
      block.re[i + j * block_width] = block.im[i + j * block_width] = 0;
    }
  }
}

/// Sum of |D_b^-1| |T_b|^2 over the pivots b, above the norm of the block's inverse  T D^-1 T^H.
template <class Real>
double largest_inverse(const SplitBlock<Real>& t, const InverseDiagonal<Real>& d,
                       std::size_t width) {
  double sum = 0.0;
  for (std::size_t j = 0; j < width; ++j) {
    const Real* re = t.re.data() + j * block_width;
    const Real* im = t.im.data() + j * block_width;
    Real square = 0;
    for (std::size_t i = 0; i < width; ++i) square += re[i] * re[i] + im[i] * im[i];
    sum += static_cast<double>(square) *
           static_cast<double>(std::abs(d.diagonal[j]) + std::hypot(d.off_re[j], d.off_im[j]));
  }
  return sum;
}

template <class Scalar>
double frobenius(const Scalar* block, std::size_t width) {
  double sum = 0.0;
  for (std::size_t j = 0; j < width; ++j) {
    for (std::size_t i = 0; i < width; ++i) {
      sum += static_cast<double>(std::norm(block[i + j * block_width]));
    }
  }
  return std::sqrt(sum);
}

/// T^H and D^-1 of the pivots from k on.
template <class Scalar>
void write_blocks(const SplitBlock<typename Scalar::value_type>& t,
                  const InverseDiagonal<typename Scalar::value_type>& d, std::size_t k,
                  std::size_t width, DiagonalBlocks<Scalar>& blocks) {
  for (std::size_t j = 0; j < width; ++j) {
    Scalar* column = blocks.t_adjoint.data() + (k + j) * block_width;
    for (std::size_t i = 0; i < width; ++i) {
      column[i] = {t.re[j + i * block_width], -t.im[j + i * block_width]};
    }
    blocks.d_inverse[k + j] = {d.diagonal[j], {d.off_re[j], -d.off_im[j]}, k + d.partner[j]};
  }
}

/// T D^-1 T^H of the pivots from k on.
template <class Scalar>
void multiply_out(const DiagonalBlocks<Scalar>& blocks, std::size_t k, std::size_t width,
                  Scalar* inverse) {
  const Scalar* t_adjoint = blocks.t_adjoint.data() + k * block_width;
  std::fill_n(inverse, width * block_width, Scalar(0));
  for (std::size_t p = 0; p < width; ++p) {
    const InversePivot<Scalar>& pivot = blocks.d_inverse[k + p];
    for (std::size_t i = 0; i < width; ++i) {
      Scalar of_t = std::conj(t_adjoint[p + i * block_width]) * pivot.diagonal;
      if (pivot.partner != k + p) {
        of_t += std::conj(t_adjoint[pivot.partner - k + i * block_width]) * pivot.off;
      }
      for (std::size_t j = 0; j < width; ++j) {
        inverse[i + j * block_width] += of_t * t_adjoint[p + j * block_width];
      }
    }
  }
}

/// The direction of the smallest eigenvalue of D: power iteration on D's inverse. It need not be exact,
/// as the change is undone exactly; it only has to leave a block that is safe to invert.
template <class Scalar>
std::array<Scalar, block_width> softest_direction(const Scalar* inverse, std::size_t width) {
  using Real = typename Scalar::value_type;
  constexpr int n_iterations = 4;
  std::array<Scalar, block_width> v{};
  // The longest column is the best of the unit vectors after one step.
  double longest = -1.0;
  for (std::size_t j = 0; j < width; ++j) {
    double sum = 0.0;
    for (std::size_t i = 0; i < width; ++i)
      sum += static_cast<double>(std::norm(inverse[i + j * block_width]));
    if (sum <= longest) continue;
    longest = sum;
    std::copy_n(inverse + j * block_width, width, v.begin());
  }
  for (int iteration = 0;; ++iteration) {
    double norm = 0.0;
    for (const Scalar& value : v) norm += static_cast<double>(std::norm(value));
    const auto scale = static_cast<Real>(1.0 / std::sqrt(norm));
    for (Scalar& value : v) value *= scale;
    if (iteration == n_iterations) return v;
    std::array<Scalar, block_width> next{};
    for (std::size_t j = 0; j < width; ++j) {
      for (std::size_t i = 0; i < width; ++i) next[i] += inverse[i + j * block_width] * v[j];
    }
    v = next;
  }
}

/// T and D^-1 of the block in work.given; a singular one is moved off its eigenvalues by a little first.
template <class Scalar>
void diagonalise_nearly(std::size_t width, double scale, FrontWork<Scalar>& work) {
  using Real = typename Scalar::value_type;
  const double smallest = 16.0 * static_cast<double>(std::numeric_limits<Real>::epsilon()) * scale;
  double shift = 0.0;
  for (;;) {
    for (std::size_t j = 0; j < width; ++j) {
      const std::size_t first = j * block_width;
      std::copy_n(work.given.re.data() + first, (width + 7) / 8 * 8, work.block.re.data() + first);
      std::copy_n(work.given.im.data() + first, (width + 7) / 8 * 8, work.block.im.data() + first);
      work.block.re[j + first] += static_cast<Real>(shift);
    }
    if (diagonalise(work.block, width, work.t, work.d_inverse)) return;
    if (!(shift < 1e6 * scale)) throw numerical_error("a pivot block holds NaN or infinity");
    shift = shift > 0.0 ? 16.0 * shift : smallest;
  }
}

/// Raises the smallest eigenvalue of the block in work.given and appends the row that undoes it.
template <class Scalar>
void boost_block(Panel<Scalar>& panel, const Boost& boost, std::size_t k, std::size_t width,
                 const Scalar* inverse, FrontWork<Scalar>& work) {
  using Real = typename Scalar::value_type;
  const auto v = softest_direction(inverse, width);
  auto& given = work.given;
  double value = 0.0;
  for (std::size_t j = 0; j < width; ++j) {
    for (std::size_t i = 0; i < width; ++i) {
      const Scalar entry(given.re[i + j * block_width], given.im[i + j * block_width]);
      value += static_cast<double>((std::conj(v[i]) * entry * v[j]).real());
    }
  }
  const auto amount = static_cast<Real>(std::copysign(boost.raised, value) - value);
  work.boosts.push_back(static_cast<double>(amount));
  for (std::size_t j = 0; j < width; ++j) {
    for (std::size_t i = 0; i < width; ++i) {
      const Scalar change = amount * v[i] * std::conj(v[j]);
      given.re[i + j * block_width] += change.real();
      given.im[i + j * block_width] += change.imag();
    }
    given.im[j + j * block_width] = 0;
  }
  Scalar* row = panel.values + panel.n_rows++;
  for (std::size_t j = 0; j < panel.n_pivots; ++j) row[j * panel.capacity] = 0;
  for (std::size_t i = 0; i < width; ++i) row[(k + i) * panel.capacity] = std::conj(v[i]);
}

template <class Scalar>
bool factorise_block(Panel<Scalar>& panel, DiagonalBlocks<Scalar>& blocks, const Boost& boost,
                     std::size_t k, std::size_t width, FrontWork<Scalar>& work) {
  read_block(panel, k, width, work.given);
  const Scalar* t_adjoint = blocks.t_adjoint.data() + k * block_width;
  for (std::size_t n = 0;; ++n) {
    diagonalise_nearly(width, boost.raised, work);
    write_blocks(work.t, work.d_inverse, k, width, blocks);
    if (largest_inverse(work.t, work.d_inverse, width) * boost.threshold < 1.0) break;
    std::array<Scalar, block_width * block_width> inverse;
    multiply_out(blocks, k, width, inverse.data());
    // The Frobenius norm bounds 1/|smallest eigenvalue| from above.
    if (frobenius(inverse.data(), width) * boost.threshold < 1.0) break;
    if (n > 4 * width) throw numerical_error("a pivot block cannot be made regular");
    if (panel.n_rows == panel.capacity) return false;
    boost_block(panel, boost, k, width, inverse.data(), work);
  }
  constexpr std::size_t chunk = 256;
  const std::size_t below = k + width;
  for_each_task(work, (panel.n_rows - below + chunk - 1) / chunk, [&](auto& scratch, auto i) {
    const std::size_t row = below + i * chunk;
    const std::size_t n = std::min(chunk, panel.n_rows - row);
    Scalar* place = panel.values + row + k * panel.capacity;
    scratch.copy.resize(std::max(scratch.copy.size(), chunk * block_width));
    for (std::size_t j = 0; j < width; ++j) {
      std::copy_n(place + j * panel.capacity, n, scratch.copy.data() + j * n);
    }
    times_adjoint(Into::assign, n, width, width, scratch.copy.data(), n, t_adjoint, block_width,
                  place, panel.capacity, scratch.tiles);
  });
  return true;
}

template <class Scalar>
bool factorise_columns(Panel<Scalar>& panel, DiagonalBlocks<Scalar>& blocks, const Boost& boost,
                       std::size_t first, std::size_t end, FrontWork<Scalar>& work) {
  if (end - first <= block_width) {
    return factorise_block(panel, blocks, boost, first, end - first, work);
  }
  const std::size_t n_blocks = (end - first + block_width - 1) / block_width;
  const std::size_t middle = first + n_blocks / 2 * block_width;
  if (!factorise_columns(panel, blocks, boost, first, middle, work)) return false;
  update_columns(panel, blocks, first, middle, end, work);
  return factorise_columns(panel, blocks, boost, middle, end, work);
}

}  // namespace

template <class Scalar>
bool factorise_panel(Panel<Scalar>& panel, DiagonalBlocks<Scalar>& blocks, const Boost& boost,
                     FrontWork<Scalar>& work) {
  blocks.t_adjoint.resize(panel.n_pivots * block_width);
  blocks.d_inverse.resize(panel.n_pivots);
  work.boosts.clear();
  return factorise_columns(panel, blocks, boost, 0, panel.n_pivots, work);
}

StripLayout StripLayout::of(std::size_t n) {
  const std::size_t strip = n <= 64 ? 16 : n <= 256 ? 32 : n <= 1024 ? 128 : 256;
  return {n, strip};
}

std::size_t StripLayout::n_entries() const {
  const std::size_t n_full = n / strip;
  const std::size_t last = n - n_full * strip;
  // Full strips hold n, n - strip, ... rows.
  return strip * (n_full * n - strip * (n_full * (n_full - (n_full > 0 ? 1 : 0)) / 2)) +
         last * last;
}

std::size_t StripLayout::column_start(std::size_t j) const {
  const std::size_t s = j / strip;
  const std::size_t first = s * strip;
  const std::size_t before = strip * (s * n - strip * (s * (s - (s > 0 ? 1 : 0)) / 2));
  return before + (j - first) * (n - first) - first;
}

template <class Scalar>
void update_contribution(const Panel<Scalar>& panel, const DiagonalBlocks<Scalar>& blocks,
                         const StripLayout& layout, Scalar* contribution, FrontWork<Scalar>& work) {
  const std::size_t n_strips = (layout.n + layout.strip - 1) / layout.strip;
  for_each_task(work, n_strips, [&](Scratch<Scalar>& scratch, std::size_t i) {
    const std::size_t j = i * layout.strip;
    const std::size_t n = std::min(layout.strip, layout.n - j);
    scratch.copy.resize(std::max(scratch.copy.size(), n * panel.n_pivots));
    over_diagonal(panel, blocks, panel.n_pivots + j, n, 0, panel.n_pivots, scratch.copy.data());
    times_adjoint(Into::subtract_lower, layout.n - j, n, panel.n_pivots,
                  panel.values + panel.n_pivots + j, panel.capacity, scratch.copy.data(), n,
                  contribution + layout.column_start(j) + j, layout.leading_dimension(j),
                  scratch.tiles);
  });
}

template bool factorise_panel(Panel<std::complex<double>>&, DiagonalBlocks<std::complex<double>>&,
                              const Boost&, FrontWork<std::complex<double>>&);
template bool factorise_panel(Panel<std::complex<float>>&, DiagonalBlocks<std::complex<float>>&,
                              const Boost&, FrontWork<std::complex<float>>&);
template void update_contribution(const Panel<std::complex<double>>&,
                                  const DiagonalBlocks<std::complex<double>>&, const StripLayout&,
                                  std::complex<double>*, FrontWork<std::complex<double>>&);
template void update_contribution(const Panel<std::complex<float>>&,
                                  const DiagonalBlocks<std::complex<float>>&, const StripLayout&,
                                  std::complex<float>*, FrontWork<std::complex<float>>&);

}  // namespace edotb::linalg
