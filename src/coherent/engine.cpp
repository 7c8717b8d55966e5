// S_pq = i (Gamma_p u_p)^H (E - H - Sigma)^{-1} (Gamma_q phi_q) - delta_pq u_p^H Gamma_p phi_p ,
// T_pq = sum |S_pq|^2, with the modes phi (incoming) and u (outgoing) of lead.hpp.

#include "edotb/coherent/engine.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <cmath>

namespace edotb::coherent {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// The dense path takes 16 n^2 bytes: beyond this it is no way out for a failed point.
constexpr std::size_t max_dense_orbitals = 8000;

std::size_t total_modes(std::span<const lead::LeadSolution> leads) {
  std::size_t total = 0;
  for (const auto& lead : leads) total += lead.n_modes();
  return total;
}

/// The leads' columns on their interfaces, side by side, in the device's orbitals.
Matrix scatter_columns(std::size_t n_orbitals, std::span<const lead::LeadSolution> leads,
                       const std::vector<std::vector<std::int64_t>>& interfaces,
                       Matrix lead::LeadSolution::*columns) {
  Matrix result(n_orbitals, total_modes(leads));
  std::size_t first = 0;
  for (std::size_t k = 0; k < leads.size(); ++k) {
    const Matrix& source = leads[k].*columns;
    for (std::size_t j = 0; j < source.columns(); ++j) {
      for (std::size_t i = 0; i < source.rows(); ++i) {
        result(static_cast<std::size_t>(interfaces[k][i]), first + j) += source(i, j);
      }
    }
    first += source.columns();
  }
  return result;
}

double unitarity_error(const Matrix& s) {
  return linalg::max_norm(linalg::adjoint_times(s, s) - Matrix::identity(s.columns()));
}

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

const char* name_of(SolverKind kind) { return kind == SolverKind::dense ? "dense" : "mumps"; }

}  // namespace

SolverKind solver_kind(const std::string& name, std::size_t n_orbitals) {
  constexpr std::size_t dense_below = 150;
  if (name == "dense") return SolverKind::dense;
  if (name == "mumps") return SolverKind::mumps;
  return n_orbitals < dense_below ? SolverKind::dense : SolverKind::mumps;
}

Engine::Engine(const sample::DeviceLayout& layout, SolverKind kind)
    : interfaces_(layout.interfaces),
      pattern_(std::make_shared<const linalg::SparsityPattern>(
          linalg::with_cliques(*layout.pattern, layout.interfaces))),
      kind_(kind) {
  const auto& device = *layout.pattern;
  entry_of_hamiltonian_.reserve(device.n_entries());
  for (std::size_t row = 0; row < device.rows(); ++row) {
    for (auto k = device.row_offsets[row]; k < device.row_offsets[row + 1]; ++k) {
      entry_of_hamiltonian_.push_back(pattern_->find(static_cast<std::int64_t>(row),
                                                     device.columns[static_cast<std::size_t>(k)]));
    }
  }
  for (const auto& interface : interfaces_) {
    auto& entries = entry_of_self_energy_.emplace_back();
    entries.reserve(interface.size() * interface.size());
    for (const std::int64_t column : interface) {
      for (const std::int64_t row : interface) entries.push_back(pattern_->find(row, column));
    }
  }
}

Solver& Engine::solver(SolverKind kind) {
  auto& place = kind == SolverKind::dense ? dense_ : mumps_;
  if (!place) place = make_solver(kind, pattern_);
  return *place;
}

Scattering Engine::solve(std::span<const Complex> hamiltonian,
                         std::span<const lead::LeadSolution> leads, double energy) {
  std::vector<Complex> entries(pattern_->n_entries());
  for (std::size_t k = 0; k < hamiltonian.size(); ++k) {
    entries[static_cast<std::size_t>(entry_of_hamiltonian_[k])] -= hamiltonian[k];
  }
  for (std::size_t row = 0; row < pattern_->rows(); ++row) {
    const auto i = static_cast<std::int64_t>(row);
    entries[static_cast<std::size_t>(pattern_->find(i, i))] += energy;
  }
  for (std::size_t lead = 0; lead < leads.size(); ++lead) {
    const auto sigma = leads[lead].self_energy.values();
    for (std::size_t k = 0; k < sigma.size(); ++k) {
      entries[static_cast<std::size_t>(entry_of_self_energy_[lead][k])] -= sigma[k];
    }
  }

  std::string reason;
  try {
    Scattering result = solve_by(kind_, entries, leads);
    if (result.unitarity_error <= max_unitarity_error) return result;
    reason =
        fmt::format("{} left a unitarity error of {:.1e}", name_of(kind_), result.unitarity_error);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::numerical) throw;
    reason = fmt::format("{}: {}", name_of(kind_), error.what());
  }
  const SolverKind other = kind_ == SolverKind::dense ? SolverKind::mumps : SolverKind::dense;
  if (other == SolverKind::dense && pattern_->rows() > max_dense_orbitals) {
    throw numerical_error(reason + "; the device is too large for the dense path");
  }
  Scattering result = with_context([&] { return "the second attempt (" + reason + ")"; },
                                   [&] { return solve_by(other, entries, leads); });
  if (!(result.unitarity_error <= max_unitarity_error)) {
    throw numerical_error(fmt::format("{}; {} left {:.1e} (allowed: {:.0e})", reason,
                                      name_of(other), result.unitarity_error, max_unitarity_error));
  }
  result.solved_again = true;
  result.remark = reason;
  return result;
}

Scattering Engine::solve_by(SolverKind kind, std::span<const Complex> entries,
                            std::span<const lead::LeadSolution> leads) {
  Scattering result;
  for (const auto& lead : leads) result.n_modes.push_back(lead.n_modes());
  if (total_modes(leads) > 0) {
    const std::size_t n = pattern_->rows();
    result.s_matrix = solver(kind).propagate(
        entries, scatter_columns(n, leads, interfaces_, &lead::LeadSolution::source),
        scatter_columns(n, leads, interfaces_, &lead::LeadSolution::probe));
    result.s_matrix *= Complex(0.0, 1.0);
    std::size_t first = 0;
    for (const auto& lead : leads) {
      for (std::size_t j = 0; j < lead.n_modes(); ++j) {
        for (std::size_t i = 0; i < lead.n_modes(); ++i) {
          result.s_matrix(first + i, first + j) -= lead.direct(i, j);
        }
      }
      first += lead.n_modes();
    }
    result.unitarity_error = unitarity_error(result.s_matrix);
  }
  result.transmission = transmissions(result.s_matrix, result.n_modes);
  return result;
}

}  // namespace edotb::coherent
