// A point has enough realisations at the first n of  n_0 = minimum, n_k+1 = ceil(3 n_k/2), ..., maximum  with
//
//   s_n/sqrt(n) <= max(relative_error |mean_n|, absolute_error),   s_n^2 = sum (g_i - mean_n)^2/(n - 1)
//
// (Chow, Robbins, Ann. Math. Statist. 36, 457 (1965)). Stopping at a favourable moment shifts the mean by
// r^2 (2 - skewness/v) of itself, with r the relative error and v = s/mean: docs/running.md.

#include "edotb/campaign/adaptive_ensemble.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/campaign/terminals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace edotb::campaign {

namespace {

double tolerance_of(double mean, const deck::UntilOptions& until) {
  return std::max(until.relative_error * std::abs(mean), until.absolute_error);
}

}  // namespace

std::vector<std::int64_t> looks(std::int64_t minimum, std::int64_t maximum) {
  std::vector<std::int64_t> looks = {std::min(minimum, maximum)};
  while (looks.back() < maximum) looks.push_back(std::min((3 * looks.back() + 1) / 2, maximum));
  return looks;
}

EnsembleMean ensemble_mean(std::span<const double> values) {
  EnsembleMean result;
  double sum = 0.0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++result.n_realisations;
  }
  const auto n = static_cast<double>(result.n_realisations);
  result.mean = {sum / n, std::numeric_limits<double>::infinity()};
  if (result.n_realisations < 2) return result;
  double squares = 0.0;
  for (const double value : values) {
    if (std::isfinite(value)) squares += (value - result.mean.value) * (value - result.mean.value);
  }
  result.mean.error = std::sqrt(squares / (n * (n - 1.0)));
  return result;
}

bool is_enough(const EnsembleMean& mean, const deck::UntilOptions& until) {
  return mean.n_realisations >= until.minimum &&
         mean.mean.error <= tolerance_of(mean.mean.value, until);
}

KnownConductances::KnownConductances(const deck::Deck& deck, measure::Terminals terminals)
    : contacts_(std::move(terminals.contacts)), are_thermal_(!deck.thermal.temperature.empty()) {
  for (const auto& setup : measure::setups_of(deck, {contacts_, terminals.probes})) {
    const std::pair pair(setup.in.index, setup.out.index);
    if (std::find(pairs_.begin(), pairs_.end(), pair) == pairs_.end()) pairs_.push_back(pair);
  }
  if (pairs_.empty()) pairs_.emplace_back(0, 1);
  const auto name = [&](const auto& pair) {
    return contacts_[pair.first] + " -> " + contacts_[pair.second];
  };
  for (const double temperature : deck.thermal.temperature) {
    for (const auto& pair : pairs_) {
      names_.push_back(fmt::format("{} at temperature {}", name(pair), temperature));
    }
  }
  if (are_thermal_) return;
  for (const auto& pair : pairs_) names_.push_back(name(pair));
}

std::vector<double> KnownConductances::of(std::span<const double> matrices) const {
  const std::size_t size = contacts_.size() * contacts_.size();
  std::vector<double> conductances;
  for (std::size_t at = 0; at < matrices.size(); at += size) {
    const auto matrix = matrices.subspan(at, size);
    const bool is_finite = std::all_of(matrix.begin(), matrix.end(),
                                       [](double value) { return std::isfinite(value); });
    const auto g = measure::from_transmissions(contacts_, matrix);
    for (const auto& [in, out] : pairs_) {
      conductances.push_back(std::numeric_limits<double>::quiet_NaN());
      if (!is_finite) continue;
      try {
        conductances.back() = measure::conductance_between(g, in, out);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::numerical) throw;
      }
    }
  }
  return conductances;
}

std::vector<double> KnownConductances::of(const PointResult& result) const {
  return of(are_thermal_ ? result.thermal->conductance : result.transmission);
}

AdaptiveEnsemble::AdaptiveEnsemble(const deck::Deck& deck, KnownConductances known)
    : known_(std::move(known)),
      until_(deck.ensemble.until),
      points_(deck),
      looks_(looks(until_.minimum, deck.ensemble.n_realisations)) {
  const auto n_groups = static_cast<std::size_t>(points_.size() / points_.shape()[3]);
  const auto n_energies = static_cast<std::size_t>(points_.shape()[2]);
  values_.resize(n_groups);
  is_computed_.resize(n_groups);
  sets_.resize(until_.each_energy ? n_energies : n_groups);
  for (std::size_t group = 0; group < n_groups; ++group) {
    sets_[group % sets_.size()].groups.push_back(group);  // the energy runs fastest
  }
}

void AdaptiveEnsemble::add(std::int64_t number, std::span<const double> conductances) {
  const auto group = static_cast<std::size_t>(number / points_.shape()[3]);
  const auto realisation = static_cast<std::size_t>(number % points_.shape()[3]);
  const std::size_t width = known_.names().size();
  auto& is_computed = is_computed_[group];
  auto& values = values_[group];
  if (is_computed.size() <= realisation) {
    is_computed.resize(realisation + 1, 0);
    values.resize((realisation + 1) * width, std::numeric_limits<double>::quiet_NaN());
  }
  is_computed[realisation] = 1;
  std::copy(conductances.begin(), conductances.end(),
            values.begin() + static_cast<std::ptrdiff_t>(realisation * width));
}

std::vector<double> AdaptiveEnsemble::values_of(std::size_t group, std::size_t conductance,
                                                std::int64_t n) const {
  const std::size_t width = known_.names().size();
  const auto n_values = std::min(static_cast<std::size_t>(n), is_computed_[group].size());
  std::vector<double> values(n_values);
  for (std::size_t r = 0; r < n_values; ++r) values[r] = values_[group][r * width + conductance];
  return values;
}

