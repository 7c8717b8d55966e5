#include "edotb/base/text_file.hpp"

#include "edotb/base/error.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace edotb {

std::string read_text_file(const std::string& path, std::uintmax_t max_bytes) {
  std::error_code error;
  const auto bytes =
      std::filesystem::file_size(path, error);  // an error unless it is a regular file
  if (error) throw bad_input(path + ": cannot be read: " + error.message());
  if (bytes > max_bytes) {
    throw bad_input(path + ": has " + std::to_string(bytes) + " bytes, more than the " +
                    std::to_string(max_bytes) + " that are read");
  }
  std::string text(static_cast<std::size_t>(bytes), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(bytes));
  if (!file) throw bad_input(path + ": cannot be read");
  return text;
}

}  // namespace edotb
