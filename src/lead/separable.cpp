// A chain of levels eps with hopping v = |v| exp(i theta) has the band E = eps + 2|v| cos(k - theta).
// With x = (E - eps)/(2|v|) its retarded self-energy is
//     Sigma = |v| (x - i sqrt(1 - x^2))  inside the band,   |v| (x - sign(x) sqrt(x^2 - 1))  outside,
// and the modes have Gamma = |velocity| = 2|v| sqrt(1 - x^2).

#include "separable.hpp"

#include "edotb/base/error.hpp"
#include "edotb/linalg/dense_factors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace edotb::lead {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Relative size of what may stand in the way of a separation: rounding.
constexpr double negligible = 1e-13;
constexpr double band_edge = 1e-6;
constexpr double degenerate = 1e-8;

bool is_multiple_of_unitary(const Matrix& v) {
  Matrix square = linalg::adjoint_product(v, v);
  const Complex size = square(0, 0);
  if (!(size.real() > 0.0)) return false;
  for (std::size_t i = 0; i < square.rows(); ++i) square(i, i) -= size;
  return linalg::max_norm(square) <= negligible * size.real();
}

struct ChainMode {
  std::size_t chain = 0;
  Mode mode;
};

/// Ordered by momentum; equal momenta by velocity.
void sort_modes(std::vector<ChainMode>& modes) {
  std::sort(modes.begin(), modes.end(), [](const ChainMode& a, const ChainMode& b) {
    return a.mode.momentum < b.mode.momentum;
  });
  for (auto first = modes.begin(); first != modes.end();) {
    auto last = first + 1;
    while (last != modes.end() && last->mode.momentum - (last - 1)->mode.momentum < degenerate) {
      ++last;
    }
    std::stable_sort(first, last, [](const ChainMode& a, const ChainMode& b) {
      return a.mode.velocity < b.mode.velocity;
    });
    first = last;
  }
}

}  // namespace

std::optional<SeparableLead> separated(const sample::LeadCell& lead) {
  const Matrix& h = lead.cell;
  const Matrix& v = lead.hopping;
  if (v.rows() != v.columns() || v.empty() || !is_multiple_of_unitary(v)) return std::nullopt;
  const double size = linalg::max_norm(h) + linalg::max_norm(v);
  const Matrix v_h = linalg::product(v, h);
  if (linalg::max_norm(linalg::product(h, v) - v_h) > negligible * size * linalg::max_norm(v)) {
    return std::nullopt;
  }
  // H_0 and the Hermitian parts of V commute; a combination without accidental degeneracies has the
  // eigenvectors of all three.
  const Matrix v_adjoint = adjoint(v);
  const Matrix mixed = h + 0.3819660 * (v + v_adjoint) + Complex(0.0, 0.2360680) * (v_adjoint - v);
  SeparableLead result;
  result.vectors = linalg::hermitian_eigen(mixed).vectors;
  for (const Matrix* part : {&h, &v}) {
    const Matrix image = linalg::product(adjoint(result.vectors), adjoint(*part));
    Matrix diagonal = image * result.vectors;  // Q^H part^H Q
    for (std::size_t j = 0; j < diagonal.rows(); ++j) {
      if (part == &h) {
        result.levels.push_back(diagonal(j, j).real());
      } else {
        result.hopping.push_back(std::conj(diagonal(j, j)));
      }
      diagonal(j, j) = 0.0;
    }
    if (linalg::max_norm(diagonal) > 10.0 * negligible * size) return std::nullopt;
  }
  return result;
}

std::vector<LeadSolution> solve_separable(const SeparableLead& lead, double energy,
                                          bool both_ends) {
  const std::size_t n = lead.levels.size();
  LeadSolution solution;
  solution.method = LeadMethod::separable;
  std::vector<ChainMode> outgoing;
  std::vector<ChainMode> incoming;
  Matrix weighted = lead.vectors;
  for (std::size_t j = 0; j < n; ++j) {
    const double v = std::abs(lead.hopping[j]);
    const double x = (energy - lead.levels[j]) / (2.0 * v);
    const double root = std::sqrt(std::abs((1.0 - x) * (1.0 + x)));
    if (root < band_edge) {
      throw numerical_error(
          fmt::format("a band edge: a mode has velocity {:.1e}, too small to tell whether it "
                      "propagates; move the energy by a little (1e-9 of the hopping is enough)",
                      2.0 * v * root));
    }
    const bool open = std::abs(x) < 1.0;
    const Complex sigma = open ? v * Complex(x, -root) : v * Complex(x - std::copysign(root, x));
    for (Complex& value : weighted.column(j)) value *= sigma;
    const Complex again = v * v / (energy - lead.levels[j] - sigma);
    solution.residual = std::max(solution.residual, std::abs(again - sigma) / std::abs(sigma));
    if (!open) continue;
    const Complex turn = lead.hopping[j] / v;
    const double velocity = 2.0 * v * root;  // at k - theta = -acos x
    outgoing.push_back({j, {std::arg(turn * Complex(x, -root)), velocity}});
    incoming.push_back({j, {std::arg(turn * Complex(x, root)), -velocity}});
  }
  solution.self_energy = linalg::times_adjoint(weighted, lead.vectors);
  sort_modes(outgoing);
  sort_modes(incoming);

  // Gamma phi of a wave phi = q/sqrt|velocity| is q sqrt|velocity|; its phase is that of the
  // eigenvector, the same for both directions.
  const auto waves = [&](const std::vector<ChainMode>& modes) {
    Matrix result(n, modes.size());
    for (std::size_t i = 0; i < modes.size(); ++i) {
      const auto q = lead.vectors.column(modes[i].chain);
      std::transform(q.begin(), q.end(), result.column(i).begin(), [&](Complex value) {
        return std::sqrt(std::abs(modes[i].mode.velocity)) * value;
      });
    }
    return result;
  };
  const auto collect = [](const std::vector<ChainMode>& modes, double sign) {
    std::vector<Mode> result;
    result.reserve(modes.size());
    for (const auto& mode : modes) {
      result.push_back({sign * mode.mode.momentum, sign * mode.mode.velocity});
    }
    return result;
  };
  const auto direct = [](const std::vector<ChainMode>& out, const std::vector<ChainMode>& in) {
    Matrix result(out.size(), in.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      for (std::size_t j = 0; j < in.size(); ++j) result(i, j) = out[i].chain == in[j].chain;
    }
    return result;
  };
  solution.outgoing = collect(outgoing, 1.0);
  solution.incoming = collect(incoming, 1.0);
  solution.source = waves(incoming);
  solution.probe = waves(outgoing);
  solution.direct = direct(outgoing, incoming);
  std::vector<LeadSolution> solutions = {std::move(solution)};
  if (both_ends) {
    // The same waves seen from the other side: what came in now goes out.
    LeadSolution opposite = solutions.front();
    opposite.outgoing = collect(incoming, -1.0);
    opposite.incoming = collect(outgoing, -1.0);
    std::swap(opposite.source, opposite.probe);
    opposite.direct = direct(incoming, outgoing);
    solutions.push_back(std::move(opposite));
  }
  return solutions;
}

}  // namespace edotb::lead
