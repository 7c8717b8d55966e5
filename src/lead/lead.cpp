// A lead's modes solve the quadratic eigenproblem (E - H_0) u = V u / lambda + V^H u lambda. The
// retarded self-energy is Sigma = V^H F with F the transfer matrix of the outgoing and decaying ones;
// in the reduced variables of mode_pencil.hpp, b_n = X a_{n-1} on that subspace and
//     Sigma = B X B^H,    X = A^H g A,    Gamma = B gamma B^H,    gamma = i (X - X^H) .

#include "edotb/lead/lead.hpp"

#include "edotb/base/error.hpp"
#include "mode_pencil.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Solutions this near the unit circle, |log|lambda||, are looked at one by one.
constexpr double near_circle = 1e-3;
/// Bloch factors nearer than this count as degenerate.
constexpr double degenerate = 1e-8;
/// A solution with both a current and a decay below this cannot be told from a band edge.
constexpr double band_edge = 1e-6;
constexpr double max_residual = 1e-8;

struct PropagatingMode {
  Mode mode;
  std::vector<Complex> z;  ///< (a_{n-1}, b_n) at n = 0, at unit current
};

double log_modulus(Complex theta) {
  return std::log(std::abs(theta + 1.0) / std::abs(theta - 1.0));
}

/// Groups of equal Bloch factors among those near the unit circle, as places in the Schur form.
std::vector<std::vector<std::size_t>> clusters_near_circle(const CayleySchur& bloch) {
  std::vector<std::size_t> near;
  for (std::size_t i = 0; i < bloch.form.t.rows(); ++i) {
    if (std::abs(log_modulus(bloch.theta(i))) < near_circle) near.push_back(i);
  }
  const auto angle = [&](std::size_t i) {
    return std::arg(bloch_factor(bloch.mu, bloch.theta(i)));
  };
  std::sort(near.begin(), near.end(), [&](auto i, auto j) { return angle(i) < angle(j); });
  std::vector<std::vector<std::size_t>> clusters;
  const auto distance = [&](std::size_t i, std::size_t j) {
    return std::abs(bloch_factor(bloch.mu, bloch.theta(i)) -
                    bloch_factor(bloch.mu, bloch.theta(j)));
  };
  for (const std::size_t i : near) {
    const auto home = std::find_if(clusters.begin(), clusters.end(), [&](const auto& cluster) {
      return std::any_of(cluster.begin(), cluster.end(),
                         [&](std::size_t j) { return distance(i, j) < degenerate; });
    });
    if (home == clusters.end()) {
      clusters.push_back({i});
    } else {
      home->push_back(i);
    }
  }
  return clusters;
}

/// z^H J z' with J = [[0, i], [-i, 0]]: the current that (a, b) carries outwards is z^H J z.
Matrix current_form(const Matrix& z) {
  const std::size_t r = z.rows() / 2;
  const Matrix a = linalg::block(z, 0, 0, r, z.columns());
  const Matrix b = linalg::block(z, r, 0, r, z.columns());
  return Complex(0.0, 1.0) * (linalg::adjoint_times(a, b) - linalg::adjoint_times(b, a));
}

/// psi_n of the Bloch solutions z with factor lambda.
Matrix cell_waves(const ReducedCell& cell, const Matrix& z, Complex lambda) {
  const std::size_t r = cell.rank();
  const Complex i_unit(0.0, 1.0);
  const Matrix a = linalg::block(z, 0, 0, r, z.columns());
  const Matrix b = linalg::block(z, r, 0, r, z.columns());
  return cell.p * (a + i_unit * b) + cell.q * (lambda * (b + i_unit * a));
}

/// The invariant subspace of the chosen eigenvalues: orthonormal columns.
Matrix invariant_subspace(const CayleySchur& bloch, const std::vector<bool>& chosen) {
  linalg::Schur form = bloch.form;
  linalg::reorder(form, chosen);
  const auto size = static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), true));
  return linalg::block(form.q, 0, 0, form.q.rows(), size);
}

