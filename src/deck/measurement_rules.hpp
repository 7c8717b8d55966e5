#pragma once

#include "edotb/deck/deck.hpp"
#include "shape_rules.hpp"

namespace edotb::deck {

/// What does not go together in the section `measurements` and among the names that it may use. Whether the
/// sample has the contacts is found out when it is built.
void check_measurements(const Tree& tree, const Complain& complain);

/// The measurements of a checked deck.
[[nodiscard]] std::vector<Measurement> measurements_of(const Tree& tree);

}  // namespace edotb::deck
