#include "output_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::deck {

void check_output(const Tree& tree, const Complain& complain) {
  if (tree.has("output.directory") && tree.text("output.directory").empty()) {
    complain("output.directory", "must name a folder");
  }
  for (const char* key : {"output.observables", "output.resolve", "output.sites"}) {
    if (!tree.has(key)) return;  // wrong in itself, which was said
  }
  const auto& names = tree.words("output.observables");
  const auto wants = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const std::string& resolve = tree.text("output.resolve");
  if (wants("resolved_transmission") && resolve == "none") {
    complain("output.resolve",
             "resolved_transmission needs to know by what: give spin_z, orbital, "
             "valley or another choice");
  }
  if (resolve != "none" && tree.has("sample.system_file")) {
    complain("output.resolve",
             "a system file does not tell spin, orbitals or directions of its leads; remove it");
  }
  if (resolve != "none" && !wants("resolved_transmission") && !wants("s_matrix") &&
      !wants("scattering_states")) {
    complain("output.resolve",
             "needs output.observables: resolved_transmission, s_matrix or "
             "scattering_states; nothing else tells channels apart");
  }
  const auto& sites = tree.sweep("output.sites");
  for (const double site : sites) {
    if (site == std::floor(site)) continue;
    complain("output.sites", fmt::format("the number of a site is whole, found {}", site));
    break;
  }
  if (wants("green") && sites.empty()) {
    complain("output.sites", "green needs the sites between which to write Green functions");
  }
  if (!wants("green") && !sites.empty()) {
    complain("output.sites", "needs output.observables: green");
  }
  if (tree.has("output.voltages") && !tree.sweep("output.voltages").empty() && !wants("noise") &&
      !wants("currents")) {
    complain("output.voltages", "needs output.observables: noise or currents");
  }
}

ObservableOptions observables_of(const Tree& tree) {
  ObservableOptions options;
  options.names = tree.words("output.observables");
  options.resolve = tree.text("output.resolve");
  options.voltages = tree.sweep("output.voltages");
  for (const double site : tree.sweep("output.sites")) {
    options.sites.push_back(static_cast<std::int64_t>(site));
  }
  options.max_gigabytes = tree.number("output.max_gigabytes");
  return options;
}

}  // namespace edotb::deck
