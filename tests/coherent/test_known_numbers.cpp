// Numbers of the literature, from decks.

#include "edotb/base/constants.hpp"
#include "edotb/base/random.hpp"
#include "edotb/coherent/observables.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace edotb {
namespace {

using coherent::SolverKind;
using linalg::Complex;
using linalg::Matrix;

// A chain with box disorder W: <ln T> = -2 gamma L with 1/gamma = 105.045 t^2/W^2 at E = 0 (Kappus and
// Wegner 1981), where the Born approximation 24 (4 t^2 - E^2)/W^2, right elsewhere, gives 96.
TEST(KnownNumbers, LocalisationLengthOfAChain) {
  constexpr int length = 900;
  constexpr int n_samples = 400;
  const sample::Sample chain(test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 900, width: 1},"
      " disorder: [{kind: anderson, width: 1}]}\nensemble: {realisations: 400}\n"));
  const auto clean = chain.clean_hamiltonian({});
  coherent::Engine engine(chain.layout(), SolverKind::multifrontal);
  const auto check = [&](double energy, double localisation_length) {
    const auto leads = lead::solve_leads(chain.leads({}), energy);
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < n_samples; ++i) {
      auto hamiltonian = clean;
      chain.add_disorder({}, i, hamiltonian);
      const double log_t = std::log(engine.solve(hamiltonian, leads, energy).transmission[2]);
      sum += log_t;
      squares += log_t * log_t;
    }
    const double mean = sum / n_samples;
    const double error = std::sqrt((squares / n_samples - mean * mean) / n_samples);
    const double expected = -2.0 * length / localisation_length;
    EXPECT_NEAR(mean, expected, 3.0 * error) << "at energy " << energy;
    EXPECT_LT(error, 0.03 * std::abs(expected));
  };
  check(0.0, 104.2);
  check(0.5, 24.0 * (4.0 - 0.25));
}

// One Weyl node between heavily doped leads, W >> L, E -> 0: per node g = (ln 2 / 2 pi) (W/L)^2 and
// F = 1/3 + 1/(6 ln 2) (Baireuther et al., New J. Phys. 16, 123009, 2014; Sbierski et al., PRL 113,
// 026602). A wide sample is a sum over transverse momenta q, each a chain.
TEST(KnownNumbers, WeylNodesBetweenDopedLeads) {
  constexpr int length = 24;
  constexpr int n_momenta = 48;
  const double q_max = 8.0 / length;  // T(q) = 1/cosh^2(q L) has died out
  const double step = 2.0 * q_max / n_momenta;
  double conductance = 0.0;
  double noise = 0.0;
  for (int i = 0; i < n_momenta; ++i) {
    for (int j = 0; j < n_momenta; ++j) {
      const double qy = -q_max + (i + 0.5) * step;
      const double qz = 0.5 * constants::pi - q_max + (j + 0.5) * step;
      const sample::Sample chain(test::lattice_deck(
          "sample: {model: {name: formula, spin: none, formula: sin(kx)*sigma_x + sin(qy)*sigma_y +"
          " (cos(qz) + 2 - cos(kx) - cos(qy))*sigma_z, parameters: {qy: " +
          std::to_string(qy) + ", qz: " + std::to_string(qz) +
          "}}, shape: {length: 24, width: 1}, leads: {potential: -0.5}}\n"));
      const auto result = test::solve_point(chain, 0.0, 0.0, 1e-6, SolverKind::dense);
      const double t = result.transmission[2];
      EXPECT_LE(result.n_modes[0], 1U);
      conductance += t;
      noise += t * (1.0 - t);
    }
  }
  const double per_area = conductance * std::pow(step / (2.0 * constants::pi), 2);
  EXPECT_NEAR(per_area * length * length / (std::log(2.0) / (2.0 * constants::pi)), 1.0, 0.05);
  EXPECT_NEAR(noise / conductance / (1.0 / 3.0 + 1.0 / (6.0 * std::log(2.0))), 1.0, 0.05);
}

