#include "edotb/deck/tree.hpp"

#include "edotb/base/error.hpp"
#include "value.hpp"

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
    YAML::Node root = load(text);
    if (!problems_.empty()) return tree;
    for (const auto& override_text : overrides) apply_override(root, override_text);
    if (!problems_.empty()) return tree;
    if (!root.IsMap()) {
      complain({file_name_, 1, 1}, "",
               "a deck is a mapping of keys to values; this file holds " + describe(root));
      return tree;
    }
    walk_mapping("", root);
    choose_values(tree);
    return tree;
  }

 private:
  void complain(const Location& location, const std::string& path, const std::string& message) {
    problems_.push_back({location, path, message});
  }

  [[nodiscard]] Location location_of(const std::string& path, const YAML::Node& node) const {
    for (const auto& overridden : overridden_) {
      if (path == overridden || path.starts_with(overridden + ".") ||
          path.starts_with(overridden + "[")) {
        return {"--set " + overridden, 0, 0};
      }
    }
    const YAML::Mark mark = node.Mark();
    return {file_name_, mark.line + 1, mark.column + 1};
  }

  /// yaml-cpp recurses on nesting; depth is bounded before it sees the text.
  bool too_deep(const std::string& text) {
    constexpr int max_depth = 40;
    int depth = 0;
    int dashes = 0;
    int line = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '\n') {
        ++line;
        dashes = 0;
      }
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      const bool indicator = c == '-' || c == '?' || c == ':';
      if (indicator && i + 1 < text.size() && text[i + 1] == ' ') ++dashes;
      if (depth > max_depth || dashes > max_depth) {
        complain({file_name_, line, 1}, "", "the deck is nested too deeply");
        return true;
      }
    }
    return false;
  }

  YAML::Node load(const std::string& text) {
    if (too_deep(text)) return {};
    try {
      const auto documents = YAML::LoadAll(text);
      if (documents.size() > 1) {
        complain(
            {file_name_, 1, 1}, "",
            "a deck is one YAML document; this file holds " + std::to_string(documents.size()));
      }
      return documents.empty() ? YAML::Node() : documents.front();
    } catch (const YAML::Exception& error) {
      complain({file_name_, error.mark.line + 1, error.mark.column + 1}, "",
               "not valid YAML: " + error.msg);
    }
    return {};
  }

  void apply_override(const YAML::Node& root, const std::string& text) {
    const std::size_t equals = text.find('=');
    const Location location{"--set " + text, 0, 0};
    if (equals == std::string::npos || equals == 0) {
      complain(location, "", "an override is written --set key.path=value");
      return;
    }
    const std::string path = text.substr(0, equals);
    const std::string value_text = text.substr(equals + 1);
    try {
      if (too_deep(value_text)) return;
      const YAML::Node value = YAML::Load(value_text);
      YAML::Node node;
      node.reset(root);
      for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        std::string key = path.substr(begin, end - begin);
        int item = -1;
        if (const std::size_t bracket = key.find('['); bracket != std::string::npos) {
          item = std::stoi(key.substr(bracket + 1));
          key.resize(bracket);
        }
        if (node.IsDefined() && !node.IsMap() && !node.IsNull()) {
          complain(location, path, "there is no key below a plain value");
          return;
        }
        node.reset(node[key]);
        if (item >= 0) {
          if (!node.IsSequence() || static_cast<std::size_t>(item) >= node.size()) {
            complain(location, path, fmt::format("'{}' has no item {}", key, item));
            return;
          }
          node.reset(node[static_cast<std::size_t>(item)]);
        }
        begin = end + 1;
      }
      node = value;
      overridden_.push_back(path);
    } catch (const YAML::Exception& error) {
      complain(location, path, "not valid YAML: " + error.msg);
    } catch (const std::logic_error&) {
      complain(location, path, "an item of a list is written key[0]");
    }
  }

  void walk_mapping(const std::string& path, const YAML::Node& mapping) {
    std::set<std::string> seen;
    for (const auto& pair : mapping) {
      if (!pair.first.IsScalar()) {
        complain(location_of(path, pair.first), path, "a key must be plain text");
        continue;
      }
      const std::string key = pair.first.Scalar();
      const std::string child = path.empty() ? key : path + "." + key;
      if (!seen.insert(key).second) {
        complain(location_of(child, pair.first), child, "this key is given twice");
        continue;
      }
      walk(child, pair.first, pair.second);
    }
  }

  void walk(const std::string& path, const YAML::Node& key, const YAML::Node& node) {
    const std::string known = table_path(path);
    const auto rows = rows_of(known);
    if (!rows.empty() && rows.front()->type == Type::object_list) {
      walk_list(path, key, node);
    } else if (!rows.empty()) {
      leaves_[path] = {node, location_of(path, node.IsNull() ? key : node)};
    } else if (is_section(known)) {
      if (node.IsMap()) {
        walk_mapping(path, node);
      } else {
        complain(location_of(path, key), path,
                 "expected a mapping of keys, found " + describe(node));
      }
    } else {
      unknown_key(path, key, node, 0);
    }
  }

  void walk_list(const std::string& path, const YAML::Node& key, const YAML::Node& node) {
    if (!node.IsSequence()) {
      complain(location_of(path, key), path,
               "expected a list of mappings, found " + describe(node));
      return;
    }
    lists_[path] = static_cast<int>(node.size());
    for (std::size_t i = 0; i < node.size(); ++i) {
      const std::string item = fmt::format("{}[{}]", path, i);
      if (node[i].IsMap()) {
        walk_mapping(item, node[i]);
      } else {
        complain(location_of(item, node[i]), item,
                 "expected a mapping, found " + describe(node[i]));
      }
    }
  }

  void unknown_key(const std::string& path, const YAML::Node& key, const YAML::Node& node,
                   int depth) {
    constexpr int max_depth = 4;
    if (node.IsMap() && node.size() > 0 && depth < max_depth && rows_of(path).empty()) {
      for (const auto& pair : node) {
        if (pair.first.IsScalar()) {
          unknown_key(path + "." + pair.first.Scalar(), pair.first, pair.second, depth + 1);
        }
      }
      return;
    }
    const std::string near = nearest_path(path);
    complain(location_of(path, key), path,
             near.empty() ? "unknown key; docs/deck.md lists the keys"
                          : "unknown key; did you mean " + near + "?");
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
    const std::size_t brackets = path.find("[]");
    if (brackets == std::string::npos) return {path};
    std::vector<std::string> paths;
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
        std::vector<std::string> none;
        const YAML::Node node = row.type == Type::text || row.type == Type::choice
                                    ? YAML::Node(*row.default_value)
                                    : YAML::Load(*row.default_value);
        auto value = parse_value(row, node, tree.lattice_units, none);
        if (!value) throw internal_error("default of " + row.path + " does not pass its own row");
        tree.entries[path] = {&row, std::move(*value), {}, false};
      } else if (path.find('[') != std::string::npos) {
        complain(list_location(path), path, "this key is required");
      }
      return;
    }
    handled_.insert(path);
    std::vector<std::string> complaints;
    auto value = parse_value(row, leaf->second.node, tree.lattice_units, complaints);
    for (const auto& complaint : complaints) complain(leaf->second.location, path, complaint);
    if (value) tree.entries[path] = {&row, std::move(*value), leaf->second.location, true};
  }

  [[nodiscard]] Location list_location(const std::string& path) const {
    const std::string item = path.substr(0, path.rfind('.') + 1);
    for (const auto& [other, leaf] : leaves_) {
      if (other.starts_with(item)) return leaf.location;
    }
    return {file_name_, 0, 0};
  }

  void does_not_apply(const Tree& tree, const std::string& path, const Leaf& leaf) {
    const auto rows = rows_of(table_path(path));
    std::vector<std::string> values;
    const std::string other = dependency_path(*rows.front(), path);
    for (const Parameter* row : rows) {
      values.insert(values.end(), row->depends_values.begin(), row->depends_values.end());
    }
    const auto found = tree.entries.find(other);
    if (found == tree.entries.end()) {
      // The other key is missing or wrong; that was said already, or is said by the deck's checks.
      return;
    }
    complain(leaf.location, path,
             fmt::format("does not apply to {}: {} (it belongs to {})", other,
                         std::get<std::string>(found->second.value), fmt::join(values, ", ")));
  }

  std::string file_name_;
  std::vector<Problem>& problems_;
  std::vector<std::string> overridden_;
  std::map<std::string, Leaf> leaves_;
  std::map<std::string, int> lists_;
  std::set<std::string> handled_;
};

