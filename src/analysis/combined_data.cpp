// All curves as one set of data: R_i = factor(curve, temperature) r(tensor(B_i, T_i), theta_i).
#include "combined_data.hpp"

#include "changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::analysis {

namespace {

constexpr double accuracy = 1e-3;  // of computed resistances, relative

bool takes_part(const Curve& curve) {
  return is_longitudinal(curve) ||
         (curve.geometry.shape == "corbino" && curve.geometry.full_face_contacts);
}

/// R at the lowest field of a curve at one temperature.
double lowest_field_value(const Curve& curve, double temperature) {
  const Reading* lowest = nullptr;
  for (const Reading& reading : curve.readings) {
    if (reading.temperature != temperature) continue;
    if (lowest == nullptr || std::abs(reading.field) < std::abs(lowest->field)) lowest = &reading;
  }
  return lowest == nullptr ? 0.0 : lowest->value;
}

/// How sigma(B = 0) changes with the temperature, the mean over the curves that know.
std::vector<double> conductivities(std::span<const Curve> curves,
                                   const std::vector<double>& temperatures) {
  std::vector<double> found;
  for (const double temperature : temperatures) {
    double sum = 0.0;
    double n = 0.0;
    for (const Curve& curve : curves) {
      if (!takes_part(curve)) continue;
      const double low = lowest_field_value(curve, temperatures.front());
      const double here = lowest_field_value(curve, temperature);
      if (low == 0.0 || here == 0.0) continue;
      sum += low / here;
      n += 1.0;
    }
    found.push_back(n > 0.0 ? sum / n : 1.0);
  }
  return found;
}

/// The number of a state, which is added where it is new.
std::size_t state_number(CombinedData& combined, double field, std::size_t temperature) {
  const auto known =
      std::find_if(combined.states.begin(), combined.states.end(), [&](const MaterialState& state) {
        return state.field == field && state.temperature == temperature;
      });
  const auto number = static_cast<std::size_t>(known - combined.states.begin());
  if (known == combined.states.end()) combined.states.push_back({field, temperature});
  return number;
}

}  // namespace

CombinedData combine(std::span<const Curve> curves, std::span<const GeometryResponse> responses) {
  CombinedData combined;
  for (const Curve& curve : curves) {
    if (!takes_part(curve)) continue;
    for (const Reading& reading : curve.readings) {
      combined.temperatures.push_back(reading.temperature);
      combined.highest_field = std::max(combined.highest_field, std::abs(reading.field));
    }
  }
  auto& temperatures = combined.temperatures;
  std::sort(temperatures.begin(), temperatures.end());
  temperatures.erase(std::unique(temperatures.begin(), temperatures.end()), temperatures.end());
  combined.conductivity = conductivities(curves, temperatures);
  for (std::size_t c = 0; c < curves.size(); ++c) {
    if (!takes_part(curves[c])) continue;
    for (std::size_t t = 0; t < temperatures.size(); ++t) {
      double largest = 0.0;
      std::size_t n_at_zero = 0;
      std::size_t n_in_field = 0;
      for (const Reading& reading : curves[c].readings) {
        if (reading.temperature != temperatures[t]) continue;
        if (reading.field != 0.0 && !responses[c].covers(reading.angle)) continue;
        largest = std::max(largest, std::abs(reading.value));
        (reading.field == 0.0 ? n_at_zero : n_in_field) += 1;
      }
      // The free factor takes one reading, and zero field tells nothing.
      if (n_in_field == 0 || n_at_zero + n_in_field < 2) continue;
      for (const Reading& reading : curves[c].readings) {
        if (reading.temperature != temperatures[t]) continue;
        if (reading.field != 0.0 && !responses[c].covers(reading.angle)) continue;
        combined.data.push_back(
            {c, combined.n_groups, state_number(combined, reading.field, t), reading.field,
             reading.angle, reading.value, std::hypot(reading.error, accuracy * largest),
             fmt::format("{} at {:g} {}, {:g} deg, T = {:g}", name_of(curves[c]), reading.field,
                         curves[c].units.field, reading.angle, reading.temperature)});
      }
      ++combined.n_groups;
    }
  }
  return combined;
}

std::vector<double> shapes(const CombinedData& data, std::span<const GeometryResponse> responses,
                           const Strengths& strengths) {
  std::vector<IntrinsicTensor> tensors;
  tensors.reserve(data.states.size());
  for (const auto& [field, temperature] : data.states) {
    tensors.push_back(
        intrinsic_tensor(strengths, field, data.temperatures[temperature], temperature));
  }
  std::vector<double> found;
  found.reserve(data.data.size());
  for (const Datum& datum : data.data) {
    found.push_back(responses[datum.curve].at(tensors[datum.state], datum.angle));
  }
  return found;
}

std::vector<double> best_factors(const CombinedData& data, std::span<const double> shapes) {
  std::vector<double> above(data.n_groups, 0.0);
  std::vector<double> below(data.n_groups, 0.0);
  for (std::size_t i = 0; i < data.data.size(); ++i) {
    const Datum& datum = data.data[i];
    const double weight = shapes[i] / (datum.sigma * datum.sigma);
    above[datum.group] += weight * datum.value;
    below[datum.group] += weight * shapes[i];
  }
  for (std::size_t g = 0; g < data.n_groups; ++g) above[g] /= below[g];
  return above;
}

}  // namespace edotb::analysis
