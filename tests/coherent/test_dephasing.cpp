// Voltage probes on every site, against explicit wide-band leads and Ohm's law.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/coherent/dephasing.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using coherent::DephasingEngine;
using linalg::Complex;
using linalg::Matrix;

const mpi::Communicator& self() {
  static const mpi::Communicator communicator(MPI_COMM_SELF);
  return communicator;
}

/// A sample at the first field, realisation 0, with its leads solved at one energy.
struct Case {
  Case(const std::string& body, double energy_)
      : deck(test::lattice_deck(body)), sample(deck), energy(energy_) {
    const auto field = sample.field(deck.field.magnitude[0], deck.field.angle[0]);
    hamiltonian = sample.clean_hamiltonian(field);
    sample.add_disorder(field, 0, hamiltonian);
    leads = lead::solve_leads(sample.leads(field), energy);
  }
  [[nodiscard]] coherent::Scattering dephased(double rate) const {
    return DephasingEngine(sample.layout(), self()).solve(hamiltonian, leads, energy, rate);
  }

  deck::Deck deck;
  sample::Sample sample;
  double energy;
  std::vector<Complex> hamiltonian;
  std::vector<lead::LeadSolution> leads;
};

/// The same by brute force: every site gets a wide-band lead of its own, the S-matrix of all leads is
/// unitary, and the probes' voltages are eliminated from the matrix of conductances by a Schur complement.
std::vector<double> by_explicit_probes(const Case& c, double rate) {
  sample::DeviceLayout layout = c.sample.layout();
  auto leads = c.leads;
  const std::size_t n_leads = leads.size();
  const auto& offsets = layout.pattern->block_offsets;
  for (std::size_t site = 0; site + 1 < offsets.size(); ++site) {
    std::vector<std::int64_t> orbitals;
    for (auto a = offsets[site]; a < offsets[site + 1]; ++a) orbitals.push_back(a);
    leads.push_back(
        lead::solve_lead(sample::LeadCell{Matrix(), Matrix(0, orbitals.size()), rate}, c.energy));
    layout.interfaces.push_back(orbitals);
  }
  coherent::Engine engine(layout, coherent::SolverKind::dense);
  const auto all = engine.solve(c.hamiltonian, leads, c.energy);
  const std::size_t n = leads.size();
  const std::size_t n_probes = n - n_leads;
  // I = (N - T) V: the currents of probes vanish.
  Matrix conductance(n, n);
  for (std::size_t p = 0; p < n; ++p) {
    conductance(p, p) = static_cast<double>(all.n_modes[p]);
    for (std::size_t q = 0; q < n; ++q) conductance(p, q) -= all.transmission[p * n + q];
  }
  const Matrix reduced =
      linalg::block(conductance, 0, 0, n_leads, n_leads) -
      linalg::block(conductance, 0, n_leads, n_leads, n_probes) *
          linalg::solve(linalg::block(conductance, n_leads, n_leads, n_probes, n_probes),
                        linalg::block(conductance, n_leads, 0, n_probes, n_leads));
  std::vector<double> effective(n_leads * n_leads);
  for (std::size_t p = 0; p < n_leads; ++p) {
    for (std::size_t q = 0; q < n_leads; ++q) {
      effective[p * n_leads + q] =
          (p == q ? static_cast<double>(all.n_modes[p]) : 0.0) - reduced(p, q).real();
    }
  }
  return effective;
}

const std::string spinful_bar =
    "sample:\n"
    "  model: {name: rashba, rashba: 0.4}\n"
    "  shape: {length: 5, width: 4}\n"
    "  disorder: [{kind: anderson, width: 1.5}]\n"
    "field: {magnitude: 0.4, angle: 60, azimuth: 90}\n";
const std::string cross =
    "sample:\n"
    "  model: {name: simple_metal, dimension: 2}\n"
    "  shape: {kind: cross, length: 6, width: 4, arm_width: 2, arm_length: 1}\n"
    "  disorder: [{kind: anderson, width: 1}]\n"
    "field: {magnitude: 0.5, angle: 90, azimuth: 90}\n";

TEST(Dephasing, IsThatOfExplicitProbesOnEverySite) {
  for (const auto& [body, energy] : {std::pair{spinful_bar, -1.2}, std::pair{cross, -1.3}}) {
    const Case c(body, energy);
    for (const double rate : {0.01, 0.3, 4.0}) {
      const auto found = c.dephased(rate);
      const auto expected = by_explicit_probes(c, rate);
      ASSERT_EQ(found.transmission.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(found.transmission[i], expected[i], 1e-11);
      }
      EXPECT_LT(found.unitarity_error, 1e-11);
    }
  }
}

// The iteration of large samples, on a small one, against the factorisation.
TEST(Dephasing, VoltagesByIterationAreThoseOfTheFactorisation) {
  for (const auto& [body, energy] : {std::pair{spinful_bar, -1.2}, std::pair{cross, -1.3}}) {
    const Case c(body, energy);
    for (const double rate : {0.01, 0.3, 4.0}) {
      const auto expected = c.dephased(rate);
      DephasingEngine iterating(c.sample.layout(), self(), 0);
      const auto found = iterating.solve(c.hamiltonian, c.leads, c.energy, rate);
      for (std::size_t i = 0; i < expected.transmission.size(); ++i) {
        EXPECT_NEAR(found.transmission[i], expected.transmission[i], 1e-11);
      }
      EXPECT_LT(found.unitarity_error, 1e-10);
    }
  }
}

