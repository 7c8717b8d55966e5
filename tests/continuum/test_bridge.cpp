// The two engines on one wire: without relaxation between the chiralities both give N_Phi e^2/h
// (physics.md §2, §5), the coherent one on a torus, the continuum one for a wire longer than sigma/g_B.

#include "continuum/support.hpp"
#include "edotb/base/constants.hpp"
#include "edotb/continuum/conductor.hpp"
#include "support/support.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace edotb {
namespace {

using namespace continuum;

TEST(Bridge, BothEnginesGiveOneChannelPerFluxQuantum) {
  constexpr int n_flux = 2;
  constexpr int cells = 8;
  const double per_plaquette = 2.0 * constants::pi * n_flux / (cells * cells);
  const double coherent =
      test::conductance(fmt::format("sample:\n  model: {{name: weyl_two_band}}\n"
                                    "  shape: {{kind: bar, axis: z, length: 12, width: {0}, "
                                    "thickness: {0}, boundary: periodic}}\n"
                                    "field: {{magnitude: {1:.17g}}}\nenergy: 0.05\n",
                                    cells, per_plaquette));
  EXPECT_NEAR(coherent, n_flux, 1e-6);

  // The same flux through a section of a square micrometre.
  constexpr double width = 1e-6;
  const double tesla = n_flux * constants::flux_quantum * 1e-18 / (width * width);
  const WeylNodes nodes{
      .velocity = 4e5, .chemical_potential = 0.01, .axial_time = 1e30, .mobility = 1.0};
  Material material;
  material.fluid = two_fluid_of(nodes, tesla);
  material.fluid->conductivity = 1.0;  // any: the wire is long
  material.sigma = conductivity_tensor({}, material.direction);
  SampleShape wire;
  wire.length = 40.0 / material.fluid->chiral_conductance;
  wire.width = wire.thickness = width;
  const auto solution = solve_conductor(
      make_sample_mesh(wire, {.n_across = 2, .grading = 0.1, .stretch = {1e-3, 1, 1}}), material,
      test::kinds_of(wire), {}, mpi::Communicator(MPI_COMM_WORLD));
  const double quantum =
      constants::elementary_charge * constants::elementary_charge / constants::planck;
  EXPECT_NEAR(solution.contacts.conductance[2] / quantum, coherent, 1e-3);
}

/// A point on the face of a large block: phi = I/(2 pi sqrt(s1 s2 s3)) / sqrt(sum x_i^2/s_i).
TEST(Bridge, PointSource) {
  SampleShape block;
  block.length = block.width = block.thickness = 6.0;
  constexpr double contact = 0.05;
  block.patches = {{.contact = {"source"}, .axis = 0, .sign = -1, .size = {0, contact, contact}},
                   {.contact = {"ground"}, .axis = 0, .sign = 1}};
  const Conductivity c{3.0, 1.0, 0.0};
  const auto solved = test::solve_ohmic(block, conductivity_tensor(c, {1, 0, 0}),
                                        {.n_across = 4, .grading = 0.03}, 2);
  const auto potential = [&](const Vector3& x) {  // per ampere, up to a constant
    return 1.0 / (2.0 * constants::pi * std::sqrt(3.0)) /
           std::sqrt(x[0] * x[0] / 3.0 + x[1] * x[1] + x[2] * x[2]);
  };
  const Vector3 near = {0.3, 0.1, 0.2};
  const Vector3 far = {0.2, 0.5, -0.4};
  const Vector3 source = {-3.0, 0.0, 0.0};
  const double volts = solved.potential(source + near, 0) - solved.potential(source + far, 0);
  const double expected = potential(near) - potential(far);
  EXPECT_NEAR(volts / solved.g(1, 0), expected, 0.01 * expected);
}

/// A round contact on a large block: its spreading resistance is 1/(4 sigma r) (Holm), so two radii differ
/// by (1/r - 1/R)/(4 sigma) whatever the block and the contact on the other side add.
TEST(Bridge, RoundContact) {
  const auto resistance_and_error = [](double radius) {
    SampleShape block;
    block.length = block.width = block.thickness = 8.0;
    block.patches = {
        {.contact = {"source"}, .axis = 0, .sign = -1, .centre = {0, 0.3, -0.2}, .radius = radius},
        {.contact = {"ground"}, .axis = 0, .sign = 1}};
    Material material;
    material.sigma = conductivity_tensor({}, {1, 0, 0});
    const auto solution = solve_conductor(
        make_sample_mesh(block, {.n_across = 4, .grading = 0.1}), material, test::kinds_of(block),
        {.order = 1, .tolerance = 0.03}, mpi::Communicator(MPI_COMM_WORLD));
    EXPECT_TRUE(solution.reached_tolerance);
    const double g = solution.contacts.conductance[2];
    return std::pair(1.0 / g, solution.error[2] / (g * g));
  };
  const auto [narrow, narrow_error] = resistance_and_error(0.25);
  const auto [wide, wide_error] = resistance_and_error(0.5);
  const double expected = 0.25 * (1.0 / 0.25 - 1.0 / 0.5);
  EXPECT_NEAR(narrow - wide, expected, 0.03 * expected);
  EXPECT_NEAR(narrow - wide, expected, narrow_error + wide_error);
}

}  // namespace
}  // namespace edotb
