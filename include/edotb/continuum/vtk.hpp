#pragma once

#include "edotb/continuum/conductor.hpp"

#include <filesystem>

namespace edotb::continuum {

/// Writes a solved conductor for ParaView, an unstructured grid (.vtu, ASCII): at the nodes `contact`
/// (-1: none) and, for every contact k with one volt, `potential_k` (of two fluids `potential_k_plus` and
/// `potential_k_minus`); in the cells `current_k`, the current density per volt (through a film's
/// thickness, per length). Throws bad_input when the file cannot be written.
void write_vtk(const std::filesystem::path& path, const ConductorSolution& solution,
               const Material& material);

}  // namespace edotb::continuum
