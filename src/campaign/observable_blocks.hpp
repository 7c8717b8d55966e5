#pragma once

#include "edotb/campaign/observables.hpp"

#include <functional>

namespace edotb::campaign {

// Blocks of one point; what is not there, because a lead has fewer modes than another, is NaN.

/// The most open modes of any of these leads.
[[nodiscard]] std::size_t most_of(std::span<const lead::LeadSolution> leads);

/// [lead][mode]: a quantity of the modes of one direction.
[[nodiscard]] ObservableBlock mode_block(std::span<const lead::LeadSolution> leads,
                                         std::vector<lead::Mode> lead::LeadSolution::*direction,
                                         const std::function<double(const lead::Mode&)>& quantity);
/// [lead to][mode to][lead from][mode from].
[[nodiscard]] ObservableBlock s_matrix_block(const coherent::Scattering& scattering,
                                             std::span<const lead::LeadSolution> leads);
/// [lead to][lead from][eigenvalue].
[[nodiscard]] ObservableBlock eigenvalue_block(const coherent::Scattering& scattering);
/// [lead][mode][orbital], from one column per mode.
[[nodiscard]] ObservableBlock state_block(const linalg::Matrix& states,
                                          std::span<const lead::LeadSolution> leads);
/// The rows of `orbitals` of the Green function's columns.
[[nodiscard]] ObservableBlock green_block(const linalg::Matrix& columns,
                                          const std::vector<std::int64_t>& orbitals);
/// sum over leads of voltage times the lead's part of a block whose first axis is the lead.
[[nodiscard]] ObservableBlock biased(const ObservableBlock& per_lead,
                                     const std::vector<double>& voltages);

}  // namespace edotb::campaign
