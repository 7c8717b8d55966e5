#pragma once

#include "edotb/deck/tree.hpp"

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <vector>

namespace edotb::deck {

/// What is wrong with a value, and in which part of it: `below` is "", "[2]" or ".count".
struct Complaint {
  YAML::Node node;
  std::string below;
  std::string message;
};

/// The value of `node` as `row` wants it, or nothing, with the reasons in `complaints`.
[[nodiscard]] std::optional<Value> parse_value(const Parameter& row, const YAML::Node& node,
                                               bool lattice_units,
                                               std::vector<Complaint>& complaints);

}  // namespace edotb::deck
