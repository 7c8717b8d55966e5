// Moments of magnetic impurities: their thermal averages against the Langevin and Brillouin functions
// (physics notes §4), and the symmetries of the map from one random direction to the moment.

#include "edotb/base/constants.hpp"
#include "edotb/base/random.hpp"
#include "edotb/sample/moments.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace edotb {
namespace {

using sample::classical_moment;
using sample::isotropic_direction;
using sample::quantum_moment;
using sample::Sample;

constexpr int n_drawn = 200000;

Vector3 start(int k) {
  const auto site = static_cast<std::uint64_t>(k);
  return isotropic_direction(uniform({.seed = 5, .site = site}),
                             uniform({.seed = 5, .site = site, .index = 1}));
}

struct Average {
  double mean = 0.0;
  double error = 0.0;
};

template <class Value>
Average average(Value&& value, int n = n_drawn) {
  double sum = 0.0;
  double squares = 0.0;
  for (int k = 0; k < n; ++k) {
    const double v = value(k);
    sum += v;
    squares += v * v;
  }
  const double mean = sum / n;
  return {mean, std::sqrt((squares / n - mean * mean) / (n - 1))};
}

double langevin(double x) { return 1.0 / std::tanh(x) - 1.0 / x; }
double brillouin(double x, double s) {
  const double a = (2.0 * s + 1.0) / (2.0 * s);
  return a / std::tanh(a * x) - 1.0 / (2.0 * s) / std::tanh(x / (2.0 * s));
}

const Vector3 tilted = unit({1.0, -2.0, 0.5});
const Vector3 sideways = unit({2.0, 1.0, 0.0});  // normal to it

TEST(ClassicalMoment, MeanIsTheLangevinFunction) {
  for (const auto& [x, expected] :
       {std::pair{1.0, 0.31304}, {2.0, 0.53731}, {3.0, 0.67164}, {5.0, 0.80009}}) {
    ASSERT_NEAR(langevin(x), expected, 1e-5);
    const auto along =
        average([&](int k) { return dot(classical_moment(start(k), tilted, x), tilted); });
    EXPECT_LT(std::abs(along.mean - expected), 4.0 * along.error) << x;
    EXPECT_LT(along.error, 2e-3);
    const auto across =
        average([&](int k) { return dot(classical_moment(start(k), tilted, x), sideways); });
    EXPECT_LT(std::abs(across.mean), 4.0 * across.error) << x;
    // <cos^2> = 1 - 2 L/x, half of the rest on either direction across.
    const auto square = average(
        [&](int k) { return std::pow(dot(classical_moment(start(k), tilted, x), sideways), 2); });
    EXPECT_LT(std::abs(square.mean - langevin(x) / x), 4.0 * square.error) << x;
  }
}

TEST(ClassicalMoment, IsAUnitVectorInEveryLimit) {
  for (const double x : {0.0, 1e-300, 1e-9, 1.0, 20.0, 1e3, 1e12}) {
    for (int k = 0; k < 200; ++k) {
      EXPECT_NEAR(norm(classical_moment(start(k), tilted, x)), 1.0, 1e-14);
    }
    for (const double sign : {1.0, -1.0}) {
      EXPECT_NEAR(norm(classical_moment(sign * tilted, tilted, x)), 1.0, 1e-14);
    }
  }
  for (int k = 0; k < 200; ++k) {
    EXPECT_LT(norm(classical_moment(start(k), tilted, 1e-9) - start(k)), 1e-8);
    EXPECT_LT(norm(classical_moment(start(k), tilted, 1e12) - tilted), 1e-4);
  }
}

TEST(QuantumMoment, MeanIsTheBrillouinFunction) {
  for (const double spin : {0.5, 1.0, 2.5}) {
    for (const double x : {0.3, 1.5, 4.0}) {
      const auto along =
          average([&](int k) { return dot(quantum_moment(start(k), tilted, x, spin), tilted); });
      EXPECT_LT(std::abs(along.mean - spin * brillouin(x, spin)), 4.0 * along.error)
          << spin << " " << x;
      EXPECT_LT(along.error, 5e-3);
    }
    for (int k = 0; k < 200; ++k) {
      const Vector3 moment = quantum_moment(start(k), tilted, 0.7, spin);
      const double m = dot(moment, tilted);
      EXPECT_NEAR(m + spin, std::round(m + spin), 1e-13);
      EXPECT_NEAR(dot(moment, moment), spin * (spin + 1.0), 1e-12);
    }
  }
}

// Turned or reversed with its field and its random direction, a moment turns or is reversed; and it
// comes nearer to the field as the field grows, so every field sees the same sample.
TEST(Moment, FollowsItsFieldAndItsStart) {
  const auto turned = [](const Vector3& r) { return Vector3{r[1], r[2], r[0]}; };
  double before = -2.0;
  for (int k = 0; k < 100; ++k) {
    before = -2.0;
    for (const double x : {0.0, 0.5, 2.0, 9.0}) {
      const Vector3 here = classical_moment(start(k), tilted, x);
      EXPECT_LT(norm(classical_moment(turned(start(k)), turned(tilted), x) - turned(here)), 1e-14);
      EXPECT_LT(norm(classical_moment(-1.0 * start(k), -1.0 * tilted, x) + here), 1e-14);
      EXPECT_LT(norm(quantum_moment(-1.0 * start(k), -1.0 * tilted, x, 1.5) +
                     quantum_moment(start(k), tilted, x, 1.5)),
                1e-14);
      EXPECT_GT(dot(here, tilted), before);
      before = dot(here, tilted);
    }
  }
}

// ---------------------------------------------------------------------------------------------------

/// Potential and S of each site, from its block V - J S.sigma of a model with two orbitals a site.
struct Impurity {
  double potential = 0.0;
  Vector3 spin{};
};

std::vector<Impurity> impurities(const Sample& sample, double magnitude, double angle,
                                 double exchange, std::int64_t realisation = 0) {
  const auto& pattern = *sample.layout().pattern;
  const auto field = sample.field(magnitude, angle);
  auto h = sample.clean_hamiltonian(field);
  const auto clean = h;
  sample.add_disorder(field, realisation, h);
  std::vector<Impurity> found;
  for (std::size_t s = 0; s < pattern.n_blocks(); ++s) {
    const auto i = pattern.block_offsets[s];
    const auto entry = [&](std::int64_t row, std::int64_t column) {
      const auto k = static_cast<std::size_t>(pattern.find(i + row, i + column));
      return h[k] - clean[k];
    };
    EXPECT_EQ(entry(0, 1), std::conj(entry(1, 0)));
    found.push_back({0.5 * (entry(0, 0) + entry(1, 1)).real(),
                     {-entry(1, 0).real() / exchange, -entry(1, 0).imag() / exchange,
                      -0.5 * (entry(0, 0) - entry(1, 1)).real() / exchange}});
  }
  return found;
}

std::string metal(const std::string& term) {
  return "sample: {model: {name: rashba, rashba: 0.1}, shape: {length: 60, width: 50}, disorder: "
         "[{kind: magnetic, exchange: 0.4, " +
         term + "}]}\n";
}

TEST(MagneticImpurities, DensityPotentialAndLength) {
  const Sample sample(
      test::lattice_deck(metal("potential: 0.3, density: 0.25, spin: 2.5, temperature: 1")));
  int n_found = 0;
  for (const Impurity& one : impurities(sample, 0.5, 90, 0.4)) {
    if (one.potential == 0.0) continue;
    ++n_found;
    EXPECT_NEAR(one.potential, 0.3, 1e-14);
    EXPECT_NEAR(norm(one.spin), 2.5, 1e-13);
  }
  EXPECT_NEAR(n_found, 750, 4.0 * std::sqrt(3000 * 0.25 * 0.75));
}

// x = g S B/T in lattice units: the mean along the field is S L(x) for any direction of the field.
TEST(MagneticImpurities, AlignmentIsIsotropic) {
  const Sample sample(test::lattice_deck(
      metal("density: 1, spin: 1.5, g_factor: 1.2, temperature: 0.3") + "field: {azimuth: 35}"));
  for (const double angle : {0.0, 55.0, 90.0, 180.0}) {
    const auto found = impurities(sample, 0.25, angle, 0.4);
    const Vector3 direction = sample.field(0.25, angle).direction;
    const auto along = average(
        [&](int k) { return dot(found[static_cast<std::size_t>(k)].spin, direction) / 1.5; }, 3000);
    EXPECT_LT(std::abs(along.mean - langevin(1.5)), 4.0 * along.error) << angle;
  }
}

// g mu_B S B/(k_B T) = 2 x 0.0578838 meV x 3 / (0.0861733 meV x 2) = 2.015142 at 3 T and 2 K, S = 1;
// a negative g turns the moments round.
TEST(MagneticImpurities, AlignmentInTeslaAndKelvin) {
  for (const double sign : {1.0, -1.0}) {
    const Sample sample(deck::parse_deck(
        metal("density: 1, temperature: 2 K, g_factor: " + std::to_string(2.0 * sign)) +
            "field: {magnitude: 3}",
        "test.yaml"));
    const auto found = impurities(sample, 3.0, 0, 0.4);
    const auto along =
        average([&](int k) { return found[static_cast<std::size_t>(k)].spin[0]; }, 3000);
    EXPECT_LT(std::abs(along.mean - sign * langevin(2.015142)), 4.0 * along.error);
  }
}

// Moments depend on B/T alone.
TEST(MagneticImpurities, FieldAndTemperatureScale) {
  for (const char* const moments : {"classical", "quantum"}) {
    const auto at = [&](double magnitude, const std::string& temperature) {
      const Sample sample(test::lattice_deck(
          metal("density: 1, temperature: " + temperature + ", moments: " + moments)));
      return impurities(sample, magnitude, 60, 0.4);
    };
    const auto cold = at(0.1, "0.2");
    const auto warm = at(0.2, "0.4");
    const auto other = at(0.2, "0.2");
    double largest = 0.0;
    for (std::size_t s = 0; s < cold.size(); ++s) {
      EXPECT_LT(norm(cold[s].spin - warm[s].spin), 1e-14);
      largest = std::max(largest, norm(cold[s].spin - other[s].spin));
    }
    EXPECT_GT(largest, 0.1);
  }
}

// On a ramp a moment feels the field that is there: sin^2(pi d/2R) of the whole, d cells from the lead.
TEST(MagneticImpurities, FeelTheFieldOfARamp) {
  const std::string body = metal("density: 1, temperature: 0.3") + "field: {where: device";
  const Sample abrupt(test::lattice_deck(body + "}\n"));
  const Sample ramped(test::lattice_deck(body + ", ramp: 4}\n"));
  const auto on_ramp = impurities(ramped, 0.4, 90, 0.4);
  for (const std::size_t slice : {0U, 2U, 3U, 4U, 30U, 57U, 59U}) {
    const double depth = std::min<double>({slice + 0.5, 59.5 - static_cast<double>(slice), 4.0});
    const double part = std::pow(std::sin(0.125 * constants::pi * depth), 2);
    const auto expected = impurities(abrupt, 0.4 * part, 90, 0.4);
    for (std::size_t s = 50 * slice; s < 50 * (slice + 1); ++s) {
      EXPECT_LT(norm(on_ramp[s].spin - expected[s].spin), 1e-13) << slice;
    }
  }
}

// At zero field a classical sample does not know the field's direction.
TEST(MagneticImpurities, ZeroFieldHasNoDirection) {
  const Sample sample(test::lattice_deck(metal("density: 1, temperature: 1")));
  const auto along = impurities(sample, 0.0, 0, 0.4);
  const auto across = impurities(sample, 0.0, 90, 0.4);
  for (std::size_t s = 0; s < along.size(); ++s) EXPECT_EQ(along[s].spin, across[s].spin);
}

// Onsager and Buttiker with moments: G_pq(B, M) = G_qp(-B, -M), four leads, spin-orbit coupling.
TEST(MagneticImpurities, ReciprocityNeedsReversedMoments) {
  const auto conductances = [](double magnitude, const std::string& orientation) {
    const Sample sample(test::lattice_deck(
        "sample: {model: {name: rashba, rashba: 0.3}, shape: {kind: cross, length: 13, width: 5, "
        "arm_width: 4}, disorder: [{kind: anderson, width: 1}, {kind: magnetic, density: 0.4, "
        "exchange: 0.6, potential: 0.2, temperature: 0.2, orientation: " +
        orientation + "}]}\nfield: {g_factor: 0.7, azimuth: 70}\n"));
    return test::solve_point(sample, magnitude, 65, -1.3, coherent::SolverKind::multifrontal)
        .transmission;
  };
  const auto forward = conductances(0.1, "drawn");
  const auto backward = conductances(-0.1, "reversed");
  const auto same_moments = conductances(-0.1, "drawn");
  double difference = 0.0;
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t q = 0; q < 4; ++q) {
      EXPECT_NEAR(forward[p * 4 + q], backward[q * 4 + p], 1e-10);
      difference = std::max(difference, std::abs(forward[p * 4 + q] - same_moments[q * 4 + p]));
    }
  }
  EXPECT_GT(difference, 1e-3);
}

}  // namespace
}  // namespace edotb
