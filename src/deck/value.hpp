#pragma once

#include "edotb/deck/tree.hpp"

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <vector>

namespace edotb::deck {

/// The value of `node` as `row` wants it, or nothing, with the reasons in `complaints`.
[[nodiscard]] std::optional<Value> parse_value(const Parameter& row, const YAML::Node& node,
                                               bool lattice_units,
                                               std::vector<std::string>& complaints);

/// How the node looks to a person: "text 'abc'", "a list", "a mapping", "nothing".
[[nodiscard]] std::string describe(const YAML::Node& node);

}  // namespace edotb::deck
