#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/linalg/sparse.hpp"

#include <memory>
#include <span>

namespace edotb::linalg {

/// What a factorisation will cost, from its symbolic analysis.
struct FactorForecast {
  double flops = 0.0;      ///< real operations of the numerical factorisation
  double megabytes = 0.0;  ///< working memory of the numerical factorisation, on the fullest rank
};

/// A = P L U Q by MUMPS on the ranks of one communicator, which share the factors' memory. One
/// symbolic analysis serves every matrix of the same pattern; the order of the rows comes from METIS
/// on the site graph (solver.md §2). The analysis looks at the pattern only, so a result does not
/// depend on which matrix came first. Every call is collective, with the same arguments on all ranks.
class SparseLU {
 public:
  explicit SparseLU(std::shared_ptr<const SparsityPattern> pattern,
                    const mpi::Communicator& comm = mpi::Communicator(MPI_COMM_SELF));
  ~SparseLU();
  SparseLU(const SparseLU&) = delete;
  SparseLU& operator=(const SparseLU&) = delete;
  SparseLU(SparseLU&&) = delete;
  SparseLU& operator=(SparseLU&&) = delete;

  [[nodiscard]] const SparsityPattern& pattern() const;
  [[nodiscard]] FactorForecast forecast() const;
  /// Factorises the matrix with these entries (in the pattern's order). Throws numerical_error when it
  /// is singular to working precision or memory runs out.
  void factorise(std::span<const Complex> values);
  /// X = A^{-1} B, with B dense; on every rank.
  [[nodiscard]] Matrix solve(const Matrix& b);

 private:
  struct Mumps;
  std::unique_ptr<Mumps> mumps_;
};

[[nodiscard]] std::string mumps_version();

}  // namespace edotb::linalg
