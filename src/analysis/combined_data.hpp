#pragma once

#include "edotb/analysis/curve.hpp"
#include "edotb/analysis/mechanisms.hpp"
#include "edotb/analysis/response.hpp"

#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// One reading that takes part in the fit of all curves.
struct Datum {
  std::size_t curve = 0;
  std::size_t group = 0;  ///< of those with a common factor: one curve, one temperature
  std::size_t state = 0;  ///< number in CombinedData::states
  double field = 0.0;
  double angle = 0.0;
  double value = 0.0;
  double sigma = 0.0;
  std::string words;
};

/// A field and a temperature, in which the material is the same for all curves.
struct MaterialState {
  double field = 0.0;
  std::size_t temperature = 0;  ///< number in CombinedData::temperatures
};

/// The readings of all curves in the form that one model is fitted to.
struct CombinedData {
  std::vector<Datum> data;
  std::vector<MaterialState> states;
  std::vector<double> temperatures;  ///< ascending
  /// sigma(B = 0) over that of the lowest temperature
  std::vector<double> conductivity;
  std::size_t n_groups = 0;
  double highest_field = 0.0;
};

/// Curves along the current and discs in a perpendicular field; to every error 0.1 % is added.
[[nodiscard]] CombinedData combine(std::span<const Curve> curves,
                                   std::span<const GeometryResponse> responses);

/// R sigma_0 of every datum without its group's factor.
[[nodiscard]] std::vector<double> shapes(const CombinedData& data,
                                         std::span<const GeometryResponse> responses,
                                         const Strengths& strengths);

/// The factor of every group that fits best: sum y m/s^2 / sum m^2/s^2.
[[nodiscard]] std::vector<double> best_factors(const CombinedData& data,
                                               std::span<const double> shapes);

}  // namespace edotb::analysis
