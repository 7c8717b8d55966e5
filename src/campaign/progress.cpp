#include "edotb/campaign/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace edotb::campaign {

namespace {
using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}
}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 10.0) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {:02} h", whole / 86400, whole / 3600 % 24);
}

Progress::Progress(std::int64_t n_points, std::int64_t n_before, bool is_bound)
    : n_points_(n_points),
      n_before_(n_before),
      is_bound_(is_bound),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      last_(start_) {}

std::string Progress::line(std::int64_t n_done) const {
  const double elapsed = seconds_since(start_);
  const double rate = static_cast<double>(n_done - n_before_) / std::max(elapsed, 1e-9);
  std::string text = fmt::format("{}/{} points", n_done, n_points_);
  if (n_done > n_before_) text += fmt::format(", {:.3g} points/s", rate);
  if (n_done > n_before_ && n_done < n_points_) {
    text += fmt::format(", {}{} left", is_bound_ ? "at most " : "",
                        duration_text(static_cast<double>(n_points_ - n_done) / rate));
  }
  return text;
}

bool Progress::is_due() const {
  constexpr double lines_per_run = 50.0;
  const double interval =
      terminal_ ? 0.2 : std::clamp(seconds_since(start_) / lines_per_run, 10.0, 300.0);
  return seconds_since(last_) >= interval;
}

void Progress::show(std::int64_t n_done) {
  last_ = Clock::now();
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", line(n_done), terminal_ ? "" : "\n");
  std::fflush(stderr);
}

void Progress::finish(std::int64_t n_done, std::int64_t n_needed) {
  n_points_ = n_needed;
  fmt::print(stderr, "{}{} in {}\n", terminal_ ? "\r\x1b[K" : "", line(n_done),
             duration_text(seconds_since(start_)));
}

}  // namespace edotb::campaign