/// Turns a degenerate subspace to waves that diagonalise the velocity, J x = v N x with N the norm of
/// the waves in a cell.
std::vector<PropagatingMode> modes_of_cluster(const ReducedCell& cell, const Matrix& subspace,
                                              Complex lambda) {
  const Matrix waves = cell_waves(cell, subspace, lambda);
  const auto norm = linalg::hermitian_eigen(linalg::adjoint_times(waves, waves));
  Matrix whitened = norm.vectors;
  for (std::size_t j = 0; j < whitened.columns(); ++j) {
    for (Complex& value : whitened.column(j)) value /= std::sqrt(norm.values[j]);
  }
  const Matrix basis = subspace * whitened;
  const auto velocity = linalg::hermitian_eigen(current_form(basis));
  const Matrix rotated = basis * velocity.vectors;
  std::vector<PropagatingMode> modes;
  for (std::size_t j = 0; j < rotated.columns(); ++j) {
    PropagatingMode mode;
    mode.mode = {std::arg(lambda), velocity.values[j]};
    const auto column = rotated.column(j);
    mode.z.assign(column.begin(), column.end());
    // Fixed phase: the largest component is real and positive.
    const auto largest = std::max_element(mode.z.begin(), mode.z.end(), [](Complex x, Complex y) {
      return std::norm(x) < std::norm(y) * (1.0 - 1e-8);
    });
    const Complex scale =
        std::conj(*largest) / std::abs(*largest) / std::sqrt(std::abs(velocity.values[j]));
    for (Complex& value : mode.z) value *= scale;
    modes.push_back(std::move(mode));
  }
  return modes;
}

/// Sorts the solutions into propagating modes, decaying and growing ones (a flag per Schur value).
std::vector<PropagatingMode> find_modes(const ReducedCell& cell, const CayleySchur& bloch,
                                        std::vector<bool>& is_decaying,
                                        std::vector<bool>& is_growing) {
  const std::size_t n = bloch.form.t.rows();
  is_decaying.assign(n, false);
  for (std::size_t i = 0; i < n; ++i) is_decaying[i] = bloch.theta(i).real() < 0.0;
  is_growing = is_decaying;
  is_growing.flip();
  std::vector<PropagatingMode> modes;
  for (const auto& cluster : clusters_near_circle(bloch)) {
    std::vector<bool> chosen(n, false);
    double decay = 0.0;
    Complex lambda = 0.0;
    for (const std::size_t i : cluster) {
      chosen[i] = true;
      decay = std::max(decay, std::abs(log_modulus(bloch.theta(i))));
      lambda += bloch_factor(bloch.mu, bloch.theta(i)) / static_cast<double>(cluster.size());
    }
    const Matrix subspace = invariant_subspace(bloch, chosen);
    const auto currents = linalg::hermitian_eigenvalues(current_form(subspace));
    double smallest = std::abs(currents.front());
    double largest = 0.0;
    for (const double current : currents) {
      smallest = std::min(smallest, std::abs(current));
      largest = std::max(largest, std::abs(current));
    }
    // A propagating solution carries a current and does not decay; an evanescent one decays and
    // carries none. At a band edge it does neither.
    if (std::max(decay, smallest) < band_edge || (smallest <= decay && largest > decay)) {
      throw numerical_error(fmt::format(
          "a band edge: the mode at k = {:.6f} has velocity {:.1e} and decay {:.1e}, too small to "
          "tell whether it propagates; move the energy by a little (1e-9 of the hopping is enough)",
          std::arg(lambda), smallest, decay));
    }
    if (smallest <= decay) continue;
    for (const std::size_t i : cluster) is_decaying[i] = is_growing[i] = false;
    auto found = modes_of_cluster(cell, subspace, lambda / std::abs(lambda));
    std::move(found.begin(), found.end(), std::back_inserter(modes));
  }
  return modes;
}

/// The two ends of one infinite chain of cells. Rightwards, the solutions that decay or move right obey
/// b_n = X a_{n-1}, and Sigma = B X B^H; leftwards a_{n-1} = X b_n, and Sigma = A X A^H.
enum class Direction { right, left };

struct Side {
  Direction direction;
  const Matrix& near;    ///< B or A: couples the interface
  const Matrix& far;     ///< A or B: couples the next cell back to the interface
  std::size_t near_row;  ///< where in z the amplitude that X multiplies begins
  std::size_t far_row;
};

