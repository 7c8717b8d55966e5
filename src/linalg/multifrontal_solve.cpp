// Solution with a kept factor, block by block of its pivots k, those below them called r, upwards and then downwards:
//     y_k = T^H b_k,   b_r -= X D^-1 y_k;        x_k = T D^-1 (y_k - X^H x_r).
// A front's vector is [pivots: own rows, unknowns of the children's boosts | boundary | border | own
// boosts].

#include "edotb/base/error.hpp"
#include "multifrontal_data.hpp"

#include <cblas.h>

#include <algorithm>
#include <array>

namespace edotb::linalg {

namespace {

enum class Transpose { no, adjoint };

void blas_gemm(CBLAS_TRANSPOSE op, int m, int n, int k, double alpha, const Complex* a, int lda,
               const Complex* b, int ldb, double beta, Complex* c, int ldc) {
  const Complex first(alpha);
  const Complex second(beta);
  cblas_zgemm(CblasColMajor, op, CblasNoTrans, m, n, k, &first, a, lda, b, ldb, &second, c, ldc);
}
void blas_gemm(CBLAS_TRANSPOSE op, int m, int n, int k, double alpha, const std::complex<float>* a,
               int lda, const std::complex<float>* b, int ldb, double beta, std::complex<float>* c,
               int ldc) {
  const std::complex<float> first(static_cast<float>(alpha));
  const std::complex<float> second(static_cast<float>(beta));
  cblas_cgemm(CblasColMajor, op, CblasNoTrans, m, n, k, &first, a, lda, b, ldb, &second, c, ldc);
}

/// C = alpha op(A) B + beta C.
template <class Scalar>
void multiply(Transpose op, std::size_t m, std::size_t n, std::size_t k, double alpha,
              const Scalar* a, std::size_t lda, const Scalar* b, std::size_t ldb, double beta,
              Scalar* c, std::size_t ldc) {
  if (m == 0 || n == 0 || k == 0) return;
  blas_gemm(op == Transpose::no ? CblasNoTrans : CblasConjTrans, static_cast<int>(m),
            static_cast<int>(n), static_cast<int>(k), alpha, a, static_cast<int>(lda), b,
            static_cast<int>(ldb), beta, c, static_cast<int>(ldc));
}

/// z_k = block, width x m.
template <class Scalar>
void put_block(const std::vector<Scalar>& block, std::size_t k, std::size_t width, std::size_t m,
               std::vector<Scalar>& z, std::size_t n) {
  for (std::size_t j = 0; j < m; ++j) {
    std::copy_n(block.data() + j * width, width, z.data() + k + j * n);
  }
}

/// z_k = op(B) z_k of the block B of pivot k; `work` is room.
template <class Scalar>
void replace(Transpose op, const std::vector<Scalar>& blocks, std::size_t k, std::size_t width,
             std::size_t m, std::vector<Scalar>& z, std::size_t n, std::vector<Scalar>& work) {
  work.assign(width * m, Scalar(0));
  multiply(op, width, m, width, 1.0, blocks.data() + k * block_width, block_width, z.data() + k, n,
           0.0, work.data(), width);
  put_block(work, k, width, m, z, n);
}

/// D^-1 z_k of the pivots from k on, width x m.
template <class Scalar>
void over_pivots(const std::vector<InversePivot<Scalar>>& d_inverse, std::size_t k,
                 std::size_t width, std::size_t m, const std::vector<Scalar>& z, std::size_t n,
                 std::vector<Scalar>& result) {
  result.resize(width * m);
  for (std::size_t j = 0; j < m; ++j) {
    const Scalar* column = z.data() + j * n;
    for (std::size_t i = 0; i < width; ++i) {
      const InversePivot<Scalar>& pivot = d_inverse[k + i];
      Scalar value = column[k + i] * pivot.diagonal;
      if (pivot.partner != k + i) value += std::conj(pivot.off) * column[pivot.partner];
      result[i + j * width] = value;
    }
  }
}

/// Where the entries of the fronts' vectors live: the matrix's rows, the unknowns of boosts (after
/// the rows), and the rows of the Schur complement (after those).
template <class Scalar>
class FrontRows {
 public:
  using Self = typename HermitianFactor<Scalar>::Implementation;
  explicit FrontRows(const Self& self) : self_(self), first_boost_(1, 0) {
    for (const auto& contribution : self.contributions) {
      first_boost_.push_back(first_boost_.back() + contribution.n_boosts);
    }
    std::size_t next = self.n_border;
    left_over_.assign(self.contributions.size(), 0);
    for (std::size_t s = 0; s < self.contributions.size(); ++s) {
      left_over_[s] = next;
      if (self.plan->supernodes()[s].parent < 0) next += self.contributions[s].n_boosts;
    }
  }

