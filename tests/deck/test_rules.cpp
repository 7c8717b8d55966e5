// Which keys go together: what no single row of the table can say.

#include "edotb/base/error.hpp"
#include "edotb/deck/deck.hpp"
#include "edotb/deck/tree.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

namespace edotb {
namespace {

const std::string system_file = "sample: {system_file: some.h5}\n";

std::string refusal(const std::string& text) {
  try {
    (void)deck::parse_deck(text, "deck.yaml");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// A ready-made system has its field inside; keys that ask for nothing may stay in the deck.
TEST(Rules, SystemFileMayKeepIdleFieldAndEnsemble) {
  const auto deck =
      deck::parse_deck(system_file +
                           "field: {magnitude: [0], angle: 30, azimuth: 10, where: device}\n"
                           "ensemble: {realisations: 1, seed: 7}\nenergy: [0.1, 0.2]",
                       "decks/deck.yaml");
  EXPECT_EQ(deck.system_file, "decks/some.h5");
  EXPECT_EQ(deck.energy.size(), 2U);
  EXPECT_EQ(deck.field.angle, std::vector<double>{0.0});
}

TEST(Rules, SystemFileRefusesWhatItCannotGive) {
  for (const std::string key :
       {"field: {magnitude: [0, 0.1]}", "field: {magnitude: 0.1}", "field: {angle: [0, 90]}",
        "field: {g_factor: 2}", "ensemble: {realisations: 2}"}) {
    EXPECT_NE(refusal(system_file + key).find("has no meaning with sample.system_file"),
              std::string::npos)
        << key;
  }
}

// Disorder needs no more than sites and bonds, and gives an ensemble its meaning.
TEST(Rules, SystemFileMayBeDisordered) {
  const auto deck = deck::parse_deck(system_file.substr(0, system_file.size() - 2) +
                                         ", disorder: [{kind: vacancies, density: 0.1}]}\n"
                                         "ensemble: {realisations: 4, seed: 7}",
                                     "deck.yaml");
  ASSERT_EQ(deck.disorder.size(), 1U);
  EXPECT_EQ(std::get<deck::Vacancies>(deck.disorder[0].kind).density, 0.1);
  EXPECT_EQ(deck.ensemble.n_realisations, 4);
  EXPECT_EQ(deck.ensemble.seed, 7U);
  EXPECT_EQ(deck::parse_deck(deck.expanded, "expanded.yaml").expanded, deck.expanded);
}

// The maximum must leave room for the minimum; and keys of a target need one.
TEST(Rules, AnEnsembleWithATargetHasRoom) {
  const std::string start =
      "units: lattice\nsample: {model: {name: rashba}}\nensemble: {realisations: ";
  EXPECT_EQ(refusal(start + "16, until: {relative_error: 0.01}}"), "");
  EXPECT_NE(refusal(start + "15, until: {absolute_error: 0.01}}")
                .find("ensemble.realisations: is the most that a point may take: with "
                      "ensemble.until at least its minimum, 16; found 15"),
            std::string::npos);
  EXPECT_NE(refusal(start + "50, until: {minimum: 30}}").find("needs relative_error"),
            std::string::npos);
  EXPECT_NE(refusal(start + "50, until: {each: energy}}").find("needs relative_error"),
            std::string::npos);
  EXPECT_NE(refusal(system_file + "ensemble: {until: {relative_error: 0.1}}")
                .find("has no meaning with sample.system_file"),
            std::string::npos);
  const auto deck = deck::parse_deck(start + "50}", "deck.yaml");
  EXPECT_FALSE(deck.ensemble.until.any());
  EXPECT_EQ(deck::parse_deck(deck.expanded, "expanded.yaml").expanded, deck.expanded);
}

// Keys of leads that act on no contact are refused where they are changed, not where an expanded deck
// writes out their defaults.
TEST(Rules, KeysOfLeadsMustActOnAContact) {
  const std::string start = "sample: {model: {name: rashba}, leads: {";
  const std::string metal = "}, contacts: [{direction: -x, kind: wide_band}]}";
  const std::string no_effect = "has no effect";
  EXPECT_NE(refusal(start + "broadening: 2}}").find(no_effect), std::string::npos);
  EXPECT_NE(refusal(start + "hopping: 2}}").find(no_effect), std::string::npos);
  EXPECT_NE(refusal(start + "potential: 2" + metal).find(no_effect), std::string::npos);
  EXPECT_NE(refusal(start + "model: {t: 2}" + metal).find(no_effect), std::string::npos);
  EXPECT_NE(refusal(start + "kind: wide_band" + metal).find("its kind"), std::string::npos);
  EXPECT_EQ(refusal(start + "broadening: 2" + metal), "");
  EXPECT_EQ(refusal(start + "kind: lead, broadening: 1, hopping: 1, potential: 2}}"), "");
}

// A list of a million items would keep every key of every item busy.
TEST(Rules, ListsOfMappingsAreBounded) {
  const auto terms = [](int n) {
    std::string items;
    for (int i = 0; i < n; ++i) items += "{kind: anderson, width: 1},";
    return "sample: {model: {name: rashba}, disorder: [" + items + "]}";
  };
  EXPECT_EQ(refusal(terms(100)), "");
  EXPECT_NE(refusal(terms(1001)).find("the list has 1001 items, more than 1000"),
            std::string::npos);
}

// Every key of every deck in inputs/ with a value that cannot be read: refused with the key's name. The
// rules among keys find such a key absent, and must expect that.
TEST(Rules, AValueThatCannotBeReadIsSaidOfItsKey) {
  int n_keys = 0;
  for (const auto& name : test::input_names()) {
    const auto text = deck::read_deck_file(test::input_path(name));
    std::vector<deck::Problem> none;
    for (const auto& [key, entry] : deck::read_tree(text, "deck.yaml", {}, none).entries) {
      std::string said;
      try {
        (void)deck::parse_deck(text, "deck.yaml", {key + "={}"});
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::bad_input) << name << ": " << error.what();
        said = error.what();
      }
      EXPECT_NE(said.find(key), std::string::npos) << name << ": " << key << ": " << said;
      ++n_keys;
    }
  }
  EXPECT_GT(n_keys, 2000);
}

// Observables need coherent electrons, not one rank.
TEST(Rules, ObservablesGoWithSeveralRanksButNotWithDephasing) {
  const std::string deck =
      "sample: {model: {name: rashba}}\noutput: {observables: [noise]}\n"
      "engine: {ranks_per_point: 2}\n";
  EXPECT_EQ(refusal(deck), "");
  EXPECT_NE(refusal(deck + "dephasing: {rate: 0.1}\n").find("keep their phase"), std::string::npos);
}

}  // namespace
}  // namespace edotb
