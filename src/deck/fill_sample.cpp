#include "fill_sample.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

namespace edotb::deck {

namespace {

/// The parameters of a model among the keys below `prefix`.
std::map<std::string, double> parameters_below(const Tree& tree, const std::string& prefix) {
  std::map<std::string, double> parameters;
  const std::string named = "parameters.";
  for (const auto& [path, entry] : tree.entries) {
    if (!path.starts_with(prefix) || path == prefix + "lattice_constant") continue;
    std::string name = path.substr(prefix.size());
    if (name.starts_with(named)) name.erase(0, named.size());
    if (const auto* number = std::get_if<double>(&entry.value)) parameters[name] = *number;
    if (const auto* integer = std::get_if<std::int64_t>(&entry.value)) {
      parameters[name] = static_cast<double>(*integer);
    }
  }
  return parameters;
}

WannierFiles wannier_files(const Tree& tree, const std::filesystem::path& folder) {
  const std::string at = "sample.model.";
  const auto full_path = [&](const char* key) {
    const std::string& name = tree.text(at + key);
    return name.empty() ? name : (folder / name).lexically_normal().string();
  };
  WannierFiles files;
  files.hr = full_path("file");
  files.win = full_path("win");
  files.centres = full_path("centres");
  files.wsvec = full_path("wsvec");
  if (tree.has(at + "cell")) files.cell = tree.sweep(at + "cell");
  files.angstrom = tree.lattice_units ? 1.0 : 0.1;
  files.cutoff = tree.number(at + "cutoff");
  files.max_distance = tree.number(at + "max_distance");
  files.fermi_level = tree.number(at + "fermi_level");
  files.site_radius = tree.number(at + "site_radius");
  files.spin_order = tree.text(at + "spin_order");
  return files;
}

ModelChoice model_of(const Tree& tree, const std::filesystem::path& folder) {
  const std::string at = "sample.model.";
  ModelChoice model;
  model.name = tree.text(at + "name");
  model.parameters = parameters_below(tree, at);
  if (!tree.lattice_units) model.lattice_constant = tree.number(at + "lattice_constant");
  if (tree.has(at + "formula")) {
    model.formula = tree.text(at + "formula");
    model.spin = tree.text(at + "spin");
    model.dimension = static_cast<int>(tree.integer(at + "dimension"));
    model.parameters.erase("dimension");
  }
  if (model.name == "wannier90") {
    model.wannier = wannier_files(tree, folder);
    model.dimension = static_cast<int>(tree.integer(at + "dimension"));
    model.parameters.clear();
  }
  return model;
}

/// Values of keys that this deck may lack, and lengths in lattice constants.
struct Reader {
  const Tree& tree;
  double per_length;  ///< 1 / lattice constant

