// hbar d|psi_i|^2/dt = sum_j J_ij ,    J_ij = 2 Im(psi_i^H H_ij psi_j)   from site j to site i.

#include "edotb/coherent/currents.hpp"

#include <algorithm>

namespace edotb::coherent {

using linalg::Complex;
using linalg::Matrix;

BondList bonds_of(const sample::DeviceLayout& layout) {
  const auto& pattern = *layout.pattern;
  const auto& offsets = pattern.block_offsets;
  std::vector<std::int64_t> site_of(layout.n_orbitals());
  for (std::size_t s = 0; s < layout.n_sites(); ++s) {
    std::fill(site_of.begin() + offsets[s], site_of.begin() + offsets[s + 1],
              static_cast<std::int64_t>(s));
  }
  BondList bonds;
  bonds.bond_of_entry.assign(pattern.n_entries(), -1);
  for (std::size_t s = 0; s < layout.n_sites(); ++s) {
    const auto from = static_cast<std::int64_t>(s);
    const auto begin =
        static_cast<std::size_t>(pattern.row_offsets[static_cast<std::size_t>(offsets[s])]);
    const auto end =
        static_cast<std::size_t>(pattern.row_offsets[static_cast<std::size_t>(offsets[s + 1])]);
    const auto site_of_entry = [&](std::size_t k) {
      return site_of[static_cast<std::size_t>(pattern.columns[k])];
    };
    std::vector<std::int64_t> ends;
    for (std::size_t k = begin; k < end; ++k) {
      if (site_of_entry(k) > from) ends.push_back(site_of_entry(k));
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    const auto first_bond = static_cast<std::int64_t>(bonds.sites.size());
    for (const std::int64_t to : ends) bonds.sites.push_back({from, to});
    for (std::size_t k = begin; k < end; ++k) {
      if (site_of_entry(k) <= from) continue;
      const auto place = std::lower_bound(ends.begin(), ends.end(), site_of_entry(k));
      bonds.bond_of_entry[k] = first_bond + (place - ends.begin());
    }
  }
  return bonds;
}

std::vector<double> bond_currents(const sample::DeviceLayout& layout, const BondList& bonds,
                                  std::span<const Complex> hamiltonian, const Matrix& states,
                                  std::size_t first, std::size_t n_states) {
  const auto& pattern = *layout.pattern;
  std::vector<double> currents(bonds.sites.size());
  for (std::size_t n = first; n < first + n_states; ++n) {
    const auto psi = states.column(n);
    for (std::size_t row = 0; row < pattern.rows(); ++row) {
      const auto end = static_cast<std::size_t>(pattern.row_offsets[row + 1]);
      for (auto k = static_cast<std::size_t>(pattern.row_offsets[row]); k < end; ++k) {
        if (bonds.bond_of_entry[k] < 0) continue;
        const Complex from_to = std::conj(psi[row]) * hamiltonian[k] *
                                psi[static_cast<std::size_t>(pattern.columns[k])];
        // The entry is <from|H|to>: what flows the other way has the other sign.
        currents[static_cast<std::size_t>(bonds.bond_of_entry[k])] -= 2.0 * from_to.imag();
      }
    }
  }
  return currents;
}

std::vector<double> site_currents(std::size_t n_sites, const BondList& bonds,
                                  std::span<const double> currents,
                                  std::span<const Vector3> directions) {
  std::vector<double> vectors(3 * n_sites);
  for (std::size_t b = 0; b < currents.size(); ++b) {
    for (const std::int64_t site : bonds.sites[b]) {
      for (std::size_t i = 0; i < 3; ++i) {
        vectors[3 * static_cast<std::size_t>(site) + i] += 0.5 * currents[b] * directions[b][i];
      }
    }
  }
  return vectors;
}

}  // namespace edotb::coherent
