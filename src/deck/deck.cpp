#include "edotb/deck/deck.hpp"

#include "edotb/base/error.hpp"
#include "yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <tuple>

namespace edotb::deck {

namespace {

constexpr std::uintmax_t max_deck_bytes = 1U << 20U;

/// The rules that no single row of the table can state: which keys go together.
class Rules {
 public:
  Rules(Tree& tree, std::vector<Problem>& problems) : tree_(tree), problems_(problems) {}

  void check() {
    if (tree_.has("sample.system_file")) {
      check_system_file();
    } else {
      check_model();
    }
    if (tree_.has("temperature") && !tree_.sweep("temperature").empty()) {
      complain(
          "temperature",
          "this version computes zero temperature only; leave the list empty and sweep energy");
    }
    if (tree_.has("output.directory") && tree_.text("output.directory").empty()) {
      complain("output.directory", "must name a folder");
    }
    check_precision();
    check_ranks_per_point();
    check_number_of_points();
  }

 private:
  void complain(const std::string& path, const std::string& message) {
    const auto undecided = tree_.undecided.find(path);
    problems_.push_back({undecided != tree_.undecided.end() ? undecided->second : tree_.where(path),
                         path, message});
  }

  static const ModelTraits& traits_of(const std::string& name) {
    const auto& models = model_traits();
    return *std::find_if(models.begin(), models.end(),
                         [&](const ModelTraits& model) { return model.name == name; });
  }

  void check_precision() {
    const bool has_both = tree_.has("engine.precision") && tree_.has("engine.solver");
    if (!has_both || tree_.text("engine.precision") == "double") return;
    const std::string& solver = tree_.text("engine.solver");
    if (solver == "auto" || solver == "multifrontal") return;
    complain("engine.precision", fmt::format("{} works in double precision only; take solver: "
                                             "multifrontal, or precision: double",
                                             solver));
  }

  void check_ranks_per_point() {
    const std::string key = "engine.ranks_per_point";
    if (!tree_.has(key) || tree_.integer(key) == 1) return;
    if (!tree_.has("engine.solver") || !tree_.has("engine.precision")) return;
    const std::string& solver = tree_.text("engine.solver");
    if (solver != "auto" && solver != "mumps") {
      complain(key,
               fmt::format("{} works on one rank; take solver: mumps, or engine.threads", solver));
    } else if (tree_.text("engine.precision") != "double") {
      complain(key, "several ranks work in double precision only");
    }
  }

  void check_number_of_points() {
    constexpr double max_points = 1e8;
    double n_points = tree_.has("ensemble.realisations")
                          ? static_cast<double>(tree_.integer("ensemble.realisations"))
                          : 1.0;
    std::string longest = "ensemble.realisations";
    double longest_size = n_points;
    for (const char* key : {"field.magnitude", "field.angle", "energy"}) {
      if (!tree_.has(key)) continue;
      const auto size = static_cast<double>(tree_.sweep(key).size());
      n_points *= size;
      if (size > longest_size) {
        longest = key;
        longest_size = size;
      }
    }
    if (n_points > max_points) {
      complain(longest, fmt::format("the sweeps and realisations make {:.3g} points, more than the "
                                    "{:.0e} that one results file holds",
                                    n_points, max_points));
    }
  }

  void check_system_file() {
    if (tree_.text("sample.system_file").empty())
      complain("sample.system_file", "must name a file");
    const std::string no_meaning =
        "has no meaning with sample.system_file, whose Hamiltonian is complete; remove one of the "
        "two";
    const std::vector<std::string> foreign = {"sample.model.", "sample.shape.", "sample.disorder",
                                              "sample.leads."};
    // These may stand in the deck as long as they ask for nothing.
    const std::vector<std::string> idle = {"field.", "ensemble."};
    for (auto entry = tree_.entries.begin(); entry != tree_.entries.end();) {
      const auto is_below = [&](const std::string& prefix) {
        return entry->first.starts_with(prefix);
      };
      const bool is_foreign = std::any_of(foreign.begin(), foreign.end(), is_below);
      const bool is_idle = std::any_of(idle.begin(), idle.end(), is_below);
      if (entry->second.given && (is_foreign || (is_idle && asks_for_something(*entry)))) {
        complain(entry->first, no_meaning);
      }
      entry = is_foreign || is_idle ? tree_.entries.erase(entry) : std::next(entry);
    }
    for (const auto& [path, location] : tree_.undecided) complain(path, no_meaning);
    tree_.n_items.clear();
  }

