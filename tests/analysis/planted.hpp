#pragma once

#include "edotb/analysis/response.hpp"
#include "support/support.hpp"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace edotb::test {

/// R of a field [T], an angle [deg] and a temperature [K].
using Law = std::function<double(double, double, double)>;

/// Curves with planted laws and noise of `noise` of each value, and how their geometry responds.
class Laboratory {
 public:
  explicit Laboratory(double noise, std::uint64_t seed) : noise_(noise), draw_(seed) {}

  /// Fields 0 to 9 T at two temperatures (or the first alone) and the angles.
  void add(const std::string& name, measure::Kind kind, const std::vector<double>& angles,
           const Law& law,
           analysis::GeometryResponse response = analysis::GeometryResponse::uniform(1.0, true)) {
    analysis::Curve curve;
    curve.setup.name = name;
    curve.setup.kind = kind;
    const bool disc = kind == measure::Kind::corbino;
    const bool points = kind == measure::Kind::spine || kind == measure::Kind::edge;
    curve.geometry.shape = disc ? "corbino" : "bar";
    curve.geometry.full_face_contacts = !points;
    curve.geometry.classical = true;
    for (const double temperature : temperatures) {
      for (const double angle : angles) {
        for (const double field : fields) {
          const double value = law(field, angle, temperature);
          // Uniform between -sqrt(3) and sqrt(3): variance 1.
          const double error = noise_ * std::abs(value);
          curve.readings.push_back({.field = field,
                                    .angle = angle,
                                    .temperature = temperature,
                                    .value = value + error * std::sqrt(3.0) * draw_.uniform(),
                                    .error = error});
        }
      }
    }
    curves.push_back(std::move(curve));
    responses.push_back(std::move(response));
  }

  std::vector<double> fields = {0, 0.4, 0.8, 1.5, 2.5, 4, 5.5, 7, 9};
  std::vector<double> temperatures = {2, 8};
  std::vector<analysis::Curve> curves;
  std::vector<analysis::GeometryResponse> responses;

 private:
  double noise_;
  Draw draw_;
};

/// cos^2 par + sin^2 perp of two resistivities.
inline double turned(double parallel, double perpendicular, double angle) {
  const double c = std::cos(angle * std::acos(-1.0) / 180.0);
  return c * c * parallel + (1.0 - c * c) * perpendicular;
}

}  // namespace edotb::test
