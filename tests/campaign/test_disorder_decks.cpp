// The decks of inputs/ that claim something about disorder and moments, with fewer realisations; and what
// random bond phases do to a wire (physics notes §3). Seeds are fixed; a mean must lie within 3 standard
// errors.

#include "edotb/base/constants.hpp"
#include "edotb/campaign/point_solver.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <tuple>
#include <vector>

namespace edotb {
namespace {

// s = N/g - 1 in units of s(0), N = 22: .939, .575, .392, .234 at x = 1, 3, 5, 10 (physics notes §4).
TEST(MagneticAlignment, ResistanceFallsWithTheMagnetisation) {
  const auto g =
      test::conductances(test::input_deck("magnetic_alignment", {"ensemble.realisations=120"}));
  const auto s = [&](std::size_t field) { return 22.0 / test::average(g[field]).mean - 1.0; };
  const auto error = [&](std::size_t field) {
    const test::Average one = test::average(g[field]);
    return 22.0 * one.error / (one.mean * one.mean);
  };
  constexpr std::array<double, 5> expected = {1.0, 0.939, 0.575, 0.392, 0.234};
  for (std::size_t field = 1; field < 5; ++field) {
    const double ratio = s(field) / s(0);
    const double its_error = std::hypot(error(field) / s(0), ratio * error(0) / s(0));
    EXPECT_LT(std::abs(ratio - expected[field]), 3.0 * std::hypot(its_error, 5e-4)) << ratio;
    EXPECT_LT(its_error, 0.02);
  }
}

/// The transmission of a chain with hopping -1 at energy e through the potentials v, by transfer
/// matrices (psi_{j+1}, psi_j) = ((v_j - e, -1), (1, 0)) (psi_j, psi_{j-1}).
double chain_transmission(double e, const std::vector<double>& v) {
  if (std::abs(e) >= 2.0) return 0.0;
  const double k = std::acos(-0.5 * e);
  double a = 1.0;
  double b = 0.0;
  double c = 0.0;
  double d = 1.0;
  for (const double one : v) {
    const double new_a = (one - e) * a - c;
    const double new_b = (one - e) * b - d;
    c = a;
    d = b;
    a = new_a;
    b = new_b;
  }
  const auto denominator = c - b + d * std::polar(1.0, k) - a * std::polar(1.0, -k);
  return 4.0 * std::sin(k) * std::sin(k) / std::norm(denominator);
}

/// Both spins through layers of exchange h1 and h2: sites 3 to 8 and 14 to 19 of 23, W = 10, E = -1.
double spin_valve(double h1, double h2) {
  double g = 0.0;
  for (const double spin : {1.0, -1.0}) {
    std::vector<double> v(23, 0.0);
    for (std::size_t j = 0; j < 6; ++j) {
      v[3 + j] = spin * h1;
      v[14 + j] = spin * h2;
    }
    for (int n = 1; n <= 10; ++n) {
      g += chain_transmission(-1.0 + 2.0 * std::cos(n * constants::pi / 11.0), v);
    }
  }
  return g;
}

TEST(SpinValve, IsTwoDoubleBarriers) {
  const double parallel = test::conductances(test::input_deck("spin_valve"))[0][0];
  const double antiparallel = test::conductances(
      test::input_deck("spin_valve", {"sample.regions[1].exchange=[0, 0, -1.2]"}))[0][0];
  EXPECT_NEAR(parallel, spin_valve(1.2, 1.2), 1e-9);
  EXPECT_NEAR(antiparallel, spin_valve(1.2, -1.2), 1e-9);
  EXPECT_NEAR(parallel, 6.674263594741, 1e-9);
  EXPECT_NEAR(antiparallel, 2.887531396045, 1e-9);
}

// Without spin-orbit coupling the direction of both moments together does not matter.
TEST(SpinValve, TurnedAsAWhole) {
  const double turned = test::conductances(
      test::input_deck("spin_valve", {"sample.regions[0].exchange=[0.72, 0, 0.96]",
                                      "sample.regions[1].exchange=[0.72, 0, 0.96]"}))[0][0];
  EXPECT_NEAR(turned, 6.674263594741, 1e-9);
}

// g = .24, .26, 1.18 at 0, 2, 8 flux quanta with energies smoothed over 1.5 sites (physics notes §5).
TEST(CorrelatedDisorder, SparesTheChiralChannels) {
  const auto g = test::conductances(test::input_deck(
      "correlated_disorder", {"field.magnitude=[0, 0.19634954084936207, 0.7853981633974483]",
                              "ensemble.realisations=35"}));
  constexpr std::array<double, 3> expected = {0.24, 0.26, 1.18};
  for (std::size_t field = 0; field < 3; ++field) {
    const test::Average found = test::average(g[field]);
    EXPECT_LT(std::abs(found.mean - expected[field]), 3.0 * std::hypot(found.error, 0.01))
        << found.mean << " +- " << found.error;
    EXPECT_LT(found.error, 0.08);
  }
}

/// True when the sites that have a bond left connect the first slice with the last: W sites a slice.
bool is_connected(const sample::Sample& sample, std::int64_t realisation, std::size_t width) {
  const auto& pattern = *sample.layout().pattern;
  const auto field = sample.field(0, 0);
  auto h = sample.clean_hamiltonian(field);
  sample.add_disorder(field, realisation, h);
  std::vector<bool> reached(pattern.rows(), false);
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < width; ++i) front.push_back(i);
  while (!front.empty()) {
    const std::size_t row = front.back();
    front.pop_back();
    if (reached[row]) continue;
    reached[row] = true;
    if (row >= pattern.rows() - width) return true;
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      const auto at = static_cast<std::size_t>(k);
      if (h[at] != 0.0) front.push_back(static_cast<std::size_t>(pattern.columns[at]));
    }
  }
  return false;
}

