// N cells of a lead, their insides eliminated, are one cell of a chain of its own, with Bloch factors
// lambda^N. Its hopping only carries the slow modes, |lambda|^N > 1e-12 or so, so that its numerical rank r is
// a small part of the dimension, and the Schur form of its mode equation, 2 r, is cheap and complete: no
// mode can be missed. The self-energies of the chain of supercells and of the lead differ by what the
// first block adds to the interface, which is Hermitian.
//
// The factors lambda^N fold the momenta. The waves are unfolded by the lead's own transfer matrices,
//     psi_1 = (E - H_0 - Sigma)^{-1} V psi_0   (outgoing),   with Sigma^H for incoming waves,
// which keep Gamma = i (Sigma - Sigma^H): among waves at unit current they are unitary m x m matrices.
// When an incoming and an outgoing momentum fold onto each other digits are lost; the residual tells,
// and one more cell moves them apart.

#include "supercell.hpp"

#include "chain.hpp"
#include "edotb/base/error.hpp"
#include "edotb/lead/cell_block.hpp"
#include "edotb/linalg/dense_factors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace edotb::lead {

using linalg::Complex;
using linalg::DenseLU;
using linalg::Matrix;

namespace {

/// Bloch factors nearer than this count as degenerate.
constexpr double degenerate = 1e-8;
constexpr double target_residual = 1e-9;
constexpr double max_residual = 1e-8;
constexpr std::size_t most_cells = 64;
constexpr int n_attempts = 3;

sample::LeadCell with_square_hopping(const sample::LeadCell& lead) {
  const std::size_t n = lead.cell.rows();
  return {lead.cell, linalg::join_columns(lead.hopping, Matrix(n, n - lead.hopping.columns())), 0.0,
          lead.site_offsets};
}

/// A block with a hopping of low enough a rank.
CellBlock thin_block(const sample::LeadCell& lead, double energy) {
  const std::size_t few = std::max<std::size_t>(1, lead.cell.rows() / 5);
  CellBlock block = cheapest_run(lead, energy);
  while (block.n_cells < most_cells &&
         !(block.hopping.is_low_rank() && block.hopping.a.columns() <= few)) {
    block = join(lead, energy, block, block);
  }
  return block;
}

/// A B^H with the singular values shared between A and B.
FactoredMatrix balanced(const FactoredMatrix& matrix, double negligible) {
  const auto svd = linalg::singular_values(matrix.is_low_rank() ? matrix.b : matrix.a);
  std::size_t rank = 0;
  while (rank < svd.s.size() && svd.s[rank] > negligible) ++rank;
  FactoredMatrix result{linalg::block(svd.u, 0, 0, svd.u.rows(), rank),
                        linalg::block(svd.v, 0, 0, svd.v.rows(), rank)};
  if (matrix.is_low_rank()) {
    std::swap(result.a, result.b);
    result.a = matrix.a * result.a;
  }
  for (std::size_t j = 0; j < rank; ++j) {
    for (Complex& value : result.a.column(j)) value *= std::sqrt(svd.s[j]);
    for (Complex& value : result.b.column(j)) value *= std::sqrt(svd.s[j]);
  }
  return result;
}

/// The cell of the chain of supercells: a kept cell of the lead, then the resonances of the block that
/// leads to it. Its hopping is [hopping; to_left^H].
ReducedCell supercell(const sample::LeadCell& lead, const CellBlock& block, double energy) {
  const std::size_t n = lead.cell.rows();
  const std::size_t p = block.n_resonances();
  Matrix h(n + p, n + p);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      h(i, j) = lead.cell(i, j) + block.on_left(i, j) + block.on_right(i, j);
    }
  }
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      h(i, n + j) = block.to_right(i, j);
      h(n + j, i) = std::conj(block.to_right(i, j));
    }
    for (std::size_t i = 0; i < p; ++i) {
      h(n + i, n + j) = (i == j ? energy : 0.0) - block.resonance(i, j);
    }
  }
  const FactoredMatrix hopping = balanced(block.hopping, negligible_hopping(lead));
  const std::size_t rank = hopping.a.columns();
  Matrix a(n + p, rank + p);
  Matrix b(n + p, rank + p);
  for (std::size_t j = 0; j < rank; ++j) {
    std::copy(hopping.a.column(j).begin(), hopping.a.column(j).end(), a.column(j).begin());
    std::copy(hopping.b.column(j).begin(), hopping.b.column(j).end(), b.column(j).begin());
  }
  for (std::size_t j = 0; j < p; ++j) {
    a(n + j, rank + j) = 1.0;
    std::copy(block.to_left.column(j).begin(), block.to_left.column(j).end(),
              b.column(rank + j).begin());
  }
  ReducedCell cell = reduce(h, std::move(a), std::move(b), n, energy);
  cell.n_norm = n;
  return cell;
}

