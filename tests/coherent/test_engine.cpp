#include "edotb/base/error.hpp"
#include "edotb/coherent/engine.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

namespace edotb {
namespace {

using coherent::Engine;
using coherent::SolverKind;
using linalg::Complex;
using linalg::Matrix;

/// A random device with random, unlike leads; hoppings of deficient rank for some seeds.
struct RandomSystem {
  sample::DeviceLayout layout;
  std::vector<Complex> hamiltonian;
  std::vector<sample::LeadCell> leads;
};

RandomSystem random_system(std::uint64_t seed, std::size_t n_leads) {
  test::Draw draw(seed);
  constexpr std::size_t n_sites = 9;
  std::vector<std::int64_t> offsets = {0};
  for (std::size_t s = 0; s < n_sites; ++s) {
    offsets.push_back(offsets.back() + 1 + static_cast<std::int64_t>((seed + s) % 3));
  }
  const auto n = static_cast<std::size_t>(offsets.back());
  std::vector<std::vector<std::int64_t>> columns(n);
  for (std::size_t s = 0; s < n_sites; ++s) {
    for (std::size_t other = 0; other < n_sites; ++other) {
      const std::size_t distance = s > other ? s - other : other - s;
      if (distance > 2) continue;
      for (auto i = offsets[s]; i < offsets[s + 1]; ++i) {
        for (auto j = offsets[other]; j < offsets[other + 1]; ++j) {
          columns[static_cast<std::size_t>(i)].push_back(j);
        }
      }
    }
  }
  RandomSystem system;
  const auto pattern =
      std::make_shared<const linalg::SparsityPattern>(linalg::make_pattern(columns, offsets));
  system.layout.pattern = pattern;
  system.hamiltonian.resize(pattern->n_entries());
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i) {
    for (std::int64_t j = 0; j <= i; ++j) {
      const auto entry = pattern->find(i, j);
      if (entry < 0) continue;
      const Complex value = i == j ? Complex(draw.uniform()) : draw.complex();
      system.hamiltonian[static_cast<std::size_t>(entry)] = value;
      system.hamiltonian[static_cast<std::size_t>(pattern->find(j, i))] = std::conj(value);
    }
  }
  for (std::size_t k = 0; k < n_leads; ++k) {
    const std::size_t size = 2 + (seed + k) % 3;
    const std::size_t n_interface = (seed + k) % 2 == 0 ? size : size - 1;
    sample::LeadCell lead{draw.hermitian(size), draw.matrix(size, n_interface)};
    if (k % 2 == 1) lead.hopping = draw.matrix(size, 1) * draw.matrix(1, n_interface);
    system.leads.push_back(lead);
    std::vector<std::int64_t> interface;
    for (std::size_t i = 0; i < n_interface; ++i) {
      interface.push_back(static_cast<std::int64_t>((5 * k + 2 * i) % n));
    }
    system.layout.interfaces.push_back(interface);
  }
  return system;
}

/// T_pq = Tr[Gamma_p G Gamma_q G^H] with the dense inverse (Caroli, J. Phys. C 4, 916 (1971)): knows
/// nothing of modes.
std::vector<double> caroli(const RandomSystem& system, const std::vector<lead::LeadSolution>& leads,
                           double energy) {
  const std::size_t n = system.layout.n_orbitals();
  Matrix a = linalg::to_dense({system.layout.pattern, system.hamiltonian});
  a *= -1.0;
  for (std::size_t i = 0; i < n; ++i) a(i, i) += energy;
  std::vector<Matrix> gammas;
  for (std::size_t k = 0; k < leads.size(); ++k) {
    const auto& interface = system.layout.interfaces[k];
    const Matrix& sigma = leads[k].self_energy;
    Matrix gamma(n, n);
    for (std::size_t j = 0; j < interface.size(); ++j) {
      for (std::size_t i = 0; i < interface.size(); ++i) {
        const auto row = static_cast<std::size_t>(interface[i]);
        const auto column = static_cast<std::size_t>(interface[j]);
        a(row, column) -= sigma(i, j);
        gamma(row, column) += Complex(0, 1) * (sigma(i, j) - std::conj(sigma(j, i)));
      }
    }
    gammas.push_back(gamma);
  }
  const Matrix g = linalg::solve(a, Matrix::identity(n));
  std::vector<double> t(leads.size() * leads.size());
  for (std::size_t p = 0; p < leads.size(); ++p) {
    for (std::size_t q = 0; q < leads.size(); ++q) {
      const Matrix product = linalg::times_adjoint(gammas[p] * g * gammas[q], g);
      for (std::size_t i = 0; i < n; ++i) t[p * leads.size() + q] += product(i, i).real();
    }
  }
  return t;
}

TEST(Engine, RandomSystemsAgreeWithTheDenseGreenFunction) {
  int n_compared = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const std::size_t n_leads = 1 + seed % 4;
    const auto system = random_system(seed, n_leads);
    const double energy = 0.4 * std::sin(static_cast<double>(seed));
    const auto leads = lead::solve_leads(system.leads, energy);
    const auto expected = caroli(system, leads, energy);
    for (const SolverKind kind : {SolverKind::dense, SolverKind::mumps, SolverKind::multifrontal}) {
      Engine engine(system.layout, kind);
      const auto result = engine.solve(system.hamiltonian, leads, energy);
      EXPECT_FALSE(result.solved_again);
      EXPECT_LT(result.unitarity_error, 1e-11);
      for (std::size_t p = 0; p < n_leads; ++p) {
        double sum = 0.0;
        for (std::size_t q = 0; q < n_leads; ++q) {
          sum += result.transmission[p * n_leads + q];
          if (p == q) continue;  // Caroli's formula is for transmission
          EXPECT_NEAR(result.transmission[p * n_leads + q], expected[p * n_leads + q], 1e-9);
          n_compared += expected[p * n_leads + q] > 1e-3 ? 1 : 0;
        }
        EXPECT_NEAR(sum, static_cast<double>(result.n_modes[p]), 1e-10);
      }
    }
  }
  EXPECT_GT(n_compared, 50) << "too few systems conduct for the comparison to mean anything";
}

