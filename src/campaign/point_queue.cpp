#include "edotb/campaign/point_queue.hpp"

#include <utility>

namespace edotb::campaign {

namespace {

constexpr std::int64_t none = -1;
constexpr std::int64_t stop_mark = std::int64_t{1} << 40U;  ///< beyond any number of chunks

}  // namespace

PointQueue::PointQueue(const mpi::Communicator& all, const mpi::Communicator& group,
                       std::vector<Chunk> chunks, const std::vector<char>& is_done,
                       const Watcher& watcher)
    : group_(group),
      chunks_(std::move(chunks)),
      is_done_(is_done),
      watcher_(watcher),
      counter_(all) {}

std::optional<std::int64_t> PointQueue::next() {
  if (watcher_.wants_stop() && !has_told_) {
    counter_.fetch_add(stop_mark);
    has_told_ = true;
  }
  const std::int64_t number = mpi::broadcast(group_, group_.is_first() ? take() : none);
  if (number == none) return std::nullopt;
  return number;
}

bool PointQueue::is_stopped() {
  // Not at every point: a small point takes less than a look at another rank's memory.
  constexpr std::chrono::milliseconds period(100);
  if (has_told_) return true;
  const auto now = std::chrono::steady_clock::now();
  if (now - asked_ < period) return false;
  asked_ = now;
  return counter_.value() >= stop_mark;
}

std::int64_t PointQueue::take() {
  for (;;) {
    while (chunk_.begin < chunk_.end) {
      const std::int64_t number = chunk_.begin++;
      if (is_done_[static_cast<std::size_t>(number)] != 0) continue;
      return is_stopped() ? none : number;
    }
    const std::int64_t c = counter_.fetch_add(1);
    if (c >= static_cast<std::int64_t>(chunks_.size())) return none;
    chunk_ = chunks_[static_cast<std::size_t>(c)];
  }
}

}  // namespace edotb::campaign
