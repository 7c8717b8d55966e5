// H = -t sum_<ij> c_i^+ c_j + i so sum_<<ij>> turn c_i^+ sz c_j + i rashba sum_<ij> c_i^+ (s x d_ij)_z c_j
//     + mass sum_i (+-) c_i^+ c_i
// on the honeycomb lattice with spin s; d_ij is the unit vector from j to i, turn and +- as in haldane.
// A quantum spin Hall insulator where |mass| < 3 sqrt(3) |so| and rashba = 0.
// C. L. Kane and E. J. Mele, Phys. Rev. Lett. 95, 146802 (2005).

#include "edotb/model/library.hpp"
#include "honeycomb.hpp"

namespace edotb::model {

using linalg::Complex;
using linalg::Matrix;

Model kane_mele(const Parameters& p) {
  const auto& s = pauli();
  const Complex i(0.0, 1.0);
  Model sheet = honeycomb(2);
  for (const auto& bond : nearest_neighbours(sheet)) {
    const Vector3& d = bond.direction;
    const Matrix rashba = d[1] * s[1] - d[0] * s[2];  // (s x d)_z
    add_bond(sheet, bond, -p.at("t") * s[0] + i * p.at("rashba") * rashba);
  }
  for (const auto& bond : second_neighbours(sheet)) {
    add_bond(sheet, bond, i * (p.at("so") * bond.turn) * s[3]);
  }
  for (std::size_t site = 0; site < 4; ++site) {
    for (std::size_t spin = 0; spin < 2; ++spin) {
      sheet.onsite(2 * site + spin, 2 * site + spin) += p.at("mass") * sublattice_sign(site);
    }
  }
  for (std::size_t a = 1; a <= 3; ++a) {
    sheet.spin.push_back(linalg::kronecker(Matrix::identity(4), s[a]));
  }
  return sheet;
}

}  // namespace edotb::model
