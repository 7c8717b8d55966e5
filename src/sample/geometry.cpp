#include "edotb/sample/geometry.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "outline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::sample {

Geometry make_geometry(const deck::Deck& deck, const model::Model& model) {
  Geometry geometry;
  geometry.axis = static_cast<std::size_t>(deck.shape.axis);
  const std::size_t width = (geometry.axis + 1) % 3;
  const std::size_t thickness = (geometry.axis + 2) % 3;
  const auto& a = model.lattice_vectors;
  geometry.frame = make_frame(a[geometry.axis], a[width]);
  if (deck.shape.periodic) {
    for (const auto& hopping : model.hoppings) {
      if (hopping.offset[width] != 0) geometry.torus_extents[width] = deck.shape.width;
      if (hopping.offset[thickness] != 0) geometry.torus_extents[thickness] = deck.shape.thickness;
    }
  }
  Outline outline = make_outline(deck, model);
  geometry.centre = outline.centre;
  std::vector<std::string> keys;
  for (std::size_t k = 0; k < outline.contacts.size(); ++k) {
    keys.push_back(deck.where(deck.contacts.empty()
                                  ? std::string("sample.shape.kind")
                                  : fmt::format("sample.contacts[{}].direction", k)));
  }
  geometry.contacts = place_contacts(outline.contacts, model, outline.centre, keys, outline.sites);
  std::sort(outline.sites.begin(), outline.sites.end(),
            [&](const auto& x, const auto& y) { return comes_before(x, y, geometry.axis); });
  geometry.sites = SiteSet(outline.sites, static_cast<int>(model.sites.size()));
  return geometry;
}

BondEnd bond_end(const Geometry& geometry, const model::Model& model, const SiteBond& bond,
                 const LatticeSite& from) {
  BondEnd end{{from.cell, bond.to}, {}};
  for (std::size_t i = 0; i < 3; ++i) {
    int& place = end.site.cell[i];
    place += bond.offset[i];
    const int extent = geometry.torus_extents[i];
    if (extent == 0) continue;
    const int wrapped = ((place % extent) + extent) % extent;
    end.translation =
        end.translation + static_cast<double>(place - wrapped) * model.lattice_vectors[i];
    place = wrapped;
  }
  return end;
}

double bond_phase(const Gauge& gauge, const Vector3& to, const Vector3& from,
                  const Vector3& translation) {
  return peierls_phase(gauge, to + translation, from) - seam_phase(gauge, translation, to);
}

Gauge gauge_along(const Geometry& geometry, const Vector3& direction, const Vector3& b) {
  return geometry.is_torus() ? torus_gauge(geometry.frame, b) : lead_gauge(direction, b);
}

DeviceLayout make_layout(const Geometry& geometry, const model::Model& model) {
  const SiteSet& sites = geometry.sites;
  std::vector<std::int64_t> offsets = {0};
  for (const LatticeSite& site : sites) {
    offsets.push_back(offsets.back() +
                      static_cast<std::int64_t>(
                          model.sites[static_cast<std::size_t>(site.sublattice)].n_orbitals));
  }
  std::vector<std::vector<std::int64_t>> columns(static_cast<std::size_t>(offsets.back()));
  const auto bonds = site_bonds(model);
  for (std::size_t from = 0; from < sites.size(); ++from) {
    for (auto i = offsets[from]; i < offsets[from + 1]; ++i) {
      for (auto j = offsets[from]; j < offsets[from + 1]; ++j) {
        columns[static_cast<std::size_t>(i)].push_back(j);
      }
    }
    for (const SiteBond& bond : bonds) {
      if (bond.from != sites[from].sublattice) continue;
      const auto to = sites.find(bond_end(geometry, model, bond, sites[from]).site);
      if (!to) continue;
      for (std::size_t j = 0; j < bond.block.columns(); ++j) {
        for (std::size_t i = 0; i < bond.block.rows(); ++i) {
          if (bond.block(i, j) == 0.0) continue;
          const std::int64_t row = offsets[*to] + static_cast<std::int64_t>(i);
          const std::int64_t column = offsets[from] + static_cast<std::int64_t>(j);
          columns[static_cast<std::size_t>(row)].push_back(column);
          columns[static_cast<std::size_t>(column)].push_back(row);
        }
      }
    }
  }
  DeviceLayout layout;
  for (const LatticeSite& site : sites) {
    layout.site_positions.push_back(position(model, site) - geometry.centre);
  }
  for (const ContactSites& contact : geometry.contacts) {
    std::vector<std::size_t> numbers;
    for (const LatticeSite& site : contact.interface()) numbers.push_back(*sites.find(site));
    std::sort(numbers.begin(), numbers.end());
    auto& interface = layout.interfaces.emplace_back();
    for (const std::size_t s : numbers) {
      for (auto i = offsets[s]; i < offsets[s + 1]; ++i) interface.push_back(i);
    }
    layout.contact_names.push_back(contact.contact.name);
  }
  layout.pattern = std::make_shared<const linalg::SparsityPattern>(
      linalg::make_pattern(std::move(columns), std::move(offsets)));
  return layout;
}

