#include "override.hpp"

#include "yaml_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
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
  try {
    value = YAML::Load(change.value + end_mark);
  } catch (const YAML::Exception& error) {
    return "the value is not valid YAML: " + error.msg;
  }
  YAML::Node node;
  node.reset(root);
  std::string above = "the deck";
  for (const Step& step : *steps) {
    if (step.is_item) {
      if (!node.IsSequence()) {
        return fmt::format("{} is {} in the deck, and has no item [{}]", above, describe(node),
                           step.item);
      }
      if (step.item >= node.size()) {
        return fmt::format("{} has no item [{}]: the deck gives {}, counted from 0", above,
                           step.item, node.size());
      }
      node.reset(node[step.item]);
      above += fmt::format("[{}]", step.item);
      continue;
    }
    // yaml-cpp would turn a list into a mapping.
    if (node.IsDefined() && !node.IsNull() && !node.IsMap()) {
      return fmt::format("{} is {} in the deck, and has no key '{}' below it", above,
                         describe(node), printable(step.key));
    }
    node.reset(node[step.key]);
    above = above == "the deck" ? step.key : above + "." + step.key;
  }
  node = value;
  return "";
}

}  // namespace edotb::deck
