#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace edotb::campaign {

/// The progress line on standard error: points done, rate, time left. Rewrites one line in a terminal;
/// elsewhere prints a plain line at most every ten seconds.
class Progress {
 public:
  explicit Progress(std::int64_t n_points);
  void show(std::int64_t n_done);
  void finish(std::int64_t n_done);

 private:
  [[nodiscard]] std::string line(std::int64_t n_done) const;

  std::int64_t n_points_;
  bool terminal_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

/// Seconds as a person says them: "0.4 s", "3 min 20 s", "2 h 05 min".
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace edotb::campaign
