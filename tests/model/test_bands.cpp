// Bulk bands with velocities and surface spectral functions. Oracles: derivatives of closed band
// formulas, differences of energies, the edge states of the Weyl model in closed form, the Green's function
// of a thick slab.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/model/bands.hpp"
#include "edotb/model/library.hpp"
#include "edotb/model/surface.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::Matrix;

constexpr double pi = constants::pi;

// E = -2t (cos kx + cos ky), so dE/dk along (1, 2)/sqrt(5) is 2t (sin kx + 2 sin ky)/sqrt(5).
TEST(BulkBands, VelocityOfTheSquareLattice) {
  const auto metal = model::build("simple_metal", {{"t", 0.7}, {"dimension", 2}});
  test::Draw draw(1);
  for (int i = 0; i < 20; ++i) {
    const Vector3 k = {pi * draw.uniform(), pi * draw.uniform(), 0.0};
    const auto bands = model::bulk_bands(metal, k, {0.3, 0.6, 0.0});
    EXPECT_NEAR(bands.values[0], -1.4 * (std::cos(k[0]) + std::cos(k[1])), 1e-14);
    EXPECT_NEAR(bands.slopes[0], 1.4 * (std::sin(k[0]) + 2.0 * std::sin(k[1])) / std::sqrt(5.0),
                1e-14);
  }
}

// At the Dirac point of graphene the slopes are +-(sqrt(3)/2) t a in every direction; k of the point in the
// rectangular cell: kx = 2 pi/3, ky = 0. Only the degenerate subspace knows which states move.
TEST(BulkBands, SlopesOfADiracPoint) {
  const auto sheet = model::build("graphene", {{"t", 2.7}});
  for (const Vector3 along : {Vector3{1, 0, 0}, Vector3{0, 1, 0}, Vector3{0.4, -0.3, 0}}) {
    const auto bands = model::bulk_bands(sheet, {2.0 * pi / 3.0, 0, 0}, along);
    EXPECT_NEAR(bands.values[1], 0.0, 1e-12);
    EXPECT_NEAR(bands.slopes[1], -std::sqrt(3.0) / 2.0 * 2.7, 1e-9);
    EXPECT_NEAR(bands.slopes[2], std::sqrt(3.0) / 2.0 * 2.7, 1e-9);
  }
}

// (E(k + d) - E(k - d))/2d on a lattice with long and oblique hoppings.
TEST(BulkBands, SlopesAreDifferences) {
  const auto model =
      model::build("kane_mele", {{"t", 1}, {"so", 0.2}, {"rashba", 0.3}, {"mass", 0.1}});
  const Vector3 k = {0.3, -1.1, 0};
  const Vector3 along = {0.7, 0.4, 0};
  const double step = 1e-5;
  const auto bands = model::bulk_bands(model, k, along);
  const auto after = model::bulk_bands(model, k + step * along, along);
  const auto before = model::bulk_bands(model, k - step * along, along);
  const double distance = 2.0 * step * norm(model::cartesian(model, along));
  for (std::size_t n = 0; n < bands.values.size(); ++n) {
    EXPECT_NEAR(bands.slopes[n], (after.values[n] - before.values[n]) / distance, 1e-8);
  }
}

// <0|(omega - H)^{-1}|0> of a slab so thick that nothing comes back from its other side; layers are h.R = const
// of the crystal's own lattice, k its wave vector [radians per lattice vector], layers counted inwards.
Matrix slab_corner(const model::Model& model, const std::array<int, 3>& h, const Vector3& k,
                   Complex omega, std::size_t n_layers) {
  const std::size_t n = model.n_orbitals();
  Matrix g(n * n_layers, n * n_layers);
  const auto add = [&](int distance, const Matrix& block) {
    for (std::size_t layer = 0; layer < n_layers; ++layer) {
      const auto to = static_cast<std::ptrdiff_t>(layer) + distance;
      if (to < 0 || to >= static_cast<std::ptrdiff_t>(n_layers)) continue;
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = 0; i < n; ++i) {
          g(static_cast<std::size_t>(to) * n + i, layer * n + j) -= block(i, j);
        }
      }
    }
  };
  add(0, model.onsite);
  for (const auto& hopping : model.hoppings) {
    const auto& r = hopping.offset;
    const Matrix term =
        std::polar(1.0, -(k[0] * r[0] + k[1] * r[1] + k[2] * r[2])) * hopping.matrix;
    const int outwards = h[0] * r[0] + h[1] * r[1] + h[2] * r[2];
    add(-outwards, term);
    add(outwards, adjoint(term));
  }
  for (std::size_t i = 0; i < g.rows(); ++i) g(i, i) += omega;
  Matrix first(g.rows(), n);
  for (std::size_t i = 0; i < n; ++i) first(i, i) = 1.0;
  return linalg::block(linalg::solve(g, first), 0, 0, n, n);
}

