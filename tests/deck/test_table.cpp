// The parameter table is sound, agrees with the models, and finds the key that was meant.
#include "edotb/base/error.hpp"
#include "edotb/deck/table.hpp"
#include "edotb/deck/tree.hpp"
#include "edotb/model/library.hpp"
#include "support/support.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace edotb {
namespace {

using deck::nearest_path;
using deck::Parameter;
using deck::table;
using deck::Type;
using test::lattice_deck;

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const auto& model : model::library()) names.emplace_back(model.name);
  names.insert(names.end(), {"formula", "continuum"});
  return names;
}

TEST(Table, EveryRowIsDocumented) {
  for (const Parameter& row : table()) {
    EXPECT_FALSE(row.path.empty());
    EXPECT_GT(row.doc.size(), 5U) << row.path;
    EXPECT_EQ(row.doc.back(), '.') << row.path;
    EXPECT_EQ(row.doc.find('\n'), std::string::npos) << row.path;
    EXPECT_EQ(row.doc.find('|'), std::string::npos) << row.path << ": breaks the manual's table";
  }
}

TEST(Table, NoTwoRowsForTheSameCase) {
  std::set<std::string> seen;
  for (const Parameter& row : table()) {
    if (row.depends_values.empty()) {
      EXPECT_TRUE(seen.insert(row.path).second) << row.path;
      EXPECT_EQ(deck::rows_of(row.path).size(), 1U) << row.path;
    }
    for (const auto& value : row.depends_values) {
      EXPECT_TRUE(seen.insert(row.path + " of " + value).second) << row.path << " of " << value;
    }
  }
}

TEST(Table, ChoicesAndDependencesHold) {
  for (const Parameter& row : table()) {
    const bool chooses = row.type == Type::choice || row.type == Type::choices;
    EXPECT_EQ(chooses, !row.choices.empty()) << row.path;
    EXPECT_EQ(row.depends_on.empty(), row.depends_values.empty()) << row.path;
    if (row.depends_on.empty()) continue;
    const auto other = deck::rows_of(row.depends_on);
    ASSERT_EQ(other.size(), 1U) << row.path;
    // Rows are read in order, so what a row depends on must stand before it.
    EXPECT_LT(other.front(), &row) << row.path;
    for (const auto& value : row.depends_values) {
      EXPECT_EQ(std::count(other[0]->choices.begin(), other[0]->choices.end(), value), 1)
          << row.path << ": " << value;
    }
  }
}

TEST(Table, AKeyIsNoSection) {
  for (const Parameter& row : table()) EXPECT_FALSE(deck::is_section(row.path)) << row.path;
}

TEST(Table, BoundsAreInOrder) {
  for (const Parameter& row : table()) {
    EXPECT_LT(row.bounds.minimum, row.bounds.maximum) << row.path;
    if (row.type == Type::integer) {
      EXPECT_TRUE(std::isfinite(row.bounds.minimum) && std::isfinite(row.bounds.maximum))
          << row.path;
    }
  }
}

TEST(Table, EveryDefaultPassesItsOwnRow) {
  for (const Parameter& row : table()) {
    const bool of_item = row.path.find("[]") != std::string::npos;
    if (!row.default_value || row.type == Type::object_list || of_item) continue;
    const auto values =
        row.depends_values.empty() ? std::vector<std::string>{"rashba"} : row.depends_values;
    for (const auto& other : values) {
      // The key that the row depends on, and then the key itself.
      std::vector<std::string> overrides = {"sample.model.name=rashba"};
      if (!row.depends_on.empty()) overrides.push_back(row.depends_on + "=" + other);
      std::vector<deck::Problem> problems;
      const auto without = deck::read_tree("{}", "t", overrides, problems);
      const std::string value = row.default_value->empty() ? "\"\"" : *row.default_value;
      overrides.push_back(row.path + "=" + value);
      const auto tree = deck::read_tree("{}", "t", overrides, problems);
      for (const auto& problem : problems) ADD_FAILURE() << problem.path << problem.message;
      EXPECT_TRUE(tree.given(row.path)) << row.path;
      // ... and is the value that a deck without the key has.
      EXPECT_TRUE(without.has(row.path)) << row.path;
      EXPECT_EQ(without.given(row.path), row.path == "sample.model.name") << row.path;
      EXPECT_EQ(tree.entries.at(row.path).value, without.entries.at(row.path).value) << row.path;
    }
  }
}

