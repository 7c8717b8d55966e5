// A run on a simulated clock. Of n workers that are free at t_1 ... t_n the first takes the next chunk c and
// is free again after   t_i + sum_{p in c} (point_p + leads, where it does not have those of p).
// The run ends at T_n = max t_i; busy are sum t_i, without the waiting at the end.
#include "edotb/campaign/schedule.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

namespace edotb::campaign {

namespace {

/// The leads that a worker has, the oldest first; those of another field and angle go before others.
class KeptLeads {
 public:
  explicit KeptLeads(std::size_t n_kept) : n_kept_(n_kept) {}

  /// True when they are there; else takes them up.
  bool has_or_takes(std::int64_t field_and_angle, std::int64_t energy) {
    if (n_kept_ == 0) return false;
    const Key key(field_and_angle, energy);
    if (std::find(keys_.begin(), keys_.end(), key) != keys_.end()) return true;
    while (!keys_.empty() && (keys_.front().first != field_and_angle || keys_.size() >= n_kept_)) {
      keys_.erase(keys_.begin());
    }
    keys_.push_back(key);
    return false;
  }

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;
  std::size_t n_kept_;
  std::vector<Key> keys_;
};

}  // namespace

double Schedule::waste(int n_workers) const {
  return wall_seconds > 0.0 ? 1.0 - busy_seconds / (n_workers * wall_seconds) : 0.0;
}

Schedule simulate(const PointList& points, const Costs& costs, int n_workers) {
  const auto n_busy = static_cast<std::size_t>(std::min<std::int64_t>(n_workers, points.size()));
  struct Worker {
    double free_at;
    std::size_t number;  // among equals the first rank is served first
    bool operator>(const Worker& other) const {
      return std::tie(free_at, number) > std::tie(other.free_at, other.number);
    }
  };
  std::priority_queue<Worker, std::vector<Worker>, std::greater<>> workers;
  for (std::size_t w = 0; w < n_busy; ++w) workers.push({0.0, w});
  std::vector<KeptLeads> kept(n_busy, KeptLeads(costs.n_kept_leads));
  Schedule schedule;
  for (const Chunk& chunk : make_chunks(points.size(), points.shape()[3], n_workers)) {
    Worker worker = workers.top();
    workers.pop();
    double seconds = 0.0;
    for (std::int64_t number = chunk.begin; number < chunk.end; ++number) {
      const Point point = points[number];
      const std::int64_t place =
          costs.field_free_leads ? 0 : point.field * points.shape()[1] + point.angle;
      auto& leads = kept[worker.number];
      if (!leads.has_or_takes(place, point.energy)) seconds += costs.lead_seconds;
      seconds += costs.point_seconds(number);
    }
    worker.free_at += seconds;
    schedule.busy_seconds += seconds;
    schedule.wall_seconds = std::max(schedule.wall_seconds, worker.free_at);
    workers.push(worker);
  }
  return schedule;
}

int most_useful_workers(const PointList& points, const Costs& costs, double efficiency) {
  const double alone = simulate(points, costs, 1).wall_seconds;
  const std::int64_t most = std::min<std::int64_t>(points.size(), std::numeric_limits<int>::max());
  // Every k at first, then in steps of a twentieth: the staircase of T_n has no steps to find there.
  for (std::int64_t k = 1; k < most; k += std::max<std::int64_t>(1, k / 20)) {
    const auto n = static_cast<int>((most + k - 1) / k);
    if (alone >= efficiency * n * simulate(points, costs, n).wall_seconds) return n;
  }
  return 1;
}

}  // namespace edotb::campaign
