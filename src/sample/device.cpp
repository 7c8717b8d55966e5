#include "edotb/sample/device.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/sample/region.hpp"
#include "lead_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::sample {

using linalg::Complex;
using linalg::Matrix;

Device::Device(model::Model device, model::Model lead, const deck::Deck& deck)
    : device_(std::move(device)),
      lead_(std::move(lead)),
      lead_options_(deck.leads),
      everywhere_(deck.field.everywhere),
      ramp_cells_(deck.field.ramp),
      geometry_(make_geometry(deck, device_)),
      bonds_(site_bonds(device_)),
      layout_(make_layout(geometry_, device_)),
      ramp_(with_context([&] { return deck.where("field.ramp"); },
                         [&] { return make_ramp(geometry_, device_, ramp_cells_); })) {
  for (std::size_t k = 0; k < deck.regions.size(); ++k) {
    const deck::Region& region = deck.regions[k];
    const std::string key = fmt::format("sample.regions[{}]", k);
    if (region.exchange != Vector3{} && device_.spin.empty()) {
      throw bad_input(deck.where(key + ".exchange") + ": the model has no spin for it to act on");
    }
    const std::size_t n_before = site_terms_.size();
    for (std::size_t s = 0; s < layout_.n_sites(); ++s) {
      if (!contains(region.body, layout_.site_positions[s])) continue;
      site_terms_.push_back({s, region.potential, region.exchange});
    }
    if (site_terms_.size() == n_before) {
      throw bad_input(deck.where(key + ".form") + ": no site of the sample lies in this region");
    }
  }
}

std::string Device::objection(const Field& field, double magnitude) const {
  if (!geometry_.is_torus()) return "";
  const Vector3& b = field.b;
  const std::size_t n = geometry_.axis;
  const std::size_t u = (n + 1) % 3;
  const std::size_t v = (n + 2) % 3;
  const auto& a = device_.lattice_vectors;
  for (std::size_t i = 0; i < 3 && b != Vector3{}; ++i) {
    constexpr double tolerance = 1e-9;
    const Vector3& next = a[(i + 1) % 3];
    if (std::abs(dot(a[i], next)) <= tolerance * norm(a[i]) * norm(next)) continue;
    return "a periodic cross-section in a field needs lattice vectors at right angles; take "
           "boundary: open";
  }
  const Vector3 along_u = static_cast<double>(geometry_.torus_extents[u]) * a[u];
  const Vector3 along_v = static_cast<double>(geometry_.torus_extents[v]) * a[v];
  const auto not_whole = [&](double flux, const char* surface) -> std::string {
    const double quanta = flux / (2.0 * constants::pi);
    constexpr double tolerance = 1e-6;
    if (std::abs(quanta - std::round(quanta)) < tolerance) return "";
    const double n_quanta = std::abs(quanta);
    const double nearest = std::round(n_quanta);
    const double next = n_quanta > nearest ? nearest + 1.0 : nearest - 1.0;
    return fmt::format(
        "a periodic cross-section needs a whole number of flux quanta through {}; this field gives "
        "{:.6g}. The nearest that fits is {:.0f}, at field.magnitude {:.13g}; {:.0f} is at {:.13g}",
        surface, n_quanta, nearest, magnitude * nearest / n_quanta, next,
        magnitude * next / n_quanta);
  };
  // A direction that does not close has no extent here, and its flux is no condition.
  std::string text = not_whole(dot(b, cross(along_u, along_v)), "the cross-section");
  if (!everywhere_) return text;
  if (text.empty()) {
    text = not_whole(dot(b, cross(along_v, a[n])),
                     "a strip one cell long and as high as the thickness");
  }
  if (text.empty()) {
    text =
        not_whole(dot(b, cross(a[n], along_u)), "a strip one cell long and as wide as the width");
  }
  return text;
}

double Device::field_strength(std::size_t a, std::size_t b) const {
  // The ramp begins at the edge of a field-free lead, for bonds between two sites under it.
  const bool has_ramp = !everywhere_ && ramp_cells_ > 0;
  if (!has_ramp || ramp_.lead_above[a] < 0 || ramp_.lead_above[a] != ramp_.lead_above[b]) {
    return 1.0;
  }
  return ramp_strength(0.5 * (ramp_.depth[a] + ramp_.depth[b]), ramp_cells_);
}

