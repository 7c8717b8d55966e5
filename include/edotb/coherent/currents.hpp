#pragma once

#include "edotb/linalg/dense.hpp"
#include "edotb/sample/scattering_problem.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace edotb::coherent {

/// The pairs of sites between which a device's Hamiltonian may hop.
struct BondList {
  std::vector<std::array<std::int64_t, 2>> sites;  ///< from < to, in ascending order
  std::vector<std::int64_t> bond_of_entry;  ///< of the layout's pattern, from row to column; or -1
};
[[nodiscard]] BondList bonds_of(const sample::DeviceLayout& layout);

/// The current along every bond, positive from its first site to its second, that `n_states` scattering
/// states from number `first` on carry together. With states at unit current it is in e^2/h per unit of
/// voltage on the contact they come from: the net current out of another contact is its transmission.
[[nodiscard]] std::vector<double> bond_currents(const sample::DeviceLayout& layout,
                                                const BondList& bonds,
                                                std::span<const linalg::Complex> hamiltonian,
                                                const linalg::Matrix& states, std::size_t first,
                                                std::size_t n_states);

/// A vector per site (x, y, z one after the other): half of current x length of each of its bonds. Summed
/// over the sites it is the sum of current x length over the bonds; divided by the volume per site it is
/// the current density. `directions` leads from each bond's first site to its second.
[[nodiscard]] std::vector<double> site_currents(std::size_t n_sites, const BondList& bonds,
                                                std::span<const double> currents,
                                                std::span<const Vector3> directions);

}  // namespace edotb::coherent
