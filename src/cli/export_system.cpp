#include "commands.hpp"
#include "edotb/base/error.hpp"
#include "edotb/sample/sample.hpp"

#include <fmt/format.h>

namespace edotb::cli {

void export_system(const deck::Deck& deck, const std::string& path,
                   std::optional<std::int64_t> realisation) {
  if (realisation && *realisation >= deck.ensemble.n_realisations) {
    throw bad_input(fmt::format("--realisation {}: the deck has {}, counted from 0", *realisation,
                                deck.ensemble.n_realisations));
  }
  const sample::Sample sample(deck);
  auto system = sample.system(sample.field(deck.field.magnitude.front(), deck.field.angle.front()),
                              realisation);
  system.title = deck.title;
  sample::write_system_file(system, path);
}

}  // namespace edotb::cli
