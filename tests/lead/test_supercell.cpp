// Large leads: supercells and separable chains against the Schur form and closed formulas.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/lead/lead.hpp"
#include "lead_samples.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace edotb {
namespace {

using lead::LeadMethod;
using lead::LeadSolution;
using linalg::Complex;
using linalg::Matrix;
using sample::LeadCell;
using test::leads_of;
using test::weyl_leads;

double relative_difference(const Matrix& a, const Matrix& b) {
  return linalg::max_norm(a - b) / std::max(linalg::max_norm(b), 1e-12);
}

void expect_same_modes(const std::vector<lead::Mode>& modes,
                       const std::vector<lead::Mode>& expected, const std::string& name) {
  ASSERT_EQ(modes.size(), expected.size()) << name;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    EXPECT_NEAR(modes[i].momentum, expected[i].momentum, 1e-8) << name;
    EXPECT_NEAR(modes[i].velocity, expected[i].velocity, 1e-8) << name;
  }
}

void expect_consistent(const LeadSolution& solution, const std::string& name) {
  const Matrix gamma = Complex(0, 1) * (solution.self_energy - adjoint(solution.self_energy));
  for (const Matrix* waves : {&solution.source, &solution.probe}) {
    EXPECT_LT(linalg::max_norm(linalg::times_adjoint(*waves, *waves) - gamma), 1e-9) << name;
  }
  const auto n = solution.n_modes();
  EXPECT_LT(linalg::max_norm(linalg::adjoint_times(solution.direct, solution.direct) -
                             Matrix::identity(n)),
            1e-9)
      << name;
}

bool is_alone(const std::vector<lead::Mode>& modes, std::size_t i) {
  return std::none_of(modes.begin(), modes.end(), [&](const lead::Mode& other) {
    return &other != &modes[i] && std::abs(other.momentum - modes[i].momentum) < 1e-4;
  });
}

/// The waves of modes that are alone in their momentum are equal but for a phase.
void expect_same_waves(const std::vector<lead::Mode>& modes, const Matrix& waves,
                       const Matrix& expected, const std::string& name) {
  for (std::size_t i = 0; i < modes.size(); ++i) {
    if (!is_alone(modes, i)) continue;
    Complex overlap = 0.0;
    double norm = 0.0;
    for (std::size_t row = 0; row < waves.rows(); ++row) {
      overlap += std::conj(waves(row, i)) * expected(row, i);
      norm += std::norm(expected(row, i));
    }
    EXPECT_NEAR(std::abs(overlap), norm, 1e-8 * norm) << name << " mode " << i;
  }
}

/// Both ends by both methods: same self-energies, same modes in the same order with the same waves.
void expect_agreement(std::span<const LeadCell> leads, double energy, const std::string& name,
                      LeadMethod method = LeadMethod::supercell) {
  const auto solutions = lead::solve_leads(leads, energy, method);
  const auto expected = lead::solve_leads(leads, energy, LeadMethod::schur);
  ASSERT_EQ(solutions.size(), expected.size());
  for (std::size_t k = 0; k < solutions.size(); ++k) {
    if (method == LeadMethod::automatic) {
      EXPECT_NE(solutions[k].method, LeadMethod::schur) << name;
    } else {
      EXPECT_EQ(solutions[k].method, method) << name;
    }
    EXPECT_LT(solutions[k].residual, 1e-9) << name;
    EXPECT_LT(relative_difference(solutions[k].self_energy, expected[k].self_energy), 1e-8) << name;
    expect_same_modes(solutions[k].incoming, expected[k].incoming, name);
    expect_same_modes(solutions[k].outgoing, expected[k].outgoing, name);
    expect_same_waves(expected[k].incoming, solutions[k].source, expected[k].source, name);
    expect_same_waves(expected[k].outgoing, solutions[k].probe, expected[k].probe, name);
    expect_consistent(solutions[k], name);
  }
}

