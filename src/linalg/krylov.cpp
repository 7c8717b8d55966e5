// D^-1 A x = D^-1 b by GMRES, D the diagonal of A. PETSc's vectors are complex here: their imaginary parts
// stay zero, and the matrix itself stays real.

#include "edotb/linalg/krylov.hpp"

#include "edotb/base/error.hpp"

#include <cblas.h>
#include <fmt/format.h>
#include <petscksp.h>

#include <memory>
#include <type_traits>

namespace edotb::linalg {

namespace {

constexpr int restart = 100;
constexpr int max_iterations = 5000;

void check(PetscErrorCode code) {
  if (code != 0) throw internal_error(fmt::format("PETSc fails with code {}", code));
}

/// A PETSc object with the function that destroys it.
template <class Object, PetscErrorCode (*Destroy)(Object*)>
class Owner {
 public:
  Owner() = default;
  ~Owner() { Destroy(&object_); }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  Owner(Owner&&) = delete;
  Owner& operator=(Owner&&) = delete;

  [[nodiscard]] Object get() const { return object_; }
  [[nodiscard]] Object* address() { return &object_; }

 private:
  Object object_ = nullptr;
};

struct ScaledMatrix {
  const std::vector<double>* a;
  std::size_t n;
  std::vector<double> x;
  std::vector<double> y;
};

PetscErrorCode multiply(Mat matrix, Vec in, Vec out) {
  ScaledMatrix* scaled = nullptr;
  PetscErrorCode code = MatShellGetContext(matrix, &scaled);
  if (code != 0) return code;
  const std::size_t n = scaled->n;
  const PetscScalar* from = nullptr;
  code = VecGetArrayRead(in, &from);
  if (code != 0) return code;
  for (std::size_t i = 0; i < n; ++i) scaled->x[i] = PetscRealPart(from[i]);
  VecRestoreArrayRead(in, &from);
  const auto order = static_cast<blasint>(n);
  cblas_dgemv(CblasColMajor, CblasNoTrans, order, order, 1.0, scaled->a->data(), order,
              scaled->x.data(), 1, 0.0, scaled->y.data(), 1);
  PetscScalar* to = nullptr;
  code = VecGetArray(out, &to);
  if (code != 0) return code;
  for (std::size_t i = 0; i < n; ++i) to[i] = scaled->y[i] / (*scaled->a)[i + i * n];
  return VecRestoreArray(out, &to);
}

}  // namespace

std::vector<double> solve_real_iteratively(const std::vector<double>& a,
                                           const std::vector<double>& b, std::size_t n,
                                           double tolerance) {
  if (n == 0) return b;
  for (std::size_t i = 0; i < n; ++i) {
    if (a[i + i * n] == 0.0) throw numerical_error("a matrix to iterate with has a zero diagonal");
  }
  ScaledMatrix scaled{&a, n, std::vector<double>(n), std::vector<double>(n)};
  const auto size = static_cast<PetscInt>(n);
  Owner<Mat, MatDestroy> matrix;
  Owner<Vec, VecDestroy> right;
  Owner<Vec, VecDestroy> solution;
  Owner<KSP, KSPDestroy> solver;
  check(MatCreateShell(PETSC_COMM_SELF, size, size, size, size, &scaled, matrix.address()));
  check(MatShellSetOperation(matrix.get(), MATOP_MULT, reinterpret_cast<void (*)()>(multiply)));
  check(VecCreateSeq(PETSC_COMM_SELF, size, right.address()));
  check(VecDuplicate(right.get(), solution.address()));
  check(KSPCreate(PETSC_COMM_SELF, solver.address()));
  check(KSPSetOperators(solver.get(), matrix.get(), matrix.get()));
  check(KSPSetType(solver.get(), KSPGMRES));
  check(KSPGMRESSetRestart(solver.get(), restart));
  check(KSPSetTolerances(solver.get(), tolerance, PETSC_DEFAULT, PETSC_DEFAULT, max_iterations));
  PC none = nullptr;
  check(KSPGetPC(solver.get(), &none));
  check(PCSetType(none, PCNONE));

  std::vector<double> x(b.size());
  for (std::size_t first = 0; first < b.size(); first += n) {
    PetscScalar* values = nullptr;
    check(VecGetArray(right.get(), &values));
    for (std::size_t i = 0; i < n; ++i) values[i] = b[first + i] / a[i + i * n];
    check(VecRestoreArray(right.get(), &values));
    check(KSPSolve(solver.get(), right.get(), solution.get()));
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    check(KSPGetConvergedReason(solver.get(), &reason));
    if (reason <= 0) {
      throw numerical_error(fmt::format("GMRES does not converge in {} steps (PETSc's reason: {})",
                                        max_iterations, static_cast<int>(reason)));
    }
    const PetscScalar* found = nullptr;
    check(VecGetArrayRead(solution.get(), &found));
    for (std::size_t i = 0; i < n; ++i) x[first + i] = PetscRealPart(found[i]);
    check(VecRestoreArrayRead(solution.get(), &found));
  }
  return x;
}

}  // namespace edotb::linalg
