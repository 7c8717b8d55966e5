// Landau levels in magnetic cells. Oracles: exact numbers of Harper's equation, the expansion of the square
// lattice's levels in the flux, the Weyl torus, levels of graphene, H(k) at a whole flux quantum, gauge
// invariance.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/model/library.hpp"
#include "edotb/sample/landau.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace edotb {
namespace {

using sample::landau_levels;
using sample::rational_flux;

constexpr double pi = constants::pi;

model::Model square() { return model::build("simple_metal", {{"t", 1}, {"dimension", 2}}); }

// Physics notes §2: alpha = 1/3 at k = 0 gives -1 - sqrt 3, -1 + sqrt 3, 2,
// whichever way the field points.
TEST(Landau, HofstadterAtOneThird) {
  for (const int p : {1, -1, 2}) {
    const auto levels = landau_levels(square(), 2, {p, 3}, {}, {});
    ASSERT_EQ(levels.size(), 3U);
    EXPECT_NEAR(levels[0], -1.0 - std::sqrt(3.0), 1e-13);
    EXPECT_NEAR(levels[1], -1.0 + std::sqrt(3.0), 1e-13);
    EXPECT_NEAR(levels[2], 2.0, 1e-13);
  }
}

// At half a quantum the square lattice has E = +-2 sqrt(cos^2 kx + cos^2 ky) (Hofstadter 1976): Dirac points
// at zero and band edges at +-2 sqrt 2. In the magnetic cell of two, kx is half of its wave vector.
TEST(Landau, HofstadterAtOneHalf) {
  test::Draw draw(1);
  for (int i = 0; i < 20; ++i) {
    const double ku = pi * draw.uniform();
    const double kv = pi * draw.uniform();
    const auto levels = landau_levels(square(), 2, {1, 2}, {}, {ku, kv, 0.0});
    const double e = 2.0 * std::hypot(std::cos(ku / 2.0), std::cos(kv));
    EXPECT_NEAR(levels[0], -e, 1e-13);
    EXPECT_NEAR(levels[1], e, 1e-13);
  }
}

// Physics notes §2: E_n = -4 + (2n+1) phi - (phi^2/16)[1 + (2n+1)^2] + O(phi^3), and the digits of phi = 2 pi/200.
TEST(Landau, LevelsOfTheSquareLattice) {
  const auto levels = landau_levels(square(), 2, {1, 200}, {}, {0.7, 0.1, 0.0});
  ASSERT_EQ(levels.size(), 200U);
  EXPECT_NEAR(levels[0], -3.9687073, 1e-7);
  EXPECT_NEAR(levels[1], -3.9063676, 1e-7);
  EXPECT_NEAR(levels[2], -3.8445186, 1e-7);
  // The same flux as 2/400 is two of each.
  const auto twice = landau_levels(square(), 2, {2, 400}, {}, {0.7, 0.1, 0.0});
  for (std::size_t n = 0; n < 6; ++n) EXPECT_NEAR(twice[n], levels[n / 2], 1e-11);
  for (const int q : {50, 100, 400}) {
    const double phi = 2.0 * pi / q;
    const auto found = landau_levels(square(), 2, {1, q}, {}, {});
    for (std::size_t n = 0; n < 3; ++n) {
      const double odd = 2.0 * static_cast<double>(n) + 1.0;
      const double expected = -4.0 + odd * phi - phi * phi / 16.0 * (1.0 + odd * odd);
      EXPECT_NEAR(found[n], expected, 0.02 * odd * odd * odd * phi * phi * phi);
    }
  }
}

// Physics notes §2: W1 with one quantum through 144 cells, at kz = k0: LL0 0.0217, LL1 0.2738; and the zeroth
// level is chiral: E_0 falls or rises through zero, one state per flux quantum.
TEST(Landau, ZerothLevelOfTheWeylModel) {
  const auto weyl =
      model::build("weyl_two_band", {{"t", 1}, {"t_z", 1}, {"m", 1}, {"k0", pi / 2.0}});
  const auto nearest = [&](int p, double kz) {
    auto levels = landau_levels(weyl, 2, {p, 144}, {}, {0.0, 0.0, kz});
    std::sort(levels.begin(), levels.end(),
              [](double a, double b) { return std::abs(a) < std::abs(b); });
    return levels;
  };
  const auto at_node = nearest(1, pi / 2.0);
  EXPECT_NEAR(std::abs(at_node[0]), 0.0217, 5e-5);
  EXPECT_NEAR(std::abs(at_node[1]), 0.2738, 5e-5);
  // t_z sin k0 = 1: the velocity is +-1 at the two nodes, and changes sign with the field.
  const double step = 0.01;
  for (const int p : {1, -1}) {
    for (const double node : {pi / 2.0, -pi / 2.0}) {
      const double velocity =
          (nearest(p, node + step)[0] - nearest(p, node - step)[0]) / (2.0 * step);
      EXPECT_NEAR(std::abs(velocity), 1.0, 1e-3);
      EXPECT_EQ(velocity > 0.0, (p > 0) == (node < 0.0));
    }
  }
}

// Graphene: E_n = +-v sqrt(2 n phi'), phi' = b [rad/a^2], v = sqrt(3)/2 t a; two valleys, so that the zeroth level has
// two states per quantum and spin. In the rectangular cell of area sqrt(3) a^2, b = 2 pi p/(q sqrt 3).
TEST(Landau, LevelsOfGraphene) {
  const auto sheet = model::build("graphene", {{"t", 1}});
  const int q = 300;
  const auto levels = landau_levels(sheet, 2, {1, q}, {}, {});
  const double b = 2.0 * pi / (q * std::sqrt(3.0));
  EXPECT_NEAR(norm(sample::field_per_quantum(sheet, 2)) / q, b, 1e-14);
  const std::size_t middle = levels.size() / 2;
  for (const std::size_t n : {0U, 1U}) EXPECT_NEAR(levels[middle - 1 + n], 0.0, 1e-9);
  for (int n = 1; n <= 3; ++n) {
    const double expected = std::sqrt(3.0) / 2.0 * std::sqrt(2.0 * n * b);
    // Relative correction of order b (trigonal warping at second order).
    EXPECT_NEAR(levels[middle + 2 * static_cast<std::size_t>(n) - 1], expected, 2.0 * b * expected);
  }
}

// A whole quantum through every plaquette of a lattice with one site is no field at all.
TEST(Landau, WholeQuantaAreNoField) {
  const auto weyl =
      model::build("weyl_two_band", {{"t", 0.9}, {"t_z", 1.1}, {"m", 0.8}, {"k0", 1}});
  const Vector3 k = {0.3, -0.8, 1.9};
  // The axes (u, v, w) of a field along z are x, y, z. Half a turn of the gauge at each site moves k_v by pi.
  const auto levels = landau_levels(weyl, 2, {2, 1}, {}, k);
  const auto bands = linalg::hermitian_eigenvalues(bloch_hamiltonian(weyl, k));
  for (std::size_t n = 0; n < 2; ++n) EXPECT_NEAR(levels[n], bands[n], 1e-13);
}

// One crystal, two unit cells: levels of the triangular lattice in its oblique cell and in the rectangular one of
// two sites, in the same field, at the centre of the zone and averaged over it.
TEST(Landau, ObliqueCellsHaveTheSameLevels) {
  const double s = std::sqrt(3.0) / 2.0;
  const auto hop = [](std::array<int, 3> offset, std::size_t n, std::size_t to, std::size_t from) {
    model::Hopping hopping{offset, linalg::Matrix(n, n)};
    hopping.matrix(to, from) = -1.0;
    return hopping;
  };
  model::Model oblique;
  oblique.dimension = 2;
  oblique.lattice_vectors[1] = {0.5, s, 0};
  oblique.sites = {{{0, 0, 0}, 1}};
  oblique.onsite = linalg::Matrix(1, 1);
  oblique.hoppings = {hop({1, 0, 0}, 1, 0, 0), hop({0, 1, 0}, 1, 0, 0), hop({1, -1, 0}, 1, 0, 0)};
  model::Model rectangle;
  rectangle.dimension = 2;
  rectangle.lattice_vectors[1] = {0, 2.0 * s, 0};
  rectangle.sites = {{{0, 0, 0}, 1}, {{0.5, s, 0}, 1}};
  rectangle.onsite = linalg::Matrix(2, 2);
  rectangle.onsite(0, 1) = rectangle.onsite(1, 0) = -1.0;
  rectangle.hoppings = {hop({1, 0, 0}, 2, 0, 0), hop({1, 0, 0}, 2, 1, 1), hop({1, 0, 0}, 2, 0, 1),
                        hop({0, 1, 0}, 2, 0, 1), hop({1, 1, 0}, 2, 0, 1)};
  // Twice the area holds twice the flux. Low levels are flat: the wave vector does not matter.
  const auto a = landau_levels(oblique, 2, {1, 60}, {}, {0.2, 0.3, 0});
  const auto b = landau_levels(rectangle, 2, {1, 30}, {}, {0.9, -0.4, 0});
  for (std::size_t n = 0; n < 4; ++n) EXPECT_NEAR(a[n], b[n], 1e-9) << n;
  // E = -6 + 3/2 k^2: omega_c = 3 b, b = 2 pi/(60 s).
  EXPECT_NEAR(a[0], -6.0 + 1.5 * 2.0 * pi / (60.0 * s), 0.02);
}

// Levels with spin: the Zeeman term shifts them by +-(g/2) B, along any lattice axis of a cubic crystal.
TEST(Landau, AxesAndZeemanTerm) {
  const auto weyl =
      model::build("dirac_weyl", {{"t", 1}, {"v", 0.8}, {"m", 2.6}, {"b", 0}, {"inversion", 0}});
  const auto along_z = landau_levels(weyl, 2, {1, 20}, {}, {0, 0, 0.4});
  const auto along_x = landau_levels(weyl, 0, {1, 20}, {}, {0, 0, 0.4});
  const auto along_y = landau_levels(weyl, 1, {1, 20}, {}, {0, 0, 0.4});
  for (std::size_t n = 0; n < along_z.size(); ++n) {
    EXPECT_NEAR(along_x[n], along_z[n], 1e-12);
    EXPECT_NEAR(along_y[n], along_z[n], 1e-12);
  }
  const auto rashba =
      model::build("rashba", {{"t", 1}, {"rashba", 0}, {"dresselhaus", 0}, {"onsite", 0}});
  const auto split = landau_levels(rashba, 2, {1, 100}, {0, 0, 0.003}, {});
  const auto plain = landau_levels(square(), 2, {1, 100}, {}, {});
  for (std::size_t n = 0; n < 4; ++n) {
    EXPECT_NEAR(split[2 * n], plain[n] - 0.003, 1e-12);
    EXPECT_NEAR(split[2 * n + 1], plain[n] + 0.003, 1e-12);
  }
}

TEST(Landau, SmallestMagneticCell) {
  const auto expect = [](double quanta, double tolerance, int max_cells, int p, int q) {
    const auto flux = rational_flux(quanta, tolerance, max_cells);
    EXPECT_EQ(flux.p, p) << quanta;
    EXPECT_EQ(flux.q, q) << quanta;
  };
  expect(1.0 / 3.0, 1e-9, 10, 1, 3);
  expect(-0.4, 1e-9, 10, -2, 5);
  expect(0.4009, 0.01, 10, 2, 5);
  expect(0.00241, 0.01, 2000, 1, 411);
  expect(0.00241, 0.01, 400, 0, 1);  // none fits
  expect(2.0, 1e-9, 10, 2, 1);
  EXPECT_THROW((void)landau_levels(square(), 2, {1, 1000000}, {}, {}), Error);
}

}  // namespace
}  // namespace edotb
