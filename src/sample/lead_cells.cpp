// The cell of a lead: its sites in `reach` periods, as if the first period stood at the origin. The
// lead's gauge does not depend on the coordinate along it, so this is any of its cells.

#include "lead_cells.hpp"

#include <algorithm>

namespace edotb::sample {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Sites of a lead's cell in the order of the interface that it continues.
std::vector<LatticeSite> cell_sites(const Geometry& geometry, const ContactSites& contact) {
  auto interface = contact.interface();
  std::sort(interface.begin(), interface.end(), [&](const auto& a, const auto& b) {
    return *geometry.sites.find(a) < *geometry.sites.find(b);
  });
  // Both ends of a bar count their periods the same way, and so have the same cell to the last bit.
  const int first = contact.outwards > 0 ? contact.plane - contact.reach + 1 : contact.plane;
  for (LatticeSite& site : interface) {
    for (std::size_t i = 0; i < 3; ++i) site.cell[i] -= first * contact.translation[i];
  }
  return interface;
}

}  // namespace

Matrix onsite_in_field(const model::Model& model, const Vector3& zeeman) {
  Matrix onsite = model.onsite;
  for (std::size_t i = 0; i < model.spin.size(); ++i) onsite += zeeman[i] * model.spin[i];
  return onsite;
}

namespace {

LeadCell crystal(const Geometry& geometry, const ContactSites& contact, const model::Model& model,
                 const Field& field) {
  Vector3 along{};
  for (std::size_t i = 0; i < 3; ++i) {
    along = along + static_cast<double>(contact.translation[i]) * model.lattice_vectors[i];
  }
  const Gauge gauge = gauge_along(geometry, unit(along), field.b);
  const Matrix onsite = onsite_in_field(model, field.zeeman);
  const SiteSet sites(cell_sites(geometry, contact), static_cast<int>(model.sites.size()));
  std::vector<std::size_t> first_orbital = {0};
  for (const LatticeSite& site : sites) {
    first_orbital.push_back(first_orbital.back() +
                            model.sites[static_cast<std::size_t>(site.sublattice)].n_orbitals);
  }
  const std::size_t n = first_orbital.back();
  Matrix cell(n, n);
  Matrix onwards(n, n);  // <one cell further along the translation| H |cell>
  const auto add = [&](Matrix& target, std::size_t to, std::size_t from, const Matrix& block) {
    for (std::size_t j = 0; j < block.columns(); ++j) {
      for (std::size_t i = 0; i < block.rows(); ++i) {
        target(first_orbital[to] + i, first_orbital[from] + j) += block(i, j);
      }
    }
  };
  const auto bonds = site_bonds(model);
  for (std::size_t from = 0; from < sites.size(); ++from) {
    const LatticeSite& site = sites[from];
    add(cell, from, from, site_block(model, onsite, site.sublattice, site.sublattice));
    const Vector3 r_from = position(model, site) - geometry.centre;
    for (const SiteBond& bond : bonds) {
      if (bond.from != site.sublattice) continue;
      const BondEnd end = bond_end(geometry, model, bond, site);
      const Vector3 r_to = position(model, end.site) - geometry.centre;
      const Matrix block =
          std::polar(1.0, bond_phase(gauge, r_to, r_from, end.translation)) * bond.block;
      for (const int shift : {-1, 0, 1}) {
        LatticeSite target = end.site;
        for (std::size_t i = 0; i < 3; ++i) {
          target.cell[i] -= shift * contact.reach * contact.translation[i];
        }
        const auto to = sites.find(target);
        if (!to) continue;
        if (shift == 0) {
          add(cell, *to, from, block);
          add(cell, from, *to, adjoint(block));
        } else if (shift == 1) {
          add(onwards, *to, from, block);
        } else {
          add(onwards, from, *to, adjoint(block));
        }
      }
    }
  }
  if (contact.outwards < 0) onwards = adjoint(onwards);
  return {std::move(cell), std::move(onwards), 0.0, {first_orbital.begin(), first_orbital.end()}};
}

}  // namespace

LeadCell make_lead_cell(const Geometry& geometry, const ContactSites& contact,
                        const model::Model& model, const deck::LeadOptions& options,
                        const Field& field) {
  if (contact.is_lead) return crystal(geometry, contact, model, field);
  std::size_t n = 0;
  for (const LatticeSite& column : contact.columns) {
    n += model.sites[static_cast<std::size_t>(column.sublattice)].n_orbitals;
  }
  if (contact.contact.kind == "wide_band") return {{}, Matrix(0, n), options.broadening};
  return {options.potential * Matrix::identity(n), Complex(-options.hopping) * Matrix::identity(n)};
}

}  // namespace edotb::sample
