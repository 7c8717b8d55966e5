// Samples written as system files and read back. Oracles: the deck's own run, which never sees the file,
// and Kwant's transmissions of a honeycomb ribbon (reference/kwant.json, "graphene").

#include "edotb/base/error.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>

namespace edotb {
namespace {

using coherent::Scattering;
using coherent::SolverKind;

Scattering solve(const sample::SystemFile& system, double energy) {
  const auto leads = lead::solve_leads(system.leads, energy);
  coherent::Engine engine(system.layout, SolverKind::multifrontal);
  return engine.solve(system.hamiltonian, leads, energy);
}

/// A file in the test's own folder that goes with its owner.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& name) : path(testing::TempDir() + name) {}
  ~TemporaryFile() { std::remove(path.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  TemporaryFile(TemporaryFile&&) = delete;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  std::string path;
};

sample::SystemFile written_and_read(const sample::SystemFile& system, const std::string& name) {
  const TemporaryFile file("edotb_written_" + name + ".h5");
  sample::write_system_file(system, file.path);
  EXPECT_FALSE(std::filesystem::exists(file.path + ".part"));
  return sample::read_system_file(file.path);
}

struct Case {
  std::string name;
  std::string body;
  double energy = 0.0;
};

class WrittenSystem : public testing::TestWithParam<Case> {};

TEST_P(WrittenSystem, ReadBackGivesTheTransmissionsOfTheDeck) {
  const auto deck = test::lattice_deck(GetParam().body);
  const sample::Sample sample(deck);
  const double magnitude = deck.field.magnitude.front();
  const double angle = deck.field.angle.front();
  constexpr std::int64_t realisation = 1;
  auto given = sample.system(sample.field(magnitude, angle), realisation);
  given.title = "a title";
  const auto read = written_and_read(given, GetParam().name);

  EXPECT_EQ(read.title, given.title);
  EXPECT_EQ(read.layout.pattern->block_offsets, given.layout.pattern->block_offsets);
  EXPECT_EQ(read.layout.site_positions, given.layout.site_positions);
  EXPECT_EQ(read.layout.interfaces, given.layout.interfaces);
  const auto expected = test::solve_point(sample, magnitude, angle, GetParam().energy,
                                          SolverKind::multifrontal, realisation);
  const auto found = solve(read, GetParam().energy);
  EXPECT_EQ(found.n_modes, expected.n_modes);
  double total = 0.0;
  for (std::size_t i = 0; i < expected.transmission.size(); ++i) {
    EXPECT_NEAR(found.transmission[i], expected.transmission[i], 1e-11) << "entry " << i;
    total += expected.transmission[i];
  }
  EXPECT_GT(total, 1.0);  // there is something to compare
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, WrittenSystem,
    testing::Values(
        Case{"bar",
             "sample: {model: {name: dirac_weyl, v: 0.8, b: 0.9}, disorder: [{kind: anderson, "
             "width: 1}], shape: {axis: z, length: 6, width: 5, thickness: 4}}\n"
             "field: {magnitude: 0.2, angle: 35, azimuth: 20}\nensemble: {realisations: 2}\n",
             0.7},
        Case{"torus",
             "sample: {model: {name: weyl_two_band}, shape: {axis: z, length: 5, width: 6, "
             "thickness: 6, boundary: periodic}}\n"
             "field: {magnitude: 0.17453292519943295, angle: 0}\n",
             0.3},
        Case{
            "hall_bar",
            "sample: {model: {name: rashba, rashba: 0.3}, disorder: [{kind: anderson, width: 0.5}],"
            " shape: {kind: hall_bar, length: 20, width: 7, arm_width: 4, arm_distance: 12,"
            " arm_length: 2}}\n"
            "field: {magnitude: 0.2, angle: 90, azimuth: 90, g_factor: 0.5}\n"
            "ensemble: {realisations: 2}\n",
            -1.7},
        Case{"cross",
             "sample: {model: {name: simple_metal, dimension: 2}, shape: {kind: cross, length: 12,"
             " width: 6, arm_width: 5}}\n"
             "field: {magnitude: 0.3, angle: 90, azimuth: 90, where: device}\n",
             -1.1},
        Case{"corbino",
             "sample: {model: {name: simple_metal}, shape: {kind: corbino, axis: z, thickness: 2,"
             " inner_radius: 2, outer_radius: 4.1, contact_width: 1.9}}\n"
             "field: {magnitude: 0.2, angle: 30}\n",
             -2.0},
        Case{"ring",
             "sample: {model: {name: graphene}, shape: {kind: ring, inner_radius: 3, "
             "outer_radius: 7, lead_width: 5}}\n"
             "field: {magnitude: 0.05, angle: 90, azimuth: 90}\n",
             0.9},
        Case{"polygon",
             "sample: {model: {name: formula, dimension: 2, spin: s, parameters: {m: 2.6}, formula:"
             " (m - 1.6*cos(kx) - 1.6*cos(ky))*tau_z + sin(kx)*tau_x*s_z + sin(ky)*tau_y +"
             " 0.2*cos(2*kx)}, shape: {kind: polygon, points: [[0, -4], [12, -4], [9, 4], [3, 4]]},"
             " contacts: [{direction: -x, size: [0, 4, 0]}, {direction: +x, size: [0, 5, 0]},"
             " {direction: +y, size: [5, 0, 0], centre: [6, 0, 0]}]}\n"
             "field: {magnitude: 0.15, angle: 90, azimuth: 90}\n",
             0.8},
        Case{"composite",
             "sample: {model: {name: rashba, rashba: 0.2}, leads: {hopping: 0.9},"
             " shape: {kind: composite, parts: [{form: box, from: [0, 0, 0], to: [9, 7, 0]},"
             " {form: cylinder, operation: subtract, centre: [4, 4, 0], radius: 1.5}]},"
             " regions: [{form: box, from: [0, 0, 0], to: [3, 3, 0], potential: 0.3,"
             " exchange: [0.1, 0, 0.2]}],"
             " contacts: [{direction: -x}, {direction: \"1 0 0\", kind: chains},"
             " {direction: +y, size: [3, 0, 0], centre: [5, 0, 0]}]}\n"
             "field: {magnitude: 0.1, angle: 60, azimuth: 90, g_factor: 1}\n",
             -1.3},
        Case{"one_site", "sample: {model: {name: simple_metal}, shape: {length: 1, width: 1}}\n",
             0.2}),
    [](const auto& given) { return given.param.name; });

TEST(WrittenSystems, AWideBandMetalIsRefused) {
  const sample::Sample sample(test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 4, width: 3},"
      " contacts: [{direction: -x}, {direction: +x, kind: wide_band}]}\n"));
  const TemporaryFile file("edotb_written_wide_band.h5");
  try {
    sample::write_system_file(sample.system({}), file.path);
    FAIL() << "written";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_NE(std::string(error.what()).find("contact 1 is a wide_band metal"), std::string::npos);
  }
  EXPECT_FALSE(std::filesystem::exists(file.path));
}

TEST(WrittenSystems, AFolderThatIsNotThereIsNamed) {
  const auto system = sample::read_system_file(test::reference_path("systems/chain_ideal.h5"));
  try {
    sample::write_system_file(system, "/no/such/folder/system.h5");
    FAIL() << "written";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("/no/such/folder/system.h5"), std::string::npos);
  }
}

