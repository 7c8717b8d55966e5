// A x = b by conjugate gradients or GMRES, preconditioned by one V-cycle of hypre's BoomerAMG.

#include "edotb/base/error.hpp"
#include "edotb/linalg/real_system.hpp"

#include <HYPRE.h>
#include <HYPRE_IJ_mv.h>
#include <HYPRE_config.h>
#include <HYPRE_parcsr_ls.h>
#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <optional>

namespace edotb::linalg {

namespace {

static_assert(sizeof(HYPRE_Int) == sizeof(std::int32_t) && sizeof(HYPRE_Real) == sizeof(double));

// BoomerAMG's methods by their numbers in hypre's reference manual.
constexpr HYPRE_Int hmis_coarsening = 10;
constexpr HYPRE_Int extended_i_interpolation = 6;
constexpr HYPRE_Int most_interpolation_entries = 4;
constexpr HYPRE_Int symmetric_gauss_seidel = 6;
constexpr HYPRE_Int gaussian_elimination = 9;
constexpr double strong_coupling = 0.25;
constexpr HYPRE_Int krylov_dimension = 200;

void check(HYPRE_Int error, const char* step) {
  if (error == 0) return;
  HYPRE_ClearAllErrors();
  throw numerical_error(fmt::format("hypre: {} failed with error {}", step, error));
}

struct HypreSession {
  HypreSession() { HYPRE_Init(); }  // does nothing from the second time on
};

/// A vector over the ranks' rows.
class HypreVector {
 public:
  HypreVector(const mpi::Communicator& comm, std::int32_t first, std::int32_t n)
      : numbers_(static_cast<std::size_t>(n)) {
    std::iota(numbers_.begin(), numbers_.end(), first);
    HYPRE_IJVectorCreate(comm.handle(), first, first + n - 1, &vector_);
    HYPRE_IJVectorSetObjectType(vector_, HYPRE_PARCSR);
    set(std::vector<double>(numbers_.size(), 0.0));
  }
  ~HypreVector() { HYPRE_IJVectorDestroy(vector_); }
  HypreVector(const HypreVector&) = delete;
  HypreVector& operator=(const HypreVector&) = delete;
  HypreVector(HypreVector&&) = delete;
  HypreVector& operator=(HypreVector&&) = delete;

  void set(std::span<const double> values) {
    HYPRE_IJVectorInitialize(vector_);
    HYPRE_IJVectorSetValues(vector_, static_cast<HYPRE_Int>(numbers_.size()), numbers_.data(),
                            values.data());
    HYPRE_IJVectorAssemble(vector_);
  }
  [[nodiscard]] std::vector<double> values() const {
    std::vector<double> x(numbers_.size());
    HYPRE_IJVectorGetValues(vector_, static_cast<HYPRE_Int>(x.size()), numbers_.data(), x.data());
    return x;
  }
  [[nodiscard]] HYPRE_ParVector get() const {
    void* object = nullptr;
    HYPRE_IJVectorGetObject(vector_, &object);
    return static_cast<HYPRE_ParVector>(object);
  }

