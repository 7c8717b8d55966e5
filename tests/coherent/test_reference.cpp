// Oracle: Kwant's transmissions of finished systems (reference/kwant.json) and of decks
// (reference/decks.json), to 1e-9 absolute, mode counts exactly, and its local densities of states, by every solver path.

#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace edotb {
namespace {

using coherent::SolverKind;

constexpr double tolerance = 1e-9;

/// Kwant's local density of states: its sum, and its values on the first orbitals.
void expect_density(const nlohmann::json& expected, const std::vector<double>& density) {
  double sum = 0.0;
  for (const double value : density) sum += value;
  const double total = expected["ldos_sum"].get<double>();
  EXPECT_NEAR(sum, total, 1e-8 * std::max(1.0, total));
  const auto& first = expected["ldos_first10"];
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_NEAR(density[i], first[i].get<double>(), 1e-9) << "orbital " << i;
  }
}

class KwantSystem : public testing::TestWithParam<std::string> {};

TEST_P(KwantSystem, TransmissionsAndModes) {
  const auto references = test::reference("kwant.json");
  const auto& reference = references["cases"][GetParam()];
  const auto file = reference["file"].get<std::string>();
  const auto system = sample::read_system_file(test::reference_path(file));
  ASSERT_EQ(system.leads.size(), reference["leads"].get<std::size_t>());
  for (const SolverKind kind : {SolverKind::dense, SolverKind::mumps, SolverKind::multifrontal}) {
    coherent::Engine engine(system.layout, kind);
    for (const auto& expected : reference["results"]) {
      const double energy = expected["energy"].get<double>();
      std::vector<lead::LeadSolution> leads;
      for (const auto& cell : system.leads) leads.push_back(lead::solve_lead(cell, energy));
      const auto result = engine.solve(system.hamiltonian, leads, energy);
      EXPECT_FALSE(result.solved_again);
      EXPECT_LT(result.unitarity_error, 1e-9);
      expect_density(expected, coherent::local_density_of_states(
                                   engine.scattering_states(system.hamiltonian, leads, energy)));
      for (std::size_t p = 0; p < leads.size(); ++p) {
        EXPECT_EQ(result.n_modes[p], expected["modes"][p].get<std::size_t>());
        for (std::size_t q = 0; q < leads.size(); ++q) {
          EXPECT_NEAR(result.transmission[p * leads.size() + q],
                      expected["transmission"][p][q].get<double>(), tolerance)
              << "lead " << q << " to " << p << " at energy " << energy;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, KwantSystem,
                         testing::Values("chain_ideal", "corbino", "graphene", "hall_bar", "qsh",
                                         "random_four", "random_singular", "random_two",
                                         "rashba_zeeman", "ring", "weyl_tilted", "wire_disordered",
                                         "wire_field"),
                         [](const auto& test) { return test.param; });

class KwantDeck : public testing::TestWithParam<std::string> {};

TEST_P(KwantDeck, TransmissionsAndModes) {
  const auto references = test::reference("decks.json");
  const auto& reference = references["cases"][GetParam()];
  // JSON is YAML, so the deck is read as it stands.
  const auto deck = deck::parse_deck(reference["deck"].dump(2), GetParam());
  const sample::Sample sample(deck);
  for (const SolverKind kind : {SolverKind::dense, SolverKind::mumps, SolverKind::multifrontal}) {
    for (const auto& expected : reference["results"]) {
      const double field = expected["field"].get<double>();
      const double angle = expected["angle"].get<double>();
      const double energy = expected["energy"].get<double>();
      const auto result = test::solve_point(sample, field, angle, energy, kind);
      EXPECT_EQ(result.n_modes[0], expected["modes"].get<std::size_t>());
      EXPECT_EQ(result.n_modes[1], expected["modes"].get<std::size_t>());
      EXPECT_NEAR(result.transmission[2], expected["transmission"].get<double>(), tolerance)
          << "field " << field << " angle " << angle << " energy " << energy;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, KwantDeck,
                         testing::Values("metal2d", "metal3d", "rashba", "dirac_weyl",
                                         "weyl_two_band", "metal3d_device", "rashba_device",
                                         "dirac_weyl_device", "weyl_torus"),
                         [](const auto& test) { return test.param; });

// The deck that docs/from_kwant.md sets beside a Kwant script: the case rashba_device.
TEST(KwantPage, TheDeckGivesKwantsNumbers) {
  const auto deck = test::input_deck("from_kwant");
  const sample::Sample sample(deck);
  const auto references = test::reference("decks.json");
  const auto& results = references["cases"]["rashba_device"]["results"];
  ASSERT_EQ(deck.energy.size(), results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(deck.energy[i], results[i]["energy"].get<double>());
    const auto found = test::solve_point(sample, deck.field.magnitude[0], deck.field.angle[0],
                                         deck.energy[i], SolverKind::multifrontal);
    EXPECT_EQ(found.n_modes[0], results[i]["modes"].get<std::size_t>());
    EXPECT_NEAR(found.transmission[2], results[i]["transmission"].get<double>(), tolerance);
  }
}

}  // namespace
}  // namespace edotb
