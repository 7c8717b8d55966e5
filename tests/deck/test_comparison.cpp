// What of a deck may change between a run and the run that continues it.

#include "edotb/base/error.hpp"
#include "edotb/deck/comparison.hpp"
#include "edotb/deck/deck.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace edotb::deck {
namespace {

const char* const text = R"(
units: lattice
title: one
sample:
  model: {name: weyl_two_band}
  shape: {kind: bar, length: 6, width: 4, thickness: 3}
  disorder: [{kind: anderson, width: 1.0}, {kind: vacancies, density: 0.05}]
field: {magnitude: [0.1, 0.3], angle: [0, 90]}
energy: [0.31]
ensemble: {realisations: 5, seed: 3}
)";

using Lines = std::vector<std::string>;

/// The differences to the deck above after these overrides.
Lines after(const std::vector<std::string>& overrides) {
  const auto before = parse_deck(text, "deck.yaml");
  return compare(before.expanded, parse_deck(text, "deck.yaml", overrides).expanded).differences;
}

TEST(Comparison, SweepsMayGrowAndBeReordered) {
  EXPECT_EQ(after({}), Lines());
  EXPECT_EQ(after({"field.magnitude=[0.3, 0, 0.1]", "field.angle=[0, 45, 90]", "energy=[1, 0.31]",
                   "ensemble.realisations=6"}),
            Lines());
  EXPECT_EQ(after({"field.magnitude=[0.1]"}),
            Lines{"field.magnitude: [0.1, 0.3] there; [0.1] here"});
  EXPECT_EQ(after({"ensemble.realisations=4"}), Lines{"ensemble.realisations: 5 there; 4 here"});
}

TEST(Comparison, KeysThatFixNoResultMayDiffer) {
  EXPECT_EQ(after({"title=two", "output.directory=elsewhere", "engine.threads=2", "bands.points=7",
                   "output.max_gigabytes=1"}),
            Lines());
  EXPECT_EQ(after({"ensemble.realisations=20", "ensemble.until.relative_error=0.01",
                   "ensemble.until.each=energy"}),
            Lines());
}

TEST(Comparison, NamesEveryOtherKey) {
  EXPECT_EQ(after({"sample.disorder[0].width=2", "field.g_factor=2", "ensemble.seed=4"}),
            (Lines{"ensemble.seed: 3 there; 4 here", "field.g_factor: 0 there; 2 here",
                   "sample.disorder[0].width: 1 there; 2 here"}));
  EXPECT_EQ(after({"temperature=[0.1]"}), Lines{"temperature: [] there; [0.1] here"});
}

TEST(Comparison, KnowsTheEarlierPoints) {
  const auto deck = parse_deck(text, "deck.yaml");
  const auto sweeps = compare(deck.expanded, deck.expanded).earlier;
  EXPECT_EQ(sweeps.field, deck.field.magnitude);
  EXPECT_EQ(sweeps.angle, deck.field.angle);
  EXPECT_EQ(sweeps.energy, deck.energy);
  EXPECT_EQ(sweeps.n_realisations, 5);
  EXPECT_THROW((void)compare("a: [", deck.expanded), Error);
}

}  // namespace
}  // namespace edotb::deck
