#pragma once

#include "edotb/deck/deck.hpp"
#include "shape_rules.hpp"

namespace edotb::deck {

/// Which keys of the section `output` go together; `complain` takes a path and a message.
void check_output(const Tree& tree, const Complain& complain);

/// The observables that a checked deck asks for.
[[nodiscard]] ObservableOptions observables_of(const Tree& tree);

}  // namespace edotb::deck
