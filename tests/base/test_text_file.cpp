#include "edotb/base/error.hpp"
#include "edotb/base/text_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace edotb {
namespace {

std::string refusal(const std::string& path, std::uintmax_t max_bytes) {
  try {
    static_cast<void>(read_text_file(path, max_bytes));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    return error.what();
  }
  return "";
}

TEST(TextFile, IsReadUpToItsLargestSize) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("edotb_text_" + std::to_string(getpid())))
          .string();
  std::ofstream(path, std::ios::binary) << std::string("a\r\n\0b", 5);
  EXPECT_EQ(read_text_file(path, 5), std::string("a\r\n\0b", 5));
  EXPECT_EQ(refusal(path, 4), path + ": has 5 bytes, more than the 4 that are read");
  std::ofstream(path, std::ios::trunc).close();
  EXPECT_EQ(read_text_file(path, 0), "");
  std::filesystem::remove(path);
}

// A device without end, a folder, nothing: refused before anything is read.
TEST(TextFile, WhatIsNoFileIsRefused) {
  EXPECT_NE(refusal("/dev/zero", 1U << 20U).find("/dev/zero: cannot be read"), std::string::npos);
  EXPECT_NE(refusal("/tmp", 1U << 20U).find("/tmp: cannot be read"), std::string::npos);
  EXPECT_NE(refusal("/no/such/file", 1U << 20U).find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace edotb
