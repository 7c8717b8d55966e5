// Conductivity tensors against their formulas (physics.md §5, §6).

#include "edotb/base/error.hpp"
#include "edotb/continuum/conductivity.hpp"
#include "edotb/continuum/equations.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using namespace continuum;

/// One band: A = 1 + (mu B)^2, and rho_perp = 1/sigma_0 has no magnetoresistance.
TEST(Conductivity, OneDrudeBandHasNoTransverseMagnetoresistance) {
  const DrudeBand band{.density = 1e24, .mobility = 3.0, .sign = -1};
  const double at_zero = 1e24 * 1.602176634e-19 * 3.0;
  for (const double field : {0.0, 0.5, 4.0}) {
    const auto c = drude_conductivity(std::array{band}, field);
    EXPECT_NEAR(c.parallel, at_zero, 1e-9 * at_zero);
    EXPECT_NEAR(c.anisotropy(), 1.0 + std::pow(3.0 * field, 2), 1e-10);
    const double resistivity =
        c.perpendicular / (c.perpendicular * c.perpendicular + c.hall * c.hall);
    EXPECT_NEAR(resistivity * at_zero, 1.0, 1e-12);
    EXPECT_NEAR(c.hall, -at_zero * 3.0 * field / (1.0 + std::pow(3.0 * field, 2)), 1e-9 * at_zero);
  }
}

/// A compensated semimetal: no Hall part, rho grows as 1 + (mu B)^2.
TEST(Conductivity, CompensatedBands) {
  const std::array bands = {DrudeBand{1e24, 2.0, -1}, DrudeBand{1e24, 2.0, 1}};
  const auto c = drude_conductivity(bands, 5.0);
  EXPECT_NEAR(c.hall, 0.0, 1e-9 * c.parallel);
  EXPECT_NEAR(c.anisotropy(), 101.0, 1e-9);
}

/// Son and Spivak's number: v = 4e5 m/s, mu = 10 meV, tau_a = 10 ps, B = 1 T.
TEST(Conductivity, SonSpivak) {
  const WeylNodes nodes{
      .velocity = 4e5, .chemical_potential = 0.010, .axial_time = 10e-12, .mobility = 1.0};
  EXPECT_NEAR(chiral_conductivity(nodes, 1.0), 3.94607e4, 1.0);
  // The two fluids of the same nodes say the same: g_B^2/Gamma.
  const TwoFluid fluid = two_fluid_of(nodes, 1.0);
  EXPECT_NEAR(fluid.chiral_conductance, 9.367401e9, 1e4);
  const double excess = fluid.long_wire_conductivity() - 2.0 * fluid.conductivity;
  EXPECT_NEAR(excess, chiral_conductivity(nodes, 1.0), 1e-9 * excess);
}

/// j.E = parallel E_par^2 + perpendicular E_perp^2 and the Hall part is hall E x b, for an oblique field.
TEST(Conductivity, TensorOfAnObliqueField) {
  const Vector3 b = unit({0.3, -1.0, 2.0});
  const Vector3 e = {1.0, 0.4, -0.7};
  const Tensor sigma = conductivity_tensor({5.0, 2.0, 3.0}, 4.0 * b);
  const Vector3 along = dot(e, b) * b;
  const Vector3 expected = 5.0 * along + 2.0 * (e - along) + 3.0 * cross(e, b);
  const Vector3 j = times(sigma, e);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(j[i], expected[i], 1e-13);
}

/// A film's tensor is the current for the E_z that lets none flow along z.
TEST(Conductivity, FilmCarriesNothingAcross) {
  const Tensor sigma = conductivity_tensor({5.0, 2.0, 3.0}, {1.0, 1.0, 1.0});
  const Tensor film = film_tensor(sigma);
  const double ez = -(sigma[2][0] * 0.3 + sigma[2][1] * 0.8) / sigma[2][2];
  const Vector3 j = times(sigma, {0.3, 0.8, ez});
  EXPECT_NEAR(j[2], 0.0, 1e-14);
  const Vector3 in_film = times(film, {0.3, 0.8, 0.0});
  EXPECT_NEAR(in_film[0], j[0], 1e-13);
  EXPECT_NEAR(in_film[1], j[1], 1e-13);
}

TEST(Conductivity, Table) {
  const auto table = parse_conductivity_table(
      "# made by hand\nB, parallel, perpendicular, hall\n0, 10, 10, 0\n2,12,6,4\n", "t.csv");
  const auto between = table.at(-1.0);
  EXPECT_NEAR(between.parallel, 11.0, 1e-14);
  EXPECT_NEAR(between.perpendicular, 8.0, 1e-14);
  EXPECT_NEAR(between.hall, -2.0, 1e-14);
  EXPECT_THROW(static_cast<void>(table.at(2.5)), Error);
  for (const char* bad : {"", "0,1,1\n", "0,1,1,0\n0,1,1,0\n", "0,1,-1,0\n", "0,1,x,0\n1,1,1,0,0\n",
                          "-1,1,1,0\n", "0,nan,1,0\n"}) {
    EXPECT_THROW(static_cast<void>(parse_conductivity_table(bad, "t.csv")), Error) << bad;
  }
}

}  // namespace
}  // namespace edotb
