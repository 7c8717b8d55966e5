#include "damage.hpp"

#include "edotb/base/error.hpp"
#include "edotb/campaign/point_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace edotb::cli {

const char* reason_of(std::int8_t status) {
  if (status == campaign::damaged_status) return "damaged";
  return status == 0 ? "not computed" : "failed";
}

void report_damage(const std::string& results, const std::vector<std::string>& points) {
  if (points.empty()) return;
  constexpr std::size_t max_listed = 20;
  std::string list;
  for (std::size_t i = 0; i < std::min(points.size(), max_listed); ++i) list += points[i] + "\n  ";
  if (points.size() > max_listed)
    list += fmt::format("and {} more\n  ", points.size() - max_listed);
  throw bad_input(
      fmt::format("{}: {} DAMAGED point{}, left out above: the bytes do not fit the checksum\n  {}"
                  "edotb run with --resume computes them again",
                  results, points.size(), points.size() == 1 ? "" : "s", list));
}

}  // namespace edotb::cli
