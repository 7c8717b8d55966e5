#include "edotb/linalg/petsc.hpp"

#include "edotb/base/error.hpp"

#include <cblas.h>
#include <petscpkg_version.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace edotb::linalg {

namespace {

void check(PetscErrorCode code, const char* call) {
  if (code == 0) return;
  const char* text = nullptr;
  PetscErrorMessage(code, &text, nullptr);
  throw numerical_error(std::string("PETSc ") + call + ": " +
                        (text != nullptr ? text : "unknown error"));
}

/// Owns a PETSc object for the length of a scope.
template <class Object, PetscErrorCode (*Destroy)(Object*)>
class Owner {
 public:
  Owner() = default;
  explicit Owner(Object handle) : handle_(handle) {}
  ~Owner() { Destroy(&handle_); }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  Owner(Owner&&) = delete;
  Owner& operator=(Owner&&) = delete;
  [[nodiscard]] Object get() const { return handle_; }
  [[nodiscard]] Object* address() { return &handle_; }

 private:
  Object handle_ = nullptr;
};
using IndexSet = Owner<IS, ISDestroy>;
using OwnedMat = Owner<Mat, MatDestroy>;

Mat wrap_dense(std::size_t rows, std::size_t columns, const Complex* data) {
  Mat handle = nullptr;
  check(MatCreateSeqDense(PETSC_COMM_SELF, static_cast<PetscInt>(rows),
                          static_cast<PetscInt>(columns), const_cast<Complex*>(data), &handle),
        "MatCreateSeqDense");
  return handle;
}

}  // namespace

PetscSession::PetscSession(int* argc, char*** argv) {
  int initialised = 0;
  MPI_Initialized(&initialised);
  if (initialised == 0) MPI_Init(argc, argv);
  if (std::getenv("OPENBLAS_NUM_THREADS") == nullptr) openblas_set_num_threads(1);
  check(PetscInitializeNoArguments(), "initialisation");
  PetscPopSignalHandler();
  PetscPushErrorHandler(PetscReturnErrorHandler, nullptr);
}

PetscSession::~PetscSession() {
  PetscFinalize();
  int finalised = 0;
  MPI_Finalized(&finalised);
  if (finalised == 0) MPI_Finalize();
}

SparseLU::SparseLU(std::shared_ptr<const SparsityPattern> pattern) : pattern_(std::move(pattern)) {
  const auto n = static_cast<PetscInt>(pattern_->rows());
  std::vector<PetscInt> lengths(pattern_->rows());
  for (std::size_t row = 0; row < lengths.size(); ++row) {
    lengths[row] =
        static_cast<PetscInt>(pattern_->row_offsets[row + 1] - pattern_->row_offsets[row]);
  }
  check(MatCreateSeqAIJ(PETSC_COMM_SELF, n, n, 0, lengths.data(), &matrix_), "MatCreateSeqAIJ");
  check(MatSetOption(matrix_, MAT_IGNORE_ZERO_ENTRIES, PETSC_FALSE), "MatSetOption");
  std::vector<PetscInt> columns;
  std::vector<Complex> zeros;
  for (PetscInt row = 0; row < n; ++row) {
    const auto r = static_cast<std::size_t>(row);
    columns.assign(pattern_->columns.begin() + pattern_->row_offsets[r],
                   pattern_->columns.begin() + pattern_->row_offsets[r + 1]);
    zeros.assign(columns.size(), 0.0);
    check(MatSetValues(matrix_, 1, &row, static_cast<PetscInt>(columns.size()), columns.data(),
                       zeros.data(), INSERT_VALUES),
          "MatSetValues");
  }
  check(MatAssemblyBegin(matrix_, MAT_FINAL_ASSEMBLY), "MatAssemblyBegin");
  check(MatAssemblyEnd(matrix_, MAT_FINAL_ASSEMBLY), "MatAssemblyEnd");

  const auto place = nested_dissection(*pattern_);
  positions_.assign(place.begin(), place.end());
  analyse();
}

