// The two-chirality fluid against its closed forms (physics.md §5).

#include "continuum/support.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace edotb {
namespace {

using namespace continuum;
using test::Solved;

SampleShape wire(double length) {
  SampleShape shape;
  shape.film = true;
  shape.length = length;
  return shape;
}

Solved solve_fluid(const SampleShape& shape, const TwoFluid& fluid, const Vector3& b,
                   const Resolution& resolution, int order = 2) {
  Solved solved;
  solved.space = make_space(make_sample_mesh(shape, resolution), order);
  solved.solution = solve_contacts(solved.space, two_fluid_form(fluid, b, order),
                                   test::kinds_of(shape), {}, mpi::Communicator(MPI_COMM_WORLD));
  return solved;
}

/// V_x at a point with one volt on contact 0; x = 0 for chirality +1, 1 for -1.
double fluid_potential(const Solved& solved, std::size_t x, const Vector3& point) {
  const auto& u = solved.solution.potentials[0];
  std::vector<double> field(solved.space.nodes.size());
  for (std::size_t i = 0; i < field.size(); ++i) field[i] = u[2 * i + x];
  return interpolate(solved.space, field, locate(solved.space, point));
}

constexpr Resolution along_wire{.n_across = 4, .grading = 0.05};

/// R A = [L (1 - a) + 2 a lambda tanh(L/2 lambda)]/(2 sigma), a = g_B^2/(g_B^2 + 2 Gamma sigma).
TEST(TwoFluid, WireBetweenMixingContacts) {
  struct Case {
    TwoFluid fluid;
    double length;
    double resistance;
  };
  for (const Case& wanted :
       {Case{{1.0, 2.0, 0.1}, 10.0, 0.7028096}, Case{{1.0, 5.0, 0.0}, 10.0, 0.2},
        Case{{0.5, 1.0, 1.0}, 20.0, 10.353553}, Case{{1.0, 0.3, 0.01}, 5.0, 2.132101}}) {
    const Solved solved = solve_fluid(wire(wanted.length), wanted.fluid, {1, 0, 0}, along_wire);
    EXPECT_NEAR(1.0 / solved.g(1, 0), wanted.resistance, 1e-4 * wanted.resistance);
  }
}

/// Gamma = 0: G = G_B coth(G_B/G_0), G_0 = 2 sigma/L: ohmic when short, G_B when long, where it is the
/// coherent engine's N_Phi e^2/h.
TEST(TwoFluid, WithoutRelaxationTheWireIsChiral) {
  constexpr double g_b = 0.8;
  for (const double length : {0.5, 2.0, 20.0}) {
    const Solved solved = solve_fluid(wire(length), {1.0, g_b, 0.0}, {1, 0, 0}, along_wire);
    const double expected = g_b / std::tanh(g_b * length / 2.0);
    EXPECT_NEAR(solved.g(1, 0), expected, 1e-4 * expected) << length;
  }
}

/// V_+ = V_- = 1 is an exact solution in any field, with insulating faces across it.
TEST(TwoFluid, EquilibriumCarriesNothing) {
  SampleShape shape;
  shape.length = 2.0;
  shape.patches = {
      {.contact = {"a"}, .axis = 0, .sign = -1, .size = {0, 0.5, 0.5}},
      {.contact = {"b"}, .axis = 2, .sign = 1, .centre = {0.5, 0, 0}, .size = {0.4, 0.4, 0}}};
  const Space space = make_space(make_sample_mesh(shape, {.n_across = 4, .grading = 0.5}), 1);
  const auto form = two_fluid_form({1.0, 3.0, 0.2}, unit({1.0, 0.7, -0.4}), 1);
  const auto n = static_cast<std::int32_t>(2 * space.nodes.size());
  const auto a = assemble(space, form, 0, n);
  for (std::size_t row = 0; row + 1 < a.row_offsets.size(); ++row) {
    EXPECT_NEAR(std::accumulate(a.values.begin() + a.row_offsets[row],
                                a.values.begin() + a.row_offsets[row + 1], 0.0),
                0.0, 1e-13);
  }
  const Solved solved = solve_fluid(shape, {1.0, 3.0, 0.2}, unit({1.0, 0.7, -0.4}),
                                    {.n_across = 4, .grading = 0.5}, 1);
  EXPECT_LT(solved.solution.current_error, 1e-10);
  EXPECT_GT(solved.g(1, 0), 0.0);
}

/// Corbino disc with B along its normal: no chiral term.
TEST(TwoFluid, CorbinoShowsNoChiralTerm) {
  SampleShape shape;
  shape.kind = SampleKind::corbino;
  shape.inner_radius = 1.0;
  shape.outer_radius = 2.0;
  shape.thickness = 0.5;
  const Resolution resolution{.n_across = 6};
  const double without = solve_fluid(shape, {1.0, 0.0, 0.3}, {0, 0, 1}, resolution).g(1, 0);
  const double with = solve_fluid(shape, {1.0, 4.0, 0.3}, {0, 0, 1}, resolution).g(1, 0);
  const double in_plane = solve_fluid(shape, {1.0, 4.0, 0.3}, {1, 0, 0}, resolution).g(1, 0);
  EXPECT_NEAR(with / without, 1.0, 1e-8);
  EXPECT_GT(in_plane / without, 1.05) << "in the plane E.B is not zero";
}

/// A contact that holds one chirality sends out an imbalance that decays over the axial length.
TEST(TwoFluid, ImbalanceDecaysOverTheAxialLength) {
  const TwoFluid fluid{1.0, 0.5, 0.2};
  SampleShape shape = wire(20.0);
  shape.patches = {{.contact = {"plus", 1}, .axis = 0, .sign = -1},
                   {.contact = {"mixed"}, .axis = 0, .sign = 1}};
  const Solved solved = solve_fluid(shape, fluid, {1, 0, 0}, along_wire);
  const auto imbalance = [&](double x) {
    return fluid_potential(solved, 0, {x, 0.1, 0}) - fluid_potential(solved, 1, {x, 0.1, 0});
  };
  // A current adds a constant to the imbalance; differences drop it.
  const double ratio = (imbalance(-8.0) - imbalance(-7.0)) / (imbalance(-7.0) - imbalance(-6.0));
  EXPECT_NEAR(1.0 / std::log(ratio), fluid.axial_length(), 0.03 * fluid.axial_length());
}

/// A long wire's conductivity is 2 sigma + g_B^2/Gamma; a wire much shorter than lambda shows no anomaly.
TEST(TwoFluid, ShortWiresShowNoAnomaly) {
  const TwoFluid fluid{1.0, 2.0, 0.5};
  const auto conductivity = [&](double length) {
    return length * solve_fluid(wire(length), fluid, {1, 0, 0}, along_wire).g(1, 0);
  };
  EXPECT_NEAR(conductivity(0.02), 2.0, 0.01);
  const double a = solve_fluid(wire(40.0), fluid, {1, 0, 0}, along_wire).g(1, 0);
  const double b = solve_fluid(wire(80.0), fluid, {1, 0, 0}, along_wire).g(1, 0);
  EXPECT_NEAR(40.0 / (1.0 / b - 1.0 / a), fluid.long_wire_conductivity(), 1e-3 * 10.0);
}

}  // namespace
}  // namespace edotb
