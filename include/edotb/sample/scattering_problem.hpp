#pragma once

#include "edotb/base/vector3.hpp"
#include "edotb/linalg/sparse.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace edotb::sample {

/// A semi-infinite lead of equal cells n = 1, 2, ... counted outwards (the form of a system file), or a
/// metal without structure.
struct LeadCell {
  linalg::Matrix cell;     ///< M x M, Hermitian; of a wide-band metal M = 0
  linalg::Matrix hopping;  ///< M x Mi: <cell n+1| H |cell n>; only Mi orbitals couple outwards
  /// Gamma of a wide-band metal: its self-energy is -i broadening/2 on each of the Mi orbitals.
  double broadening = 0.0;
  /// Where the orbitals of each site of the cell begin, and M; empty where sites are not known.
  std::vector<std::int64_t> site_offsets = {};
};

/// The finite part of a scattering problem that does not change along a sweep.
struct DeviceLayout {
  std::shared_ptr<const linalg::SparsityPattern> pattern;
  std::vector<Vector3> site_positions;  ///< may be empty for a system file
  /// For each lead the device orbitals that stand for orbitals 0 .. Mi-1 of its "cell 0".
  std::vector<std::vector<std::int64_t>> interfaces;
  std::vector<std::string> contact_names;  ///< of each lead; may be empty

  [[nodiscard]] std::size_t n_orbitals() const { return pattern->rows(); }
  [[nodiscard]] std::size_t n_sites() const { return pattern->n_blocks(); }
  [[nodiscard]] std::size_t n_leads() const { return interfaces.size(); }
};

}  // namespace edotb::sample
