// S_pq = i (Gamma_p u_p)^H (E - H - Sigma)^{-1} (Gamma_q phi_q) - delta_pq u_p^H Gamma_p phi_p ,
// T_pq = sum |S_pq|^2, with the modes phi (incoming) and u (outgoing) of lead.hpp.

#include "edotb/coherent/engine.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/memory.hpp"

#include <fmt/format.h>

#include <cmath>
#include <tuple>
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

/// The ways to solve a point, one after the other: as asked, the same in full precision, and one that shares
/// nothing with the first.
std::vector<SolverChoice> ways_to_solve(const SolverChoice& asked, std::size_t n_orbitals) {
  std::vector<SolverChoice> ways = {asked};
  SolverChoice other = asked;
  other.precision = Precision::full;
  if (asked.kind == SolverKind::multifrontal && asked.precision != Precision::full) {
    ways.push_back(other);
  }
  if (asked.kind != SolverKind::mumps) {
    other.kind = SolverKind::mumps;
  } else {
    other.kind = n_orbitals <= max_dense_orbitals ? SolverKind::dense : SolverKind::multifrontal;
  }
  ways.push_back(other);
  return ways;
}

std::string description(const SolverChoice& choice) {
  switch (choice.precision) {
    case Precision::mixed:
      return fmt::format("{} in mixed precision", name_of(choice.kind));
    case Precision::single:
      return fmt::format("{} in single precision", name_of(choice.kind));
    case Precision::full:
      break;
  }
  return name_of(choice.kind);
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

Engine::Engine(sample::DeviceLayout layout, const SolverChoice& choice)
    : layout_(std::move(layout)) {
  for (const SolverChoice& way : ways_to_solve(choice, layout_.n_orbitals())) {
    ways_.push_back({way, nullptr});
  }
}

Solver& Engine::solver(std::size_t way) {
  if (!ways_[way].solver) ways_[way].solver = make_solver(ways_[way].choice, layout_);
  return *ways_[way].solver;
}

void Engine::make_room(std::size_t way, const OpenSystem& system, bool keeps_factor) {
  if (ways_[way].solver) return;
  const std::size_t n_modes = system.n_modes() / system.leads.size() + 1;
  double needed = 0.0;
  const auto lacking = [&] {
    const mpi::Communicator& ranks = ways_[way].choice.ranks;
    const Solver& next = solver(way);
    needed = next.forecast(n_modes, ranks.size()).megabytes +
             (keeps_factor ? next.kept_factor_megabytes(n_modes) : 0.0);
    return mpi::maximum(ranks, needed - available_megabytes());
  };
  if (lacking() < 0.0) return;
  for (std::size_t i = 0; i < way; ++i) ways_[i].solver.reset();  // they are made again when wanted
  if (lacking() < 0.0) return;
  ways_[way].solver.reset();
  throw numerical_error(
      fmt::format("not tried, as it needs {:.1f} GB, more than the node has free", 1e-3 * needed));
}

template <class Work>
auto Engine::by_any_way(const OpenSystem& system, bool keeps_factor, const Work& work) {
  std::string failures;
  for (std::size_t way = 0;; ++way) {
    try {
      if (way > 0) make_room(way, system, keeps_factor);
      auto result = work(solver(way));
      return std::pair(std::move(result), failures);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::numerical) throw;
      failures += fmt::format("{}{}: {}", failures.empty() ? "" : "; ",
                              description(ways_[way].choice), error.what());
      if (way + 1 == ways_.size()) throw numerical_error(failures);
    }
  }
}

Scattering Engine::solve(std::span<const Complex> hamiltonian,
                         std::span<const lead::LeadSolution> leads, double energy) {
  const OpenSystem system{hamiltonian, leads, energy};
  Scattering result;
  for (const auto& lead : leads) result.n_modes.push_back(lead.n_modes());
  if (system.n_modes() > 0) {
    const auto unitary = [&](Solver& by) {
      Matrix s = by.s_matrix(system);
      result.unitarity_error = unitarity_error(s);
      if (result.unitarity_error <= max_unitarity_error) return s;
      throw numerical_error(fmt::format("it left a unitarity error of {:.1e} (allowed: {:.0e})",
                                        result.unitarity_error, max_unitarity_error));
    };
    std::tie(result.s_matrix, result.remark) = by_any_way(system, false, unitary);
    result.solved_again = !result.remark.empty();
  }
  result.transmission = transmissions(result.s_matrix, result.n_modes);
  return result;
}

Matrix Engine::apply_green(const OpenSystem& system, const Matrix& b) {
  return by_any_way(system, true, [&](Solver& by) { return by.apply_green(system, b); }).first;
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
