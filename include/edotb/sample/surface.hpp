#pragma once

#include "edotb/sample/geometry.hpp"

#include <vector>

namespace edotb::sample {

/// True for each site from which `depth` cells or fewer along a lattice axis, either way, lead out of
/// the sample. What a contact covers is no surface, nor is an axis along which the model does not hop.
[[nodiscard]] std::vector<bool> surface_sites(const Geometry& geometry, const model::Model& model,
                                              int depth);

}  // namespace edotb::sample
