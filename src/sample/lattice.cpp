#include "edotb/sample/lattice.hpp"

#include "edotb/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace edotb::sample {

using linalg::Matrix;

Vector3 position(const model::Model& model, const LatticeSite& site) {
  const auto& a = model.lattice_vectors;
  return site.cell[0] * a[0] + site.cell[1] * a[1] + site.cell[2] * a[2] +
         model.sites[static_cast<std::size_t>(site.sublattice)].position;
}

SiteSet::SiteSet(std::span<const LatticeSite> sites, int n_sublattices)
    : n_sublattices_(n_sublattices) {
  if (sites.empty()) return;
  CellIndex high = low_ = sites.front().cell;
  for (const LatticeSite& site : sites) {
    for (std::size_t i = 0; i < 3; ++i) {
      low_[i] = std::min(low_[i], site.cell[i]);
      high[i] = std::max(high[i], site.cell[i]);
    }
  }
  auto n_slots = static_cast<std::size_t>(n_sublattices);
  for (std::size_t i = 0; i < 3; ++i) {
    extent_[i] = high[i] - low_[i] + 1;
    n_slots *= static_cast<std::size_t>(extent_[i]);
  }
  number_at_.assign(n_slots, -1);
  for (const LatticeSite& site : sites) {
    std::int32_t& number = number_at_[*slot(site)];
    if (number >= 0) continue;
    number = static_cast<std::int32_t>(sites_.size());
    sites_.push_back(site);
  }
}

std::optional<std::size_t> SiteSet::slot(const LatticeSite& site) const {
  std::size_t slot = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const int place = site.cell[i] - low_[i];
    if (place < 0 || place >= extent_[i]) return std::nullopt;
    slot = slot * static_cast<std::size_t>(extent_[i]) + static_cast<std::size_t>(place);
  }
  return slot * static_cast<std::size_t>(n_sublattices_) +
         static_cast<std::size_t>(site.sublattice);
}

std::optional<std::size_t> SiteSet::find(const LatticeSite& site) const {
  const auto at = slot(site);
  if (!at || number_at_[*at] < 0) return std::nullopt;
  return static_cast<std::size_t>(number_at_[*at]);
}

Matrix site_block(const model::Model& model, const Matrix& matrix, int to, int from) {
  const auto first_orbital = [&](int sublattice) {
    std::size_t first = 0;
    for (int s = 0; s < sublattice; ++s) {
      first += model.sites[static_cast<std::size_t>(s)].n_orbitals;
    }
    return first;
  };
  return linalg::block(matrix, first_orbital(to), first_orbital(from),
                       model.sites[static_cast<std::size_t>(to)].n_orbitals,
                       model.sites[static_cast<std::size_t>(from)].n_orbitals);
}

std::vector<SiteBond> site_bonds(const model::Model& model) {
  std::vector<SiteBond> bonds;
  const auto n_sites = static_cast<int>(model.sites.size());
  const auto add = [&](const CellIndex& offset, int to, int from, const Matrix& matrix) {
    Matrix block = site_block(model, matrix, to, from);
    if (linalg::max_norm(block) > 0.0) bonds.push_back({offset, to, from, std::move(block)});
  };
  for (int from = 0; from < n_sites; ++from) {
    for (int to = from + 1; to < n_sites; ++to) add({}, to, from, model.onsite);
  }
  for (const model::Hopping& hopping : model.hoppings) {
    for (int from = 0; from < n_sites; ++from) {
      for (int to = 0; to < n_sites; ++to) add(hopping.offset, to, from, hopping.matrix);
    }
  }
  return bonds;
}

Column column_of(const CellIndex& cell, const CellIndex& translation) {
  std::size_t main = 0;
  for (std::size_t i = 1; i < 3; ++i) {
    if (std::abs(translation[i]) > std::abs(translation[main])) main = i;
  }
  const int step = std::abs(translation[main]);
  // Rounds down, so that the remainder is in [0, step).
  const int quotient = cell[main] >= 0 ? cell[main] / step : -((-cell[main] + step - 1) / step);
  Column column{cell, translation[main] > 0 ? quotient : -quotient};
  for (std::size_t i = 0; i < 3; ++i) column.remainder[i] -= column.period * translation[i];
  return column;
}

}  // namespace edotb::sample
