#include "chain.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

Matrix cell_waves(const ReducedCell& cell, const Matrix& z, Complex lambda) {
  const std::size_t r = cell.rank();
  const Complex i_unit(0.0, 1.0);
  const Matrix a = linalg::block(z, 0, 0, r, z.columns());
  const Matrix b = linalg::block(z, r, 0, r, z.columns());
  return cell.p * (a + i_unit * b) + cell.q * (lambda * (b + i_unit * a));
}

namespace {

/// Solutions this near the unit circle, |log|lambda||, are looked at one by one.
constexpr double near_circle = 1e-3;
/// Bloch factors nearer than this count as degenerate.
constexpr double degenerate = 1e-8;
/// A solution with both a current and a decay below this cannot be told from a band edge.
constexpr double band_edge = 1e-6;

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
  const Matrix all_waves = cell_waves(cell, subspace, lambda);
  const Matrix waves = linalg::block(all_waves, 0, 0, cell.n_norm, subspace.columns());
  const auto norm = linalg::hermitian_eigen(linalg::adjoint_times(waves, waves));
  if (!(norm.values.front() > 0.0)) {
    throw numerical_error("waves of equal Bloch factors are not independent");
  }
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

}  // namespace

Chain solve_chain(ReducedCell cell) {
  Chain chain;
  chain.cell = std::move(cell);
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

ChainEnd solve_end(const Chain& chain, Direction direction) {
  const Side side = side_of(chain.cell, direction);
  const double outwards = direction == Direction::right ? 1.0 : -1.0;
  ChainEnd end;
  for (const auto& mode : chain.modes) {
    (outwards * mode.mode.velocity > 0.0 ? end.outgoing : end.incoming).push_back(&mode);
  }
  const auto& evanescent = direction == Direction::right ? chain.is_decaying : chain.is_growing;
  end.x = surface_solution(chain.bloch, evanescent, end.outgoing, side);
  end.near = side.near;
  end.far = side.far;
  end.phi = interface_amplitudes(end.incoming, side);
  end.u = interface_amplitudes(end.outgoing, side);
  return end;
}

}  // namespace edotb::lead
