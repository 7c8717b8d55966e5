// Measured on bars with elements of order 2 and a matrix that is not symmetric, the dearest case: a factor
// of N unknowns in the plane grows as N (log N within what was measured), in space as N^(4/3).

#include "edotb/continuum/memory.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

double megabytes(const ConductorOptions& options, int dimension, int n_fields, double n_unknowns,
                 int n_ranks) {
  constexpr double program = 60.0;
  const double mesh = 0.4e-3 * n_unknowns;  // every rank has all of it
  const double multigrid = (dimension == 2 ? 0.4e-3 : 1.9e-3) * n_unknowns;
  const auto direct = [&](double n) {
    return dimension == 2 ? 0.6e-3 * n : 0.26e-3 * std::pow(n, 4.0 / 3.0);
  };
  double solver = multigrid;
  if (options.solve.solver == SolverKind::direct) solver = direct(n_unknowns);
  if (options.solve.solver == SolverKind::automatic) {
    solver =
        std::max(multigrid, direct(std::min<double>(n_unknowns, most_direct_unknowns(dimension))));
  }
  return program + n_fields * (mesh + solver / n_ranks);
}

}  // namespace edotb::continuum
