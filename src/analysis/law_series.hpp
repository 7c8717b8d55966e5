#pragma once

#include "edotb/analysis/law_fits.hpp"

#include <functional>

namespace edotb::analysis {

/// Readings to be fitted, with what is known of their errors.
struct Series {
  FittedSeries shown;
  /// Of the readings [i][j]; empty: they are independent, with their errors.
  std::vector<double> covariance;
};

/// What a law must know of a bar.
struct Surroundings {
  bool is_film = false;  ///< coherent, planar, the field perpendicular at 90 deg
  bool is_bulk = false;  ///< coherent, in space
  double length = 0.0;   ///< [nm or sites]
  double width = 0.0;
  double thickness = 0.0;
  double hbar_over_e = 1.0;  ///< T nm^2, or 1
  std::string length_unit;
  Units units;
};
[[nodiscard]] Surroundings surroundings_of(const Curve& curve,
                                           const std::vector<std::string>& overrides);

/// A plate with probes on its middle line and on its edge, symmetric about its centre.
struct Squeeze {
  Plate plate;
  double distance = 0.0;
};
struct SqueezeSeries {
  Series series;
  Squeeze squeeze;
  std::size_t n_spine = 0;
  std::string field_unit;
};

[[nodiscard]] std::vector<Series> field_series(const Curve& curve, std::size_t number,
                                               const Surroundings& around);
[[nodiscard]] std::vector<Series> angle_series(const Curve& curve, std::size_t number);
[[nodiscard]] std::vector<Series> temperature_series(const Curve& curve, std::size_t number);
[[nodiscard]] std::vector<SqueezeSeries> squeeze_series(std::span<const Curve> curves,
                                                        const std::vector<std::string>& overrides);

}  // namespace edotb::analysis