/// psi_0 of modes, on the interface.
Matrix interface_waves(const ReducedCell& cell, const ModeList& modes) {
  Matrix waves(cell.n_interface, modes.size());
  for (std::size_t j = 0; j < modes.size(); ++j) {
    Matrix z(modes[j]->z.size(), 1);
    std::copy(modes[j]->z.begin(), modes[j]->z.end(), z.data());
    const Matrix wave = cell_waves(cell, z, std::polar(1.0, modes[j]->mode.momentum));
    std::copy_n(wave.data(), waves.rows(), waves.column(j).begin());
  }
  return waves;
}

/// A matrix T with (waves T)^H Gamma (waves T) = 1.
Matrix to_unit_currents(const Matrix& currents) {
  const auto form = linalg::hermitian_eigen(currents);
  if (!form.values.empty() && !(form.values.front() > 0.5 && form.values.back() < 2.0)) {
    throw numerical_error(fmt::format("waves at unit current carry currents from {:.3g} to {:.3g}",
                                      form.values.front(), form.values.back()));
  }
  Matrix scaled = form.vectors;
  for (std::size_t j = 0; j < scaled.columns(); ++j) {
    for (Complex& value : scaled.column(j)) value /= std::sqrt(form.values[j]);
  }
  return linalg::times_adjoint(scaled, form.vectors);
}

/// Places of equal Bloch factors, ordered by momentum.
std::vector<std::vector<std::size_t>> clusters_of(const std::vector<Complex>& factors) {
  std::vector<std::size_t> order(factors.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](auto i, auto j) { return std::arg(factors[i]) < std::arg(factors[j]); });
  std::vector<std::vector<std::size_t>> clusters;
  for (const std::size_t i : order) {
    const auto home = std::find_if(clusters.begin(), clusters.end(), [&](const auto& cluster) {
      return std::any_of(cluster.begin(), cluster.end(), [&](std::size_t j) {
        return std::abs(factors[i] - factors[j]) < degenerate;
      });
    });
    if (home == clusters.end()) {
      clusters.push_back({i});
    } else {
      home->push_back(i);
    }
  }
  return clusters;
}

struct UnfoldedModes {
  std::vector<Mode> modes;
  Matrix waves;  ///< at unit current
};

/// Turns waves that move one way to Bloch waves of the lead. `next` are the same waves one cell further
/// out; `sign` is that of their velocity.
UnfoldedModes unfolded(Matrix waves, Matrix next, const Matrix& gamma, double sign) {
  const Matrix scale = to_unit_currents(linalg::adjoint_times(waves, gamma * waves));
  waves = waves * scale;
  next = next * scale;
  const auto bloch = linalg::schur(linalg::adjoint_times(gamma * waves, next));
  const std::size_t m = waves.columns();
  std::vector<Complex> factors(m);
  for (std::size_t j = 0; j < m; ++j) factors[j] = bloch.t(j, j) / std::abs(bloch.t(j, j));
  waves = waves * bloch.q;

  UnfoldedModes result{{}, Matrix(waves.rows(), m)};
  for (const auto& cluster : clusters_of(factors)) {
    Matrix members(waves.rows(), cluster.size());
    Complex factor = 0.0;
    for (std::size_t j = 0; j < cluster.size(); ++j) {
      factor += factors[cluster[j]];
      std::copy_n(waves.column(cluster[j]).begin(), waves.rows(), members.column(j).begin());
    }
    // The velocity is current over norm; waves at unit current that diagonalise it have orthogonal
    // cells. It ascends, as it does for the Schur method.
    const auto norm = linalg::hermitian_eigen(linalg::adjoint_times(members, members));
    const Matrix turned = members * norm.vectors;
    for (std::size_t i = 0; i < cluster.size(); ++i) {
      const std::size_t j = sign > 0.0 ? cluster.size() - 1 - i : i;
      const auto wave = turned.column(j);
      // Fixed phase: the largest component is real and positive.
      const auto largest = std::max_element(wave.begin(), wave.end(), [](Complex x, Complex y) {
        return std::norm(x) < std::norm(y) * (1.0 - 1e-8);
      });
      const Complex phase = std::conj(*largest) / std::abs(*largest);
      const auto target = result.waves.column(result.modes.size());
      std::transform(wave.begin(), wave.end(), target.begin(),
                     [&](Complex value) { return phase * value; });
      result.modes.push_back({std::arg(factor), sign / norm.values[j]});
    }
  }
  return result;
}

