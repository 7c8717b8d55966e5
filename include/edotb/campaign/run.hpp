#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/deck/deck.hpp"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

namespace edotb::campaign {

/// How a run is to be done; none of it changes a result.
struct RunOptions {
  bool resume = false;  ///< go on from DIRECTORY/results.h5, if it is there
  double max_seconds = std::numeric_limits<double>::infinity();  ///< then it stops, resumable
  bool ignore_memory = false;  ///< start even where the forecast says that memory is too small
};

/// How a run ended.
struct RunSummary {
  std::filesystem::path results;
  std::int64_t n_points = 0;
  std::int64_t n_needed = 0;    ///< below n_points where an ensemble reached its target before
  std::int64_t n_finished = 0;  ///< below n_needed: stopped early; on every rank, as the two below
  std::int64_t n_failed = 0;
  std::int64_t n_thermal_missed = 0;  ///< thermal averages that failed or missed their tolerance
  std::int64_t n_solved_again = 0;    ///< on rank 0, as all that follows
  double max_unitarity_error = 0.0;
  double seconds = 0.0;
  std::string stopped_by;  ///< of a run that stopped early
  std::string remarks;     ///< one line per point that failed or was solved again
  std::string ensemble;    ///< which points reached the target of ensemble.until
};

/// Runs all points of a deck on all ranks of `comm` into DIRECTORY/results.h5. Collective. Points go
/// to ranks through a shared counter: no master idles, and no result depends on which rank took it.
/// Throws bad_input before any work when the sample, the folder or an earlier results.h5 that is to be
/// continued is not fit; an Error of the kind resumable when a disk is full.
[[nodiscard]] RunSummary run(const deck::Deck& deck, const std::filesystem::path& directory,
                             const mpi::Communicator& comm, const RunOptions& options = {});

}  // namespace edotb::campaign