// Sum over outgoing modes of conservation: |S_pq|^2 rows, and the S-matrix of dense and MUMPS equal
// entry by entry, phases included.
TEST(Engine, BothPathsGiveTheSameSMatrix) {
  const auto system = random_system(11, 4);
  const auto leads = lead::solve_leads(system.leads, 0.2);
  Engine dense(system.layout, SolverKind::dense);
  Engine mumps(system.layout, SolverKind::mumps);
  const Matrix a = dense.solve(system.hamiltonian, leads, 0.2).s_matrix;
  const Matrix b = mumps.solve(system.hamiltonian, leads, 0.2).s_matrix;
  EXPECT_LT(linalg::max_norm(a - b), 1e-11);
}

// A clean chain: S is pure transmission with the phase e^{ik(L+1)}, from lead cell 0 to lead cell 0.
TEST(Engine, PhasesOfTheSMatrixAreThoseOfTheWaves) {
  const std::size_t length = 5;
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 5, width: 1}}");
  const sample::Sample sample(deck);
  const double energy = -0.7;
  const auto result = test::solve_point(sample, 0.0, 0.0, energy, SolverKind::dense);
  const double k = std::acos(-energy / 2.0);
  // Interface sites are the device's ends, length - 1 apart; both modes are normalised with z real
  // in cell (-1, 0), a common phase that cancels between an incoming and an outgoing amplitude.
  EXPECT_NEAR(std::abs(result.s_matrix(1, 0)), 1.0, 1e-12);
  EXPECT_NEAR(std::abs(result.s_matrix(0, 0)), 0.0, 1e-12);
  const Complex ratio = result.s_matrix(1, 0) / result.s_matrix(0, 1);
  EXPECT_NEAR(std::abs(ratio - Complex(1.0)), 0.0, 1e-12)
      << "reciprocity of a time-reversal symmetric S";
  const auto longer = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 6, width: 1}}");
  const auto next = test::solve_point(sample::Sample(longer), 0.0, 0.0, energy, SolverKind::dense);
  EXPECT_LT(std::abs(next.s_matrix(1, 0) / result.s_matrix(1, 0) - std::polar(1.0, k)), 1e-12)
      << "one more site is one more phase k, at length " << length;
}

