// H = t sin kx sx + t sin ky sy + [t_z (cos kz - cos k0) + m (2 - cos kx - cos ky)] sz
// One pair of Weyl nodes at k = (0, 0, +-k0); model W1 of the physics notes.

#include "edotb/model/library.hpp"

#include <cmath>

namespace edotb::model {

Model weyl_two_band(const Parameters& p) {
  const auto& s = pauli();
  const double t = p.at("t");
  const double t_z = p.at("t_z");
  const double m = p.at("m");
  Model weyl;
  weyl.sites = {{{0, 0, 0}, 2}};
  weyl.onsite = (2.0 * m - t_z * std::cos(p.at("k0"))) * s[3];
  weyl.hoppings = {hopping_of({1, 0, 0}, -m * s[3], t * s[1]),
                   hopping_of({0, 1, 0}, -m * s[3], t * s[2]),
                   hopping_of({0, 0, 1}, t_z * s[3], 0.0 * s[3])};
  weyl.spin = {s[1], s[2], s[3]};
  return weyl;
}

}  // namespace edotb::model
