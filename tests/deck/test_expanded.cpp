// The expanded deck is a deck: read again it gives itself, with the same values, in any order of keys.
#include "support/support.hpp"

#include <gtest/gtest.h>

namespace edotb {
namespace {

using deck::parse_deck;

void expect_same(const deck::Deck& a, const deck::Deck& b) {
  EXPECT_EQ(a.expanded, b.expanded);
  EXPECT_EQ(a.title, b.title);
  EXPECT_EQ(a.lattice_units, b.lattice_units);
  ASSERT_EQ(a.model.has_value(), b.model.has_value());
  if (a.model) {
    EXPECT_EQ(a.model->name, b.model->name);
    EXPECT_EQ(a.model->parameters, b.model->parameters);
    EXPECT_EQ(a.model->lattice_constant, b.model->lattice_constant);
  }
  EXPECT_EQ(a.shape.axis, b.shape.axis);
  EXPECT_EQ(a.shape.length, b.shape.length);
  EXPECT_EQ(a.shape.width, b.shape.width);
  EXPECT_EQ(a.shape.thickness, b.shape.thickness);
  EXPECT_EQ(a.shape.periodic, b.shape.periodic);
  EXPECT_EQ(a.disorder.size(), b.disorder.size());
  EXPECT_EQ(a.leads.potential, b.leads.potential);
  EXPECT_EQ(a.leads.parameters, b.leads.parameters);
  EXPECT_EQ(a.field.magnitude, b.field.magnitude);
  EXPECT_EQ(a.field.angle, b.field.angle);
  EXPECT_EQ(a.field.azimuth, b.field.azimuth);
  EXPECT_EQ(a.field.everywhere, b.field.everywhere);
  EXPECT_EQ(a.field.ramp, b.field.ramp);
  EXPECT_EQ(a.field.g_factor, b.field.g_factor);
  EXPECT_EQ(a.energy, b.energy);
  EXPECT_EQ(a.ensemble.n_realisations, b.ensemble.n_realisations);
  EXPECT_EQ(a.ensemble.seed, b.ensemble.seed);
  EXPECT_EQ(a.solver, b.solver);
  EXPECT_EQ(a.output_directory, b.output_directory);
  EXPECT_EQ(a.observables.names, b.observables.names);
  EXPECT_EQ(a.observables.resolve, b.observables.resolve);
  EXPECT_EQ(a.observables.voltages, b.observables.voltages);
  EXPECT_EQ(a.observables.sites, b.observables.sites);
  EXPECT_EQ(a.observables.max_gigabytes, b.observables.max_gigabytes);
}

void expect_reads_back(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const auto deck = parse_deck(text, "/deck.yaml", overrides);
  expect_same(deck, parse_deck(deck.expanded, "/deck.yaml"));
}

TEST(Expanded, DefaultsOfEveryModel) {
  for (const auto* model : {"simple_metal", "rashba", "weyl_two_band", "dirac_weyl", "graphene"}) {
    const std::string text = std::string("sample: {model: {name: ") + model + "}}\n";
    expect_reads_back(text);
    expect_reads_back("units: lattice\n" + text);
  }
}

TEST(Expanded, EverythingGiven) {
  expect_reads_back(R"(
title: "a \"quoted\" title: with 'all' # of {it}, ü and \\ "
sample:
  model: {name: rashba, lattice_constant: 3 angstrom, t: 1.1, rashba: 0.1, dresselhaus: 1e-3, onsite: 4.4}
  shape: {kind: bar, axis: y, length: 12, width: 1, thickness: 7, boundary: open}
  disorder: [{kind: anderson, width: 100 meV}, {kind: anderson, width: 0, where: bulk, depth: 2},
    {kind: gaussian, strength: 50 meV, correlation_length: 1 nm, where: surface},
    {kind: vacancies, density: 0.1}, {kind: hopping_phases, width: 10 deg},
    {kind: magnetic, density: 0.3, exchange: 100 meV, potential: 20 meV, spin: 1.5, g_factor: -2,
     temperature: 400 mK, moments: quantum, orientation: reversed, where: all}]
  leads: {potential: -0.3, model: {rashba: 0}}
field: {magnitude: {from: 0, to: 1, step: 100 mT}, angle: [0, 0.1 rad], azimuth: 33.3, where: device, ramp: 3, g_factor: -2}
energy: {from: -0.1, to: 0.1, count: 7}
ensemble: {realisations: 12, seed: 9007199254740992}
engine: {kind: coherent, solver: mumps, precision: double}
output: {directory: some/where, observables: [noise, green, s_matrix], resolve: spin_x, voltages: [0, 0, 0.25], sites: [4, 2],
  max_gigabytes: 0.5}
)");
}

TEST(Expanded, HoldsTheOverrides) {
  expect_reads_back(
      "sample: {model: {name: graphene}}\n",
      {"energy={from: 0, to: 1, count: 4}", "sample.disorder=[{kind: anderson, width: 1}]"});
}

TEST(Expanded, ManyDisorderTermsOnOneLine) {
  std::string terms;
  for (int i = 0; i < 50; ++i)
    terms += "    - {kind: anderson, width: " + std::to_string(i) + "}\n";
  expect_reads_back("sample:\n  model: {name: graphene}\n  disorder:\n" + terms);
}

TEST(Expanded, SystemFile) {
  const auto deck = parse_deck("sample: {system_file: a/b.h5}\nenergy: [1]\n", "/decks/deck.yaml");
  EXPECT_EQ(deck.system_file, "/decks/a/b.h5");
  expect_same(deck, parse_deck(deck.expanded, "/decks/deck.yaml"));
  EXPECT_EQ(deck.expanded.find("model"), std::string::npos);
}

TEST(Expanded, TheReferenceDecks) {
  const auto references = test::reference("decks.json");  // must outlive items()
  for (const auto& [name, one] : references.at("cases").items()) {
    SCOPED_TRACE(name);
    expect_reads_back(one.at("deck").dump());  // JSON is YAML
  }
}

}  // namespace
}  // namespace edotb
