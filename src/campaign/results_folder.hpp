#pragma once

#include "edotb/campaign/point_file.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/campaign/run.hpp"
#include "edotb/campaign/watcher.hpp"
#include "folder_lock.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace edotb::campaign {

/// A results file that is ready for its points.
struct Started {
  std::filesystem::path results;
  PointLayout layout;
  std::vector<char> is_done;  ///< by number of the point: taken over from an earlier run
  std::int64_t n_taken = 0;
  std::optional<FolderLock> lock;  ///< of the folder, on rank 0
};

/// Makes DIRECTORY with the deck and a new results.h5, which `create` makes on rank 0 at the path that it
/// gets. With `resume`, points that an earlier results.h5 holds complete are copied into the new one; else
/// the earlier file is kept as results.previous.h5. Until the new one is whole the earlier one stays as it
/// is. Throws bad_input when another run holds the folder, and, with the keys that differ, when the earlier
/// file is of another deck. Collective.
[[nodiscard]] Started start_results(
    const deck::Deck& deck, const std::filesystem::path& directory, bool resume,
    const mpi::Communicator& comm, const std::function<void(const std::filesystem::path&)>& create);

/// Adds lines to DIRECTORY/remarks.txt at once, so that a killed run keeps them; from any rank.
void add_remarks(const std::filesystem::path& directory, const std::string& lines);

/// Once all ranks are through, ends the watch, writes the end time and the remarks into results.h5 where
/// the run came to its end, and sums up what it holds. `ensemble`, where it is given, says what became of an
/// ensemble with a target: the points that are not computed were not needed. Collective.
[[nodiscard]] RunSummary finish_results(const Started& started, Watcher& watcher,
                                        const mpi::Communicator& comm,
                                        const std::optional<std::string>& ensemble = {});

}  // namespace edotb::campaign