// The ribbon of a deck, with the disorder of Kwant's put on the sites at the same places, transmits what
// Kwant computed. The deck's ribbon ends half a cell later on either side, in sites like the leads'.
TEST(WrittenSystems, GrapheneRibbonOfKwant) {
  auto kwant = sample::read_system_file(test::reference_path("systems/graphene.h5"));
  const auto deck = test::lattice_deck(
      "sample: {model: {name: graphene}, shape: {kind: composite, parts: [{form: box,"
      " from: [-0.6, -5, 0], to: [16.1, 5, 0]}]}, contacts: [{direction: -x}, {direction: +x}]}\n"
      "field: {magnitude: 0.1, angle: 90, azimuth: 90}\n");
  const sample::Sample sample(deck);
  auto ribbon = written_and_read(sample.system(sample.field(0.1, 90.0)), "graphene");
  const auto diagonal = [](sample::SystemFile& system, std::size_t site) -> linalg::Complex& {
    const auto i = static_cast<std::int64_t>(site);
    return system.hamiltonian[static_cast<std::size_t>(system.layout.pattern->find(i, i))];
  };
  std::size_t n_same = 0;
  for (std::size_t s = 0; s < ribbon.layout.n_sites(); ++s) {
    for (std::size_t other = 0; other < kwant.layout.n_sites(); ++other) {
      const auto apart = ribbon.layout.site_positions[s] - kwant.layout.site_positions[other];
      if (norm(apart) > 1e-9) continue;
      diagonal(ribbon, s) = diagonal(kwant, other);
      ++n_same;
    }
  }
  ASSERT_EQ(n_same, kwant.layout.n_sites());
  const auto references = test::reference("kwant.json");
  for (const auto& expected : references["cases"]["graphene"]["results"]) {
    const auto found = solve(ribbon, expected["energy"].get<double>());
    for (std::size_t p = 0; p < 2; ++p) {
      EXPECT_EQ(found.n_modes[p], expected["modes"][p].get<std::size_t>());
      for (std::size_t q = 0; q < 2; ++q) {
        EXPECT_NEAR(found.transmission[2 * p + q], expected["transmission"][p][q].get<double>(),
                    1e-9);
      }
    }
  }
}

}  // namespace
}  // namespace edotb
