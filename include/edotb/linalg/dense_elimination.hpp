#pragma once

#include "edotb/linalg/dense.hpp"

#include <cstddef>
#include <memory>

namespace edotb::linalg {

/// Eliminates the pivots of a dense Hermitian matrix  [K C^H; C 0]  as the multifrontal method does a
/// front: half the work of general elimination, and safe for a singular K. An eigenvalue of a diagonal
/// block of 32 pivots that is smaller than `threshold` is raised to +-`raised`, and one more unknown,
/// left over, undoes it exactly. What is left is Hermitian, its rows [those of C | left-over unknowns];
/// without the latter it is -C K^{-1} C^H.
class DenseElimination {
 public:
  /// K and C are zero until filled.
  DenseElimination(std::size_t n_pivots, std::size_t n_rest);
  ~DenseElimination();
  DenseElimination(const DenseElimination&) = delete;
  DenseElimination& operator=(const DenseElimination&) = delete;
  DenseElimination(DenseElimination&&) = delete;
  DenseElimination& operator=(DenseElimination&&) = delete;

  /// Adds `values` at (row, column) of [K; C]; of K the lower triangle counts.
  void add(std::size_t row, std::size_t column, const Matrix& values);
  /// Throws numerical_error when an entry is NaN or infinite.
  void eliminate(double threshold, double raised);

  [[nodiscard]] std::size_t n_left_over() const;
  /// A part of what is left.
  [[nodiscard]] Matrix rest(std::size_t row, std::size_t column, std::size_t n_rows,
                            std::size_t n_columns) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> self_;
};

}  // namespace edotb::linalg