// Energies exactly on an eigenvalue of the closed device, random leads and singular hoppings: the dense
// path is the oracle for T, phases included.
TEST(Engine, MultifrontalAgreesWithDenseOnEigenvaluesOfTheClosedDevice) {
  int n_compared = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto system = random_system(seed, 1 + seed % 4);
    const auto values = linalg::hermitian_eigenvalues(
        linalg::to_dense({system.layout.pattern, system.hamiltonian}));
    const double energy = values[(seed * 7) % values.size()];
    std::vector<lead::LeadSolution> leads;
    try {
      leads = lead::solve_leads(system.leads, energy);
    } catch (const Error&) {
      continue;  // a band edge of a random lead
    }
    Engine dense(system.layout, SolverKind::dense);
    Engine fast(system.layout, SolverKind::multifrontal);
    const auto expected = dense.solve(system.hamiltonian, leads, energy);
    const auto result = fast.solve(system.hamiltonian, leads, energy);
    EXPECT_FALSE(result.solved_again) << result.remark;
    EXPECT_LT(result.unitarity_error, 1e-12) << "seed " << seed;
    EXPECT_LT(linalg::max_norm(result.s_matrix - expected.s_matrix), 1e-9) << "seed " << seed;
    for (std::size_t i = 0; i < result.transmission.size(); ++i) {
      EXPECT_NEAR(result.transmission[i], expected.transmission[i], 1e-9);
    }
    n_compared += result.s_matrix.empty() ? 0 : 1;
  }
  EXPECT_GT(n_compared, 80);
}

sample::Sample rashba_wire() {
  return sample::Sample(test::lattice_deck(
      "sample: {model: {name: rashba, rashba: 0.2}, shape: {length: 30, width: 12}, "
      "disorder: [{kind: anderson, width: 1}]}"));
}

// Single precision is good to 1e-3, mixed to 1e-10; both against double by another path.
TEST(Engine, Precisions) {
  const sample::Sample sample = rashba_wire();
  const auto field = sample.field(0.1, 90);
  const auto leads = lead::solve_leads(sample.leads(field), -1.3);
  double largest_single = 0.0;
  for (std::int64_t realisation = 0; realisation < 5; ++realisation) {
    auto hamiltonian = sample.clean_hamiltonian(field);
    sample.add_disorder(field, realisation, hamiltonian);
    const auto transmission = [&](SolverKind kind, coherent::Precision precision) {
      Engine engine(sample.layout(), {.kind = kind, .precision = precision});
      const auto result = engine.solve(hamiltonian, leads, -1.3);
      EXPECT_FALSE(result.solved_again) << result.remark;
      return result.transmission[2];
    };
    const double exact = transmission(SolverKind::mumps, coherent::Precision::full);
    const double single = transmission(SolverKind::multifrontal, coherent::Precision::single);
    const double mixed = transmission(SolverKind::multifrontal, coherent::Precision::mixed);
    EXPECT_NEAR(single, exact, 1e-3 * exact);
    EXPECT_NEAR(mixed, exact, 1e-10);
    largest_single = std::max(largest_single, std::abs(single - exact));
  }
  EXPECT_GT(largest_single, 1e-10) << "single precision was not used";
}

// A chain between two contacts that hold each end by Gamma = 1e-6 or 1e-4, at the second of its levels -2 cos(k pi/7): the
// resonance is as wide as Gamma, and transmits all (Breit and Wigner). An energy in single precision is
// 1e-7 wide: this is seen, and double is asked.
TEST(Engine, ResonancesTooNarrowForSinglePrecision) {
  for (const char* broadening : {"1e-6", "1e-4"}) {
    const sample::Sample sample(test::lattice_deck(
        std::string(
            "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 6, width: 1}, "
            "leads: {broadening: ") +
        broadening +
        "}, contacts: [{name: a, kind: wide_band, direction: -x}, {name: b, kind: wide_band, "
        "direction: +x}]}"));
    const auto field = sample.field(0.0, 0.0);
    const double energy = -2.0 * std::cos(2.0 * std::numbers::pi / 7.0);
    const auto leads = lead::solve_leads(sample.leads(field), energy);
    Engine engine(sample.layout(), {.precision = coherent::Precision::single});
    const auto result = engine.solve(sample.clean_hamiltonian(field), leads, energy);
    const bool is_narrow = std::string(broadening) == "1e-6";
    EXPECT_EQ(result.solved_again, is_narrow) << result.remark;
    EXPECT_EQ(
        result.remark.starts_with("multifrontal in single precision: S has an estimated error"),
        is_narrow)
        << result.remark;
    EXPECT_EQ(result.remark.find("mumps"), std::string::npos) << result.remark;
    EXPECT_NEAR(result.transmission[2], 1.0, is_narrow ? 1e-8 : 1e-3);
  }
}

