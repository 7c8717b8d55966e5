#pragma once

#include "edotb/linalg/petsc.hpp"

#include <memory>
#include <span>

namespace edotb::coherent {

/// How (E - H - Sigma) is solved.
enum class SolverKind { dense, mumps };

/// The linear-algebra heart of the engine: probe^H A^{-1} source for A = E - H - Sigma, given by its
/// entries over one fixed pattern.
class Solver {
 public:
  virtual ~Solver() = default;
  Solver() = default;
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;
  Solver(Solver&&) = delete;
  Solver& operator=(Solver&&) = delete;

  /// Throws numerical_error when A is singular.
  [[nodiscard]] virtual linalg::Matrix propagate(std::span<const linalg::Complex> entries,
                                                 const linalg::Matrix& source,
                                                 const linalg::Matrix& probe) = 0;
  [[nodiscard]] virtual linalg::FactorForecast forecast() const = 0;
};

[[nodiscard]] std::unique_ptr<Solver> make_solver(
    SolverKind kind, std::shared_ptr<const linalg::SparsityPattern> pattern);

}  // namespace edotb::coherent
