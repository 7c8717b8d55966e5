// The random terms of a deck: which sites they reach, what distribution they have, and what a missing
// site does to the S-matrix.

#include "edotb/base/constants.hpp"
#include "edotb/base/random.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdio>
#include <map>
#include <tuple>
#include <unistd.h>

namespace edotb {
namespace {

using coherent::SolverKind;
using linalg::Complex;
using linalg::Matrix;
using sample::Sample;

std::vector<Complex> disordered(const Sample& sample, const sample::Field& field,
                                std::int64_t realisation) {
  auto hamiltonian = sample.clean_hamiltonian(field);
  sample.add_disorder(field, realisation, hamiltonian);
  return hamiltonian;
}

Sample made(const std::string& model, const std::string& shape, const std::string& disorder,
            const std::string& rest = "") {
  return Sample(test::lattice_deck("sample: {model: " + model + ", shape: " + shape +
                                   ", disorder: [" + disorder + "]}\n" + rest));
}

const char* const square = "{name: simple_metal, dimension: 2}";

// The keys are a promise: results of older runs can be repeated.
TEST(Anderson, NumbersAreThoseOfTheirKeys) {
  const Sample sample =
      made(square, "{length: 7, width: 5}",
           "{kind: anderson, width: 0}, {kind: anderson, width: 2.5}", "ensemble: {seed: 12}");
  const auto found = test::random_energies(sample, 3);
  ASSERT_EQ(found.size(), 35U);
  for (std::size_t s = 0; s < found.size(); ++s) {
    const double u = uniform({.seed = 12, .realisation = 3, .site = s, .index = 1});
    EXPECT_NEAR(found[s], 2.5 * (u - 0.5), 1e-15);
  }
}

/// The sites with a random energy, as a count, after `is_surface` was compared for each.
template <class IsSurface>
std::size_t count_surface(const std::string& model, const std::string& shape, int depth,
                          IsSurface&& is_surface) {
  std::size_t n_surface = 0;
  for (const bool surface : {true, false}) {
    const Sample sample =
        made(model, shape,
             std::string("{kind: anderson, width: 1, where: ") + (surface ? "surface" : "bulk") +
                 ", depth: " + std::to_string(depth) + "}");
    const auto found = test::random_energies(sample, 0);
    for (std::size_t s = 0; s < found.size(); ++s) {
      const Vector3& r = sample.layout().site_positions[s];
      EXPECT_EQ(found[s] != 0.0, is_surface(r) == surface) << r[0] << " " << r[1] << " " << r[2];
      n_surface += surface && found[s] != 0.0 ? 1 : 0;
    }
  }
  return n_surface;
}

// The ends of a bar are covered by its leads, and are no surface.
TEST(Where, SurfaceOfABar) {
  EXPECT_EQ(
      count_surface("{name: simple_metal}", "{length: 6, width: 5, thickness: 4}", 1,
                    [](const Vector3& r) { return std::abs(r[1]) > 1.5 || std::abs(r[2]) > 1.0; }),
      6U * (20U - 6U));
  EXPECT_EQ(count_surface(square, "{length: 6, width: 7}", 2,
                          [](const Vector3& r) { return std::abs(r[1]) > 1.5; }),
            24U);
}

// Arms that touch the bar cover its edge, cells 3 to 5 and 10 to 12; so do contacts that are metals.
TEST(Where, LeadsOnTheSideCoverTheSurface) {
  const auto is_surface = [](const Vector3& r) {
    const bool under_arm = (r[0] > 2.5 && r[0] < 5.5) || (r[0] > 9.5 && r[0] < 12.5);
    return std::abs(r[1]) > 1.5 && !under_arm;
  };
  const std::string shape = "{kind: hall_bar, length: 16, width: 5, arm_width: 3, arm_distance: 7}";
  EXPECT_EQ(count_surface(square, shape, 1, is_surface), 20U);
  EXPECT_EQ(count_surface(square, shape + ", leads: {kind: wide_band}", 1, is_surface), 20U);
}

// ---------------------------------------------------------------------------------------------------

/// The clean sample without the orbitals that `dirty` has cut off, solved by a dense inverse: a
/// system in which those sites do not exist.
std::vector<double> transmission_without(const Sample& sample, const sample::Field& field,
                                         const std::vector<Complex>& dirty, double energy,
                                         std::size_t& n_missing) {
  const auto& layout = sample.layout();
  const auto& pattern = *layout.pattern;
  const auto clean = sample.clean_hamiltonian(field);
  std::vector<std::int64_t> number(pattern.rows(), -1);
  std::vector<std::int64_t> offsets = {0};
  std::int64_t n = 0;
  n_missing = 0;
  for (std::size_t s = 0; s < pattern.n_blocks(); ++s) {
    double coupling = 0.0;
    for (auto i = pattern.block_offsets[s]; i < pattern.block_offsets[s + 1]; ++i) {
      const auto row = static_cast<std::size_t>(i);
      for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
        const auto at = static_cast<std::size_t>(k);
        if (pattern.columns[at] != i) coupling += std::abs(dirty[at]);
      }
    }
    if (coupling == 0.0) {
      ++n_missing;
      continue;
    }
    for (auto i = pattern.block_offsets[s]; i < pattern.block_offsets[s + 1]; ++i) {
      number[static_cast<std::size_t>(i)] = n++;
    }
    offsets.push_back(n);
  }
  std::vector<std::vector<std::int64_t>> columns(static_cast<std::size_t>(n));
  std::vector<Complex> values;
  for (std::size_t row = 0; row < pattern.rows(); ++row) {
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      const auto column = static_cast<std::size_t>(pattern.columns[static_cast<std::size_t>(k)]);
      if (number[row] < 0 || number[column] < 0) continue;
      columns[static_cast<std::size_t>(number[row])].push_back(number[column]);
      values.push_back(clean[static_cast<std::size_t>(k)]);
    }
  }
  sample::DeviceLayout left;
  left.pattern = std::make_shared<const linalg::SparsityPattern>(
      linalg::make_pattern(std::move(columns), std::move(offsets)));
  for (const auto& interface : layout.interfaces) {
    auto& mine = left.interfaces.emplace_back();
    for (const auto i : interface) mine.push_back(number[static_cast<std::size_t>(i)]);
  }
  coherent::Engine engine(left, SolverKind::dense);
  return engine.solve(values, lead::solve_leads(sample.leads(field), energy), energy).transmission;
}

