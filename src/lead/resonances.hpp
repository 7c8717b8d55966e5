#pragma once

#include "edotb/sample/scattering_problem.hpp"

#include <cstddef>
#include <functional>

namespace edotb::lead {

/// Pivots below this part of the largest matrix entries of the lead are raised.
inline constexpr double small_pivot = 0.03;

/// The largest matrix entries of a lead.
[[nodiscard]] double scale_of(const sample::LeadCell& lead);

/// What eliminating states leaves between the two kept cells beside them, in any coordinates of the two:
/// with `left` and `right` their couplings to the states and K = E - H of these, left_left is
/// left^H K^{-1} left and so on, but for the resonances, with resonance r = to_left^H left + to_right^H right.
struct Elimination {
  linalg::Matrix left_left;
  linalg::Matrix right_right;
  linalg::Matrix right_left;
  linalg::Matrix resonance;
  linalg::Matrix to_left;
  linalg::Matrix to_right;
};

/// Part (row, column, n_rows, n_columns) of a Hermitian matrix.
using MatrixPart =
    std::function<linalg::Matrix(std::size_t, std::size_t, std::size_t, std::size_t)>;

/// Reads it off the rest of a factorisation with raised pivots, rows [left | right | unknowns]. Of the
/// unknowns only those combinations are kept that are resonances of a lead of this scale: raising pivots
/// that were not small in the end leaves no trace.
[[nodiscard]] Elimination read_elimination(const MatrixPart& rest, std::size_t n_left,
                                           std::size_t n_right, std::size_t n_unknowns,
                                           double scale);

}  // namespace edotb::lead
