#include "observable_blocks.hpp"

#include "edotb/coherent/observables.hpp"

#include <algorithm>
#include <limits>

namespace edotb::campaign {

using linalg::Complex;
using linalg::Matrix;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A real block full of NaN, or a complex one.
ObservableBlock empty_block(std::vector<std::size_t> shape, bool is_complex = false) {
  std::size_t size = is_complex ? 2 : 1;
  for (const std::size_t length : shape) size *= length;
  return {std::move(shape), std::vector<double>(size, nan)};
}

void put(ObservableBlock& block, std::size_t place, Complex value) {
  block.values[2 * place] = value.real();
  block.values[2 * place + 1] = value.imag();
}

}  // namespace

std::size_t most_of(std::span<const lead::LeadSolution> leads) {
  std::size_t most = 0;
  for (const auto& lead : leads) most = std::max(most, lead.n_modes());
  return most;
}

ObservableBlock mode_block(std::span<const lead::LeadSolution> leads,
                           std::vector<lead::Mode> lead::LeadSolution::*direction,
                           const std::function<double(const lead::Mode&)>& quantity) {
  ObservableBlock block = empty_block({leads.size(), most_of(leads)});
  for (std::size_t p = 0; p < leads.size(); ++p) {
    const auto& modes = leads[p].*direction;
    for (std::size_t i = 0; i < modes.size(); ++i) {
      block.values[p * block.shape[1] + i] = quantity(modes[i]);
    }
  }
  return block;
}

ObservableBlock s_matrix_block(const coherent::Scattering& scattering,
                               std::span<const lead::LeadSolution> leads) {
  const std::size_t n_leads = leads.size();
  const std::size_t m = most_of(leads);
  ObservableBlock block = empty_block({n_leads, m, n_leads, m}, true);
  for (std::size_t p = 0; p < n_leads; ++p) {
    for (std::size_t q = 0; q < n_leads; ++q) {
      const Matrix s = coherent::s_block(scattering, p, q);
      for (std::size_t j = 0; j < s.columns(); ++j) {
        for (std::size_t i = 0; i < s.rows(); ++i) {
          put(block, ((p * m + i) * n_leads + q) * m + j, s(i, j));
        }
      }
    }
  }
  return block;
}

ObservableBlock eigenvalue_block(const coherent::Scattering& scattering) {
  const std::size_t n_leads = scattering.n_modes.size();
  const std::size_t m = *std::max_element(scattering.n_modes.begin(), scattering.n_modes.end());
  ObservableBlock block = empty_block({n_leads, n_leads, m});
  for (std::size_t p = 0; p < n_leads; ++p) {
    for (std::size_t q = 0; q < n_leads; ++q) {
      const auto values = coherent::transmission_eigenvalues(scattering, p, q);
      std::copy(values.begin(), values.end(),
                block.values.begin() + static_cast<std::ptrdiff_t>((p * n_leads + q) * m));
    }
  }
  return block;
}

ObservableBlock state_block(const Matrix& states, std::span<const lead::LeadSolution> leads) {
  const std::size_t m = most_of(leads);
  ObservableBlock block = empty_block({leads.size(), m, states.rows()}, true);
  std::size_t column = 0;
  for (std::size_t q = 0; q < leads.size(); ++q) {
    for (std::size_t j = 0; j < leads[q].n_modes(); ++j, ++column) {
      for (std::size_t i = 0; i < states.rows(); ++i) {
        put(block, (q * m + j) * states.rows() + i, states(i, column));
      }
    }
  }
  return block;
}

ObservableBlock green_block(const Matrix& columns, const std::vector<std::int64_t>& orbitals) {
  const std::size_t n = orbitals.size();
  ObservableBlock block = empty_block({n, n}, true);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      put(block, i * n + j, columns(static_cast<std::size_t>(orbitals[i]), j));
    }
  }
  return block;
}

ObservableBlock biased(const ObservableBlock& per_lead, const std::vector<double>& voltages) {
  ObservableBlock block{{per_lead.shape.begin() + 1, per_lead.shape.end()}, {}};
  const std::size_t size = per_lead.values.size() / voltages.size();
  block.values.assign(size, 0.0);
  for (std::size_t q = 0; q < voltages.size(); ++q) {
    for (std::size_t i = 0; i < size; ++i) {
      block.values[i] += voltages[q] * per_lead.values[q * size + i];
    }
  }
  return block;
}

}  // namespace edotb::campaign
