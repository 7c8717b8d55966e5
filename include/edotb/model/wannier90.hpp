#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/model/model.hpp"

#include <string>

namespace edotb::model {

/// The tight-binding model in the files of a wannier90 calculation (docs/wannier90.md). With
/// H_mn(R) = <m, cell 0| H |n, cell R> of the file over its degeneracy,
///     H(k) = sum_R H(R) exp(i k.R),    so that    T_R = H(R)^H    (model.hpp).
/// Orbitals whose centres lie together make one site; spin partners always do. Lengths come out in the
/// deck's unit. Throws bad_input, with file, line and column, when a file is broken, the files do not fit
/// each other, or H is not Hermitian.
[[nodiscard]] Model wannier90_model(const deck::WannierFiles& files, int dimension);

/// Writes a model as prefix_hr.dat, prefix_centres.xyz and prefix.win, from which `wannier90_model` makes
/// the same model again, to all digits; `angstrom` is one angstrom in the model's unit of length.
/// Returns the spin_order that the files have. Throws bad_input when a file cannot be written.
std::string write_wannier90(const Model& model, double angstrom, const std::string& prefix);

}  // namespace edotb::model