TEST(Surface, IsTheEndOfAThickSlab) {
  const auto formula = test::lattice_deck(
      "sample: {model: {name: formula, formula: sin(kx + 2*kz)*sigma_x + sin(ky)*sigma_y + (1.5 - "
      "cos(kx) - cos(ky) - cos(kz) + 0.3*cos(3*kz - ky))*sigma_z + 0.2*sin(kz)}}");
  const auto far = sample::device_model(formula);
  const auto weyl =
      model::build("dirac_weyl", {{"t", 1}, {"v", 0.8}, {"m", 3}, {"b", 0.9}, {"inversion", 0.1}});
  const Vector3 k = {0.4, -0.9, 0.7};
  const double broadening = 0.3;
  for (const auto* crystal : {&far, &weyl}) {
    for (const auto& h : std::vector<std::array<int, 3>>{
             {1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, 0, -1}, {1, 1, 0}, {2, -1, 1}}) {
      const auto surface = model::make_surface(*crystal, h);
      std::array<double, 2> in_plane{};
      for (std::size_t i = 0; i < 2; ++i) {
        const auto& c = surface.vectors[i];
        in_plane[i] = c[0] * k[0] + c[1] * k[1] + c[2] * k[2];
      }
      const auto found = model::spectral_function(surface, in_plane, 0.3, broadening);
      const Matrix g = slab_corner(*crystal, h, k, Complex(0.3, broadening), 110);
      double expected = 0.0;
      for (std::size_t i = 0; i < g.rows(); ++i) expected -= g(i, i).imag() / pi;
      EXPECT_NEAR(found.surface, expected, 1e-8 * expected) << h[0] << h[1] << h[2];
    }
  }
}

// A plane's cell is a basis of the lattice: volume kept, two vectors in the plane, and H(k) the same function.
TEST(Surface, CellsOfPlanes) {
  const auto crystal =
      model::build("dirac_weyl", {{"t", 1}, {"v", 0.8}, {"m", 3}, {"b", 0.9}, {"inversion", 0.1}});
  const Vector3 k = {0.4, -0.9, 0.7};
  const auto expected = linalg::hermitian_eigenvalues(bloch_hamiltonian(crystal, k));
  for (int x = -3; x <= 3; ++x) {
    for (int y = -3; y <= 3; ++y) {
      for (int z = -3; z <= 3; ++z) {
        if (x == 0 && y == 0 && z == 0) continue;
        const auto surface = model::make_surface(crystal, {x, y, z});
        const auto& a = surface.model.lattice_vectors;
        EXPECT_NEAR(std::abs(dot(a[0], cross(a[1], a[2]))), 1.0, 1e-12);
        const Vector3 normal = {1.0 * x, 1.0 * y, 1.0 * z};
        EXPECT_EQ(dot(a[0], normal), 0.0);
        EXPECT_EQ(dot(a[1], normal), 0.0);
        EXPECT_GT(dot(a[2], normal), 0.0);
        Vector3 turned{};
        for (std::size_t i = 0; i < 3; ++i) turned[i] = dot(a[i], k);  // a simple cubic crystal
        const auto bands = linalg::hermitian_eigenvalues(bloch_hamiltonian(surface.model, turned));
        for (std::size_t n = 0; n < bands.size(); ++n) EXPECT_NEAR(bands[n], expected[n], 1e-12);
      }
    }
  }
  EXPECT_THROW((void)model::make_surface(crystal, {0, 0, 0}), Error);
  EXPECT_THROW((void)model::make_surface(crystal, {21, 0, 0}), Error);
}

// The bulk function of a chain E = -2t cos k: -Im G/pi with G = 1/sqrt((omega - 2t)(omega + 2t)), and of its
// end G = (omega - sqrt(omega^2 - 4t^2))/(2 t^2).
// The wave vector along the in-plane vector (1 -1 0) of the plane (1 1 0), wherever that stands in the list.
std::array<double, 2> oblique_k(const model::Model& crystal, double k) {
  const auto surface = model::make_surface(crystal, {1, 1, 0});
  return surface.vectors[0][2] == 0 ? std::array<double, 2>{k, 0.0} : std::array<double, 2>{0.0, k};
}

