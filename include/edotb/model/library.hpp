#pragma once

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

/// Builds a library model. Throws bad_input for an unknown name.
[[nodiscard]] Model build(const std::string& name, const Parameters& parameters);

[[nodiscard]] Model simple_metal(const Parameters& p);
[[nodiscard]] Model rashba(const Parameters& p);
[[nodiscard]] Model weyl_two_band(const Parameters& p);
[[nodiscard]] Model dirac_weyl(const Parameters& p);
[[nodiscard]] Model graphene(const Parameters& p);

}  // namespace edotb::model
