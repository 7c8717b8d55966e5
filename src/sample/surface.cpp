#include "edotb/sample/surface.hpp"

#include <algorithm>

namespace edotb::sample {

namespace {

/// True for a place outside the sample that a contact fills: beyond a lead's plane, or beyond the
/// outermost site of one of a metal's columns.
bool is_in_contact(const ContactSites& contact, const LatticeSite& site) {
  const Column column = column_of(site.cell, contact.translation);
  const auto found = std::find(contact.columns.begin(), contact.columns.end(),
                               LatticeSite{column.remainder, site.sublattice});
  if (found == contact.columns.end()) return false;
  const int last =
      contact.is_lead
          ? contact.plane
          : contact.outermost[static_cast<std::size_t>(found - contact.columns.begin())];
  return contact.outwards * column.period > contact.outwards * last;
}

}  // namespace

std::vector<bool> surface_sites(const Geometry& geometry, const model::Model& model, int depth) {
  CellIndex hops{};
  for (const auto& hopping : model.hoppings) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (hopping.offset[i] != 0) hops[i] = 1;
    }
  }
  const auto is_outside = [&](const LatticeSite& site, const CellIndex& offset) {
    const SiteBond step{offset, site.sublattice, site.sublattice, {}};
    const LatticeSite place = bond_end(geometry, model, step, site).site;
    return !geometry.sites.find(place) &&
           std::none_of(geometry.contacts.begin(), geometry.contacts.end(),
                        [&](const auto& contact) { return is_in_contact(contact, place); });
  };
  std::vector<bool> is_surface;
  for (const LatticeSite& site : geometry.sites) {
    bool found = false;
    for (std::size_t i = 0; i < 3 && !found; ++i) {
      if (hops[i] == 0) continue;
      for (int step = 1; step <= depth && !found; ++step) {
        CellIndex offset{};
        offset[i] = step;
        found = is_outside(site, offset);
        offset[i] = -step;
        found = found || is_outside(site, offset);
      }
    }
    is_surface.push_back(found);
  }
  return is_surface;
}

}  // namespace edotb::sample
