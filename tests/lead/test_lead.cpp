#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/lead/lead.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using lead::LeadSolution;
using lead::solve_lead;
using linalg::Complex;
using linalg::Matrix;
using sample::LeadCell;

/// A strip of W sites with hopping -1: the lead of a square-lattice wire.
LeadCell strip(std::size_t width) {
  LeadCell lead{Matrix(width, width), Matrix(width, width)};
  for (std::size_t i = 0; i < width; ++i) {
    lead.hopping(i, i) = -1.0;
    if (i + 1 < width) lead.cell(i, i + 1) = lead.cell(i + 1, i) = -1.0;
  }
  return lead;
}

/// V^H g V at E + i eta by decimation (Lopez Sancho, J. Phys. F 15, 851 (1985)): slow to converge at
/// a real energy, blind to modes, and so an independent oracle.
Matrix decimated_self_energy(const LeadCell& lead, double energy, double eta) {
  const std::size_t n = lead.cell.rows();
  Matrix v(n, n);
  for (std::size_t j = 0; j < lead.hopping.columns(); ++j) {
    for (std::size_t i = 0; i < n; ++i) v(i, j) = lead.hopping(i, j);
  }
  const Matrix z = Complex(energy, eta) * Matrix::identity(n);
  Matrix alpha = adjoint(v);  // towards the next cell outwards
  Matrix beta = v;
  Matrix surface = lead.cell;
  Matrix bulk = lead.cell;
  for (int step = 0; step < 60 && linalg::max_norm(alpha) + linalg::max_norm(beta) > 1e-30;
       ++step) {
    const Matrix g_alpha = linalg::solve(z - bulk, alpha);
    const Matrix g_beta = linalg::solve(z - bulk, beta);
    surface += alpha * g_beta;
    bulk += alpha * g_beta + beta * g_alpha;
    alpha = alpha * g_alpha;
    beta = beta * g_beta;
  }
  return linalg::adjoint_times(lead.hopping, linalg::solve(z - surface, lead.hopping));
}

double relative_difference(const Matrix& a, const Matrix& b) {
  return linalg::max_norm(a - b) / std::max(1.0, linalg::max_norm(b));
}

void expect_unit_currents(const LeadSolution& solution) {
  // Gamma = sum over incoming modes of source source^H, and the same for outgoing ones.
  const Matrix gamma = Complex(0, 1) * (solution.self_energy - adjoint(solution.self_energy));
  EXPECT_LT(relative_difference(linalg::times_adjoint(solution.source, solution.source), gamma),
            1e-9);
  EXPECT_LT(relative_difference(linalg::times_adjoint(solution.probe, solution.probe), gamma),
            1e-9);
}

// Physics notes §2: modes of the square lattice, N(E) = #{n : |E - eps_n| < 2}, eps_n = -2 cos(n pi/(W+1)).
TEST(Lead, CountsTheModesOfTheSquareLattice) {
  EXPECT_EQ(solve_lead(strip(16), -1.0).n_modes(), 11U);
  EXPECT_EQ(solve_lead(strip(40), -1.0).n_modes(), 27U);
  EXPECT_EQ(solve_lead(strip(16), -4.2).n_modes(), 0U);
}

// Physics notes §2: g = x - i sqrt(1 - x^2) or x - sign(x) sqrt(x^2 - 1), x = (E - eps_n)/2, t = 1.
// E = 0 is a level of the isolated cell of an odd strip, where E - H_0 alone is singular.
TEST(Lead, SurfaceGreenFunctionOfAStripIsTheClosedFormula) {
  constexpr std::size_t width = 9;
  for (const double energy : {-2.71, -0.3, 0.0, 0.9, 3.3}) {
    Matrix expected(width, width);
    for (std::size_t n = 1; n <= width; ++n) {
      const double k = static_cast<double>(n) * constants::pi / (width + 1);
      const double x = (energy + 2.0 * std::cos(k)) / 2.0;
      const Complex g = std::abs(x) < 1.0
                            ? Complex(x, -std::sqrt(1.0 - x * x))
                            : Complex(x - std::copysign(std::sqrt(x * x - 1.0), x), 0.0);
      for (std::size_t i = 0; i < width; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
          expected(i, j) += 2.0 / (width + 1.0) * std::sin(k * static_cast<double>(i + 1)) *
                            std::sin(k * static_cast<double>(j + 1)) * g;
        }
      }
    }
    const auto solution = solve_lead(strip(width), energy);
    EXPECT_LT(relative_difference(solution.self_energy, expected), 1e-12) << energy;
    expect_unit_currents(solution);
  }
}

