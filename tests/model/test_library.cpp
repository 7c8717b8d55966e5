// Oracle: the closed band formulas of the models, at random wave vectors.

#include "edotb/base/constants.hpp"
#include "edotb/model/library.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace edotb {
namespace {

using std::cos;
using std::sin;
using std::sqrt;

constexpr int n_random = 50;

Vector3 random_k(test::Draw& draw) {
  return {constants::pi * draw.uniform(), constants::pi * draw.uniform(),
          constants::pi * draw.uniform()};
}

void expect_bands(const model::Model& model, const Vector3& k, std::vector<double> expected) {
  const auto bands = linalg::hermitian_eigenvalues(model::bloch_hamiltonian(model, k));
  std::sort(expected.begin(), expected.end());
  ASSERT_EQ(bands.size(), expected.size());
  for (std::size_t n = 0; n < bands.size(); ++n) EXPECT_NEAR(bands[n], expected[n], 1e-12);
}

TEST(Library, SimpleMetal) {
  test::Draw draw(1);
  const auto square = model::build("simple_metal", {{"t", 0.7}, {"dimension", 2}});
  const auto cubic = model::build("simple_metal", {{"t", 0.7}, {"dimension", 3}});
  for (int i = 0; i < n_random; ++i) {
    const auto k = random_k(draw);
    expect_bands(square, k, {-1.4 * (cos(k[0]) + cos(k[1]))});
    expect_bands(cubic, k, {-1.4 * (cos(k[0]) + cos(k[1]) + cos(k[2]))});
  }
}

// H = onsite - 2t (cos kx + cos ky) +- |2 (R sin ky + D sin kx, -R sin kx - D sin ky)|
TEST(Library, Rashba) {
  test::Draw draw(2);
  const double t = 1.1;
  const double r = 0.3;
  const double d = 0.2;
  const auto metal =
      model::build("rashba", {{"t", t}, {"rashba", r}, {"dresselhaus", d}, {"onsite", 4.0}});
  for (int i = 0; i < n_random; ++i) {
    const auto k = random_k(draw);
    const double centre = 4.0 - 2.0 * t * (cos(k[0]) + cos(k[1]));
    const double x = 2.0 * (r * sin(k[1]) + d * sin(k[0]));
    const double y = 2.0 * (r * sin(k[0]) + d * sin(k[1]));
    expect_bands(metal, k, {centre - std::hypot(x, y), centre + std::hypot(x, y)});
  }
}

TEST(Library, WeylTwoBand) {
  test::Draw draw(3);
  const auto weyl =
      model::build("weyl_two_band", {{"t", 0.9}, {"t_z", 1.2}, {"m", 0.8}, {"k0", 1.1}});
  for (int i = 0; i < n_random; ++i) {
    const auto k = random_k(draw);
    const double z = 1.2 * (cos(k[2]) - cos(1.1)) + 0.8 * (2.0 - cos(k[0]) - cos(k[1]));
    const double e = sqrt(0.81 * (sin(k[0]) * sin(k[0]) + sin(k[1]) * sin(k[1])) + z * z);
    expect_bands(weyl, k, {-e, e});
  }
  expect_bands(weyl, {0, 0, 1.1}, {0, 0});
  expect_bands(weyl, {0, 0, -1.1}, {0, 0});
}

// Without inversion breaking: E^2 = v^2 (sx^2 + sy^2) + (b +- sqrt(M^2 + v^2 sz^2))^2, s_i = sin k_i,
// M = m - t sum cos k_i.
TEST(Library, DiracWeyl) {
  test::Draw draw(4);
  const auto weyl = model::build(
      "dirac_weyl", {{"t", 1.0}, {"v", 0.8}, {"m", 3.0}, {"b", 0.9}, {"inversion", 0.0}});
  for (int i = 0; i < n_random; ++i) {
    const auto k = random_k(draw);
    const double mass = 3.0 - cos(k[0]) - cos(k[1]) - cos(k[2]);
    const double across = 0.64 * (sin(k[0]) * sin(k[0]) + sin(k[1]) * sin(k[1]));
    const double along = sqrt(mass * mass + 0.64 * sin(k[2]) * sin(k[2]));
    const double upper = sqrt(across + (0.9 + along) * (0.9 + along));
    const double lower = sqrt(across + (0.9 - along) * (0.9 - along));
    expect_bands(weyl, k, {-upper, -lower, lower, upper});
  }
}

// With b = 0 the term inversion tx shifts the helicities: E^2 = M^2 + (v |s| +- inversion)^2.
TEST(Library, DiracWeylWithoutInversion) {
  test::Draw draw(5);
  const auto weyl = model::build(
      "dirac_weyl", {{"t", 1.0}, {"v", 0.8}, {"m", 2.7}, {"b", 0.0}, {"inversion", 0.25}});
  for (int i = 0; i < n_random; ++i) {
    const auto k = random_k(draw);
    const double mass = 2.7 - cos(k[0]) - cos(k[1]) - cos(k[2]);
    const double s =
        0.8 * sqrt(sin(k[0]) * sin(k[0]) + sin(k[1]) * sin(k[1]) + sin(k[2]) * sin(k[2]));
    const double upper = sqrt(mass * mass + (s + 0.25) * (s + 0.25));
    const double lower = sqrt(mass * mass + (s - 0.25) * (s - 0.25));
    expect_bands(weyl, k, {-upper, -lower, lower, upper});
  }
}

// E = +-t sqrt(1 + 4 c_x c_y + 4 c_x^2), c_x = cos(kx a/2), c_y = cos(sqrt(3) ky a/2), folded into the
// rectangular cell of four atoms: c_y with either sign.
TEST(Library, Graphene) {
  test::Draw draw(6);
  const auto sheet = model::build("graphene", {{"t", 2.7}});
  for (int i = 0; i < n_random; ++i) {
    const auto k = random_k(draw);
    const double cx = cos(k[0] / 2.0);
    const double cy = cos(k[1] / 2.0);
    const double upper = 2.7 * sqrt(std::max(0.0, 1.0 + 4.0 * cx * cy + 4.0 * cx * cx));
    const double lower = 2.7 * sqrt(std::max(0.0, 1.0 - 4.0 * cx * cy + 4.0 * cx * cx));
    expect_bands(sheet, k, {-upper, -lower, lower, upper});
  }
}

// Every atom of graphene has three neighbours at a/sqrt(3).
TEST(Library, GrapheneBondsAreNearestNeighbours) {
  const auto sheet = model::build("graphene", {{"t", 1.0}});
  std::vector<int> n_neighbours(4, 0);
  const auto count = [&](const linalg::Matrix& matrix, const std::array<int, 3>& offset) {
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        if (matrix(i, j) == 0.0) continue;
        Vector3 r = sheet.sites[i].position - sheet.sites[j].position;
        for (std::size_t a = 0; a < 3; ++a) r[a] += offset[a] * sheet.lattice_vectors[a][a];
        EXPECT_NEAR(dot(r, r), 1.0 / 3.0, 1e-12);
        ++n_neighbours[i];
        if (offset != std::array<int, 3>{}) ++n_neighbours[j];
      }
    }
  };
  count(sheet.onsite, {});
  for (const auto& hopping : sheet.hoppings) count(hopping.matrix, hopping.offset);
  EXPECT_EQ(n_neighbours, (std::vector<int>{3, 3, 3, 3}));
}