  [[nodiscard]] int integer(const std::string& path, int absent) const {
    return tree.has(path) ? static_cast<int>(tree.integer(path)) : absent;
  }
  [[nodiscard]] double length(const std::string& path) const {
    return tree.has(path) ? per_length * tree.number(path) : 0.0;
  }
  [[nodiscard]] std::vector<double> lengths(const std::string& path) const {
    std::vector<double> values;
    if (tree.has(path)) values = tree.sweep(path);
    for (double& value : values) value *= per_length;
    return values;
  }
  [[nodiscard]] Vector3 vector(const std::string& path) const {
    const auto values = lengths(path);
    return values.empty() ? Vector3{} : Vector3{values[0], values[1], values[2]};
  }
  [[nodiscard]] int axis(const std::string& path) const {
    return tree.has(path) ? tree.text(path).front() - 'x' : 2;
  }
  [[nodiscard]] int n_items(const std::string& path) const {
    const auto items = tree.n_items.find(path);
    return items == tree.n_items.end() ? 0 : items->second;
  }
};

Body body_of(const Reader& read, const std::string& path) {
  Body body;
  body.form = read.tree.text(path + ".form");
  body.from = read.vector(path + ".from");
  body.to = read.vector(path + ".to");
  body.axis = read.axis(path + ".axis");
  body.centre = read.vector(path + ".centre");
  body.radius = read.length(path + ".radius");
  body.inner_radius = read.length(path + ".inner_radius");
  body.points = read.lengths(path + ".points");
  const auto range = read.lengths(path + ".range");
  if (!range.empty()) {
    body.low = range[0];
    body.high = range[1];
  }
  return body;
}

Shape shape_of(const Reader& read) {
  const std::string at = "sample.shape.";
  Shape shape;
  shape.kind = read.tree.text(at + "kind");
  shape.axis = read.axis(at + "axis");
  shape.length = read.integer(at + "length", 1);
  shape.width = read.integer(at + "width", 1);
  shape.thickness = read.integer(at + "thickness", 1);
  shape.periodic = read.tree.has(at + "boundary") && read.tree.text(at + "boundary") == "periodic";
  if (read.tree.has(at + "terminals") && read.tree.text(at + "terminals") == "8") {
    shape.n_terminals = 8;
  }
  shape.arm_width = read.integer(at + "arm_width", 1);
  shape.arm_length = read.integer(at + "arm_length", 0);
  shape.arm_distance = read.integer(at + "arm_distance", 1);
  shape.inner_radius = read.length(at + "inner_radius");
  shape.outer_radius = read.length(at + "outer_radius");
  shape.contact_width = read.length(at + "contact_width");
  shape.hole_radius = read.length(at + "hole_radius");
  shape.lead_width = read.length(at + "lead_width");
  shape.points = read.lengths(at + "points");
  for (int i = 0; i < read.n_items(at + "parts"); ++i) {
    const std::string part = fmt::format("{}parts[{}]", at, i);
    shape.parts.push_back({body_of(read, part), read.tree.text(part + ".operation") == "subtract"});
  }
  return shape;
}

std::vector<Region> regions_of(const Reader& read) {
  std::vector<Region> regions;
  for (int i = 0; i < read.n_items("sample.regions"); ++i) {
    const std::string at = fmt::format("sample.regions[{}]", i);
    const auto& h = read.tree.sweep(at + ".exchange");
    regions.push_back({body_of(read, at), read.tree.number(at + ".potential"), {h[0], h[1], h[2]}});
  }
  return regions;
}

DisorderTerm disorder_term_of(const Reader& read, const std::string& at) {
  const Tree& tree = read.tree;
  const std::string& kind = tree.text(at + "kind");
  DisorderTerm term;
  if (tree.has(at + "where")) {
    const std::string& where = tree.text(at + "where");
    if (where == "bulk") term.where = DisorderTerm::Where::bulk;
    if (where == "surface") term.where = DisorderTerm::Where::surface;
    term.depth = read.integer(at + "depth", 1);
  }
  if (kind == "anderson") term.kind = Anderson{tree.number(at + "width")};
  if (kind == "gaussian") {
    term.kind = Gaussian{tree.number(at + "strength"), read.length(at + "correlation_length")};
  }
  if (kind == "vacancies") term.kind = Vacancies{tree.number(at + "density")};
  if (kind == "hopping_phases") term.kind = HoppingPhases{tree.number(at + "width")};
  if (kind == "magnetic") {
    term.kind = MagneticImpurities{.density = tree.number(at + "density"),
                                   .exchange = tree.number(at + "exchange"),
                                   .potential = tree.number(at + "potential"),
                                   .spin = tree.number(at + "spin"),
                                   .g_factor = tree.number(at + "g_factor"),
                                   .temperature = tree.number(at + "temperature"),
                                   .quantum = tree.text(at + "moments") == "quantum",
                                   .reversed = tree.text(at + "orientation") == "reversed"};
  }
  return term;
}

void fill_disorder(const Reader& read, Deck& deck) {
  for (int i = 0; i < read.n_items("sample.disorder"); ++i) {
    deck.disorder.push_back(disorder_term_of(read, fmt::format("sample.disorder[{}].", i)));
  }
  deck.ensemble.n_realisations = read.tree.integer("ensemble.realisations");
  deck.ensemble.seed = static_cast<std::uint64_t>(read.tree.integer("ensemble.seed"));
  deck.ensemble.until = {.relative_error = read.tree.number("ensemble.until.relative_error"),
                         .absolute_error = read.tree.number("ensemble.until.absolute_error"),
                         .minimum = read.tree.integer("ensemble.until.minimum"),
                         .each_energy = read.tree.text("ensemble.until.each") == "energy"};
}

std::vector<Contact> contacts_of(const Reader& read) {
  std::vector<Contact> contacts;
  for (int i = 0; i < read.n_items("sample.contacts"); ++i) {
    const std::string at = fmt::format("sample.contacts[{}].", i);
    Contact contact;
    contact.name = read.tree.text(at + "name");
    contact.kind = read.tree.text(at + "kind");
    contact.direction = parse_direction(read.tree.text(at + "direction")).value();
    contact.centre = read.vector(at + "centre");
    contact.size = read.vector(at + "size");
    contact.radius = read.length(at + "radius");
    contact.inner_radius = read.length(at + "inner_radius");
    contacts.push_back(std::move(contact));
  }
  return contacts;
}

}  // namespace

std::optional<std::array<int, 3>> parse_direction(const std::string& text) {
  std::array<int, 3> direction{};
  if (text.size() == 2 && (text[0] == '+' || text[0] == '-') && text[1] >= 'x' && text[1] <= 'z') {
    direction[static_cast<std::size_t>(text[1] - 'x')] = text[0] == '+' ? 1 : -1;
    return direction;
  }
  constexpr int largest = 100;
  std::istringstream words(text);
  std::string word;
  std::size_t n_words = 0;
  while (words >> word) {
    int number = 0;
    const char* const end = word.data() + word.size();
    const auto [rest, status] = std::from_chars(word.data(), end, number);
    if (status != std::errc() || rest != end || std::abs(number) > largest || n_words == 3) {
      return std::nullopt;
    }
    direction[n_words++] = number;
  }
  if (n_words != 3 || direction == std::array<int, 3>{}) return std::nullopt;
  return direction;
}

void fill_sample(const Tree& tree, const std::filesystem::path& folder, Deck& deck) {
  deck.model = model_of(tree, folder);
  const Reader read{tree, 1.0 / deck.model->lattice_constant};
  deck.shape = shape_of(read);
  deck.regions = regions_of(read);
  deck.contacts = contacts_of(read);
  deck.leads.kind = tree.text("sample.leads.kind");
  deck.leads.broadening = tree.number("sample.leads.broadening");
  deck.leads.hopping = tree.number("sample.leads.hopping");
  deck.leads.potential = tree.number("sample.leads.potential");
  deck.leads.parameters = parameters_below(tree, "sample.leads.model.");
  deck.field.magnitude = tree.sweep("field.magnitude");
  deck.field.angle = tree.sweep("field.angle");
  deck.field.azimuth = tree.number("field.azimuth");
  deck.field.everywhere = tree.text("field.where") == "everywhere";
  deck.field.ramp = static_cast<int>(tree.integer("field.ramp"));
  deck.field.g_factor = tree.number("field.g_factor");
  fill_disorder(read, deck);
}

void fill_system(const Tree& tree, const std::filesystem::path& folder, Deck& deck) {
  deck.system_file = (folder / tree.text("sample.system_file")).lexically_normal().string();
  deck.field.magnitude = {0.0};
  deck.field.angle = {0.0};
  if (tree.has("ensemble.realisations")) fill_disorder({tree, 1.0}, deck);
}

}  // namespace edotb::deck