TEST(Table, KnowsTheModelsOfTheLibrary) {
  const auto rows = deck::rows_of("sample.model.name");
  ASSERT_EQ(rows.size(), 1U);
  auto names = model_names();
  names.emplace_back("wannier90");  // which has files instead of a formula
  auto choices = rows[0]->choices;
  std::sort(names.begin(), names.end());
  std::sort(choices.begin(), choices.end());
  EXPECT_EQ(choices, names);
}

/// The deck's rules know which models are flat and which have a spin; the models say the same.
TEST(Rules, AgreeWithTheModels) {
  const auto refused = [](const std::string& body) {
    try {
      (void)lattice_deck(body);
      return false;
    } catch (const Error&) {
      return true;
    }
  };
  std::vector<std::string> cases = model_names();
  cases.emplace_back("simple_metal, dimension: 2");
  for (std::string name : cases) {
    if (name == "formula") name += ", formula: cos(kx)*sigma_z";
    if (name == "continuum") name += ", formula: kx*sigma_x";
    const std::string model = "sample: {model: {name: " + name + "}";
    const auto deck = lattice_deck(model + "}\n");
    const auto built = sample::device_model(deck);
    EXPECT_EQ(refused(model + ", shape: {axis: z}}\n"), built.dimension == 2) << name;
    EXPECT_EQ(refused(model + ", shape: {thickness: 2}}\n"), built.dimension == 2) << name;
    EXPECT_EQ(refused(model + "}\nfield: {g_factor: 2}\n"), built.spin.empty()) << name;
  }
}

TEST(NearestPath, SlipsOfOneKey) {
  EXPECT_EQ(nearest_path("feild.angel"), "field.angle");
  EXPECT_EQ(nearest_path("energie"), "energy");
  EXPECT_EQ(nearest_path("temprature"), "temperature");
  EXPECT_EQ(nearest_path("sample.shape.lenght"), "sample.shape.length");
  EXPECT_EQ(nearest_path("sample.modle.name"), "sample.model.name");
  EXPECT_EQ(nearest_path("ensemble.realizations"), "ensemble.realisations");
  EXPECT_EQ(nearest_path("output.dir"), "output.directory");
  EXPECT_EQ(nearest_path("sample.systemfile"), "sample.system_file");
}

TEST(NearestPath, RightKeyInTheWrongSection) {
  EXPECT_EQ(nearest_path("angle"), "field.angle");
  EXPECT_EQ(nearest_path("length"), "sample.shape.length");
  EXPECT_EQ(nearest_path("sample.length"), "sample.shape.length");
  EXPECT_EQ(nearest_path("model.name"), "sample.model.name");
  EXPECT_EQ(nearest_path("sample.seed"), "ensemble.seed");
  EXPECT_EQ(nearest_path("field.energy"), "energy");
  EXPECT_EQ(nearest_path("sample.t"), "sample.model.t");  // not sample.leads.model.t
  EXPECT_EQ(nearest_path("sample.boundary"), "sample.shape.boundary");
  EXPECT_EQ(nearest_path("m"), "sample.model.m");
}

TEST(NearestPath, ItemsOfAList) {
  EXPECT_EQ(nearest_path("sample.disorder[3].widht"), "sample.disorder[].width");
  EXPECT_EQ(nearest_path("sample.disorder[0].kid"), "sample.disorder[].kind");
}

TEST(NearestPath, NothingIsNear) {
  EXPECT_EQ(nearest_path("xyzzy"), "");
  EXPECT_EQ(nearest_path("field.strength"), "");
  EXPECT_EQ(nearest_path(""), "");
  EXPECT_EQ(nearest_path(std::string(100000, 'a')), "");
}

TEST(NearestPath, AKnownPathIsNearestToItself) {
  for (const Parameter& row : table()) EXPECT_EQ(nearest_path(row.path), row.path);
}

TEST(TablePath, LeavesOutTheItem) {
  EXPECT_EQ(deck::table_path("sample.disorder[12].width"), "sample.disorder[].width");
  EXPECT_EQ(deck::table_path("field.angle"), "field.angle");
}

}  // namespace
}  // namespace edotb
