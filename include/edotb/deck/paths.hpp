#pragma once

#include "edotb/deck/deck.hpp"

#include <string>
#include <vector>

namespace edotb::deck {

/// A file that a deck reads: its key and its full path.
struct NamedFile {
  std::string key;
  std::string path;
};
[[nodiscard]] std::vector<NamedFile> named_files(const Deck& deck);

/// Throws bad_input when the deck itself, not an override, names a file outside the folder of `deck_file`,
/// symbolic links followed: who runs a stranger's deck does not want it to reach anywhere.
void check_files_inside(const Deck& deck, const std::string& deck_file);
/// The same of output.directory and the working directory.
void check_output_inside(const Deck& deck);

}  // namespace edotb::deck
