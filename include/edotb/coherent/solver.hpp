#pragma once

#include "edotb/lead/lead.hpp"
#include "edotb/linalg/sparse_lu.hpp"
#include "edotb/sample/scattering_problem.hpp"

#include <memory>
#include <span>

namespace edotb::coherent {

/// How (E - H - Sigma) is solved.
enum class SolverKind { dense, mumps, multifrontal };
/// Arithmetic of the multifrontal path: single factors in complex64, and mixed refines that to double.
enum class Precision { full, mixed, single };

struct SolverChoice {
  SolverKind kind = SolverKind::multifrontal;
  Precision precision = Precision::full;
  double single_error = 1e-2;              ///< estimated error of S allowed in single precision
  int n_threads = 1;                       ///< of the multifrontal path
  mpi::Communicator ranks{MPI_COMM_SELF};  ///< that solve a point together; dense does not
};

/// One point: the device's Hamiltonian (entries in the layout's pattern) and its leads at one energy.
struct OpenSystem {
  std::span<const linalg::Complex> hamiltonian;
  std::span<const lead::LeadSolution> leads;
  double energy = 0.0;

  /// The modes of all leads together.
  [[nodiscard]] std::size_t n_modes() const;
};

/// The linear-algebra heart of the engine, for A = E - H - Sigma of one device layout.
class Solver {
 public:
  virtual ~Solver() = default;
  Solver() = default;
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;
  Solver(Solver&&) = delete;
  Solver& operator=(Solver&&) = delete;

  /// The S-matrix between the modes of all leads, lead after lead (lead.hpp has its definition).
  /// Throws numerical_error when A is singular or too many digits were lost.
  [[nodiscard]] virtual linalg::Matrix s_matrix(const OpenSystem& system) = 0;
  /// G b = A^{-1} b, n_orbitals x columns. Throws as s_matrix, and internal_error for a multifrontal
  /// factor that is shared by ranks.
  [[nodiscard]] virtual linalg::Matrix apply_green(const OpenSystem& system,
                                                   const linalg::Matrix& b) = 0;
  /// Cost of an s_matrix with `n_modes` modes in each lead, for the busiest and the fullest of
  /// `n_ranks` ranks that solve a point together.
  [[nodiscard]] virtual linalg::FactorForecast forecast(std::size_t n_modes, int n_ranks) const = 0;
  /// Megabytes more that apply_green takes, for a factor that s_matrix does not keep.
  [[nodiscard]] virtual double kept_factor_megabytes(std::size_t n_modes) const = 0;
};

[[nodiscard]] std::unique_ptr<Solver> make_solver(const SolverChoice& choice,
                                                  const sample::DeviceLayout& layout);

/// S = i probe^H X - direct from X = G source, the columns of all leads: wave matching.
[[nodiscard]] linalg::Matrix wave_matching(const OpenSystem& system,
                                           const sample::DeviceLayout& layout,
                                           const linalg::Matrix& x);
/// The leads' `source` or `probe` columns side by side, in the device's orbitals.
[[nodiscard]] linalg::Matrix lead_columns(const OpenSystem& system,
                                          const sample::DeviceLayout& layout,
                                          linalg::Matrix lead::LeadSolution::*columns);

}  // namespace edotb::coherent
