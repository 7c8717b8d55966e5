// H = c + d1 kz^2 + d2 (kx^2 + ky^2) + (m - b1 kz^2 - b2 (kx^2 + ky^2)) tz
//     + a1 kz tx sz + a2 (kx tx sx + ky tx sy)
// A strong topological insulator; basis tau (P1+, P2-) x sigma (spin).
// H. Zhang et al., Nature Physics 5, 438 (2009).

#include "edotb/model/formula.hpp"

namespace edotb::model {

Model bi2se3(const Parameters& p) {
  return continuum_model(
      {.text = "c + d1*kz^2 + d2*(kx^2 + ky^2) + (m - b1*kz^2 - b2*(kx^2 + ky^2))*tau_z*sigma_0"
               " + a1*kz*tau_x*sigma_z + a2*tau_x*(kx*sigma_x + ky*sigma_y)",
       .parameters = p},
      p.at("lattice_constant"));
}

}  // namespace edotb::model
