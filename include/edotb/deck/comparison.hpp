#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace edotb::deck {

/// The points of a deck: the values of its sweeps and the number of realisations.
struct Sweeps {
  std::vector<double> field;
  std::vector<double> angle;
  std::vector<double> energy;
  std::int64_t n_realisations = 1;
};

/// How a deck differs from an earlier one whose results it is to take over.
struct Comparison {
  /// One line for each key that fixes results and differs: "key: value there; value here". A sweep that
  /// only has more values, or more realisations, is no difference.
  std::vector<std::string> differences;
  Sweeps earlier;
};

/// Compares two expanded decks. Throws bad_input when the earlier one is not YAML.
[[nodiscard]] Comparison compare(const std::string& earlier, const std::string& present);

}  // namespace edotb::deck
