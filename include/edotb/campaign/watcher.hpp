#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/campaign/point_file.hpp"
#include "edotb/campaign/progress.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace edotb::campaign {

/// Looks after a run while its ranks compute, from a thread of its own: brings finished points to the
/// disk every five seconds; on rank 0 shows the progress and refreshes DIRECTORY/status.json; and notices
/// SIGTERM, SIGINT, the end of the time allowed and a file DIRECTORY/stop. Points under way then have a
/// moment to end (half a second after a signal, which mpirun follows by SIGKILL after one; 30 s at the end
/// of the time; as long as they take after the file), or else the process ends with exit status 75. It
/// ends as well when another rank of this node is gone, for which MPI might wait forever.
class Watcher {
 public:
  /// `n_before`: points that an earlier run finished; `is_bound`: not all points may be needed. Collective.
  Watcher(PointFile& file, const mpi::Communicator& comm, double max_seconds, std::int64_t n_before,
          bool is_bound = false);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  [[nodiscard]] bool wants_stop() const { return wants_stop_; }
  /// "SIGTERM", "--max-time", "the file DIRECTORY/stop", or empty.
  [[nodiscard]] std::string reason() const;
  /// Ends the watch: the last line of the progress and `state` in status.json, of so many points.
  void finish(const std::string& state, std::int64_t n_needed);

 private:
  using Clock = std::chrono::steady_clock;
  void watch();
  void look();
  void look_for_stop();
  void look_for_neighbours();
  void stop_within(const std::string& reason, Clock::time_point deadline);
  [[noreturn]] void abandon();
  void write_status(const std::string& state);

  PointFile& file_;
  std::filesystem::path directory_;
  std::vector<pid_t> neighbours_;  ///< the other ranks of this node
  bool is_first_;
  int n_ranks_;
  double max_seconds_;
  std::int64_t n_before_;
  std::int64_t n_points_;
  bool is_bound_;
  std::string start_time_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point synced_ = start_;
  Clock::time_point status_written_;
  Clock::time_point deadline_ = Clock::time_point::max();
  Progress progress_;
  std::atomic<bool> wants_stop_ = false;
  mutable std::mutex mutex_;
  std::condition_variable end_;
  bool is_over_ = false;
  std::string reason_;
  std::thread thread_;
};

/// What is said of a run that stopped before its end, and how it goes on.
[[nodiscard]] std::string stop_message(const std::string& reason, std::int64_t n_finished,
                                       std::int64_t n_points, bool is_bound,
                                       const std::filesystem::path& results);

}  // namespace edotb::campaign
