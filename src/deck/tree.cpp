#include "edotb/deck/tree.hpp"

#include "edotb/base/error.hpp"
#include "override.hpp"
#include "suggest.hpp"
#include "value.hpp"
#include "yaml_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace edotb::deck {

namespace {

/// A value as it stands in the YAML tree, not yet checked.
struct Leaf {
  YAML::Node node;
  Location location;
};

class Reader {
 public:
  Reader(std::string file_name, std::vector<Problem>& problems)
      : file_name_(std::move(file_name)), problems_(problems) {}

  Tree read(const std::string& text, const std::vector<std::string>& overrides) {
    Tree tree;
    sections_[""] = {file_name_, 1, 1};
    YAML::Node root = load_yaml(text, file_name_, problems_);
    if (!problems_.empty()) return tree;
    if (root.IsNull() && overrides.empty()) {
      complain({file_name_, 1, 1}, "", "the deck is empty");
      return tree;
    }
    if (!root.IsMap() && !root.IsNull()) {
      complain({file_name_, 1, 1}, "",
               "a deck is a mapping of keys to values; this file holds " + describe(root));
      return tree;
    }
    for (const auto& change : overrides) override_value(root, change);
    walk_mapping("", root);
    choose_values(tree);
    tree.sections = sections_;
    return tree;
  }

 private:
  void complain(const Location& location, const std::string& path, const std::string& message) {
    problems_.push_back({location, path, message});
  }

