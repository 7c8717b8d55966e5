// Orders of convergence against exact solutions of the equations: in the norm of L2 the error falls as h^2
// with elements of order 1 and as h^3 with order 2, also on curved samples.

#include "continuum/support.hpp"

#include <gtest/gtest.h>

namespace edotb {
namespace {

using namespace continuum;
using Solution = std::function<double(const Vector3&, std::size_t field)>;

/// || u_h - u || when u is given on the whole boundary.
double error_of(const Mesh& mesh, int order, const WeakForm& form, const Solution& exact) {
  const Space space = make_space(mesh, order);
  const auto f = static_cast<std::size_t>(form.n_fields);
  const auto n = static_cast<std::int32_t>(space.nodes.size() * f);
  const auto a = assemble(space, form, 0, n);
  std::vector<double> u(static_cast<std::size_t>(n), 0.0);
  std::vector<bool> held(u.size(), false);
  for (const std::int32_t node : space.face_nodes) {
    for (std::size_t field = 0; field < f; ++field) {
      const auto i = static_cast<std::size_t>(node) * f + field;
      held[i] = true;
      u[i] = exact(space.nodes[static_cast<std::size_t>(node)], field);
    }
  }
  // Held unknowns get rows of the identity.
  auto b = linalg::multiply_differences(a, u);
  auto rows = a;
  for (std::size_t i = 0; i < u.size(); ++i) {
    b[i] = held[i] ? 0.0 : -b[i];
    for (auto k = a.row_offsets[i]; k < a.row_offsets[i + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      const auto column = static_cast<std::size_t>(a.columns[entry]);
      if (held[i] || held[column]) rows.values[entry] = column == i ? 1.0 : 0.0;
    }
  }
  const mpi::Communicator comm(MPI_COMM_WORLD);
  const auto change = linalg::make_direct_solver(rows, false, comm)->solve(b);
  for (std::size_t i = 0; i < u.size(); ++i) u[i] += change[i];

  CellGeometry geometry(space, 4);
  double sum = 0.0;
  for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
    for (const CellPoint& point : geometry.at(cell)) {
      for (std::size_t field = 0; field < f; ++field) {
        double value = 0.0;
        for (std::size_t k = 0; k < space.n_cell_nodes; ++k) {
          value += point.values[k] * u[static_cast<std::size_t>(space.cell(cell)[k]) * f + field];
        }
        sum += point.weight * std::pow(value - exact(point.position, field), 2);
      }
    }
  }
  return std::sqrt(sum);
}

double order_between(const SampleShape& shape, int n, int order, const WeakForm& form,
                     const Solution& exact) {
  const auto error = [&](int n_across) {
    return error_of(make_sample_mesh(shape, {.n_across = n_across, .grading = 1.0}), order, form,
                    exact);
  };
  return std::log2(error(n) / error(2 * n));
}

/// exp(k p/sqrt(s_par)) cos(k q/sqrt(s_perp)), p along the field and q across it.
Solution wave(const Conductivity& c, const Vector3& b, const Vector3& across) {
  return [=](const Vector3& x, std::size_t) {
    constexpr double k = 1.5;
    return std::exp(k * dot(x, b) / std::sqrt(c.parallel)) *
           std::cos(k * dot(x, across) / std::sqrt(c.perpendicular));
  };
}

TEST(Convergence, FilmsAndBars) {
  constexpr Conductivity c{3.0, 0.5, 1.2};
  SampleShape film;
  film.film = true;
  const Vector3 in_plane = unit({1.0, 0.4, 0.0});
  const Tensor planar = film_tensor(conductivity_tensor({3.0, 0.5, 0.0}, in_plane));
  const auto planar_wave = wave(c, in_plane, {-in_plane[1], in_plane[0], 0.0});
  const SampleShape bar;
  const Vector3 b = unit({1.0, 0.4, -0.3});
  const auto bar_wave = wave(c, b, unit(cross(b, {0.0, 0.0, 1.0})));
  for (const int order : {1, 2}) {
    EXPECT_NEAR(order_between(film, 8, order, ohmic_form(planar, order), planar_wave), order + 1.0,
                0.25);
    EXPECT_NEAR(
        order_between(bar, 8, order, ohmic_form(conductivity_tensor(c, b), order), bar_wave),
        order + 1.0, 0.3);
  }
}

/// Harmonic functions on a disc with a hole and in a round bar: curved edges keep the order.
TEST(Convergence, CurvedSamples) {
  SampleShape disc;
  disc.kind = SampleKind::corbino;
  disc.film = true;
  disc.inner_radius = 0.5;
  disc.outer_radius = 1.5;
  SampleShape cylinder;
  cylinder.kind = SampleKind::cylinder;
  const Solution harmonic = [](const Vector3& x, std::size_t) {
    return std::exp(x[0]) * std::cos(x[1]) + 0.5 * x[1] * x[2];
  };
  const Tensor one = conductivity_tensor({}, {1, 0, 0});
  const Tensor one_film = film_tensor(one);
  for (const int order : {1, 2}) {
    EXPECT_NEAR(order_between(disc, 6, order, ohmic_form(one_film, order), harmonic), order + 1.0,
                0.25);
    EXPECT_GT(order_between(cylinder, 8, order, ohmic_form(one, order), harmonic), order + 0.7);
  }
}

/// Two fluids: c_x exp(k n.x) solves them when
/// (Gamma - sigma k^2)^2 - (g_B b.n k)^2 = Gamma^2.
TEST(Convergence, TwoFluids) {
  constexpr TwoFluid fluid{0.7, 1.3, 0.9};
  const Vector3 b = unit({1.0, 0.5, 0.0});
  const Vector3 n = unit({0.3, 1.0, 0.0});
  const double drift = fluid.chiral_conductance * dot(b, n) / fluid.conductivity;
  const double k = std::sqrt(drift * drift + 2.0 * fluid.relaxation / fluid.conductivity);
  // Row x = +1: (-sigma k^2 + g_B b.n k + Gamma) c_+ = Gamma c_-.
  const double ratio =
      (-fluid.conductivity * k * k + fluid.chiral_conductance * dot(b, n) * k + fluid.relaxation) /
      fluid.relaxation;
  const Solution exact = [=](const Vector3& x, std::size_t field) {
    return (field == 0 ? 1.0 : ratio) * std::exp(k * dot(n, x));
  };
  SampleShape film;
  film.film = true;
  for (const int order : {1, 2}) {
    EXPECT_NEAR(order_between(film, 8, order, two_fluid_form(fluid, b, order), exact), order + 1.0,
                0.25);
  }
}

}  // namespace
}  // namespace edotb
