#pragma once

#include "edotb/lead/lead.hpp"
#include "mode_pencil.hpp"

#include <vector>

namespace edotb::lead {

struct PropagatingMode {
  Mode mode;
  std::vector<linalg::Complex> z;  ///< (a_{n-1}, b_n) at n = 0, at unit current
};

/// Every Bloch solution of an infinite chain of cells at one energy.
struct Chain {
  ReducedCell cell;
  CayleySchur bloch;
  std::vector<PropagatingMode> modes;  ///< ordered by momentum
  std::vector<bool> is_decaying;       ///< to the right
  std::vector<bool> is_growing;
};

/// Solves the mode equation by the Schur form of its pencil; degenerate modes are turned to diagonalise
/// the velocity. Throws numerical_error at a band edge, or when incoming, outgoing and decaying modes
/// do not add up.
[[nodiscard]] Chain solve_chain(ReducedCell cell);

/// The two ends of one infinite chain of cells. Rightwards, the solutions that decay or move right obey
/// b_n = X a_{n-1}, and Sigma = B X B^H; leftwards a_{n-1} = X b_n, and Sigma = A X A^H.
enum class Direction { right, left };

using ModeList = std::vector<const PropagatingMode*>;

/// One end of a chain in the reduced variables.
struct ChainEnd {
  linalg::Matrix x;     ///< X
  linalg::Matrix near;  ///< B or A: couples the interface
  linalg::Matrix far;   ///< A or B: couples the next cell back to the interface
  linalg::Matrix phi;   ///< near^H of the incoming modes in cell 0, the interface
  linalg::Matrix u;     ///< and of the outgoing ones
  ModeList incoming;
  ModeList outgoing;
};

/// Throws numerical_error when a state bound to the end makes X infinite.
[[nodiscard]] ChainEnd solve_end(const Chain& chain, Direction direction);

/// psi_n of the Bloch solutions z with factor lambda.
[[nodiscard]] linalg::Matrix cell_waves(const ReducedCell& cell, const linalg::Matrix& z,
                                        linalg::Complex lambda);

}  // namespace edotb::lead
