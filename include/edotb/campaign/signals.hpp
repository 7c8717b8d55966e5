#pragma once

#include <string>

namespace edotb::campaign {

/// Takes SIGTERM, SIGINT and SIGUSR1 from now on. Until somebody watches, SIGTERM and SIGINT end the process with exit status 75:
/// nothing was computed yet. After its end signals still only leave a note, until the process is through.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// From now on signals only leave a note here.
  static void watch();
  /// "SIGTERM" or "SIGINT" when one came since watch(), else empty.
  [[nodiscard]] static std::string stop();
  /// True once for every SIGUSR1.
  [[nodiscard]] static bool write_now();
};

}  // namespace edotb::campaign
