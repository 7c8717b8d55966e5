#pragma once

#include "edotb/continuum/space.hpp"
#include "edotb/linalg/real_system.hpp"

#include <functional>
#include <memory>

namespace edotb::continuum {

/// A small dense matrix that one cell or face adds to the whole; row and column number are
/// node * n_fields + field.
class LocalMatrix {
 public:
  explicit LocalMatrix(std::size_t n) : n_(n), values_(n * n) {}
  [[nodiscard]] std::size_t size() const { return n_; }
  double& operator()(std::size_t row, std::size_t column) { return values_[row * n_ + column]; }
  void clear() { values_.assign(values_.size(), 0.0); }

 private:
  std::size_t n_;
  std::vector<double> values_;
};

/// The bilinear form of an equation, by what a cell and a boundary face add to its matrix
/// a(test function of the row, trial function of the column).
struct WeakForm {
  int n_fields = 1;
  int degree = 1;  ///< of the polynomials to be integrated
  std::function<void(std::span<const CellPoint>, std::size_t n_nodes, LocalMatrix&)> on_cell;
  std::function<void(std::span<const FacePoint>, std::size_t n_nodes, LocalMatrix&)> on_face;
  /// Of a form that is not symmetric, a symmetric and definite one near it, for multigrid.
  std::shared_ptr<const WeakForm> near;
};

/// The rows [first, end) of the form's matrix on a space. Unknown number = node * n_fields + field;
/// entries that vanish to rounding are not stored.
[[nodiscard]] linalg::RealRows assemble(const Space& space, const WeakForm& form,
                                        std::int32_t first, std::int32_t end);

}  // namespace edotb::continuum
