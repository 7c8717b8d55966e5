// The error of a conductance is exactly (with e = phi - phi_h, and * for the field reversed)
//
//     G_pq - G_pq,h  =  integral  grad e*_p . sigma grad e_q,
//
// which is estimated with grad phi - grad phi_h ~ R phi_h - grad phi_h, R phi_h being the average of the
// gradients of the cells around each node. Signs that cancel between cells are not relied on, nor those
// of the Hall part: with sigma_s the symmetric part and k the largest Hall angle's tangent,
//
//     |error of G_pq|  <~  2 sqrt(1 + k^2) sum over cells of sqrt(E_p E_q),
//     E_p = integral over the cell of (R phi_p - grad phi_p) . sigma_s (R phi_p - grad phi_p).

#include "edotb/continuum/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edotb::continuum {

namespace {

/// Averages over the cells around each node of the gradient of one field, weighted with their volumes.
std::vector<Vector3> recovered_gradients(const Space& space, const std::vector<double>& u,
                                         std::size_t n_fields, std::size_t field) {
  std::vector<Vector3> sums(space.nodes.size());
  std::vector<double> volumes(space.nodes.size(), 0.0);
  CellGeometry geometry(space, 1);
  const auto gradient_at = [&](const CellPoint& point, std::span<const std::int32_t> nodes) {
    Vector3 gradient{};
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      gradient =
          gradient + u[static_cast<std::size_t>(nodes[n]) * n_fields + field] * point.gradients[n];
    }
    return gradient;
  };
  const auto n_vertices = static_cast<std::size_t>(space.dimension) + 1;
  for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
    const auto nodes = space.cell(cell);
    const CellPoint middle = geometry.at(cell).front();
    Vector3 gradient = gradient_at(middle, nodes);  // of order 1, everywhere in the cell
    for (std::size_t at = 0; at < nodes.size(); ++at) {
      if (space.order == 2) {
        std::array<double, 4> barycentric{};
        if (at < n_vertices) {
          barycentric[at] = 1.0;
        } else {
          barycentric = edge_middle(at - n_vertices);
        }
        gradient = gradient_at(geometry.at(cell, barycentric), nodes);
      }
      const auto node = static_cast<std::size_t>(nodes[at]);
      sums[node] = sums[node] + middle.weight * gradient;
      volumes[node] += middle.weight;
    }
  }
  for (std::size_t node = 0; node < sums.size(); ++node) {
    sums[node] = (1.0 / volumes[node]) * sums[node];
  }
  return sums;
}

/// E_p of every cell, summed over the fields.
std::vector<double> cell_energies(const Space& space, const std::vector<double>& u,
                                  const Tensor& sigma, std::size_t n_fields) {
  std::vector<double> energies(space.n_cells(), 0.0);
  CellGeometry geometry(space, 2 * space.order);
  for (std::size_t field = 0; field < n_fields; ++field) {
    const auto recovered = recovered_gradients(space, u, n_fields, field);
    for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
      const auto nodes = space.cell(cell);
      for (const CellPoint& point : geometry.at(cell)) {
        Vector3 difference{};
        for (std::size_t n = 0; n < nodes.size(); ++n) {
          const auto node = static_cast<std::size_t>(nodes[n]);
          difference = difference + point.values[n] * recovered[node] -
                       u[node * n_fields + field] * point.gradients[n];
        }
        energies[cell] += point.weight * dot(difference, times(sigma, difference));
      }
    }
  }
  return energies;
}

/// k: the largest |Hall part| over the geometric mean of the conductivities across it.
double hall_tangent(const Tensor& sigma) {
  double largest = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = i + 1; k < 3; ++k) {
      const double across = std::sqrt(sigma[i][i] * sigma[k][k]);
      if (across > 0.0) {
        largest = std::max(largest, 0.5 * std::abs(sigma[i][k] - sigma[k][i]) / across);
      }
    }
  }
  return largest;
}

}  // namespace

ErrorEstimate estimate_error(const Space& space, const ContactSolution& solution,
                             const Tensor& sigma, int n_fields) {
  const std::size_t n = solution.n_contacts;
  std::vector<std::vector<double>> energies;
  energies.reserve(n);
  for (const auto& u : solution.potentials) {
    // Of two contacts, the second one's potential is one minus the first's.
    if (n == 2 && energies.size() == 1) {
      energies.push_back(energies.front());
    } else {
      energies.push_back(cell_energies(space, u, sigma, static_cast<std::size_t>(n_fields)));
    }
  }
  ErrorEstimate estimate;
  estimate.conductance.assign(n * n, 0.0);
  estimate.cells.assign(space.n_cells(), 0.0);
  // Around singular points the recovery sees down to half of the error (tests/continuum).
  constexpr double caution = 2.0;
  const double factor = caution * std::hypot(1.0, hall_tangent(sigma));
  for (std::size_t to = 0; to < n; ++to) {
    for (std::size_t from = 0; from < n; ++from) {
      double sum = 0.0;
      for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
        sum += std::sqrt(energies[to][cell] * energies[from][cell]);
      }
      estimate.conductance[to * n + from] = factor * sum;
    }
    const double scale = std::abs(solution.conductance[to * n + to]);
    for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
      estimate.cells[cell] += energies[to][cell] / scale;
    }
  }
  const double total = std::accumulate(estimate.cells.begin(), estimate.cells.end(), 0.0);
  if (total > 0.0) {
    for (double& share : estimate.cells) share /= total;
  }
  return estimate;
}

std::vector<std::size_t> worst_cells(const ErrorEstimate& estimate, double fraction) {
  std::vector<std::size_t> order(estimate.cells.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return estimate.cells[a] > estimate.cells[b];
  });
  double sum = 0.0;
  std::size_t n = 0;
  while (n < order.size() && sum < fraction && estimate.cells[order[n]] > 0.0) {
    sum += estimate.cells[order[n++]];
  }
  order.resize(n);
  return order;
}

}  // namespace edotb::continuum
