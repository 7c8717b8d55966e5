#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/deck/deck.hpp"

#include <functional>
#include <string>
#include <vector>

namespace edotb::campaign {

/// The deck with each number of ranks per point that may be taken: engine.ranks_per_point where it is given. Where it
/// is not: one, then, where the deck leaves room for a solver that divides the memory of a point (MUMPS of the
/// coherent engine, all of the continuum engine), every other number that divides the ranks.
/// Throws bad_input, on all ranks, when the deck's number does not divide that of the ranks.
[[nodiscard]] std::vector<deck::Deck> ways_to_share_points(const deck::Deck& deck,
                                                           const mpi::Communicator& comm);

/// The first of `ways` for which every node has room for its ranks, each of megabytes_of(way), a collective function;
/// says so when ranks share points because of it. Throws bad_input, on all ranks, when there is none; `remedy` says
/// what to change. Collective.
[[nodiscard]] const deck::Deck& first_that_fits(
    const std::vector<deck::Deck>& ways, const mpi::Communicator& comm,
    const std::function<double(const deck::Deck&)>& megabytes_of, const std::string& remedy);

}  // namespace edotb::campaign
