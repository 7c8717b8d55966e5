#pragma once

#include <cstdint>

namespace edotb {

/// What a random number is for: streams of different purposes never overlap.
enum class Purpose : std::uint64_t {
  anderson = 1,
  gaussian = 2,
  vacancies = 3,
  hopping_phases = 4,
  impurities = 5,
  moments = 6
};

/// The address of a random number. The same key gives the same number on every rank, in every
/// order, for ever: nothing is drawn sequentially.
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint64_t realisation = 0;
  std::uint64_t site = 0;
  Purpose purpose = Purpose::anderson;
  std::uint64_t index = 0;  ///< which of several numbers at one site
};

/// A uniform number in (0, 1), by Philox4x64-10 (Salmon et al., SC'11, doi:10.1145/2063384.2063405).
[[nodiscard]] double uniform(const RandomKey& key);

/// A normal number of mean 0 and variance 1, by Box and Muller.
[[nodiscard]] double normal(const RandomKey& key);

}  // namespace edotb
