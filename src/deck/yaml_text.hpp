#pragma once

#include "edotb/deck/tree.hpp"

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <vector>

namespace edotb::deck {

/// The one YAML document that a deck's text holds (null when it holds nothing). What is wrong with
/// the text as text or as YAML goes to `problems`, and the node is null then.
[[nodiscard]] YAML::Node load_yaml(const std::string& text, const std::string& file_name,
                                   std::vector<Problem>& problems);

/// Put after a text it makes yaml-cpp refuse a quote that is not closed, which else swallows the rest.
inline constexpr const char* end_mark = "\n...\n";

/// `text` fit for one line of a message: control characters as \xNN, cut at `max_bytes`.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes = 60);

/// How the node looks to a person: "'abc'", "a list", "a mapping", "nothing".
[[nodiscard]] std::string describe(const YAML::Node& node);

/// True when a scalar stands in quotes: then it is text, whatever it looks like.
[[nodiscard]] inline bool is_quoted(const YAML::Node& node) { return node.Tag() == "!"; }

}  // namespace edotb::deck
