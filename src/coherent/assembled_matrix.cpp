#include "assembled_matrix.hpp"

namespace edotb::coherent {

using linalg::Complex;

AssembledMatrix::AssembledMatrix(const sample::DeviceLayout& layout)
    : pattern_(std::make_shared<const linalg::SparsityPattern>(
          linalg::with_cliques(*layout.pattern, layout.interfaces))) {
  const auto& device = *layout.pattern;
  entry_of_hamiltonian_.reserve(device.n_entries());
  for (std::size_t row = 0; row < device.rows(); ++row) {
    const auto i = static_cast<std::int64_t>(row);
    for (auto k = device.row_offsets[row]; k < device.row_offsets[row + 1]; ++k) {
      entry_of_hamiltonian_.push_back(
          pattern_->find(i, device.columns[static_cast<std::size_t>(k)]));
    }
    entry_of_diagonal_.push_back(pattern_->find(i, i));
  }
  for (const auto& interface : layout.interfaces) {
    auto& entries = entry_of_self_energy_.emplace_back();
    entries.reserve(interface.size() * interface.size());
    for (const std::int64_t column : interface) {
      for (const std::int64_t row : interface) entries.push_back(pattern_->find(row, column));
    }
  }
}

std::vector<Complex> AssembledMatrix::entries(const OpenSystem& system, double rate) const {
  std::vector<Complex> entries(pattern_->n_entries());
  for (std::size_t k = 0; k < system.hamiltonian.size(); ++k) {
    entries[static_cast<std::size_t>(entry_of_hamiltonian_[k])] -= system.hamiltonian[k];
  }
  for (const std::int64_t entry : entry_of_diagonal_) {
    entries[static_cast<std::size_t>(entry)] += Complex(system.energy, 0.5 * rate);
  }
  for (std::size_t lead = 0; lead < system.leads.size(); ++lead) {
    const auto sigma = system.leads[lead].self_energy.values();
    for (std::size_t k = 0; k < sigma.size(); ++k) {
      entries[static_cast<std::size_t>(entry_of_self_energy_[lead][k])] -= sigma[k];
    }
  }
  return entries;
}

}  // namespace edotb::coherent