// What single precision may leave is the user's to say: the same point is solved again or not.
TEST(Engine, SinglePrecisionLeavesTheErrorThatIsAllowed) {
  const sample::Sample sample = rashba_wire();
  const auto field = sample.field(0.1, 90);
  const auto leads = lead::solve_leads(sample.leads(field), -1.3);
  auto hamiltonian = sample.clean_hamiltonian(field);
  sample.add_disorder(field, 0, hamiltonian);
  for (const double allowed : {1e-6, 1e-2}) {
    Engine engine(sample.layout(), {.kind = SolverKind::multifrontal,
                                    .precision = coherent::Precision::single,
                                    .single_error = allowed});
    const auto result = engine.solve(hamiltonian, leads, -1.3);
    EXPECT_EQ(result.solved_again, allowed < 1e-4) << result.remark;
    EXPECT_EQ(result.remark.find("(allowed: 1e-06)") != std::string::npos, result.solved_again);
  }
}

// Disordered Weyl bars of 4096 orbitals against double precision: r.m.s. of the largest error of S. Inverses of whole pivot blocks lose five times
// as many digits, as they mix large entries with those that small pivots leave.
TEST(Engine, SinglePrecisionKeepsItsDigits) {
  const sample::Sample sample(test::lattice_deck(
      "sample: {model: {name: dirac_weyl, t: 1.0, v: 0.7, m: 2.0, b: 1.2}, shape: {axis: z, "
      "length: 16, width: 8, thickness: 8}, disorder: [{kind: anderson, width: 1.0}]}"));
  const auto field = sample.field(0.06, 35.0);
  Engine full(sample.layout(), {.kind = SolverKind::multifrontal});
  Engine single(sample.layout(),
                {.kind = SolverKind::multifrontal, .precision = coherent::Precision::single});
  double square = 0.0;
  for (const double energy : {0.17, 0.5}) {
    const auto leads = lead::solve_leads(sample.leads(field), energy);
    for (std::uint64_t realisation = 0; realisation < 3; ++realisation) {
      auto hamiltonian = sample.clean_hamiltonian(field);
      sample.add_disorder(field, realisation, hamiltonian);
      const auto expected = full.solve(hamiltonian, leads, energy);
      const auto found = single.solve(hamiltonian, leads, energy);
      EXPECT_FALSE(found.solved_again) << found.remark;
      square += std::pow(linalg::max_norm(found.s_matrix - expected.s_matrix), 2) / 6.0;
    }
  }
  RecordProperty("error", std::to_string(std::sqrt(square)));
  EXPECT_LT(std::sqrt(square), 1.2e-4);
}

// Columns of G against the dense inverse; A psi = i Gamma phi; and the continuity of the current: the
// norm of psi projected out of a lead is the transmission.
TEST(Engine, GreenColumnsAndScatteringStates) {
  const auto system = random_system(7, 3);
  const double energy = 0.15;
  const auto leads = lead::solve_leads(system.leads, energy);
  const std::vector<std::int64_t> orbitals = {0, 4, 11};
  Engine dense(system.layout, SolverKind::dense);
  const Matrix expected = dense.green_columns(system.hamiltonian, leads, energy, orbitals);
  const Matrix states = dense.scattering_states(system.hamiltonian, leads, energy);
  ASSERT_GT(states.columns(), 0U);
  for (const auto precision : {coherent::Precision::full, coherent::Precision::mixed}) {
    Engine fast(system.layout, {.kind = SolverKind::multifrontal, .precision = precision});
    EXPECT_LT(linalg::max_norm(fast.green_columns(system.hamiltonian, leads, energy, orbitals) -
                               expected),
              1e-10 * linalg::max_norm(expected));
    EXPECT_LT(linalg::max_norm(fast.scattering_states(system.hamiltonian, leads, energy) - states),
              1e-10 * linalg::max_norm(states));
  }
  // |Gamma_p^{1/2} psi_q|^2 summed is T_pq for p != q, by the probe columns.
  const auto result = dense.solve(system.hamiltonian, leads, energy);
  std::size_t column = 0;
  for (std::size_t q = 0; q < leads.size(); ++q) {
    for (std::size_t p = 0; p < leads.size(); ++p) {
      if (p == q) continue;
      double sum = 0.0;
      for (std::size_t j = 0; j < leads[q].n_modes(); ++j) {
        for (std::size_t i = 0; i < leads[p].n_modes(); ++i) {
          Complex amplitude = 0.0;
          for (std::size_t k = 0; k < system.layout.interfaces[p].size(); ++k) {
            amplitude +=
                std::conj(leads[p].probe(k, i)) *
                states(static_cast<std::size_t>(system.layout.interfaces[p][k]), column + j);
          }
          sum += std::norm(amplitude);
        }
      }
      EXPECT_NEAR(sum, result.transmission[p * leads.size() + q], 1e-10);
    }
    column += leads[q].n_modes();
  }
}

