#include "edotb/deck/tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace edotb::deck {

namespace {

std::string quoted(const std::string& text) {
  YAML::Emitter emitter;
  emitter << YAML::DoubleQuoted << text;
  return emitter.c_str();
}

std::string as_yaml(const Value& value, Type type) {
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  if (const auto* words = std::get_if<std::vector<std::string>>(&value)) {
    if (type != Type::names) return fmt::format("[{}]", fmt::join(*words, ", "));
    std::string names;
    for (const auto& word : *words) names += (names.empty() ? "" : ", ") + quoted(word);
    return "[" + names + "]";
  }
  const auto& numbers = std::get<std::vector<double>>(value);
  if (type != Type::points) return fmt::format("[{}]", fmt::join(numbers, ", "));
  std::string corners;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    corners += fmt::format("{}[{}, {}]", i == 0 ? "" : ", ", numbers[i], numbers[i + 1]);
  }
  return "[" + corners + "]";
}

}  // namespace

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
    if (tree.is_without_meaning(row.path)) continue;
    if (row.type == Type::object_list) {
      const auto items = tree.n_items.find(row.path);
      std::string list;
      for (int i = 0; items != tree.n_items.end() && i < items->second; ++i) {
        std::string item;
        const std::string prefix = fmt::format("{}[{}].", row.path, i);
        for (const auto& [path, entry] : tree.entries) {
          if (path.starts_with(prefix)) {
            item += fmt::format("{}{}: {}", item.empty() ? "" : ", ", path.substr(prefix.size()),
                                as_yaml(entry.value, entry.row->type));
          }
        }
        list += fmt::format("{}{{{}}}", list.empty() ? "" : ", ", item);
      }
      if (!list.empty()) write(row.path, "[" + list + "]", "");
      continue;
    }
    if (row.path.ends_with(".*")) {
      for (const auto& [path, entry] : tree.entries) {
        if (entry.row == &row) write(path, as_yaml(entry.value, row.type), "");
      }
      continue;
    }
    const auto entry = tree.entries.find(row.path);
    if (entry != tree.entries.end() && entry->second.row == &row) {
      write(row.path, as_yaml(entry->second.value, row.type),
            unit_name(row.quantity, tree.lattice_units));
    }
  }
  return yaml;
}

}  // namespace edotb::deck
