#pragma once

#include "edotb/base/mpi.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace edotb::linalg {

/// The rows first_row, first_row + 1, ... of a real square sparse matrix that the ranks of a
/// communicator hold together, each a range of rows, in the order of the ranks. Compressed rows with
/// ascending columns.
struct RealRows {
  std::int32_t n_total = 0;
  std::int32_t first_row = 0;
  std::vector<std::int64_t> row_offsets = {0};
  std::vector<std::int32_t> columns;  ///< numbered over the whole matrix
  std::vector<double> values;

  [[nodiscard]] std::int32_t n_rows() const {
    return static_cast<std::int32_t>(row_offsets.size()) - 1;
  }
  [[nodiscard]] std::int32_t end_row() const { return first_row + n_rows(); }
};

/// The first of the rows of `rank` when `n` rows are shared out evenly; rank = size gives n.
[[nodiscard]] std::int32_t first_row_of(std::int32_t n, int rank, int size);

/// A x on this rank's rows, with the whole of x, for a matrix whose rows add up to zero: the sums of
/// A_ij (x_j - x_i), in which nothing large cancels.
[[nodiscard]] std::vector<double> multiply_differences(const RealRows& a,
                                                       std::span<const double> x);

/// The parts of all ranks, in their order, on every rank. Collective.
[[nodiscard]] std::vector<double> gather_rows(const mpi::Communicator& comm,
                                              std::span<const double> part);

/// Solves A x = b for many b with one factorisation or one preconditioner. Collective.
class RealSolver {
 public:
  RealSolver() = default;
  virtual ~RealSolver() = default;
  RealSolver(const RealSolver&) = delete;
  RealSolver& operator=(const RealSolver&) = delete;
  RealSolver(RealSolver&&) = delete;
  RealSolver& operator=(RealSolver&&) = delete;

  /// x on this rank's rows, from b on this rank's rows. Throws numerical_error when the residual
  /// |b - A x| / |b| stays above what was asked for.
  [[nodiscard]] virtual std::vector<double> solve(std::span<const double> b) = 0;
  /// Iterations of the last solution; 0 for a direct solver.
  [[nodiscard]] virtual int n_iterations() const = 0;
};

/// P A Q = L U (L L^T when `symmetric` says that A is symmetric and positive definite) by MUMPS in real
/// arithmetic. Throws numerical_error when A is singular to working precision or memory runs out.
[[nodiscard]] std::unique_ptr<RealSolver> make_direct_solver(const RealRows& a, bool symmetric,
                                                             const mpi::Communicator& comm);

struct MultigridOptions {
  bool symmetric = true;  ///< conjugate gradients, else GMRES
  int n_fields = 1;       ///< unknowns per node, consecutive
  double tolerance = 1e-10;
  int max_iterations = 1000;
};

/// A Krylov method preconditioned by algebraic multigrid, hypre's BoomerAMG (Henson and Yang, Appl.
/// Numer. Math. 41, 155) in real arithmetic. The multigrid is made for `near`, a symmetric positive
/// definite matrix near `a`: `a` itself, or its symmetric part.
[[nodiscard]] std::unique_ptr<RealSolver> make_multigrid_solver(const RealRows& a,
                                                                const RealRows& near,
                                                                const MultigridOptions& options,
                                                                const mpi::Communicator& comm);

[[nodiscard]] const char* hypre_version();

}  // namespace edotb::linalg
