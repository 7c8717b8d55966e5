#pragma once

#include "edotb/deck/table.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace edotb::deck {

/// Where a value was written: "deck.yaml:7:3", or "--set field.angle" for an override.
struct Location {
  std::string file;
  int line = 0;  ///< from 1; 0 when the value came from elsewhere
  int column = 0;
  [[nodiscard]] std::string text() const;
};

/// One thing that is wrong with a deck.
struct Problem {
  Location location;
  std::string path;
  std::string message;
};

using Value =
    std::variant<std::string, std::int64_t, double, std::vector<double>, std::vector<std::string>>;

/// A checked value of one key.
struct Entry {
  const Parameter* row = nullptr;
  Value value;
  Location location;
  bool given = false;  ///< false: the table's default
};

/// A deck as a flat map from key path ("sample.disorder[0].width") to checked value, defaults filled
/// in. Only keys that apply are present.
class Tree {
 public:
  /// True of a key in `without_meaning`; the expanded deck leaves it out.
  [[nodiscard]] bool is_without_meaning(const std::string& path) const;
  [[nodiscard]] bool has(const std::string& path) const { return entries.contains(path); }
  [[nodiscard]] bool given(const std::string& path) const;
  [[nodiscard]] const std::string& text(const std::string& path) const;
  [[nodiscard]] std::int64_t integer(const std::string& path) const;
  [[nodiscard]] double number(const std::string& path) const;
  [[nodiscard]] const std::vector<double>& sweep(const std::string& path) const;
  [[nodiscard]] const std::vector<std::string>& words(const std::string& path) const;
  /// The place of a key, or of the innermost section around it when the deck does not give the key.
  [[nodiscard]] Location where(std::string path) const;

  std::map<std::string, Entry> entries;
  std::map<std::string, int> n_items;  ///< of each list of mappings
  /// Keys, or starts of keys, that the engine or the model of this deck does not look at.
  std::vector<std::string> without_meaning;
  std::map<std::string, Location> sections;  ///< of mappings and list items; "" is the deck
  /// Keys that the deck gives but no row can judge, because the key they depend on is not there.
  std::map<std::string, Location> undecided;
  bool lattice_units = false;
};

/// Reads YAML `text`, applies the overrides ("key.path=value") and checks every value against its
/// row of the table. What is wrong goes to `problems`; the tree holds what is right.
[[nodiscard]] Tree read_tree(const std::string& text, const std::string& file_name,
                             const std::vector<std::string>& overrides,
                             std::vector<Problem>& problems);

/// The known key path nearest to `path`, or "" when none is near. Distance: insertions, deletions,
/// substitutions and swaps of neighbours (optimal string alignment).
[[nodiscard]] std::string nearest_path(const std::string& path);

/// "sample.disorder[3].kind" -> "sample.disorder[].kind": the path as the table writes it.
[[nodiscard]] std::string table_path(const std::string& path);

/// The deck with every default written out, as YAML that reads back to the same tree.
[[nodiscard]] std::string expanded_yaml(const Tree& tree);

}  // namespace edotb::deck
