#pragma once

#include "edotb/deck/tree.hpp"

#include <vector>

namespace edotb::deck {

/// Checks the rules that no single row of the table can state: which keys go together. Removes from the
/// tree the defaults of keys that have no meaning in this deck.
void check_rules(Tree& tree, std::vector<Problem>& problems);

}  // namespace edotb::deck
