// Voltage probes of sites and of groups of them, against explicit wide-band leads and Ohm's law.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/coherent/dephasing.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

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
  [[nodiscard]] coherent::Scattering dephased(double rate, double probe_size = 0.0) const {
    return DephasingEngine(sample.layout(), probe_size, self())
        .solve(hamiltonian, leads, energy, rate);
  }

  deck::Deck deck;
  sample::Sample sample;
  double energy;
  std::vector<Complex> hamiltonian;
  std::vector<lead::LeadSolution> leads;
};

/// Leads and probes together by brute force: every probe is a wide-band lead on all orbitals of its sites.
coherent::Scattering with_explicit_probes(const Case& c, double rate,
                                          const std::vector<std::size_t>& probe_of_site) {
  sample::DeviceLayout layout = c.sample.layout();
  auto leads = c.leads;
  const auto& offsets = layout.pattern->block_offsets;
  std::vector<std::vector<std::int64_t>> orbitals(
      *std::max_element(probe_of_site.begin(), probe_of_site.end()) + 1);
  for (std::size_t site = 0; site + 1 < offsets.size(); ++site) {
    for (auto a = offsets[site]; a < offsets[site + 1]; ++a) {
      orbitals[probe_of_site[site]].push_back(a);
    }
  }
  for (const auto& of_probe : orbitals) {
    leads.push_back(
        lead::solve_lead(sample::LeadCell{Matrix(), Matrix(0, of_probe.size()), rate}, c.energy));
    layout.interfaces.push_back(of_probe);
  }
  coherent::Engine engine(layout, coherent::SolverKind::dense);
  return engine.solve(c.hamiltonian, leads, c.energy);
}

/// The probes' voltages eliminated from the matrix of conductances by a Schur complement.
std::vector<double> by_explicit_probes(const Case& c, double rate,
                                       const std::vector<std::size_t>& probe_of_site) {
  const auto all = with_explicit_probes(c, rate, probe_of_site);
  const std::size_t n = all.n_modes.size();
  const std::size_t n_leads = c.leads.size();
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

std::vector<std::size_t> one_to_a_site(const Case& c) {
  std::vector<std::size_t> probes(c.sample.layout().n_sites());
  std::iota(probes.begin(), probes.end(), std::size_t{0});
  return probes;
}

TEST(Dephasing, IsThatOfExplicitProbesOnEverySite) {
  for (const auto& [body, energy] : {std::pair{spinful_bar, -1.2}, std::pair{cross, -1.3}}) {
    const Case c(body, energy);
    for (const double rate : {0.01, 0.3, 4.0}) {
      const auto found = c.dephased(rate);
      const auto expected = by_explicit_probes(c, rate, one_to_a_site(c));
      ASSERT_EQ(found.transmission.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(found.transmission[i], expected[i], 1e-11);
      }
      EXPECT_LT(found.unitarity_error, 1e-11);
    }
  }
}

TEST(Dephasing, SitesOfACubeShareAnExplicitProbe) {
  // 5 x 4 sites in squares of 2 x 2, the last column in two of 1 x 2; numbered along y, then x.
  const Case bar(spinful_bar, -1.2);
  const std::vector<std::size_t> squares = {0, 0, 1, 1, 0, 0, 1, 1, 2, 2,
                                            3, 3, 2, 2, 3, 3, 4, 4, 5, 5};
  ASSERT_EQ(coherent::probes_of_sites(bar.sample.layout(), 2.0), squares);
  const Case arms(cross, -1.3);
  for (const auto& [c, probes] :
       {std::pair{&bar, squares},
        std::pair{&arms, coherent::probes_of_sites(arms.sample.layout(), 2.0)}}) {
    for (const double rate : {0.01, 0.3, 4.0}) {
      const auto found = c->dephased(rate, 2.0);
      const auto expected = by_explicit_probes(*c, rate, probes);
      ASSERT_EQ(found.transmission.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(found.transmission[i], expected[i], 1e-11);
      }
      EXPECT_LT(found.unitarity_error, 1e-11);
      const auto apart = c->dephased(rate);
      EXPECT_GT(std::abs(found.transmission[2] - apart.transmission[2]), 1e-6);
    }
  }
}

// A cube of one lattice constant holds one site of a square lattice, two of graphene's cell or more.
TEST(Dephasing, ACubeOfOneSiteIsASite) {
  const Case c(cross, -1.3);
  EXPECT_EQ(coherent::probes_of_sites(c.sample.layout(), 1.0), one_to_a_site(c));
  EXPECT_EQ(c.dephased(0.3, 1.0).transmission, c.dephased(0.3).transmission);
}

// Any lattice: sites that share a probe are within a cube, and those of different probes are not in the same.
TEST(Dephasing, CubesDivideTheSitesOfAHoneycomb) {
  const Case c("sample: {model: {name: graphene}, shape: {length: 6, width: 4}}\n", 0.4);
  const auto& r = c.sample.layout().site_positions;
  const double size = 1.3;
  const auto probes = coherent::probes_of_sites(c.sample.layout(), size);
  Vector3 low = r[0];
  for (const auto& at : r) {
    for (std::size_t d = 0; d < 3; ++d) low[d] = std::min(low[d], at[d]);
  }
  std::size_t n_pairs = 0;
  for (std::size_t i = 0; i < r.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      bool together = true;
      for (std::size_t d = 0; d < 3; ++d) {
        together = together && std::floor((r[i][d] - low[d]) / size + 1e-9) ==
                                   std::floor((r[j][d] - low[d]) / size + 1e-9);
      }
      EXPECT_EQ(probes[i] == probes[j], together);
      n_pairs += together ? 1 : 0;
    }
  }
  EXPECT_GT(n_pairs, r.size() / 2);
  EXPECT_LT(c.dephased(0.3, size).unitarity_error, 1e-11);
}