void check_currents(const LeadSolution& solution, const Matrix& gamma) {
  const double size =
      std::max(linalg::max_norm(solution.self_energy), std::numeric_limits<double>::min());
  const auto misses = [&](const Matrix& waves) {
    return linalg::max_norm(linalg::times_adjoint(waves, waves) - gamma) / size;
  };
  const auto identity = Matrix::identity(solution.direct.rows());
  const double worst = std::max(
      {misses(solution.source), misses(solution.probe),
       linalg::max_norm(linalg::adjoint_times(solution.direct, solution.direct) - identity)});
  if (!(worst < max_residual)) {
    throw numerical_error(
        fmt::format("the modes of the supercell miss the current by {:.1e}", worst));
  }
}

/// |V^H (E - H_0 - Sigma)^{-1} V - Sigma| / |Sigma| on some random vectors: their images have entries
/// about as large as the norms of the rows.
double probed_residual(const Matrix& hopping, const Matrix& self_energy, const DenseLU& lu) {
  constexpr std::size_t n_probes = 16;
  const Matrix probes = linalg::start_vectors(hopping.columns(), n_probes);
  const Matrix image = self_energy * probes;
  const Matrix again = linalg::adjoint_times(hopping, lu.solve(hopping * probes));
  return linalg::max_norm(again - image) /
         std::max(linalg::max_norm(image), std::numeric_limits<double>::min());
}

/// What an end of the chain of supercells presents to the device: Sigma and psi_0 of the modes.
struct Surface {
  Matrix self_energy;
  Matrix incoming;
  Matrix outgoing;
};

/// Rightwards of cell 0 lies a block's left end.
Surface right_surface(const Chain& chain, const CellBlock& block) {
  Surface surface{block.on_left, Matrix(block.on_left.rows(), 0), Matrix(block.on_left.rows(), 0)};
  if (chain.cell.rank() == 0) return surface;
  const ChainEnd end = solve_end(chain, Direction::right);
  const Matrix near = linalg::block(end.near, 0, 0, surface.self_energy.rows(), end.near.columns());
  surface.self_energy += linalg::times_adjoint(near * end.x, near);
  surface.incoming = interface_waves(chain.cell, end.incoming);
  surface.outgoing = interface_waves(chain.cell, end.outgoing);
  return surface;
}

/// Leftwards lies a block's right end, the resonances r first: with S = A X A^H on (psi_0, r),
///     Sigma = on_right + S_pp + (to_right + S_pr) (resonance - S_rr)^{-1} (to_right^H + S_rp) .
Surface left_surface(const Chain& chain, const CellBlock& block) {
  const std::size_t n = block.on_right.rows();
  Surface surface{block.on_right, Matrix(n, 0), Matrix(n, 0)};
  if (chain.cell.rank() == 0) return surface;
  const ChainEnd end = solve_end(chain, Direction::left);
  const std::size_t p = block.n_resonances();
  const Matrix at_cell = linalg::block(end.near, 0, 0, n, end.near.columns());
  const Matrix at_resonances = linalg::block(end.near, n, 0, p, end.near.columns());
  surface.self_energy += linalg::times_adjoint(at_cell * end.x, at_cell);
  if (p > 0) {
    const Matrix to = block.to_right + linalg::times_adjoint(at_cell * end.x, at_resonances);
    const Matrix from =
        adjoint(block.to_right) + linalg::times_adjoint(at_resonances * end.x, at_cell);
    const Matrix w = block.resonance - linalg::times_adjoint(at_resonances * end.x, at_resonances);
    surface.self_energy += to * linalg::solve(w, from);
  }
  surface.incoming = interface_waves(chain.cell, end.incoming);
  surface.outgoing = interface_waves(chain.cell, end.outgoing);
  return surface;
}

