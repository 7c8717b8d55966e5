// The reader of a laboratory's readings.csv, of the deck below. Promise: a file is refused as bad input, or its
// readings are finite, with errors above zero and temperatures that are not negative.

#include "edotb/analysis/curve.hpp"
#include "fuzz.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <unistd.h>

namespace edotb {
namespace {

namespace fs = std::filesystem;

constexpr const char* deck = R"(
engine: {kind: continuum}
conductor:
  shape: {kind: bar, dimension: 2, length: 4 mm, width: 1 mm, thickness: 0.1 mm}
  contacts: [{name: source, side: -x}, {name: drain, side: +x}]
  probes: [{name: p, position: [-1 mm, 0.5 mm, 0 mm]}, {name: q, position: [1 mm, 0.5 mm, 0 mm]}]
field: {magnitude: 0}
measurements:
  - {name: long, kind: four_probe, current: [source, drain], voltage: [p, q]}
  - {name: odd, kind: four_probe, current: [source, drain], voltage: [p, q], parity: odd}
)";

void check(std::string_view text) {
  static const fs::path folder = [] {
    fs::path made = fs::temp_directory_path() / fmt::format("edotb_fuzz_{}_laboratory", getpid());
    fs::create_directories(made);
    std::ofstream(made / "deck.yaml") << deck;
    return made;
  }();
  std::ofstream(folder / "readings.csv", std::ios::binary) << text;
  fuzz::may_refuse([&] {
    for (const auto& curve : analysis::read_curves({folder})) {
      for (const auto& reading : curve.readings) {
        if (!std::isfinite(reading.field) || !std::isfinite(reading.angle) ||
            !std::isfinite(reading.value)) {
          fuzz::broken("readings are finite");
        }
        if (!(reading.temperature >= 0.0) || !(reading.error > 0.0)) {
          fuzz::broken("no temperature is negative, and every error is above zero");
        }
      }
    }
  });
}

}  // namespace
}  // namespace edotb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  edotb::check(text);
  return 0;
}
