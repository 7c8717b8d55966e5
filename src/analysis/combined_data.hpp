#pragma once

#include "edotb/analysis/correlations.hpp"
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

/// Readings, one after the other in the data, whose errors are known together.
struct ErrorBlock {
  std::size_t first = 0;
  std::vector<std::size_t> references;  ///< of each, in the block; empty: no differences are taken
  Whitening whitening;

  /// Values of the readings, or what a model says of them, to independent numbers of unit error.
  void apply(std::span<double> values) const;
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
  std::vector<ErrorBlock> blocks;  ///< all data in their order; a group is in one block
  std::size_t n_groups = 0;
  double highest_field = 0.0;

  /// One value of each datum to as many independent numbers of unit error, whose sum of squares is chi^2.
  [[nodiscard]] std::vector<double> independent(std::vector<double> values) const;
};

/// Curves along the current and discs in a perpendicular field; to every error 0.1 % is added. What the curves of one run read
/// in the same realisations is a block: each reading less the one nearest to zero field of its curve and temperature, and the
/// correlations of these differences and references, shrunk as correlations.hpp says.
[[nodiscard]] CombinedData combine(std::span<const Curve> curves,
                                   std::span<const GeometryResponse> responses);

/// R sigma_0 of every datum without its group's factor.
[[nodiscard]] std::vector<double> shapes(const CombinedData& data,
                                         std::span<const GeometryResponse> responses,
                                         const Strengths& strengths);

/// The factors of the groups that fit best, by least squares of independent(); NaN where a shape is not finite.
[[nodiscard]] std::vector<double> best_factors(const CombinedData& data,
                                               std::span<const double> shapes);

}  // namespace edotb::analysis