double ramp_strength(double depth, int ramp) {
  if (ramp == 0) return 1.0;
  const double s = std::sin(0.5 * constants::pi * std::min(1.0, depth / ramp));
  return s * s;
}

Ramp make_ramp(const Geometry& geometry, const model::Model& model, int ramp) {
  Ramp result;
  const SiteSet& sites = geometry.sites;
  result.lead_above.assign(sites.size(), -1);
  result.depth.assign(sites.size(), 0.0);
  for (std::size_t k = 0; k < geometry.contacts.size(); ++k) {
    const ContactSites& contact = geometry.contacts[k];
    if (!contact.is_lead) continue;
    // Bonds that leave the ramp still feel it: one reach further the field is whole.
    const int n_periods = ramp == 0 ? contact.reach : ramp + contact.reach;
    for (const LatticeSite& column : contact.columns) {
      for (int d = 0; d < n_periods; ++d) {
        const auto site = sites.find(contact.site(column, contact.plane - contact.outwards * d));
        if (!site) break;
        int& owner = result.lead_above[*site];
        if (owner >= 0 && ramp > 0) {
          throw bad_input(
              fmt::format("the ramps of contacts {} and {} meet; make the ramp shorter", owner, k));
        }
        // Under two leads of one direction either will do.
        if (owner >= 0) continue;
        owner = static_cast<int>(k);
        result.depth[*site] = d + 0.5;
      }
    }
  }
  if (ramp == 0) return result;
  const auto bonds = site_bonds(model);
  for (std::size_t from = 0; from < sites.size(); ++from) {
    for (const SiteBond& bond : bonds) {
      if (bond.from != sites[from].sublattice) continue;
      const auto to = sites.find(bond_end(geometry, model, bond, sites[from]).site);
      if (!to || result.lead_above[*to] == result.lead_above[from]) continue;
      for (const std::size_t s : {from, *to}) {
        const int owner = result.lead_above[s];
        if (owner < 0 || result.depth[s] >= ramp) continue;
        throw bad_input(
            fmt::format("contact {} has no arm as long as the ramp of {} cells, so the "
                        "field would end at the arm's sides too; make the arm longer or the ramp "
                        "shorter",
                        owner, ramp));
      }
    }
  }
  return result;
}

JoinedGauge joined_gauge(const Geometry& geometry, const model::Model& model,
                         const std::vector<int>& lead_above, const Vector3& b) {
  JoinedGauge joined{gauge_along(geometry, geometry.frame.n, b), {}};
  std::vector<Gauge> of_lead;
  bool any = false;
  for (const ContactSites& contact : geometry.contacts) {
    Vector3 along{};
    for (std::size_t i = 0; i < 3; ++i) {
      along = along + static_cast<double>(contact.translation[i]) * model.lattice_vectors[i];
    }
    of_lead.push_back(gauge_along(geometry, unit(along), b));
    any = any || of_lead.back().m != joined.gauge.m;
  }
  if (!any) return joined;
  joined.site_phases.assign(geometry.sites.size(), 0.0);
  for (std::size_t s = 0; s < geometry.sites.size(); ++s) {
    if (lead_above[s] < 0) continue;
    joined.site_phases[s] =
        gauge_change(joined.gauge, of_lead[static_cast<std::size_t>(lead_above[s])],
                     position(model, geometry.sites[s]) - geometry.centre);
  }
  return joined;
}

}  // namespace edotb::sample
