#pragma once

#include "edotb/sample/scattering_problem.hpp"

#include <string>
#include <vector>

namespace edotb::sample {

/// Leads are dense matrices: more orbitals in a lead's cell than this are a mistake.
inline constexpr std::int64_t max_lead_orbitals = 20000;

/// A complete scattering problem, of this program or another: HDF5, format "edotb-system", version 1.
struct SystemFile {
  std::string title;
  DeviceLayout layout;
  std::vector<linalg::Complex> hamiltonian;  ///< entries in the layout's pattern
  std::vector<LeadCell> leads;
};

/// Reads and checks a system file. Throws bad_input with the file, the dataset and the offending
/// value: wrong format or version, a missing dataset, a shape that does not fit, an index out of
/// range, NaN or infinity, a device or cell that is not Hermitian (relative 1e-10), an interface that
/// repeats an orbital.
[[nodiscard]] SystemFile read_system_file(const std::string& path);

/// Writes what read_system_file reads back: the same numbers; of the Hamiltonian those that are not
/// zero. The file is put in its place when it is complete. Throws bad_input when a contact is a
/// wide-band metal, which has no cell, or when the file cannot be written.
void write_system_file(const SystemFile& system, const std::string& path);

}  // namespace edotb::sample
