// Observables of the S-matrix: exact barriers, Buttiker's sum written out, copies of spin, and the order of
// channels.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/coherent/observables.hpp"
#include "edotb/lead/channels.hpp"
#include "edotb/sample/conserved.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using coherent::Scattering;
using lead::LeadSolution;
using linalg::Complex;
using linalg::Matrix;

/// A disordered device with four unlike leads (tests/reference).
Scattering four_leads(const std::string& name = "random_four") {
  const auto references = test::reference("kwant.json");
  const double energy = references["cases"][name]["results"][0]["energy"].get<double>();
  const auto system = sample::read_system_file(test::reference_path("systems/" + name + ".h5"));
  coherent::Engine engine(system.layout, coherent::SolverKind::dense);
  return engine.solve(system.hamiltonian, lead::solve_leads(system.leads, energy), energy);
}

/// A point of a deck at its first field and angle, its leads changed by `order` first.
struct Solved {
  std::vector<LeadSolution> leads;
  Scattering scattering;
};
template <class Order>
Solved solve(const sample::Sample& sample, const deck::Deck& deck, double energy, Order order,
             lead::LeadMethod method = lead::LeadMethod::automatic) {
  const auto field = sample.field(deck.field.magnitude.front(), deck.field.angle.front());
  auto hamiltonian = sample.clean_hamiltonian(field);
  sample.add_disorder(field, 0, hamiltonian);
  Solved result;
  for (auto& lead : lead::solve_leads(sample.leads(field), energy, method)) {
    result.leads.push_back(order(std::move(lead), result.leads.size()));
  }
  coherent::Engine engine(sample.layout(), coherent::SolverKind::multifrontal);
  result.scattering = engine.solve(hamiltonian, result.leads, energy);
  return result;
}

LeadSolution by_momentum(LeadSolution lead, std::size_t /*k*/) {
  return lead::in_channel_order(std::move(lead));
}

// Buttiker, Phys. Rev. B 46, 12485 (1992), as he writes it: S_pp' = (e^2/h) sum over contacts c, d of
// int dE Tr[A_cd(p) A_dc(p')] {f_c (1 - f_d) + f_d (1 - f_c)}, A_cd(p) = 1 delta_pc delta_pd - s_pc^H s_pd,
// at zero temperature; in units of 2e (e^2/h) volts.
std::vector<double> noise_written_out(const Scattering& s, const std::vector<double>& voltages) {
  const std::size_t n = voltages.size();
  std::vector<double> noise(n * n);
  const auto a = [&](std::size_t p, std::size_t c, std::size_t d) {
    Matrix matrix = Complex(-1.0) * linalg::adjoint_times(s_block(s, p, c), s_block(s, p, d));
    if (p == c && p == d) matrix += Matrix::identity(matrix.rows());
    return matrix;
  };
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t q = 0; q < n; ++q) {
      for (std::size_t c = 0; c < n; ++c) {
        for (std::size_t d = 0; d < n; ++d) {
          const Matrix product = a(p, c, d) * a(q, d, c);
          double trace = 0.0;
          for (std::size_t i = 0; i < product.rows(); ++i) trace += product(i, i).real();
          // One of the two contacts is full and the other empty between their voltages.
          noise[p * n + q] += 0.5 * std::abs(voltages[c] - voltages[d]) * trace;
        }
      }
    }
  }
  return noise;
}

TEST(Noise, AgreesWithButtikersSumAtAnyVoltages) {
  const auto s = four_leads();
  for (const std::vector<double>& voltages :
       {std::vector<double>{1, 0, 0, 0}, {0.3, -0.2, 0.3, 1.1}, {-1, 2, 0.5, 0.25}}) {
    const auto noise = coherent::shot_noise(s, voltages);
    const auto expected = noise_written_out(s, voltages);
    for (std::size_t i = 0; i < noise.size(); ++i) EXPECT_NEAR(noise[i], expected[i], 1e-11);
    EXPECT_GT(noise[0], 1e-3) << "nothing fluctuates, so nothing is compared";
    for (std::size_t p = 0; p < 4; ++p) {
      double row = 0.0;
      for (std::size_t q = 0; q < 4; ++q) {
        row += noise[p * 4 + q];
        EXPECT_NEAR(noise[p * 4 + q], noise[q * 4 + p], 1e-11);
        if (p == q) continue;
        EXPECT_LT(noise[p * 4 + q], 1e-12) << "fermions anticorrelate";
      }
      EXPECT_NEAR(row, 0.0, 1e-10) << "charge is conserved at every instant";
    }
  }
  for (const double value : coherent::shot_noise(s, std::vector<double>{2, 2, 2, 2})) {
    EXPECT_EQ(value, 0.0);
  }
}

