// H = c - d k^2 + (m - b k^2) tz + a (kx tx sz - ky ty),   k^2 = kx^2 + ky^2
// A HgTe quantum well in the xy plane, inverted where m/b > 0; basis tau (E1, H1) x sigma (spin).
// Bernevig, Hughes and Zhang, Science 314, 1757 (2006).

#include "edotb/model/formula.hpp"

namespace edotb::model {

Model bhz(const Parameters& p) {
  return continuum_model({.text = "c - d*(kx^2 + ky^2) + (m - b*(kx^2 + ky^2))*tau_z*sigma_0"
                                  " + a*(kx*tau_x*sigma_z - ky*tau_y)",
                          .parameters = p,
                          .dimension = 2},
                         p.at("lattice_constant"));
}

}  // namespace edotb::model
