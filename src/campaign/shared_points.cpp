#include "shared_points.hpp"

#include "edotb/base/error.hpp"
#include "edotb/campaign/node_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace edotb::campaign {

namespace {

/// multifrontal divides the time of a point among its ranks, not its memory.
bool can_divide_memory(const deck::Deck& deck) {
  if (deck.conductor) return true;
  return deck.solver == "mumps" || (deck.solver == "auto" && deck.precision == "double");
}

}  // namespace

std::vector<deck::Deck> ways_to_share_points(const deck::Deck& deck,
                                             const mpi::Communicator& comm) {
  if (comm.size() % deck.ranks_per_point != 0) {
    throw bad_input(fmt::format("{}: {} ranks per point do not divide the {} of this run",
                                deck.where("engine.ranks_per_point"), deck.ranks_per_point,
                                comm.size()))
        .made_collective();
  }
  std::vector<deck::Deck> ways = {deck};
  if (!deck.may_share_points || !can_divide_memory(deck)) return ways;
  for (int n = 2; n <= comm.size(); ++n) {
    if (comm.size() % n != 0) continue;
    deck::Deck& way = ways.emplace_back(deck);
    way.ranks_per_point = n;
    way.solver = "mumps";
  }
  return ways;
}

const deck::Deck& first_that_fits(const std::vector<deck::Deck>& ways,
                                  const mpi::Communicator& comm,
                                  const std::function<double(const deck::Deck&)>& megabytes_of,
                                  const std::string& remedy) {
  double least = std::numeric_limits<double>::infinity();
  for (const deck::Deck& way : ways) {
    const double megabytes = megabytes_of(way);
    least = std::min(least, megabytes);
    if (!fits_memory(comm, megabytes)) continue;
    if (way.ranks_per_point != ways.front().ranks_per_point && comm.is_first()) {
      fmt::print(stderr,
                 "note: {} ranks solve each point together{}, because the nodes have not the "
                 "memory for fewer "
                 "(engine.ranks_per_point)\n",
                 way.ranks_per_point, way.conductor ? "" : " by mumps");
    }
    return way;
  }
  refuse_memory(comm, least, remedy);
}

}  // namespace edotb::campaign