TEST(Vacancies, AreSitesThatDoNotExist) {
  const std::string term = "{kind: vacancies, density: 0.15}";
  const std::string bar = "{length: 12, width: 7}";
  for (const auto& [model, shape, energy] :
       {std::tuple{std::string(square), bar, -0.83},
        std::tuple{std::string("{name: rashba, rashba: 0.3}"), bar, -1.1},
        std::tuple{std::string("{name: dirac_weyl, v: 0.8, m: 2.4}"),
                   std::string("{length: 6, width: 4, thickness: 3, axis: z}"), 0.63}}) {
    const Sample sample = made(model, shape, term);
    const auto field = sample.field(0.11, 60);
    std::size_t n_found = 0;
    for (std::int64_t realisation = 0; realisation < 6; ++realisation) {
      const auto dirty = disordered(sample, field, realisation);
      std::size_t n_missing = 0;
      const auto expected = transmission_without(sample, field, dirty, energy, n_missing);
      const auto found =
          test::solve_point(sample, 0.11, 60, energy, SolverKind::multifrontal, realisation);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(found.transmission[i], expected[i], 1e-10);
      }
      n_found += n_missing;
    }
    EXPECT_GT(n_found, 20U);
  }
}

// Binomial: n p +- sqrt(n p (1 - p)). Sites under a lead stay.
TEST(Vacancies, Density) {
  const Sample sample =
      made(square, "{length: 102, width: 100}", "{kind: vacancies, density: 0.2}");
  const auto found = test::random_energies(sample, 0);
  std::size_t n_missing = 0;
  for (std::size_t s = 0; s < found.size(); ++s) {
    if (found[s] == 0.0) continue;
    ++n_missing;
    const double x = sample.layout().site_positions[s][0];
    EXPECT_TRUE(x > 0.5 && x < 100.5);
  }
  EXPECT_NEAR(static_cast<double>(n_missing), 2000.0, 4.0 * std::sqrt(10000 * 0.2 * 0.8));
}

