#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/deck/deck.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace edotb::campaign {

/// How a run ended; the same on every rank.
struct RunSummary {
  std::filesystem::path results;
  std::int64_t n_points = 0;
  std::int64_t n_solved_again = 0;
  std::int64_t n_failed = 0;
  std::int64_t n_thermal_missed = 0;  ///< thermal averages that failed or missed their tolerance
  double max_unitarity_error = 0.0;
  double seconds = 0.0;
  std::string remarks;  ///< one line per point that failed or was solved again; on rank 0
};

/// Makes the folder of a run's results and copies the deck into it; an older results.h5 is kept as
/// results.previous.h5. Returns the path of the new results.h5; on one rank. Throws bad_input.
[[nodiscard]] std::filesystem::path prepare_results_folder(const std::filesystem::path& directory,
                                                           const deck::Deck& deck);
/// Throws bad_input, on all ranks, when engine.ranks_per_point does not divide their number.
void check_ranks_per_point(const deck::Deck& deck, const mpi::Communicator& comm);

/// Runs all points of a deck on all ranks of `comm` into DIRECTORY/results.h5. Collective. Points go
/// to ranks through a shared counter: no master idles, and no result depends on which rank took it.
/// An older results.h5 is kept as results.previous.h5. Throws bad_input before any work when the
/// sample or the folder is not fit.
[[nodiscard]] RunSummary run(const deck::Deck& deck, const std::filesystem::path& directory,
                             const mpi::Communicator& comm);

}  // namespace edotb::campaign
