#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/model/model.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace edotb::model {

/// Values of a model's parameters by name; the deck's table has names, defaults and meanings.
using Parameters = std::map<std::string, double>;

/// A model of the library: its formula, as a person writes it, and the function that builds it.
struct LibraryModel {
  std::string_view name;
  std::string_view formula;
  std::string_view about;
  Model (*build)(const Parameters&);
};

/// Every model of the library, one source file each.
[[nodiscard]] std::span<const LibraryModel> library();

/// Builds a library model. The k.p models take their lattice constant [nm, or 1/unit of k] as the
/// parameter `lattice_constant`. Throws bad_input for an unknown name.
[[nodiscard]] Model build(const std::string& name, const Parameters& parameters);
/// Builds the model of a deck: one of the library, a formula, or a file. Throws bad_input.
[[nodiscard]] Model build(const deck::ModelChoice& choice);

[[nodiscard]] Model simple_metal(const Parameters& p);
[[nodiscard]] Model rashba(const Parameters& p);
[[nodiscard]] Model weyl_two_band(const Parameters& p);
[[nodiscard]] Model dirac_weyl(const Parameters& p);
[[nodiscard]] Model graphene(const Parameters& p);
[[nodiscard]] Model haldane(const Parameters& p);
[[nodiscard]] Model kane_mele(const Parameters& p);
[[nodiscard]] Model bhz(const Parameters& p);
[[nodiscard]] Model bi2se3(const Parameters& p);
[[nodiscard]] Model na3bi(const Parameters& p);
[[nodiscard]] Model cd3as2(const Parameters& p);

}  // namespace edotb::model
