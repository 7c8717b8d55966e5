#include "text_lines.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/text_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace edotb::model {

namespace {

constexpr std::uintmax_t max_bytes = std::uintmax_t{8} << 30U;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// A word for a message: short, and without bytes that a terminal would act on.
std::string shown(std::string_view word) {
  constexpr std::size_t most = 40;
  std::string text(word.substr(0, most));
  for (char& c : text) {
    if (c < 0x20 || c > 0x7E) c = '?';
  }
  return text + (word.size() > most ? "..." : "");
}

}  // namespace

TextLines::TextLines(const std::string& path)
    : path_(path), text_(read_text_file(path, max_bytes)) {}

void TextLines::read_line() {
  const std::size_t end = std::min(text_.find('\n', position_), text_.size());
  line_ = std::string_view{text_}.substr(position_, end - position_);
  position_ = std::min(end + 1, text_.size());
  ++line_number_;
  words_.clear();
  for (std::size_t i = 0; i < line_.size();) {
    if (is_blank(line_[i])) {
      ++i;
      continue;
    }
    std::size_t last = i;
    while (last < line_.size() && !is_blank(line_[last])) ++last;
    words_.push_back({line_.substr(i, last - i), i + 1});
    i = last;
  }
}

std::string_view TextLines::next_raw(const std::string& wanted) {
  if (position_ >= text_.size()) {
    throw bad_input(
        fmt::format("{}:{}: the file ends here; {} is missing", path_, line_number_, wanted));
  }
  read_line();
  return line_;
}

const std::vector<Word>& TextLines::next(const std::string& wanted) {
  do {
    (void)next_raw(wanted);
  } while (words_.empty());
  return words_;
}

bool TextLines::at_end() {
  return text_.find_first_not_of(" \t\r\n", position_) == std::string::npos;
}

void TextLines::refuse(std::size_t i, const std::string& message) const {
  const std::size_t column = i < words_.size() ? words_[i].column : line_.size() + 1;
  throw bad_input(fmt::format("{}:{}:{}: {}", path_, line_number_, column, message));
}

std::string_view TextLines::word(std::size_t i, const std::string& meaning) const {
  if (i >= words_.size()) refuse(i, fmt::format("the line ends here; {} is missing", meaning));
  std::string_view text = words_[i].text;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

int TextLines::integer(std::size_t i, const std::string& meaning) const {
  const std::string_view text = word(i, meaning);
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, value);
  if (status != std::errc() || rest != end) {
    refuse(i, fmt::format("expected {}, a whole number; found '{}'", meaning, shown(text)));
  }
  return value;
}

double TextLines::number(std::size_t i, const std::string& meaning) const {
  const std::string_view text = word(i, meaning);
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, value);
  if (status != std::errc() || rest != end) {
    refuse(i, fmt::format("expected {}, a number; found '{}'", meaning, shown(text)));
  }
  if (!std::isfinite(value)) refuse(i, fmt::format("{} must be finite", meaning));
  return value;
}

void TextLines::expect_words(std::size_t n, const std::string& form) const {
  if (words_.size() == n) return;
  refuse(n, fmt::format("expected {}: {} words; found {}", form, n, words_.size()));
}

}  // namespace edotb::model
