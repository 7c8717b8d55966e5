#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/sample/lattice.hpp"

#include <vector>

namespace edotb::sample {

/// What a shape is made of: its sites, in the order of their numbers (along the axis first, then width,
/// thickness and place in the cell), and the contacts that it brings along.
struct Outline {
  std::vector<LatticeSite> sites;
  std::vector<deck::Contact> contacts;
  Vector3 centre{};  ///< the origin of contacts and gauges, in the lattice's coordinates
};

/// The sites whose whole cell (bar, hall_bar, cross) or whose position (other kinds) lies in the shape.
/// Throws bad_input when there is no site, or more than a machine can hold.
[[nodiscard]] Outline make_outline(const deck::Deck& deck, const model::Model& model);

/// The order in which a sample numbers its sites: along `axis` first.
[[nodiscard]] bool comes_before(const LatticeSite& a, const LatticeSite& b, std::size_t axis);

}  // namespace edotb::sample
