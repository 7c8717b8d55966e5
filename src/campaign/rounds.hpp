#pragma once

#include "edotb/campaign/adaptive_ensemble.hpp"
#include "results_folder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace edotb::campaign {

/// The rounds of a run: all points in one, or with ensemble.until those realisations that the ones before
/// left wanting, decided on rank 0 and the same whatever the ranks are.
class Rounds {
 public:
  /// `n_takers`: ranks, or groups of them, that take points by themselves. Collective.
  Rounds(const deck::Deck& deck, const measure::Terminals& terminals, const Started& started,
         const mpi::Communicator& comm, int n_takers);

  /// The points of the next round, in chunks; none at the end, or where a rank wants to stop. Collective.
  [[nodiscard]] std::vector<Chunk> next(bool wants_stop);
  /// A point that this rank has computed.
  void add(std::int64_t number, const PointResult& result);

  /// Of an ensemble with a target that came to its end: what became of it, on rank 0; the points that are
  /// not computed were not needed.
  [[nodiscard]] const std::optional<std::string>& ensemble() const { return ensemble_text_; }

 private:
  void collect();

  const deck::Deck& deck_;
  mpi::Communicator comm_;
  int n_takers_;
  std::optional<AdaptiveEnsemble> ensemble_;  ///< with numbers on rank 0 alone
  std::vector<double>
      fresh_;  ///< of points since the last round: number, conductances, number, ...
  std::int64_t n_rounds_ = 0;
  std::optional<std::string> ensemble_text_;
};

}  // namespace edotb::campaign