// Across (1 1 0) the square lattice is a chain with hopping 2t cos(k_1/2), as two bonds lead to the next line.
TEST(Surface, ChainInClosedForm) {
  const auto chain = model::build("simple_metal", {{"t", 0.8}, {"dimension", 2}});
  for (const double energy : {-1.7, 0.3, 1.55, 2.4}) {
    // At ky = pi/2 the square lattice is a chain along x.
    const auto found = model::spectral_function(model::make_surface(chain, {1, 0, 0}),
                                                {pi / 2.0, 0.0}, energy, 1e-3);
    const Complex omega(energy, 1e-3);
    const Complex root = std::sqrt(omega - 1.6) * std::sqrt(omega + 1.6);
    EXPECT_NEAR(found.bulk, -(1.0 / root).imag() / pi, 1e-10);
    EXPECT_NEAR(found.surface, -((omega - root) / (2.0 * 0.64)).imag() / pi, 1e-10);
    const auto oblique =
        model::spectral_function(model::make_surface(chain, {1, 1, 0}),
                                 oblique_k(chain, std::acos(0.5) * 2.0), energy, 1e-3);
    EXPECT_NEAR(oblique.bulk, found.bulk, 1e-9);
    EXPECT_NEAR(oblique.surface, found.surface, 1e-9);
  }
}

// W1 with t = m ends in +x or -x. The hopping to +x is T = -(m/2)(1 - s_y) s_z, which kills s_y = -1, and its
// adjoint kills s_y = +1: so sum_n lambda^n |s_y = +-1> is exact at the end +-x, with n counted inwards,
// lambda = (M + m)/m, M = t_z (cos kz - cos k0) + m (1 - cos ky), at E = +-t sin ky, where |lambda| < 1. That
// is the Fermi arc, which joins the nodes through kz = pi. Its weight on the outermost cell is 1 - lambda^2, so
// that on the arc A = (1 - lambda^2)/(pi broadening) up to order 1.
TEST(Surface, FermiArcOfTheWeylModel) {
  const double k0 = 1.2;
  const auto weyl = model::build("weyl_two_band", {{"t", 1}, {"t_z", 1}, {"m", 1}, {"k0", k0}});
  const double broadening = 1e-4;
  const auto surface = [&](int side, double ky, double kz, double energy) {
    return model::spectral_function(model::make_surface(weyl, {side, 0, 0}), {ky, kz}, energy,
                                    broadening)
        .surface;
  };
  for (const double kz : {pi, 2.2, 1.8, -2.5}) {
    const double energy = 0.15;
    for (const int side : {1, -1}) {
      const double ky = std::asin(energy);
      const double lambda = std::cos(kz) - std::cos(k0) + 1.0 - std::cos(ky) + 1.0;
      ASSERT_LT(std::abs(lambda), 1.0);
      const double plus = surface(side, ky, kz, energy);
      const double minus = surface(side, -ky, kz, energy);
      const double expected = (1.0 - lambda * lambda) / (pi * broadening);
      EXPECT_NEAR(std::max(plus, minus), expected, 1.0 + 1e-3 * expected);
      EXPECT_LT(std::min(plus, minus), 1.0);
      EXPECT_EQ(plus > minus, side == 1);
    }
  }
  // Between the nodes, through kz = 0, there is no arc.
  for (const double kz : {0.0, 0.5, -0.9}) {
    EXPECT_LT(surface(1, std::asin(0.15), kz, 0.15), 0.1);
    EXPECT_LT(surface(1, -std::asin(0.15), kz, 0.15), 0.1);
  }
}

// The whole spectrum: integral A dE = number of orbitals, for surface and bulk.
TEST(Surface, SumRule) {
  const auto weyl = model::build("weyl_two_band", {{"t", 1}, {"t_z", 1}, {"m", 1}, {"k0", 1.5}});
  const auto end = model::make_surface(weyl, {0, -1, 0});
  double surface = 0.0;
  double bulk = 0.0;
  const double step = 0.02;
  const double broadening = 0.05;
  const double range = 60.0;
  for (int i = 0; i < static_cast<int>(2.0 * range / step); ++i) {
    const auto a = model::spectral_function(end, {0.3, 2.0}, -range + i * step, broadening);
    surface += step * a.surface;
    bulk += step * a.bulk;
  }
  // The tails of the Lorentzians beyond the range: 2 broadening/(pi range) each.
  EXPECT_NEAR(surface, 2.0, 2.0 * 2.0 * broadening / (pi * range) + 1e-3);
  EXPECT_NEAR(bulk, 2.0, 2.0 * 2.0 * broadening / (pi * range) + 1e-3);
}

}  // namespace
}  // namespace edotb