// Fields across, tilted and along the current (degenerate modes), none at all; 30 modes and none.
TEST(Supercell, WeylBarAgreesWithSchur) {
  struct Case {
    double magnitude;
    double angle;
    double energy;
  };
  for (const auto& [magnitude, angle, energy] :
       {Case{0.08, 30.0, 0.6}, Case{0.1, 90.0, 1.0}, Case{0.05, 0.0, 1.0}, Case{0.0, 0.0, 0.6},
        Case{0.08, 30.0, 0.05}}) {
    expect_agreement(weyl_leads(10, magnitude, angle), energy,
                     "B " + std::to_string(magnitude) + " E " + std::to_string(energy));
  }
}

TEST(Supercell, LargerWeylBarAgreesWithSchur) {
  expect_agreement(weyl_leads(14, 0.08, 30.0), 0.8, "14 x 14");
}

// 2D wire, 200 sites of two orbitals: slow modes at every energy.
TEST(Supercell, RashbaWireAgreesWithSchur) {
  for (const double magnitude : {0.0, 0.02}) {
    const auto leads = leads_of(
        "sample: {model: {name: rashba, t: 1.0, rashba: 0.2},"
        " shape: {axis: x, length: 2, width: 200}}\n",
        magnitude, 90.0);
    expect_agreement(leads, -2.5, "Rashba B " + std::to_string(magnitude));
  }
}

TEST(Supercell, RandomLeadsAgreeWithSchur) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    test::Draw draw(seed);
    const std::size_t n = 8 + seed % 5;
    const std::size_t n_interface = seed % 3 == 0 ? n - 2 : n;
    LeadCell lead{draw.hermitian(n), draw.matrix(n, n_interface)};
    if (seed % 4 == 0) lead.hopping = draw.matrix(n, 2) * draw.matrix(2, n_interface);
    const LeadCell opposite{lead.cell, adjoint(lead.hopping)};
    std::vector<LeadCell> leads = {lead};
    if (n_interface == n) leads.push_back(opposite);
    expect_agreement(leads, 0.7 * draw.uniform(), "seed " + std::to_string(seed));
  }
}

// Chains of three levels, each twice, mixed by a random unitary matrix. At the middle of a band the
// momenta +-pi/2 fold onto each other for every even number of cells.
TEST(Supercell, DegenerateAndFoldedModes) {
  test::Draw draw(5);
  constexpr std::size_t n = 6;
  const auto basis = linalg::hermitian_eigen(draw.hermitian(n)).vectors;
  Matrix levels(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t pair = i / 2;
    levels(i, i) = 0.7 * static_cast<double>(pair) + 0.31;
  }
  Matrix hopping = Complex(-1.0) * Matrix::identity(n);
  const std::vector<LeadCell> leads = {{linalg::times_adjoint(basis * levels, basis), hopping},
                                       {linalg::times_adjoint(basis * levels, basis), hopping}};
  for (const double energy : {0.0, 0.31, 1.01, 1.5}) {
    expect_agreement(leads, energy, "E " + std::to_string(energy));
  }
}

// Half filling of a bipartite lattice: k and k + pi are both modes, one in, one out, and fold onto each
// other for every even number of cells; the isolated cell has a dozen levels at the energy.
TEST(Supercell, HalfFillingOfABipartiteLattice) {
  for (const double magnitude : {0.0, 0.1}) {
    for (const double energy : {0.0, 1e-3}) {
      const auto leads = leads_of(
          "sample: {model: {name: simple_metal, dimension: 3},"
          " shape: {axis: z, length: 2, width: 12, thickness: 11}}\n",
          magnitude, 40.0);
      expect_agreement(leads, energy,
                       "B " + std::to_string(magnitude) + " E " + std::to_string(energy));
    }
  }
}