 private:
  std::vector<HYPRE_BigInt> numbers_;
  HYPRE_IJVector vector_ = nullptr;
};

/// A matrix over the ranks' rows.
class HypreMatrix {
 public:
  HypreMatrix(const mpi::Communicator& comm, const RealRows& a) {
    const std::int32_t first = a.first_row;
    const std::int32_t last = a.end_row() - 1;
    HYPRE_IJMatrixCreate(comm.handle(), first, last, first, last, &matrix_);
    HYPRE_IJMatrixSetObjectType(matrix_, HYPRE_PARCSR);
    const auto n_rows = static_cast<std::size_t>(a.n_rows());
    std::vector<HYPRE_Int> counts(n_rows);
    std::vector<HYPRE_Int> counts_here(n_rows, 0);  // columns of this rank's own rows
    std::vector<HYPRE_Int> counts_elsewhere(n_rows, 0);
    std::vector<HYPRE_BigInt> numbers(n_rows);
    for (std::size_t row = 0; row < n_rows; ++row) {
      numbers[row] = first + static_cast<HYPRE_BigInt>(row);
      counts[row] = static_cast<HYPRE_Int>(a.row_offsets[row + 1] - a.row_offsets[row]);
      for (auto k = a.row_offsets[row]; k < a.row_offsets[row + 1]; ++k) {
        const auto column = a.columns[static_cast<std::size_t>(k)];
        ++(column >= first && column <= last ? counts_here : counts_elsewhere)[row];
      }
    }
    HYPRE_IJMatrixSetDiagOffdSizes(matrix_, counts_here.data(), counts_elsewhere.data());
    HYPRE_IJMatrixInitialize(matrix_);
    HYPRE_IJMatrixSetValues(matrix_, a.n_rows(), counts.data(), numbers.data(), a.columns.data(),
                            a.values.data());
    HYPRE_IJMatrixAssemble(matrix_);
  }
  ~HypreMatrix() { HYPRE_IJMatrixDestroy(matrix_); }
  HypreMatrix(const HypreMatrix&) = delete;
  HypreMatrix& operator=(const HypreMatrix&) = delete;
  HypreMatrix(HypreMatrix&&) = delete;
  HypreMatrix& operator=(HypreMatrix&&) = delete;

  [[nodiscard]] HYPRE_ParCSRMatrix get() const {
    void* object = nullptr;
    HYPRE_IJMatrixGetObject(matrix_, &object);
    return static_cast<HYPRE_ParCSRMatrix>(object);
  }

 private:
  HYPRE_IJMatrix matrix_ = nullptr;
};

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
        matrix_(comm, a) {
    if (&near != &a) near_.emplace(comm, near);
    make_preconditioner();
    make_krylov();
  }
  ~MultigridSolver() override {
    if (options_.symmetric) {
      HYPRE_ParCSRPCGDestroy(krylov_);
    } else {
      HYPRE_ParCSRFlexGMRESDestroy(krylov_);
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
      HYPRE_ParCSRFlexGMRESSolve(krylov_, matrix_.get(), b_.get(), x_.get());
      HYPRE_ParCSRFlexGMRESGetNumIterations(krylov_, &n_iterations_);
      HYPRE_ParCSRFlexGMRESGetFinalRelativeResidualNorm(krylov_, &residual);
    }
    HYPRE_ClearAllErrors();  // "not converged" is judged here
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
  void make_preconditioner() {
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
    check(
        HYPRE_BoomerAMGSetup(multigrid_, near_ ? near_->get() : matrix_.get(), b_.get(), x_.get()),
        "multigrid set-up");
  }

  void make_krylov() {
    if (options_.symmetric) {
      HYPRE_ParCSRPCGCreate(comm_.handle(), &krylov_);
      HYPRE_ParCSRPCGSetTol(krylov_, options_.tolerance);
      HYPRE_ParCSRPCGSetMaxIter(krylov_, options_.max_iterations);
      HYPRE_ParCSRPCGSetTwoNorm(krylov_, 1);
      HYPRE_ParCSRPCGSetPrecond(krylov_, HYPRE_BoomerAMGSolve, nothing_to_set_up, multigrid_);
      check(HYPRE_ParCSRPCGSetup(krylov_, matrix_.get(), b_.get(), x_.get()), "set-up");
    } else {
      HYPRE_ParCSRFlexGMRESCreate(comm_.handle(), &krylov_);
      HYPRE_ParCSRFlexGMRESSetTol(krylov_, options_.tolerance);
      HYPRE_ParCSRFlexGMRESSetMaxIter(krylov_, options_.max_iterations);
      HYPRE_ParCSRFlexGMRESSetKDim(krylov_, krylov_dimension);
      HYPRE_ParCSRFlexGMRESSetPrecond(krylov_, HYPRE_BoomerAMGSolve, HYPRE_BoomerAMGSetup,
                                      multigrid_);
      check(HYPRE_ParCSRFlexGMRESSetup(krylov_, matrix_.get(), b_.get(), x_.get()), "set-up");
    }
  }

  HypreSession session_;
  mpi::Communicator comm_;
  MultigridOptions options_;
  HypreVector b_;
  HypreVector x_;
  HypreMatrix matrix_;
  std::optional<HypreMatrix> near_;
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
