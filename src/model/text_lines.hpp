#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace edotb::model {

/// A word of a text file and its column, from 1.
struct Word {
  std::string_view text;
  std::size_t column = 1;
};

/// A text file read line by line as words and numbers. Every complaint is a bad_input Error that begins
/// with "file:line:column: ".
class TextLines {
 public:
  /// Throws bad_input when the file cannot be read or is larger than any file of its kind.
  explicit TextLines(const std::string& path);

  [[nodiscard]] std::size_t n_bytes() const { return text_.size(); }
  /// The next line that is not blank, as words; `wanted` names what is missing when the file ends.
  const std::vector<Word>& next(const std::string& wanted);
  /// The next line as it stands, blank or not.
  std::string_view next_raw(const std::string& wanted);
  /// True when nothing but blank lines is left.
  [[nodiscard]] bool at_end();

  /// Word number `i` of the line read last as a number; `meaning` names it.
  [[nodiscard]] int integer(std::size_t i, const std::string& meaning) const;
  [[nodiscard]] double number(std::size_t i, const std::string& meaning) const;
  /// Complains unless the line read last has this many words.
  void expect_words(std::size_t n, const std::string& form) const;
  /// Complains about word number `i` of the line read last.
  [[noreturn]] void refuse(std::size_t i, const std::string& message) const;

 private:
  [[nodiscard]] std::string_view word(std::size_t i, const std::string& meaning) const;
  void read_line();

  std::string path_;
  std::string text_;
  std::size_t position_ = 0;
  std::size_t line_number_ = 0;
  std::string_view line_;
  std::vector<Word> words_;
};

}  // namespace edotb::model
