// min chi^2 over the strengths of each of the 16 combinations; BIC = chi^2/scale^2 + k ln n;
// P(combination) = exp(-BIC/2)/sum, P(mechanism) = sum over the combinations that have it.
#include "edotb/analysis/comparison.hpp"

#include "combined_data.hpp"
#include "strengths.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edotb::analysis {

namespace {

bool has(Mechanisms mechanisms, Mechanism mechanism) {
  return mechanisms[static_cast<std::size_t>(mechanism)];
}

/// All curves and how they respond; what every fit needs.
struct Problem {
  const CombinedData& data;
  std::span<const GeometryResponse> responses;

  /// As independent numbers of unit error.
  [[nodiscard]] std::vector<double> predict(const Strengths& strengths) const {
    auto predictions = shapes(data, responses, strengths);
    const auto factors = best_factors(data, predictions);
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      predictions[i] *= factors[data.data[i].group];
    }
    return data.independent(std::move(predictions));
  }
};

/// Fits those parameters that are free; the others stay at their initial values.
Combination fitted(const Problem& problem, Mechanisms mechanisms,
                   const std::vector<Parameter>& parameters, const std::vector<bool>& free) {
  std::vector<double> y;
  for (const Datum& datum : problem.data.data) y.push_back(datum.value);
  y = problem.data.independent(std::move(y));
  std::vector<Parameter> varied;
  std::vector<double> all;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (free[i]) varied.push_back(parameters[i]);
    all.push_back(parameters[i].initial);
  }
  const auto all_with = [&](std::span<const double> p) {
    std::vector<double> values = all;
    std::size_t next = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (free[i]) values[i] = p[next++];
    }
    return strengths_of(problem.data, mechanisms, values);
  };
  Combination combination;
  combination.mechanisms = mechanisms;
  if (varied.empty()) {
    const std::vector<double> predictions = problem.predict(all_with({}));
    combination.fit.n_data = y.size();
    for (std::size_t i = 0; i < y.size(); ++i) {
      combination.fit.chi_squared += std::pow(y[i] - predictions[i], 2);
    }
  } else {
    combination.fit = fit(
        [&](std::span<const double> p, std::span<double> predictions) {
          std::ranges::copy(problem.predict(all_with(p)), predictions.begin());
        },
        y, std::vector<double>(y.size(), 1.0), varied);
  }
  combination.strengths = all_with(combination.fit.values);
  return combination;
}

/// The best fit of several starts.
Combination best_fit(const Problem& problem, Mechanisms mechanisms) {
  std::optional<Combination> best;
  for (const auto& parameters : starts_of(problem.data, mechanisms)) {
    auto found =
        fitted(problem, mechanisms, parameters, std::vector<bool>(parameters.size(), true));
    if (!best || found.fit.chi_squared < best->fit.chi_squared) best = std::move(found);
  }
  return *best;
}

/// The change that a mechanism makes to one datum, over the larger of R(0) and R without it.
double change_by(const Problem& problem, const Datum& datum, const Strengths& strengths,
                 Mechanism mechanism) {
  const auto& [field, number] = problem.data.states[datum.state];
  const double temperature = problem.data.temperatures[number];
  const auto& response = problem.responses[datum.curve];
  const auto at = [&, number = number](const Strengths& with, double b) {
    return response.at(intrinsic_tensor(with, b, temperature, number), datum.angle);
  };
  const Strengths others = without_mechanism(strengths, mechanism);
  const double without = at(others, field);
  return (at(strengths, field) - without) / std::max(without, at(others, 0.0));
}

/// Across the field mobility raises the resistance of any path, which is not jetting.
bool can_show(const Problem& problem, const Datum& datum, Mechanism mechanism) {
  constexpr double along_within = 1.0;  // deg
  if (datum.field == 0.0) return false;
  return mechanism != Mechanism::jetting ||
         (problem.responses[datum.curve].is_bar() && std::abs(datum.angle) < along_within);
}

