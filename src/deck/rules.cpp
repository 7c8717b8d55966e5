#include "rules.hpp"

#include "conductor_rules.hpp"
#include "fill_sample.hpp"
#include "measurement_rules.hpp"
#include "output_rules.hpp"
#include "shape_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace edotb::deck {

namespace {

/// The rules that no single row of the table can state: which keys go together.
class Rules {
 public:
  Rules(Tree& tree, std::vector<Problem>& problems) : tree_(tree), problems_(problems) {}

  void check() {
    check_conductor(tree_, [&](const std::string& path, const std::string& message) {
      complain(path, message);
    });
    if (is_continuum(tree_)) {
      // its sample is the section conductor
    } else if (tree_.has("sample.system_file")) {
      check_system_file();
    } else {
      check_model();
    }
    check_bands();
    check_precision();
    check_ranks_per_point();
    check_dephasing();
    check_number_of_points();
    check_until();
    check_measurements(tree_, [&](const std::string& path, const std::string& message) {
      complain(path, message);
    });
    check_output(tree_, [&](const std::string& path, const std::string& message) {
      complain(path, message);
    });
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

  void check_bands() {
    if (!tree_.has("bands.kind")) return;
    const std::string& kind = tree_.text("bands.kind");
    const int n_corners = n_items("bands.path");
    if (n_corners > 0 && kind != "bulk" && kind != "surface") {
      complain("bands.path", fmt::format("bands.kind {} has no path", kind));
    } else if (n_corners == 1) {
      complain("bands.path", "a path has two corners or more");
    }
    if (tree_.has("bands.window")) {
      const auto& window = tree_.sweep("bands.window");
      if (window[0] >= window[1])
        complain("bands.window", "the first energy must be the lower one");
    }
    std::optional<std::array<int, 3>> normal;
    if (tree_.has("bands.normal")) {
      normal = parse_direction(tree_.text("bands.normal"));
      if (!normal) {
        complain("bands.normal",
                 "expected +x, -x, +y, -y, +z, -z or three whole numbers, not all 0");
      }
    }
    const bool has_model = !tree_.has("sample.system_file") && tree_.has("sample.model.name");
    const std::string planar = has_model ? planar_model() : "";
    if (planar.empty()) return;
    if (tree_.has("bands.axis") && tree_.text("bands.axis") != "z") {
      complain("bands.axis", fmt::format("{} lies in the xy plane; its field is along z", planar));
    }
    if (normal && (*normal)[2] != 0) {
      complain("bands.normal",
               fmt::format("{} lies in the xy plane; its edges are across directions "
                           "without z",
                           planar));
    }
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
    if (solver == "dense") {
      complain(key, "dense works on one rank; take solver: multifrontal or mumps");
    } else if (tree_.text("engine.precision") == "mixed") {
      complain(key, "mixed precision keeps the factor, on one rank; take double or single");
    }
  }

  void check_dephasing() {
    const auto is_positive = [&](const char* key) {
      return tree_.has(key) && tree_.number(key) > 0.0;
    };
    const bool grows = is_positive("dephasing.coefficient");
    if (grows && tree_.has("temperature") && tree_.sweep("temperature").empty()) {
      complain("dephasing.coefficient",
               "needs temperature, which is empty; take dephasing.rate at zero temperature");
    }
    if (!grows && !is_positive("dephasing.rate")) return;
    if (tree_.has("output.observables") && !tree_.words("output.observables").empty()) {
      complain("output.observables",
               "are those of electrons that keep their phase; remove them, or dephasing");
    }
    if (!tree_.has("engine.solver") || !tree_.has("engine.precision")) return;
    const std::string& solver = tree_.text("engine.solver");
    if (solver != "auto" && solver != "mumps") {
      complain("engine.solver",
               fmt::format("{} cannot solve with dephasing; take auto or mumps", solver));
    }
    if (tree_.text("engine.precision") != "double") {
      complain("engine.precision", "dephasing works in double precision only");
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

  void check_until() {
    for (const char* key :
         {"ensemble.realisations", "ensemble.until.relative_error", "ensemble.until.absolute_error",
          "ensemble.until.minimum", "ensemble.until.each"}) {
      if (!tree_.has(key)) return;
    }
    const auto minimum = tree_.integer("ensemble.until.minimum");
    const auto maximum = tree_.integer("ensemble.realisations");
    const bool has_target = tree_.number("ensemble.until.relative_error") > 0.0 ||
                            tree_.number("ensemble.until.absolute_error") > 0.0;
    if (has_target && maximum < minimum) {
      complain("ensemble.realisations",
               fmt::format("is the most that a point may take: with ensemble.until at least its "
                           "minimum, {}; found {}",
                           minimum, maximum));
    }
    const std::int64_t default_minimum = UntilOptions().minimum;
    if (!has_target && minimum != default_minimum) {
      complain("ensemble.until.minimum", "needs relative_error or absolute_error");
    }
    if (!has_target && tree_.text("ensemble.until.each") != "point") {
      complain("ensemble.until.each", "needs relative_error or absolute_error");
    }
  }

  void check_system_file() {
    if (tree_.text("sample.system_file").empty())
      complain("sample.system_file", "must name a file");
    const std::string no_meaning =
        "has no meaning with sample.system_file, whose Hamiltonian is complete; remove one of the "
        "two";
    const std::vector<std::string> foreign = {"sample.model.", "sample.shape.", "sample.leads.",
                                              "sample.contacts", "sample.regions"};
    const int n_terms = n_items("sample.disorder");
    // These may stand in the deck as long as they ask for nothing.
    std::vector<std::string> idle = {"field."};
    if (n_terms == 0) idle.emplace_back("ensemble.");
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
    for (const auto& [path, location] : tree_.undecided) {
      if (!path.starts_with("measurements")) complain(path, no_meaning);
    }
    std::erase_if(tree_.n_items, [](const auto& list) {
      return list.first != "sample.disorder" && list.first != "measurements";
    });
    for (int i = 0; i < n_terms; ++i) check_term_of_system(fmt::format("sample.disorder[{}].", i));
  }

  /// A random term on a ready-made system may use its sites and bonds, all there is.
  void check_term_of_system(const std::string& at) {
    if (tree_.has(at + "kind")) {
      const std::string& kind = tree_.text(at + "kind");
      if (kind != "anderson" && kind != "vacancies" && kind != "hopping_phases") {
        complain(at + "kind", fmt::format("{} needs a model, which sample.system_file does not "
                                          "have; take anderson, vacancies or hopping_phases",
                                          kind));
      }
    }
    if (tree_.has(at + "where") && tree_.text(at + "where") != "all") {
      complain(at + "where", "a system file has no lattice to tell its surface; take all");
    }
  }

  [[nodiscard]] int n_items(const std::string& list) const {
    const auto items = tree_.n_items.find(list);
    return items == tree_.n_items.end() ? 0 : items->second;
  }

  /// True for a field, an angle or an ensemble that a ready-made system cannot give.
  static bool asks_for_something(const std::pair<const std::string, Entry>& entry) {
    const auto& [path, content] = entry;
    if (path == "ensemble.realisations") return std::get<std::int64_t>(content.value) > 1;
    if (path == "ensemble.until.relative_error" || path == "ensemble.until.absolute_error") {
      return std::get<double>(content.value) > 0.0;
    }
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
    check_shape(
        tree_, problems_, planar_model(),
        [&](const std::string& path, const std::string& message) { complain(path, message); });
    if (tree_.lattice_units && tree_.given("sample.model.lattice_constant") &&
        tree_.number("sample.model.lattice_constant") != 1.0) {
      complain("sample.model.lattice_constant", "is 1 in lattice units; remove it");
    }
    const std::string& model = tree_.text("sample.model.name");
    if (!traits_of(model).has_spin && tree_.has("field.g_factor") &&
        tree_.number("field.g_factor") != 0.0) {
      complain("field.g_factor", fmt::format("{} has no spin for a Zeeman term to act on", model));
    }
    check_disorder();
    check_formula();
    check_wannier90();
    check_ramp();
  }

  void check_wannier90() {
    if (tree_.text("sample.model.name") != "wannier90") return;
    tree_.without_meaning.emplace_back("sample.model.lattice_constant");
    if (tree_.has("sample.model.file") && tree_.text("sample.model.file").empty()) {
      complain("sample.model.file", "the model wannier90 needs a file, seedname_hr.dat");
    }
    if (tree_.given("sample.model.lattice_constant") && !tree_.lattice_units) {
      complain("sample.model.lattice_constant",
               "has no meaning with wannier90, whose files have the unit cell; remove it");
    }
    const bool has_win = tree_.has("sample.model.win") && !tree_.text("sample.model.win").empty();
    const bool has_cell = tree_.has("sample.model.cell");
    if (has_win == has_cell) {
      complain(has_cell ? "sample.model.cell" : "sample.model.win",
               has_cell ? "the unit cell is given twice, by win and by cell; remove one of the two"
                        : "the unit cell is missing; give win, or cell");
    }
  }

  void check_disorder() {
    for (int i = 0; i < n_items("sample.disorder"); ++i) {
      const std::string at = fmt::format("sample.disorder[{}].", i);
      if (!tree_.has(at + "kind") || tree_.text(at + "kind") != "magnetic") continue;
      const std::string& model = tree_.text("sample.model.name");
      if (!traits_of(model).has_spin) {
        complain(at + "kind", fmt::format("{} has no spin for moments to act on", model));
      }
      if (!tree_.has(at + "moments") || tree_.text(at + "moments") != "quantum") continue;
      if (!tree_.has(at + "spin")) continue;
      const double twice = 2.0 * tree_.number(at + "spin");
      if (twice != std::round(twice)) {
        complain(at + "spin",
                 fmt::format("a quantum spin is 1/2, 1, 3/2, ...; found {}", 0.5 * twice));
      }
    }
  }

  void check_formula() {
    const std::string key = "sample.model.formula";
    if (tree_.has(key) && tree_.text(key).empty()) {
      complain(key, fmt::format("the model {} needs a formula", tree_.text("sample.model.name")));
    }
    for (const auto& [path, entry] : tree_.entries) {
      if (!entry.row->path.ends_with(".*")) continue;
      const std::string name = path.substr(path.rfind('.') + 1);
      const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      };
      const bool is_word =
          is_letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
            return is_letter(c) || (c >= '0' && c <= '9');
          });
      if (!is_word) complain(path, "the name of a parameter is letters, digits and _");
    }
  }

  /// The name of a model in the xy plane, or "".
  [[nodiscard]] std::string planar_model() const {
    const std::string& model = tree_.text("sample.model.name");
    auto dimension = static_cast<std::int64_t>(traits_of(model).dimension);
    if (dimension == 0 && tree_.has("sample.model.dimension")) {
      dimension = tree_.integer("sample.model.dimension");
    }
    return dimension == 2 ? model : "";
  }

  void check_ramp() {
    if (!tree_.has("field.ramp") || tree_.integer("field.ramp") == 0) return;
    const auto ramp = tree_.integer("field.ramp");
    if (tree_.has("field.where") && tree_.text("field.where") != "device") {
      complain("field.ramp", "needs field.where: device; a field that is everywhere has no end");
    }
    const bool is_bar = tree_.has("sample.shape.kind") && tree_.text("sample.shape.kind") == "bar";
    if (is_bar && tree_.has("sample.shape.length") &&
        2 * ramp > tree_.integer("sample.shape.length")) {
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

  Tree& tree_;
  std::vector<Problem>& problems_;
};

}  // namespace

void check_rules(Tree& tree, std::vector<Problem>& problems) { Rules(tree, problems).check(); }

}  // namespace edotb::deck