std::vector<Complex> Device::hamiltonian(const Field& field) const {
  const auto& pattern = *layout_.pattern;
  const SiteSet& sites = geometry_.sites;
  const JoinedGauge joined = joined_gauge(geometry_, device_, ramp_.lead_above, field.b);
  std::vector<Complex> values(pattern.n_entries());
  const auto add = [&](std::size_t to, std::size_t from, const Matrix& block, Complex factor) {
    for (std::size_t j = 0; j < block.columns(); ++j) {
      for (std::size_t i = 0; i < block.rows(); ++i) {
        if (block(i, j) == 0.0) continue;
        const auto left = pattern.block_offsets[to] + static_cast<std::int64_t>(i);
        const auto right = pattern.block_offsets[from] + static_cast<std::int64_t>(j);
        values[static_cast<std::size_t>(pattern.find(left, right))] += factor * block(i, j);
        if (to == from) continue;
        values[static_cast<std::size_t>(pattern.find(right, left))] +=
            std::conj(factor * block(i, j));
      }
    }
  };
  const Matrix onsite = onsite_in_field(device_, field.zeeman);
  std::vector<Matrix> site_onsite;
  site_onsite.reserve(device_.sites.size());
  for (int s = 0; s < static_cast<int>(device_.sites.size()); ++s) {
    site_onsite.push_back(site_block(device_, onsite, s, s));
  }
  for (std::size_t from = 0; from < sites.size(); ++from) {
    const LatticeSite& site = sites[from];
    const double here = field_strength(from);
    if (here == 1.0) {
      add(from, from, site_onsite[static_cast<std::size_t>(site.sublattice)], 1.0);
    } else {
      add(from, from,
          site_block(device_, onsite_in_field(device_, here * field.zeeman), site.sublattice,
                     site.sublattice),
          1.0);
    }
    for (const SiteBond& bond : bonds_) {
      if (bond.from != site.sublattice) continue;
      const BondEnd end = bond_end(geometry_, device_, bond, site);
      const auto to = sites.find(end.site);
      if (!to) continue;
      double phase = bond_phase(joined.gauge, layout_.site_positions[*to],
                                layout_.site_positions[from], end.translation);
      if (!joined.site_phases.empty()) {
        phase += joined.site_phases[*to] - joined.site_phases[from];
      }
      add(*to, from, bond.block, std::polar(1.0, field_strength(*to, from) * phase));
    }
  }
  for (const SiteTerm& term : site_terms_) {
    const int sublattice = sites[term.site].sublattice;
    const auto n = device_.sites[static_cast<std::size_t>(sublattice)].n_orbitals;
    Matrix block = term.potential * Matrix::identity(n);
    for (std::size_t i = 0; i < device_.spin.size(); ++i) {
      block += term.exchange[i] * site_block(device_, device_.spin[i], sublattice, sublattice);
    }
    add(term.site, term.site, block, 1.0);
  }
  return values;
}

std::vector<LeadCell> Device::leads(const Field& field) const {
  std::vector<LeadCell> cells;
  for (const ContactSites& contact : geometry_.contacts) {
    cells.push_back(
        make_lead_cell(geometry_, contact, lead_, lead_options_, everywhere_ ? field : Field{}));
  }
  return cells;
}

Vector3 Device::displacement(std::size_t from, std::size_t to) const {
  Vector3 d = layout_.site_positions[to] - layout_.site_positions[from];
  for (std::size_t i = 0; i < 3; ++i) {
    if (geometry_.torus_extents[i] == 0) continue;
    const Vector3 around =
        static_cast<double>(geometry_.torus_extents[i]) * device_.lattice_vectors[i];
    d = d - std::round(dot(d, around) / dot(around, around)) * around;
  }
  return d;
}

double Device::volume_per_site() const {
  const auto& a = device_.lattice_vectors;
  const Vector3 face = cross(a[0], a[1]);
  const double volume = device_.dimension == 2 ? norm(face) : std::abs(dot(face, a[2]));
  return volume / static_cast<double>(device_.sites.size());
}

Vector3 Device::flux_per_plaquette(const Field& field) const {
  const auto& a = device_.lattice_vectors;
  Vector3 flux{};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t axis = (geometry_.axis + i) % 3;
    flux[i] = dot(field.b, cross(a[(axis + 1) % 3], a[(axis + 2) % 3]));
  }
  return flux;
}

}  // namespace edotb::sample
