#include "edotb/sample/conserved.hpp"

#include "edotb/base/error.hpp"

#include <algorithm>

namespace edotb::sample {

using linalg::Matrix;

namespace {

/// The quantity on the orbitals of one site.
Matrix on_site(const model::Model& model, const std::string& name, int sublattice) {
  if (name == "orbital") {
    const std::size_t n = model.sites[static_cast<std::size_t>(sublattice)].n_orbitals;
    Matrix number(n, n);
    for (std::size_t i = 0; i < n; ++i) number(i, i) = static_cast<double>(i);
    return number;
  }
  if (model.spin.empty()) throw bad_input("the model has no spin to resolve");
  return site_block(model, model.spin[static_cast<std::size_t>(name.back() - 'x')], sublattice,
                    sublattice);
}

}  // namespace

Conserved conserved_quantity(const Device& device, const std::string& name) {
  const model::Model& model = device.model();
  Conserved quantity;
  std::vector<Matrix> blocks;
  std::vector<double> values;
  for (int s = 0; s < static_cast<int>(model.sites.size()); ++s) {
    blocks.push_back(on_site(model, name, s));
    const auto levels = linalg::hermitian_eigenvalues(blocks.back());
    values.insert(values.end(), levels.begin(), levels.end());
  }
  std::sort(values.begin(), values.end());
  constexpr double equal = 1e-9;
  for (const double value : values) {
    if (quantity.eigenvalues.empty() || value - quantity.eigenvalues.back() > equal) {
      quantity.eigenvalues.push_back(value);
    }
  }

  const auto& offsets = device.layout().pattern->block_offsets;
  for (const auto& interface : device.layout().interfaces) {
    Matrix matrix(interface.size(), interface.size());
    // The orbitals of a site stand together.
    for (std::size_t first = 0; first < interface.size();) {
      const auto after = std::upper_bound(offsets.begin(), offsets.end(), interface[first]);
      const auto site = static_cast<std::size_t>(after - offsets.begin() - 1);
      const Matrix& block =
          blocks[static_cast<std::size_t>(device.geometry().sites[site].sublattice)];
      for (std::size_t j = 0; j < block.columns(); ++j) {
        for (std::size_t i = 0; i < block.rows(); ++i) matrix(first + i, first + j) = block(i, j);
      }
      first += block.rows();
    }
    quantity.on_interface.push_back(std::move(matrix));
  }
  return quantity;
}

}  // namespace edotb::sample
