#include "measurement_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace edotb::deck {

namespace {

int n_items(const Tree& tree, const std::string& list) {
  const auto items = tree.n_items.find(list);
  return items == tree.n_items.end() ? 0 : items->second;
}

/// Complains about the second of two names that are the same; an empty one is none.
void check_different(const Tree& tree, const Complain& complain,
                     const std::vector<std::string>& lists) {
  std::map<std::string, std::string> owners;
  for (const std::string& list : lists) {
    for (int i = 0; i < n_items(tree, list); ++i) {
      const std::string key = fmt::format("{}[{}].name", list, i);
      if (!tree.has(key) || tree.text(key).empty()) continue;
      const auto [owner, is_new] = owners.emplace(tree.text(key), key);
      if (!is_new) complain(key, fmt::format("{} has this name as well", owner->second));
    }
  }
}

void check_parity(const Tree& tree, const Complain& complain, const std::string& key) {
  if (!tree.has(key) || tree.text(key) == "none" || !tree.has("field.magnitude")) return;
  const auto& fields = tree.sweep("field.magnitude");
  for (const double field : fields) {
    if (std::find(fields.begin(), fields.end(), -field) != fields.end()) continue;
    complain(key,
             fmt::format("{} needs both signs of every field; field.magnitude has {} and not {}",
                         tree.text(key), field, -field));
    return;
  }
}

}  // namespace

void check_measurements(const Tree& tree, const Complain& complain) {
  check_different(tree, complain, {"conductor.contacts", "conductor.probes"});
  check_different(tree, complain, {"measurements"});
  for (int i = 0; i < n_items(tree, "measurements"); ++i) {
    const std::string at = fmt::format("measurements[{}].", i);
    if (tree.has(at + "name") && tree.text(at + "name").empty()) {
      complain(at + "name", "must be a name");
    }
    std::vector<std::string> used;
    const bool rim = tree.has(at + "kind") && tree.text(at + "kind") == "van_der_pauw";
    for (const char* key : {"current", "voltage"}) {
      if (!tree.has(at + key)) continue;
      if (!rim) used.clear();
      for (const std::string& name : tree.words(at + key)) {
        if (std::find(used.begin(), used.end(), name) != used.end()) {
          complain(at + key, fmt::format("{} is named twice; {} are different", name,
                                         rim ? "the four contacts" : "the two"));
        }
        used.push_back(name);
      }
    }
    check_parity(tree, complain, at + "parity");
  }
}

std::vector<Measurement> measurements_of(const Tree& tree) {
  std::vector<Measurement> measurements;
  for (int i = 0; i < n_items(tree, "measurements"); ++i) {
    const std::string at = fmt::format("measurements[{}].", i);
    Measurement measurement{tree.text(at + "name"),
                            tree.text(at + "kind"),
                            tree.words(at + "current"),
                            {},
                            tree.text(at + "parity")};
    if (tree.has(at + "voltage")) measurement.voltage = tree.words(at + "voltage");
    measurements.push_back(std::move(measurement));
  }
  return measurements;
}

}  // namespace edotb::deck
