#include "rounds.hpp"

#include "edotb/base/hdf5.hpp"

#include <span>

namespace edotb::campaign {

Rounds::Rounds(const deck::Deck& deck, const measure::Terminals& terminals, const Started& started,
               const mpi::Communicator& comm, int n_takers)
    : deck_(deck), comm_(comm), n_takers_(n_takers) {
  if (!deck.ensemble.until.any()) return;
  mpi::collectively(comm, [&] {
    if (comm.is_first() && started.n_taken > 0) {
      const hdf5::Handle file = hdf5::open_for_reading(started.results.string());
      ensemble_.emplace(read_adaptive_ensemble(file.id(), deck));
    } else {
      ensemble_.emplace(deck, KnownConductances(deck, terminals));
    }
  });
}

std::vector<Chunk> Rounds::next(bool wants_stop) {
  ++n_rounds_;
  if (!ensemble_) {
    if (n_rounds_ > 1) return {};
    const PointList points(deck_);
    return make_chunks(points.size(), points.shape()[3], n_takers_);
  }
  collect();
  std::vector<std::int64_t> ends;
  if (comm_.is_first()) {
    for (const Chunk& range : ensemble_->advance()) {
      ends.insert(ends.end(), {range.begin, range.end});
    }
  }
  ends = mpi::broadcast(comm_, std::move(ends));
  if (ends.empty()) {
    ensemble_text_ = comm_.is_first() ? describe(*ensemble_, deck_) : "";
    return {};
  }
  if (mpi::maximum(comm_, wants_stop ? 1.0 : 0.0) > 0.0) return {};
  std::vector<Chunk> ranges;
  for (std::size_t i = 0; i < ends.size(); i += 2) ranges.push_back({ends[i], ends[i + 1]});
  return make_chunks(ranges, n_takers_);
}

void Rounds::add(std::int64_t number, const PointResult& result) {
  if (!ensemble_) return;
  const auto conductances = ensemble_->known().of(result);
  fresh_.push_back(static_cast<double>(number));
  fresh_.insert(fresh_.end(), conductances.begin(), conductances.end());
}

void Rounds::collect() {
  const auto all = mpi::gather(comm_, fresh_);
  fresh_.clear();
  const std::size_t width = ensemble_->known().names().size();
  for (std::size_t at = 0; at < all.size(); at += 1 + width) {
    ensemble_->add(static_cast<std::int64_t>(all[at]), std::span(all).subspan(at + 1, width));
  }
}

}  // namespace edotb::campaign