// The table knows each model's dimension and spin, because a deck is judged before a model is built.
TEST(Library, TheTableAgreesWithTheModels) {
  std::vector<std::string> names;
  for (const auto& entry : model::library()) names.emplace_back(entry.name);
  names.insert(names.end(), {"formula", "continuum", "wannier90"});
  EXPECT_EQ(names, deck::rows_of("sample.model.name").front()->choices);
  for (const auto& traits : deck::model_traits()) {
    if (traits.name == "wannier90") continue;  // its files say; test_wannier90.cpp
    for (const char* dimension : {"2", "3"}) {
      const bool chosen = traits.dimension == 0;
      const auto deck =
          test::lattice_deck("sample: {model: {name: " + traits.name +
                             (chosen ? std::string(", dimension: ") + dimension : std::string()) +
                             (traits.name == "formula"     ? ", formula: cos(kx)*sigma_x"
                              : traits.name == "continuum" ? ", formula: kx*sigma_x"
                                                           : "") +
                             "}, shape: {length: 2, width: 2, thickness: 1}}");
      const auto model = sample::device_model(deck);
      EXPECT_EQ(model.dimension, chosen ? std::stoi(dimension) : traits.dimension) << traits.name;
      EXPECT_EQ(!model.spin.empty(), traits.has_spin) << traits.name;
    }
  }
}

}  // namespace
}  // namespace edotb
