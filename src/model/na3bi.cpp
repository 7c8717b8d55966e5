// H = c0 + c1 kz^2 + c2 (kx^2 + ky^2) + (m0 - m1 kz^2 - m2 (kx^2 + ky^2)) tz + a (kx tx sz - ky ty)
// Two Dirac points at kz = +-sqrt(m0/m1); basis tau (S 1/2, P 3/2) x sigma (sign of the moment).
// Z. Wang et al., Phys. Rev. B 85, 195320 (2012), without the cubic term B.

#include "edotb/model/formula.hpp"

namespace edotb::model {

Model na3bi(const Parameters& p) {
  return continuum_model(
      {.text = "c0 + c1*kz^2 + c2*(kx^2 + ky^2) + (m0 - m1*kz^2 - m2*(kx^2 + ky^2))*tau_z*sigma_0"
               " + a*(kx*tau_x*sigma_z - ky*tau_y)",
       .parameters = p},
      p.at("lattice_constant"));
}

}  // namespace edotb::model
