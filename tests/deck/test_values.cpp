// What a deck's numbers mean: ranges and steps against lists written by hand, units, and what YAML
// lets a person write. What is refused, and how, stands in tests/bad_decks.
#include "edotb/base/error.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using deck::Deck;
using test::lattice_deck;
using Values = std::vector<double>;

const std::string metal = "sample: {model: {name: simple_metal}}\n";

Deck physical_deck(const std::string& body) { return deck::parse_deck(metal + body, "test.yaml"); }
Values energies(const std::string& sweep) {
  return lattice_deck(metal + "energy: " + sweep + "\n").energy;
}

TEST(Sweep, OneNumberOrAList) {
  EXPECT_EQ(energies("0.5"), Values({0.5}));
  EXPECT_EQ(energies("[0.5]"), Values({0.5}));
  EXPECT_EQ(energies("[3, -1, 2.5e-1]"), Values({3, -1, 0.25}));  // in the order as written
  EXPECT_EQ(energies("\n  - 1\n  - 2"), Values({1, 2}));
}

TEST(Sweep, CountDividesTheRangeAndKeepsBothEnds) {
  EXPECT_EQ(energies("{from: 0, to: 1, count: 5}"), Values({0, 0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(energies("{from: 1, to: -1, count: 3}"), Values({1, 0, -1}));
  EXPECT_EQ(energies("{from: 2, to: 2, count: 1}"), Values({2}));
  // Tenths are the doubles nearest to the tenths, with no rounding error of a running sum.
  EXPECT_EQ(energies("{from: 0, to: 1, count: 11}"),
            Values({0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}));
  EXPECT_EQ(energies("{from: 0, to: 0.3, count: 4}"), Values({0, 0.1, 0.2, 0.3}));
  EXPECT_EQ(energies("{from: 0.1, to: 0.7, count: 3}"), Values({0.1, 0.4, 0.7}));
  EXPECT_EQ(energies("{from: -0.3, to: 0.3, count: 7}"),
            Values({-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3}));
  const double pi = std::acos(-1.0);
  const Values turn = energies("{from: 0, to: 3.141592653589793, count: 4}");
  EXPECT_EQ(turn.back(), pi);
  EXPECT_NEAR(turn[1], pi / 3, 1e-15);
  EXPECT_NEAR(turn[2], 2 * pi / 3, 1e-15);
}

TEST(Sweep, AStepThatDividesTheRangeEndsOnIt) {
  EXPECT_EQ(energies("{from: 0, to: 0.3, step: 0.1}"), Values({0, 0.1, 0.2, 0.3}));
  EXPECT_EQ(energies("{from: 0, to: 1, step: 0.1}"),
            Values({0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}));
  EXPECT_EQ(energies("{from: 90, to: 0, step: -30}"), Values({90, 60, 30, 0}));
  EXPECT_EQ(energies("{from: -1, to: 1, step: 1}"), Values({-1, 0, 1}));
  EXPECT_EQ(energies("{from: 4, to: 4, step: 1}"), Values({4}));
  const Values many = energies("{from: 0, to: 100, step: 0.001}");
  EXPECT_EQ(many.size(), 100001U);
  EXPECT_EQ(many.back(), 100.0);
}

TEST(Sweep, AStepThatDoesNotDivideTheRangeStopsBeforeItsEnd) {
  EXPECT_EQ(energies("{from: 0, to: 1, step: 0.4}"), Values({0, 0.4, 0.8}));
  EXPECT_EQ(energies("{from: 0, to: 1, step: 2}"), Values({0}));
  EXPECT_EQ(energies("{from: -0.3, to: 0.35, step: 0.1}"),
            Values({-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3}));
  EXPECT_EQ(energies("{from: 0, to: 0.99, step: 0.5}"), Values({0, 0.5}));
}

TEST(Sweep, KeysOfARangeComeInAnyOrder) {
  EXPECT_EQ(energies("{count: 3, to: 2, from: 0}"), Values({0, 1, 2}));
}

TEST(Sweep, AnEmptyListIsTheZeroTemperature) {
  EXPECT_NO_THROW((void)lattice_deck(metal + "temperature: []\n"));
}

TEST(Choices, AListOrOneWord) {
  const auto names = [](const std::string& value) {
    return lattice_deck(metal + "output: {observables: " + value + "}\n").observables.names;
  };
  EXPECT_EQ(names("[noise, currents]"), (std::vector<std::string>{"noise", "currents"}));
  EXPECT_EQ(names("noise"), (std::vector<std::string>{"noise"}));
  EXPECT_TRUE(names("[]").empty());
}

TEST(Vector, NumbersMayRepeatWhereTheirCountIsFree) {
  const auto deck = lattice_deck(metal + "output: {observables: noise, voltages: [1, 0, 0]}\n");
  EXPECT_EQ(deck.observables.voltages, Values({1, 0, 0}));
}

TEST(Number, ManyWaysToWriteOne) {
  for (const char* one : {"1", "+1", "1.", "1.0", "1e0", "1E+0", "10e-1", "0.1e1", "01"}) {
    EXPECT_EQ(energies(one), Values({1.0})) << one;
  }
  EXPECT_EQ(energies(".5"), Values({0.5}));
  EXPECT_EQ(energies("-.5"), Values({-0.5}));
  EXPECT_EQ(energies("5e-324"), Values({5e-324}));
  EXPECT_EQ(energies("0.1"), Values({0.1}));
}

TEST(Number, PlusAndMinusDoNotMix) {
  EXPECT_THROW((void)energies("+-1"), Error);
  EXPECT_THROW((void)energies("-+1"), Error);
  EXPECT_THROW((void)lattice_deck(metal + "ensemble: {seed: +-1}\n"), Error);
}

TEST(Integer, SignAndLimits) {
  EXPECT_EQ(lattice_deck(metal + "ensemble: {seed: +7}\n").ensemble.seed, 7U);
  EXPECT_EQ(lattice_deck(metal + "ensemble: {seed: 9007199254740992}\n").ensemble.seed,
            9007199254740992U);
  EXPECT_EQ(lattice_deck(metal + "ensemble: {seed: 0}\n").ensemble.seed, 0U);
}

TEST(Unit, EnergyFieldLengthAndAngle) {
  EXPECT_EQ(physical_deck("energy: [5 meV, 9 meV, 0.5 eV, 1]\n").energy,
            Values({0.005, 0.009, 0.5, 1}));  // 9 * 0.001 would be 0.009000000000000001
  EXPECT_EQ(physical_deck("field: {magnitude: [200 mT, 3 T, 1]}\n").field.magnitude,
            Values({0.2, 3, 1}));
  EXPECT_EQ(physical_deck("energy: 5meV\n").energy, Values({0.005}));
  EXPECT_EQ(physical_deck("energy: \"5 meV\"\n").energy, Values({0.005}));  // as JSON must
  const auto constant = [](const std::string& value) {
    return deck::parse_deck(
               "sample: {model: {name: simple_metal, lattice_constant: " + value + "}}\n", "t")
        .model->lattice_constant;
  };
  EXPECT_EQ(constant("5 angstrom"), 0.5);
  EXPECT_EQ(constant("3 angstrom"), 0.3);
  EXPECT_EQ(constant("0.25 um"), 250.0);
  EXPECT_EQ(constant("0.5 nm"), 0.5);
  EXPECT_NEAR(physical_deck("field: {angle: 1 rad}\n").field.angle[0], 180 / std::acos(-1.0),
              1e-12);
  EXPECT_EQ(physical_deck("field: {angle: 30 deg}\n").field.angle[0], 30.0);
}

TEST(Unit, AnglesAreInDegreesInLatticeUnitsToo) {
  EXPECT_EQ(lattice_deck(metal + "field: {azimuth: 90 deg}\n").field.azimuth, 90.0);
  const auto k0 = [](const std::string& value) {
    return lattice_deck("sample: {model: {name: weyl_two_band, k0: " + value + "}}\n")
        .model->parameters.at("k0");
  };
  EXPECT_EQ(k0("0.5"), 0.5);
  EXPECT_EQ(k0("90 deg"), std::acos(-1.0) / 2);
}

TEST(Unit, ARangeMayMixThem) {
  EXPECT_EQ(physical_deck("energy: {from: 0, to: 1 eV, step: 250 meV}\n").energy,
            Values({0, 0.25, 0.5, 0.75, 1}));
}

TEST(Text, IsKeptAsWritten) {
  EXPECT_EQ(lattice_deck("title: Weyl bar, 30° and \"more\"\n" + metal).title,
            "Weyl bar, 30° and \"more\"");
  EXPECT_EQ(lattice_deck("title: 2026\n" + metal).title, "2026");
}

TEST(Yaml, FlowKeysOnOneLongLineAreNoNesting) {
  std::string terms;
  for (int i = 0; i < 300; ++i) terms += "{kind: anderson, width: 1}, ";
  const auto deck =
      lattice_deck("sample: {model: {name: simple_metal}, disorder: [" + terms + "]}\n");
  EXPECT_EQ(deck.disorder.size(), 300U);
}

TEST(Yaml, BracketsInTextAndCommentsAreNoNesting) {
  const std::string brackets(5000, '[');
  EXPECT_NO_THROW((void)lattice_deck("# " + brackets + "\n" + metal));
  EXPECT_NO_THROW((void)lattice_deck("title: '" + brackets.substr(0, 500) + "'\n" + metal));
}

TEST(Yaml, WindowsLinesMarksAndAliases) {
  EXPECT_EQ(
      deck::parse_deck("\xEF\xBB\xBFunits: lattice\r\n" + metal + "energy: 2\r\n", "t").energy,
      Values({2}));
  EXPECT_EQ(deck::parse_deck("---\n" + metal + "energy: 2\n...\n", "t").energy, Values({2}));
  EXPECT_EQ(deck::parse_deck(metal + "energy: &e [2]\nfield: {angle: *e}\n", "t").field.angle,
            Values({2}));
}

TEST(Location, OfWhatTheSampleRefusesLater) {
  const auto deck = lattice_deck(metal + "field:\n  magnitude: 0.1\n");
  EXPECT_EQ(deck.where("field.magnitude"), "test.yaml:4:14: field.magnitude");
  EXPECT_EQ(deck.where("field.angle"), "test.yaml:3:1: field.angle");  // the section it would be in
  EXPECT_EQ(deck.where("energy"), "test.yaml:1:1: energy");
}

}  // namespace
}  // namespace edotb
