// The reader of wannier90 files: the first byte chooses its options, the text after it is cut at lines of
// %% into _hr.dat, .win, _centres.xyz and _wsvec.dat. Promise: files are refused as bad input, or become a
// model whose matrices are finite and Hermitian on site.

#include "edotb/model/wannier90.hpp"

#include "fuzz.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <unistd.h>

namespace edotb {
namespace {

/// Writes the next part of the text to a file; "" when there is none.
std::string next_file(std::string_view& text, const char* name) {
  if (text.empty()) return "";
  constexpr std::string_view cut = "%%\n";
  const std::size_t end = std::min(text.find(cut), text.size());
  const auto folder = std::filesystem::temp_directory_path();
  std::string path = (folder / fmt::format("edotb_fuzz_{}_{}", getpid(), name)).string();
  std::ofstream(path, std::ios::binary) << text.substr(0, end);
  text.remove_prefix(std::min(end + cut.size(), text.size()));
  return path;
}

void require_finite(const linalg::Matrix& matrix) {
  for (const auto value : matrix.values()) {
    if (!std::isfinite(value.real()) || !std::isfinite(value.imag())) {
      fuzz::broken("the matrices of a model are finite");
    }
  }
}

void check(std::uint8_t choices, std::string_view text) {
  constexpr std::array<const char*, 3> orders = {"none", "interleaved", "blocks"};
  deck::WannierFiles files;
  files.hr = next_file(text, "hr.dat");
  files.win = next_file(text, "win");
  files.centres = next_file(text, "centres.xyz");
  files.wsvec = next_file(text, "wsvec.dat");
  if (files.win.empty()) files.cell = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  files.cutoff = (choices & 1U) != 0 ? 0.1 : 0.0;
  files.max_distance = (choices & 2U) != 0 ? 1.5 : 0.0;
  files.site_radius = (choices & 4U) != 0 ? 0.5 : 0.0;
  files.spin_order = orders.at((choices >> 4U) % orders.size());
  fuzz::may_refuse([&] {
    const model::Model model = model::wannier90_model(files, (choices & 8U) != 0 ? 2 : 3);
    require_finite(model.onsite);
    for (const auto& hopping : model.hoppings) require_finite(hopping.matrix);
    const double error = linalg::max_norm(model.onsite - linalg::adjoint(model.onsite));
    if (!(error <= 1e-4 * (1.0 + linalg::max_norm(model.onsite)))) {
      fuzz::broken("the on-site matrix is Hermitian");
    }
  });
}

}  // namespace
}  // namespace edotb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(data + 1, data + size);
  edotb::check(data[0], text);
  return 0;
}
