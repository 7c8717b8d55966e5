// Exact results of physics notes §2 and the symmetries every S-matrix has.

#include "edotb/base/constants.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using coherent::SolverKind;
using linalg::Complex;
using linalg::Matrix;

std::string number(double value) { return nlohmann::json(value).dump(); }

/// Shot-noise (Fano) factor Tr[t t^H (1 - t t^H)]/Tr[t t^H] of lead 0 to lead 1.
double fano_factor(const coherent::Scattering& result) {
  const std::size_t from = result.n_modes[0];
  const Matrix t = linalg::block(result.s_matrix, from, 0, result.n_modes[1], from);
  const Matrix tt = linalg::times_adjoint(t, t);
  double trace = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < tt.rows(); ++i) trace += tt(i, i).real();
  for (const Complex& value : tt.values()) squares += std::norm(value);
  return 1.0 - squares / trace;
}

// W1 on a torus with N flux quanta: g = N exactly, F = 0, at any length (Nielsen and Ninomiya 1983).
class WeylTorus : public testing::TestWithParam<int> {};

TEST_P(WeylTorus, OneChannelPerFluxQuantum) {
  const int n_flux = GetParam();
  const double phi = 2.0 * constants::pi * n_flux / 144.0;
  for (const int length : {3, 10}) {
    const auto deck = test::lattice_deck(
        "sample: {model: {name: weyl_two_band}, shape: {axis: z, length: " +
        std::to_string(length) +
        ", width: 12, thickness: 12, boundary: periodic}}\nfield: {magnitude: [" + number(phi) +
        "]}");
    const sample::Sample sample(deck);
    for (const double energy : {0.05, 0.18}) {
      const auto result = test::solve_point(sample, phi, 0.0, energy, SolverKind::mumps);
      EXPECT_EQ(result.n_modes[0], static_cast<std::size_t>(n_flux));
      EXPECT_NEAR(result.transmission[2], n_flux, 1e-6);
      EXPECT_NEAR(fano_factor(result), 0.0, 1e-6);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(FluxQuanta, WeylTorus, testing::Values(1, 2, 3, 4, 6));

// A clean bar of one model has g = number of modes: physics notes §2, W = 16 -> 11, W = 40 -> 27.
TEST(SquareLattice, CleanConductanceIsTheNumberOfModes) {
  for (const auto& [width, modes] : {std::pair{16, 11.0}, std::pair{40, 27.0}}) {
    EXPECT_NEAR(
        test::conductance("sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 7, "
                          "width: " +
                          std::to_string(width) + "}}\nenergy: [-1]"),
        modes, 1e-10);
  }
}

// Strong field, phi = 0.2, E = -3.25: two Landau levels below E (physics notes §2), so g = 2 although
// disorder is there: edge states cannot scatter back across the bar.
TEST(SquareLattice, QuantumHallPlateauSurvivesDisorder) {
  const double g = test::conductance(
      "sample:\n"
      "  model: {name: simple_metal, dimension: 2}\n"
      "  shape: {length: 40, width: 40}\n"
      "  disorder: [{kind: anderson, width: 0.2}]\n"
      "field: {magnitude: [0.2], angle: [90], azimuth: 90}\n"
      "energy: [-3.25]");
  EXPECT_NEAR(g, 2.0, 1e-4);
}

std::string disordered_bar(const std::string& model, const std::string& axis, double magnitude,
                           double angle, double azimuth) {
  return "sample:\n"
         "  model: " +
         model +
         "\n"
         "  shape: {axis: " +
         axis +
         ", length: 6, width: 5, thickness: 4}\n"
         "  disorder: [{kind: anderson, width: 1.2}]\n"
         "field: {magnitude: [" +
         number(magnitude) + "], angle: [" + number(angle) + "], azimuth: " + number(azimuth) +
         "}\n"
         "energy: [0.63]\n"
         "engine: {solver: mumps}";
}

const char* const metal = "{name: simple_metal, dimension: 3}";
const char* const dirac = "{name: dirac_weyl, v: 0.8, m: 2.4}";

// The lattice and its current axis turned together change nothing; sites keep their disorder because
// they are numbered along (current, width, thickness).
TEST(Symmetry, RotatingSampleAndFieldTogether) {
  for (const char* model : {metal, dirac}) {
    const double along_z = test::conductance(disordered_bar(model, "z", 0.3, 40, 25));
    EXPECT_GT(along_z, 0.1);
    for (const char* axis : {"x", "y"}) {
      EXPECT_NEAR(test::conductance(disordered_bar(model, axis, 0.3, 40, 25)), along_z, 1e-10);
    }
  }
}

// Two terminals: G(B) = G(-B) for any field direction, where B is all that breaks time reversal.
TEST(Symmetry, TwoTerminalConductanceIsEvenInTheField) {
  for (const char* model : {metal, dirac}) {
    for (const double angle : {0.0, 35.0, 90.0}) {
      EXPECT_NEAR(test::conductance(disordered_bar(model, "x", 0.25, angle, 60)),
                  test::conductance(disordered_bar(model, "x", -0.25, angle, 60)), 1e-10);
    }
  }
}

// Turning the field over by 180 degrees is reversing it.
TEST(Symmetry, AngleOf180DegreesReversesTheField) {
  EXPECT_NEAR(test::conductance(disordered_bar(metal, "x", 0.25, 180, 0)),
              test::conductance(disordered_bar(metal, "x", -0.25, 0, 0)), 1e-10);
}

coherent::Scattering solve_system(const sample::SystemFile& system, double energy) {
  const auto leads = lead::solve_leads(system.leads, energy);
  coherent::Engine engine(system.layout, SolverKind::mumps);
  return engine.solve(system.hamiltonian, leads, energy);
}

/// The system with its field reversed: complex conjugate, for a spinless Hamiltonian.
sample::SystemFile reversed(sample::SystemFile system) {
  for (Complex& value : system.hamiltonian) value = std::conj(value);
  for (auto& lead : system.leads) {
    for (Complex& value : lead.cell.values()) value = std::conj(value);
    for (Complex& value : lead.hopping.values()) value = std::conj(value);
  }
  return system;
}

// Onsager and Buttiker: G_pq(B) = G_qp(-B) for the six leads of the Hall bar; and the sum rules
// sum_q G_pq = sum_p G_pq = N_p.
TEST(Symmetry, OnsagerRelationsOfTheHallBar) {
  const auto system = sample::read_system_file(test::reference_path("systems/hall_bar.h5"));
  for (const double energy : {0.6, 1.05}) {
    const auto forward = solve_system(system, energy);
    const auto backward = solve_system(reversed(system), energy);
    double asymmetry = 0.0;
    for (std::size_t p = 0; p < 6; ++p) {
      double row = 0.0;
      double column = 0.0;
      for (std::size_t q = 0; q < 6; ++q) {
        EXPECT_NEAR(forward.transmission[p * 6 + q], backward.transmission[q * 6 + p], 1e-10);
        asymmetry = std::max(
            asymmetry, std::abs(forward.transmission[p * 6 + q] - forward.transmission[q * 6 + p]));
        row += forward.transmission[p * 6 + q];
        column += forward.transmission[q * 6 + p];
      }
      EXPECT_NEAR(row, static_cast<double>(forward.n_modes[p]), 1e-10);
      EXPECT_NEAR(column, static_cast<double>(forward.n_modes[p]), 1e-10);
    }
    EXPECT_GT(asymmetry, 0.1) << "the field must matter for this test to say anything";
  }
}

// Leads without spin-orbit coupling and a doped lead: unitarity holds across the mismatch, and the
// mismatch reflects.
TEST(Leads, OwnParametersAndPotential) {
  const std::string body =
      "sample:\n"
      "  model: {name: rashba, rashba: 0.4}\n"
      "  shape: {length: 8, width: 6}\n";
  const double same = test::conductance(body + "energy: [-1.1]");
  const double bare = test::conductance(body + "  leads: {model: {rashba: 0}}\nenergy: [-1.1]");
  const double doped = test::conductance(body + "  leads: {potential: -1}\nenergy: [-1.1]");
  EXPECT_NEAR(same, std::round(same), 1e-10);
  EXPECT_GT(std::abs(bare - std::round(bare)), 1e-3);
  EXPECT_GT(std::abs(doped - std::round(doped)), 1e-3);
}

// A smooth ramp into field-free leads reflects less than an abrupt end of the field.
TEST(Leads, RampIntoFieldFreeLeadsReflectsLess) {
  const auto loss = [](int ramp) {
    const std::string body =
        "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 60, width: 12}}\n"
        "field: {magnitude: [0.08], angle: [90], azimuth: 90, where: device, ramp: " +
        std::to_string(ramp) + "}\nenergy: [-2.37]";
    const auto deck = test::lattice_deck(body);
    const sample::Sample sample(deck);
    const auto result = test::solve_point(sample, 0.08, 90, -2.37, SolverKind::mumps);
    EXPECT_LT(result.unitarity_error, 1e-10);
    return static_cast<double>(result.n_modes[0]) - result.transmission[2];
  };
  EXPECT_LT(loss(25), loss(0));
}

}  // namespace
}  // namespace edotb
