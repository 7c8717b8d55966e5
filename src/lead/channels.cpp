// A conserved quantity O commutes with Gamma, so that it turns modes into modes:
//     O Gamma phi = Gamma phi o,      o = phi^H Gamma O phi  (Hermitian, modes x modes),
// block by block among modes of one momentum and velocity. The eigenvectors of a block are its modes.

#include "edotb/lead/channels.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/linalg/dense_factors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Momenta and velocities nearer than this count as equal.
constexpr double degenerate = 1e-7;
/// Eigenvalues of conserved quantities are nearer than this to what they must be.
constexpr double conserved_to = 1e-6;

/// The modes of one direction and their columns, source or probe.
struct Waves {
  std::vector<Mode> modes;
  Matrix columns;
};

/// -pi and pi are one momentum, written pi.
double wrapped(double k) { return k <= -constants::pi + degenerate ? k + 2.0 * constants::pi : k; }

/// The order of channels: by sector, then by `sign` times momentum, the faster first. Momenta that are
/// equal to rounding are made equal first, so that the order does not hang on the last digit.
std::vector<std::size_t> channel_order(const std::vector<Mode>& modes, double sign) {
  std::vector<std::size_t> order(modes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::vector<double> k(modes.size());
  for (std::size_t i = 0; i < modes.size(); ++i) k[i] = wrapped(sign * modes[i].momentum);
  std::stable_sort(order.begin(), order.end(), [&](auto i, auto j) { return k[i] < k[j]; });
  for (std::size_t n = 1; n < order.size(); ++n) {
    if (k[order[n]] - k[order[n - 1]] < degenerate) k[order[n]] = k[order[n - 1]];
  }
  const auto key = [&](std::size_t i) {
    return std::tuple(modes[i].sector, k[i], -std::abs(modes[i].velocity));
  };
  std::stable_sort(order.begin(), order.end(), [&](auto i, auto j) { return key(i) < key(j); });
  return order;
}

/// Turns the columns so that the largest component is real and positive; returns the factors.
std::vector<Complex> fix_phases(Matrix& columns) {
  std::vector<Complex> factors;
  for (std::size_t j = 0; j < columns.columns(); ++j) {
    const auto wave = columns.column(j);
    const auto largest = std::max_element(wave.begin(), wave.end(), [](Complex x, Complex y) {
      return std::norm(x) < std::norm(y) * (1.0 - 1e-8);
    });
    const Complex factor = std::conj(*largest) / std::abs(*largest);
    for (Complex& value : wave) value *= factor;
    factors.push_back(factor);
  }
  return factors;
}

/// The matrix that turns the present modes into ordered ones; `waves` become those.
Matrix put_in_order(Waves& waves, double sign) {
  const auto order = channel_order(waves.modes, sign);
  Waves ordered{{}, Matrix(waves.columns.rows(), order.size())};
  Matrix turn(order.size(), order.size());
  for (std::size_t j = 0; j < order.size(); ++j) {
    ordered.modes.push_back(waves.modes[order[j]]);
    const auto from = waves.columns.column(order[j]);
    std::copy(from.begin(), from.end(), ordered.columns.column(j).begin());
  }
  const auto factors = fix_phases(ordered.columns);
  for (std::size_t j = 0; j < order.size(); ++j) turn(order[j], j) = factors[j];
  waves = std::move(ordered);
  return turn;
}

/// Groups of modes equal in momentum and velocity.
std::vector<std::vector<std::size_t>> multiplets(const std::vector<Mode>& modes) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    const auto home = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      const Mode& other = modes[group.front()];
      return std::abs(std::polar(1.0, other.momentum) - std::polar(1.0, modes[i].momentum)) <
                 degenerate &&
             std::abs(other.velocity - modes[i].velocity) <=
                 degenerate * std::max(1.0, std::abs(other.velocity));
    });
    if (home == groups.end()) {
      groups.push_back({i});
    } else {
      home->push_back(i);
    }
  }
  return groups;
}

Error not_conserved(double error) {
  return numerical_error(fmt::format(
      "the lead's modes are not eigenstates of the quantity that output.resolve names (by {:.1e})",
      error));
}