bool AdaptiveEnsemble::has_enough(std::size_t group, std::int64_t n) const {
  for (std::size_t c = 0; c < known_.names().size(); ++c) {
    if (!campaign::is_enough(ensemble_mean(values_of(group, c, n)), until_)) return false;
  }
  return true;
}

std::optional<Chunk> AdaptiveEnsemble::missing(std::size_t group, std::int64_t n) const {
  const auto& is_computed = is_computed_[group];
  const auto n_known = std::min(n, static_cast<std::int64_t>(is_computed.size()));
  const auto first = std::find(is_computed.begin(), is_computed.begin() + n_known, 0);
  const std::int64_t begin = first - is_computed.begin();
  if (begin == n) return std::nullopt;
  const auto start = static_cast<std::int64_t>(group) * points_.shape()[3];
  return Chunk{start + begin, start + n};
}

std::int64_t AdaptiveEnsemble::n_computed() const {
  std::int64_t n = 0;
  for (const auto& group : is_computed_) n += std::count(group.begin(), group.end(), 1);
  return n;
}

std::vector<Chunk> AdaptiveEnsemble::advance() {
  std::vector<Chunk> wanted;
  for (Set& set : sets_) {
    bool is_waiting = false;
    while (!set.is_over && !is_waiting) {
      const std::int64_t n = looks_[set.look];
      for (const std::size_t group : set.groups) {
        const auto range = missing(group, n);
        if (range) wanted.push_back(*range);
        is_waiting = is_waiting || range;
      }
      if (is_waiting) break;
      set.is_enough = std::all_of(set.groups.begin(), set.groups.end(),
                                  [&](std::size_t group) { return has_enough(group, n); });
      set.is_over = set.is_enough || set.look + 1 == looks_.size();
      if (!set.is_over) ++set.look;
    }
  }
  std::sort(wanted.begin(), wanted.end(),
            [](const Chunk& a, const Chunk& b) { return a.begin < b.begin; });
  return wanted;
}

std::vector<AdaptiveEnsemble::Outcome> AdaptiveEnsemble::outcomes() const {
  std::vector<Outcome> outcomes(values_.size());
  for (const Set& set : sets_) {
    for (const std::size_t group : set.groups) {
      Outcome& outcome = outcomes[group];
      outcome.point = points_[static_cast<std::int64_t>(group) * points_.shape()[3]];
      double worst = -1.0;
      for (std::size_t c = 0; c < known_.names().size(); ++c) {
        const auto mean = ensemble_mean(values_of(group, c, points_.shape()[3]));
        const double tolerance = tolerance_of(mean.mean.value, until_);
        const double excess = mean.mean.error > tolerance ? mean.mean.error / tolerance : 0.0;
        if (excess <= worst) continue;
        worst = excess;
        outcome.worst = mean;
        outcome.conductance = c;
      }
      outcome.is_enough = set.is_enough || has_enough(group, looks_[set.look]);
    }
  }
  return outcomes;
}

AdaptiveEnsemble read_adaptive_ensemble(hid_t file, const deck::Deck& deck) {
  AdaptiveEnsemble ensemble(deck, KnownConductances(deck, read_terminals(file)));
  const auto status = hdf5::read<std::int8_t>(file, "/status").values;
  const auto matrices = hdf5::read<double>(
      file, ensemble.known().are_thermal() ? "/thermal/conductance" : "/transmission");
  if (status.empty() || matrices.values.size() % status.size() != 0) {
    throw bad_input("the datasets do not fit each other");
  }
  const std::size_t size = matrices.values.size() / status.size();
  for (std::size_t number = 0; number < status.size(); ++number) {
    if (static_cast<Status>(status[number]) == Status::not_computed) continue;
    ensemble.add(static_cast<std::int64_t>(number),
                 ensemble.known().of({matrices.values.data() + number * size, size}));
  }
  return ensemble;
}

std::string describe(const AdaptiveEnsemble& ensemble, const deck::Deck& deck) {
  const auto at = [](const std::vector<double>& values, std::int64_t i) {
    return values[static_cast<std::size_t>(i)];
  };
  const auto outcomes = ensemble.outcomes();
  const auto& until = deck.ensemble.until;
  const auto n_enough = std::count_if(outcomes.begin(), outcomes.end(),
                                      [](const auto& outcome) { return outcome.is_enough; });
  std::string target;
  if (until.relative_error > 0.0) target += fmt::format("relative error {}", until.relative_error);
  if (until.absolute_error > 0.0) {
    target += fmt::format("{}error {} e^2/h", target.empty() ? "" : " or ", until.absolute_error);
  }
  std::string text = fmt::format(
      "ensemble.until: {} of {} points reached the {}; {} of at most {} realisations were needed\n",
      n_enough, outcomes.size(), target, ensemble.n_computed(), PointList(deck).size());
  for (const auto& outcome : outcomes) {
    if (outcome.is_enough) continue;
    const auto& [value, error] = outcome.worst.mean;
    text += fmt::format(
        "  field {} angle {} energy {}: not reached: {} {:.6g} +- {:.2g} e^2/h, of {} "
        "realisations\n",
        at(deck.field.magnitude, outcome.point.field), at(deck.field.angle, outcome.point.angle),
        at(deck.energy, outcome.point.energy), ensemble.known().names()[outcome.conductance], value,
        error, outcome.worst.n_realisations);
  }
  return text;
}

}  // namespace edotb::campaign
