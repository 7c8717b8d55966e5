#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace edotb {

/// Why the program stops; the value is its exit status.
enum class ErrorKind { internal = 1, bad_input = 2, numerical = 3, resumable = 75 };

/// The one exception of edotb: what is wrong, and, gathered on the way up, where.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }

  /// The same error with one more line that says where it happened.
  [[nodiscard]] Error in(const std::string& where) const {
    return {kind_, std::string(what()) + "\n  in " + where};
  }

  /// True when every rank has thrown this same error, so that no rank waits for another.
  [[nodiscard]] bool on_all_ranks() const noexcept { return on_all_ranks_; }
  [[nodiscard]] Error made_collective() const {
    Error copy = *this;
    copy.on_all_ranks_ = true;
    return copy;
  }

 private:
  ErrorKind kind_;
  bool on_all_ranks_ = false;
};

[[nodiscard]] inline Error bad_input(const std::string& message) {
  return {ErrorKind::bad_input, message};
}
[[nodiscard]] inline Error numerical_error(const std::string& message) {
  return {ErrorKind::numerical, message};
}
[[nodiscard]] inline Error internal_error(const std::string& message) {
  return {ErrorKind::internal, message};
}
/// The run cannot go on now, and loses nothing: what is finished is on disk (75 is EX_TEMPFAIL).
[[nodiscard]] inline Error resumable_error(const std::string& message) {
  return {ErrorKind::resumable, message};
}

/// Runs `body`; an Error that leaves it carries the line `where()` as well.
template <class Where, class Body>
decltype(auto) with_context(Where&& where, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Error& error) {
    throw error.in(std::forward<Where>(where)());
  }
}

}  // namespace edotb
