#include "edotb/coherent/solver.hpp"

#include "assembled_matrix.hpp"
#include "multifrontal_solver.hpp"

#include <vector>

namespace edotb::coherent {

using linalg::Complex;
using linalg::Matrix;

std::size_t OpenSystem::n_modes() const {
  std::size_t total = 0;
  for (const auto& lead : leads) total += lead.n_modes();
  return total;
}

Matrix lead_columns(const OpenSystem& system, const sample::DeviceLayout& layout,
                    Matrix lead::LeadSolution::*columns) {
  Matrix result(layout.n_orbitals(), system.n_modes());
  std::size_t first = 0;
  for (std::size_t k = 0; k < system.leads.size(); ++k) {
    const Matrix& source = system.leads[k].*columns;
    for (std::size_t j = 0; j < source.columns(); ++j) {
      for (std::size_t i = 0; i < source.rows(); ++i) {
        result(static_cast<std::size_t>(layout.interfaces[k][i]), first + j) += source(i, j);
      }
    }
    first += source.columns();
  }
  return result;
}

Matrix wave_matching(const OpenSystem& system, const sample::DeviceLayout& layout,
                     const Matrix& x) {
  Matrix s = linalg::adjoint_times(lead_columns(system, layout, &lead::LeadSolution::probe), x);
  s *= Complex(0.0, 1.0);
  std::size_t first = 0;
  for (const auto& lead : system.leads) {
    for (std::size_t j = 0; j < lead.n_modes(); ++j) {
      for (std::size_t i = 0; i < lead.n_modes(); ++i) s(first + i, first + j) -= lead.direct(i, j);
    }
    first += lead.n_modes();
  }
  return s;
}

namespace {

/// LAPACK on the full matrix: slow, and the oracle of every faster path.
class DenseSolver : public Solver {
 public:
  explicit DenseSolver(const sample::DeviceLayout& layout) : layout_(layout), matrix_(layout) {}

  Matrix s_matrix(const OpenSystem& system) override {
    return wave_matching(
        system, layout_,
        apply_green(system, lead_columns(system, layout_, &lead::LeadSolution::source)));
  }
  Matrix apply_green(const OpenSystem& system, const Matrix& b) override {
    return linalg::solve(linalg::to_dense({matrix_.pattern(), matrix_.entries(system)}), b);
  }
  [[nodiscard]] linalg::FactorForecast forecast(std::size_t /*n_modes*/,
                                                int /*n_ranks*/) const override {
    const auto n = static_cast<double>(matrix_.pattern()->rows());
    return {8.0 / 3.0 * n * n * n, 16e-6 * n * n};
  }
  [[nodiscard]] double kept_factor_megabytes(std::size_t /*n_modes*/) const override { return 0.0; }

 private:
  sample::DeviceLayout layout_;
  AssembledMatrix matrix_;
};

/// Sparse LU by MUMPS: the second independent path.
class MumpsSolver : public Solver {
 public:
  MumpsSolver(const sample::DeviceLayout& layout, const mpi::Communicator& ranks)
      : layout_(layout), matrix_(layout), lu_(matrix_.pattern(), ranks), n_present_(ranks.size()) {}

  Matrix s_matrix(const OpenSystem& system) override {
    return wave_matching(
        system, layout_,
        apply_green(system, lead_columns(system, layout_, &lead::LeadSolution::source)));
  }
  Matrix apply_green(const OpenSystem& system, const Matrix& b) override {
    lu_.factorise(matrix_.entries(system));
    return lu_.solve(b);
  }
  [[nodiscard]] linalg::FactorForecast forecast(std::size_t /*n_modes*/,
                                                int n_ranks) const override {
    auto cost = lu_.forecast();
    cost.flops /= n_ranks;
    cost.megabytes *= static_cast<double>(n_present_) / n_ranks;
    return cost;
  }
  [[nodiscard]] double kept_factor_megabytes(std::size_t /*n_modes*/) const override { return 0.0; }

 private:
  sample::DeviceLayout layout_;
  AssembledMatrix matrix_;
  linalg::SparseLU lu_;
  int n_present_;  ///< ranks that the analysis was made on
};

}  // namespace

std::unique_ptr<Solver> make_solver(const SolverChoice& choice,
                                    const sample::DeviceLayout& layout) {
  switch (choice.kind) {
    case SolverKind::dense:
      return std::make_unique<DenseSolver>(layout);
    case SolverKind::mumps:
      return std::make_unique<MumpsSolver>(layout, choice.ranks);
    case SolverKind::multifrontal:
      break;
  }
  return make_multifrontal_solver(choice, layout);
}

}  // namespace edotb::coherent
