#include "edotb/deck/comparison.hpp"

#include "edotb/base/error.hpp"
#include "edotb/deck/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>

namespace edotb::deck {

namespace {

using Leaves = std::map<std::string, YAML::Node>;  // by key path

void collect(const std::string& path, const YAML::Node& node, Leaves& leaves) {
  if (node.IsMap()) {
    for (const auto& pair : node) {
      collect((path.empty() ? "" : path + ".") + pair.first.Scalar(), pair.second, leaves);
    }
  } else if (node.IsSequence() && node.size() > 0 && node[0].IsMap()) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      collect(fmt::format("{}[{}]", path, i), node[i], leaves);
    }
  } else {
    leaves.emplace(path, node);
  }
}

Leaves leaves_of(const std::string& expanded) {
  try {
    Leaves leaves;
    collect("", YAML::Load(expanded), leaves);
    return leaves;
  } catch (const YAML::Exception& error) {
    throw bad_input(std::string("an expanded deck cannot be read: ") + error.what());
  }
}

std::string text_of(const Leaves& leaves, const std::string& path) {
  const auto found = leaves.find(path);
  if (found == leaves.end()) return "";
  YAML::Emitter emitter;
  emitter << YAML::Flow << found->second;
  return emitter.c_str();
}

std::vector<double> numbers(const Leaves& leaves, const std::string& path) {
  const auto found = leaves.find(path);
  if (found == leaves.end()) return {0.0};  // a sweep without meaning has one entry
  return found->second.as<std::vector<double>>();
}

bool fixes_results(const std::string& path) {
  const auto rows = rows_of(table_path(path));
  return rows.empty() || std::any_of(rows.begin(), rows.end(),
                                     [](const Parameter* row) { return row->fixes_results; });
}

bool contains_all(std::vector<double> values, std::vector<double> wanted) {
  std::sort(values.begin(), values.end());
  std::sort(wanted.begin(), wanted.end());
  return std::includes(values.begin(), values.end(), wanted.begin(), wanted.end());
}

Sweeps sweeps_of(const Leaves& leaves) {
  const auto realisations = leaves.find("ensemble.realisations");
  return {numbers(leaves, "field.magnitude"), numbers(leaves, "field.angle"),
          numbers(leaves, "energy"),
          realisations == leaves.end() ? 1 : realisations->second.as<std::int64_t>()};
}

/// True of a sweep of `path` that has all that it had; false of another key.
bool only_grew(const std::string& path, const Sweeps& earlier, const Sweeps& present) {
  if (path == "field.magnitude") return contains_all(present.field, earlier.field);
  if (path == "field.angle") return contains_all(present.angle, earlier.angle);
  if (path == "energy") return contains_all(present.energy, earlier.energy);
  return path == "ensemble.realisations" && present.n_realisations >= earlier.n_realisations;
}

}  // namespace

Comparison compare(const std::string& earlier, const std::string& present) {
  const Leaves then = leaves_of(earlier);
  const Leaves now = leaves_of(present);
  Comparison comparison;
  Sweeps sweeps;
  try {
    comparison.earlier = sweeps_of(then);
    sweeps = sweeps_of(now);
  } catch (const YAML::Exception& error) {
    throw bad_input(std::string("the sweeps of an expanded deck cannot be read: ") + error.what());
  }
  std::set<std::string> paths;
  for (const auto* leaves : {&then, &now}) {
    for (const auto& [path, node] : *leaves) paths.insert(path);
  }
  for (const std::string& path : paths) {
    const std::string there = text_of(then, path);
    const std::string here = text_of(now, path);
    if (there == here || !fixes_results(path)) continue;
    if (only_grew(path, comparison.earlier, sweeps)) continue;
    const auto or_absent = [](const std::string& text) { return text.empty() ? "absent" : text; };
    comparison.differences.push_back(
        fmt::format("{}: {} there; {} here", path, or_absent(there), or_absent(here)));
  }
  return comparison;
}

}  // namespace edotb::deck