/// The change with the error that those of all strengths bring along; infinite where a strength of
/// this mechanism is not determined.
Estimate change_with_error(const Problem& problem, const Datum& datum, Mechanism mechanism,
                           const Combination& combination, const std::vector<Parameter>& parameters,
                           const std::vector<bool>& free) {
  const Fit& fit = combination.fit;
  std::vector<double> values;
  std::size_t next = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    values.push_back(free[i] ? fit.values[next++] : parameters[i].initial);
  }
  const double change = change_by(problem, datum, combination.strengths, mechanism);
  std::vector<double> slopes;
  next = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!free[i]) continue;
    const std::size_t j = next++;
    if (!fit.determined[j]) {
      if (is_amplitude(parameters[i].name, mechanism)) {
        return {change, std::numeric_limits<double>::infinity()};
      }
      slopes.push_back(0.0);
      continue;
    }
    constexpr double part_of_error = 0.05;
    auto moved = values;
    const double step = values[i] + part_of_error * fit.errors[j] < parameters[i].upper
                            ? part_of_error * fit.errors[j]
                            : -part_of_error * fit.errors[j];
    moved[i] += step;
    const auto strengths = strengths_of(problem.data, combination.mechanisms, moved);
    slopes.push_back((change_by(problem, datum, strengths, mechanism) - change) / step);
  }
  double square = 0.0;
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    for (std::size_t j = 0; j < slopes.size(); ++j) {
      square += slopes[i] * fit.covariance[i * slopes.size() + j] * slopes[j];
    }
  }
  return {change, std::sqrt(std::max(0.0, square))};
}

/// The probability that a mechanism is at work and changes a resistance by more than `negligible`.
double relevance_of(const Problem& problem, Mechanism mechanism,
                    const std::vector<Combination>& combinations) {
  double sum = 0.0;
  for (const Combination& combination : combinations) {
    if (!has(combination.mechanisms, mechanism)) continue;
    const auto& data = problem.data.data;
    const bool matters = std::any_of(data.begin(), data.end(), [&](const Datum& datum) {
      return can_show(problem, datum, mechanism) &&
             std::abs(change_by(problem, datum, combination.strengths, mechanism)) >
                 negligible_effect;
    });
    if (matters) sum += combination.probability;
  }
  return sum;
}

Effect effect_of(const Problem& problem, Mechanism mechanism, const Combination& combination,
                 double error_scale) {
  const auto parameters = starts_of(problem.data, combination.mechanisms).front();
  const std::vector<bool> free(parameters.size(), true);
  const Datum* lowest = nullptr;
  const Datum* largest = nullptr;
  double least = 0.0;
  double most = -1.0;
  for (const Datum& datum : problem.data.data) {
    if (!can_show(problem, datum, mechanism)) continue;
    const double change = change_by(problem, datum, combination.strengths, mechanism);
    if (change < least) {
      least = change;
      lowest = &datum;
    }
    if (std::abs(change) > most) {
      most = std::abs(change);
      largest = &datum;
    }
  }
  constexpr double worth_mention = 0.01;
  const Datum* datum = least < -worth_mention ? lowest : largest;
  if (datum == nullptr) return {};
  const Estimate change =
      change_with_error(problem, *datum, mechanism, combination, parameters, free);
  return {change.value, error_scale * change.error, datum->words};
}

/// How much of a mechanism can hide: it is added to a combination without it, in several shapes.
double limit_of(const Problem& problem, Mechanism mechanism, const Combination& base,
                double error_scale) {
  const auto base_parameters = starts_of(problem.data, base.mechanisms).front();
  Mechanisms mechanisms = base.mechanisms;
  mechanisms.set(static_cast<std::size_t>(mechanism));
  double limit = 0.0;
  for (const auto& trial : trials_of(problem.data, mechanism)) {
    auto parameters = starts_of(problem.data, mechanisms).front();
    std::vector<bool> free(parameters.size(), true);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t j = 0; j < base_parameters.size(); ++j) {
        if (base_parameters[j].name == parameters[i].name) {
          parameters[i].initial = base.fit.values[j];
        }
      }
      for (const auto& [name, value] : trial) {
        if (name != parameters[i].name) continue;
        parameters[i].initial = value;
        free[i] = is_amplitude(name, mechanism);
      }
    }
    const Combination found = fitted(problem, mechanisms, parameters, free);
    for (const Datum& datum : problem.data.data) {
      if (!can_show(problem, datum, mechanism)) continue;
      const Estimate change = change_with_error(problem, datum, mechanism, found, parameters, free);
      limit = std::max(limit, std::abs(change.value) + 2.0 * error_scale * change.error);
    }
  }
  return limit;
}

