#pragma once

#include "edotb/coherent/solver.hpp"
#include "edotb/lead/lead.hpp"
#include "edotb/sample/scattering_problem.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace edotb::coherent {

/// What an electron does in the sample at one energy.
struct Scattering {
  linalg::Matrix s_matrix;           ///< modes of all leads, lead after lead
  std::vector<std::size_t> n_modes;  ///< per lead
  std::vector<double> transmission;  ///< [to][from], row-major, sum |S_pq|^2; diagonal: reflection
  double unitarity_error = 0.0;      ///< max |S^H S - 1|
  bool solved_again = false;         ///< the first path failed or broke unitarity
  std::string remark;                ///< why it was solved again
};

/// Above this |S^H S - 1| a point is solved again by another path, or fails.
inline constexpr double max_unitarity_error = 1e-6;

/// The scattering engine of one device layout: solves A = E - H - Sigma for many points, reusing all
/// that depends on the pattern alone.
class Engine {
 public:
  Engine(const sample::DeviceLayout& layout, SolverKind kind);

  /// The S-matrix of the device with Hamiltonian entries `hamiltonian` (in the layout's pattern) and
  /// these leads. Throws numerical_error when no path gives a unitary S.
  [[nodiscard]] Scattering solve(std::span<const linalg::Complex> hamiltonian,
                                 std::span<const lead::LeadSolution> leads, double energy);
  /// Cost of one point's factorisation, from the symbolic analysis.
  [[nodiscard]] linalg::FactorForecast forecast() { return solver(kind_).forecast(); }
  [[nodiscard]] SolverKind kind() const { return kind_; }

 private:
  [[nodiscard]] Solver& solver(SolverKind kind);
  [[nodiscard]] Scattering solve_by(SolverKind kind, std::span<const linalg::Complex> entries,
                                    std::span<const lead::LeadSolution> leads);

  std::vector<std::vector<std::int64_t>> interfaces_;
  std::shared_ptr<const linalg::SparsityPattern> pattern_;  ///< with the leads' self-energies
  std::vector<std::int64_t> entry_of_hamiltonian_;
  std::vector<std::vector<std::int64_t>> entry_of_self_energy_;  ///< per lead, column-major
  SolverKind kind_;
  std::unique_ptr<Solver> dense_;
  std::unique_ptr<Solver> mumps_;
};

/// The path that `engine.solver` names; auto takes dense for small devices.
[[nodiscard]] SolverKind solver_kind(const std::string& name, std::size_t n_orbitals);

}  // namespace edotb::coherent
