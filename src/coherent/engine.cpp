// S_pq = i (Gamma_p u_p)^H (E - H - Sigma)^{-1} (Gamma_q phi_q) - delta_pq u_p^H Gamma_p phi_p ,
// T_pq = sum |S_pq|^2, with the modes phi (incoming) and u (outgoing) of lead.hpp.

#include "edotb/coherent/engine.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace edotb::coherent {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// The dense path takes 16 n^2 bytes: beyond this it is no way out for a failed point.
constexpr std::size_t max_dense_orbitals = 8000;

double unitarity_error(const Matrix& s) {
  return linalg::max_norm(linalg::adjoint_times(s, s) - Matrix::identity(s.columns()));
}

/// The independent path that a point is tried by when its own failed.
SolverKind second_path(SolverKind first, std::size_t n_orbitals) {
  if (first == SolverKind::mumps) {
    return n_orbitals <= max_dense_orbitals ? SolverKind::dense : SolverKind::multifrontal;
  }
  return SolverKind::mumps;
}

}  // namespace

std::vector<double> transmissions(const Matrix& s, const std::vector<std::size_t>& n_modes) {
  const std::size_t n_leads = n_modes.size();
  std::vector<double> t(n_leads * n_leads);
  std::size_t row = 0;
  for (std::size_t p = 0; p < n_leads; row += n_modes[p], ++p) {
    std::size_t column = 0;
    for (std::size_t q = 0; q < n_leads; column += n_modes[q], ++q) {
      for (std::size_t j = 0; j < n_modes[q]; ++j) {
        for (std::size_t i = 0; i < n_modes[p]; ++i) {
          t[p * n_leads + q] += std::norm(s(row + i, column + j));
        }
      }
    }
  }
  return t;
}

const char* name_of(SolverKind kind) {
  switch (kind) {
    case SolverKind::dense:
      return "dense";
    case SolverKind::mumps:
      return "mumps";
    case SolverKind::multifrontal:
      break;
  }
  return "multifrontal";
}

SolverChoice solver_choice(const std::string& solver, const std::string& precision, int n_threads,
                           const mpi::Communicator& ranks) {
  SolverChoice choice;
  if (solver == "dense") choice.kind = SolverKind::dense;
  if (solver == "mumps") choice.kind = SolverKind::mumps;
  if (precision == "mixed") choice.precision = Precision::mixed;
  if (precision == "single") choice.precision = Precision::single;
  choice.n_threads = n_threads;
  choice.ranks = ranks;
  return choice;
}

Engine::Engine(sample::DeviceLayout layout, SolverChoice choice)
    : layout_(std::move(layout)), choice_(choice) {}

Solver& Engine::solver(SolverKind kind) {
  auto& place = solvers_[static_cast<std::size_t>(kind)];
  if (!place) {
    // A second path is there to be right.
    SolverChoice choice = choice_;
    if (kind != choice_.kind) choice.precision = Precision::full;
    choice.kind = kind;
    place = make_solver(choice, layout_);
  }
  return *place;
}

Scattering Engine::solve(std::span<const Complex> hamiltonian,
                         std::span<const lead::LeadSolution> leads, double energy) {
  const OpenSystem system{hamiltonian, leads, energy};
  std::string reason;
  try {
    Scattering result = solve_by(choice_.kind, system);
    if (result.unitarity_error <= max_unitarity_error) return result;
    reason = fmt::format("{} left a unitarity error of {:.1e}", name_of(choice_.kind),
                         result.unitarity_error);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::numerical) throw;
    reason = fmt::format("{}: {}", name_of(choice_.kind), error.what());
  }
  const SolverKind other = second_path(choice_.kind, layout_.n_orbitals());
  Scattering result = with_context([&] { return "the second attempt (" + reason + ")"; },
                                   [&] { return solve_by(other, system); });
  if (!(result.unitarity_error <= max_unitarity_error)) {
    throw numerical_error(fmt::format("{}; {} left a unitarity error of {:.1e} (allowed: {:.0e})",
                                      reason, name_of(other), result.unitarity_error,
                                      max_unitarity_error));
  }
  result.solved_again = true;
  result.remark = reason;
  return result;
}

Scattering Engine::solve_by(SolverKind kind, const OpenSystem& system) {
  Scattering result;
  for (const auto& lead : system.leads) result.n_modes.push_back(lead.n_modes());
  if (system.n_modes() > 0) {
    result.s_matrix = solver(kind).s_matrix(system);
    result.unitarity_error = unitarity_error(result.s_matrix);
  }
  result.transmission = transmissions(result.s_matrix, result.n_modes);
  return result;
}

Matrix Engine::apply_green(const OpenSystem& system, const Matrix& b) {
  std::string reason;
  try {
    return solver(choice_.kind).apply_green(system, b);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::numerical) throw;
    reason = fmt::format("{}: {}", name_of(choice_.kind), error.what());
  }
  const SolverKind other = second_path(choice_.kind, layout_.n_orbitals());
  return with_context([&] { return "the second attempt (" + reason + ")"; },
                      [&] { return solver(other).apply_green(system, b); });
}

Matrix Engine::scattering_states(std::span<const Complex> hamiltonian,
                                 std::span<const lead::LeadSolution> leads, double energy) {
  const OpenSystem system{hamiltonian, leads, energy};
  if (system.n_modes() == 0) return {layout_.n_orbitals(), 0};
  Matrix states = apply_green(system, lead_columns(system, layout_, &lead::LeadSolution::source));
  states *= Complex(0.0, 1.0);
  return states;
}

Matrix Engine::green_columns(std::span<const Complex> hamiltonian,
                             std::span<const lead::LeadSolution> leads, double energy,
                             std::span<const std::int64_t> orbitals) {
  Matrix unit(layout_.n_orbitals(), orbitals.size());
  for (std::size_t j = 0; j < orbitals.size(); ++j) {
    unit(static_cast<std::size_t>(orbitals[j]), j) = 1.0;
  }
  return apply_green({hamiltonian, leads, energy}, unit);
}

std::vector<double> local_density_of_states(const Matrix& scattering_states) {
  std::vector<double> density(scattering_states.rows());
  for (std::size_t j = 0; j < scattering_states.columns(); ++j) {
    const auto psi = scattering_states.column(j);
    for (std::size_t i = 0; i < psi.size(); ++i) density[i] += std::norm(psi[i]);
  }
  for (double& value : density) value /= 2.0 * constants::pi;
  return density;
}

}  // namespace edotb::coherent
