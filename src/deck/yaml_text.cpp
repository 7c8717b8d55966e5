#include "yaml_text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace edotb::deck {

namespace {

/// The number of bytes of the UTF-8 character that starts at `i`, or 0 when none does. Overlong
/// forms, surrogates and characters beyond U+10FFFF are not UTF-8 (RFC 3629).
std::size_t character_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char first = byte(i);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  if (first >= 0xC2 && first <= 0xDF) length = 2;
  if (first >= 0xE0 && first <= 0xEF) length = 3;
  if (first >= 0xF0 && first <= 0xF4) length = 4;
  if (length == 0 || i + length > text.size()) return 0;
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(i + 1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return overlong || outside ? 0 : length;
}

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7F; }

/// The first byte that does not belong into a text file, if any: yaml-cpp would guess an encoding.
std::optional<Problem> not_text(const std::string& text, const std::string& file_name) {
  int line = 1;
  int column = 1;
  for (std::size_t i = 0; i < text.size(); ++column) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = character_length(text, i);
    if (length == 0 || (is_control(c) && c != '\t' && c != '\n' && c != '\r')) {
      return Problem{{file_name, line, column},
                     "",
                     fmt::format("not a text file: byte 0x{:02x}; a deck is YAML in UTF-8", c)};
    }
    if (c == '\n') {
      ++line;
      column = 0;
    }
    i += length;
  }
  return std::nullopt;
}

/// The first line, up to `last`, whose indentation holds a tab; 0 when there is none.
int line_with_tab(const std::string& text, int last) {
  std::size_t begin = 0;
  for (int line = 1; line <= last && begin < text.size(); ++line) {
    const std::size_t word = std::min(text.find_first_not_of(" \t", begin), text.size());
    if (text.substr(begin, word - begin).find('\t') != std::string::npos) return line;
    begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
  }
  return 0;
}

/// What usually causes a complaint of yaml-cpp.
std::string hint(std::string_view complaint) {
  struct Hint {
    std::string_view start;
    std::string_view text;
  };
  constexpr std::array<Hint, 6> hints = {{
      {"illegal map value", "a second ': ' on the line, or wrong indentation; quote such text"},
      {"end of map flow", "a '{' is not closed, or a ',' is missing"},
      {"end of sequence flow", "a '[' is not closed, or a ',' is missing"},
      {"end of map", "check the indentation, and that every key is followed by ': '"},
      {"end of sequence", "check the indentation of the list's items"},
      {"illegal document indicator", "a quote before this is not closed"},
  }};
  for (const auto& [start, text] : hints) {
    if (complaint.starts_with(start)) return fmt::format(" ({})", text);
  }
  return "";
}

/// Listens to where documents start, and to nothing else.
class DocumentStarts : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { last = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {}
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}

  YAML::Mark last;
};

bool starts_at_line(const std::string& text, int line, std::string_view word) {
  std::size_t begin = 0;
  for (; line > 0 && begin != std::string::npos; --line)
    begin = text.find('\n', begin + (begin > 0));
  return begin != std::string::npos && text.compare(begin + (begin > 0), word.size(), word) == 0;
}

}  // namespace

std::optional<YamlFault> parse_document(const std::string& text, YAML::Node& root) {
  // The end mark makes yaml-cpp refuse a quote that is not closed, which else swallows the rest.
  const std::string marked = text + "\n...\n";
  try {
    // Not LoadAll, which never ends on a text like ", a": it finds one empty document after another
    // before the comma. What Load does not read, it does not mention.
    std::istringstream stream(marked);
    YAML::Parser parser(stream);
    DocumentStarts starts;
    if (parser.HandleNextDocument(starts) && parser.HandleNextDocument(starts)) {
      const YAML::Mark& mark = starts.last;
      return YamlFault{mark.line + 1, mark.column + 1,
                       starts_at_line(marked, mark.line, "---")
                           ? "a deck is one YAML document; here a second one starts"
                           : "not valid YAML: this belongs to nothing above"};
    }
    root = YAML::Load(marked);
  } catch (const YAML::DeepRecursion& error) {
    return YamlFault{error.mark.line + 1, error.mark.column + 1, "nested too deeply"};
  } catch (const YAML::Exception& error) {
    return YamlFault{error.mark.line + 1, error.mark.column + 1,
                     "not valid YAML: " + error.msg + hint(error.msg)};
  }
  return std::nullopt;
}

YAML::Node load_yaml(const std::string& text, const std::string& file_name,
                     std::vector<Problem>& problems) {
  if (const auto problem = not_text(text, file_name)) {
    problems.push_back(*problem);
    return {};
  }
  YAML::Node root;
  if (auto fault = parse_document(text, root)) {
    if (const int tab = line_with_tab(text, fault->line); tab > 0) {
      fault = {tab, 1, "a tab in the indentation; YAML indents with spaces"};
    }
    // What is missing at the end is found missing behind it.
    const auto n_lines = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
    fault->line = std::min(fault->line, std::max(n_lines, 1));
    problems.push_back({{file_name, fault->line, fault->column}, "", fault->message});
  }
  return root;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = character_length(text, i);
    const std::string piece = length == 0 || is_control(c) ? fmt::format("\\x{:02x}", c)
                                                           : std::string(text.substr(i, length));
    if (result.size() + piece.size() > max_bytes) return result + "...";
    result += piece;
    i += std::max<std::size_t>(length, 1);
  }
  return result;
}

std::string describe(const YAML::Node& node) {
  if (!node.IsDefined() || node.IsNull()) return "nothing";
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a mapping";
  return fmt::format("{}'{}'", is_quoted(node) ? "quoted text " : "", printable(node.Scalar()));
}

}  // namespace edotb::deck