  /// True for a field, an angle or an ensemble that a ready-made system cannot give.
  static bool asks_for_something(const std::pair<const std::string, Entry>& entry) {
    const auto& [path, content] = entry;
    if (path == "ensemble.realisations") return std::get<std::int64_t>(content.value) > 1;
    if (path == "field.g_factor") return std::get<double>(content.value) != 0.0;
    if (path == "field.angle") return std::get<std::vector<double>>(content.value).size() > 1;
    if (path != "field.magnitude") return false;
    return std::get<std::vector<double>>(content.value) != std::vector<double>{0.0};
  }

  void check_model() {
    if (!tree_.has("sample.model.name")) {
      const bool attempted = std::any_of(problems_.begin(), problems_.end(), [](const Problem& p) {
        return p.path == "sample.model.name" || p.path == "sample.model" || p.path == "sample";
      });
      if (!attempted) complain("sample.model.name", "give a model, or sample.system_file");
      return;
    }
    check_extents();
    if (tree_.lattice_units && tree_.given("sample.model.lattice_constant") &&
        tree_.number("sample.model.lattice_constant") != 1.0) {
      complain("sample.model.lattice_constant", "is 1 in lattice units; remove it");
    }
    const std::string& model = tree_.text("sample.model.name");
    if (!traits_of(model).has_spin && tree_.has("field.g_factor") &&
        tree_.number("field.g_factor") != 0.0) {
      complain("field.g_factor", fmt::format("{} has no spin for a Zeeman term to act on", model));
    }
    check_ramp();
  }

  void check_ramp() {
    if (!tree_.has("field.ramp") || tree_.integer("field.ramp") == 0) return;
    const auto ramp = tree_.integer("field.ramp");
    if (tree_.has("field.where") && tree_.text("field.where") != "device") {
      complain("field.ramp", "needs field.where: device; a field that is everywhere has no end");
    }
    if (tree_.has("sample.shape.length") && 2 * ramp > tree_.integer("sample.shape.length")) {
      complain("field.ramp",
               fmt::format("two ramps of {} cells do not fit into sample.shape.length {}", ramp,
                           tree_.integer("sample.shape.length")));
    }
    if (tree_.has("sample.shape.boundary") && tree_.text("sample.shape.boundary") == "periodic") {
      complain("field.ramp",
               "does not go with sample.shape.boundary: periodic: on a torus every slice needs a "
               "whole number of flux quanta, and a field that rises has none");
    }
  }

  void check_extents() {
    const std::vector<std::string> keys = {"length", "width", "thickness"};
    double n_cells = 1.0;
    for (const auto& key : keys) {
      if (!tree_.has("sample.shape." + key)) return;
      n_cells *= static_cast<double>(tree_.integer("sample.shape." + key));
    }
    constexpr double max_device_cells = 2e8;
    if (n_cells > max_device_cells) {
      complain("sample.shape.length",
               fmt::format("length x width x thickness is {:.3g} cells, more "
                           "than {:.0g}",
                           n_cells, max_device_cells));
    }
    const std::string& model = tree_.text("sample.model.name");
    auto dimension = static_cast<std::int64_t>(traits_of(model).dimension);
    if (dimension == 0 && tree_.has("sample.model.dimension")) {
      dimension = tree_.integer("sample.model.dimension");
    }
    if (dimension != 2 || !tree_.has("sample.shape.axis")) return;
    const auto axis = static_cast<std::size_t>(tree_.text("sample.shape.axis").front() - 'x');
    // Extent number (z - axis) runs along z, across the plane of the model.
    const std::string along_z = "sample.shape." + keys[(2 + 3 - axis) % 3];
    if (axis == 2) {
      complain("sample.shape.axis",
               fmt::format("{} is two-dimensional, in the xy plane: the current "
                           "flows along x or y",
                           model));
    } else if (tree_.integer(along_z) != 1) {
      complain(along_z,
               fmt::format("{} is two-dimensional, in the xy plane: the extent along z must "
                           "be 1 (axis {}: width along {}, thickness along {})",
                           model, "xyz"[axis], "xyz"[(axis + 1) % 3], "xyz"[(axis + 2) % 3]));
    }
  }

