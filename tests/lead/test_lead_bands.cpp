// Bands and velocities of leads. Oracles: subbands of the square lattice, differences of energies, and the
// modes that the lead's own solution finds at an energy.

#include "edotb/base/constants.hpp"
#include "edotb/lead/lead.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

// E_n(k) = -2 cos k - 2 cos(n pi/(W + 1)), v = 2 sin k (physics notes §2); at k = pi/2 + s and thickness 3 x 3 the
// subbands (n, m) and (m, n) are degenerate.
TEST(LeadBandVelocities, SubbandsOfAWire) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal}, shape: {axis: z, length: 2, width: 3, thickness: 3}}");
  const sample::Sample sample(deck);
  const auto leads = sample.leads(sample.field(0.0, 0.0));
  for (const double k : {-2.0, 0.4, 3.0}) {
    for (const std::size_t contact : {0U, 1U}) {
      const auto bands = lead::lead_bands_and_velocities(leads[contact], k);
      ASSERT_EQ(bands.slopes.size(), 9U);
      EXPECT_NEAR(bands.values[0], -2.0 * std::cos(k) - 4.0 * std::cos(constants::pi / 4.0), 1e-13);
      for (const double velocity : bands.slopes) EXPECT_NEAR(velocity, 2.0 * std::sin(k), 1e-12);
    }
  }
}

// A Hall bar's arms in a field, a lead of long hoppings: dE/dk from energies beside.
TEST(LeadBandVelocities, AreDifferencesOfEnergies) {
  for (const char* body : {"sample: {model: {name: rashba, rashba: 0.2}, shape: {kind: hall_bar, "
                           "length: 14, width: 5, "
                           "arm_width: 3, arm_length: 3, arm_distance: 6}}\nfield: {azimuth: 90}",
                           "sample: {model: {name: formula, formula: sin(2*kx)*sigma_y + cos(kx + "
                           "ky)*sigma_z + 0.3*cos(2*kx)}, "
                           "shape: {length: 4, width: 3, thickness: 1}}"}) {
    const sample::Sample sample(test::lattice_deck(body));
    for (const auto& lead : sample.leads(sample.field(0.2, 90.0))) {
      const double k = 0.7;
      const double step = 1e-5;
      const auto bands = lead::lead_bands_and_velocities(lead, k);
      const auto after = lead::lead_bands(lead, k + step);
      const auto before = lead::lead_bands(lead, k - step);
      for (std::size_t n = 0; n < bands.values.size(); ++n) {
        EXPECT_NEAR(bands.slopes[n], (after[n] - before[n]) / (2.0 * step), 1e-6);
      }
    }
  }
}

// A mode of the scattering solution with momentum k is a state of the band structure: outgoing modes have a
// band at E with the same, positive, velocity at k.
TEST(LeadBandVelocities, AgreeWithTheModes) {
  const sample::Sample sample(test::lattice_deck(
      "sample: {model: {name: rashba, rashba: 0.3, onsite: 4}, shape: {length: 4, width: 6}}\n"
      "field: {azimuth: 90}"));
  const auto leads = sample.leads(sample.field(0.15, 90.0));
  const double energy = 1.3;
  const auto solutions = lead::solve_leads(leads, energy);
  for (std::size_t contact = 0; contact < 2; ++contact) {
    ASSERT_GT(solutions[contact].n_modes(), 2U);
    for (const lead::Mode& mode : solutions[contact].outgoing) {
      const auto bands = lead::lead_bands_and_velocities(leads[contact], mode.momentum);
      double nearest = 1.0;
      double velocity = 0.0;
      for (std::size_t n = 0; n < bands.values.size(); ++n) {
        if (std::abs(bands.values[n] - energy) >= nearest) continue;
        nearest = std::abs(bands.values[n] - energy);
        velocity = bands.slopes[n];
      }
      EXPECT_LT(nearest, 1e-10);
      EXPECT_NEAR(velocity, mode.velocity, 1e-8);
      EXPECT_GT(velocity, 0.0);
    }
  }
}

}  // namespace
}  // namespace edotb
