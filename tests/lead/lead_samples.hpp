#pragma once

#include "support/support.hpp"

#include <string>
#include <vector>

namespace edotb::test {

/// The leads of a sample in a field, lattice units.
inline std::vector<sample::LeadCell> leads_of(const std::string& body, double magnitude,
                                              double angle) {
  const sample::Sample sample(lattice_deck(body));
  return sample.leads(sample.field(magnitude, angle));
}

/// A 4-orbital Weyl bar whose hopping has full rank (v != t).
inline std::vector<sample::LeadCell> weyl_leads(int width, double magnitude, double angle) {
  const std::string w = std::to_string(width);
  return leads_of(
      "sample: {model: {name: dirac_weyl, t: 1.0, v: 0.8, m: 3.0, b: 0.9},"
      " shape: {axis: z, length: 2, width: " +
          w + ", thickness: " + w + "}}\n",
      magnitude, angle);
}

}  // namespace edotb::test