// A clean bipartite lattice at E = 0: the pivot blocks are full of exact zeros.
TEST(Engine, ZeroEnergyOfABipartiteLattice) {
  for (const char* model : {"simple_metal, dimension: 2", "graphene"}) {
    const sample::Sample sample(test::lattice_deck(std::string("sample: {model: {name: ") + model +
                                                   "}, shape: {length: 14, width: 9}}"));
    const auto fast = test::solve_point(sample, 0.05, 90, 0.0, SolverKind::multifrontal);
    const auto exact = test::solve_point(sample, 0.05, 90, 0.0, SolverKind::dense);
    EXPECT_FALSE(fast.solved_again) << fast.remark;
    EXPECT_NEAR(fast.transmission[2], exact.transmission[2], 1e-9) << model;
  }
}

// No open mode anywhere: nothing to transmit, no error.
TEST(Engine, NoOpenModes) {
  EXPECT_EQ(
      test::conductance("sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 3, "
                        "width: 4}}\nenergy: [-5]"),
      0.0);
}

// A device whose state at the energy touches no lead makes A exactly singular: no path can solve it,
// and that is an error, never a number.
TEST(Engine, SingularDeviceIsANamedError) {
  sample::DeviceLayout layout;
  layout.pattern = std::make_shared<const linalg::SparsityPattern>(
      linalg::make_pattern(std::vector<std::vector<std::int64_t>>(2), {0, 1, 2}));
  layout.interfaces = {{0}};
  const std::vector<Complex> hamiltonian = {0.0, 0.5};
  const std::vector<sample::LeadCell> chain = {{Matrix(1, 1), Complex(-1.0) * Matrix::identity(1)}};
  const auto leads = lead::solve_leads(chain, 0.5);
  for (const SolverKind kind : {SolverKind::dense, SolverKind::mumps, SolverKind::multifrontal}) {
    Engine engine(layout, kind);
    try {
      (void)engine.solve(hamiltonian, leads, 0.5);
      FAIL() << "a singular device was solved";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::numerical);
      EXPECT_NE(std::string(error.what()).find("singular"), std::string::npos) << error.what();
    }
  }
}

// A broken self-energy breaks unitarity on every path: the point fails with the figure in its message.
TEST(Engine, BrokenUnitarityIsAnError) {
  const auto system = random_system(5, 2);
  auto leads = lead::solve_leads(system.leads, 0.1);
  ASSERT_GT(leads[0].n_modes() + leads[1].n_modes(), 0U);
  for (auto& lead : leads) lead.self_energy *= 1.01;
  Engine engine(system.layout, SolverKind::mumps);
  try {
    (void)engine.solve(system.hamiltonian, leads, 0.1);
    FAIL() << "a wrong self-energy went unnoticed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::numerical);
    EXPECT_NE(std::string(error.what()).find("unitarity error"), std::string::npos) << error.what();
  }
}

TEST(Engine, NanInTheHamiltonianIsAnError) {
  auto system = random_system(5, 2);
  system.hamiltonian[3] = std::nan("");
  const auto leads = lead::solve_leads(system.leads, 0.1);
  for (const SolverKind kind : {SolverKind::dense, SolverKind::mumps, SolverKind::multifrontal}) {
    Engine engine(system.layout, kind);
    EXPECT_THROW((void)engine.solve(system.hamiltonian, leads, 0.1), Error);
  }
}

}  // namespace
}  // namespace edotb
