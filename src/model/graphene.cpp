// E = +-t |1 + e^{i k.a1} + e^{i k.a2}| : honeycomb lattice, hopping -t between nearest neighbours.
// Rectangular cell a x sqrt(3) a of four atoms, so that a bar has straight edges:
//
//     B2          A and B are the two sublattices; the current along x has zigzag edges,
//     A2          along y armchair edges.
//   B1            Neighbours of A1: B1, and B2 of the cells below and below left.
//   A1            Neighbours of A2: B2, and B1 here and of the cell to the right.

#include "edotb/model/library.hpp"

#include <cmath>

namespace edotb::model {

Model graphene(const Parameters& p) {
  constexpr std::size_t a1 = 0, b1 = 1, a2 = 2, b2 = 3;
  const double t = p.at("t");
  const double bond = 1.0 / std::sqrt(3.0);
  const auto hop = [&](std::array<int, 3> offset, std::size_t to, std::size_t from) {
    Hopping hopping{offset, linalg::Matrix(4, 4)};
    hopping.matrix(to, from) = -t;
    return hopping;
  };
  Model sheet;
  sheet.dimension = 2;
  sheet.lattice_vectors[1] = {0.0, std::sqrt(3.0), 0.0};
  sheet.sites = {{{0.0, 0.0, 0.0}, 1},
                 {{0.0, bond, 0.0}, 1},
                 {{0.5, 1.5 * bond, 0.0}, 1},
                 {{0.5, 2.5 * bond, 0.0}, 1}};
  sheet.onsite = linalg::Matrix(4, 4);
  for (const auto& [a, b] : {std::pair{a1, b1}, std::pair{a2, b2}, std::pair{a2, b1}}) {
    sheet.onsite(a, b) = sheet.onsite(b, a) = -t;
  }
  sheet.hoppings = {hop({1, 0, 0}, b1, a2), hop({0, 1, 0}, a1, b2), hop({1, 1, 0}, a1, b2)};
  return sheet;
}

}  // namespace edotb::model
