#include "edotb/campaign/watcher.hpp"

#include "edotb/base/error.hpp"
#include "edotb/campaign/results_file.hpp"
#include "edotb/campaign/signals.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <unistd.h>
#include <utility>

namespace edotb::campaign {

namespace {

constexpr std::chrono::milliseconds period(50);
constexpr double sync_period = 5.0;     // seconds
constexpr double status_period = 30.0;  // seconds
constexpr std::chrono::milliseconds grace_of_signal(500);
constexpr std::chrono::seconds grace_of_time(30);

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

bool is_alive(pid_t process) { return ::kill(process, 0) == 0 || errno != ESRCH; }

/// The processes of the other ranks on this node, of those that this one can see.
std::vector<pid_t> neighbours_of(const mpi::Communicator& comm) {
  MPI_Comm node = MPI_COMM_NULL;
  MPI_Comm_split_type(comm.handle(), MPI_COMM_TYPE_SHARED, comm.rank(), MPI_INFO_NULL, &node);
  int n_ranks = 1;
  MPI_Comm_size(node, &n_ranks);
  const pid_t own = ::getpid();
  static_assert(sizeof(pid_t) == sizeof(int));
  std::vector<pid_t> processes(static_cast<std::size_t>(n_ranks));
  MPI_Allgather(&own, 1, MPI_INT, processes.data(), 1, MPI_INT, node);
  std::erase_if(processes, [&](pid_t process) { return process == own || !is_alive(process); });
  MPI_Comm_free(&node);
  return processes;
}

}  // namespace

Watcher::Watcher(PointFile& file, const mpi::Communicator& comm, double max_seconds,
                 std::int64_t n_before, bool is_bound)
    : file_(file),
      directory_(file.path().parent_path()),
      neighbours_(neighbours_of(comm)),
      is_first_(comm.is_first()),
      n_ranks_(comm.size()),
      max_seconds_(max_seconds),
      n_before_(n_before),
      n_points_(file.layout().n_points),
      is_bound_(is_bound),
      start_time_(utc_now()),
      progress_(n_points_, n_before, is_bound) {
  std::error_code none;
  if (is_first_) std::filesystem::remove(directory_ / "stop", none);  // of an earlier run
  if (is_first_) write_status("running");
  Signals::watch();
  thread_ = std::thread([this] { watch(); });
}

Watcher::~Watcher() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
  }
  end_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::string Watcher::reason() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return reason_;
}

void Watcher::watch() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!end_.wait_for(lock, period, [this] { return is_over_; })) look();
}

void Watcher::look() {
  if (reason_.empty()) look_for_stop();
  look_for_neighbours();
  if (Clock::now() > deadline_) abandon();
  const bool now = Signals::write_now();
  if (now || seconds_since(synced_) > sync_period) {
    file_.sync();
    synced_ = Clock::now();
  }
  if (!is_first_) return;
  if (now) {
    fmt::print(stderr, "{} of {}{} points are on disk\n", file_.n_finished(),
               is_bound_ ? "at most " : "", n_points_);
  }
  if (progress_.is_due()) progress_.show(file_.n_finished());
  if (now || seconds_since(status_written_) > status_period) write_status("running");
}

void Watcher::look_for_stop() {
  const std::string signal = Signals::stop();
  std::error_code none;
  if (!signal.empty()) {
    stop_within(signal, Clock::now() + grace_of_signal);
  } else if (seconds_since(start_) > max_seconds_) {
    stop_within("--max-time", Clock::now() + grace_of_time);
  } else if (is_first_ && std::filesystem::exists(directory_ / "stop", none)) {
    stop_within("the file " + (directory_ / "stop").string(), Clock::time_point::max());
    std::filesystem::remove(directory_ / "stop", none);
  }
}

void Watcher::look_for_neighbours() {
  const auto gone = std::find_if_not(neighbours_.begin(), neighbours_.end(), is_alive);
  if (gone == neighbours_.end()) return;
  if (reason_.empty()) {
    stop_within(fmt::format("the end of another rank (process {})", *gone),
                Clock::now() + grace_of_signal);
  } else {
    deadline_ = std::min(deadline_, Clock::now() + grace_of_signal);
  }
  neighbours_.clear();
}

void Watcher::stop_within(const std::string& reason, Clock::time_point deadline) {
  reason_ = reason;
  deadline_ = deadline;
  wants_stop_ = true;
}

void Watcher::abandon() {
  file_.sync();
  if (is_first_) {
    write_status("stopped");
    fmt::print(stderr, "{}\n",
               stop_message(reason_, file_.n_finished(), n_points_, is_bound_, file_.path()));
    fmt::print("{}\n", file_.path().string());  // as at every other end
    std::fflush(nullptr);
  } else {
    // Rank 0 speaks for all: mpirun ends the others as soon as the first one is gone.
    std::this_thread::sleep_for(4 * period);
  }
  std::_Exit(static_cast<int>(ErrorKind::resumable));
}

void Watcher::write_status(const std::string& state) {
  status_written_ = Clock::now();
  const std::int64_t n_finished = file_.n_finished();
  const double seconds = seconds_since(start_);
  const double rate = static_cast<double>(n_finished - n_before_) / std::max(seconds, 1e-9);
  nlohmann::ordered_json status = {{"state", state},
                                   {"points", n_points_},
                                   {"finished", n_finished},
                                   {"taken_over", n_before_},
                                   {"seconds", seconds},
                                   {"points_per_second", rate},
                                   {"seconds_left", nullptr},
                                   {"ranks", n_ranks_},
                                   {"start", start_time_},
                                   {"updated", utc_now()},
                                   {"results", file_.path().filename().string()}};
  if (rate > 0.0) status["seconds_left"] = static_cast<double>(n_points_ - n_finished) / rate;
  // Renamed into place, so that nobody reads half of it. Only a convenience: a failure is no error.
  const auto written = directory_ / "status.json.part";
  std::ofstream stream(written);
  stream << status.dump(2) << "\n";
  stream.close();
  std::error_code none;
  if (stream) std::filesystem::rename(written, directory_ / "status.json", none);
}

void Watcher::finish(const std::string& state, std::int64_t n_needed) {
  const std::lock_guard<std::mutex> lock(mutex_);
  n_points_ = n_needed;
  is_over_ = true;
  end_.notify_all();
  file_.sync();
  if (!is_first_) return;
  progress_.finish(file_.n_finished(), n_needed);
  write_status(state);
}

std::string stop_message(const std::string& reason, std::int64_t n_finished, std::int64_t n_points,
                         bool is_bound, const std::filesystem::path& results) {
  return fmt::format(
      "stopped by {}: {} of {}{} points are in {}\nthe same command with --resume goes on", reason,
      n_finished, is_bound ? "at most " : "", n_points, results.string());
}

}  // namespace edotb::campaign
