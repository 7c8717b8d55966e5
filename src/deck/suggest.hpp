#pragma once

#include <string>
#include <vector>

namespace edotb::deck {

/// The word of `words` that `word` is most likely a slip of, or "".
[[nodiscard]] std::string nearest_word(const std::string& word,
                                       const std::vector<std::string>& words);

/// The keys that stand directly in a section, or at the top for "", in the table's order.
[[nodiscard]] std::vector<std::string> keys_of_section(const std::string& section);

/// What to write instead of an unknown key: "did you mean field.angle?", or the keys there are.
[[nodiscard]] std::string advice_for_unknown_key(const std::string& path);

/// Where names of one's own go, for a key that stands in the section of a mapping of free names:
/// " (numbers of a formula go below sample.model.parameters)", or "".
[[nodiscard]] std::string advice_for_free_name(const std::string& path);

}  // namespace edotb::deck
