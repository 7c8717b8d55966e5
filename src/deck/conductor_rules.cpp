#include "conductor_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace edotb::deck {

namespace {

const std::string at = "conductor.";

int n_items(const Tree& tree, const std::string& list) {
  const auto items = tree.n_items.find(list);
  return items == tree.n_items.end() ? 0 : items->second;
}

/// Complains about every given key below the prefixes and takes all of them out of the tree.
void drop(Tree& tree, const Complain& complain, const std::vector<std::string>& prefixes,
          const std::string& why) {
  const auto is_below = [&](const std::string& path) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const std::string& prefix) { return path.starts_with(prefix); });
  };
  for (auto entry = tree.entries.begin(); entry != tree.entries.end();) {
    if (!is_below(entry->first)) {
      ++entry;
      continue;
    }
    if (entry->second.given) complain(entry->first, why);
    entry = tree.entries.erase(entry);
  }
  for (const auto& [path, location] : tree.undecided) {
    if (is_below(path)) complain(path, why);
  }
  std::erase_if(tree.n_items, [&](const auto& list) { return is_below(list.first); });
}

class ConductorRules {
 public:
  ConductorRules(const Tree& tree, const Complain& complain) : tree_(tree), complain_(complain) {}

  void check() const {
    check_units();
    check_material();
    check_shape_file();
    check_contacts();
    check_arms();
  }

 private:
  [[nodiscard]] bool is(const std::string& key, const std::string& value) const {
    return tree_.has(at + key) && tree_.text(at + key) == value;
  }

  /// False, too, for a value that could not be read and has its complaint already.
  [[nodiscard]] bool is_positive(const std::string& key) const {
    return tree_.has(at + key) && tree_.number(at + key) > 0.0;
  }

  [[nodiscard]] bool has_extent(const std::string& key) const {
    if (!tree_.has(at + key)) return false;
    const auto& size = tree_.sweep(at + key);
    return std::any_of(size.begin(), size.end(), [](double extent) { return extent != 0.0; });
  }

  void check_units() const {
    const bool has_nodes =
        is("material.kind", "weyl") ||
        (tree_.has(at + "material.pairs") && tree_.integer(at + "material.pairs") > 0);
    if (tree_.lattice_units && has_nodes) {
      complain_(at + "material.kind", "Weyl nodes need physical units");
    }
  }

  void check_material() const {
    const int n_bands = n_items(tree_, at + "material.bands");
    if (is("material.kind", "drude") && n_bands == 0) {
      complain_(at + "material.bands", "a drude material needs its bands");
    }
    if (!is("material.kind", "drude") && n_bands > 0 && tree_.has(at + "material.kind")) {
      complain_(at + "material.bands", "belongs to material.kind: drude");
    }
    if (is("material.kind", "table") && is("material.file", "")) {
      complain_(at + "material.file", "must name a file");
    }
  }

  void check_shape_file() const {
    if (is("shape.kind", "mesh") && is("shape.file", "")) {
      complain_(at + "shape.file", "must name a file");
    }
  }

  void check_contacts() const {
    const int n = n_items(tree_, at + "contacts");
    if (n == 1) complain_(at + "contacts", "a conductance needs two contacts");
    if (n > 0 && (is("shape.kind", "corbino") || is("shape.kind", "cylinder"))) {
      complain_(at + "contacts",
                "a corbino and a cylinder have their own two contacts; take a mesh "
                "for others");
    }
    const bool two_fluids = is("material.kind", "two_fluid") || is("material.kind", "weyl");
    for (int i = 0; i < n; ++i) {
      const std::string contact = fmt::format("contacts[{}].", i);
      if (is("shape.kind", "mesh") && is(contact + "name", "")) {
        complain_(at + contact + "name", "must name a surface of the mesh");
      }
      if (is_positive(contact + "radius") && has_extent(contact + "size")) {
        complain_(at + contact + "radius", "a contact has a size or a radius, not both");
      }
      if (!two_fluids && !is(contact + "chirality", "both") &&
          tree_.has(at + contact + "chirality")) {
        complain_(at + contact + "chirality", "an ohmic material has no chiralities");
      }
    }
  }

  void check_arms() const {
    if (!is("shape.kind", "corbino")) return;
    const std::string inner = at + "shape.inner_radius";
    const std::string outer = at + "shape.outer_radius";
    if (tree_.has(inner) && tree_.has(outer) && !(tree_.number(inner) < tree_.number(outer))) {
      complain_(inner, fmt::format("{} is not smaller than {} {}", tree_.number(inner), outer,
                                   tree_.number(outer)));
    }
  }

  const Tree& tree_;
  const Complain& complain_;
};

}  // namespace

bool is_continuum(const Tree& tree) {
  return tree.has("engine.kind") && tree.text("engine.kind") == "continuum";
}

