#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace edotb::campaign {

/// The progress line on standard error: points done, rate, time left. Rewrites one line in a terminal;
/// elsewhere prints a plain line every ten seconds at first, and more rarely as the run gets longer.
class Progress {
 public:
  /// `n_before` of the points were done before this run began; `is_bound`: not all may be needed.
  explicit Progress(std::int64_t n_points, std::int64_t n_before = 0, bool is_bound = false);
  [[nodiscard]] bool is_due() const;
  void show(std::int64_t n_done);
  /// The last line, of a run that needed so many points.
  void finish(std::int64_t n_done, std::int64_t n_needed);

 private:
  [[nodiscard]] std::string line(std::int64_t n_done) const;

  std::int64_t n_points_;
  std::int64_t n_before_;
  bool is_bound_;
  bool terminal_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

/// Seconds as a person says them: "0.4 s", "3 min 20 s", "2 h 05 min".
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace edotb::campaign
