#pragma once

#include "edotb/continuum/deck_conductor.hpp"
#include "edotb/measure/deck_setups.hpp"
#include "edotb/sample/sample.hpp"

#include <hdf5.h>

namespace edotb::campaign {

/// The contacts of a sample in the order of its leads; one without a name is "lead_K".
[[nodiscard]] measure::Terminals terminals_of(const sample::Sample& sample);
/// The contacts and probes of a conductor.
[[nodiscard]] measure::Terminals terminals_of(const deck::Deck& deck,
                                              const continuum::DeckConductor& conductor);
/// The same for a deck alone, whose sample is built for it. Throws bad_input.
[[nodiscard]] measure::Terminals terminals_of(const deck::Deck& deck);

/// The attributes `contacts` and, if there are any, `probes` of a results file: names, one a line.
void write_terminals(hid_t file, const measure::Terminals& terminals);
/// Throws bad_input for a file without them.
[[nodiscard]] measure::Terminals read_terminals(hid_t file);

}  // namespace edotb::campaign