// A chain with one site raised by U: T = 1/(1 + U^2/(4 t^2 sin^2 k)), so S = T(1 - T) and F = 1 - T.
TEST(Noise, OneBarrierInAChain) {
  const double u = 0.8;
  const double energy = -0.6;
  const auto deck = test::lattice_deck(
      "sample:\n  model: {name: simple_metal, dimension: 2}\n  shape: {length: 5, width: 1}\n"
      "  regions: [{form: box, from: [-0.1, -1, -1], to: [0.1, 1, 1], potential: 0.8}]\n");
  const auto s =
      test::solve_point(sample::Sample(deck), 0, 0, energy, coherent::SolverKind::multifrontal);
  const double sine = std::sqrt(1.0 - 0.25 * energy * energy);
  const double t = 1.0 / (1.0 + u * u / (4.0 * sine * sine));
  EXPECT_NEAR(s.transmission[2], t, 1e-12);
  const auto result = coherent::noise_per_source(s);
  for (std::size_t q = 0; q < 2; ++q) {
    for (std::size_t p = 0; p < 2; ++p) {
      EXPECT_NEAR(result.fano_factor[p * 2 + q], 1.0 - t, 1e-12);
      EXPECT_NEAR(result.noise[(q * 2 + p) * 2 + p], t * (1.0 - t), 1e-12);
    }
  }
  EXPECT_NEAR(coherent::transmission_eigenvalues(s, 1, 0).at(0), t, 1e-12);
}

TEST(Noise, APerfectWireIsSilentAndAClosedOneHasNoFanoFactor) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 6, width: 7}}");
  const sample::Sample sample(deck);
  const auto open = test::solve_point(sample, 0, 0, -1.0, coherent::SolverKind::multifrontal);
  const auto result = coherent::noise_per_source(open);
  ASSERT_GT(open.n_modes[0], 3U);
  for (const double f : result.fano_factor) EXPECT_NEAR(f, 0.0, 1e-10);
  const auto closed = test::solve_point(sample, 0, 0, -5.0, coherent::SolverKind::multifrontal);
  for (const double f : coherent::noise_per_source(closed).fano_factor) {
    EXPECT_TRUE(std::isnan(f));
  }
  EXPECT_TRUE(coherent::transmission_eigenvalues(closed, 1, 0).empty());
}

// The eigenvalues of t^H t, and their sums: T, and Tr (t^H t)^2 = sum T_n^2.
TEST(TransmissionEigenvalues, AgreeWithTheHermitianProduct) {
  const auto s = four_leads();
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t q = 0; q < 4; ++q) {
      const auto values = coherent::transmission_eigenvalues(s, p, q);
      EXPECT_EQ(values.size(), std::min(s.n_modes[p], s.n_modes[q]));
      const Matrix t = coherent::s_block(s, p, q);
      const auto expected = linalg::hermitian_eigenvalues(linalg::adjoint_times(t, t));
      double sum = 0.0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_NEAR(values[i], expected[expected.size() - 1 - i], 1e-12);
        EXPECT_LT(values[i], 1.0 + 1e-10);
        sum += values[i];
      }
      EXPECT_NEAR(sum, s.transmission[p * 4 + q], 1e-12);
    }
  }
}

// In a clean bar every channel goes on as the channel of its number in the other lead, and partners of one
// number in one lead have opposite momenta.
TEST(Channels, ACleanBarConnectsEqualNumbers) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 5, width: 9}}");
  const auto [leads, s] = solve(sample::Sample(deck), deck, -0.7, by_momentum);
  const Matrix t = coherent::s_block(s, 1, 0);
  ASSERT_GT(t.rows(), 4U);
  for (std::size_t j = 0; j < t.columns(); ++j) {
    for (std::size_t i = 0; i < t.rows(); ++i) {
      EXPECT_NEAR(std::abs(t(i, j)), i == j ? 1.0 : 0.0, 1e-10);
    }
    EXPECT_NEAR(leads[0].incoming[j].momentum, -leads[0].outgoing[j].momentum, 1e-10);
    EXPECT_NEAR(leads[0].incoming[j].momentum, leads[1].incoming[j].momentum, 1e-10);
    if (j == 0) continue;
    EXPECT_GT(leads[0].incoming[j].momentum, leads[0].incoming[j - 1].momentum);
  }
}