// One probe for all sites has the formula of a single one, T_eff = T_LR + T_Lp T_pR/(T_Lp + T_pR)
// (Buettiker, IBM J. Res. Dev. 32, 63 (1988)).
TEST(Dephasing, OneProbeForAllHasButtikersFormula) {
  const Case c(spinful_bar, -1.2);
  const auto all = with_explicit_probes(c, 0.3, std::vector<std::size_t>(20, 0));
  const auto t = [&](std::size_t to, std::size_t from) { return all.transmission[to * 3 + from]; };
  EXPECT_NEAR(c.dephased(0.3, 100.0).transmission[2],
              t(1, 0) + t(1, 2) * t(2, 0) / (t(0, 2) + t(1, 2)), 1e-12);
}

TEST(Dephasing, SharedProbesNeedPositions) {
  const Case c(spinful_bar, -1.2);
  auto layout = c.sample.layout();
  layout.site_positions.clear();
  EXPECT_EQ(DephasingEngine::objection(layout, 0.0), "");
  EXPECT_NE(DephasingEngine::objection(layout, 2.0).find("/device/positions"), std::string::npos);
  EXPECT_THROW((void)coherent::probes_of_sites(c.sample.layout(), 1e-310), Error);
}

// The iteration of large samples, on a small one, against the factorisation.
TEST(Dephasing, VoltagesByIterationAreThoseOfTheFactorisation) {
  for (const auto& [body, energy] : {std::pair{spinful_bar, -1.2}, std::pair{cross, -1.3}}) {
    const Case c(body, energy);
    for (const double rate : {0.01, 0.3, 4.0}) {
      const auto expected = c.dephased(rate);
      DephasingEngine iterating(c.sample.layout(), 0.0, self(), 0);
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
      DephasingEngine::objection(sample.layout(), 0.0).find("up to 40000; this sample has 40200"),
      std::string::npos);
  EXPECT_THROW(DephasingEngine(sample.layout(), 0.0, self()), Error);
  EXPECT_EQ(DephasingEngine::objection(sample.layout(), 2.0), "");
}

}  // namespace
}  // namespace edotb
