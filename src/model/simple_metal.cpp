// H = -2t sum_i cos k_i : square (dimension 2) or simple cubic (dimension 3) lattice.

#include "edotb/model/library.hpp"

namespace edotb::model {

Model simple_metal(const Parameters& p) {
  Model metal;
  metal.dimension = static_cast<int>(p.at("dimension"));
  metal.sites = {{{0, 0, 0}, 1}};
  metal.onsite = linalg::Matrix(1, 1);
  const linalg::Matrix one = linalg::Matrix::identity(1);
  for (int i = 0; i < metal.dimension; ++i) {
    std::array<int, 3> offset{};
    offset[static_cast<std::size_t>(i)] = 1;
    metal.hoppings.push_back(hopping_of(offset, -2.0 * p.at("t") * one, 0.0 * one));
  }
  return metal;
}

}  // namespace edotb::model