/// Rotates modes of equal momentum and velocity to eigenstates of `conserved`; returns the rotation.
Matrix rotate(Waves& waves, const Matrix& conserved, const std::vector<double>& eigenvalues) {
  const std::size_t n = waves.modes.size();
  Matrix rotation(n, n);
  if (n == 0) return rotation;
  const Matrix image = conserved * waves.columns;
  const Matrix o = linalg::solve(linalg::adjoint_times(waves.columns, waves.columns),
                                 linalg::adjoint_times(waves.columns, image));
  for (const auto& group : multiplets(waves.modes)) {
    Matrix part(group.size(), group.size());
    for (std::size_t j = 0; j < group.size(); ++j) {
      for (std::size_t i = 0; i < group.size(); ++i) {
        part(i, j) = 0.5 * (o(group[i], group[j]) + std::conj(o(group[j], group[i])));
      }
    }
    const auto eigen = linalg::hermitian_eigen(part);
    for (std::size_t j = 0; j < group.size(); ++j) {
      const auto nearest =
          std::min_element(eigenvalues.begin(), eigenvalues.end(), [&](double a, double b) {
            return std::abs(a - eigen.values[j]) < std::abs(b - eigen.values[j]);
          });
      const double miss = std::abs(*nearest - eigen.values[j]);
      if (!(miss < conserved_to)) throw not_conserved(miss);
      waves.modes[group[j]].sector = static_cast<int>(nearest - eigenvalues.begin());
      for (std::size_t i = 0; i < group.size(); ++i) {
        rotation(group[i], group[j]) = eigen.vectors(i, j);
      }
    }
  }
  waves.columns = waves.columns * rotation;
  Matrix left = conserved * waves.columns;
  for (std::size_t j = 0; j < n; ++j) {
    const double value = eigenvalues[static_cast<std::size_t>(waves.modes[j].sector)];
    for (std::size_t i = 0; i < left.rows(); ++i) left(i, j) -= value * waves.columns(i, j);
  }
  const double error = linalg::max_norm(left) / linalg::max_norm(waves.columns);
  if (!(error < conserved_to)) throw not_conserved(error);
  return rotation;
}

LeadSolution ordered(LeadSolution solution, const Matrix* conserved,
                     const std::vector<double>& eigenvalues) {
  Waves in{std::move(solution.incoming), std::move(solution.source)};
  Waves out{std::move(solution.outgoing), std::move(solution.probe)};
  Matrix turn_in = Matrix::identity(in.modes.size());
  Matrix turn_out = turn_in;
  if (conserved != nullptr) {
    turn_in = rotate(in, *conserved, eigenvalues);
    turn_out = rotate(out, *conserved, eigenvalues);
  }
  turn_in = turn_in * put_in_order(in, 1.0);
  turn_out = turn_out * put_in_order(out, -1.0);
  solution.direct = linalg::adjoint_times(turn_out, solution.direct * turn_in);
  solution.incoming = std::move(in.modes);
  solution.source = std::move(in.columns);
  solution.outgoing = std::move(out.modes);
  solution.probe = std::move(out.columns);
  return solution;
}

}  // namespace

LeadSolution in_channel_order(LeadSolution solution) {
  return solution.n_modes() == 0 ? solution : ordered(std::move(solution), nullptr, {});
}

LeadSolution in_channel_order(LeadSolution solution, const Matrix& conserved,
                              const std::vector<double>& eigenvalues) {
  return solution.n_modes() == 0 ? solution : ordered(std::move(solution), &conserved, eigenvalues);
}

LeadSolution in_valley_order(LeadSolution solution, int outwards) {
  for (auto* modes : {&solution.incoming, &solution.outgoing}) {
    for (Mode& mode : *modes) {
      const double turn = std::sin(mode.momentum);
      if (std::abs(turn) < degenerate) {
        throw numerical_error(fmt::format(
            "the mode at k = {:.6f} is its own mirror image and belongs to no valley; move the "
            "energy, or take another output.resolve",
            mode.momentum));
      }
      mode.sector = static_cast<double>(outwards) * turn > 0.0 ? 1 : 0;
    }
  }
  return in_channel_order(std::move(solution));
}

double conservation_error(const sample::LeadCell& lead, const Matrix& conserved) {
  if (lead.broadening > 0.0) return 0.0;
  double size = 0.0;
  double error = 0.0;
  for (const Matrix* h : {&lead.cell, &lead.hopping}) {
    size += linalg::max_norm(*h);
    error +=
        linalg::max_norm(linalg::product(*h, conserved) - linalg::adjoint_product(conserved, *h));
  }
  return size > 0.0 ? error / size : 0.0;
}

}  // namespace edotb::lead
