// H = (m - t sum_i cos k_i) tz + v sum_i sin k_i tx si + b sz + inversion tx
// Simple cubic lattice, basis tau (orbital) x sigma (spin). At m = 3t and b = 0 a Dirac point sits at
// k = 0; b breaks time reversal and splits it into Weyl nodes along kz.

#include "edotb/model/library.hpp"

namespace edotb::model {

using linalg::kronecker;

Model dirac_weyl(const Parameters& p) {
  const auto& s = pauli();
  const linalg::Matrix tau_z = kronecker(s[3], s[0]);
  Model weyl;
  weyl.sites = {{{0, 0, 0}, 4}};
  weyl.onsite = p.at("m") * tau_z + p.at("b") * kronecker(s[0], s[3]) +
                p.at("inversion") * kronecker(s[1], s[0]);
  for (std::size_t i = 0; i < 3; ++i) {
    std::array<int, 3> offset{};
    offset[i] = 1;
    weyl.hoppings.push_back(
        hopping_of(offset, -p.at("t") * tau_z, p.at("v") * kronecker(s[1], s[i + 1])));
    weyl.spin.push_back(kronecker(s[0], s[i + 1]));
  }
  return weyl;
}

}  // namespace edotb::model
