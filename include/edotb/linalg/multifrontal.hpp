#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/linalg/dense.hpp"
#include "edotb/linalg/elimination.hpp"

#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace edotb::linalg {

/// The Hermitian matrix A = shift - H - sum_k (C_k + C_k^H)/2 with H in the plan's pattern and C_k on
/// its cliques, bordered by columns W_k on the cliques and, if given, by dense columns. Null pointers
/// stand for zero. The matrices must outlive the factorisation.
struct HermitianSystem {
  double shift = 0.0;
  std::span<const Complex> hamiltonian;
  std::vector<const Matrix*> clique_terms;  ///< clique size x clique size, one per clique
  std::vector<const Matrix*> borders;       ///< clique size x any number of columns, one per clique
  const Matrix* dense_border = nullptr;     ///< rows x any number of columns
};

struct FactorOptions {
  bool keep_factor = false;  ///< needed by eliminate() and substitute(); on one rank only
  int n_threads = 1;
  /// Ranks that share the fronts. All call with the same system, and all get the Schur complement.
  const mpi::Communicator* ranks = nullptr;
};

/// L D L^H of a Hermitian indefinite matrix by the multifrontal method, for Scalar complex<double> or
/// complex<float>. Pivots are diagonal blocks of up to 32 rows; a block with an eigenvalue below
/// `boost_threshold` times the size of the hoppings is raised and the change carried upwards as one
/// more unknown, which a later front eliminates (front.hpp). So no pivot is ever tiny, also for a
/// singular A, and what cannot be eliminated is left over for the dense Schur complement.
///
/// The border columns W ride along as rows of the fronts, so their Schur complement needs no stored
/// factor: memory is the active stack, which is reused from one factorisation to the next.
template <class Scalar>
class HermitianFactor {
 public:
  explicit HermitianFactor(const std::shared_ptr<const EliminationPlan>& plan);
  ~HermitianFactor();
  HermitianFactor(HermitianFactor&&) noexcept;
  HermitianFactor& operator=(HermitianFactor&&) noexcept;
  HermitianFactor(const HermitianFactor&) = delete;
  HermitianFactor& operator=(const HermitianFactor&) = delete;

  /// Throws numerical_error when an entry is NaN or infinite, on all ranks that share the fronts.
  void factorise(const HermitianSystem& given, const FactorOptions& options = {});

  /// What is left of  [A  W; W^H 0]  when A's rows are eliminated: Hermitian, in the order
  /// [border columns, clique after clique | dense border | left-over unknowns].
  /// Without left-over unknowns it is -W^H A^{-1} W.
  [[nodiscard]] const Matrix& schur() const;
  /// The same, given away. The next factorisation makes a new one.
  [[nodiscard]] Matrix take_schur();
  [[nodiscard]] std::size_t n_left_over() const;
  [[nodiscard]] std::size_t n_boosts() const;
  /// Real operations done and the largest number of entries alive, of the last factorisation on this
  /// rank.
  [[nodiscard]] double flops() const;
  [[nodiscard]] std::size_t peak_entries() const;

  /// First half of a solution: replaces `x` (rows x columns, in the matrix's order of rows) by
  /// D^{-1} L^{-1} x and returns what that leaves in the rows of schur(); `boosts` carries the
  /// unknowns of boosts to the second half. Throws internal_error when the factor was not kept.
  [[nodiscard]] Matrix eliminate(Matrix& x, Matrix& boosts) const;
  /// Second half: `outer` are the unknowns in the rows of schur(); x becomes the solution.
  void substitute(Matrix& x, Matrix& boosts, const Matrix& outer) const;

  /// Internals, shared by the files that implement this class.
  struct Implementation;

 private:
  std::unique_ptr<Implementation> self_;
};

}  // namespace edotb::linalg
