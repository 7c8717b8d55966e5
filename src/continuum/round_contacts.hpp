#pragma once

#include "edotb/continuum/sample_mesh.hpp"

namespace edotb::continuum {

/// Fits the mesh of a body with flat sides to a round patch whose side lies at `plane` along the patch's
/// axis: vertices near its rim move there, edges across the rim are cut, and the faces inside get
/// `label`. New vertices on the rim obey it. Throws bad_input when another contact has a face there.
void cut_round_contact(Mesh& mesh, const std::vector<Patch>& patches, std::int32_t label,
                       double plane);

}  // namespace edotb::continuum
