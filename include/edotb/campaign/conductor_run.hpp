#pragma once

#include "edotb/campaign/run.hpp"

namespace edotb::campaign {

/// Runs the points of a deck of the continuum engine, fields times angles, into DIRECTORY/results.h5:
/// as `run`, with the group /continuum in place of transmissions. Collective.
[[nodiscard]] RunSummary run_conductor(const deck::Deck& deck,
                                       const std::filesystem::path& directory,
                                       const mpi::Communicator& comm,
                                       const RunOptions& options = {});

}  // namespace edotb::campaign