/// A unitary matrix drawn with Haar's measure: Gram and Schmidt's on complex normal columns.
Matrix haar_unitary(std::size_t n, std::uint64_t sample) {
  Matrix u(n, n);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto number = [&](std::uint64_t index) {
        return normal({.seed = 7,
                       .realisation = sample,
                       .site = j * n + i,
                       .purpose = Purpose::anderson,
                       .index = index});
      };
      u(i, j) = {number(0), number(1)};
    }
    for (std::size_t k = 0; k <= j; ++k) {
      Complex overlap = 0.0;
      for (std::size_t i = 0; i < n; ++i) overlap += std::conj(u(i, k)) * u(i, j);
      const bool itself = k == j;
      const double norm = std::sqrt(overlap.real());
      for (std::size_t i = 0; i < n; ++i) {
        u(i, j) = itself ? u(i, j) / norm : u(i, j) - overlap * u(i, k);
      }
    }
  }
  return u;
}

/// Time reversal of a spin 1/2: sigma_y U^T sigma_y, spin by spin.
Matrix spin_dual(const Matrix& u) {
  Matrix dual(u.rows(), u.rows());
  for (std::size_t i = 0; i < u.rows(); ++i) {
    for (std::size_t j = 0; j < u.rows(); ++j) {
      dual(i, j) = ((i + j) % 2 == 0 ? 1.0 : -1.0) * u(j ^ 1U, i ^ 1U);
    }
  }
  return dual;
}

Matrix transposed(const Matrix& u) {
  Matrix result(u.columns(), u.rows());
  for (std::size_t i = 0; i < u.rows(); ++i) {
    for (std::size_t j = 0; j < u.columns(); ++j) result(j, i) = u(i, j);
  }
  return result;
}

// A chaotic cavity with N modes in each of two leads is a random S of Dyson's class beta:
// <g> = N^2/(2N - 1 + 2/beta) (Baranger and Mello, PRL 73, 142; Jalabert, Pichard and Beenakker, Europhys.
// Lett. 27, 255, 1994), g per spin for beta = 4; and for beta = 2 the noise is
// <sum T(1 - T)> = N^3/(2 (4 N^2 - 1)) (Savin and Sommers, Phys. Rev. B 73, 081307, 2006).
TEST(KnownNumbers, ChaoticCavities) {
  constexpr std::size_t n_modes = 5;
  constexpr std::size_t n_samples = 4000;
  struct Class {
    int beta;
    double mean;
    double variance;
  };
  for (const Class& dyson :
       {Class{1, 2.27273, 0.11443}, Class{2, 2.5, 0.06313}, Class{4, 2.63158, 0.03300}}) {
    const std::size_t n_spins = dyson.beta == 4 ? 2 : 1;
    double sum = 0.0;
    double squares = 0.0;
    double noise = 0.0;
    for (std::size_t sample = 0; sample < n_samples; ++sample) {
      const Matrix u = haar_unitary(2 * n_modes * n_spins, sample);
      coherent::Scattering cavity;
      cavity.s_matrix = dyson.beta == 1   ? transposed(u) * u
                        : dyson.beta == 2 ? u
                                          : spin_dual(u) * u;
      cavity.n_modes = {n_modes * n_spins, n_modes * n_spins};
      cavity.transmission = coherent::transmissions(cavity.s_matrix, cavity.n_modes);
      const double g = cavity.transmission[2] / static_cast<double>(n_spins);
      sum += g;
      squares += g * g;
      noise += coherent::noise_per_source(cavity).noise[0];
    }
    const double mean = sum / n_samples;
    const double variance = squares / n_samples - mean * mean;
    EXPECT_NEAR(mean, dyson.mean, 3.0 * std::sqrt(dyson.variance / n_samples)) << dyson.beta;
    // The variance of n normal numbers has the error sqrt(2/n).
    EXPECT_NEAR(variance / dyson.variance, 1.0, 3.0 * std::sqrt(2.0 / n_samples)) << dyson.beta;
    if (dyson.beta != 2) continue;
    EXPECT_NEAR(noise / n_samples / (125.0 / 198.0), 1.0, 0.01);
  }
}

}  // namespace
}  // namespace edotb
