#include "edotb/base/random.hpp"

#include <Random123/philox.h>

namespace edotb {

double uniform(const RandomKey& key) {
  const r123::Philox4x64::ctr_type counter = {
      {key.site, key.realisation, static_cast<std::uint64_t>(key.purpose), key.index}};
  const r123::Philox4x64::key_type seed = {{key.seed, 0}};
  const auto bits = r123::Philox4x64{}(counter, seed);
  // The 53 upper bits, moved to the middle of their interval so that 0 and 1 never occur.
  return (static_cast<double>(bits[0] >> 11U) + 0.5) * 0x1.0p-53;
}

}  // namespace edotb
