#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/measure/setup.hpp"

#include <string>
#include <vector>

namespace edotb::measure {

/// The names of a sample's contacts and probes, in the order of its conductance matrix.
struct Terminals {
  std::vector<std::string> contacts;
  std::vector<std::string> probes;
};

/// The setups of a deck's section `measurements`; of a sample with two contacts and no such section the
/// resistance between these, "two_terminal". Throws bad_input, with the place in the deck, for a name that the
/// sample does not have.
[[nodiscard]] std::vector<Setup> setups_of(const deck::Deck& deck, const Terminals& terminals);

}  // namespace edotb::measure
