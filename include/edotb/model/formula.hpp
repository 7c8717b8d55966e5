#pragma once

#include "edotb/model/library.hpp"

#include <string>
#include <vector>

namespace edotb::model {

/// What a formula needs to become a model.
struct Formula {
  std::string text;            ///< H as a function of kx, ky, kz; docs/models.md has the language
  Parameters parameters;       ///< numbers that the text names
  int dimension = 3;           ///< 2: in the xy plane, without kz
  std::string spin = "sigma";  ///< whose Pauli matrices the Zeeman term takes: rho|tau|sigma|s|none
};

/// The tight-binding model with this Bloch Hamiltonian, k in radians per cell of a square or simple cubic
/// lattice. Throws bad_input, with the place in the text, when the formula cannot be read, is not
/// Hermitian or uses k outside sin, cos and exp.
[[nodiscard]] Model lattice_model(const Formula& formula);

/// The model that a k.p Hamiltonian, a polynomial in k, becomes on a lattice of spacing `spacing` (in the
/// unit of 1/k): k -> sin(k a)/a, k^2 -> (2 - 2 cos k a)/a^2, and products of these for higher powers,
/// right to order a^2. Throws bad_input likewise.
[[nodiscard]] Model continuum_model(const Formula& formula, double spacing);

/// The parameters that the text does not use: most likely slips. Throws bad_input likewise.
[[nodiscard]] std::vector<std::string> unused_parameters(const Formula& formula);

}  // namespace edotb::model
