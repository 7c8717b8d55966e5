#include "edotb/base/memory.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

namespace edotb {

namespace {

namespace fs = std::filesystem;

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A field of /proc/meminfo, whose unit is 1024 bytes.
double meminfo_megabytes(const std::string& name) {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    double kibibytes = 0.0;
    if (word == name && file >> kibibytes) return 1.024e-3 * kibibytes;
  }
  return unlimited;
}

double limit_in(const fs::path& file) {
  std::ifstream stream(file);
  double bytes = 0.0;
  return stream >> bytes ? 1e-6 * bytes : unlimited;  // "max" is no number
}

/// The least limit of a control group and those around it, below `mount`.
double limit_of_group(const fs::path& mount, const std::string& group, const char* file) {
  double limit = limit_in(mount / file);
  fs::path folder = mount;
  for (const auto& part : fs::path(group).relative_path()) {
    folder /= part;
    limit = std::min(limit, limit_in(folder / file));
  }
  return limit;
}

}  // namespace

double available_megabytes() {
  double available = meminfo_megabytes("MemAvailable:");
  // Lines "0::/group" (version 2) and "4:memory:/group" (version 1).
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t controller = line.find(':') + 1;
    const std::size_t path = line.find(':', controller) + 1;
    if (controller == 0 || path == 0) continue;
    const std::string name = line.substr(controller, path - controller - 1);
    const std::string group = line.substr(path);
    if (name.empty()) {
      available = std::min(available, limit_of_group("/sys/fs/cgroup", group, "memory.max"));
    } else if (name == "memory") {
      available = std::min(available,
                           limit_of_group("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes"));
    }
  }
  return available;
}

}  // namespace edotb