// Rows and columns sum to the modes of each lead: all that enters leaves through the leads.
TEST(Dephasing, ConservesCurrentBetweenTheLeads) {
  const Case c(cross, -1.3);
  const auto found = c.dephased(0.3);
  const std::size_t n = found.n_modes.size();
  double asymmetry = 0.0;
  for (std::size_t p = 0; p < n; ++p) {
    double row = 0.0;
    double column = 0.0;
    for (std::size_t q = 0; q < n; ++q) {
      row += found.transmission[p * n + q];
      column += found.transmission[q * n + p];
      asymmetry = std::max(asymmetry,
                           std::abs(found.transmission[p * n + q] - found.transmission[q * n + p]));
    }
    EXPECT_NEAR(row, static_cast<double>(found.n_modes[p]), 1e-10);
    EXPECT_NEAR(column, row, 1e-10);
  }
  EXPECT_GT(asymmetry, 0.01) << "without a field this would hold by symmetry";
}

// rate -> 0 is the coherent sample; the difference is linear in a small rate.
TEST(Dephasing, VanishesWithTheRate) {
  const Case c(spinful_bar, -1.2);
  coherent::Engine engine(c.sample.layout(), coherent::SolverKind::multifrontal);
  const auto coherent_result = engine.solve(c.hamiltonian, c.leads, c.energy);
  const auto difference = [&](double rate) {
    return c.dephased(rate).transmission[2] - coherent_result.transmission[2];
  };
  EXPECT_NEAR(difference(1e-9), 0.0, 1e-7);
  EXPECT_GT(std::abs(difference(1e-4)), 1e-6);
  EXPECT_NEAR(difference(1e-4) / difference(1e-5), 10.0, 0.1);
}

double chain_resistance(int length, double rate, double energy) {
  const Case c("sample: {model: {name: simple_metal, dimension: 2}, shape: {length: " +
                   std::to_string(length) + ", width: 1}}\n",
               energy);
  return 1.0 / c.dephased(rate).transmission[2];
}

// In the bulk of a long chain potentials fall linearly, and the current through a bond is
// sum_d d (pairs across it) x T(d) x d (their voltage), T(d) = Gamma^2 |e^{ikd}/(2 sin k)|^2 with
// 2 cos k = -(E + i Gamma/2). So every site adds rho = 1/sum_d d^2 T(d), exactly; with lambda = |e^{ik}|^2,
// sum_d d^2 lambda^d = lambda (1 + lambda)/(1 - lambda)^3.
TEST(Dephasing, AChainObeysOhmsLaw) {
  for (const double energy : {0.0, -1.0, 1.7}) {
    for (const double rate : {0.2, 0.5}) {
      const Complex k = std::acos(-0.5 * Complex(energy, 0.5 * rate));
      const double lambda = std::exp(-2.0 * std::abs(k.imag()));
      const double rho = std::norm(2.0 * std::sin(k)) / (rate * rate) * std::pow(1.0 - lambda, 3) /
                         (lambda * (1.0 + lambda));
      const double slope =
          (chain_resistance(220, rate, energy) - chain_resistance(180, rate, energy)) / 40.0;
      EXPECT_NEAR(slope, rho, 1e-6 * rho);
    }
  }
}

// D'Amato and Pastawski, Phys. Rev. B 41, 7411 (1990): R = 1 + L/(2 l_phi) for a small rate, with
// l_phi = hbar v/Gamma, v = 2 sin k. (A probe sends half of what it takes back.)
TEST(Dephasing, ASmallRateAddsTheLengthOverTwoDephasingLengths) {
  constexpr double rate = 0.01;
  for (const double energy : {0.0, -1.0}) {
    const double velocity = std::sqrt(4.0 - energy * energy);
    for (const int length : {100, 300}) {
      const double expected = 1.0 + length * rate / (2.0 * velocity);
      EXPECT_NEAR(chain_resistance(length, rate, energy), expected, 0.01 * expected);
    }
  }
}

// One site between two leads of width g each: T = g^2 |G|^2 crosses with its phase, and of what the probe takes
// half leaves to each side, T_eff = T (1 + Gamma/2g) (Buettiker, IBM J. Res. Dev. 32, 63 (1988)).
TEST(Dephasing, OneSiteHasButtikersFormula) {
  const double rate = 0.7;
  const double energy = -0.6;
  const Case c(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 1, width: 1}}\n",
      energy);
  const double gamma = std::sqrt(4.0 - energy * energy);  // of each lead: 2 sin k
  // E - Sigma_L - Sigma_R + i Gamma/2 with Re Sigma = E/2 each.
  const double g2 = 1.0 / std::pow(gamma + 0.5 * rate, 2);
  const double t = gamma * gamma * g2;
  EXPECT_NEAR(c.dephased(rate).transmission[2], t * (1.0 + rate / (2.0 * gamma)), 1e-13);
}

TEST(Dephasing, ALargeSampleIsRefusedWithTheBound) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 201, width: 200}}\n");
  const sample::Sample sample(deck);
  EXPECT_NE(
      DephasingEngine::objection(sample.layout()).find("up to 40000 sites; this sample has 40200"),
      std::string::npos);
  EXPECT_THROW(DephasingEngine(sample.layout(), self()), Error);
}

}  // namespace
}  // namespace edotb
