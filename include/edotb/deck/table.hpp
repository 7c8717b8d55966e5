#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edotb::deck {

/// What a key may hold.
enum class Type {
  text,
  choice,
  choices,  ///< a list of words, each one of the row's choices
  integer,
  number,
  sweep,        ///< numbers: one value, a list, {from, to, count} or {from, to, step}
  vector,       ///< a list of numbers
  names,        ///< a list of names, n_numbers of them
  points,       ///< a list of corners [u, v], three or more
  object_list,  ///< a list of mappings; their keys are the rows "path[].key"
};

/// What a number measures; fixes its unit in either system of units.
enum class Quantity { none, energy, length, cells, field, angle, temperature, phase };

/// The unit's name: "eV", "nm", "T", ... in physical units, "t", "a", "rad/plaquette", ... in
/// lattice units.
[[nodiscard]] std::string_view unit_name(Quantity quantity, bool lattice_units);

struct Bounds {
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  bool minimum_allowed = true;
};

/// One row of the parameter table: all that is known about a deck key.
struct Parameter {
  std::string path;  ///< "sample.shape.kind"; "[]" marks the items of a list
  Type type = Type::text;
  Quantity quantity = Quantity::none;
  /// As written in a deck; no value: the key may be left out and is then absent.
  std::optional<std::string> default_value = {};
  std::string doc = {};  ///< one sentence, plain
  std::vector<std::string> choices = {};
  Bounds bounds = {};
  /// The row holds only where this other key has one of these values (empty: always).
  std::string depends_on = {};
  std::vector<std::string> depends_values = {};
  std::size_t n_numbers = 0;  ///< of a vector, 0: any number of them; of names
};

/// What the rules of a deck must know of a library model.
struct ModelTraits {
  std::string name;
  int dimension = 3;  ///< 2: in the xy plane; 0: the parameter `dimension` says
  bool has_spin = false;
};

/// The library models, in the order in which they are listed.
[[nodiscard]] const std::vector<ModelTraits>& model_traits();

/// Every key of a deck, in the order of the manual. The only place where keys are declared.
[[nodiscard]] const std::vector<Parameter>& table();

/// All rows of one path (several when a key means different things to different models).
[[nodiscard]] std::vector<const Parameter*> rows_of(std::string_view path);

/// True when `path` is a mapping in a deck ("sample.shape").
[[nodiscard]] bool is_section(std::string_view path);

}  // namespace edotb::deck