LeadSolution checked_solution(const sample::LeadCell& lead, Surface surface, std::size_t n_cells,
                              double energy) {
  LeadSolution solution;
  solution.method = LeadMethod::supercell;
  solution.self_energy = std::move(surface.self_energy);
  Matrix h = Complex(-1.0) * (lead.cell + solution.self_energy);
  for (std::size_t i = 0; i < h.rows(); ++i) h(i, i) += energy;
  const DenseLU lu(std::move(h));
  solution.residual = probed_residual(lead.hopping, solution.self_energy, lu);
  if (!(solution.residual < max_residual)) {
    throw numerical_error(fmt::format(
        "the self-energy of {} cells misses its own equation by {:.1e} (allowed: {:.0e})", n_cells,
        solution.residual, max_residual));
  }

  const Matrix& u = surface.outgoing;
  const Matrix& phi = surface.incoming;
  const Matrix gamma = Complex(0.0, 1.0) * (solution.self_energy - adjoint(solution.self_energy));
  auto outgoing = unfolded(u, lu.solve(lead.hopping * u), gamma, 1.0);
  auto incoming = unfolded(phi, lu.solve_adjoint(lead.hopping * phi), gamma, -1.0);
  solution.outgoing = std::move(outgoing.modes);
  solution.incoming = std::move(incoming.modes);
  solution.source = gamma * incoming.waves;
  solution.probe = gamma * outgoing.waves;
  solution.direct = linalg::adjoint_times(outgoing.waves, solution.source);
  check_currents(solution, gamma);
  return solution;
}

/// The order in which two ends that share one chain list their modes: by the momentum along the chain.
void reverse_modes(LeadSolution& solution) {
  const auto flipped = [](const Matrix& a, bool rows) {
    Matrix result(a.rows(), a.columns());
    for (std::size_t j = 0; j < a.columns(); ++j) {
      const auto source = a.column(a.columns() - 1 - j);
      std::copy(source.begin(), source.end(), result.column(j).begin());
      if (rows) std::reverse(result.column(j).begin(), result.column(j).end());
    }
    return result;
  };
  std::reverse(solution.incoming.begin(), solution.incoming.end());
  std::reverse(solution.outgoing.begin(), solution.outgoing.end());
  solution.source = flipped(solution.source, false);
  solution.probe = flipped(solution.probe, false);
  solution.direct = flipped(solution.direct, true);
}

void keep_interface(LeadSolution& solution, std::size_t n_interface) {
  for (Matrix* matrix : {&solution.self_energy, &solution.source, &solution.probe}) {
    const std::size_t n_columns = matrix == &solution.self_energy ? n_interface : matrix->columns();
    *matrix = linalg::block(*matrix, 0, 0, n_interface, n_columns);
  }
}

std::vector<LeadSolution> solve_block(const sample::LeadCell& lead, const CellBlock& block,
                                      double energy, bool both_ends) {
  const Chain chain = solve_chain(supercell(lead, block, energy));
  std::vector<LeadSolution> solutions = {
      checked_solution(lead, right_surface(chain, block), block.n_cells, energy)};
  if (both_ends) {
    const sample::LeadCell opposite{lead.cell, adjoint(lead.hopping)};
    solutions.push_back(
        checked_solution(opposite, left_surface(chain, block), block.n_cells, energy));
    reverse_modes(solutions.back());
  }
  return solutions;
}

double largest_residual(const std::vector<LeadSolution>& solutions) {
  double largest = 0.0;
  for (const auto& solution : solutions) largest = std::max(largest, solution.residual);
  return largest;
}

}  // namespace

std::vector<LeadSolution> solve_by_supercell(const sample::LeadCell& lead, double energy,
                                             bool both_ends) {
  const bool is_square = lead.hopping.rows() == lead.hopping.columns();
  const sample::LeadCell padded = is_square ? sample::LeadCell{} : with_square_hopping(lead);
  const sample::LeadCell& square = is_square ? lead : padded;
  CellBlock block = thin_block(square, energy);
  std::vector<LeadSolution> best;
  std::string failures;
  // At half filling of a bipartite lattice k and k + pi are both modes, and every even number of cells
  // folds them onto each other: of the numbers tried some must be odd.
  for (int n_more = 0; n_more < n_attempts; ++n_more) {
    for (int i = 0; i < n_more; ++i) block = join(square, energy, block, single_bond(square));
    try {
      auto solutions = solve_block(square, block, energy, both_ends);
      if (best.empty() || largest_residual(solutions) < largest_residual(best)) {
        best = std::move(solutions);
      }
      if (largest_residual(best) < target_residual) break;
    } catch (const Error& error) {
      failures +=
          fmt::format("{}{} cells: {}", failures.empty() ? "" : "; ", block.n_cells, error.what());
    }
  }
  if (best.empty()) throw numerical_error("supercells of " + failures);
  for (auto& solution : best) keep_interface(solution, lead.hopping.columns());
  return best;
}

}  // namespace edotb::lead