  [[nodiscard]] Location location_of(const std::string& path, const YAML::Node& node) const {
    const YAML::Mark mark = node.Mark();
    for (const auto& overridden : overridden_) {
      // An override also makes the sections on its way that the deck lacks; they have no mark.
      if (is_within(path, overridden) || (mark.is_null() && is_within(overridden, path))) {
        return {"--set " + overridden, 0, 0};
      }
    }
    return {file_name_, std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
  }

  static bool is_within(const std::string& inner, const std::string& outer) {
    return inner == outer || inner.starts_with(outer + ".") || inner.starts_with(outer + "[");
  }

  void override_value(YAML::Node& root, const std::string& text) {
    const Override change = split_override(text);
    if (change.path.empty()) {
      complain({"--set " + text, 0, 0}, "", "an override is written --set key.path=value");
      return;
    }
    const std::string objection = apply_override(root, change);
    if (objection.empty()) {
      overridden_.push_back(change.path);
    } else {
      complain({"--set " + change.path, 0, 0}, change.path, objection);
    }
  }

  void walk_mapping(const std::string& path, const YAML::Node& mapping) {
    std::set<std::string> seen;
    for (const auto& pair : mapping) {
      if (!pair.first.IsScalar()) {
        complain(location_of(path, pair.first), path,
                 "a key must be plain text, found " + describe(pair.first));
        continue;
      }
      const std::string key = pair.first.Scalar();
      const std::string child = path.empty() ? key : fmt::format("{}.{}", path, key);
      if (key.empty() || key.find_first_of(".[]") != std::string::npos) {
        // Else "field.angle: 30" beside "field: {angle: 40}" would slip through as one key.
        complain(location_of(child, pair.first), child,
                 "a key is one word; in a deck keys are nested, as in field: {angle: 30}");
      } else if (seen.insert(key).second) {
        walk(child, pair.first, pair.second);
      } else {
        complain(location_of(child, pair.first), child, "this key is given twice");
      }
    }
  }

  void walk(const std::string& path, const YAML::Node& key, const YAML::Node& node) {
    const std::string known = table_path(path);
    const auto rows = rows_of(known);
    if (!rows.empty() && rows.front()->type == Type::object_list) {
      walk_list(path, key, node);
    } else if (!rows.empty()) {
      leaves_.emplace(path, Leaf{node, location_of(path, node.IsNull() ? key : node)});
    } else if (is_section(known)) {
      sections_[path] = location_of(path, key);
      if (node.IsMap()) {
        walk_mapping(path, node);
      } else {
        complain(sections_[path], path,
                 fmt::format("expected a mapping {}; found {}", example_of(known, node),
                             describe(node)));
      }
    } else {
      unknown_key(path, key, node, 0);
    }
  }

  /// How a section is written: with the word that was found, where a key of it takes that word.
  static std::string example_of(const std::string& section, const YAML::Node& node) {
    for (const Parameter& row : table()) {
      const std::size_t dot = row.path.rfind('.');
      if (!node.IsScalar() || dot == std::string::npos || row.path.compare(0, dot, section) != 0) {
        continue;
      }
      const auto& choices = row.choices;
      if (std::find(choices.begin(), choices.end(), node.Scalar()) == choices.end()) continue;
      return fmt::format("as in {}: {{{}: {}}}", section.substr(section.rfind('.') + 1),
                         row.path.substr(dot + 1), node.Scalar());
    }
    return fmt::format("with keys {}", fmt::join(keys_of_section(section), ", "));
  }

  void walk_list(const std::string& path, const YAML::Node& key, const YAML::Node& node) {
    const std::string expected = fmt::format(
        "with keys {}; found ", fmt::join(keys_of_section(table_path(path) + "[]"), ", "));
    if (!node.IsSequence()) {
      complain(location_of(path, key), path,
               "expected a list of mappings " + expected + describe(node));
      return;
    }
    constexpr std::size_t max_items = 1000;
    if (node.size() > max_items) {
      complain(location_of(path, key), path,
               fmt::format("the list has {} items, more than {}", node.size(), max_items));
      return;
    }
    lists_[path] = static_cast<int>(node.size());
    for (std::size_t i = 0; i < node.size(); ++i) {
      const std::string item = fmt::format("{}[{}]", path, i);
      if (node[i].IsMap()) {
        sections_[item] = location_of(item, node[i]);
        walk_mapping(item, node[i]);
      } else {
        complain(location_of(item, node[i]), item,
                 "expected a mapping " + expected + describe(node[i]));
      }
    }
  }

  void unknown_key(const std::string& path, const YAML::Node& key, const YAML::Node& node,
                   int depth) {
    // Aliases can make a small deck a huge one, or one without end.
    constexpr int max_depth = 4;
    constexpr std::size_t max_problems = 1000;
    if (problems_.size() > max_problems) return;
    if (node.IsMap() && node.size() > 0 && depth < max_depth) {
      for (const auto& pair : node) {
        if (pair.first.IsScalar()) {
          unknown_key(path + "." + pair.first.Scalar(), pair.first, pair.second, depth + 1);
        }
      }
      return;
    }
    complain(location_of(path, key), path, "unknown key; " + advice_for_unknown_key(path));
  }

  /// The row of the table that holds for `path`, once the keys it depends on are known.
  const Parameter* applicable_row(const Tree& tree, const std::string& path) const {
    for (const Parameter* row : rows_of(table_path(path))) {
      if (row->depends_on.empty()) return row;
      const std::string other = dependency_path(*row, path);
      const auto found = tree.entries.find(other);
      if (found == tree.entries.end()) continue;
      const auto* value = std::get_if<std::string>(&found->second.value);
      if (value != nullptr && std::find(row->depends_values.begin(), row->depends_values.end(),
                                        *value) != row->depends_values.end()) {
        return row;
      }
    }
    return nullptr;
  }

  static std::string dependency_path(const Parameter& row, const std::string& path) {
    const std::size_t open = path.find('[');
    if (open == std::string::npos) return row.depends_on;
    const std::size_t close = path.find(']');
    std::string result = row.depends_on;
    return result.replace(result.find("[]"), 2, path.substr(open, close - open + 1));
  }

  void choose_values(Tree& tree) {
    if (const auto units = leaves_.find("units"); units != leaves_.end()) {
      tree.lattice_units =
          units->second.node.IsScalar() && units->second.node.Scalar() == "lattice";
    }
    for (const auto& [path, count] : lists_) tree.n_items[path] = count;
    // Keys in the table's order, so that what a key depends on is there before it.
    for (const Parameter& row : table()) {
      for (const std::string& path : instances(row.path)) choose_value(tree, row, path);
    }
    for (const auto& [path, leaf] : leaves_) {
      if (!handled_.contains(path)) does_not_apply(tree, path, leaf);
    }
  }

  /// The paths in this deck that a table path stands for: one per item of a list.
  [[nodiscard]] std::vector<std::string> instances(const std::string& path) const {
    std::vector<std::string> paths;
    if (path.ends_with(".*")) {
      for (const auto& [leaf, value] : leaves_) {
        if (table_path(leaf) == path) paths.push_back(leaf);
      }
      return paths;
    }
    const std::size_t brackets = path.find("[]");
    if (brackets == std::string::npos) return {path};
    const auto list = lists_.find(path.substr(0, brackets));
    for (int i = 0; list != lists_.end() && i < list->second; ++i) {
      paths.push_back(fmt::format("{}[{}]{}", list->first, i, path.substr(brackets + 2)));
    }
    return paths;
  }

  void choose_value(Tree& tree, const Parameter& row, const std::string& path) {
    if (row.type == Type::object_list || applicable_row(tree, path) != &row) return;
    const auto leaf = leaves_.find(path);
    if (leaf == leaves_.end()) {
      if (row.default_value) {
        std::vector<Complaint> none;
        const YAML::Node node = row.type == Type::text || row.type == Type::choice
                                    ? YAML::Node(*row.default_value)
                                    : YAML::Load(*row.default_value);
        auto value = parse_value(row, node, tree.lattice_units, none);
        if (!value) throw internal_error("default of " + row.path + " does not pass its own row");
        tree.entries[path] = {&row, std::move(*value), {}, false};
      } else if (const auto item = sections_.find(path.substr(0, path.rfind('.')));
                 item != sections_.end() && item->first.ends_with(']')) {
        complain(item->second, path,
                 "this key is required: " + (row.type == Type::choice
                                                 ? fmt::format("{}", fmt::join(row.choices, " or "))
                                                 : row.doc));
      }
      return;
    }
    handled_.insert(path);
    std::vector<Complaint> complaints;
    auto value = parse_value(row, leaf->second.node, tree.lattice_units, complaints);
    for (const auto& [node, below, message] : complaints) {
      complain(below.empty() ? leaf->second.location : location_of(path + below, node),
               path + below, message);
    }
    if (value) tree.entries[path] = {&row, std::move(*value), leaf->second.location, true};
  }

  void does_not_apply(Tree& tree, const std::string& path, const Leaf& leaf) {
    const auto rows = rows_of(table_path(path));
    const std::string other = dependency_path(*rows.front(), path);
    const auto found = tree.entries.find(other);
    if (found == tree.entries.end()) {
      // The other key is missing or wrong; that was said already, or is said by the deck's rules.
      tree.undecided[path] = leaf.location;
      return;
    }
    std::vector<std::string> values;
    for (const Parameter* row : rows) {
      values.insert(values.end(), row->depends_values.begin(), row->depends_values.end());
    }
    const std::string key = path.substr(path.rfind('.') + 1);
    const std::string& chosen = std::get<std::string>(found->second.value);
    const bool is_free = chosen == "formula" || chosen == "continuum";
    complain(leaf.location, path,
             fmt::format("{} {} has no key '{}', which belongs to {}{}", other, chosen, key,
                         fmt::join(values, ", "), is_free ? advice_for_free_name(path) : ""));
  }

  std::string file_name_;
  std::vector<Problem>& problems_;
  std::vector<std::string> overridden_;
  std::map<std::string, Leaf> leaves_;
  std::map<std::string, int> lists_;
  std::map<std::string, Location> sections_;
  std::set<std::string> handled_;
};

const Entry& entry_at(const Tree& tree, const std::string& path) {
  const auto found = tree.entries.find(path);
  if (found == tree.entries.end()) throw internal_error("deck key " + path + " is not set");
  return found->second;
}

}  // namespace

std::string Location::text() const {
  return line > 0 ? fmt::format("{}:{}:{}", file, line, column) : file;
}

bool Tree::is_without_meaning(const std::string& path) const {
  return std::any_of(without_meaning.begin(), without_meaning.end(),
                     [&](const std::string& start) { return path.starts_with(start); });
}
bool Tree::given(const std::string& path) const {
  const auto found = entries.find(path);
  return found != entries.end() && found->second.given;
}
const std::string& Tree::text(const std::string& path) const {
  return std::get<std::string>(entry_at(*this, path).value);
}
std::int64_t Tree::integer(const std::string& path) const {
  return std::get<std::int64_t>(entry_at(*this, path).value);
}
double Tree::number(const std::string& path) const {
  return std::get<double>(entry_at(*this, path).value);
}
const std::vector<double>& Tree::sweep(const std::string& path) const {
  return std::get<std::vector<double>>(entry_at(*this, path).value);
}
const std::vector<std::string>& Tree::words(const std::string& path) const {
  return std::get<std::vector<std::string>>(entry_at(*this, path).value);
}
Location Tree::where(std::string path) const {
  const auto found = entries.find(path);
  if (found != entries.end() && found->second.given) return found->second.location;
  while (!path.empty()) {
    const std::size_t end = path.find_last_of(".[");
    path.resize(end == std::string::npos ? 0 : end);
    if (const auto section = sections.find(path); section != sections.end()) {
      return section->second;
    }
  }
  return {};
}

Tree read_tree(const std::string& text, const std::string& file_name,
               const std::vector<std::string>& overrides, std::vector<Problem>& problems) {
  return Reader(file_name, problems).read(text, overrides);
}

}  // namespace edotb::deck