// v = dE/dk of E = eps_n - 2 cos k, per mode.
TEST(Lead, VelocitiesAreSlopesOfTheBand) {
  const auto solution = solve_lead(strip(1), -0.6);
  ASSERT_EQ(solution.n_modes(), 1U);
  const double k = std::acos(0.3);
  EXPECT_NEAR(solution.outgoing[0].momentum, k, 1e-12);
  EXPECT_NEAR(solution.outgoing[0].velocity, 2.0 * std::sin(k), 1e-12);
  EXPECT_NEAR(solution.incoming[0].momentum, -k, 1e-12);
  EXPECT_NEAR(solution.incoming[0].velocity, -2.0 * std::sin(k), 1e-12);
}

// Oracle: decimation at a small imaginary energy, whose error is of the order of eta.
TEST(Lead, RandomLeadsAgreeWithDecimation) {
  constexpr double eta = 1e-9;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    test::Draw draw(seed);
    const std::size_t n = 3 + seed % 5;
    const std::size_t n_interface = seed % 3 == 0 ? n - 1 : n;
    LeadCell lead{draw.hermitian(n), draw.matrix(n, n_interface)};
    if (seed % 4 == 0) {  // rank one
      lead.hopping = draw.matrix(n, 1) * draw.matrix(1, n_interface);
    }
    const double energy = 0.7 * draw.uniform();
    const auto solution = solve_lead(lead, energy);
    EXPECT_LT(relative_difference(solution.self_energy, decimated_self_energy(lead, energy, eta)),
              1e-6)
        << "seed " << seed;
    EXPECT_EQ(solution.incoming.size(), solution.outgoing.size());
    expect_unit_currents(solution);
  }
}

// Two, and three, copies of a chain mixed by a random unitary matrix: exactly degenerate modes.
TEST(Lead, DegenerateModesKeepUnitCurrents) {
  test::Draw draw(7);
  constexpr std::size_t n = 6;
  const auto basis = linalg::hermitian_eigen(draw.hermitian(n)).vectors;
  LeadCell lead{Matrix(n, n), Complex(-1.0) * Matrix::identity(n)};
  Matrix levels(n, n);
  for (std::size_t i = 0; i < n; ++i) levels(i, i) = i < 3 ? 0.4 : 1.1;
  lead.cell = linalg::times_adjoint(basis * levels, basis);
  const auto solution = solve_lead(lead, 0.2);
  EXPECT_EQ(solution.n_modes(), n);
  expect_unit_currents(solution);
  EXPECT_LT(relative_difference(solution.self_energy, decimated_self_energy(lead, 0.2, 1e-9)),
            1e-6);
}

// Bands that cross at the energy itself: equal momentum, opposite velocities (E = +-2 sin k at k = 0).
TEST(Lead, CrossingBandsOfOppositeVelocity) {
  LeadCell lead{Matrix(2, 2), Matrix(2, 2)};
  lead.hopping(0, 0) = Complex(0, 1);
  lead.hopping(1, 1) = Complex(0, -1);
  const auto solution = solve_lead(lead, 0.0);
  EXPECT_EQ(solution.n_modes(), 2U);
  expect_unit_currents(solution);
}

// An orbital that no hopping touches, exactly at the energy, carries nothing and harms nothing.
TEST(Lead, DeadOrbitalAtTheEnergy) {
  LeadCell lead{Matrix(2, 2), Matrix(2, 1)};
  lead.hopping(0, 0) = -1.0;
  lead.cell(1, 1) = 0.5;
  const auto solution = solve_lead(lead, 0.5);
  const auto alone = solve_lead(strip(1), 0.5);
  EXPECT_LT(std::abs(solution.self_energy(0, 0) - alone.self_energy(0, 0)), 1e-12);
}

TEST(Lead, NoHoppingMeansNoSelfEnergy) {
  const auto solution = solve_lead({Matrix::identity(3), Matrix(3, 2)}, 0.1);
  EXPECT_EQ(solution.n_modes(), 0U);
  EXPECT_EQ(linalg::max_norm(solution.self_energy), 0.0);
}

// Near a band edge the answer is right to 1e-6 or a named error; E = 2 - delta of a chain has the
// closed self-energy x - i sqrt(1 - x^2).
TEST(Lead, BandEdgesAreRightOrNamed) {
  for (const double delta :
       {1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14, 0.0, -1e-14, -1e-12, -1e-8, -1e-4}) {
    const double energy = 2.0 - delta;
    const double x = energy / 2.0;
    const Complex expected = x < 1.0 ? Complex(x, -std::sqrt((1.0 - x) * (1.0 + x)))
                                     : Complex(x - std::sqrt((x - 1.0) * (x + 1.0)), 0.0);
    try {
      const auto solution = solve_lead(strip(1), energy);
      EXPECT_LT(std::abs(solution.self_energy(0, 0) - expected), 1e-6) << delta;
      EXPECT_EQ(solution.n_modes(), delta > 0.0 ? 1U : 0U) << delta;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::numerical);
      EXPECT_NE(std::string(error.what()).find("band edge"), std::string::npos) << error.what();
      EXPECT_LT(std::abs(delta), 1e-9) << "refused though it is far from the edge";
    }
  }
}

