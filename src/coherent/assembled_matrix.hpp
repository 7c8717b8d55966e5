#pragma once

#include "edotb/coherent/solver.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace edotb::coherent {

/// A = E + i rate/2 - H - Sigma as entries over the device's pattern with the leads' blocks filled in.
class AssembledMatrix {
 public:
  explicit AssembledMatrix(const sample::DeviceLayout& layout);

  [[nodiscard]] const std::shared_ptr<const linalg::SparsityPattern>& pattern() const {
    return pattern_;
  }
  /// `rate` is the loss from every orbital, 0 without dephasing.
  [[nodiscard]] std::vector<linalg::Complex> entries(const OpenSystem& system,
                                                     double rate = 0.0) const;

 private:
  std::shared_ptr<const linalg::SparsityPattern> pattern_;
  std::vector<std::int64_t> entry_of_hamiltonian_;
  std::vector<std::int64_t> entry_of_diagonal_;
  std::vector<std::vector<std::int64_t>> entry_of_self_energy_;  ///< per lead, column-major
};

}  // namespace edotb::coherent
