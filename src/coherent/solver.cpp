#include "edotb/coherent/solver.hpp"

namespace edotb::coherent {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// LAPACK on the full matrix: slow, and the oracle of every faster path.
class DenseSolver : public Solver {
 public:
  explicit DenseSolver(std::shared_ptr<const linalg::SparsityPattern> pattern)
      : pattern_(std::move(pattern)) {}

  Matrix propagate(std::span<const Complex> entries, const Matrix& source,
                   const Matrix& probe) override {
    Matrix a = linalg::to_dense({pattern_, {entries.begin(), entries.end()}});
    return linalg::adjoint_times(probe, linalg::solve(std::move(a), source));
  }

  [[nodiscard]] linalg::FactorForecast forecast() const override {
    const auto n = static_cast<double>(pattern_->rows());
    return {8.0 / 3.0 * n * n * n, 16e-6 * n * n};
  }

 private:
  std::shared_ptr<const linalg::SparsityPattern> pattern_;
};

class MumpsSolver : public Solver {
 public:
  explicit MumpsSolver(std::shared_ptr<const linalg::SparsityPattern> pattern)
      : lu_(std::move(pattern)) {}

  Matrix propagate(std::span<const Complex> entries, const Matrix& source,
                   const Matrix& probe) override {
    lu_.factorise(entries);
    return linalg::adjoint_times(probe, lu_.solve(source));
  }

  [[nodiscard]] linalg::FactorForecast forecast() const override { return lu_.forecast(); }

 private:
  linalg::SparseLU lu_;
};

}  // namespace

std::unique_ptr<Solver> make_solver(SolverKind kind,
                                    std::shared_ptr<const linalg::SparsityPattern> pattern) {
  if (kind == SolverKind::dense) return std::make_unique<DenseSolver>(std::move(pattern));
  return std::make_unique<MumpsSolver>(std::move(pattern));
}

}  // namespace edotb::coherent
