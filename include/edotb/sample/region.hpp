#pragma once

#include "edotb/deck/deck.hpp"

#include <array>

namespace edotb::sample {

/// True when the point is in the body or on its surface (to rounding). Boxes and prisms are closed;
/// of a tube the inner surface belongs to it as well.
[[nodiscard]] bool contains(const deck::Body& body, const Vector3& r);

/// The smallest box around a body: lowest and highest corner.
[[nodiscard]] std::array<Vector3, 2> bounding_box(const deck::Body& body);

}  // namespace edotb::sample
