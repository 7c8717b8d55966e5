#include "edotb/base/constants.hpp"
#include "edotb/sample/gauge.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::Matrix;
using sample::Frame;
using sample::Gauge;

Vector3 curl(const Gauge& gauge) {
  const auto& m = gauge.m;
  return {m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]};
}

/// The frame of a sample along a Cartesian axis.
Frame frame_of(std::size_t axis) {
  Vector3 n{};
  Vector3 u{};
  n[axis] = 1.0;
  u[(axis + 1) % 3] = 1.0;
  return sample::make_frame(n, u);
}

// curl A = b, and A does not depend on the coordinate along the current: physics notes §1.
TEST(Gauge, HasTheFieldAndIsPeriodicAlongTheLead) {
  test::Draw draw(1);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (const bool periodic : {false, true}) {
      const Vector3 b = {draw.uniform(), draw.uniform(), draw.uniform()};
      const Gauge gauge = periodic ? sample::torus_gauge(frame_of(axis), b)
                                   : sample::lead_gauge(frame_of(axis).n, b);
      const Vector3 found = curl(gauge);
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(found[i], b[i], 1e-15);
        EXPECT_EQ(gauge.m[i][axis], 0.0);
      }
    }
  }
}

// The phase round any triangle is the flux through it, b.(area vector).
TEST(Gauge, PhaseRoundATriangleIsItsFlux) {
  test::Draw draw(2);
  for (int repeat = 0; repeat < 20; ++repeat) {
    const auto vector = [&] { return Vector3{draw.uniform(), draw.uniform(), draw.uniform()}; };
    const Vector3 b = vector();
    const Gauge gauge = sample::lead_gauge({0, 1, 0}, b);
    const Vector3 r0 = vector();
    const Vector3 r1 = vector();
    const Vector3 r2 = vector();
    const double phase = sample::peierls_phase(gauge, r1, r0) +
                         sample::peierls_phase(gauge, r2, r1) +
                         sample::peierls_phase(gauge, r0, r2);
    const Vector3 u = r1 - r0;
    const Vector3 v = r2 - r0;
    const Vector3 area = {0.5 * (u[1] * v[2] - u[2] * v[1]), 0.5 * (u[2] * v[0] - u[0] * v[2]),
                          0.5 * (u[0] * v[1] - u[1] * v[0])};
    EXPECT_NEAR(phase, dot(b, area), 1e-14);
  }
}

TEST(Gauge, DirectionsOfTheField) {
  const Frame axes = frame_of(2);  // current z, width x, thickness y
  EXPECT_EQ(sample::field_direction(axes, 0, 33), (Vector3{0, 0, 1}));
  EXPECT_EQ(sample::field_direction(axes, 90, 0), (Vector3{1, 0, 0}));
  EXPECT_EQ(sample::field_direction(axes, 90, 90), (Vector3{0, 1, 0}));
  EXPECT_EQ(sample::field_direction(axes, 180, 0)[2], -1.0);
  const Vector3 tilted = sample::field_direction(axes, 60, 30);
  EXPECT_NEAR(tilted[2], 0.5, 1e-15);
  EXPECT_NEAR(tilted[0], 0.75, 1e-15);
  EXPECT_NEAR(tilted[1], std::sqrt(3.0) / 4.0, 1e-15);
}