// A clean piece of the same bar between its leads: T = number of modes, and S unitary.
TEST(Supercell, ACleanBarTransmitsEveryMode) {
  const sample::Sample sample(
      test::lattice_deck("sample: {model: {name: dirac_weyl, t: 1.0, v: 0.8, m: 3.0, b: 0.9},"
                         " shape: {axis: z, length: 2, width: 8, thickness: 8}}\n"));
  const auto field = sample.field(0.08, 30.0);
  const auto leads = lead::solve_leads(sample.leads(field), 0.9);
  ASSERT_EQ(leads[0].method, LeadMethod::supercell);
  coherent::Engine engine(sample.layout(), coherent::SolverKind::dense);
  const auto result = engine.solve(sample.clean_hamiltonian(field), leads, 0.9);
  EXPECT_NEAR(result.transmission[2], static_cast<double>(leads[0].n_modes()), 1e-8);
  EXPECT_LT(result.unitarity_error, 1e-9);
}

TEST(LeadMethod, LargeHoppingsAreSolvedBySupercell) {
  const auto large = weyl_leads(9, 0.08, 30.0);
  EXPECT_EQ(lead::solve_lead(large[0], 0.6).method, LeadMethod::supercell);
  const auto small = weyl_leads(3, 0.08, 30.0);
  EXPECT_EQ(lead::solve_lead(small[0], 0.6).method, LeadMethod::schur);
}

/// A W x T bar of single orbitals with hopping -1 inside a cell and `along` from cell to cell.
std::vector<LeadCell> single_band_bar(std::size_t width, std::size_t thickness, Complex along) {
  const std::size_t n = width * thickness;
  LeadCell lead{Matrix(n, n), along * Matrix::identity(n)};
  for (std::size_t i = 0; i < n; ++i) {
    if ((i + 1) % width != 0) lead.cell(i, i + 1) = lead.cell(i + 1, i) = -1.0;
    if (i + width < n) lead.cell(i, i + width) = lead.cell(i + width, i) = -1.0;
  }
  return {lead, {lead.cell, adjoint(lead.hopping)}};
}

// Squares have many degenerate levels; a complex hopping shifts the momenta.
TEST(Separable, SingleBandBarsAgreeWithSchur) {
  for (const Complex along : {Complex(-1.0), Complex(0.3, 0.8)}) {
    for (const double energy : {-1.2, 0.1, 7.0}) {
      expect_agreement(single_band_bar(7, 7, along), energy, "bar", LeadMethod::separable);
    }
  }
  expect_agreement(single_band_bar(9, 8, -1.0), 0.4, "bar", LeadMethod::automatic);
}

// V a unitary matrix with two eigenvalues, H_0 degenerate across them: neither alone gives the chains.
TEST(Separable, UnitaryHoppingAgreesWithSchur) {
  test::Draw draw(9);
  constexpr std::size_t n = 8;
  const auto basis = linalg::hermitian_eigen(draw.hermitian(n)).vectors;
  Matrix levels(n, n);
  Matrix hopping(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    levels(i, i) = 0.5 * static_cast<double>(i % 3);
    hopping(i, i) = std::polar(1.3, i % 2 == 0 ? 0.7 : -1.1);
  }
  const Matrix cell = linalg::times_adjoint(basis * levels, basis);
  const Matrix along = linalg::times_adjoint(basis * hopping, basis);
  const std::vector<LeadCell> leads = {{cell, along}, {cell, adjoint(along)}};
  expect_agreement(leads, 0.3, "unitary hopping", LeadMethod::separable);
}

TEST(Separable, OtherLeadsAreRefused) {
  const auto leads = weyl_leads(3, 0.08, 30.0);
  EXPECT_THROW((void)lead::solve_lead(leads[0], 0.6, LeadMethod::separable), Error);
  auto bar = single_band_bar(3, 3, -1.0);
  bar[0].hopping(4, 4) = std::polar(1.0, 0.1);  // unitary, but it does not commute
  EXPECT_THROW((void)lead::solve_lead(bar[0], 0.6, LeadMethod::separable), Error);
}

// The closed formula refuses a band edge, and the Schur form, tried next, says the same.
TEST(LeadMethod, BandEdgesOfLargeLeadsAreNamed) {
  LeadCell lead{Matrix(70, 70), Complex(-1.0) * Matrix::identity(70)};
  try {
    (void)lead::solve_lead(lead, 2.0);
    FAIL() << "E = 2 is a band edge";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("band edge"), std::string::npos) << error.what();
  }
}

