#pragma once

#include "edotb/linalg/real_system.hpp"

namespace edotb::linalg {

/// The block of `a` on the rows and columns in which `a` differs from `near`, and one layer of rows
/// around them, factorised. Of an ohmic conductor with a Hall part these are the nodes of the insulating
/// faces: div(K grad phi) vanishes for a constant antisymmetric K, which leaves boundary terms alone.
class DifferenceBlock {
 public:
  /// Absent when the matrices differ in so many rows that factorising those is no help. Collective.
  [[nodiscard]] static std::unique_ptr<DifferenceBlock> make(const RealRows& a,
                                                             const RealRows& near,
                                                             const mpi::Communicator& comm);
  /// The solution of the block for the right side r on this rank's rows, zero outside it. Collective.
  [[nodiscard]] std::vector<double> solve(std::span<const double> r);

 private:
  DifferenceBlock(std::vector<std::size_t> rows, std::unique_ptr<RealSolver> factors)
      : rows_(std::move(rows)), factors_(std::move(factors)) {}

  std::vector<std::size_t> rows_;  ///< of this rank that are in the block
  std::unique_ptr<RealSolver> factors_;
};

}  // namespace edotb::linalg
