// R(B) = mean over realisations,  even: (R(B) + R(-B))/2,  odd: (R(B) - R(-B))/2,  dR/R(0) = R(B)/R(0) - 1
#include "edotb/analysis/curve.hpp"

#include "edotb/analysis/ensemble.hpp"
#include "edotb/base/error.hpp"
#include "point_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace edotb::analysis {

namespace {

/// Temperature, angle, field: the order of readings.
using Place = std::tuple<double, double, double>;

Place place_of(const PointValue& v) { return {v.temperature, v.angle, v.field}; }

/// What a setup with a parity makes of its readings: those at B >= 0, each joined with its partner at -B.
std::vector<PointValue> with_parity(const std::vector<PointValue>& values, measure::Parity parity) {
  if (parity == measure::Parity::none) return values;
  const double sign = parity == measure::Parity::even ? 1.0 : -1.0;
  std::map<std::pair<Place, std::int64_t>, const PointValue*> at;
  for (const auto& v : values) at[{place_of(v), v.realisation}] = &v;
  std::vector<PointValue> joined;
  for (const auto& v : values) {
    if (v.field < 0.0) continue;
    const auto partner = at.find({Place{v.temperature, v.angle, -v.field}, v.realisation});
    if (partner == at.end()) continue;
    const Estimate& other = partner->second->resistance;
    PointValue part = v;
    part.resistance.value = 0.5 * (v.resistance.value + sign * other.value);
    part.resistance.error = 0.5 * std::hypot(v.resistance.error, other.error);
    joined.push_back(part);
  }
  return joined;
}

/// The values of both readings in the realisations that both have.
std::vector<std::vector<double>> pairs_of(const std::vector<Sample>& a,
                                          const std::vector<Sample>& b) {
  std::map<std::int64_t, double> other;
  for (const Sample& sample : b) other[sample.realisation] = sample.value;
  std::vector<std::vector<double>> pairs(2);
  for (const Sample& sample : a) {
    const auto found = other.find(sample.realisation);
    if (found == other.end()) continue;
    pairs[0].push_back(sample.value);
    pairs[1].push_back(found->second);
  }
  return pairs;
}

}  // namespace

void fill_curve(Curve& curve, const std::vector<PointValue>& values) {
  std::map<Place, std::vector<PointValue>> places;
  bool is_ensemble = false;
  for (const PointValue& v : with_parity(values, curve.setup.parity)) {
    is_ensemble = is_ensemble || v.realisation > 0;
    places[place_of(v)].push_back(v);
  }
  for (const auto& [place, points] : places) {
    std::vector<Sample> samples;
    std::vector<double> resistances;
    std::vector<double> conductances;
    for (const PointValue& v : points) {
      samples.push_back({v.realisation, v.resistance.value});
      resistances.push_back(v.resistance.value);
      conductances.push_back(v.conductance);
    }
    const auto& [temperature, angle, field] = place;
    const Estimate mean = is_ensemble ? mean_of(resistances) : points.front().resistance;
    curve.readings.push_back({field, angle, temperature, mean.value, mean.error});
    if (!is_ensemble) continue;
    curve.samples.push_back(std::move(samples));
    curve.ensemble.push_back({conductances.size(), mean_of(conductances), variance_of(conductances),
                              mean_log_of(conductances)});
    if (!curve.variance) curve.variance.emplace();
    curve.variance->push_back(curve.ensemble.back().variance.value);
  }
}

std::optional<std::size_t> zero_field_reading(const Curve& curve, std::size_t reading) {
  const Reading& of = curve.readings[reading];
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < curve.readings.size(); ++i) {
    const Reading& r = curve.readings[i];
    if (r.field != 0.0 || r.temperature != of.temperature) continue;
    if (r.angle == of.angle) return i;
    if (!found) found = i;
  }
  return found;
}

std::vector<std::optional<Estimate>> magnetoresistance(const Curve& curve) {
  const auto& readings = curve.readings;
  std::vector<std::optional<Estimate>> changes(readings.size());
  // A voltage across the current has no zero-field value to compare with.
  using measure::Kind;
  if (curve.setup.kind == Kind::hall || curve.setup.kind == Kind::planar_hall) return changes;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const auto zero = zero_field_reading(curve, i);
    if (!zero || readings[*zero].value == 0.0) continue;
    if (!curve.samples.empty()) {
      const auto pairs = pairs_of(curve.samples[i], curve.samples[*zero]);
      if (pairs[0].empty()) continue;
      changes[i] =
          jackknife(pairs, [](std::span<const double> means) { return means[0] / means[1] - 1.0; });
      continue;
    }
    const Reading& reference = readings[*zero];
    const double ratio = readings[i].value / reference.value;
    const double error = *zero == i ? 0.0
                                    : std::hypot(readings[i].error, ratio * reference.error) /
                                          std::abs(reference.value);
    changes[i] = Estimate{ratio - 1.0, error};
  }
  return changes;
}

std::vector<measure::Setup> required_setups(const deck::Deck& deck,
                                            const measure::Terminals& terminals,
                                            const std::string& run) {
  auto setups = measure::setups_of(deck, terminals);
  if (!setups.empty()) return setups;
  throw bad_input(fmt::format(
      "{}: the deck names no measurements, and the sample has {} contacts: {}{}; give them as in "
      "--set "
      "'measurements=[{{name: r, kind: four_probe, current: [{}, {}], voltage: [{}, {}]}}]'",
      run, terminals.contacts.size(), fmt::join(terminals.contacts, ", "),
      terminals.probes.empty() ? "" : fmt::format("; probes {}", fmt::join(terminals.probes, ", ")),
      terminals.contacts[0], terminals.contacts[1], terminals.contacts[2],
      terminals.contacts.back()));
}

Units units_of(const deck::Deck& deck) {
  const auto unit = [&](deck::Quantity quantity) {
    return std::string(deck::unit_name(quantity, deck.lattice_units));
  };
  return {unit(deck::Quantity::field), unit(deck::Quantity::energy),
          unit(deck::Quantity::temperature), deck.lattice_units ? "a" : "m",
          deck.lattice_units && deck.conductor ? "1" : "ohm"};
}

}  // namespace edotb::analysis
