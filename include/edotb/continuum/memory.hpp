#pragma once

#include "edotb/continuum/conductor.hpp"

namespace edotb::continuum {

/// Memory [MB] that each of `n_ranks` ranks takes that solve a mesh of `n_unknowns` together.
[[nodiscard]] double megabytes(const ConductorOptions& options, int dimension, int n_fields,
                               double n_unknowns, int n_ranks);

}  // namespace edotb::continuum
