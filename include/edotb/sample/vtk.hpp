#pragma once

#include "edotb/sample/device.hpp"

#include <string>

namespace edotb::sample {

/// Writes a sample as VTK XML (UnstructuredGrid), which ParaView and scripts/draw_sample.py read. Points
/// are the sites, and the first two cells of every lead; cells of the grid are the bonds. Point data:
/// contact (-1, or the number of the contact whose interface or lead the site is), lead_cell (0 in the
/// device), sublattice, region (how many regions hold the site). Field data: field (unit vector, or zero),
/// axis, contact_directions. Lengths in lattice constants. Throws bad_input when the file cannot be
/// written.
void write_vtk(const std::string& path, const Device& device, const deck::Deck& deck,
               const Field& field);

}  // namespace edotb::sample