// The S-matrix does not hang on how the leads were solved, phases included.
TEST(Channels, EveryLeadMethodGivesTheSameSMatrix) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 6, width: 10}, "
      "disorder: [{kind: anderson, width: 1}]}\n"
      "field: {magnitude: 0.11, angle: 90, azimuth: 90}");
  const sample::Sample sample(deck);
  const auto schur = solve(sample, deck, -1.3, by_momentum, lead::LeadMethod::schur);
  const auto supercell = solve(sample, deck, -1.3, by_momentum, lead::LeadMethod::supercell);
  ASSERT_GT(schur.scattering.n_modes[0], 2U);
  EXPECT_LT(linalg::max_norm(schur.scattering.s_matrix - supercell.scattering.s_matrix), 1e-7);
}

std::string spin_deck(const std::string& leads) {
  return "sample:\n  model: {name: rashba, rashba: 0}\n  shape: {length: 14, width: 6}\n"
         "  disorder: [{kind: anderson, width: 1.1}]\n" +
         leads + "field: {magnitude: 0.35, angle: 0, g_factor: 2}\n";
}

Solved resolve(const sample::Sample& sample, const deck::Deck& deck, double energy,
               const std::string& name) {
  const auto quantity = sample::conserved_quantity(*sample.device(), name);
  return solve(sample, deck, energy, [&](LeadSolution lead, std::size_t k) {
    return lead::in_channel_order(std::move(lead), quantity.on_interface[k], quantity.eigenvalues);
  });
}

// A field along a planar wire has no flux: with the Zeeman term b sigma_x alone the two spins along x are two
// spinless wires at energies E - b (up) and E + b (down), with the same disorder.
TEST(ResolvedTransmission, TwoSpinsAreTwoSpinlessWires) {
  const double energy = -1.2;
  const double b = 0.35;
  const auto deck = test::lattice_deck(spin_deck(""));
  const sample::Sample sample(deck);
  const auto [leads, s] = resolve(sample, deck, energy, "spin_x");
  const auto resolved = coherent::resolved_transmission(s, leads, 2);
  const auto spinless = test::lattice_deck(
      "sample:\n  model: {name: simple_metal, dimension: 2}\n  shape: {length: 14, width: 6}\n"
      "  disorder: [{kind: anderson, width: 1.1}]\n");
  const sample::Sample copy(spinless);
  for (const int spin : {-1, 1}) {
    const auto expected =
        test::solve_point(copy, 0, 0, energy - spin * b, coherent::SolverKind::multifrontal);
    const std::size_t sector = spin > 0 ? 1 : 0;
    const auto at = [&](std::size_t p, std::size_t to, std::size_t q, std::size_t from) {
      return resolved[((p * 2 + to) * 2 + q) * 2 + from];
    };
    for (std::size_t p = 0; p < 2; ++p) {
      for (std::size_t q = 0; q < 2; ++q) {
        EXPECT_NEAR(at(p, sector, q, sector), expected.transmission[p * 2 + q], 1e-10);
        EXPECT_NEAR(at(p, 1 - sector, q, sector), 0.0, 1e-12);
      }
    }
  }
  EXPECT_GT(std::abs(resolved[8] - resolved[13]), 0.1) << "the two spins must differ";
}

// A Rashba chain along x turns spins about y, by an angle that a gauge takes out: hoppings are
// -sqrt(t^2 + r^2) exp(i theta sigma_y), tan theta = r/t. So spins along y are kept and those along x and z
// flip with probability sin^2((L - 1) theta), whatever is reflected at the ends (Datta and Das 1990). Without a
// field the modes are degenerate, and the ones asked for come out, also of metals.
TEST(ResolvedTransmission, DegenerateModesAreTurned) {
  const double flip = std::pow(std::sin(8.0 * std::atan(0.3)), 2);
  for (const char* contacts : {"{model: {rashba: 0}}", "{kind: chains}", "{kind: wide_band}"}) {
    const auto deck = test::lattice_deck(
        "sample:\n  model: {name: rashba, rashba: 0.3}\n  shape: {length: 9, width: 1}\n  leads: " +
        std::string(contacts));
    const sample::Sample sample(deck);
    for (const char* name : {"spin_x", "spin_y", "spin_z"}) {
      const auto [leads, s] = resolve(sample, deck, -1.4, name);
      const auto resolved = coherent::resolved_transmission(s, leads, 2);
      ASSERT_GT(s.transmission[2], 0.5);
      EXPECT_NEAR(resolved[8] + resolved[9] + resolved[12] + resolved[13], s.transmission[2],
                  1e-10);
      const double flipped = (resolved[9] + resolved[12]) / s.transmission[2];
      EXPECT_NEAR(flipped, name == std::string("spin_y") ? 0.0 : flip, 1e-10) << name << contacts;
    }
  }
}

