#pragma once

#include "edotb/continuum/sample_mesh.hpp"

namespace edotb::continuum {

/// A disc with a hole, contacts 0 on the inner and 1 on the outer rim; its curved edges follow circles.
[[nodiscard]] Mesh corbino_mesh(const SampleShape& shape, const Resolution& resolution);

/// A round bar, contacts 0 and 1 on its ends.
[[nodiscard]] Mesh cylinder_mesh(const SampleShape& shape, const Resolution& resolution);

}  // namespace edotb::continuum