/// ln sum exp(-BIC/2) over the combinations with, or without, a mechanism.
double log_weight(const std::vector<Combination>& all, std::size_t mechanism, bool with) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const Combination& combination : all) {
    if (combination.mechanisms[mechanism] == with) lowest = std::min(lowest, combination.bic);
  }
  double sum = 0.0;
  for (const Combination& combination : all) {
    if (combination.mechanisms[mechanism] == with) {
      sum += std::exp(0.5 * (lowest - combination.bic));
    }
  }
  return std::log(sum) - 0.5 * lowest;
}

void weigh(Comparison& comparison) {
  auto& all = comparison.combinations;
  const auto n = static_cast<double>(comparison.n_data);
  const auto closest =
      std::min_element(all.begin(), all.end(), [](const auto& one, const auto& other) {
        return one.fit.chi_squared < other.fit.chi_squared;
      });
  const double freedom = n - static_cast<double>(comparison.n_scales) -
                         static_cast<double>(closest->fit.values.size());
  comparison.chi_square_each = closest->fit.chi_squared / std::max(1.0, freedom);
  comparison.error_scale = std::sqrt(std::max(1.0, comparison.chi_square_each));
  double lowest = std::numeric_limits<double>::infinity();
  for (Combination& combination : all) {
    const double scale = comparison.error_scale * comparison.error_scale;
    combination.bic = combination.fit.chi_squared / scale +
                      static_cast<double>(combination.fit.values.size()) * std::log(n);
    lowest = std::min(lowest, combination.bic);
  }
  double sum = 0.0;
  for (Combination& combination : all) {
    combination.probability = std::exp(0.5 * (lowest - combination.bic));
    sum += combination.probability;
  }
  for (Combination& combination : all) {
    combination.probability /= sum;
  }
  for (std::size_t k = 0; k < n_mechanisms; ++k) {
    comparison.log_odds[k] = log_weight(all, k, true) - log_weight(all, k, false);
    comparison.probability[k] = 1.0 / (1.0 + std::exp(-comparison.log_odds[k]));
  }
  std::sort(all.begin(), all.end(),
            [](const auto& one, const auto& other) { return one.probability > other.probability; });
}

}  // namespace

std::optional<Comparison> compare(std::span<const Curve> curves,
                                  std::span<const GeometryResponse> responses) {
  const CombinedData data = combine(curves, responses);
  const auto in_field = std::count_if(data.data.begin(), data.data.end(),
                                      [](const Datum& datum) { return datum.field != 0.0; });
  if (static_cast<std::size_t>(in_field) < fewest_data) return std::nullopt;
  const Problem problem{data, responses};
  Comparison comparison;
  comparison.n_data = data.data.size();
  comparison.n_scales = data.n_groups;
  constexpr unsigned long n_combinations = 1UL << n_mechanisms;
  for (unsigned long bits = 0; bits < n_combinations; ++bits) {
    comparison.combinations.push_back(best_fit(problem, Mechanisms(bits)));
  }
  weigh(comparison);
  const Combination& best = comparison.combinations.front();
  for (const Mechanism mechanism : all_mechanisms) {
    const auto k = static_cast<std::size_t>(mechanism);
    const auto with = std::find_if(
        comparison.combinations.begin(), comparison.combinations.end(),
        [&](const Combination& combination) { return has(combination.mechanisms, mechanism); });
    comparison.strengths[k] =
        named_strengths(data, curves, responses, *with, mechanism, comparison.error_scale);
    comparison.effects[k] = effect_of(problem, mechanism, *with, comparison.error_scale);
    comparison.relevance[k] = relevance_of(problem, mechanism, comparison.combinations);
    if (!has(best.mechanisms, mechanism)) {
      comparison.limits[k] = limit_of(problem, mechanism, best, comparison.error_scale);
    }
  }
  return comparison;
}

}  // namespace edotb::analysis
