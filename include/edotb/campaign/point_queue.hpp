#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/campaign/watcher.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace edotb::campaign {

/// Hands out the points of a run that are not done yet, chunk after chunk, through a counter that all
/// ranks share; the same counter tells all of them to stop when one is told to.
class PointQueue {
 public:
  /// The ranks of `group` take every point together. Collective in `all`.
  PointQueue(const mpi::Communicator& all, const mpi::Communicator& group,
             std::vector<Chunk> chunks, const std::vector<char>& is_done, const Watcher& watcher);

  /// The next point; nothing when all are taken, or the run is to stop. Collective in the group.
  [[nodiscard]] std::optional<std::int64_t> next();

 private:
  [[nodiscard]] std::int64_t take();
  [[nodiscard]] bool is_stopped();

  mpi::Communicator group_;
  std::vector<Chunk> chunks_;
  const std::vector<char>& is_done_;
  const Watcher& watcher_;
  mpi::SharedCounter counter_;  ///< of the next chunk
  Chunk chunk_;                 ///< what is left of the present one
  bool has_told_ = false;
  std::chrono::steady_clock::time_point asked_;
};

}  // namespace edotb::campaign
