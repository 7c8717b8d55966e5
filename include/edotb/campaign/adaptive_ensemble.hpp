#pragma once

#include "edotb/campaign/point_solver.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/measure/deck_setups.hpp"

#include <hdf5.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace edotb::campaign {

/// The numbers of realisations after which it is decided whether they are enough: the minimum, then each
/// time half as many again, rounded up, and at last the maximum.
[[nodiscard]] std::vector<std::int64_t> looks(std::int64_t minimum, std::int64_t maximum);

/// A mean over the realisations that gave a number.
struct EnsembleMean {
  measure::Estimate mean;  ///< and its standard error, infinite with fewer than two of them
  std::int64_t n_realisations = 0;
};
/// Of values some of which may be NaN, which have no part in it.
[[nodiscard]] EnsembleMean ensemble_mean(std::span<const double> values);

/// True when the error is within the target, and the mean is one of `minimum` realisations or more.
[[nodiscard]] bool is_enough(const EnsembleMean& mean, const deck::UntilOptions& until);

/// The conductances whose means are to be known [e^2/h]: between the current's contacts of every
/// measurement, or without one the first two contacts, at every temperature of the deck.
class KnownConductances {
 public:
  KnownConductances(const deck::Deck& deck, measure::Terminals terminals);
  /// "source -> drain", "source -> drain at temperature 4".
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool are_thermal() const { return are_thermal_; }
  /// From a point's transmissions [to][from], or its thermal conductances [temperature][to][from]; NaN where
  /// these are no numbers.
  [[nodiscard]] std::vector<double> of(std::span<const double> matrices) const;
  [[nodiscard]] std::vector<double> of(const PointResult& result) const;

 private:
  std::vector<std::string> contacts_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;  ///< of contacts: in, out
  std::vector<std::string> names_;
  bool are_thermal_;
};

/// How many realisations each (field, angle, energy) needs. Decisions depend on nothing but the numbers of
/// realisations 0 to n - 1, so that they are the same in any order, on any ranks, and after any interruption.
class AdaptiveEnsemble {
 public:
  AdaptiveEnsemble(const deck::Deck& deck, KnownConductances known);
  [[nodiscard]] const KnownConductances& known() const { return known_; }

  /// The conductances of a point that has been computed.
  void add(std::int64_t number, std::span<const double> conductances);

  /// Decides as far as the numbers go. The points that it takes to decide further, as ranges that never leave
  /// one (field, angle, energy) and may hold computed ones; none: all is decided.
  [[nodiscard]] std::vector<Chunk> advance();

  /// Points that have been computed, of all.
  [[nodiscard]] std::int64_t n_computed() const;

  /// What became of one (field, angle, energy).
  struct Outcome {
    Point point;                  ///< realisation 0
    bool is_enough = false;       ///< the target was reached
    EnsembleMean worst;           ///< of the conductance that is farthest from the target
    std::size_t conductance = 0;  ///< its place among the names
  };
  [[nodiscard]] std::vector<Outcome> outcomes() const;

 private:
  /// Points that are decided together.
  struct Set {
    std::vector<std::size_t> groups;
    std::size_t look = 0;
    bool is_over = false;
    bool is_enough = false;
  };
  [[nodiscard]] std::vector<double> values_of(std::size_t group, std::size_t conductance,
                                              std::int64_t n) const;
  [[nodiscard]] bool has_enough(std::size_t group, std::int64_t n) const;
  [[nodiscard]] std::optional<Chunk> missing(std::size_t group, std::int64_t n) const;

  KnownConductances known_;
  deck::UntilOptions until_;
  PointList points_;
  std::vector<std::int64_t> looks_;
  std::vector<Set> sets_;
  std::vector<std::vector<double>> values_;  ///< [group][realisation][conductance], as far as known
  std::vector<std::vector<char>> is_computed_;  ///< [group][realisation], likewise
};

/// From what a results file holds so far. Throws bad_input.
[[nodiscard]] AdaptiveEnsemble read_adaptive_ensemble(hid_t file, const deck::Deck& deck);

/// How many points reached the target, and a line for each that did not.
[[nodiscard]] std::string describe(const AdaptiveEnsemble& ensemble, const deck::Deck& deck);

}  // namespace edotb::campaign
