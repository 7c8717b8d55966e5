#pragma once

#include "edotb/deck/deck.hpp"

#include <filesystem>

namespace edotb::deck {

/// Fills the deck's model, shape, contacts, disorder, leads, field and ensemble from a checked tree.
/// Files that the deck names are relative to `folder`.
void fill_sample(const Tree& tree, const std::filesystem::path& folder, Deck& deck);

/// The same for a sample that is a system file: its name, disorder and ensemble.
void fill_system(const Tree& tree, const std::filesystem::path& folder, Deck& deck);

/// The options of `edotb bands`.
[[nodiscard]] BandOptions band_options(const Tree& tree);

/// "+x", "-z" or three whole numbers ("1 1 0") as a lattice vector; nothing when it is neither.
[[nodiscard]] std::optional<std::array<int, 3>> parse_direction(const std::string& text);

}  // namespace edotb::deck
