// What is left of the magnetoresistance along the field without the current's path: rho_par(B)/rho_par(0) - 1 of the
// conductivities that explain the readings of all probes in the highest field and in none.
#include "changes.hpp"
#include "edotb/base/error.hpp"
#include "evidence_rows.hpp"
#include "solved_specimens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace edotb::analysis {

namespace {

/// The specimens with their readings in the highest field of each sample and in none, at its lowest temperature.
std::vector<Specimen> two_fields_of(std::vector<Specimen> specimens) {
  std::map<std::string, double> lowest;
  for (const Specimen& specimen : specimens) {
    for (const Curve& curve : specimen.curves) {
      const double temperature = lowest_temperature(curve);
      auto& known = lowest.try_emplace(curve.sample, temperature).first->second;
      known = std::min(known, temperature);
    }
  }
  std::map<std::string, double> highest;
  const auto is_cold = [&](const Curve& curve, const Reading& reading) {
    return reading.temperature == lowest.at(curve.sample);
  };
  for (const Specimen& specimen : specimens) {
    for (const Curve& curve : specimen.curves) {
      for (const Reading& reading : curve.readings) {
        double& field = highest[curve.sample];
        if (is_cold(curve, reading)) field = std::max(field, std::abs(reading.field));
      }
    }
  }
  for (Specimen& specimen : specimens) {
    for (Curve& curve : specimen.curves) {
      std::erase_if(curve.readings, [&](const Reading& reading) {
        const bool is_end =
            reading.field == 0.0 || std::abs(reading.field) == highest[curve.sample];
        return !is_end || !is_cold(curve, reading);
      });
    }
  }
  return specimens;
}

Row row_of(const Deconvolution& result, std::span<const Curve> curves) {
  const Estimate conductivity = *result.magnetoconductivity.back();
  const double quotient = 1.0 / (1.0 + conductivity.value);
  const Estimate change{quotient - 1.0, conductivity.error * quotient * quotient};
  const double field = result.fields.back().field;
  Row row{
      .name = "intrinsic",
      .observable = "rho_par(B)/rho_par(0) - 1, the current's path removed",
      .value = change.value,
      .error = change.error,
      .used = {fmt::format("{}: all probes, B = 0 and {:g} {}, T = {:g} {}", result.sample, field,
                           result.units.field, result.temperature, result.units.temperature)}};
  constexpr double improbable = 1e-3;
  constexpr double nothing_left = 1e-3;
  const auto small = bar_change(curves, false);
  if (result.probability < improbable) {
    row.reading = fmt::format("no uniform conductor explains the readings (probability {:.1e})",
                              result.probability);
  } else if (is_significant(change) && std::abs(change.value) > nothing_left) {
    row.says[static_cast<std::size_t>(Mechanism::jetting)] = Says::against;
    row.reading = fmt::format("{} without the current's path: not jetting alone",
                              change.value < 0.0 ? "falls" : "rises");
  } else if (small && is_significant(small->estimate()) &&
             std::abs(small->value) > 3.0 * change.error + nothing_left) {
    row.says = {Says::against, Says::against, Says::against, Says::supports};
    row.reading = fmt::format("nothing left of {:+.3f} between small contacts", small->value);
  } else {
    row.reading = "no change";
  }
  return row;
}

}  // namespace

IntrinsicChange intrinsic_change(std::span<const Curve> curves, const Conductors& conductors) {
  const auto specimens = two_fields_of(conductors.specimens);
  std::vector<Deconvolution> results;
  IntrinsicChange found;
  try {
    results = deconvolve(specimens, *conductors.solved, {.hall = HallPart::zero});
  } catch (const Error& error) {
    found.remarks.push_back(fmt::format("the current's path cannot be removed: {}", error.what()));
    return found;
  }
  const Deconvolution* best = nullptr;
  for (const Deconvolution& result : results) {
    if (result.fields.back().field == 0.0) continue;
    if (!result.magnetoconductivity.back()) {
      found.remarks.push_back(fmt::format(
          "the probes of {} do not determine sigma_par: the current's path cannot be removed",
          result.sample));
    } else if (best == nullptr ||
               result.magnetoconductivity.back()->error < best->magnetoconductivity.back()->error) {
      best = &result;
    }
  }
  if (best != nullptr) found.rows.push_back(row_of(*best, curves));
  return found;
}

}  // namespace edotb::analysis
