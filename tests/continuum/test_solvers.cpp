// What must hold of any solved sample, and of any solver.

#include "continuum/support.hpp"
#include "edotb/base/error.hpp"

#include <gtest/gtest.h>

namespace edotb {
namespace {

using namespace continuum;
using test::solve_ohmic;
using test::Solved;

/// A bar with four patches that do not face each other.
SampleShape four_contacts() {
  SampleShape shape;
  shape.length = 2.0;
  shape.width = 1.0;
  shape.thickness = 0.5;
  shape.patches = {
      {.contact = {"left"}, .axis = 0, .sign = -1, .centre = {0, 0.2, 0}, .size = {0, 0.3, 0}},
      {.contact = {"right"}, .axis = 0, .sign = 1, .size = {0, 0.4, 0}},
      {.contact = {"side"}, .axis = 1, .sign = 1, .centre = {0.3, 0, 0.1}, .size = {0.3, 0, 0.2}},
      {.contact = {"top"}, .axis = 2, .sign = 1, .centre = {-0.4, -0.1, 0}, .size = {0.2, 0.3, 0}}};
  return shape;
}

Tensor tilted(double mu_b, double sign = 1.0) {
  const double across = 1.0 / (1.0 + mu_b * mu_b);
  return conductivity_tensor({1.0, across, sign * mu_b * across}, {0.8, 0.5, 0.3});
}

constexpr Resolution coarse{.n_across = 3, .grading = 0.5};

void expect_close(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  double largest = 0.0;
  for (const double value : a) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance * largest) << i;
}

/// Charge: the currents of all contacts add up to zero. They come from N - 1 separate solutions.
TEST(Contacts, CurrentsAddUpToZero) {
  for (const auto solver : {SolverKind::direct, SolverKind::multigrid}) {
    for (const double mu_b : {0.0, 3.0}) {
      const Solved solved =
          solve_ohmic(four_contacts(), tilted(mu_b), coarse, 1, {.solver = solver});
      EXPECT_LT(solved.solution.current_error, 1e-10);
      for (std::size_t from = 0; from < 4; ++from) {
        double sum = 0.0;
        for (std::size_t to = 0; to < 4; ++to) sum += solved.g(to, from);
        EXPECT_NEAR(sum, 0.0, 1e-10 * std::abs(solved.g(from, from)));
      }
    }
  }
}

/// Onsager: G(B) = G(-B)^T.
TEST(Contacts, Onsager) {
  const Solved plus = solve_ohmic(four_contacts(), tilted(3.0), coarse);
  const Solved minus = solve_ohmic(four_contacts(), tilted(3.0, -1.0), coarse);
  double asymmetry = 0.0;
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t q = 0; q < 4; ++q) {
      EXPECT_NEAR(plus.g(p, q), minus.g(q, p), 1e-9 * plus.g(1, 0));
      asymmetry = std::max(asymmetry, std::abs(plus.g(p, q) - plus.g(q, p)) / plus.g(1, 0));
    }
  }
  EXPECT_GT(asymmetry, 0.01) << "the field must matter, or this tests nothing";
}

/// Multigrid against the factorisation: symmetric, with a Hall part, very anisotropic, both orders.
TEST(Contacts, MultigridAsDirect) {
  const Tensor anisotropic = conductivity_tensor({1.0, 1e-6, 0.0}, {1.0, 0.2, 0.1});
  for (const auto& [order, sigma] : {std::pair{1, tilted(0.0)}, std::pair{1, tilted(10.0)},
                                     std::pair{1, anisotropic}, std::pair{2, tilted(3.0)}}) {
    const Solved direct =
        solve_ohmic(four_contacts(), sigma, coarse, order, {.solver = SolverKind::direct});
    const Solved multigrid =
        solve_ohmic(four_contacts(), sigma, coarse, order, {.solver = SolverKind::multigrid});
    EXPECT_GT(multigrid.solution.n_iterations, 0);
    EXPECT_EQ(direct.solution.n_iterations, 0);
    expect_close(direct.solution.conductance, multigrid.solution.conductance, 1e-7);
  }
}

/// A bar 3:1:1 with strip contacts across its thickness.
SampleShape strips() {
  SampleShape shape;
  shape.length = 3.0;
  shape.patches = {{.contact = {"source"}, .axis = 0, .sign = -1, .size = {0, 0.2, 0}},
                   {.contact = {"drain"}, .axis = 0, .sign = 1, .size = {0, 0.2, 0}}};
  return shape;
}

