#pragma once

#include "edotb/continuum/conductivity.hpp"
#include "edotb/continuum/contacts.hpp"

namespace edotb::continuum {

/// How far the mesh is from telling the truth.
struct ErrorEstimate {
  std::vector<double> conductance;  ///< [to][from], as the conductances; not negative
  std::vector<double> cells;        ///< each cell's share, relative to the sum; adds up to 1
};

/// The error of every conductance by the recovered gradients of Zienkiewicz and Zhu (Int. J. Numer. Meth.
/// Eng. 24, 337). `sigma` is the conductivity of each of the fields.
[[nodiscard]] ErrorEstimate estimate_error(const Space& space, const ContactSolution& solution,
                                           const Tensor& sigma, int n_fields);

/// The cells with the largest shares that together make up `fraction` of the error.
[[nodiscard]] std::vector<std::size_t> worst_cells(const ErrorEstimate& estimate, double fraction);

}  // namespace edotb::continuum
