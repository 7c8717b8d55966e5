// Which keys go together: what no single row of the table can say.

#include "edotb/base/error.hpp"
#include "edotb/deck/deck.hpp"

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

}  // namespace
}  // namespace edotb
