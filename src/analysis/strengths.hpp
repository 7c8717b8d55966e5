#pragma once

#include "combined_data.hpp"
#include "edotb/analysis/comparison.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace edotb::analysis {

// Between the parameters of a fit, which are numbers of order one, and strengths.

/// Parameters with starting values from which the search is to begin, one list after the other.
[[nodiscard]] std::vector<std::vector<Parameter>> starts_of(const CombinedData& data,
                                                            Mechanisms mechanisms);

/// What the parameters of a combination, in the order of starts_of, mean.
[[nodiscard]] Strengths strengths_of(const CombinedData& data, Mechanisms mechanisms,
                                     std::span<const double> parameters);

/// The same with one mechanism taken away.
[[nodiscard]] Strengths without_mechanism(Strengths strengths, Mechanism mechanism);

/// Whether a parameter makes a mechanism large or small, rather than giving it its shape.
[[nodiscard]] bool is_amplitude(const std::string& name, Mechanism mechanism);

/// Starting values at which to look for a small amount of a mechanism, one list per shape: B_phi from
/// 2 to 60 % of the highest field, moments that are just bent, half and fully aligned by it.
using Trial = std::vector<std::pair<std::string, double>>;
[[nodiscard]] std::vector<Trial> trials_of(const CombinedData& data, Mechanism mechanism);

/// For people: values with errors times `error_scale` and units. Conductivities are absolute where a
/// curve's geometry is known.
[[nodiscard]] std::vector<NamedStrength> named_strengths(
    const CombinedData& data, std::span<const Curve> curves,
    std::span<const GeometryResponse> responses, const Combination& combination,
    Mechanism mechanism, double error_scale);

}  // namespace edotb::analysis
