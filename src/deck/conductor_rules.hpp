#pragma once

#include "edotb/deck/deck.hpp"
#include "shape_rules.hpp"

#include <filesystem>

namespace edotb::deck {

/// True when the deck asks for the continuum engine.
[[nodiscard]] bool is_continuum(const Tree& tree);

/// Which keys go with the continuum engine. Keys of the other engine are complained about where given and
/// then leave the tree; with the coherent engine, those of `conductor` do.
void check_conductor(Tree& tree, const Complain& complain);

/// The checked keys below `conductor`; paths are relative to `folder`.
[[nodiscard]] Conductor conductor_of(const Tree& tree, const std::filesystem::path& folder);

}  // namespace edotb::deck
