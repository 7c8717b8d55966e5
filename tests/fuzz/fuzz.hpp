#pragma once

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

namespace edotb::fuzz {

/// Ends the run with a message: the input at hand breaks a promise.
[[noreturn]] inline void broken(const std::string& promise) {
  fmt::print(stderr, "broken promise: {}\n", promise);
  std::abort();
}

/// Runs `body`, which may refuse its input: only as bad_input, and with a reason.
template <class Body>
void may_refuse(Body&& body) {
  try {
    std::forward<Body>(body)();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input) broken(error.what());
    if (std::string(error.what()).empty()) broken("a refusal gives its reason");
  }
}

}  // namespace edotb::fuzz
