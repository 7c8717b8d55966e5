// A x = b by conjugate gradients or GMRES, preconditioned by one V-cycle of hypre's BoomerAMG. When A is
// not symmetric the V-cycle is that of its symmetric part S; then the block of A where it differs from S is
// solved for what is left:
//
//     x = V_S b,     x += E (E^T A E)^-1 E^T (b - A x),     E: unknowns where A and S differ.
//
// At large Hall angles the difference is all there is near the surface, and only there.

#include "difference_block.hpp"
#include "hypre_objects.hpp"

#include <_hypre_parcsr_mv.h>  // of vectors, the public headers have no sum

#include <exception>
#include <optional>

namespace edotb::linalg {

namespace {

// BoomerAMG's methods by their numbers in hypre's reference manual.
constexpr HYPRE_Int hmis_coarsening = 10;
constexpr HYPRE_Int extended_i_interpolation = 6;
constexpr HYPRE_Int most_interpolation_entries = 4;
constexpr HYPRE_Int symmetric_gauss_seidel = 6;
constexpr HYPRE_Int gaussian_elimination = 9;
constexpr double strong_coupling = 0.25;
constexpr HYPRE_Int krylov_dimension = 100;

/// The Krylov method sets its preconditioner up; ours has been already.
HYPRE_Int nothing_to_set_up(HYPRE_Solver /*solver*/, HYPRE_ParCSRMatrix /*a*/,
                            HYPRE_ParVector /*b*/, HYPRE_ParVector /*x*/) {
  return 0;
}

class MultigridSolver final : public RealSolver {
 public:
  MultigridSolver(const RealRows& a, const RealRows& near, const MultigridOptions& options,
                  const mpi::Communicator& comm)
      : comm_(comm),
        options_(options),
        b_(comm, a.first_row, a.n_rows()),
        x_(comm, a.first_row, a.n_rows()),
        rest_(comm, a.first_row, a.n_rows()),
        matrix_(comm, a) {
    if (!options.symmetric) {
      near_.emplace(comm, near);
      block_ = DifferenceBlock::make(a, near, comm);
    }
    make_multigrid();
    make_krylov();
  }
  ~MultigridSolver() override {
    if (options_.symmetric) {
      HYPRE_ParCSRPCGDestroy(krylov_);
    } else {
      HYPRE_ParCSRGMRESDestroy(krylov_);
    }
    HYPRE_BoomerAMGDestroy(multigrid_);
  }
  MultigridSolver(const MultigridSolver&) = delete;
  MultigridSolver& operator=(const MultigridSolver&) = delete;
  MultigridSolver(MultigridSolver&&) = delete;
  MultigridSolver& operator=(MultigridSolver&&) = delete;

  std::vector<double> solve(std::span<const double> b) override {
    b_.set(b);
    x_.set(std::vector<double>(b.size(), 0.0));
    double residual = 0.0;
    if (options_.symmetric) {
      HYPRE_ParCSRPCGSolve(krylov_, matrix_.get(), b_.get(), x_.get());
      HYPRE_ParCSRPCGGetNumIterations(krylov_, &n_iterations_);
      HYPRE_ParCSRPCGGetFinalRelativeResidualNorm(krylov_, &residual);
    } else {
      HYPRE_ParCSRGMRESSolve(krylov_, matrix_.get(), b_.get(), x_.get());
      HYPRE_ParCSRGMRESGetNumIterations(krylov_, &n_iterations_);
      HYPRE_ParCSRGMRESGetFinalRelativeResidualNorm(krylov_, &residual);
    }
    HYPRE_ClearAllErrors();  // "not converged" is judged here
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    constexpr double slack = 1.01;
    if (!(residual <= slack * options_.tolerance)) {
      throw numerical_error(
          fmt::format("multigrid: the relative residual is {:.1e} after {} iterations, not {:.1e}",
                      residual, n_iterations_, options_.tolerance));
    }
    return x_.values();
  }
  [[nodiscard]] int n_iterations() const override { return n_iterations_; }

 private:
  /// What multigrid is made for.
  [[nodiscard]] const HypreMatrix& near() const { return near_ ? *near_ : matrix_; }