void check_conductor(Tree& tree, const Complain& complain) {
  if (!is_continuum(tree)) {
    if (tree.has("engine.kind")) drop(tree, complain, {at}, "needs engine.kind: continuum");
    return;
  }
  drop(tree, complain, {"sample."},
       "belongs to the coherent engine; engine.kind: continuum has its sample in conductor");
  tree.without_meaning = {"energy",
                          "temperature",
                          "thermal.",
                          "dephasing.",
                          "ensemble.",
                          "field.where",
                          "field.ramp",
                          "field.g_factor",
                          "engine.solver",
                          "engine.precision",
                          "engine.single_error",
                          "engine.leads",
                          "engine.threads",
                          "output.observables",
                          "output.resolve",
                          "output.voltages",
                          "output.sites",
                          "output.max_gigabytes",
                          "bands."};
  for (const auto& [path, entry] : tree.entries) {
    if (entry.given && tree.is_without_meaning(path)) {
      complain(path, "has no meaning with engine.kind: continuum");
    }
  }
  ConductorRules(tree, complain).check();
}

Conductor conductor_of(const Tree& tree, const std::filesystem::path& folder) {
  constexpr double metres_per_nm = 1e-9;
  const double metre = tree.lattice_units ? 1.0 : metres_per_nm;
  const auto number = [&](const std::string& key, double absent) {
    return tree.has(at + key) ? tree.number(at + key) : absent;
  };
  const auto length = [&](const std::string& key) { return metre * number(key, 0.0); };
  const auto integer = [&](const std::string& key, int absent) {
    return tree.has(at + key) ? static_cast<int>(tree.integer(at + key)) : absent;
  };
  const auto vector = [&](const std::string& key) {
    const auto& v = tree.sweep(at + key);
    return metre * Vector3{v[0], v[1], v[2]};
  };
  const auto file = [&](const std::string& key) {
    return tree.has(at + key) ? (folder / tree.text(at + key)).lexically_normal().string()
                              : std::string();
  };

  Conductor conductor;
  auto& material = conductor.material;
  material.kind = tree.text(at + "material.kind");
  material.parallel = number("material.parallel", 1.0);
  material.perpendicular = number("material.perpendicular", 1.0);
  material.hall = number("material.hall", 0.0);
  material.file = file("material.file");
  material.conductivity = number("material.conductivity", 1.0);
  material.chiral_conductance = number("material.chiral_conductance", 0.0);
  material.relaxation = number("material.relaxation", 0.0);
  material.n_pairs = integer("material.pairs", 0);
  material.velocity = number("material.velocity", 0.0);
  material.chemical_potential = number("material.chemical_potential", 0.0);
  material.axial_time = number("material.axial_time", 0.0);
  material.mobility = number("material.mobility", 0.0);
  for (int i = 0; i < n_items(tree, at + "material.bands"); ++i) {
    const std::string band = fmt::format("material.bands[{}].", i);
    material.bands.push_back({tree.number(at + band + "density"),
                              tree.number(at + band + "mobility"),
                              tree.text(at + band + "carriers") == "holes" ? 1 : -1});
  }

  auto& shape = conductor.shape;
  shape.kind = tree.text(at + "shape.kind");
  shape.dimension = integer("shape.dimension", 3);
  shape.length = length("shape.length");
  shape.width = length("shape.width");
  shape.thickness = length("shape.thickness");
  shape.n_arms = integer("shape.arms", 2);
  shape.arm_width = length("shape.arm_width");
  shape.arm_length = length("shape.arm_length");
  shape.arm_distance = length("shape.arm_distance");
  shape.inner_radius = length("shape.inner_radius");
  shape.outer_radius = length("shape.outer_radius");
  shape.file = file("shape.file");
  shape.file_scale = length("shape.file_unit");

  for (int i = 0; i < n_items(tree, at + "contacts"); ++i) {
    const std::string contact = fmt::format("contacts[{}].", i);
    const std::string& side = tree.text(at + contact + "side");
    const std::string& chirality = tree.text(at + contact + "chirality");
    const std::string& name = tree.text(at + contact + "name");
    conductor.contacts.push_back({name.empty() ? std::to_string(i) : name,
                                  static_cast<std::size_t>(side[1] - 'x'), side[0] == '+' ? 1 : -1,
                                  vector(contact + "centre"), vector(contact + "size"),
                                  length(contact + "radius"),
                                  chirality == "both"   ? 0
                                  : chirality == "plus" ? 1
                                                        : -1});
  }
  for (int i = 0; i < n_items(tree, at + "probes"); ++i) {
    const std::string probe = fmt::format("probes[{}].", i);
    const std::string& name = tree.text(at + probe + "name");
    conductor.probes.push_back(
        {name.empty() ? fmt::format("probe_{}", i) : name, vector(probe + "position")});
  }

  auto& mesh = conductor.mesh;
  mesh.n_across = integer("mesh.cells", 16);
  mesh.grading = number("mesh.grading", 1e-3);
  mesh.order = integer("mesh.order", 2);
  mesh.tolerance = number("mesh.tolerance", 0.0);
  mesh.max_unknowns = number("mesh.max_unknowns", 1e6);
  conductor.solver = tree.text(at + "solver");
  conductor.solver_tolerance = number("solver_tolerance", 1e-10);
  conductor.writes_fields = tree.text(at + "fields") == "vtk";
  return conductor;
}

}  // namespace edotb::deck
