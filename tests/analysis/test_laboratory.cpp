// Curves of a laboratory's folder: deck.yaml and readings.csv.
#include "edotb/analysis/analysis_file.hpp"
#include "edotb/analysis/law_fits.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <unistd.h>

namespace edotb::analysis {

namespace {

namespace fs = std::filesystem;

constexpr const char* deck = R"(
sample_name: crystal 7
engine: {kind: continuum}
conductor:
  shape: {kind: bar, length: 4 mm, width: 1 mm, thickness: 0.1 mm}
  contacts:
    - {name: source, side: -x}
    - {name: drain, side: +x}
    - {name: v1, side: +y, centre: [-1 mm, 0 mm, 0 mm], size: [0.1 mm, 0 mm, 0.05 mm]}
    - {name: v2, side: +y, centre: [1 mm, 0 mm, 0 mm], size: [0.1 mm, 0 mm, 0.05 mm]}
  probes: [{name: p, position: [0 mm, 0 mm, 0 mm]}]
field: {magnitude: [-1, 0, 1]}
measurements:
  - {name: long, kind: four_probe, current: [source, drain], voltage: [v1, v2]}
  - {name: cross, kind: hall, current: [source, drain], voltage: [v1, p], parity: odd}
)";

class Laboratory : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::temp_directory_path() / ("edotb_laboratory_" + std::to_string(getpid()) + "_" +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::vector<Curve> curves(const std::string& readings,
                                          const std::string& text = deck) const {
    std::ofstream(folder_ / "deck.yaml") << text;
    std::ofstream(folder_ / "readings.csv") << readings;
    return read_curves({folder_});
  }
  [[nodiscard]] std::string refusal(const std::string& readings,
                                    const std::string& text = deck) const {
    try {
      static_cast<void>(curves(readings, text));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input);
      return error.what();
    }
    return "";
  }

  fs::path folder_;
};

constexpr const char* header = "setup,field,angle,temperature,value,error\n";

}  // namespace

TEST_F(Laboratory, ReadingsBecomeCurves) {
  const auto found = curves(
      "# columns in another order, one of our own\n"
      "temperature, setup, field, angle, value, error, note\n"
      "4.2,long, 1,0,0.9,0.01,\n4.2,long,0,0,1.2,0.02,second\n2,long,0,0,1.1,0.01,\n"
      "2,cross,1,0,3,0.3,\n2,cross,-1,0,-2,0.4,\r\n");
  ASSERT_EQ(found.size(), 2U);
  const Curve& along = found[0];
  EXPECT_EQ(along.sample, "crystal 7");
  EXPECT_EQ(along.units.resistance, "ohm");
  EXPECT_TRUE(along.geometry.classical);
  EXPECT_TRUE(along.geometry.full_face_contacts);
  EXPECT_DOUBLE_EQ(along.geometry.length, 4e-3);
  ASSERT_EQ(along.readings.size(), 3U);
  EXPECT_EQ(along.readings[0].temperature, 2.0);
  EXPECT_EQ(along.readings[1].field, 0.0);
  EXPECT_EQ(along.readings[2].value, 0.9);
  EXPECT_FALSE(along.variance);
  // dR/R(0) = 0.9/1.2 - 1 with both errors; at 2 K the reference itself.
  const auto changes = magnetoresistance(along);
  EXPECT_EQ(changes[0]->value, 0.0);
  EXPECT_NEAR(changes[2]->value, -0.25, 1e-14);
  EXPECT_NEAR(changes[2]->error, 0.75 * std::hypot(0.01 / 0.9, 0.02 / 1.2), 1e-14);
  // The part odd in the field: (3 - -2)/2 with half the joined error.
  ASSERT_EQ(found[1].readings.size(), 1U);
  EXPECT_NEAR(found[1].readings[0].value, 2.5, 1e-14);
  EXPECT_NEAR(found[1].readings[0].error, 0.25, 1e-14);
  EXPECT_FALSE(magnetoresistance(found[1])[0]);
}