void SparseLU::analyse() {
  check(MatDestroy(&factor_), "MatDestroy");
  check(MatGetFactor(matrix_, MATSOLVERMUMPS, MAT_FACTOR_LU, &factor_), "MatGetFactor(mumps)");
  IndexSet order;
  check(ISCreateGeneral(PETSC_COMM_SELF, static_cast<PetscInt>(positions_.size()),
                        positions_.data(), PETSC_COPY_VALUES, order.address()),
        "ISCreateGeneral");
  check(MatMumpsSetIcntl(factor_, 6, 0), "ICNTL(6)");  // no value-dependent column permutation
  check(MatMumpsSetIcntl(factor_, 7, 1), "ICNTL(7)");  // the order given here: PERM_IN
  check(MatMumpsSetIcntl(factor_, 14, extra_memory_), "ICNTL(14)");  // for delayed pivots, per cent
  check(MatLUFactorSymbolic(factor_, matrix_, order.get(), order.get(), nullptr),
        "MUMPS symbolic analysis");
}

SparseLU::~SparseLU() {
  MatDestroy(&factor_);
  MatDestroy(&matrix_);
}

FactorForecast SparseLU::forecast() const {
  FactorForecast result;
  PetscInt megabytes = 0;
  check(MatMumpsGetRinfog(factor_, 1, &result.flops), "RINFOG(1)");
  result.flops *=
      4.0;  // MUMPS counts a complex multiply-add as two operations; it is eight real ones
  check(MatMumpsGetInfog(factor_, 16, &megabytes), "INFOG(16)");
  result.megabytes = static_cast<double>(megabytes);
  return result;
}

void SparseLU::factorise(std::span<const Complex> values) {
  Complex* entries = nullptr;
  check(MatSeqAIJGetArray(matrix_, &entries), "MatSeqAIJGetArray");
  std::copy(values.begin(), values.end(), entries);
  check(MatSeqAIJRestoreArray(matrix_, &entries), "MatSeqAIJRestoreArray");
  constexpr int largest_extra_memory = 1000;
  for (;;) {
    check(MatLUFactorNumeric(factor_, matrix_, nullptr), "MUMPS factorisation");
    PetscInt info = 0;
    PetscInt detail = 0;
    check(MatMumpsGetInfog(factor_, 1, &info), "INFOG(1)");
    check(MatMumpsGetInfog(factor_, 2, &detail), "INFOG(2)");
    if (info >= 0) return;
    const bool work_space_too_small = info == -8 || info == -9;
    if (work_space_too_small && extra_memory_ < largest_extra_memory) extra_memory_ *= 4;
    analyse();  // PETSc refuses to use a factor that failed once
    if (work_space_too_small && extra_memory_ < largest_extra_memory) continue;
    throw numerical_error("MUMPS stopped with INFOG(1) = " + std::to_string(info) +
                          ", INFOG(2) = " + std::to_string(detail) +
                          (info == -10   ? " (singular matrix)"
                           : info == -13 ? " (out of memory)"
                                         : ""));
  }
}

Matrix SparseLU::solve(const Matrix& b) const {
  Matrix x(b.rows(), b.columns());
  if (b.empty()) return x;
  const OwnedMat right(wrap_dense(b.rows(), b.columns(), b.data()));
  const OwnedMat left(wrap_dense(x.rows(), x.columns(), x.data()));
  check(MatMatSolve(factor_, right.get(), left.get()), "MUMPS solve");
  return x;
}

std::string petsc_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  PetscGetVersionNumber(&major, &minor, &patch, nullptr);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::string mumps_version() {
  return std::to_string(PETSC_PKG_MUMPS_VERSION_MAJOR) + "." +
         std::to_string(PETSC_PKG_MUMPS_VERSION_MINOR) + "." +
         std::to_string(PETSC_PKG_MUMPS_VERSION_SUBMINOR);
}

std::string blas_version() { return openblas_get_config(); }

double measured_zgemm_speed() {
  constexpr std::size_t n = 256;
  constexpr int n_repeats = 3;
  Matrix a(n, n);
  for (std::size_t i = 0; i < n * n; ++i) {
    a.values()[i] = Complex(1.0 / (1.0 + static_cast<double>(i % 17)), 0.1);
  }
  double best = 0.0;
  for (int repeat = 0; repeat < n_repeats; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    const Matrix product = a * a;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    const double flops = 8.0 * static_cast<double>(n * n * n);
    if (std::isfinite(product(0, 0).real())) best = std::max(best, flops / elapsed.count() * 1e-9);
  }
  return best;
}

}  // namespace edotb::linalg
