#include "edotb/deck/deck.hpp"

#include "conductor_rules.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/text_file.hpp"
#include "fill_sample.hpp"
#include "measurement_rules.hpp"
#include "output_rules.hpp"
#include "rules.hpp"
#include "yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <tuple>

namespace edotb::deck {

namespace {

constexpr std::uintmax_t max_deck_bytes = 1U << 20U;

[[noreturn]] void refuse(std::vector<Problem> problems) {
  // In the order of the file; overrides have no line and come last.
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tuple(a.location.line == 0, a.location.line, a.location.column) <
           std::tuple(b.location.line == 0, b.location.line, b.location.column);
  });
  constexpr std::size_t max_shown = 50;
  constexpr std::size_t max_path = 200;
  std::string message;
  for (std::size_t i = 0; i < std::min(problems.size(), max_shown); ++i) {
    const Problem& problem = problems[i];
    message += problem.location.text() + ": ";
    const bool said = problem.location.file == "--set " + problem.path;
    if (!problem.path.empty() && !said) message += printable(problem.path, max_path) + ": ";
    message += problem.message + "\n";
  }
  if (problems.size() > max_shown) {
    message += fmt::format("... and {} more\n", problems.size() - max_shown);
  }
  message += fmt::format("{} problem{} in the deck; nothing was started", problems.size(),
                         problems.size() == 1 ? "" : "s");
  throw bad_input(message);
}

}  // namespace

Deck parse_deck(const std::string& text, const std::string& file_name,
                const std::vector<std::string>& overrides) {
  std::vector<Problem> problems;
  Tree tree = read_tree(text, file_name, overrides, problems);
  if (!tree.entries.empty()) check_rules(tree, problems);
  if (!problems.empty()) refuse(std::move(problems));

  Deck deck;
  deck.title = tree.text("title");
  deck.sample_name = tree.text("sample_name");
  deck.lattice_units = tree.lattice_units;
  deck.energy = tree.sweep("energy");
  deck.thermal.temperature = tree.sweep("temperature");
  deck.thermal.tolerance = tree.number("thermal.tolerance");
  deck.thermal.max_energies = tree.integer("thermal.max_energies");
  deck.dephasing.probe_size = tree.number("dephasing.probe_size");
  deck.dephasing.rate = tree.number("dephasing.rate");
  deck.dephasing.coefficient = tree.number("dephasing.coefficient");
  deck.dephasing.power = tree.number("dephasing.power");
  deck.solver = tree.text("engine.solver");
  deck.precision = tree.text("engine.precision");
  if (tree.has("engine.single_error")) deck.single_error = tree.number("engine.single_error");
  deck.lead_method = tree.text("engine.leads");
  deck.n_threads = static_cast<int>(tree.integer("engine.threads"));
  deck.may_share_points = !tree.has("engine.ranks_per_point");
  if (!deck.may_share_points) {
    deck.ranks_per_point = static_cast<int>(tree.integer("engine.ranks_per_point"));
  }
  deck.output_directory = tree.text("output.directory");
  deck.bands = band_options(tree);
  deck.observables = observables_of(tree);
  deck.measurements = measurements_of(tree);
  deck.source = text;
  deck.expanded = expanded_yaml(tree);
  for (const auto& [path, entry] : tree.entries) deck.locations[path] = tree.where(path).text();
  const std::filesystem::path folder = std::filesystem::path(file_name).parent_path();
  if (is_continuum(tree)) {
    deck.conductor = conductor_of(tree, folder);
    deck.field.magnitude = tree.sweep("field.magnitude");
    deck.field.angle = tree.sweep("field.angle");
    deck.field.azimuth = tree.number("field.azimuth");
  } else if (tree.has("sample.system_file")) {
    fill_system(tree, folder, deck);
  } else {
    fill_sample(tree, folder, deck);
  }
  return deck;
}

double DephasingOptions::at(double temperature) const {
  return rate + coefficient * std::pow(temperature, power);
}

std::string Deck::where(const std::string& path) const {
  const auto found = locations.find(path);
  return found == locations.end() ? path : found->second + ": " + path;
}

std::string read_deck_file(const std::string& path) { return read_text_file(path, max_deck_bytes); }

}  // namespace edotb::deck