TEST_F(Laboratory, EveryDatasetOfTheAnalysisHasAUnitAndAName) {
  const auto found = curves(std::string(header) + "long,0,0,2,1.1,0.01\nlong,1,0,2,1.3,0.01\n");
  write_analysis(folder_ / "analysis.h5", found);
  const hdf5::Handle file = hdf5::open_for_reading((folder_ / "analysis.h5").string());
  const hdf5::Handle group(H5Gopen2(file.id(), "curves/0", H5P_DEFAULT), H5Gclose, "curves/0");
  EXPECT_EQ(hdf5::read_text_attribute(group.id(), "setup"), "long");
  EXPECT_EQ(hdf5::read_text_attribute(group.id(), "voltage"), "v1\nv2");
  const auto names = hdf5::members(group.id());
  EXPECT_EQ(names.size(), 7U);
  for (const auto& name : names) {
    const hdf5::Handle dataset(H5Dopen2(group.id(), name.c_str(), H5P_DEFAULT), H5Dclose, name);
    EXPECT_FALSE(hdf5::read_text_attribute(dataset.id(), "units").empty());
    EXPECT_FALSE(hdf5::read_text_attribute(dataset.id(), "long_name").empty());
  }
  const auto change = hdf5::read<double>(group.id(), "magnetoresistance").values;
  EXPECT_NEAR(change[1], 0.2 / 1.1, 1e-14);
}

TEST_F(Laboratory, WrongReadingsAreRefusedWithTheirLine) {
  const std::string path = (folder_ / "readings.csv").string();
  const auto expect = [&](const std::string& readings, const std::string& message) {
    EXPECT_NE(refusal(readings).find(message), std::string::npos) << refusal(readings);
  };
  expect("", "no line of column names");
  expect("setup,field,value,error\n", path + ":1: there is no column 'angle'");
  expect(std::string(header) + "long,0,0,2,1.1\n", path + ":2: 5 values, and 6 columns");
  expect(std::string(header) + "\nlong,0,0,2,1.1.1,0.1\n",
         path + ":3: column value: expected a number, found '1.1.1'");
  expect(std::string(header) + "long,nan,0,2,1.1,0.1\n", "column field: expected a number");
  expect(std::string(header) + "longer,0,0,2,1.1,0.1\n",
         "deck.yaml has no measurement 'longer'; it has long, cross");
  expect(std::string(header) + "long,0,0,2,1.1,0\n", "error is above zero");
  expect(std::string(header) + "long,0,0,-2,1.1,0.1\n", "temperature is not negative");
  expect(std::string(header) + "long,0,0,2,1.1,0.1\nlong,0,0,2,1.2,0.1\n", path + ":3: 'long' has");
}

TEST_F(Laboratory, ReadingsWithoutEndAreRefused) {
  std::ofstream(folder_ / "deck.yaml") << deck;
  fs::create_symlink("/dev/zero", folder_ / "readings.csv");
  try {
    static_cast<void>(read_curves({folder_}));
    FAIL() << "read a device";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_NE(std::string(error.what()).find("readings.csv: cannot be read"), std::string::npos);
  }
}

TEST_F(Laboratory, NamesOfADeckMustBeThoseOfTheSample) {
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = deck;
    text.replace(text.find(from), from.size(), to);
    return refusal(header, text);
  };
  EXPECT_NE(
      with("voltage: [v1, v2]", "voltage: [v1, v3]")
          .find("the sample has no 'v3'; its contacts are source, drain, v1, v2, its probes p"),
      std::string::npos);
  EXPECT_NE(
      with("current: [source, drain], voltage: [v1, v2]", "current: [source, p], voltage: [v1, v2]")
          .find("'p' is a probe, which carries no current"),
      std::string::npos);
  std::string text = deck;
  text.resize(text.find("measurements:"));
  EXPECT_NE(refusal(header, text).find("names no measurements, and the sample has 4 contacts"),
            std::string::npos);
}

