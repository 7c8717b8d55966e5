// Numbers of the literature, from decks.

#include "edotb/base/constants.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace edotb {
namespace {

using coherent::SolverKind;

// A chain with box disorder W: <ln T> = -2 gamma L with 1/gamma = 105.045 t^2/W^2 at E = 0 (Kappus and
// Wegner 1981), where the Born approximation 24 (4 t^2 - E^2)/W^2, right elsewhere, gives 96.
TEST(KnownNumbers, LocalisationLengthOfAChain) {
  constexpr int length = 900;
  constexpr int n_samples = 400;
  const sample::Sample chain(test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 900, width: 1},"
      " disorder: [{kind: anderson, width: 1}]}\nensemble: {realisations: 400}\n"));
  const auto clean = chain.clean_hamiltonian({});
  coherent::Engine engine(chain.layout(), SolverKind::multifrontal);
  const auto check = [&](double energy, double localisation_length) {
    const auto leads = lead::solve_leads(chain.leads({}), energy);
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < n_samples; ++i) {
      auto hamiltonian = clean;
      chain.add_disorder({}, i, hamiltonian);
      const double log_t = std::log(engine.solve(hamiltonian, leads, energy).transmission[2]);
      sum += log_t;
      squares += log_t * log_t;
    }
    const double mean = sum / n_samples;
    const double error = std::sqrt((squares / n_samples - mean * mean) / n_samples);
    const double expected = -2.0 * length / localisation_length;
    EXPECT_NEAR(mean, expected, 3.0 * error) << "at energy " << energy;
    EXPECT_LT(error, 0.03 * std::abs(expected));
  };
  check(0.0, 104.2);
  check(0.5, 24.0 * (4.0 - 0.25));
}

// One Weyl node between heavily doped leads, W >> L, E -> 0: per node g = (ln 2 / 2 pi) (W/L)^2 and
// F = 1/3 + 1/(6 ln 2) (Baireuther et al., New J. Phys. 16, 123009, 2014; Sbierski et al., PRL 113,
// 026602). A wide sample is a sum over transverse momenta q, each a chain.
TEST(KnownNumbers, WeylNodesBetweenDopedLeads) {
  constexpr int length = 24;
  constexpr int n_momenta = 48;
  const double q_max = 8.0 / length;  // T(q) = 1/cosh^2(q L) has died out
  const double step = 2.0 * q_max / n_momenta;
  double conductance = 0.0;
  double noise = 0.0;
  for (int i = 0; i < n_momenta; ++i) {
    for (int j = 0; j < n_momenta; ++j) {
      const double qy = -q_max + (i + 0.5) * step;
      const double qz = 0.5 * constants::pi - q_max + (j + 0.5) * step;
      const sample::Sample chain(test::lattice_deck(
          "sample: {model: {name: formula, spin: none, formula: sin(kx)*sigma_x + sin(qy)*sigma_y +"
          " (cos(qz) + 2 - cos(kx) - cos(qy))*sigma_z, parameters: {qy: " +
          std::to_string(qy) + ", qz: " + std::to_string(qz) +
          "}}, shape: {length: 24, width: 1}, leads: {potential: -0.5}}\n"));
      const auto result = test::solve_point(chain, 0.0, 0.0, 1e-6, SolverKind::dense);
      const double t = result.transmission[2];
      EXPECT_LE(result.n_modes[0], 1U);
      conductance += t;
      noise += t * (1.0 - t);
    }
  }
  const double per_area = conductance * std::pow(step / (2.0 * constants::pi), 2);
  EXPECT_NEAR(per_area * length * length / (std::log(2.0) / (2.0 * constants::pi)), 1.0, 0.05);
  EXPECT_NEAR(noise / conductance / (1.0 / 3.0 + 1.0 / (6.0 * std::log(2.0))), 1.0, 0.05);
}

}  // namespace
}  // namespace edotb
