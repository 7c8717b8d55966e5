// Currents and densities: Kirchhoff's law at every site, every cross-section, and the dense Green function.

#include "edotb/base/constants.hpp"
#include "edotb/coherent/currents.hpp"
#include "edotb/coherent/observables.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using coherent::SolverKind;
using linalg::Complex;
using linalg::Matrix;

constexpr std::array solver_kinds = {SolverKind::dense, SolverKind::mumps,
                                     SolverKind::multifrontal};

struct System {
  sample::SystemFile file;
  double energy = 0.0;
  std::vector<lead::LeadSolution> leads;
};

System reference_system(const std::string& name) {
  const auto references = test::reference("kwant.json");
  System system{sample::read_system_file(test::reference_path("systems/" + name + ".h5")),
                references["cases"][name]["results"][0]["energy"].get<double>(),
                {}};
  system.leads = lead::solve_leads(system.file.leads, system.energy);
  return system;
}

/// What state psi, of an electron that comes in with column `source` of lead `from`, brings from each lead to
/// each site: 2 Im[psi^H (Sigma psi + i Gamma phi)], orbital by orbital.
std::vector<std::vector<double>> inflow(const System& system, std::span<const Complex> psi,
                                        std::size_t from, std::size_t mode) {
  const auto& layout = system.file.layout;
  std::vector<std::vector<double>> flow(layout.n_leads(), std::vector<double>(layout.n_orbitals()));
  for (std::size_t p = 0; p < layout.n_leads(); ++p) {
    const auto& interface = layout.interfaces[p];
    const auto& lead = system.leads[p];
    for (std::size_t i = 0; i < interface.size(); ++i) {
      Complex image = p == from ? Complex(0, 1) * lead.source(i, mode) : 0.0;
      for (std::size_t j = 0; j < interface.size(); ++j) {
        image += lead.self_energy(i, j) * psi[static_cast<std::size_t>(interface[j])];
      }
      const auto orbital = static_cast<std::size_t>(interface[i]);
      flow[p][orbital] += 2.0 * (std::conj(psi[orbital]) * image).imag();
    }
  }
  return flow;
}

// At every site what comes along bonds and out of leads adds up to nothing, mode by mode; and what leaves
// through a contact is its transmission. Every solver; random leads, a Hall bar in a field, spins.
TEST(Currents, KirchhoffsLaw) {
  for (const char* name : {"random_four", "hall_bar", "rashba_zeeman", "random_singular"}) {
    const System system = reference_system(name);
    const auto& layout = system.file.layout;
    const auto bonds = coherent::bonds_of(layout);
    for (const SolverKind kind : solver_kinds) {
      coherent::Engine engine(layout, kind);
      const auto& h = system.file.hamiltonian;
      const Matrix states = engine.scattering_states(h, system.leads, system.energy);
      const auto scattering = engine.solve(h, system.leads, system.energy);
      std::size_t column = 0;
      double largest = 0.0;
      for (std::size_t q = 0; q < layout.n_leads(); ++q) {
        std::vector<double> out(layout.n_leads());
        for (std::size_t mode = 0; mode < system.leads[q].n_modes(); ++mode, ++column) {
          const auto currents = coherent::bond_currents(layout, bonds, h, states, column, 1);
          const auto flow = inflow(system, states.column(column), q, mode);
          std::vector<double> balance(layout.n_sites());
          for (std::size_t b = 0; b < currents.size(); ++b) {
            balance[static_cast<std::size_t>(bonds.sites[b][0])] -= currents[b];
            balance[static_cast<std::size_t>(bonds.sites[b][1])] += currents[b];
            largest = std::max(largest, std::abs(currents[b]));
          }
          for (std::size_t p = 0; p < layout.n_leads(); ++p) {
            const auto at_sites = coherent::per_site(layout, flow[p]);
            for (std::size_t s = 0; s < balance.size(); ++s) {
              balance[s] += at_sites[s];
              out[p] -= at_sites[s];
            }
          }
          for (const double rest : balance) ASSERT_NEAR(rest, 0.0, 1e-10) << name;
        }
        for (std::size_t p = 0; p < layout.n_leads(); ++p) {
          if (p == q) continue;
          EXPECT_NEAR(out[p], scattering.transmission[p * layout.n_leads() + q], 1e-9) << name;
        }
      }
      EXPECT_GT(largest, 1e-2) << name;
    }
  }
}