TEST(ResolvedTransmission, LeadsThatDoNotConserveTheSpinAreKnown) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: rashba, rashba: 0.3}, shape: {length: 4, width: 5}}");
  const sample::Sample sample(deck);
  const auto quantity = sample::conserved_quantity(*sample.device(), "spin_z");
  EXPECT_EQ(quantity.eigenvalues, (std::vector<double>{-1.0, 1.0}));
  EXPECT_GT(lead::conservation_error(sample.leads(sample.field(0, 0))[0], quantity.on_interface[0]),
            0.05);
  EXPECT_THROW((void)resolve(sample, deck, -1.4, "spin_z"), Error);
}

// Zigzag graphene, clean: nothing mixes the valleys, and each carries the edge mode in one direction only
// (Wakabayashi et al., Phys. Rev. Lett. 99, 036601 (2007)): n + 1 modes one way, n the other.
TEST(ResolvedTransmission, ValleysOfAZigzagRibbon) {
  const auto deck =
      test::lattice_deck("sample: {model: {name: graphene}, shape: {length: 6, width: 12}}");
  const sample::Sample sample(deck);
  const auto& contacts = sample.device()->geometry().contacts;
  const auto [leads, s] = solve(sample, deck, 0.23, [&](LeadSolution lead, std::size_t k) {
    return lead::in_valley_order(std::move(lead), contacts[k].outwards);
  });
  const auto resolved = coherent::resolved_transmission(s, leads, 2);
  const double lower = resolved[8];
  const double upper = resolved[13];
  EXPECT_NEAR(resolved[9], 0.0, 1e-10);
  EXPECT_NEAR(resolved[12], 0.0, 1e-10);
  EXPECT_NEAR(lower + upper, static_cast<double>(s.n_modes[0]), 1e-10);
  EXPECT_NEAR(std::abs(lower - upper), 1.0, 1e-10);
}

// The chiral anomaly in one number: with N flux quanta on a torus every Weyl node carries N channels one way
// and none the other (Nielsen and Ninomiya 1983), so what leads from 0 to 1 is at one node and what leads back
// at the other.
TEST(ResolvedTransmission, EachWeylNodeConductsOneWay) {
  constexpr double n_flux = 2.0;
  const double phi = 2.0 * constants::pi * n_flux / 64.0;
  const auto deck = test::lattice_deck(
      "sample: {model: {name: weyl_two_band}, shape: {axis: z, length: 4, width: 8, thickness: 8, "
      "boundary: periodic}}\nfield: {magnitude: " +
      nlohmann::json(phi).dump() + "}");
  const sample::Sample sample(deck);
  const auto& contacts = sample.device()->geometry().contacts;
  const auto [leads, s] = solve(sample, deck, 0.05, [&](LeadSolution lead, std::size_t k) {
    return lead::in_valley_order(std::move(lead), contacts[k].outwards);
  });
  const auto resolved = coherent::resolved_transmission(s, leads, 2);
  const auto forward = [&](std::size_t to, std::size_t from) {
    return resolved[8 + 4 * to + from];
  };
  const auto back = [&](std::size_t to, std::size_t from) { return resolved[2 + 4 * to + from]; };
  const std::size_t node = forward(0, 0) > 1.0 ? 0 : 1;
  EXPECT_NEAR(forward(node, node), n_flux, 1e-8);
  EXPECT_NEAR(forward(1 - node, 1 - node), 0.0, 1e-8);
  EXPECT_NEAR(back(1 - node, 1 - node), n_flux, 1e-8);
  EXPECT_NEAR(back(node, node), 0.0, 1e-8);
}

}  // namespace
}  // namespace edotb
