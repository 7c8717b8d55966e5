#pragma once

#include <cstdint>
#include <string>

namespace edotb {

/// The text of a file. Throws bad_input when it cannot be read, is no regular file (a device has no end), or has
/// more than `max_bytes`; before any memory is taken for it.
[[nodiscard]] std::string read_text_file(const std::string& path, std::uintmax_t max_bytes);

}  // namespace edotb