// A chain of dimers with the strong bond inside the hopping has a state on its end at E = 0.
TEST(Lead, StateBoundToTheEndIsANamedError) {
  LeadCell lead{Matrix(2, 2), Matrix(2, 2)};
  lead.cell(0, 1) = lead.cell(1, 0) = 0.5;
  lead.hopping(0, 1) = 1.0;  // orbital 0 of the next cell to orbital 1 of this one
  try {
    (void)solve_lead(lead, 0.0);
    FAIL() << "the self-energy is infinite";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("bound to the end"), std::string::npos)
        << error.what();
  }
}

TEST(Lead, BothEndsOfAChainAtOnceEqualEachAlone) {
  test::Draw draw(3);
  const LeadCell right{draw.hermitian(5), draw.matrix(5, 5)};
  const LeadCell left{right.cell, adjoint(right.hopping)};
  const std::vector<LeadCell> leads = {left, right};
  const auto together = lead::solve_leads(leads, 0.3);
  ASSERT_EQ(together.size(), 2U);
  for (std::size_t k = 0; k < 2; ++k) {
    const auto alone = solve_lead(leads[k], 0.3);
    EXPECT_LT(relative_difference(together[k].self_energy, alone.self_energy), 1e-11);
    EXPECT_EQ(together[k].n_modes(), alone.n_modes());
    expect_unit_currents(together[k]);
  }
}

TEST(Lead, ErrorsNameLeadAndEnergy) {
  const std::vector<LeadCell> leads = {strip(2), strip(1)};
  try {
    (void)lead::solve_leads(leads, 2.0);
    FAIL() << "E = 2 is the band edge of a chain";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("lead 1 at energy 2"), std::string::npos)
        << error.what();
  }
}

// Physics notes §2: Landau levels of the square lattice,
// E_n = -4 + (2n+1) phi - (phi^2/16) [1 + (2n+1)^2] + O(phi^3), and three digits more for phi = 2 pi/200.
TEST(LeadBands, LandauLevelsOfAWideStrip) {
  const double phi = 2.0 * constants::pi / 200.0;
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {axis: x, length: 1, width: "
      "120}}\n"
      "field: {magnitude: [" +
      std::to_string(phi) + "], angle: [90], azimuth: 90}");
  const sample::Sample sample(deck);
  const auto bands = lead::lead_bands(sample.leads(sample.field(phi, 90.0))[1], 0.0);
  EXPECT_NEAR(bands[0], -3.9687073, 1e-7);
  EXPECT_NEAR(bands[1], -3.9063676, 1e-7);
  EXPECT_NEAR(bands[2], -3.8445186, 1e-7);
}

// Physics notes §2: alpha = 1/3 at k = 0. A periodic strip three sites round is the magnetic cell.
TEST(LeadBands, HofstadterAtOneThird) {
  const double phi = 2.0 * constants::pi / 3.0;
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2},"
      " shape: {axis: x, length: 1, width: 3, boundary: periodic}}");
  const sample::Sample sample(deck);
  const auto bands = lead::lead_bands(sample.leads(sample.field(phi, 90.0))[1], 0.0);
  EXPECT_EQ(bands.size(), 3U);
  // azimuth 0 points along the width; the plane's normal is the thickness.
  const auto normal = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2},"
      " shape: {axis: x, length: 1, width: 3, boundary: periodic}}\nfield: {azimuth: 90}");
  const sample::Sample tilted(normal);
  const auto levels = lead::lead_bands(tilted.leads(tilted.field(phi, 90.0))[1], 0.0);
  EXPECT_NEAR(levels[0], -2.7320508, 1e-7);
  EXPECT_NEAR(levels[1], 0.7320508, 1e-7);
  EXPECT_NEAR(levels[2], 2.0, 1e-7);
}

// Physics notes §2: W1 on a 12 x 12 torus with one flux quantum, at kz = k0: LL0 0.0217, LL1 0.2738.
TEST(LeadBands, LandauLevelsOfTheWeylTorus) {
  const double phi = 2.0 * constants::pi / 144.0;
  const auto deck = test::lattice_deck(
      "sample: {model: {name: weyl_two_band},"
      " shape: {axis: z, length: 1, width: 12, thickness: 12, boundary: periodic}}");
  const sample::Sample sample(deck);
  const auto bands = lead::lead_bands(sample.leads(sample.field(phi, 0.0))[1], constants::pi / 2.0);
  double smallest = 10.0;
  double next = 10.0;
  for (const double energy : bands) {
    const double size = std::abs(energy);
    if (size < smallest) {
      next = smallest;
      smallest = size;
    } else if (size < next) {
      next = size;
    }
  }
  EXPECT_NEAR(smallest, 0.0217, 5e-5);
  EXPECT_NEAR(next, 0.2738, 5e-5);
}

}  // namespace
}  // namespace edotb
