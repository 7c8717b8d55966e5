#pragma once

#include "edotb/deck/tree.hpp"

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edotb::deck {

struct YamlFault {
  int line = 0;  ///< from 1, as the column
  int column = 0;
  std::string message;
};

/// Parses text that holds one YAML document, or nothing (null); what is wrong is returned.
[[nodiscard]] std::optional<YamlFault> parse_document(const std::string& text, YAML::Node& root);

/// The document that a deck's text holds. What is wrong with the text as text or as YAML goes to
/// `problems`, and the node is null then.
[[nodiscard]] YAML::Node load_yaml(const std::string& text, const std::string& file_name,
                                   std::vector<Problem>& problems);

/// `text` fit for one line of a message: control characters as \xNN, cut at `max_bytes`.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes = 60);

/// How the node looks to a person: "'abc'", "a list", "a mapping", "nothing".
[[nodiscard]] std::string describe(const YAML::Node& node);

/// True when a scalar stands in quotes: then it is text, whatever it looks like.
[[nodiscard]] inline bool is_quoted(const YAML::Node& node) { return node.Tag() == "!"; }

}  // namespace edotb::deck