Side side_of(const ReducedCell& cell, Direction direction) {
  if (direction == Direction::right) return {direction, cell.b, cell.a, 0, cell.rank()};
  return {direction, cell.a, cell.b, cell.rank(), 0};
}

/// X = far^H (E - H_0 - near X near^H)^{-1} far once more: exact for the exact X.
Matrix next_cell(const sample::LeadCell& lead, const Side& side, double energy, const Matrix& x) {
  Matrix h = Complex(-1.0) * lead.cell;
  h -= linalg::times_adjoint(side.near * x, side.near);
  for (std::size_t i = 0; i < h.rows(); ++i) h(i, i) += energy;
  return linalg::adjoint_times(side.far, solve_regular(h, side.far));
}

using ModeList = std::vector<const PropagatingMode*>;

Matrix surface_solution(const CayleySchur& bloch, const std::vector<bool>& is_evanescent,
                        const ModeList& outgoing, const Side& side) {
  const std::size_t rank = side.near.columns();
  Matrix z = invariant_subspace(bloch, is_evanescent);
  Matrix outward(2 * rank, outgoing.size());
  for (std::size_t j = 0; j < outgoing.size(); ++j) {
    double norm = 0.0;
    for (const Complex& value : outgoing[j]->z) norm += std::norm(value);
    for (std::size_t i = 0; i < 2 * rank; ++i) outward(i, j) = outgoing[j]->z[i] / std::sqrt(norm);
  }
  z = linalg::join_columns(z, outward);
  const Matrix near = linalg::block(z, side.near_row, 0, rank, rank);
  const Matrix far = linalg::block(z, side.far_row, 0, rank, rank);
  // X = far^H g far is a pure number, of order one but for a state bound to the end of the lead, where
  // it grows as hopping/(distance in energy).
  constexpr double largest = 1e9;
  Matrix x;
  try {
    x = adjoint(linalg::solve(adjoint(near), adjoint(far)));
  } catch (const Error&) {
    x = Matrix();  // exactly singular
  }
  if (x.empty() || !(linalg::max_norm(x) < largest)) {
    throw numerical_error(
        "a state bound to the end of the lead lies exactly at this energy, where the self-energy "
        "is "
        "infinite; move the energy by a little");
  }
  return x;
}

/// near^H phi_0 of the modes: the amplitudes on the interface, in cell 0.
Matrix interface_amplitudes(const ModeList& modes, const Side& side) {
  const std::size_t rank = side.near.columns();
  Matrix amplitudes(rank, modes.size());
  for (std::size_t j = 0; j < modes.size(); ++j) {
    // z = (a_{-1}, b_0), and a_0 = lambda a_{-1}.
    const Complex to_cell_zero = side.direction == Direction::right
                                     ? std::polar(1.0, modes[j]->mode.momentum)
                                     : Complex(1.0);
    for (std::size_t i = 0; i < rank; ++i) {
      amplitudes(i, j) = to_cell_zero * modes[j]->z[side.near_row + i];
    }
  }
  return amplitudes;
}

/// Every Bloch solution of a chain at one energy.
struct Chain {
  ReducedCell cell;
  CayleySchur bloch;
  std::vector<PropagatingMode> modes;
  std::vector<bool> is_decaying;  ///< to the right
  std::vector<bool> is_growing;
};

Chain solve_chain(const sample::LeadCell& lead, double energy) {
  Chain chain;
  chain.cell = reduce(lead, energy);
  if (chain.cell.rank() == 0) return chain;
  chain.bloch = bloch_schur(chain.cell);
  chain.modes = find_modes(chain.cell, chain.bloch, chain.is_decaying, chain.is_growing);
  const auto count = [](const std::vector<bool>& flags) {
    return static_cast<std::size_t>(std::count(flags.begin(), flags.end(), true));
  };
  const auto n_right = static_cast<std::size_t>(
      std::count_if(chain.modes.begin(), chain.modes.end(),
                    [](const PropagatingMode& mode) { return mode.mode.velocity > 0.0; }));
  const std::size_t n_left = chain.modes.size() - n_right;
  if (n_right != n_left || count(chain.is_decaying) + n_right != chain.cell.rank()) {
    throw numerical_error(
        fmt::format("found {} incoming and {} outgoing modes and {} decaying ones of a hopping of "
                    "rank {}: the energy is too near a band edge",
                    n_left, n_right, count(chain.is_decaying), chain.cell.rank()));
  }
  return chain;
}

