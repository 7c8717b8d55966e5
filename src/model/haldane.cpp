// H = -t sum_<ij> c_i^+ c_j + t2 sum_<<ij>> exp(i turn phase) c_i^+ c_j + mass sum_i (+-) c_i^+ c_i
// on the honeycomb lattice; turn = +1 (-1) where the way from j to i turns left (right), + on sublattice
// A. Chern number +-1 where |mass| < 3 sqrt(3) |t2 sin phase|.  F. D. M. Haldane, Phys. Rev. Lett. 61, 2015 (1988).

#include "edotb/model/library.hpp"
#include "honeycomb.hpp"

namespace edotb::model {

using linalg::Matrix;

Model haldane(const Parameters& p) {
  Model sheet = honeycomb(1);
  const Matrix one = Matrix::identity(1);
  for (const auto& bond : nearest_neighbours(sheet)) add_bond(sheet, bond, -p.at("t") * one);
  for (const auto& bond : second_neighbours(sheet)) {
    add_bond(sheet, bond, std::polar(p.at("t2"), bond.turn * p.at("phase")) * one);
  }
  for (std::size_t i = 0; i < 4; ++i) sheet.onsite(i, i) += p.at("mass") * sublattice_sign(i);
  return sheet;
}

}  // namespace edotb::model