/// A slow, separate assembly of a disordered bar along x in any gauge that does not depend on x, with
/// an arbitrary constant added to A: the oracle for gauge invariance.
double conductance_in_gauge(const model::Model& model, const Gauge& gauge, const Vector3& shift,
                            double energy) {
  constexpr int length = 6;
  constexpr int width = 4;
  constexpr int thickness = 3;
  const std::size_t n = model.n_orbitals();
  const auto number = [&](int x, int y, int z) {
    return static_cast<std::size_t>((x * width + y) * thickness + z);
  };
  constexpr std::size_t n_cells = length * width * thickness;
  constexpr std::size_t slice = width * thickness;
  Matrix h(n_cells * n, n_cells * n);
  sample::LeadCell right{Matrix(slice * n, slice * n), Matrix(slice * n, slice * n)};
  const auto place = [&](Matrix& target, std::size_t to, std::size_t from, const Matrix& block) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) target(to * n + i, from * n + j) += block(i, j);
    }
  };
  for (int x = 0; x < length; ++x) {
    for (int y = 0; y < width; ++y) {
      for (int z = 0; z < thickness; ++z) {
        test::Draw site(1000 + number(x, y, z));
        Matrix onsite = model.onsite;
        if (x == 0) place(right.cell, number(0, y, z), number(0, y, z), onsite);
        const double energy_here = 0.7 * site.uniform();
        for (std::size_t i = 0; i < n; ++i) onsite(i, i) += energy_here;
        place(h, number(x, y, z), number(x, y, z), onsite);
        for (const auto& hopping : model.hoppings) {
          const auto& o = hopping.offset;
          const Vector3 from = {1.0 * x, 1.0 * y, 1.0 * z};
          const Vector3 to = {1.0 * (x + o[0]), 1.0 * (y + o[1]), 1.0 * (z + o[2])};
          if (to[1] >= width || to[2] >= thickness) continue;
          const Vector3 a = gauge.at(0.5 * (from + to)) + shift;
          const Matrix block = std::polar(1.0, dot(a, to - from)) * hopping.matrix;
          if (x == 0 && o[0] == 0) {
            place(right.cell, number(0, y + o[1], z + o[2]), number(0, y, z), block);
            place(right.cell, number(0, y, z), number(0, y + o[1], z + o[2]), adjoint(block));
          }
          if (x == 0 && o[0] == 1) {
            place(right.hopping, number(0, y + o[1], z + o[2]), number(0, y, z), block);
          }
          if (x + o[0] >= length) continue;
          place(h, number(x + o[0], y + o[1], z + o[2]), number(x, y, z), block);
          place(h, number(x, y, z), number(x + o[0], y + o[1], z + o[2]), adjoint(block));
        }
      }
    }
  }
  sample::DeviceLayout layout;
  std::vector<std::vector<std::int64_t>> columns(h.rows());
  std::vector<std::int64_t> offsets = {0};
  for (std::size_t i = 0; i < h.rows(); ++i) {
    for (std::size_t j = 0; j < h.rows(); ++j) {
      if (h(i, j) != 0.0) columns[i].push_back(static_cast<std::int64_t>(j));
    }
    if ((i + 1) % n == 0) offsets.push_back(static_cast<std::int64_t>(i + 1));
  }
  const auto pattern =
      std::make_shared<const linalg::SparsityPattern>(linalg::make_pattern(columns, offsets));
  layout.pattern = pattern;
  std::vector<Complex> values;
  for (std::size_t i = 0; i < h.rows(); ++i) {
    for (auto k = pattern->row_offsets[i]; k < pattern->row_offsets[i + 1]; ++k) {
      values.push_back(
          h(i, static_cast<std::size_t>(pattern->columns[static_cast<std::size_t>(k)])));
    }
  }
  layout.interfaces.resize(2);
  for (std::size_t i = 0; i < slice * n; ++i) {
    layout.interfaces[0].push_back(static_cast<std::int64_t>(i));
    layout.interfaces[1].push_back(static_cast<std::int64_t>(h.rows() - slice * n + i));
  }
  const std::vector<sample::LeadCell> leads = {{right.cell, adjoint(right.hopping)}, right};
  coherent::Engine engine(layout, coherent::SolverKind::dense);
  return engine.solve(values, lead::solve_leads(leads, energy), energy).transmission[2];
}

// The same T in three gauges of one tilted field, to 1e-10: symmetric, Landau, and one with a constant
// added to A, which shifts every wave vector.
TEST(Gauge, TransmissionDoesNotDependOnTheGauge) {
  const Vector3 b = {0.21, -0.34, 0.17};
  const Frame axes = frame_of(0);
  const model::Model metal =
      sample::device_model(test::lattice_deck("sample: {model: {name: simple_metal}}"));
  const model::Model weyl = sample::device_model(
      test::lattice_deck("sample: {model: {name: dirac_weyl, v: 0.8, m: 2.5, b: 0.4}}"));
  for (const auto* model : {&metal, &weyl}) {
    const Gauge symmetric = sample::lead_gauge(axes.n, b);
    const Gauge landau = sample::torus_gauge(axes, b);
    const double t = conductance_in_gauge(*model, symmetric, {}, 0.71);
    EXPECT_GT(t, 0.3);
    EXPECT_NEAR(conductance_in_gauge(*model, landau, {}, 0.71), t, 1e-10);
    EXPECT_NEAR(conductance_in_gauge(*model, symmetric, {0.3, -0.8, 1.9}, 0.71), t, 1e-10);
  }
}

}  // namespace
}  // namespace edotb