  /// For hypre: x from b, with x zero before. Errors wait in failure_, as no exception may pass through C.
  static HYPRE_Int precondition(HYPRE_Solver self, HYPRE_ParCSRMatrix a, HYPRE_ParVector b,
                                HYPRE_ParVector x) {
    auto& solver = *static_cast<MultigridSolver*>(static_cast<void*>(self));
    HYPRE_BoomerAMGSolve(solver.multigrid_, solver.near().get(), b, x);
    if (!solver.block_) return 0;
    try {
      solver.correct(a, b, x);
    } catch (...) {
      solver.failure_ = std::current_exception();
      return 1;
    }
    return 0;
  }

  void correct(HYPRE_ParCSRMatrix a, HYPRE_ParVector b, HYPRE_ParVector x) {
    HYPRE_ParVectorCopy(b, rest_.get());
    HYPRE_ParCSRMatrixMatvec(-1.0, a, x, 1.0, rest_.get());
    rest_.set(block_->solve(rest_.values()));
    hypre_ParVectorAxpy(1.0, rest_.get(), x);
  }

  void make_multigrid() {
    HYPRE_BoomerAMGCreate(&multigrid_);
    HYPRE_BoomerAMGSetTol(multigrid_, 0.0);
    HYPRE_BoomerAMGSetMaxIter(multigrid_, 1);
    HYPRE_BoomerAMGSetPrintLevel(multigrid_, 0);
    HYPRE_BoomerAMGSetNumFunctions(multigrid_, options_.n_fields);
    HYPRE_BoomerAMGSetCoarsenType(multigrid_, hmis_coarsening);
    HYPRE_BoomerAMGSetInterpType(multigrid_, extended_i_interpolation);
    HYPRE_BoomerAMGSetPMaxElmts(multigrid_, most_interpolation_entries);
    HYPRE_BoomerAMGSetStrongThreshold(multigrid_, strong_coupling);
    HYPRE_BoomerAMGSetRelaxType(multigrid_, symmetric_gauss_seidel);
    constexpr HYPRE_Int on_the_coarsest = 3;
    HYPRE_BoomerAMGSetCycleRelaxType(multigrid_, gaussian_elimination, on_the_coarsest);
    check_hypre(HYPRE_BoomerAMGSetup(multigrid_, near().get(), b_.get(), x_.get()),
                "multigrid set-up");
  }

  void make_krylov() {
    if (options_.symmetric) {
      HYPRE_ParCSRPCGCreate(comm_.handle(), &krylov_);
      HYPRE_ParCSRPCGSetTol(krylov_, options_.tolerance);
      HYPRE_ParCSRPCGSetMaxIter(krylov_, options_.max_iterations);
      HYPRE_ParCSRPCGSetTwoNorm(krylov_, 1);
      HYPRE_ParCSRPCGSetPrecond(krylov_, HYPRE_BoomerAMGSolve, nothing_to_set_up, multigrid_);
      check_hypre(HYPRE_ParCSRPCGSetup(krylov_, matrix_.get(), b_.get(), x_.get()), "set-up");
    } else {
      HYPRE_ParCSRGMRESCreate(comm_.handle(), &krylov_);
      HYPRE_ParCSRGMRESSetTol(krylov_, options_.tolerance);
      HYPRE_ParCSRGMRESSetMaxIter(krylov_, options_.max_iterations);
      HYPRE_ParCSRGMRESSetKDim(krylov_, krylov_dimension);
      HYPRE_ParCSRGMRESSetPrecond(krylov_, precondition, nothing_to_set_up,
                                  static_cast<HYPRE_Solver>(static_cast<void*>(this)));
      check_hypre(HYPRE_ParCSRGMRESSetup(krylov_, matrix_.get(), b_.get(), x_.get()), "set-up");
    }
  }

  HypreSession session_;
  mpi::Communicator comm_;
  MultigridOptions options_;
  HypreVector b_;
  HypreVector x_;
  HypreVector rest_;
  HypreMatrix matrix_;
  std::optional<HypreMatrix> near_;  ///< absent: the matrix itself
  std::unique_ptr<DifferenceBlock> block_;
  std::exception_ptr failure_;
  HYPRE_Solver multigrid_ = nullptr;
  HYPRE_Solver krylov_ = nullptr;
  HYPRE_Int n_iterations_ = 0;
};

}  // namespace

std::unique_ptr<RealSolver> make_multigrid_solver(const RealRows& a, const RealRows& near,
                                                  const MultigridOptions& options,
                                                  const mpi::Communicator& comm) {
  return std::make_unique<MultigridSolver>(a, near, options, comm);
}

const char* hypre_version() { return HYPRE_RELEASE_VERSION; }

}  // namespace edotb::linalg
