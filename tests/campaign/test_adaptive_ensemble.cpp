// The rule of ensemble.until on planted numbers: when it stops, that nothing but the numbers decides, and
// how well the means and errors that it leaves behind hold.

#include "edotb/campaign/adaptive_ensemble.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

namespace edotb {
namespace {

using campaign::AdaptiveEnsemble;
using campaign::Chunk;
using campaign::KnownConductances;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

deck::Deck deck_of(const std::string& ensemble, const std::string& more = "") {
  return test::lattice_deck(
      "sample:\n"
      "  model: {name: simple_metal, dimension: 2}\n"
      "  shape: {length: 4, width: 3}\n"
      "  disorder: [{kind: anderson, width: 1}]\n"
      "ensemble: {" +
      ensemble + "}\n" + more);
}

AdaptiveEnsemble ensemble_of(const deck::Deck& deck) {
  return {deck, KnownConductances(deck, {{"left", "right"}, {}})};
}

/// The conductance of a realisation of a group of points.
using Planted = std::function<double(std::int64_t group, std::int64_t realisation)>;

/// Gives what is asked for until nothing is; the realisations of each group.
std::vector<std::int64_t> run(AdaptiveEnsemble& ensemble, std::int64_t n_realisations,
                              std::int64_t n_groups, const Planted& planted) {
  std::vector<std::int64_t> n(static_cast<std::size_t>(n_groups), 0);
  for (auto ranges = ensemble.advance(); !ranges.empty(); ranges = ensemble.advance()) {
    for (const Chunk& range : ranges) {
      const std::int64_t group = range.begin / n_realisations;
      EXPECT_EQ(group, (range.end - 1) / n_realisations);
      auto& count = n[static_cast<std::size_t>(group)];
      EXPECT_EQ(range.begin, group * n_realisations + count) << "computed before, or left out";
      for (std::int64_t number = range.begin; number < range.end; ++number) {
        ensemble.add(number, std::vector<double>{planted(group, number % n_realisations)});
      }
      count = range.end - group * n_realisations;
    }
  }
  return n;
}

/// Mean 1, and +-spread in turn: the standard error after n, even, is spread/sqrt(n - 1).
Planted alternating(double spread) {
  return [=](std::int64_t, std::int64_t r) { return 1.0 + (r % 2 == 0 ? spread : -spread); };
}

TEST(AdaptiveEnsemble, LooksAfterHalfAsManyAgain) {
  using Looks = std::vector<std::int64_t>;
  EXPECT_EQ(campaign::looks(16, 200), (Looks{16, 24, 36, 54, 81, 122, 183, 200}));
  EXPECT_EQ(campaign::looks(2, 7), (Looks{2, 3, 5, 7}));
  EXPECT_EQ(campaign::looks(16, 16), Looks{16});
}

TEST(AdaptiveEnsemble, StopsAtTheFirstLookWithinTheTarget) {
  const auto n_for = [](const std::string& until, double spread) {
    const auto deck = deck_of("realisations: 200, until: {" + until + "}");
    auto ensemble = ensemble_of(deck);
    const auto n = run(ensemble, 200, 1, alternating(spread))[0];
    EXPECT_EQ(ensemble.outcomes()[0].worst.n_realisations, n);
    return std::pair(n, ensemble.outcomes()[0].is_enough);
  };
  // spread/sqrt(n - 1) <= 0.01 needs 1 + (spread/0.01)^2: 17, 26 and 401 of them.
  EXPECT_EQ(n_for("relative_error: 0.01", 0.0399), std::pair(std::int64_t{24}, true));
  EXPECT_EQ(n_for("relative_error: 0.01", 0.0387), std::pair(std::int64_t{16}, true));
  EXPECT_EQ(n_for("relative_error: 0.01", 0.05), std::pair(std::int64_t{36}, true));
  EXPECT_EQ(n_for("relative_error: 0.01", 0.2), std::pair(std::int64_t{200}, false));
  EXPECT_EQ(n_for("relative_error: 0.01, absolute_error: 0.02", 0.2),
            std::pair(std::int64_t{122}, true));
  EXPECT_EQ(n_for("absolute_error: 0.01, minimum: 30", 0.05), std::pair(std::int64_t{30}, true));
}

// A sample that does not conduct, or without disorder, is known after the minimum.
TEST(AdaptiveEnsemble, AnExactMeanIsEnough) {
  const auto deck = deck_of("realisations: 100, until: {relative_error: 0.001}");
  for (const double value : {0.0, 3.0}) {
    auto ensemble = ensemble_of(deck);
    EXPECT_EQ(run(ensemble, 100, 1, [=](auto, auto) { return value; })[0], 16);
  }
}

// Failed points have no part in the mean, and the minimum is one of numbers.
TEST(AdaptiveEnsemble, FailedPointsDoNotCount) {
  const auto deck = deck_of("realisations: 100, until: {relative_error: 0.1}");
  auto ensemble = ensemble_of(deck);
  const auto n =
      run(ensemble, 100, 1, [](auto, auto r) { return r == 3 ? nan : alternating(0.01)(0, r); })[0];
  EXPECT_EQ(n, 24);
  EXPECT_EQ(ensemble.outcomes()[0].worst.n_realisations, 23);
  auto failed = ensemble_of(deck);
  EXPECT_EQ(run(failed, 100, 1, [](auto, auto) { return nan; })[0], 100);
  EXPECT_FALSE(failed.outcomes()[0].is_enough);
}

// Two fields and two energies: each point for itself, or all fields of an energy as many as the neediest.
TEST(AdaptiveEnsemble, PointsOfAnEnergyCanShareTheirNumber) {
  const std::string sweeps = "field: {magnitude: [0, 0.1]}\nenergy: [-1, 1]\n";
  const std::vector<double> spreads = {0.01, 0.05, 0.09, 0.01};  // (field, energy)
  const Planted planted = [&](std::int64_t group, std::int64_t r) {
    return alternating(spreads[static_cast<std::size_t>(group)])(0, r);
  };
  const auto n_each = [&](const std::string& each) {
    const auto deck =
        deck_of("realisations: 200, until: {relative_error: 0.01" + each + "}", sweeps);
    auto ensemble = ensemble_of(deck);
    return run(ensemble, 200, 4, planted);
  };
  EXPECT_EQ(n_each(""), (std::vector<std::int64_t>{16, 36, 122, 16}));
  EXPECT_EQ(n_each(", each: energy"), (std::vector<std::int64_t>{122, 36, 122, 36}));
}

// Given in one piece, in another order, or in part by a run with another target: the same points are asked for.
TEST(AdaptiveEnsemble, NothingButTheNumbersDecides) {
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal(1.0, 0.1);
  std::vector<double> values(400);
  for (double& value : values) value = normal(engine);
  const Planted planted = [&](auto, std::int64_t r) { return values[static_cast<std::size_t>(r)]; };
  const auto deck = deck_of("realisations: 400, until: {relative_error: 0.01}");
  auto plain = ensemble_of(deck);
  const auto n = run(plain, 400, 1, planted)[0];
  EXPECT_GT(n, 36);
  EXPECT_LT(n, 400);
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  for (int trial = 0; trial < 20; ++trial) {
    std::shuffle(order.begin(), order.end(), engine);
    auto again = ensemble_of(deck);
    const auto n_before = static_cast<std::size_t>(trial) * order.size() / 19;
    for (std::size_t i = 0; i < n_before; ++i) {
      again.add(order[i], std::vector<double>{planted(0, order[i])});
    }
    std::int64_t n_now =
        n_before == 0 ? 0
                      : *std::max_element(order.begin(),
                                          order.begin() + static_cast<std::ptrdiff_t>(n_before)) +
                            1;
    for (auto ranges = again.advance(); !ranges.empty(); ranges = again.advance()) {
      for (std::int64_t r = ranges[0].begin; r < ranges[0].end; ++r) {
        again.add(r, std::vector<double>{planted(0, r)});
      }
      n_now = std::max(n_now, ranges[0].end);
    }
    EXPECT_EQ(n_now, n);
    EXPECT_EQ(again.n_computed(), n);
    EXPECT_EQ(again.outcomes()[0].worst.mean.error, plain.outcomes()[0].worst.mean.error);
  }
  // A finer target goes on from where a coarser one ended, to where it would have ended by itself.
  for (const char* coarse : {"0.05", "0.03", "0.02", "0.015", "0.0101"}) {
    const auto first =
        deck_of(std::string("realisations: 400, until: {relative_error: ") + coarse + "}");
    auto ensemble = ensemble_of(first);
    EXPECT_LE(run(ensemble, 400, 1, planted)[0], n) << coarse;
  }
}

// Of many ensembles with planted distributions: the shift of the mean is r^2 (2 - skewness/v) of the mean, and
// two of the final standard errors hold the true mean about as often as without a rule (95.4 %, 93.6 % of 16).
TEST(AdaptiveEnsemble, MeansAndErrorsHold) {
  struct Case {
    const char* name;
    std::function<double(std::mt19937_64&)> draw;
    double mean;
    double spread;  ///< over the mean, v
    double skewness;
    double target;
    double least_coverage;
  };
  std::normal_distribution<double> normal(1.0, 0.3);
  std::exponential_distribution<double> exponential(1.0);
  std::lognormal_distribution<double> lognormal(0.0, 0.5);
  const std::vector<Case> cases = {
      {"normal", [&](auto& engine) { return normal(engine); }, 1.0, 0.3, 0.0, 0.02, 0.93},
      {"normal, soon", [&](auto& engine) { return normal(engine); }, 1.0, 0.3, 0.0, 0.1, 0.92},
      {"exponential", [&](auto& engine) { return exponential(engine); }, 1.0, 1.0, 2.0, 0.05, 0.93},
      {"lognormal", [&](auto& engine) { return lognormal(engine); }, std::exp(0.125), 0.53294,
       1.75019, 0.05, 0.92}};
  for (const Case& c : cases) {
    constexpr int n_ensembles = 2000;
    constexpr std::int64_t maximum = 4000;
    const auto deck =
        deck_of("realisations: 4000, until: {relative_error: " + std::to_string(c.target) + "}");
    std::mt19937_64 engine(11);
    int n_covered = 0;
    std::vector<double> shifts;
    for (int i = 0; i < n_ensembles; ++i) {
      auto ensemble = ensemble_of(deck);
      const auto n = run(ensemble, maximum, 1, [&](auto, auto) { return c.draw(engine); })[0];
      EXPECT_LT(n, maximum);
      const auto mean = ensemble.outcomes()[0].worst.mean;
      EXPECT_LE(mean.error, c.target * mean.value);
      if (std::abs(mean.value - c.mean) < 2.0 * mean.error) ++n_covered;
      shifts.push_back(mean.value / c.mean - 1.0);
    }
    const double coverage = static_cast<double>(n_covered) / n_ensembles;
    EXPECT_GT(coverage, c.least_coverage) << c.name;
    EXPECT_LT(coverage, 0.97) << c.name;
    const auto shift = test::average(shifts);
    const double predicted = c.target * c.target * (2.0 - c.skewness / c.spread);
    // The prediction is an upper bound of the size: the error ends below the target by up to sqrt(3/2).
    EXPECT_LT(std::abs(shift.mean), std::abs(predicted) + 4.0 * shift.error) << c.name;
    if (std::abs(predicted) > 4.0 * shift.error) {
      EXPECT_EQ(shift.mean > 0.0, predicted > 0.0) << c.name;
    }
  }
}

// Without measurements the first two contacts; else each pair that carries a current, once per temperature.
TEST(KnownConductances, AreThoseOfTheMeasurements) {
  const std::string sample =
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 4, width: 3}}\n";
  const std::vector<std::string> contacts = {"source", "drain", "left", "right"};
  const KnownConductances plain(test::lattice_deck(sample), {contacts, {}});
  EXPECT_EQ(plain.names(), std::vector<std::string>{"source -> drain"});
  // Conductances 1 everywhere: 1 directly, and 1/2 by way of each of the two that float.
  const std::vector<double> ones(16, 1.0);
  EXPECT_NEAR(plain.of(ones)[0], 2.0, 1e-14);
  EXPECT_EQ(plain.of(std::vector<double>(16, 0.0))[0], 0.0) << "blocked, which is a number";
  EXPECT_TRUE(std::isnan(plain.of(std::vector<double>(16, nan))[0]));
  const auto deck = test::lattice_deck(
      sample +
      "temperature: [0.1, 0.2]\n"
      "measurements:\n"
      "  - {name: r, kind: four_probe, current: [source, drain], voltage: [left, right]}\n"
      "  - {name: h, kind: hall, current: [source, drain], voltage: [right, left]}\n"
      "  - {name: n, kind: nonlocal, current: [left, source], voltage: [right, drain]}\n");
  const KnownConductances known(deck, {contacts, {}});
  ASSERT_EQ(known.names().size(), 4U);
  EXPECT_EQ(known.names()[3], "left -> source at temperature 0.2");
  std::vector<double> two(ones);
  two.insert(two.end(), 16, 3.0);
  const auto values = known.of(two);
  EXPECT_NEAR(values[1], 2.0, 1e-14);
  EXPECT_NEAR(values[3], 6.0, 1e-14);
}

}  // namespace
}  // namespace edotb