/// Iterations grow by at most 1.5 from 1e4 to 3e5 unknowns at A = 100 (bar 3:1:1, strip contacts).
TEST(Contacts, IterationsHardlyGrow) {
  const SampleShape shape = strips();
  const Tensor sigma = conductivity_tensor({1.0, 0.01, 0.0}, {1.0, 0.0, 0.0});
  const auto form = ohmic_form(sigma, 1);
  const auto iterations = [&](int n) {
    const auto mesh = make_sample_mesh(shape, {.n_across = n, .grading = 1.0});
    return solve_contacts(make_space(mesh, 1), form, test::kinds_of(shape),
                          {SolverKind::multigrid, 1e-8}, mpi::Communicator(MPI_COMM_WORLD))
        .n_iterations;
  };
  EXPECT_LE(iterations(46), 1.5 * iterations(15));
}

/// Hall angles up to mu B = 100 with A = 1 + (mu B)^2 as a Drude band has, the field along the bar, across it
/// and off its axes: multigrid finds what the factorisation does, in a few iterations.
TEST(Contacts, LargeHallAnglesConverge) {
  constexpr int most_iterations = 120;
  for (const double mu_b : {10.0, 100.0}) {
    const double across = 1.0 / (1.0 + mu_b * mu_b);
    for (const Vector3& b : {Vector3{1, 0, 0}, Vector3{0, 0, 1}, Vector3{1, 1, 0.3}}) {
      const Tensor sigma = conductivity_tensor({1.0, across, mu_b * across}, b);
      const Solved direct =
          solve_ohmic(four_contacts(), sigma, coarse, 1, {.solver = SolverKind::direct});
      const Solved multigrid =
          solve_ohmic(four_contacts(), sigma, coarse, 1, {.solver = SolverKind::multigrid});
      EXPECT_LT(multigrid.solution.n_iterations, most_iterations);
      EXPECT_LT(multigrid.solution.current_error, 1e-9);
      EXPECT_GT(-multigrid.g(0, 0), 0.0);
      expect_close(direct.solution.conductance, multigrid.solution.conductance, 1e-6);
    }
  }
}

/// Across a bar at mu B = 100 the iterations do not grow with the mesh either.
TEST(Contacts, HallIterationsHardlyGrow) {
  const SampleShape shape = strips();
  constexpr double mu_b = 100.0;
  const double across = 1.0 / (1.0 + mu_b * mu_b);
  const auto form = ohmic_form(conductivity_tensor({1.0, across, mu_b * across}, {0, 0, 1}), 1);
  const auto iterations = [&](int n) {
    const auto mesh = make_sample_mesh(shape, {.n_across = n, .grading = 1.0});
    return solve_contacts(make_space(mesh, 1), form, test::kinds_of(shape),
                          {SolverKind::multigrid, 1e-8}, mpi::Communicator(MPI_COMM_WORLD))
        .n_iterations;
  };
  EXPECT_LE(iterations(24), 2 * iterations(8));
}

TEST(Contacts, RefusesWhatCannotBe) {
  const Tensor one = conductivity_tensor({}, {1, 0, 0});
  SampleShape overlapping = four_contacts();
  overlapping.patches[1] = overlapping.patches[0];
  EXPECT_THROW(static_cast<void>(solve_ohmic(overlapping, one, coarse)), Error);
  SampleShape outside = four_contacts();
  outside.patches[0].centre = {0, 0.45, 0};
  EXPECT_THROW(static_cast<void>(solve_ohmic(outside, one, coarse)), Error);
  SampleShape touching = four_contacts();
  touching.patches[0].size = {0, 0, 0};
  touching.patches[2].size = {0, 0, 0};
  touching.patches[2].centre = {0, 0, 0};
  EXPECT_THROW(static_cast<void>(solve_ohmic(touching, one, coarse)), Error);
  SampleShape one_contact = four_contacts();
  one_contact.patches.resize(1);
  EXPECT_THROW(static_cast<void>(solve_ohmic(one_contact, one, coarse)), Error);
  SampleShape round = four_contacts();
  round.patches[3].radius = 0.5;  // beyond the side's edge
  EXPECT_THROW(static_cast<void>(solve_ohmic(round, one, coarse)), Error);
  round.patches[3].radius = 0.2;
  round.patches.push_back(round.patches[3]);
  round.patches.back().centre = {-0.2, 0.0, 0.0};  // over the other
  EXPECT_THROW(static_cast<void>(solve_ohmic(round, one, coarse)), Error);
  EXPECT_THROW(static_cast<void>(conductivity_tensor({1.0, -0.5, 0.0}, {1, 0, 0})), Error);
  EXPECT_THROW(static_cast<void>(conductivity_tensor({0.0, 1.0, 0.0}, {1, 0, 0})), Error);
}

}  // namespace
}  // namespace edotb