// G > 0 in just those samples in which a walk over the sites that are left finds a way through.
TEST(Vacancies, CutTheWireWhereNoPathIsLeft) {
  for (const auto& [density, length, width, least, most] :
       {std::tuple{"0.55", 60, 20, 0, 0}, {"0.42", 14, 12, 5, 35}, {"0.15", 60, 20, 40, 40}}) {
    const auto deck = test::input_deck(
        "vacancies", {std::string("sample.disorder[0].density=") + density,
                      "sample.shape.length=" + std::to_string(length),
                      "sample.shape.width=" + std::to_string(width), "ensemble.realisations=40"});
    const sample::Sample sample(deck);
    const auto g = test::conductances(deck)[0];
    int n_connected = 0;
    for (std::size_t k = 0; k < g.size(); ++k) {
      const bool connected =
          is_connected(sample, static_cast<std::int64_t>(k), static_cast<std::size_t>(width));
      EXPECT_EQ(g[k] > 1e-20, connected) << g[k];
      n_connected += connected ? 1 : 0;
    }
    EXPECT_GE(n_connected, least);
    EXPECT_LE(n_connected, most);
  }
}

// Random bond phases take a wire from beta = 1 to beta = 2: the fluctuations of g fall from var g = .127
// to .073 (physics notes §3), whatever the strength of the phases.
TEST(HoppingPhases, HalveTheFluctuations) {
  const auto variance = [](const std::string& width) {
    return test::average(
               test::conductances(test::lattice_deck(
                   "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 80, "
                   "width: 16}, disorder: [{kind: anderson, width: 1.5}, {kind: "
                   "hopping_phases, width: " +
                   width + "}]}\nenergy: -1\nensemble: {realisations: 600}\n"))[0])
        .variance;
  };
  // The variance of a variance is 2 var^2/(n - 1).
  const double relative_error = std::sqrt(2.0 / 599.0);
  EXPECT_LT(std::abs(variance("0") - 0.127), 3.0 * 0.127 * relative_error);
  EXPECT_LT(std::abs(variance("0.3") - 0.073), 3.0 * 0.073 * relative_error);
}

}  // namespace
}  // namespace edotb
