#include "edotb/base/random.hpp"

#include "edotb/base/constants.hpp"

#include <Random123/philox.h>

#include <cmath>

namespace edotb {

namespace {

r123::Philox4x64::ctr_type bits_of(const RandomKey& key) {
  const r123::Philox4x64::ctr_type counter = {
      {key.site, key.realisation, static_cast<std::uint64_t>(key.purpose), key.index}};
  const r123::Philox4x64::key_type seed = {{key.seed, 0}};
  return r123::Philox4x64{}(counter, seed);
}

/// The 53 upper bits, moved to the middle of their interval so that 0 and 1 never occur.
double between_0_and_1(std::uint64_t bits) {
  return (static_cast<double>(bits >> 11U) + 0.5) * 0x1.0p-53;
}

}  // namespace

double uniform(const RandomKey& key) { return between_0_and_1(bits_of(key)[0]); }

double normal(const RandomKey& key) {
  const auto bits = bits_of(key);
  return std::sqrt(-2.0 * std::log(between_0_and_1(bits[0]))) *
         std::cos(2.0 * constants::pi * between_0_and_1(bits[1]));
}

}  // namespace edotb
