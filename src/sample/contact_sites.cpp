#include "edotb/sample/contact_sites.hpp"

#include "edotb/base/error.hpp"
#include "edotb/sample/gauge.hpp"
#include "edotb/sample/system_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace edotb::sample {

namespace {

using Key = std::tuple<CellIndex, int>;

Key key_of(const LatticeSite& site) { return {site.cell, site.sublattice}; }

/// True when a point, seen along the contact's direction, lies in its cross-section. A rectangle holds
/// its lower edges but not its upper ones, so that n lattice constants hold n sites.
bool in_section(const deck::Contact& contact, const Vector3& direction, const Vector3& r) {
  constexpr double tolerance = 1e-9;
  const Vector3 d = r - contact.centre;
  for (std::size_t i = 0; i < 3; ++i) {
    if (contact.size[i] == 0.0) continue;
    const double half = 0.5 * contact.size[i];
    if (d[i] < -half - tolerance || d[i] >= half - tolerance) return false;
  }
  const Vector3 across = d - dot(d, direction) * direction;
  const double radius = norm(across);
  if (contact.radius > 0.0 && radius > contact.radius + tolerance) return false;
  return radius >= contact.inner_radius - tolerance;
}

/// How many periods of the translation a hopping spans at most; 0 when nothing hops along it.
int reach_of(const model::Model& model, const CellIndex& translation) {
  int reach = 0;
  int largest = 1;
  for (const int t : translation) largest = std::max(largest, std::abs(t));
  for (const auto& hopping : model.hoppings) {
    for (int start = 0; start < largest; ++start) {
      CellIndex from{};
      for (std::size_t i = 0; i < 3; ++i) {
        if (std::abs(translation[i]) == largest) from[i] = start;
      }
      CellIndex to = from;
      for (std::size_t i = 0; i < 3; ++i) to[i] += hopping.offset[i];
      reach = std::max(
          reach, std::abs(column_of(to, translation).period - column_of(from, translation).period));
    }
  }
  return reach;
}

ContactSites find_columns(const deck::Contact& contact, const model::Model& model,
                          const Vector3& centre, const std::vector<LatticeSite>& sites) {
  ContactSites found;
  found.contact = contact;
  found.is_lead = contact.kind == "lead";
  const auto& d = contact.direction;
  const int divisor = std::gcd(std::gcd(d[0], d[1]), d[2]);
  const auto first = std::find_if(d.begin(), d.end(), [](int i) { return i != 0; });
  found.outwards = *first > 0 ? 1 : -1;
  for (std::size_t i = 0; i < 3; ++i) found.translation[i] = found.outwards * d[i] / divisor;
  found.reach = found.is_lead ? reach_of(model, found.translation) : 1;

  const auto& a = model.lattice_vectors;
  const Vector3 along = static_cast<double>(d[0]) * a[0] + static_cast<double>(d[1]) * a[1] +
                        static_cast<double>(d[2]) * a[2];
  const Vector3 direction = unit(along);
  std::map<Key, int> outermost;
  for (const LatticeSite& site : sites) {
    if (!in_section(contact, direction, position(model, site) - centre)) continue;
    const Column column = column_of(site.cell, found.translation);
    const auto [place, is_new] =
        outermost.emplace(Key{column.remainder, site.sublattice}, column.period);
    if (!is_new && found.outwards * column.period > found.outwards * place->second) {
      place->second = column.period;
    }
  }
  for (const auto& [key, period] : outermost) {
    found.columns.push_back({std::get<0>(key), std::get<1>(key)});
    found.outermost.push_back(period);
  }
  if (found.columns.empty()) return found;
  found.plane =
      *std::max_element(found.outermost.begin(), found.outermost.end(),
                        [&](int p, int q) { return found.outwards * p < found.outwards * q; });
  return found;
}

/// Adds what a lead needs between the sample's edge and its plane.
void fill_up(const ContactSites& found, const SiteSet& sample, std::vector<LatticeSite>& sites,
             std::set<Key>& added) {
  for (std::size_t c = 0; c < found.columns.size(); ++c) {
    const int innermost = found.plane - found.outwards * (found.reach - 1);
    const int beyond = found.outermost[c] + found.outwards;
    int period = found.outwards * innermost < found.outwards * beyond ? innermost : beyond;
    for (; found.outwards * period <= found.outwards * found.plane; period += found.outwards) {
      const LatticeSite site = found.site(found.columns[c], period);
      if (!sample.find(site) && added.insert(key_of(site)).second) sites.push_back(site);
    }
  }
}

bool share_a_site(const ContactSites& a, const ContactSites& b) {
  std::set<Key> mine;
  for (const auto& site : a.interface()) mine.insert(key_of(site));
  const auto other = b.interface();
  return std::any_of(other.begin(), other.end(),
                     [&](const auto& site) { return mine.contains(key_of(site)); });
}

/// True when two leads would be made of the same sites: they go the same way and share a column.
bool overlap(const ContactSites& a, const ContactSites& b) {
  if (!a.is_lead || !b.is_lead || a.outwards != b.outwards || a.translation != b.translation) {
    return false;
  }
  std::set<Key> mine;
  for (const LatticeSite& column : a.columns) mine.insert(key_of(column));
  return std::any_of(b.columns.begin(), b.columns.end(),
                     [&](const LatticeSite& column) { return mine.contains(key_of(column)); });
}

/// Why a contact cannot be, or "".
std::string objection(const ContactSites& found, const model::Model& model) {
  if (found.columns.empty()) return "no site of the sample lies under it";
  if (found.reach == 0) {
    return "nothing hops along its direction, so no lead can continue the sample there; take kind: "
           "chains or wide_band";
  }
  std::int64_t n_orbitals = 0;
  for (const auto& column : found.columns) {
    n_orbitals += static_cast<std::int64_t>(
        model.sites[static_cast<std::size_t>(column.sublattice)].n_orbitals);
  }
  n_orbitals *= found.reach;
  if (n_orbitals <= max_lead_orbitals) return "";
  return fmt::format(
      "{} orbitals in a lead cell, more than the {} that a lead's dense matrices allow", n_orbitals,
      max_lead_orbitals);
}

}  // namespace