// Through every cross-section of a bar flows its transmission; and the current densities of all sites add up
// to the sum of current x length over the bonds.
TEST(Currents, EveryCrossSectionCarriesTheTransmission) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: dirac_weyl, v: 0.8, m: 2.4}, "
      "shape: {axis: z, length: 6, width: 4, thickness: 3}, "
      "disorder: [{kind: anderson, width: 1.2}]}\nfield: {magnitude: 0.2, angle: 30}");
  const sample::Sample sample(deck);
  const auto& layout = sample.layout();
  const auto field = sample.field(0.2, 30);
  auto h = sample.clean_hamiltonian(field);
  sample.add_disorder(field, 0, h);
  const double energy = 0.63;
  const auto leads = lead::solve_leads(sample.leads(field), energy);
  coherent::Engine engine(layout, SolverKind::multifrontal);
  const Matrix states = engine.scattering_states(h, leads, energy);
  const double t = engine.solve(h, leads, energy).transmission[2];
  ASSERT_GT(t, 0.1);
  const auto bonds = coherent::bonds_of(layout);
  const auto currents = coherent::bond_currents(layout, bonds, h, states, 0, leads[0].n_modes());
  const auto& r = layout.site_positions;
  std::vector<Vector3> directions;
  double moment = 0.0;
  for (std::size_t b = 0; b < currents.size(); ++b) {
    directions.push_back(sample.device()->displacement(
        static_cast<std::size_t>(bonds.sites[b][0]), static_cast<std::size_t>(bonds.sites[b][1])));
    moment += currents[b] * directions.back()[2];
  }
  for (int cut = 0; cut < 5; ++cut) {
    const double z = cut + 0.5;
    double through = 0.0;
    for (std::size_t b = 0; b < currents.size(); ++b) {
      const double from = r[static_cast<std::size_t>(bonds.sites[b][0])][2];
      const double to = r[static_cast<std::size_t>(bonds.sites[b][1])][2];
      if ((from < z) == (to < z)) continue;
      through += to > from ? currents[b] : -currents[b];
    }
    EXPECT_NEAR(through, t, 1e-10) << "cut at " << z;
  }
  EXPECT_NEAR(moment, 5.0 * t, 1e-9) << "five bonds of length one follow each other";
  double sum = 0.0;
  const auto at_sites = coherent::site_currents(layout.n_sites(), bonds, currents, directions);
  for (std::size_t s = 0; s < layout.n_sites(); ++s) sum += at_sites[3 * s + 2];
  EXPECT_NEAR(sum, moment, 1e-10);
}

// Round a torus a bond is one cell long, not the width of the sample.
TEST(Currents, BondsRoundATorusAreShort) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: weyl_two_band}, shape: {axis: z, length: 3, width: 5, thickness: 4, "
      "boundary: periodic}}");
  const sample::Sample sample(deck);
  const auto bonds = coherent::bonds_of(sample.layout());
  EXPECT_EQ(bonds.sites.size(), 3U * 20U * 2U + 2U * 20U);
  for (const auto& [from, to] : bonds.sites) {
    const auto d =
        sample.device()->displacement(static_cast<std::size_t>(from), static_cast<std::size_t>(to));
    EXPECT_NEAR(norm(d), 1.0, 1e-12);
  }
}

// The local density of states is -Im G/pi of the dense inverse where nothing is bound.
TEST(Density, IsTheImaginaryPartOfTheGreenFunction) {
  for (const char* name : {"random_four", "rashba_zeeman", "graphene"}) {
    const System system = reference_system(name);
    const auto& layout = system.file.layout;
    Matrix a = Complex(-1.0) * linalg::to_dense({layout.pattern, system.file.hamiltonian});
    for (std::size_t i = 0; i < a.rows(); ++i) a(i, i) += system.energy;
    for (std::size_t p = 0; p < layout.n_leads(); ++p) {
      const auto& interface = layout.interfaces[p];
      for (std::size_t j = 0; j < interface.size(); ++j) {
        for (std::size_t i = 0; i < interface.size(); ++i) {
          a(static_cast<std::size_t>(interface[i]), static_cast<std::size_t>(interface[j])) -=
              system.leads[p].self_energy(i, j);
        }
      }
    }
    const Matrix g = linalg::solve(a, Matrix::identity(a.rows()));
    std::vector<double> expected(a.rows());
    for (std::size_t i = 0; i < a.rows(); ++i) expected[i] = -g(i, i).imag() / constants::pi;
    const auto sites = coherent::per_site(layout, expected);
    for (const SolverKind kind : solver_kinds) {
      coherent::Engine engine(layout, kind);
      const auto density =
          coherent::per_site(layout, coherent::local_density_of_states(engine.scattering_states(
                                         system.file.hamiltonian, system.leads, system.energy)));
      ASSERT_EQ(density.size(), layout.n_sites());
      for (std::size_t s = 0; s < density.size(); ++s) {
        EXPECT_NEAR(density[s], sites[s], 1e-9) << name << " site " << s;
      }
    }
  }
}

}  // namespace
}  // namespace edotb