// ---------------------------------------------------------------------------------------------------

struct Entry {
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t place = 0;
};

std::vector<Entry> entries_of(const Sample& sample) {
  const auto& pattern = *sample.layout().pattern;
  std::vector<Entry> entries;
  for (std::size_t row = 0; row < pattern.rows(); ++row) {
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      const auto place = static_cast<std::size_t>(k);
      entries.push_back({row, static_cast<std::size_t>(pattern.columns[place]), place});
    }
  }
  return entries;
}

// A phase turns a bond as a whole: H stays Hermitian, moduli stay, and every orbital pair of a bond
// turns by the same angle, the same at every field, uniform in +-width/2.
TEST(HoppingPhases, TurnWholeBondsAlikeAtEveryField) {
  const Sample sample = made("{name: rashba, rashba: 0.3}", "{length: 40, width: 30}",
                             "{kind: hopping_phases, width: 0.8}");
  const auto& pattern = *sample.layout().pattern;
  const auto entries = entries_of(sample);
  std::map<std::pair<std::size_t, std::size_t>, double> angle_of;
  for (const double magnitude : {0.0, 0.2}) {
    const auto field = sample.field(magnitude, 90);
    const auto clean = sample.clean_hamiltonian(field);
    const auto dirty = disordered(sample, field, 1);
    for (const Entry& e : entries) {
      const auto mirror = static_cast<std::size_t>(
          pattern.find(static_cast<std::int64_t>(e.column), static_cast<std::int64_t>(e.row)));
      EXPECT_EQ(dirty[e.place], std::conj(dirty[mirror]));
      EXPECT_NEAR(std::abs(dirty[e.place]), std::abs(clean[e.place]), 1e-15);
      if (e.row / 2 == e.column / 2) {
        EXPECT_EQ(dirty[e.place], clean[e.place]);
      } else {
        const double angle = std::arg(dirty[e.place] / clean[e.place]);
        const auto [bond, is_new] = angle_of.emplace(std::pair{e.row / 2, e.column / 2}, angle);
        if (!is_new) {
          EXPECT_NEAR(bond->second, angle, 1e-14);
        }
      }
    }
  }
  double mean = 0.0;
  double variance = 0.0;
  const double n_bonds = 0.5 * static_cast<double>(angle_of.size());
  for (const auto& [bond, angle] : angle_of) {
    if (bond.first > bond.second) continue;
    EXPECT_LE(std::abs(angle), 0.4);
    mean += angle / n_bonds;
    variance += angle * angle / n_bonds;
  }
  EXPECT_EQ(n_bonds, 39 * 30 + 40 * 29);
  EXPECT_NEAR(mean, 0.0, 4.0 * std::sqrt(0.8 * 0.8 / 12.0 / n_bonds));
  // The fourth moment of a uniform distribution is 9/5 of its squared variance.
  EXPECT_NEAR(variance, 0.8 * 0.8 / 12.0, 4.0 * 0.8 * 0.8 / 12.0 * std::sqrt(0.8 / n_bonds));
}

