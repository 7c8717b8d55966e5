#pragma once

#include "edotb/linalg/sparse.hpp"

#include <petscmat.h>

#include <memory>
#include <string>

namespace edotb::linalg {

/// MPI and PETSc for the lifetime of this object. PETSc reads no options, no files, and leaves
/// signals and command-line arguments alone. BLAS is held to one thread unless the environment
/// says otherwise: points run in parallel, and results must not depend on a thread count.
class PetscSession {
 public:
  PetscSession(int* argc, char*** argv);
  ~PetscSession();
  PetscSession(const PetscSession&) = delete;
  PetscSession& operator=(const PetscSession&) = delete;
  PetscSession(PetscSession&&) = delete;
  PetscSession& operator=(PetscSession&&) = delete;
};

/// What a factorisation will cost, from its symbolic analysis.
struct FactorForecast {
  double flops = 0.0;      ///< real operations of the numerical factorisation
  double megabytes = 0.0;  ///< working memory of the numerical factorisation
};

/// A = P L U Q by MUMPS on this rank alone, through PETSc. One symbolic analysis serves every matrix
/// of the same pattern; the order of the rows comes from METIS on the site graph (solver.md §2). The
/// analysis looks at the pattern only, so a result does not depend on which matrix came first.
class SparseLU {
 public:
  explicit SparseLU(std::shared_ptr<const SparsityPattern> pattern);
  ~SparseLU();
  SparseLU(const SparseLU&) = delete;
  SparseLU& operator=(const SparseLU&) = delete;
  SparseLU(SparseLU&&) = delete;
  SparseLU& operator=(SparseLU&&) = delete;

  [[nodiscard]] const SparsityPattern& pattern() const { return *pattern_; }
  [[nodiscard]] FactorForecast forecast() const;
  /// Factorises the matrix with these entries (in the pattern's order). Throws numerical_error when it
  /// is singular to working precision or memory runs out.
  void factorise(std::span<const Complex> values);
  /// X = A^{-1} B, with B dense.
  [[nodiscard]] Matrix solve(const Matrix& b) const;

 private:
  void analyse();

  std::shared_ptr<const SparsityPattern> pattern_;
  std::vector<PetscInt> positions_;  ///< of the rows in the elimination
  int extra_memory_ = 60;            ///< beyond MUMPS's estimate, per cent
  Mat matrix_ = nullptr;
  Mat factor_ = nullptr;
};

[[nodiscard]] std::string petsc_version();
[[nodiscard]] std::string mumps_version();
[[nodiscard]] std::string blas_version();

/// Speed of a complex matrix product on this core [Gflop/s], from a few milliseconds of zgemm.
[[nodiscard]] double measured_zgemm_speed();

}  // namespace edotb::linalg
