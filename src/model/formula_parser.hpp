#pragma once

#include "edotb/model/library.hpp"
#include "pauli_polynomial.hpp"

#include <array>
#include <set>
#include <string>

namespace edotb::model {

struct ParsedFormula {
  PauliPolynomial value;
  std::array<bool, n_letters> uses_letter{};
  std::set<std::string> uses_parameter;
};

/// Reads a formula: sums, products, whole powers (^ or **), quotients by numbers, parentheses; numbers,
/// pi, i, parameters, kx, ky, kz; sqrt of numbers; sin, cos and exp of numbers or of sums of whole
/// multiples of k and a number; Pauli matrices rho_a, tau_a, sigma_a, s_a with a = 0, x, y, z. Throws
/// bad_input with the formula and a caret under what is wrong.
[[nodiscard]] ParsedFormula parse_formula(const std::string& text, const Parameters& parameters);

/// True for a name that a formula understands by itself, which no parameter may have.
[[nodiscard]] bool is_reserved_name(const std::string& name);

}  // namespace edotb::model