LatticeSite ContactSites::site(const LatticeSite& column, int period) const {
  LatticeSite result = column;
  for (std::size_t i = 0; i < 3; ++i) result.cell[i] += period * translation[i];
  return result;
}

std::vector<LatticeSite> ContactSites::interface() const {
  std::vector<LatticeSite> sites;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const int last = is_lead ? plane : outermost[c];
    for (int k = 0; k < reach; ++k) sites.push_back(site(columns[c], last - outwards * k));
  }
  return sites;
}

std::vector<ContactSites> place_contacts(const std::vector<deck::Contact>& contacts,
                                         const model::Model& model, const Vector3& centre,
                                         const std::vector<std::string>& keys,
                                         std::vector<LatticeSite>& sites) {
  std::vector<ContactSites> placed;
  for (std::size_t k = 0; k < contacts.size(); ++k) {
    placed.push_back(find_columns(contacts[k], model, centre, sites));
    const std::string reason = objection(placed.back(), model);
    if (!reason.empty()) throw bad_input(fmt::format("{}: contact {}: {}", keys[k], k, reason));
    for (std::size_t other = 0; other < k; ++other) {
      if (!overlap(placed[other], placed[k])) continue;
      throw bad_input(
          fmt::format("{}: contact {}: its lead is made of sites of contact {}'s; make "
                      "them narrower, or turn one of them",
                      keys[k], k, other));
    }
  }
  const SiteSet sample(sites, static_cast<int>(model.sites.size()));
  std::set<Key> added;
  for (std::size_t k = 0; k < placed.size(); ++k) {
    ContactSites& mine = placed[k];
    if (!mine.is_lead) continue;
    fill_up(mine, sample, sites, added);
    const auto clashes = [&] {
      return std::any_of(placed.begin(), placed.begin() + static_cast<std::ptrdiff_t>(k),
                         [&](const ContactSites& other) {
                           return other.is_lead && other.translation != mine.translation &&
                                  share_a_site(mine, other);
                         });
    };
    while (clashes()) {
      mine.plane += mine.outwards * mine.reach;
      fill_up(mine, sample, sites, added);
    }
  }
  return placed;
}

}  // namespace edotb::sample
