// Layers 0, 1, 2, ... inwards, thick enough that only neighbours couple: H_0 within, alpha = <0|H|1>,
// beta = <1|H|0>. With g = (omega - epsilon)^{-1}, eliminating every other layer takes
//     epsilon_s += alpha g beta,  epsilon += alpha g beta + beta g alpha,
//     alpha <- alpha g alpha,     beta <- beta g beta
// until alpha and beta vanish; then G_surface = (omega - epsilon_s)^{-1}, G_bulk = (omega - epsilon)^{-1}.

#include "edotb/model/surface.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace edotb::model {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Layers of n cells and the hopping onto the next layer inwards.
struct Layers {
  Matrix within;
  Matrix inwards;  ///< beta = <1|H|0>
};

Layers make_layers(const Model& model, const std::array<double, 2>& k) {
  const std::size_t n = model.n_orbitals();
  // onto[d] = <cell z + d| H |cell z>, cells z counted inwards.
  std::map<int, Matrix> onto = {{0, model.onsite}};
  int reach = 1;
  for (const Hopping& hopping : model.hoppings) {
    const auto& r = hopping.offset;
    const Matrix term = std::polar(1.0, -(k[0] * r[0] + k[1] * r[1])) * hopping.matrix;
    onto.try_emplace(-r[2], Matrix(n, n)).first->second += term;
    onto.try_emplace(r[2], Matrix(n, n)).first->second += adjoint(term);
    reach = std::max(reach, std::abs(r[2]));
  }
  const auto n_cells = static_cast<std::size_t>(reach);
  Layers layers{Matrix(n * n_cells, n * n_cells), Matrix(n * n_cells, n * n_cells)};
  const auto put = [&](Matrix& target, int to, int from, int distance) {
    const auto found = onto.find(distance);
    if (found == onto.end()) return;
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < n; ++i) {
        target(static_cast<std::size_t>(to) * n + i, static_cast<std::size_t>(from) * n + j) =
            found->second(i, j);
      }
    }
  };
  for (int to = 0; to < reach; ++to) {
    for (int from = 0; from < reach; ++from) {
      put(layers.within, to, from, to - from);
      put(layers.inwards, to, from, to + reach - from);
    }
  }
  return layers;
}

/// omega - epsilon.
Matrix resolvent(const Matrix& epsilon, Complex omega) {
  Matrix result = Complex(-1.0) * epsilon;
  for (std::size_t i = 0; i < result.rows(); ++i) result(i, i) += omega;
  return result;
}

/// -Im Tr G / pi over the first `n` orbitals.
double density(const Matrix& epsilon, Complex omega, std::size_t n) {
  const Matrix g = linalg::solve(resolvent(epsilon, omega), Matrix::identity(epsilon.rows()));
  double trace = 0.0;
  for (std::size_t i = 0; i < n; ++i) trace -= g(i, i).imag();
  return trace / constants::pi;
}

}  // namespace

SpectralFunction spectral_function(const Surface& surface, const std::array<double, 2>& k,
                                   double energy, double broadening) {
  const Layers layers = make_layers(surface.model, k);
  const Complex omega(energy, broadening);
  Matrix epsilon = layers.within;
  Matrix epsilon_surface = layers.within;
  Matrix beta = layers.inwards;
  Matrix alpha = adjoint(beta);
  const double scale = std::max(linalg::max_norm(layers.within), linalg::max_norm(beta));
  constexpr int max_steps = 100;
  for (int step = 0;; ++step) {
    const double left = std::max(linalg::max_norm(alpha), linalg::max_norm(beta));
    if (left <= 1e-14 * scale) break;
    if (step == max_steps || !std::isfinite(left)) {
      throw numerical_error(
          fmt::format("the surface Green's function at energy {} and k = ({}, {}) does not settle; "
                      "take a larger bands.broadening",
                      energy, k[0], k[1]));
    }
    const Matrix g_alpha_beta =
        linalg::solve(resolvent(epsilon, omega), linalg::join_columns(alpha, beta));
    const std::size_t n = epsilon.rows();
    const Matrix g_alpha = linalg::block(g_alpha_beta, 0, 0, n, n);
    const Matrix g_beta = linalg::block(g_alpha_beta, 0, n, n, n);
    const Matrix inwards = alpha * g_beta;
    epsilon_surface += inwards;
    epsilon += inwards;
    epsilon += beta * g_alpha;
    alpha = alpha * g_alpha;
    beta = beta * g_beta;
  }
  const std::size_t n = surface.model.n_orbitals();
  const SpectralFunction result{density(epsilon_surface, omega, n), density(epsilon, omega, n)};
  if (!std::isfinite(result.surface) || !std::isfinite(result.bulk)) {
    throw numerical_error(fmt::format("the spectral function at energy {} is not finite", energy));
  }
  return result;
}

}  // namespace edotb::model