LeadSolution solve_end(const sample::LeadCell& lead, const Chain& chain, double energy,
                       Direction direction) {
  LeadSolution solution;
  const std::size_t n_interface = chain.cell.n_interface;
  solution.self_energy = Matrix(n_interface, n_interface);
  solution.source = solution.probe = Matrix(n_interface, 0);
  if (chain.cell.rank() == 0) return solution;

  const Side side = side_of(chain.cell, direction);
  const double outwards = direction == Direction::right ? 1.0 : -1.0;
  ModeList incoming;
  ModeList outgoing;
  for (const auto& mode : chain.modes) {
    const bool out = outwards * mode.mode.velocity > 0.0;
    (out ? outgoing : incoming).push_back(&mode);
    (out ? solution.outgoing : solution.incoming)
        .push_back({outwards * mode.mode.momentum, outwards * mode.mode.velocity});
  }
  const auto& evanescent = direction == Direction::right ? chain.is_decaying : chain.is_growing;
  const Matrix x = surface_solution(chain.bloch, evanescent, outgoing, side);
  const double size = std::max(linalg::max_norm(x), std::numeric_limits<double>::min());
  solution.residual = linalg::max_norm(next_cell(lead, side, energy, x) - x) / size;
  if (!(solution.residual < max_residual)) {
    throw numerical_error(
        fmt::format("the self-energy misses its own equation by {:.1e} (allowed: {:.0e})",
                    solution.residual, max_residual));
  }

  const Matrix near = linalg::block(side.near, 0, 0, n_interface, side.near.columns());
  const Matrix gamma = Complex(0.0, 1.0) * (x - adjoint(x));
  const Matrix phi = interface_amplitudes(incoming, side);
  const Matrix u = interface_amplitudes(outgoing, side);
  solution.self_energy = linalg::times_adjoint(near * x, near);
  solution.source = near * (gamma * phi);
  solution.probe = near * (gamma * u);
  solution.direct = linalg::adjoint_times(u, gamma * phi);
  return solution;
}

/// True when the two leads are the two ends of the same infinite chain, as in a bar.
bool opposite_ends(const sample::LeadCell& a, const sample::LeadCell& b) {
  if (a.hopping.rows() != a.hopping.columns() || b.hopping.rows() != b.hopping.columns() ||
      a.cell.rows() != b.cell.rows()) {
    return false;
  }
  return linalg::max_norm(a.cell - b.cell) == 0.0 &&
         linalg::max_norm(a.hopping - adjoint(b.hopping)) == 0.0;
}

}  // namespace

LeadSolution solve_lead(const sample::LeadCell& lead, double energy) {
  return solve_end(lead, solve_chain(lead, energy), energy, Direction::right);
}

std::vector<LeadSolution> solve_leads(std::span<const sample::LeadCell> leads, double energy) {
  std::vector<LeadSolution> solutions;
  const auto name = [&](std::size_t k) { return fmt::format("lead {} at energy {}", k, energy); };
  while (solutions.size() < leads.size()) {
    const std::size_t k = solutions.size();
    with_context([&] { return name(k); },
                 [&] {
                   const Chain chain = solve_chain(leads[k], energy);
                   solutions.push_back(solve_end(leads[k], chain, energy, Direction::right));
                   if (k + 1 == leads.size() || !opposite_ends(leads[k], leads[k + 1])) return;
                   solutions.push_back(solve_end(leads[k], chain, energy, Direction::left));
                 });
  }
  return solutions;
}

std::vector<double> lead_bands(const sample::LeadCell& lead, double k) {
  Matrix h = lead.cell;
  for (std::size_t j = 0; j < lead.hopping.columns(); ++j) {
    for (std::size_t i = 0; i < lead.hopping.rows(); ++i) {
      const Complex value = lead.hopping(i, j) * std::polar(1.0, -k);
      h(i, j) += value;
      h(j, i) += std::conj(value);
    }
  }
  return linalg::hermitian_eigenvalues(h);
}

}  // namespace edotb::lead