TEST_F(Laboratory, AFolderWithoutResultsIsRefused) {
  try {
    static_cast<void>(read_curves({folder_}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("holds neither results.h5 nor readings.csv"),
              std::string::npos);
  }
}

/// A Hall bar of the coherent engine, 40 x 12 x 6 nm: its arms are 16 nm apart, and the planted circle comes out as resistivities.
TEST_F(Laboratory, ACoherentHallBarKnowsWhereItsArmsAre) {
  const std::string coherent = R"(
sample:
  model: {name: simple_metal, dimension: 3, lattice_constant: 2 nm}
  shape: {kind: hall_bar, axis: x, length: 20, width: 6, thickness: 3, arm_width: 3, arm_distance: 8}
field: {magnitude: 5, angle: [0, 30, 60, 120], azimuth: 180}
energy: 0.1 eV
measurements:
  - {name: along, kind: four_probe, current: [lead_1, lead_0], voltage: [lead_4, lead_5]}
  - {name: across, kind: planar_hall, current: [lead_1, lead_0], voltage: [lead_3, lead_5]}
)";
  constexpr double par = 2e-6;  // ohm m
  constexpr double perp = 5e-6;
  constexpr double section = 12e-9 * 6e-9;
  std::string readings = header;
  for (const double angle : {0.0, 30.0, 60.0, 120.0}) {
    const double theta = angle * std::acos(-1.0) / 180.0;
    // The current flows along -x and the field turns from it to +y; the first arm of each pair is at -x and at +y. E = rho j.
    const double along = perp - (perp - par) * std::cos(theta) * std::cos(theta);
    const double across = -(perp - par) * std::sin(theta) * std::cos(theta);
    readings += fmt::format("along,5,{},1,{},1\nacross,5,{},1,{},1\n", angle,
                            -along * 16e-9 / section, angle, -across * 12e-9 / section);
  }
  const auto found = curves(readings, coherent);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].geometry.width, 12e-9, 1e-15);
  ASSERT_TRUE(found[0].geometry.probe_pair && found[1].geometry.probe_pair);
  EXPECT_NEAR(std::abs(found[0].geometry.probe_pair->along), 16e-9, 1e-15);
  EXPECT_NEAR(std::abs(found[1].geometry.probe_pair->across), 12e-9, 1e-15);
  const auto series = fit_laws(found);
  const auto circle = std::find_if(series.begin(), series.end(), [](const FittedSeries& one) {
    return one.laws[0].law.law == "planar Hall circle";
  });
  ASSERT_NE(circle, series.end());
  EXPECT_NEAR(circle->laws[0].law.fit.value("rho_par"), par, 1e-12);
  EXPECT_NEAR(circle->laws[0].law.fit.value("rho_perp"), perp, 1e-12);
  // No circle is one in a plane that does not hold current and arms.
  std::string out_of_plane = coherent;
  out_of_plane.replace(out_of_plane.find("azimuth: 180"), 12, "azimuth: 90");
  EXPECT_FALSE(curves(readings, out_of_plane)[0].geometry.probe_pair);
}

/// The rectangular cell of graphene is 3^(1/2) a long across the current.
TEST_F(Laboratory, CellsThatAreNotSquare) {
  const auto found = curves(std::string(header) + "along,0,0,0,1,1\n", R"(
sample:
  model: {name: graphene, lattice_constant: 0.25 nm}
  shape: {kind: bar, axis: x, length: 20, width: 6}
field: {magnitude: 0}
energy: 0.1 eV
measurements: [{name: along, kind: two_terminal, current: [lead_1, lead_0]}]
)");
  EXPECT_NEAR(found[0].geometry.length, 20 * 0.25e-9, 1e-15);
  EXPECT_NEAR(found[0].geometry.width, 6 * std::sqrt(3.0) * 0.25e-9, 1e-15);
}

}  // namespace edotb::analysis
