#pragma once

#include "edotb/model/wannier90.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace edotb::test {

/// Tests that write and read wannier90 files in a folder of their own.
class Wannier : public testing::Test {
 protected:
  Wannier() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              fmt::format("edotb_wannier_{}_{}", test->name(), ::getpid());
    std::filesystem::create_directories(folder_);
  }
  ~Wannier() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  [[nodiscard]] static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  /// The files of a model written under `name`, as a deck in lattice units would give them.
  [[nodiscard]] deck::WannierFiles written(const model::Model& model,
                                           const std::string& name) const {
    deck::WannierFiles files = named(name);
    files.spin_order = model::write_wannier90(model, 1.0, path(name));
    return files;
  }
  [[nodiscard]] deck::WannierFiles named(const std::string& name) const {
    deck::WannierFiles files;
    files.hr = path(name + "_hr.dat");
    files.win = path(name + ".win");
    files.centres = path(name + "_centres.xyz");
    files.angstrom = 1.0;
    files.site_radius = 1e-6;
    return files;
  }

 private:
  std::filesystem::path folder_;
};

/// A Hamiltonian in the unit cube.
inline deck::WannierFiles in_cell(const std::string& hr) {
  deck::WannierFiles files;
  files.hr = hr;
  files.cell = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  return files;
}

// Two orbitals: H_12(0) = d, H_12(a_1) = c, so H_12(k) = d + c exp(ik), E = e0 +- |d + c exp(ik)|. The
// degeneracy of R = +-a_1 is 2, so the file holds 2c.
inline const std::string chain = R"(two orbitals on a chain
2
3
 2 1 2
-1 0 0 1 1 0 0
-1 0 0 2 1 0.6 -0.8
-1 0 0 1 2 0 0
-1 0 0 2 2 0 0
0 0 0 1 1 0.25 0
0 0 0 2 1 1.0 -0.5
0 0 0 1 2 1.0 0.5
0 0 0 2 2 0.25 0
1 0 0 1 1 0 0
1 0 0 2 1 0 0
1 0 0 1 2 0.6 0.8
1 0 0 2 2 0 0
)";

}  // namespace edotb::test
