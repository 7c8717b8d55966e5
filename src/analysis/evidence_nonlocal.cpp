// Far from the current's contacts a voltage decays as V = a exp(-x/l): of an ohmic conductor l = sqrt(A) d/pi, with d its
// extent along the current's way and A its anisotropy; of the imbalance of chiralities l = lambda, whatever d is
// (Parameswaran et al., Phys. Rev. X 4, 031035).
#include "changes.hpp"
#include "edotb/analysis/least_squares.hpp"
#include "evidence_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>
#include <tuple>

namespace edotb::analysis {

namespace {

constexpr double across = 60.0;  // deg; above, an anisotropy makes the ohmic decay shorter

/// One voltage of those that belong to the same current, in the highest field.
struct FarVoltage {
  FarPlace place;
  double value = 0.0;
  double error = 0.0;
  std::string used;
};

/// Voltages of one current and one angle; all of pairs above each other, or all of pairs one behind the other.
struct Group {
  const Curve* curve = nullptr;  ///< one of them
  double angle = 0.0;
  std::vector<FarVoltage> voltages;
};

struct Decay {
  Estimate length;
  bool is_exponential = true;
  const Group* group = nullptr;
};

/// |V|/I of a decay over `length` per amplitude, between the two places.
double shape_of(const FarPlace& place, double length) {
  const double plus = std::exp(-place.plus / length);
  if (place.plus == place.minus) return plus;  // above each other
  return std::abs(plus - std::exp(-place.minus / length));
}

std::vector<Group> groups_of(std::span<const Curve> curves) {
  double highest = 0.0;
  for (const Curve& curve : curves) {
    if (!curve.geometry.far_place) continue;
    for (const Reading& r : curve.readings) highest = std::max(highest, std::abs(r.field));
  }
  using Key = std::tuple<std::string, std::string, std::string, double, bool>;
  std::map<Key, Group> groups;
  for (const Curve& curve : curves) {
    const auto& place = curve.geometry.far_place;
    if (!place) continue;
    for (const Reading& r : curve.readings) {
      const bool is_noise = !is_significant({r.value, r.error});
      if (r.field != highest || r.temperature != lowest_temperature(curve) || is_noise) continue;
      Group& group = groups[{curve.run, curve.setup.in.name, curve.setup.out.name, r.angle,
                             place->plus == place->minus}];
      group.curve = &curve;
      group.angle = r.angle;
      constexpr double accuracy = 1e-3;  // of computed resistances
      group.voltages.push_back({*place, std::abs(r.value), std::hypot(r.error, accuracy * r.value),
                                fmt::format("{}: {:g} {}, {:g} deg", name_of(curve), r.field,
                                            curve.units.field, r.angle)});
    }
  }
  std::vector<Group> found;
  found.reserve(groups.size());
  for (auto& [key, group] : groups) found.push_back(std::move(group));
  return found;
}

/// ln V = ln a + ln shape(l) by least squares; none with one distance, or where the length is not determined.
std::optional<Decay> decay_of(const Group& group) {
  const auto& voltages = group.voltages;
  if (voltages.size() < 2) return std::nullopt;
  std::vector<double> y;
  std::vector<double> sigma;
  double longest = 0.0;
  for (const FarVoltage& v : voltages) {
    y.push_back(std::log(v.value));
    sigma.push_back(v.error / v.value);
    longest = std::max({longest, v.place.plus, v.place.minus});
  }
  // The length in units of the longest distance.
  const Model model = [&](std::span<const double> p, std::span<double> predictions) {
    for (std::size_t i = 0; i < voltages.size(); ++i) {
      const double scale = longest * std::exp(p[1]);
      predictions[i] = p[0] + std::log(shape_of(voltages[i].place, scale));
    }
  };
  constexpr double determined_below = 0.5;
  const double start = std::log(0.3);
  const double amplitude = y.front() - std::log(shape_of(voltages.front().place, 0.3 * longest));
  const std::vector<Parameter> parameters = {{"ln amplitude", amplitude},
                                             {"ln length", start, -5.0, 3.0, determined_below}};
  const Fit found = fit(model, y, sigma, parameters);
  if (!found.is_determined("ln length")) return std::nullopt;
  const double length = longest * std::exp(found.value("ln length"));
  constexpr double improbable = 1e-3;
  return Decay{
      {length, length * found.error("ln length")}, found.probability() > improbable, &group};
}

/// rho_perp/rho_par in the highest field, where a bar was measured along and across it.
std::optional<double> anisotropy_of(std::span<const Curve> curves) {
  const Curve* bar = reference_curve(curves);
  if (bar == nullptr || !bar->geometry.full_face_contacts) return std::nullopt;
  const auto along = last_change(*bar, 0.0);
  const auto turned = last_change(*bar, 90.0);
  if (!along || !turned) return std::nullopt;
  return (1.0 + turned->value) / (1.0 + along->value);
}

}  // namespace

std::vector<Row> nonlocal_row(std::span<const Curve> curves) {
  std::optional<Decay> best;
  const auto groups = groups_of(curves);
  for (const Group& group : groups) {
    const auto decay = decay_of(group);
    if (!decay) continue;
    if (!best || group.voltages.size() > best->group->voltages.size()) best = decay;
  }
  if (!best) return {};
  const Group& group = *best->group;
  const std::string& unit = group.curve->units.length;
  Row row{.name = "nonlocal",
          .observable = "decay length of the non-local resistance",
          .value = best->length.value,
          .error = best->length.error,
          .unit = unit};
  for (const FarVoltage& v : group.voltages) row.used.push_back(v.used);
  const auto anisotropy = anisotropy_of(curves);
  const bool is_bounded = group.angle >= across || anisotropy.has_value();
  const double stretch = group.angle >= across ? 1.0 : std::sqrt(anisotropy.value_or(1.0));
  const double ohmic = stretch * group.curve->geometry.far_place->extent / std::numbers::pi;
  row.reading = fmt::format("{:.3g} times the {:.3g} {} of an ohmic conductor", row.value / ohmic,
                            ohmic, unit);
  constexpr double same_within = 0.1;
  const double margin = 3.0 * row.error + same_within * ohmic;
  if (!best->is_exponential) {
    row.reading += "; not one exponential: tells nothing";
  } else if (row.value < ohmic + margin && row.value > ohmic - margin) {
    row.says = {Says::nothing, Says::supports, Says::against, Says::supports};
    row.reading += ": the current's own spreading";
  } else if (row.value > ohmic && is_bounded) {
    row.says = {Says::nothing, Says::against, Says::supports, Says::against};
    row.reading += ": something that the current leaves behind decays more slowly";
  } else if (row.value > ohmic) {
    row.reading += fmt::format(
        "; so would be that of an anisotropy sigma_par/sigma_perp of {:.3g}, which a bar along and "
        "across the field would tell",
        row.value * row.value / (ohmic * ohmic));
  } else {
    row.reading += ": shorter, which none of them makes";
  }
  return {row};
}

}  // namespace edotb::analysis