  /// Calls `visit(local row, vector, its row)` for each row of the front of supernode `s`; vector 0
  /// holds the matrix's rows, 1 the boosts', 2 the Schur complement's.
  template <class Visit>
  void for_each(std::size_t s, const Visit& visit) const {
    const Supernode& node = self_.plan->supernodes()[s];
    std::size_t local = 0;
    for (std::int32_t i = 0; i < node.n_pivots; ++i) visit(local++, 0, row_of(node.first + i));
    for (const std::int32_t c : node.children) {
      const auto child = static_cast<std::size_t>(c);
      for (auto b = first_boost_[child]; b < first_boost_[child + 1]; ++b) visit(local++, 1, b);
    }
    for (const std::int32_t place : node.boundary) visit(local++, 0, row_of(place));
    for (const std::int32_t k : node.borders) {
      for (std::size_t c = 0; c < self_.border_columns(k); ++c) {
        visit(local++, 2, self_.border_offset[static_cast<std::size_t>(k)] + c);
      }
    }
    for (std::size_t c = 0; c < self_.n_dense(); ++c) {
      visit(local++, 2, self_.border_offset.back() + c);
    }
    for (std::size_t b = 0; b < self_.contributions[s].n_boosts; ++b) {
      if (node.parent < 0) {
        visit(local++, 2, left_over_[s] + b);
      } else {
        visit(local++, 1, first_boost_[s] + b);
      }
    }
  }

 private:
  [[nodiscard]] std::size_t row_of(std::int32_t place) const {
    return static_cast<std::size_t>(self_.plan->row_at()[static_cast<std::size_t>(place)]);
  }
  const Self& self_;
  std::vector<std::size_t> first_boost_;
  std::vector<std::size_t> left_over_;
};

}  // namespace

template <class Scalar>
Matrix HermitianFactor<Scalar>::eliminate(Matrix& x, Matrix& boosts) const {
  const Implementation& self = *self_;
  if (!self.kept) throw internal_error("the factor was not kept");
  const FrontRows<Scalar> rows(self);
  const std::size_t m = x.columns();
  boosts = Matrix(self.n_boosts, m);
  Matrix outer(self.schur.rows(), m);
  const std::array<Matrix*, 3> vectors = {&x, &boosts, &outer};
  std::vector<Scalar> z;
  std::vector<Scalar> block;
  for (std::size_t s = 0; s < self.factor.size(); ++s) {
    const auto& front = self.factor[s];
    const std::size_t n = front.n_rows;
    z.assign(n * m, Scalar(0));
    rows.for_each(s, [&](std::size_t local, std::size_t v, std::size_t row) {
      if (local >= front.n_pivots) return;
      for (std::size_t j = 0; j < m; ++j) z[local + j * n] = rounded<Scalar>((*vectors[v])(row, j));
    });
    for (std::size_t k = 0; k < front.n_pivots; k += block_width) {
      const std::size_t width = std::min(block_width, front.n_pivots - k);
      replace(Transpose::no, front.blocks.t_adjoint, k, width, m, z, n, block);
      over_pivots(front.blocks.d_inverse, k, width, m, z, n, block);
      multiply(Transpose::no, n - k - width, m, width, -1.0, front.x.data() + k + width + k * n, n,
               block.data(), width, 1.0, z.data() + k + width, n);
    }
    rows.for_each(s, [&](std::size_t local, std::size_t v, std::size_t row) {
      for (std::size_t j = 0; j < m; ++j) {
        Complex& place = (*vectors[v])(row, j);
        place = Complex(z[local + j * n]) + (local < front.n_pivots ? Complex(0.0) : place);
      }
    });
  }
  return outer;
}

template <class Scalar>
void HermitianFactor<Scalar>::substitute(Matrix& x, Matrix& boosts, const Matrix& outer) const {
  const Implementation& self = *self_;
  const FrontRows<Scalar> rows(self);
  const std::size_t m = x.columns();
  Matrix given = outer;
  const std::array<Matrix*, 3> vectors = {&x, &boosts, &given};
  std::vector<Scalar> z;
  std::vector<Scalar> block;
  for (std::size_t s = self.factor.size(); s-- > 0;) {
    const auto& front = self.factor[s];
    const std::size_t n = front.n_rows;
    z.resize(n * m);
    rows.for_each(s, [&](std::size_t local, std::size_t v, std::size_t row) {
      for (std::size_t j = 0; j < m; ++j) z[local + j * n] = rounded<Scalar>((*vectors[v])(row, j));
    });
    const std::size_t n_blocks = (front.n_pivots + block_width - 1) / block_width;
    for (std::size_t b = n_blocks; b-- > 0;) {
      const std::size_t k = b * block_width;
      const std::size_t width = std::min(block_width, front.n_pivots - k);
      multiply(Transpose::adjoint, width, m, n - k - width, -1.0,
               front.x.data() + k + width + k * n, n, z.data() + k + width, n, 1.0, z.data() + k,
               n);
      over_pivots(front.blocks.d_inverse, k, width, m, z, n, block);
      put_block(block, k, width, m, z, n);
      replace(Transpose::adjoint, front.blocks.t_adjoint, k, width, m, z, n, block);
    }
    rows.for_each(s, [&](std::size_t local, std::size_t v, std::size_t row) {
      if (local >= front.n_pivots) return;
      for (std::size_t j = 0; j < m; ++j) (*vectors[v])(row, j) = Complex(z[local + j * n]);
    });
  }
}

template Matrix HermitianFactor<std::complex<double>>::eliminate(Matrix&, Matrix&) const;
template Matrix HermitianFactor<std::complex<float>>::eliminate(Matrix&, Matrix&) const;
template void HermitianFactor<std::complex<double>>::substitute(Matrix&, Matrix&,
                                                                const Matrix&) const;
template void HermitianFactor<std::complex<float>>::substitute(Matrix&, Matrix&,
                                                               const Matrix&) const;

}  // namespace edotb::linalg