/// A lead of n chains e_i, t_i in a rotated basis, so that no method sees them; its self-energy is exact:
/// t_i^2 g_i with g = (x - sign(x) sqrt(x^2 - 1)) / t or (x - i sqrt(1 - x^2)) / t, x = (E - e) / 2t.
struct HiddenChains {
  LeadCell lead;
  Matrix basis;
  std::vector<double> levels;
  std::vector<double> hoppings;

  HiddenChains(std::vector<double> e, std::vector<double> t)
      : levels(std::move(e)), hoppings(std::move(t)) {
    test::Draw draw(21);
    basis = linalg::hermitian_eigen(draw.hermitian(levels.size())).vectors;
    Matrix cell = basis;
    Matrix hopping = basis;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      for (Complex& value : cell.column(i)) value *= levels[i];
      for (Complex& value : hopping.column(i)) value *= hoppings[i];
    }
    cell = linalg::times_adjoint(cell, basis);
    lead = {0.5 * (cell + adjoint(cell)), linalg::times_adjoint(hopping, basis)};
  }

  [[nodiscard]] Matrix self_energy(double energy) const {
    Matrix scaled = basis;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const double x = 0.5 * (energy - levels[i]) / hoppings[i];
      const Complex root = std::abs(x) < 1.0 ? Complex(0.0, std::sqrt((1.0 - x) * (1.0 + x)))
                                             : Complex(std::copysign(std::sqrt(x * x - 1.0), x));
      for (Complex& value : scaled.column(i)) value *= hoppings[i] * (x - root);
    }
    return linalg::times_adjoint(scaled, basis);
  }
};

// Ever nearer to a band edge, where one mode's momenta +-k meet: right to 1e-6, or an error that says
// so; never a wrong number.
TEST(Supercell, RightOrRefusedNearABandEdge) {
  test::Draw draw(5);
  std::vector<double> levels;
  std::vector<double> hoppings;
  for (int i = 0; i < 204; ++i) {
    levels.push_back(4.0 * draw.uniform());
    hoppings.push_back(1.0 + 0.3 * draw.uniform());
  }
  const HiddenChains chains(levels, hoppings);
  const double edge = levels[7] - 2.0 * hoppings[7];
  int n_right = 0;
  for (const double distance : {1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 0.0, -1e-12, -1e-8, -1e-4}) {
    const double energy = edge + distance;
    try {
      const auto solution = lead::solve_lead(chains.lead, energy);
      EXPECT_EQ(solution.method, LeadMethod::supercell);
      EXPECT_LT(linalg::max_norm(solution.self_energy - chains.self_energy(energy)), 1e-6)
          << "at " << distance << " from the band edge";
      ++n_right;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("band edge"), std::string::npos) << error.what();
    }
  }
  EXPECT_GE(n_right, 6);
}

// Momenta pi/N, one in and one out, fold onto each other in a supercell of N cells. With a mode for
// every N that may be tried no supercell separates them, and the Schur form takes over.
TEST(LeadMethod, TheSchurFormTakesOverFromASupercellThatFails) {
  constexpr double energy = 0.1;
  std::vector<double> levels;
  std::vector<double> hoppings;
  for (int i = 0; i < 204; ++i) {
    const int n_cells = 2 + i % 70;
    hoppings.push_back(1.0 + 0.1 * (i / 70));
    levels.push_back(energy - 2.0 * hoppings.back() * std::cos(constants::pi / n_cells));
  }
  const HiddenChains chains(levels, hoppings);
  EXPECT_THROW((void)lead::solve_lead(chains.lead, energy, LeadMethod::supercell), Error);
  const auto solution = lead::solve_lead(chains.lead, energy);
  EXPECT_EQ(solution.method, LeadMethod::schur);
  EXPECT_NE(solution.remark.find("cells"), std::string::npos) << solution.remark;
  EXPECT_LT(linalg::max_norm(solution.self_energy - chains.self_energy(energy)), 1e-9);
}

}  // namespace
}  // namespace edotb
