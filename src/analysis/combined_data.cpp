// All curves as one set of data: R_i = factor(curve, temperature) r(tensor(B_i, T_i), theta_i).
#include "combined_data.hpp"

#include "changes.hpp"
#include "edotb/linalg/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

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

/// Each less its reference, which stays what it is.
void take_differences(std::span<double> values, std::span<const std::size_t> references) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (references[i] != i) values[i] -= values[references[i]];
  }
}

/// Whether an earlier reading of the group was the same samples in the same strength of the field: two directions, or a field of zero at two
/// angles.
bool is_repeated(const Curve& curve, std::size_t reading) {
  if (curve.samples.empty()) return false;
  const auto same = [&](std::size_t other) {
    const auto& a = curve.samples[reading];
    const auto& b = curve.samples[other];
    constexpr double rounding = 1e-10;
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Sample& x, const Sample& y) {
      return x.realisation == y.realisation &&
             std::abs(x.value - y.value) <= rounding * std::abs(x.value);
    });
  };
  for (std::size_t other = 0; other < reading; ++other) {
    if (curve.readings[other].temperature == curve.readings[reading].temperature &&
        std::abs(curve.readings[other].field) == std::abs(curve.readings[reading].field) &&
        same(other)) {
      return true;
    }
  }
  return false;
}

/// The numbers of the readings of a group.
std::vector<std::size_t> readings_of(const Curve& curve, const GeometryResponse& response,
                                     double temperature) {
  std::vector<std::size_t> found;
  std::size_t n_in_field = 0;
  for (std::size_t i = 0; i < curve.readings.size(); ++i) {
    const Reading& reading = curve.readings[i];
    if (reading.temperature != temperature || is_repeated(curve, i)) continue;
    if (reading.field != 0.0 && !response.covers(reading.angle)) continue;
    found.push_back(i);
    if (reading.field != 0.0) ++n_in_field;
  }
  // The free factor takes one reading, and zero field tells nothing.
  if (n_in_field == 0 || found.size() < 2) found.clear();
  return found;
}

/// Of each datum from `first` on, counted from there, the one of its group nearest to zero field.
std::vector<std::size_t> references_of(std::span<const Datum> data) {
  std::vector<std::size_t> references;
  for (const Datum& datum : data) {
    std::optional<std::size_t> nearest;
    for (std::size_t j = 0; j < data.size(); ++j) {
      if (data[j].group == datum.group &&
          (!nearest || std::abs(data[j].field) < std::abs(data[*nearest].field))) {
        nearest = j;
      }
    }
    references.push_back(*nearest);
  }
  return references;
}

/// The errors of the data from `first` on, all of one run. Where it is an ensemble of enough realisations these have their correlations, and
/// the data become means over the realisations that all have.
ErrorBlock block_of(std::span<Datum> data, std::size_t first,
                    std::span<const std::vector<Sample>> samples,
                    std::span<const double> accuracies) {
  SampleRows rows;
  if (samples.size() == data.size()) rows = rows_of(samples);
  if (rows.size() < fewest_realisations) {
    std::vector<double> errors;
    for (const Datum& datum : data) errors.push_back(datum.sigma);
    return {first, {}, Whitening(std::move(errors))};
  }
  const std::vector<double> means = means_of(rows);
  for (std::size_t i = 0; i < data.size(); ++i) data[i].value = means[i];
  auto references = references_of(data);
  for (auto& row : rows) take_differences(row, references);
  return {first, std::move(references), Whitening::of_means(rows, accuracies)};
}

}  // namespace

void ErrorBlock::apply(std::span<double> values) const {
  if (!references.empty()) take_differences(values, references);
  whitening.apply(values);
}

std::vector<double> CombinedData::independent(std::vector<double> values) const {
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const std::size_t end = b + 1 < blocks.size() ? blocks[b + 1].first : values.size();
    blocks[b].apply(std::span(values).subspan(blocks[b].first, end - blocks[b].first));
  }
  return values;
}

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
  std::vector<std::vector<Sample>> samples;
  std::vector<double> accuracies;
  std::size_t first = 0;
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const Curve& curve = curves[c];
    for (std::size_t t = 0; takes_part(curve) && t < temperatures.size(); ++t) {
      const auto numbers = readings_of(curve, responses[c], temperatures[t]);
      if (numbers.empty()) continue;
      double largest = 0.0;
      for (const std::size_t i : numbers) {
        largest = std::max(largest, std::abs(curve.readings[i].value));
      }
      for (const std::size_t i : numbers) {
        const Reading& reading = curve.readings[i];
        combined.data.push_back(
            {c, combined.n_groups, state_number(combined, reading.field, t), reading.field,
             reading.angle, reading.value, std::hypot(reading.error, accuracy * largest),
             fmt::format("{} at {:g} {}, {:g} deg, T = {:g}", name_of(curve), reading.field,
                         curve.units.field, reading.angle, reading.temperature)});
        accuracies.push_back(accuracy * largest);
        if (!curve.samples.empty()) samples.push_back(curve.samples[i]);
      }
      ++combined.n_groups;
    }
    const bool run_ends = c + 1 == curves.size() || curves[c + 1].run != curve.run;
    if (!run_ends || first == combined.data.size()) continue;
    combined.blocks.push_back(
        block_of(std::span(combined.data).subspan(first), first, samples, accuracies));
    first = combined.data.size();
    samples.clear();
    accuracies.clear();
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
  // A search may come to strengths that no resistance belongs to.
  if (!std::all_of(shapes.begin(), shapes.end(), [](double r) { return std::isfinite(r); })) {
    return std::vector<double>(data.n_groups, std::numeric_limits<double>::quiet_NaN());
  }
  std::vector<double> y;
  y.reserve(data.data.size());
  for (const Datum& datum : data.data) y.push_back(datum.value);
  y = data.independent(std::move(y));
  std::vector<std::vector<double>> columns(data.n_groups, std::vector<double>(y.size(), 0.0));
  for (std::size_t i = 0; i < y.size(); ++i) columns[data.data[i].group][i] = shapes[i];
  for (auto& column : columns) column = data.independent(std::move(column));
  const auto product = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  };
  std::vector<double> matrix;
  std::vector<double> right;
  for (const auto& column : columns) {
    for (const auto& other : columns) matrix.push_back(product(column, other));
    right.push_back(product(column, y));
  }
  return linalg::solve_real(std::move(matrix), std::move(right), data.n_groups);
}

}  // namespace edotb::analysis
