#pragma once

#include "edotb/sample/device.hpp"

#include <string>
#include <vector>

namespace edotb::sample {

/// A quantity that the leads of a device may conserve, diagonal in sites.
struct Conserved {
  std::vector<linalg::Matrix>
      on_interface;                 ///< Hermitian, of each lead, in its interface's orbitals
  std::vector<double> eigenvalues;  ///< each once, upwards
};

/// `name` is spin_x, spin_y or spin_z (sigma, eigenvalues -1 and 1) or orbital (the number of the orbital
/// on its site, from 0). Throws bad_input when the model has no spin.
[[nodiscard]] Conserved conserved_quantity(const Device& device, const std::string& name);

}  // namespace edotb::sample
