#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

namespace edotb::deck {

/// An override as the command line gives it, "sample.disorder[0].width=2".
struct Override {
  std::string path;   ///< what stands before the '='
  std::string value;  ///< YAML
};

/// Cuts "path=value" at the first '='; an empty path when there is none.
[[nodiscard]] Override split_override(const std::string& text);

/// Puts the value into the deck, replacing what stands there. Returns why that is not possible, or "".
[[nodiscard]] std::string apply_override(YAML::Node& root, const Override& change);

}  // namespace edotb::deck
