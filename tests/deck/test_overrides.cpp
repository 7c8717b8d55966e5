// --set key=value: the deck behaves as if the value stood in the file.
#include "edotb/base/error.hpp"
#include "edotb/deck/deck.hpp"

#include <gtest/gtest.h>

namespace edotb {
namespace {

using deck::Deck;
using Values = std::vector<double>;

/// Of the deck's disorder, all of kind anderson.
Values widths(const Deck& deck) {
  Values found;
  for (const auto& term : deck.disorder) {
    found.push_back(std::get<deck::Anderson>(term.kind).width);
  }
  return found;
}

Deck with(const std::vector<std::string>& overrides) {
  return deck::parse_deck(R"(
units: lattice
sample:
  model: {name: rashba, rashba: 0.2}
  shape: {length: 6, width: 4}
  disorder: [{kind: anderson, width: 1}, {kind: anderson, width: 3}]
field: {magnitude: {from: 0, to: 1, count: 2}, angle: [0, 90]}
energy: 0.5
)",
                          "test.yaml", overrides);
}

TEST(Override, ReplacesAValue) {
  EXPECT_EQ(with({"energy=0.7"}).energy, Values({0.7}));
  EXPECT_EQ(with({"energy=[1, 2]"}).energy, Values({1, 2}));
  EXPECT_EQ(with({"energy={from: 0, to: 1, step: 0.5}"}).energy, Values({0, 0.5, 1}));
  EXPECT_EQ(with({"sample.shape.length=9"}).shape.length, 9);
  EXPECT_EQ(with({"sample.shape.boundary=periodic", "field.magnitude=0"}).shape.periodic, true);
}

TEST(Override, AddsAKeyAndASection) {
  EXPECT_EQ(with({"title=a = b"}).title, "a = b");
  EXPECT_EQ(with({"ensemble.realisations=5"}).ensemble.n_realisations, 5);
  EXPECT_EQ(with({"sample.leads.potential=-1"}).leads.potential, -1.0);
}

TEST(Override, ReachesIntoARange) {
  EXPECT_EQ(with({"field.magnitude.count=3"}).field.magnitude, Values({0, 0.5, 1}));
  EXPECT_EQ(with({"field.magnitude.to=2", "field.magnitude.count=3"}).field.magnitude,
            Values({0, 1, 2}));
}

TEST(Override, ReachesAnItemOfAList) {
  EXPECT_EQ(widths(with({"sample.disorder[0].width=2"})), Values({2, 3}));
  EXPECT_EQ(widths(with({"sample.disorder[1]={kind: anderson, width: 5}"})), Values({1, 5}));
  EXPECT_EQ(with({"field.angle[1]=45"}).field.angle, Values({0, 45}));
  EXPECT_EQ(widths(with({"sample.disorder=[]"})), Values());
}

TEST(Override, ReplacesASection) {
  const Deck deck = with({"field={magnitude: 0.3}"});
  EXPECT_EQ(deck.field.magnitude, Values({0.3}));
  EXPECT_EQ(deck.field.angle, Values({0}));
}

TEST(Override, LeavesAnAliasOfWhatItReplacesAlone) {
  const std::string text =
      "sample: {model: {name: graphene}, disorder: [&d {kind: anderson, width: 1}, *d]}\n"
      "energy: &e [1, 2]\nfield: {magnitude: *e}\n";
  const Deck deck =
      deck::parse_deck(text, "t", {"sample.disorder[0].width=5", "energy[1]=7", "energy[0]=6"});
  EXPECT_EQ(widths(deck), Values({5, 1}));
  EXPECT_EQ(deck.energy, Values({6, 7}));
  EXPECT_EQ(deck.field.magnitude, Values({1, 2}));
}

TEST(Override, TheLastOneOfAKeyHolds) {
  EXPECT_EQ(with({"energy=1", "energy=2"}).energy, Values({2}));
}

TEST(Override, MayMakeADeckOutOfNothing) {
  const Deck deck = deck::parse_deck("", "empty.yaml", {"sample.model.name=rashba", "energy=2"});
  EXPECT_EQ(deck.model->name, "rashba");
  EXPECT_EQ(deck.energy, Values({2}));
}

TEST(Override, LeavesTheTextAsWrittenAndShowsInTheExpandedDeck) {
  const Deck deck = with({"energy=0.75"});
  EXPECT_NE(deck.source.find("energy: 0.5"), std::string::npos);
  EXPECT_NE(deck.expanded.find("energy: [0.75]"), std::string::npos);
}

TEST(Override, AMistakeIsNamedWithTheOptionAndDoesNotHideOthers) {
  try {
    (void)with({"energy=high", "sample.shape.width=0", "nonsense"});
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_STREQ(error.what(),
                 "--set nonsense: an override is written --set key.path=value\n"
                 "--set sample.shape.width: 0 is too small: must be at least 1\n"
                 "--set energy: expected a number in t, found 'high'\n"
                 "3 problems in the deck; nothing was started");
  }
}

}  // namespace
}  // namespace edotb
