#pragma once

#include "edotb/base/vector3.hpp"
#include "edotb/linalg/dense.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace edotb::model {

using CellOffset = std::array<int, 3>;

/// H_mn(R) = <m, cell 0| H |n, cell R> by R.
using RealSpaceHamiltonian = std::map<CellOffset, linalg::Matrix>;

/// seedname_hr.dat: a header line, num_wann, nrpts, the degeneracies 15 to a line, and a line
/// "R1 R2 R3 m n Re Im" for each element. Elements come out divided by the degeneracy of their R. A file
/// too short for what it promises is refused before the memory is taken.
[[nodiscard]] RealSpaceHamiltonian read_hr(const std::string& path);

/// seedname_wsvec.dat of use_ws_distance: for each R, m, n the lattice vectors T by which the element
/// moves, in equal shares: H_mn(R + T) += H_mn(R) / N.
[[nodiscard]] RealSpaceHamiltonian apply_wsvec(const RealSpaceHamiltonian& h,
                                               const std::string& path);

/// a_1, a_2, a_3 [angstrom] of the block unit_cell_cart in seedname.win.
[[nodiscard]] std::array<Vector3, 3> read_unit_cell(const std::string& path);

/// Centres [angstrom] of the `n_orbitals` Wannier functions in seedname_centres.xyz.
[[nodiscard]] std::vector<Vector3> read_centres(const std::string& path, std::size_t n_orbitals);

}  // namespace edotb::model
