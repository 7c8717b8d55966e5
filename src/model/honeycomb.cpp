#include "honeycomb.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::model {

using linalg::Matrix;

namespace {

Vector3 place(const Model& lattice, const std::array<int, 3>& cell, std::size_t site) {
  return static_cast<double>(cell[0]) * lattice.lattice_vectors[0] +
         static_cast<double>(cell[1]) * lattice.lattice_vectors[1] + lattice.sites[site].position;
}

/// Pairs at a distance, each once.
std::vector<HoneycombBond> pairs_at(const Model& lattice, double distance) {
  std::vector<HoneycombBond> bonds;
  for (std::size_t from = 0; from < lattice.sites.size(); ++from) {
    for (std::size_t to = 0; to < lattice.sites.size(); ++to) {
      for (int x = -1; x <= 1; ++x) {
        for (int y = -1; y <= 1; ++y) {
          const std::array<int, 3> offset = {x, y, 0};
          const Vector3 d = place(lattice, offset, to) - lattice.sites[from].position;
          // Of a bond and the way back the one that leads to the right, or straight up.
          const bool first = d[0] > 1e-6 || (std::abs(d[0]) < 1e-6 && d[1] > 0.0);
          if (first && std::abs(norm(d) - distance) < 1e-6) {
            bonds.push_back({offset, to, from, unit(d), 0});
          }
        }
      }
    }
  }
  return bonds;
}

}  // namespace

Model honeycomb(std::size_t n_orbitals) {
  const double bond = 1.0 / std::sqrt(3.0);
  Model sheet;
  sheet.dimension = 2;
  sheet.lattice_vectors[1] = {0.0, std::sqrt(3.0), 0.0};
  sheet.sites = {{{0.0, 0.0, 0.0}, n_orbitals},
                 {{0.0, bond, 0.0}, n_orbitals},
                 {{0.5, 1.5 * bond, 0.0}, n_orbitals},
                 {{0.5, 2.5 * bond, 0.0}, n_orbitals}};
  sheet.onsite = Matrix(4 * n_orbitals, 4 * n_orbitals);
  return sheet;
}

int sublattice_sign(std::size_t site) { return site % 2 == 0 ? 1 : -1; }

std::vector<HoneycombBond> nearest_neighbours(const Model& lattice) {
  return pairs_at(lattice, 1.0 / std::sqrt(3.0));
}

std::vector<HoneycombBond> second_neighbours(const Model& lattice) {
  std::vector<HoneycombBond> bonds = pairs_at(lattice, 1.0);
  for (HoneycombBond& bond : bonds) {
    // The site between is a nearest neighbour of both: half way along, and off to one side.
    const Vector3 from = lattice.sites[bond.from].position;
    const Vector3 middle = from + 0.5 * bond.direction;
    for (std::size_t site = 0; site < lattice.sites.size(); ++site) {
      for (int x = -1; x <= 1; ++x) {
        for (int y = -1; y <= 1; ++y) {
          const Vector3 between = place(lattice, {x, y, 0}, site);
          if (std::abs(norm(between - middle) - 0.5 / std::sqrt(3.0)) > 1e-6) continue;
          const double side = cross(between - from, bond.direction)[2];
          bond.turn = side > 0.0 ? 1 : -1;
        }
      }
    }
  }
  return bonds;
}

void add_bond(Model& model, const HoneycombBond& bond, const Matrix& block) {
  const std::size_t n = model.sites.front().n_orbitals;
  if (bond.offset == std::array<int, 3>{}) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < n; ++i) {
        model.onsite(bond.to * n + i, bond.from * n + j) += block(i, j);
        model.onsite(bond.from * n + j, bond.to * n + i) += std::conj(block(i, j));
      }
    }
    return;
  }
  auto hopping = std::find_if(model.hoppings.begin(), model.hoppings.end(),
                              [&](const Hopping& h) { return h.offset == bond.offset; });
  if (hopping == model.hoppings.end()) {
    model.hoppings.push_back({bond.offset, Matrix(model.n_orbitals(), model.n_orbitals())});
    hopping = model.hoppings.end() - 1;
  }
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      hopping->matrix(bond.to * n + i, bond.from * n + j) += block(i, j);
    }
  }
}

}  // namespace edotb::model