const Entry& entry_at(const Tree& tree, const std::string& path) {
  const auto found = tree.entries.find(path);
  if (found == tree.entries.end()) throw internal_error("deck key " + path + " is not set");
  return found->second;
}

std::string as_yaml(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    YAML::Emitter emitter;
    emitter << YAML::DoubleQuoted << *text;
    return emitter.c_str();
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return fmt::format("[{}]", fmt::join(std::get<std::vector<double>>(value), ", "));
}

}  // namespace

std::string Location::text() const {
  return line > 0 ? fmt::format("{}:{}:{}", file, line, column) : file;
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
Location Tree::where(const std::string& path) const {
  const auto found = entries.find(path);
  return found == entries.end() ? Location{} : found->second.location;
}

Tree read_tree(const std::string& text, const std::string& file_name,
               const std::vector<std::string>& overrides, std::vector<Problem>& problems) {
  return Reader(file_name, problems).read(text, overrides);
}

std::string expanded_yaml(const Tree& tree) {
  std::string yaml;
  std::vector<std::string> open_sections;
  const auto write = [&](const std::string& path, const std::string& value, std::string_view unit) {
    std::vector<std::string> keys;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find('.', begin), path.size());
      keys.push_back(path.substr(begin, end - begin));
      begin = end + 1;
    }
    std::size_t common = 0;
    while (common < open_sections.size() && common + 1 < keys.size() &&
           open_sections[common] == keys[common]) {
      ++common;
    }
    open_sections.resize(common);
    for (; common + 1 < keys.size(); ++common) {
      yaml += std::string(2 * common, ' ') + keys[common] + ":\n";
      open_sections.push_back(keys[common]);
    }
    yaml += std::string(2 * common, ' ') + keys.back() + ": " + value;
    yaml += unit.empty() ? "\n" : fmt::format("  # {}\n", unit);
  };
  for (const Parameter& row : table()) {
    if (row.type == Type::object_list) {
      const auto items = tree.n_items.find(row.path);
      std::string list;
      for (int i = 0; items != tree.n_items.end() && i < items->second; ++i) {
        std::string item;
        const std::string prefix = fmt::format("{}[{}].", row.path, i);
        for (const auto& [path, entry] : tree.entries) {
          if (path.starts_with(prefix)) {
            item += fmt::format("{}{}: {}", item.empty() ? "" : ", ", path.substr(prefix.size()),
                                as_yaml(entry.value));
          }
        }
        list += fmt::format("{}{{{}}}", list.empty() ? "" : ", ", item);
      }
      if (!list.empty()) write(row.path, "[" + list + "]", "");
      continue;
    }
    const auto entry = tree.entries.find(row.path);
    if (entry != tree.entries.end() && entry->second.row == &row) {
      write(row.path, as_yaml(entry->second.value), unit_name(row.quantity, tree.lattice_units));
    }
  }
  return yaml;
}

}  // namespace edotb::deck