// The phase round a plaquette is the flux of the field plus that of the random phases, in any gauge.
TEST(HoppingPhases, FluxesAddUpRoundAPlaquette) {
  const Sample sample = made(square, "{length: 6, width: 5}", "{kind: hopping_phases, width: 2}");
  const auto& pattern = *sample.layout().pattern;
  const auto loop = [&](const std::vector<Complex>& h, std::size_t corner) {
    // Sites run with the width fastest: (x, y), (x+1, y), (x+1, y+1), (x, y+1).
    const std::array<std::size_t, 5> path = {corner, corner + 5, corner + 6, corner + 1, corner};
    Complex product = 1.0;
    for (std::size_t k = 0; k < 4; ++k) {
      product *= -h[static_cast<std::size_t>(pattern.find(static_cast<std::int64_t>(path[k + 1]),
                                                          static_cast<std::int64_t>(path[k])))];
    }
    return product;
  };
  const auto none = sample.field(0, 0);
  const auto field = sample::Field{{0, 0, 0.3}, {}};
  const auto without = disordered(sample, none, 2);
  const auto with = disordered(sample, field, 2);
  double largest = 0.0;
  for (std::size_t x = 0; x < 5; ++x) {
    for (std::size_t y = 0; y < 4; ++y) {
      const Complex expected = loop(without, 5 * x + y) * std::polar(1.0, 0.3);
      EXPECT_NEAR(std::abs(loop(with, 5 * x + y) - expected), 0.0, 1e-14);
      largest = std::max(largest, std::abs(std::arg(loop(without, 5 * x + y))));
    }
  }
  EXPECT_GT(largest, 0.5) << "the phases could be gauged away";
}

// They break time reversal: without them T(B) = T(-B), with them it is not.
TEST(HoppingPhases, BreakTimeReversal) {
  const auto asymmetry = [](const std::string& width) {
    const auto g = [&](const std::string& magnitude) {
      return test::conductance(
          "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 12, width: 8}, "
          "disorder: [{kind: anderson, width: 1.5}, {kind: hopping_phases, width: " +
          width + "}]}\nfield: {magnitude: [" + magnitude +
          "], angle: [90], azimuth: 90}\nenergy: [-1.05]");
    };
    return std::abs(g("0.05") - g("-0.05"));
  };
  EXPECT_LT(asymmetry("0"), 1e-10);
  EXPECT_GT(asymmetry("0.6"), 1e-3);
}

// ---------------------------------------------------------------------------------------------------

// Keyed by the numbers of sites and bonds, the disorder on a system file is that on the sample it came
// from, entry by entry; sites under a lead stay here too.
TEST(SystemFile, TakesTheDisorderOfTheSampleItCameFrom) {
  const std::string terms =
      "{kind: anderson, width: 2}, {kind: hopping_phases, width: 1}, {kind: vacancies, density: "
      "0.3}";
  const Sample bar = made("{name: rashba, rashba: 0.3}", "{length: 9, width: 6}", terms,
                          "ensemble: {seed: 5, realisations: 3}");
  const std::string path =
      testing::TempDir() + "edotb_disorder_" + std::to_string(getpid()) + ".h5";
  sample::write_system_file(bar.system({}), path);
  const Sample file(test::lattice_deck("sample: {system_file: " + path + ", disorder: [" + terms +
                                       "]}\nensemble: {seed: 5, realisations: 3}"));
  std::remove(path.c_str());
  ASSERT_TRUE(file.has_disorder());
  const auto entries = entries_of(bar);
  const auto& pattern = *file.layout().pattern;
  for (std::int64_t realisation = 0; realisation < 3; ++realisation) {
    const auto expected = disordered(bar, {}, realisation);
    const auto found = disordered(file, {}, realisation);
    double total = 0.0;
    for (const Entry& e : entries) {
      if (e.row == e.column) total += std::abs(expected[e.place]);
      const auto place =
          pattern.find(static_cast<std::int64_t>(e.row), static_cast<std::int64_t>(e.column));
      // The file leaves out what is zero in the clean sample.
      const Complex value = place < 0 ? 0.0 : found[static_cast<std::size_t>(place)];
      EXPECT_NEAR(std::abs(value - expected[e.place]), 0.0, 1e-14);
    }
    EXPECT_GT(total, 100.0);
  }
}

}  // namespace
}  // namespace edotb