  Tree& tree_;
  std::vector<Problem>& problems_;
};

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

ModelChoice model_of(const Tree& tree) {
  ModelChoice model;
  model.name = tree.text("sample.model.name");
  const std::string prefix = "sample.model.";
  for (const auto& [path, entry] : tree.entries) {
    if (!path.starts_with(prefix) || path == "sample.model.name") continue;
    if (path == "sample.model.lattice_constant") {
      model.lattice_constant = tree.lattice_units ? 1.0 : std::get<double>(entry.value);
      continue;
    }
    const auto* integer = std::get_if<std::int64_t>(&entry.value);
    model.parameters[path.substr(prefix.size())] =
        integer != nullptr ? static_cast<double>(*integer) : std::get<double>(entry.value);
  }
  return model;
}

void fill_sample(const Tree& tree, Deck& deck) {
  deck.model = model_of(tree);
  deck.shape.axis = tree.text("sample.shape.axis").front() - 'x';
  deck.shape.length = static_cast<int>(tree.integer("sample.shape.length"));
  deck.shape.width = static_cast<int>(tree.integer("sample.shape.width"));
  deck.shape.thickness = static_cast<int>(tree.integer("sample.shape.thickness"));
  deck.shape.periodic = tree.text("sample.shape.boundary") == "periodic";
  if (const auto items = tree.n_items.find("sample.disorder"); items != tree.n_items.end()) {
    for (int i = 0; i < items->second; ++i) {
      deck.anderson_widths.push_back(tree.number(fmt::format("sample.disorder[{}].width", i)));
    }
  }
  deck.leads.potential = tree.number("sample.leads.potential");
  const std::string lead_prefix = "sample.leads.model.";
  for (const auto& [path, entry] : tree.entries) {
    if (path.starts_with(lead_prefix)) {
      deck.leads.parameters[path.substr(lead_prefix.size())] = std::get<double>(entry.value);
    }
  }
  deck.field.magnitude = tree.sweep("field.magnitude");
  deck.field.angle = tree.sweep("field.angle");
  deck.field.azimuth = tree.number("field.azimuth");
  deck.field.everywhere = tree.text("field.where") == "everywhere";
  deck.field.ramp = static_cast<int>(tree.integer("field.ramp"));
  deck.field.g_factor = tree.number("field.g_factor");
  deck.ensemble.n_realisations = tree.integer("ensemble.realisations");
  deck.ensemble.seed = static_cast<std::uint64_t>(tree.integer("ensemble.seed"));
}

}  // namespace

Deck parse_deck(const std::string& text, const std::string& file_name,
                const std::vector<std::string>& overrides) {
  std::vector<Problem> problems;
  Tree tree = read_tree(text, file_name, overrides, problems);
  if (!tree.entries.empty()) Rules(tree, problems).check();
  if (!problems.empty()) refuse(std::move(problems));

  Deck deck;
  deck.title = tree.text("title");
  deck.lattice_units = tree.lattice_units;
  deck.energy = tree.sweep("energy");
  deck.solver = tree.text("engine.solver");
  deck.precision = tree.text("engine.precision");
  deck.lead_method = tree.text("engine.leads");
  deck.n_threads = static_cast<int>(tree.integer("engine.threads"));
  deck.ranks_per_point = static_cast<int>(tree.integer("engine.ranks_per_point"));
  deck.output_directory = tree.text("output.directory");
  deck.source = text;
  deck.expanded = expanded_yaml(tree);
  for (const auto& [path, entry] : tree.entries) deck.locations[path] = tree.where(path).text();
  if (tree.has("sample.system_file")) {
    const std::filesystem::path folder = std::filesystem::path(file_name).parent_path();
    deck.system_file = (folder / tree.text("sample.system_file")).lexically_normal().string();
    deck.field.magnitude = {0.0};
    deck.field.angle = {0.0};
  } else {
    fill_sample(tree, deck);
  }
  return deck;
}

std::string Deck::where(const std::string& path) const {
  const auto found = locations.find(path);
  return found == locations.end() ? path : found->second + ": " + path;
}

std::string read_deck_file(const std::string& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (error) throw bad_input(path + ": the deck cannot be read: " + error.message());
  if (bytes > max_deck_bytes) {
    throw bad_input(fmt::format("{}: a deck has at most {} bytes; this file has {}", path,
                                max_deck_bytes, bytes));
  }
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw bad_input(path + ": the deck cannot be read");
  return text.str();
}

}  // namespace edotb::deck
