#pragma once

#include "edotb/linalg/eigen_slopes.hpp"
#include "edotb/model/model.hpp"

namespace edotb::model {

/// k in 1/a, Cartesian, of the wave vector with phases `k` [radians per lattice vector].
[[nodiscard]] Vector3 cartesian(const Model& model, const Vector3& k);

/// Bands at `k` and their slopes dE/d|k| along the direction `along` (both in radians per lattice vector;
/// the length of `along` does not matter): hbar v . n, energy times a.
[[nodiscard]] linalg::EigenSlopes bulk_bands(const Model& model, const Vector3& k,
                                             const Vector3& along);

}  // namespace edotb::model
