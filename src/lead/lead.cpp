// A lead's modes solve the quadratic eigenproblem (E - H_0) u = V u / lambda + V^H u lambda. The
// retarded self-energy is Sigma = V^H F with F the transfer matrix of the outgoing and decaying ones;
// in the reduced variables of mode_pencil.hpp, b_n = X a_{n-1} on that subspace and
//     Sigma = B X B^H,    X = A^H g A,    Gamma = B gamma B^H,    gamma = i (X - X^H) .

#include "edotb/lead/lead.hpp"

#include "chain.hpp"
#include "edotb/base/error.hpp"
#include "separable.hpp"
#include "supercell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

namespace {

constexpr double max_residual = 1e-8;
/// Cells with fewer hopping orbitals take the Schur form milliseconds: it is the most accurate.
constexpr std::size_t small_hopping = 64;
/// From so many on the Schur form takes several times as long as the supercell method (0.2 s).
constexpr std::size_t large_hopping = 200;

/// X = far^H (E - H_0 - near X near^H)^{-1} far once more: exact for the exact X.
Matrix next_cell(const sample::LeadCell& lead, const ChainEnd& end, double energy) {
  Matrix h = Complex(-1.0) * lead.cell;
  h -= linalg::times_adjoint(end.near * end.x, end.near);
  for (std::size_t i = 0; i < h.rows(); ++i) h(i, i) += energy;
  return linalg::adjoint_times(end.far, solve_regular(h, end.far));
}

LeadSolution solve_schur_end(const sample::LeadCell& lead, const Chain& chain, double energy,
                             Direction direction) {
  LeadSolution solution;
  solution.method = LeadMethod::schur;
  const std::size_t n_interface = chain.cell.n_interface;
  solution.self_energy = Matrix(n_interface, n_interface);
  solution.source = solution.probe = Matrix(n_interface, 0);
  if (chain.cell.rank() == 0) return solution;

  const ChainEnd end = solve_end(chain, direction);
  const double outwards = direction == Direction::right ? 1.0 : -1.0;
  const auto outward_modes = [&](const ModeList& modes) {
    std::vector<Mode> result;
    for (const auto* mode : modes) {
      result.push_back({outwards * mode->mode.momentum, outwards * mode->mode.velocity});
    }
    return result;
  };
  solution.incoming = outward_modes(end.incoming);
  solution.outgoing = outward_modes(end.outgoing);
  const double size = std::max(linalg::max_norm(end.x), std::numeric_limits<double>::min());
  solution.residual = linalg::max_norm(next_cell(lead, end, energy) - end.x) / size;
  if (!(solution.residual < max_residual)) {
    throw numerical_error(
        fmt::format("the self-energy misses its own equation by {:.1e} (allowed: {:.0e})",
                    solution.residual, max_residual));
  }

  const Matrix near = linalg::block(end.near, 0, 0, n_interface, end.near.columns());
  const Matrix gamma = Complex(0.0, 1.0) * (end.x - adjoint(end.x));
  solution.self_energy = linalg::times_adjoint(near * end.x, near);
  solution.source = near * (gamma * end.phi);
  solution.probe = near * (gamma * end.u);
  solution.direct = linalg::adjoint_times(end.u, gamma * end.phi);
  return solution;
}

std::vector<LeadSolution> solve_by_schur(const sample::LeadCell& lead, double energy,
                                         bool both_ends) {
  const Chain chain = solve_chain(reduce(lead, energy));
  std::vector<LeadSolution> solutions = {solve_schur_end(lead, chain, energy, Direction::right)};
  if (both_ends) solutions.push_back(solve_schur_end(lead, chain, energy, Direction::left));
  return solutions;
}

/// At most so large is the rank of the hopping: its rows, or columns, that are not zero.
std::size_t largest_rank(const Matrix& hopping) {
  std::vector<bool> rows(hopping.rows(), false);
  std::size_t n_columns = 0;
  for (std::size_t j = 0; j < hopping.columns(); ++j) {
    bool any = false;
    for (std::size_t i = 0; i < hopping.rows(); ++i) {
      if (hopping(i, j) == 0.0) continue;
      any = rows[i] = true;
    }
    if (any) ++n_columns;
  }
  const auto n_rows = static_cast<std::size_t>(std::count(rows.begin(), rows.end(), true));
  return std::min(n_rows, n_columns);
}

/// The method chosen by itself, but that the Schur form follows when it fails.
std::vector<LeadSolution> solve_automatically(const sample::LeadCell& lead, double energy,
                                              bool both_ends) {
  const std::size_t rank = largest_rank(lead.hopping);
  std::string remark;
  try {
    if (rank >= small_hopping) {
      if (const auto chains = separated(lead)) return solve_separable(*chains, energy, both_ends);
    }
    if (rank >= large_hopping) return solve_by_supercell(lead, energy, both_ends);
  } catch (const Error& error) {
    remark = error.what();
  }
  auto solutions = solve_by_schur(lead, energy, both_ends);
  for (auto& solution : solutions) solution.remark = remark;
  return solutions;
}

/// Sigma = -i Gamma/2: every orbital is a channel of its own.
LeadSolution solve_wide_band(const sample::LeadCell& lead) {
  const std::size_t n = lead.hopping.columns();
  const double amplitude = std::sqrt(lead.broadening);
  LeadSolution solution;
  solution.incoming.assign(n, {0.0, -lead.broadening});
  solution.outgoing.assign(n, {0.0, lead.broadening});
  solution.self_energy = Complex(0.0, -0.5 * lead.broadening) * Matrix::identity(n);
  solution.source = amplitude * Matrix::identity(n);
  solution.probe = solution.source;
  solution.direct = Matrix::identity(n);
  return solution;
}

/// The lead and, when asked for, the opposite end of its chain.
std::vector<LeadSolution> solve_chain_ends(const sample::LeadCell& lead, double energy,
                                           bool both_ends, LeadMethod method) {
  if (lead.broadening > 0.0) return {solve_wide_band(lead)};
  switch (method) {
    case LeadMethod::schur:
      return solve_by_schur(lead, energy, both_ends);
    case LeadMethod::supercell:
      return solve_by_supercell(lead, energy, both_ends);
    case LeadMethod::separable:
      if (const auto chains = separated(lead)) return solve_separable(*chains, energy, both_ends);
      throw numerical_error("the lead does not fall apart into single chains");
    case LeadMethod::automatic:
      break;
  }
  return solve_automatically(lead, energy, both_ends);
}

/// True when the two leads are the two ends of the same infinite chain, as in a bar.
bool opposite_ends(const sample::LeadCell& a, const sample::LeadCell& b) {
  if (a.broadening > 0.0 || b.broadening > 0.0) return false;
  if (a.hopping.rows() != a.hopping.columns() || b.hopping.rows() != b.hopping.columns() ||
      a.cell.rows() != b.cell.rows()) {
    return false;
  }
  return linalg::max_norm(a.cell - b.cell) == 0.0 &&
         linalg::max_norm(a.hopping - adjoint(b.hopping)) == 0.0;
}

}  // namespace

LeadSolution solve_lead(const sample::LeadCell& lead, double energy, LeadMethod method) {
  return std::move(solve_chain_ends(lead, energy, false, method).front());
}

std::vector<LeadSolution> solve_leads(std::span<const sample::LeadCell> leads, double energy,
                                      LeadMethod method) {
  std::vector<LeadSolution> solutions;
  const auto name = [&](std::size_t k) { return fmt::format("lead {} at energy {}", k, energy); };
  while (solutions.size() < leads.size()) {
    const std::size_t k = solutions.size();
    with_context([&] { return name(k); },
                 [&] {
                   const bool both_ends =
                       k + 1 < leads.size() && opposite_ends(leads[k], leads[k + 1]);
                   for (auto& solution : solve_chain_ends(leads[k], energy, both_ends, method)) {
                     solutions.push_back(std::move(solution));
                   }
                 });
  }
  return solutions;
}

}  // namespace edotb::lead
