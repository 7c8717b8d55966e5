#pragma once

#include "edotb/campaign/observables.hpp"

#include <vector>

namespace edotb::campaign {

/// The datasets of the observables asked for, of a sample in 2 or 3 dimensions, or 0 for a system file;
/// `can_place` is false where that has no positions.
[[nodiscard]] std::vector<ObservableDataset> observable_datasets(const deck::Deck& deck,
                                                                 bool can_place, int dimension);

/// 0, 1, ... n - 1.
[[nodiscard]] std::vector<std::int64_t> count_to(std::size_t n);

}  // namespace edotb::campaign
