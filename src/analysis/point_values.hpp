#pragma once

#include "edotb/analysis/curve.hpp"
#include "edotb/deck/deck.hpp"
#include "edotb/measure/deck_setups.hpp"

namespace edotb::analysis {

/// What one setup read at one point of a run.
struct PointValue {
  double field = 0.0;
  double angle = 0.0;
  double temperature = 0.0;
  std::int64_t realisation = 0;
  Estimate resistance;
  double conductance = 0.0;  ///< e^2/h, between the current's contacts; of the coherent engine
};

/// Fills readings, samples and ensemble of a curve: takes its setup's parity, then averages over realisations. The
/// resistance is the mean of the realisations' resistances, which is what measuring many samples gives; not the
/// inverse of a mean conductance.
void fill_curve(Curve& curve, std::vector<PointValue> values);

/// Where the deck puts a setup.
[[nodiscard]] Geometry geometry_of(const deck::Deck& deck, const measure::Setup& setup);

/// The units of a deck's curves.
[[nodiscard]] Units units_of(const deck::Deck& deck);

/// The curves of deck.yaml and readings.csv in a folder. Throws bad_input with the line.
[[nodiscard]] std::vector<Curve> laboratory_curves(const std::filesystem::path& folder,
                                                   const std::vector<std::string>& overrides);

/// The setups of a deck. Throws bad_input that lists the sample's contacts when it has no measurements.
[[nodiscard]] std::vector<measure::Setup> required_setups(const deck::Deck& deck,
                                                          const measure::Terminals& terminals,
                                                          const std::string& run);

}  // namespace edotb::analysis
