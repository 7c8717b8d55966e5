// H = onsite - 2t (cos kx + cos ky) + 2 rashba (sin ky sx - sin kx sy)
//                                   + 2 dresselhaus (sin kx sx - sin ky sy)
// Square lattice in the xy plane, spin s.

#include "edotb/model/library.hpp"

namespace edotb::model {

Model rashba(const Parameters& p) {
  const auto& s = pauli();
  const double t = p.at("t");
  const double r = p.at("rashba");
  const double d = p.at("dresselhaus");
  Model metal;
  metal.dimension = 2;
  metal.sites = {{{0, 0, 0}, 2}};
  metal.onsite = p.at("onsite") * s[0];
  metal.hoppings = {hopping_of({1, 0, 0}, -2.0 * t * s[0], 2.0 * d * s[1] - 2.0 * r * s[2]),
                    hopping_of({0, 1, 0}, -2.0 * t * s[0], 2.0 * r * s[1] - 2.0 * d * s[2])};
  metal.spin = {s[1], s[2], s[3]};
  return metal;
}

}  // namespace edotb::model
