// The deck parser on any text. Lines after one that is "%%" are --set overrides. Promise: a deck is read or
// refused as bad input, and what `expanded` writes out reads back to itself.

#include "edotb/deck/deck.hpp"

#include "fuzz.hpp"

#include <cstdint>
#include <sstream>

namespace edotb {
namespace {

void check(const std::string& input) {
  const std::string separator = "\n%%\n";
  const std::size_t end = std::min(input.find(separator), input.size());
  std::vector<std::string> overrides;
  std::istringstream rest(input.substr(std::min(end + separator.size(), input.size())));
  for (std::string line; std::getline(rest, line);) overrides.push_back(line);
  fuzz::may_refuse([&] {
    const auto deck = deck::parse_deck(input.substr(0, end), "fuzz.yaml", overrides);
    std::string expanded;
    try {
      expanded = deck::parse_deck(deck.expanded, "expanded.yaml").expanded;
    } catch (const Error& error) {
      fuzz::broken("an expanded deck is a deck: " + std::string(error.what()));
    }
    if (expanded != deck.expanded) fuzz::broken("an expanded deck expands to itself");
  });
}

}  // namespace
}  // namespace edotb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  edotb::check(std::string(data, data + size));
  return 0;
}
