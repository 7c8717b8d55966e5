// H(k) of the magnetic cell: cells s = 0 .. q-1 along a_u, a bond from site j to site i carries
//     exp(i A((r_i + r_j)/2).(r_i - r_j)) exp(-i (k_v R_v + k_w R_w)),
// and one that leaves the magnetic cell comes in again at the other side, by psi(r + q a_u) =
// exp(i k_u + i phi q x_v) psi(r). The cells in the order 0, q-1, 1, q-2, ... make H a band matrix.

#include "edotb/sample/landau.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/linalg/band_matrix.hpp"
#include "lead_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace edotb::sample {

using linalg::Complex;
using linalg::Matrix;

namespace {

constexpr std::size_t max_orbitals = 40000;

/// Place of cell s in the order 0, q-1, 1, q-2, ...: neighbours on the ring are two apart at most.
std::size_t folded(int s, int q) {
  return static_cast<std::size_t>(2 * s < q ? 2 * s : 2 * (q - 1 - s) + 1);
}

Gauge landau_gauge(const model::Model& model, std::size_t axis, double flux) {
  const auto b = reciprocal_vectors(model.lattice_vectors);
  const Vector3& b_u = b[(axis + 1) % 3];
  const Vector3& b_v = b[(axis + 2) % 3];
  Gauge gauge;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) gauge.m[i][j] = flux * b_v[i] * b_u[j];
  }
  return gauge;
}

}  // namespace

RationalFlux rational_flux(double quanta, double tolerance, int max_cells) {
  for (int q = 1; q <= max_cells; ++q) {
    const double p = std::round(quanta * q);
    if (p == 0.0 || std::abs(p) > 1e6) continue;
    if (std::abs(p / q - quanta) <= tolerance * std::abs(quanta)) {
      return {static_cast<int>(p), q};
    }
  }
  return {};
}

Vector3 field_per_quantum(const model::Model& model, std::size_t axis) {
  const auto& a = model.lattice_vectors;
  const double volume = dot(a[0], cross(a[1], a[2]));
  return (2.0 * constants::pi / volume) * a[axis];
}

std::vector<double> landau_levels(const model::Model& model, std::size_t axis,
                                  const RationalFlux& flux, const Vector3& zeeman,
                                  const Vector3& k) {
  const std::size_t u = (axis + 1) % 3;
  const std::size_t v = (axis + 2) % 3;
  const int q = flux.q;
  const std::size_t n = model.n_orbitals();
  if (static_cast<std::size_t>(q) * n > max_orbitals) {
    throw bad_input(fmt::format(
        "the magnetic cell has {} cells of {} orbitals, more than {} in all", q, n, max_orbitals));
  }
  const auto bonds = site_bonds(model);
  int reach = 0;
  for (const SiteBond& bond : bonds) reach = std::max(reach, std::abs(bond.offset[u]));
  linalg::BandMatrix h(static_cast<std::size_t>(q) * n,
                       (2 * static_cast<std::size_t>(reach) + 1) * n - 1);
  const auto add = [&](std::size_t row, std::size_t column, Complex value) {
    if (row >= column) h(row, column) += value;
    if (row <= column) h(column, row) += std::conj(value);
  };
  std::vector<std::size_t> first_orbital = {0};
  for (const auto& site : model.sites) {
    first_orbital.push_back(first_orbital.back() + site.n_orbitals);
  }
  const Gauge gauge = landau_gauge(model, axis, 2.0 * constants::pi * flux.quanta());
  const Matrix onsite = onsite_in_field(model, zeeman);
  const Vector3 magnetic_translation = static_cast<double>(q) * model.lattice_vectors[u];
  for (int s = 0; s < q; ++s) {
    const std::size_t here = folded(s, q) * n;
    for (int site = 0; site < static_cast<int>(model.sites.size()); ++site) {
      const Matrix block = site_block(model, onsite, site, site);
      const std::size_t first = here + first_orbital[static_cast<std::size_t>(site)];
      for (std::size_t j = 0; j < block.columns(); ++j) {
        add(first + j, first + j, 0.5 * block(j, j).real());  // its conjugate is added as well
        for (std::size_t i = 0; i < j; ++i) add(first + j, first + i, block(j, i));
      }
    }
    for (const SiteBond& bond : bonds) {
      LatticeSite from{{}, bond.from};
      from.cell[u] = s;
      LatticeSite to{bond.offset, bond.to};
      const int target = s + bond.offset[u];
      const int n_turns = target >= 0 ? target / q : -((q - 1 - target) / q);
      to.cell[u] = target - n_turns * q;
      const double phase = bond_phase(gauge, position(model, to), position(model, from),
                                      static_cast<double>(n_turns) * magnetic_translation) -
                           (k[0] * n_turns + k[1] * bond.offset[v] + k[2] * bond.offset[axis]);
      const Complex factor = std::polar(1.0, phase);
      const std::size_t row =
          folded(to.cell[u], q) * n + first_orbital[static_cast<std::size_t>(bond.to)];
      const std::size_t column = here + first_orbital[static_cast<std::size_t>(bond.from)];
      for (std::size_t j = 0; j < bond.block.columns(); ++j) {
        for (std::size_t i = 0; i < bond.block.rows(); ++i) {
          // A bond onto its own place (small magnetic cells) is diagonal, and so is its adjoint.
          add(row + i, column + j, factor * bond.block(i, j));
        }
      }
    }
  }
  return std::move(h).eigenvalues();
}

}  // namespace edotb::sample
