#include "override.hpp"

#include "yaml_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <span>
#include <vector>

namespace edotb::deck {

namespace {

/// One step down a deck: a key, or an item of a list.
struct Step {
  std::string key;
  std::size_t item = 0;
  bool is_item = false;
};

/// "a.b[0].c" as the steps a, b, 0, c; nothing when it is not written like that.
std::optional<std::vector<Step>> steps_of(const std::string& path) {
  std::vector<Step> steps;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    std::size_t open = std::min(part.find('['), part.size());
    if (open == 0) return std::nullopt;
    steps.push_back({part.substr(0, open), 0, false});
    while (open < part.size()) {
      Step step{"", 0, true};
      const char* const last = part.data() + part.size();
      const auto [rest, status] = std::from_chars(part.data() + open + 1, last, step.item);
      if (part[open] != '[' || status != std::errc() || rest == last || *rest != ']') {
        return std::nullopt;
      }
      steps.push_back(step);
      open = static_cast<std::size_t>(rest + 1 - part.data());
    }
    begin = end + 1;
  }
  return steps;
}

/// A copy of `node` with `value` at the end of `steps`; what does not lie on the way is shared. Not
/// done in place, because an alias elsewhere in the deck may stand for the same node.
YAML::Node replaced(const YAML::Node& node, std::span<const Step> steps, const YAML::Node& value,
                    const std::string& above, std::string& objection) {
  if (steps.empty()) return value;
  const Step& step = steps.front();
  const auto rest = steps.subspan(1);
  const std::string name = above.empty() ? "the deck" : above;
  if (step.is_item) {
    if (!node.IsSequence()) {
      objection = fmt::format("{} is {} in the deck, and has no item [{}]", name, describe(node),
                              step.item);
      return node;
    }
    if (step.item >= node.size()) {
      objection = fmt::format("{} has no item [{}]: the deck gives {}, counted from 0", name,
                              step.item, node.size());
      return node;
    }
    const std::string here = fmt::format("{}[{}]", above, step.item);
    YAML::Node copy(YAML::NodeType::Sequence);
    for (std::size_t i = 0; i < node.size(); ++i) {
      copy.push_back(i == step.item ? replaced(node[i], rest, value, here, objection) : node[i]);
    }
    return copy;
  }
  if (!node.IsNull() && !node.IsMap()) {
    objection = fmt::format("{} is {} in the deck, and has no key '{}' below it", name,
                            describe(node), printable(step.key));
    return node;
  }
  const std::string here = above.empty() ? step.key : above + "." + step.key;
  YAML::Node copy(YAML::NodeType::Map);
  bool found = false;
  for (const auto& pair : node) {
    const bool is_it = !found && pair.first.IsScalar() && pair.first.Scalar() == step.key;
    found = found || is_it;
    copy.force_insert(pair.first,
                      is_it ? replaced(pair.second, rest, value, here, objection) : pair.second);
  }
  if (!found) copy.force_insert(step.key, replaced(YAML::Node(), rest, value, here, objection));
  return copy;
}

}  // namespace

Override split_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {"", text};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string apply_override(YAML::Node& root, const Override& change) {
  const auto steps = steps_of(change.path);
  if (!steps) return "a key is written like sample.shape.length or sample.disorder[0].width";
  YAML::Node value;
  if (const auto fault = parse_document(change.value, value)) return "the value: " + fault->message;
  std::string objection;
  const YAML::Node changed = replaced(root, *steps, value, "", objection);
  if (objection.empty()) root.reset(changed);
  return objection;
}

}  // namespace edotb::deck
