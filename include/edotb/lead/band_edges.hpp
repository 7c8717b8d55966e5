#pragma once

#include "edotb/sample/scattering_problem.hpp"

#include <span>
#include <vector>

namespace edotb::lead {

/// Energies in [low, high] where a mode of one of the leads opens or closes: the extrema of the bands
/// E_n(k), ascending, each once. Two bands that cross may add the crossing. Bands are followed on a grid
/// of k, so a pair of extrema nearer than the grid (2 pi/64) can be missed.
[[nodiscard]] std::vector<double> band_edges(std::span<const sample::LeadCell> leads, double low,
                                             double high);

}  // namespace edotb::lead
