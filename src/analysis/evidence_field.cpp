// Rows by the field: the law that R(B) follows, the size of the change, fluctuations.
#include "changes.hpp"
#include "edotb/analysis/laws.hpp"
#include "edotb/analysis/least_squares.hpp"
#include "evidence_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace edotb::analysis {

namespace {

constexpr double along = 0.0;

/// A law y = R(B)/R(0) of u = B/B_max with a strength and a scale in u.
struct Law {
  const char* words;
  Mechanism mechanism;
  bool has_scale;
  double (*value)(double u, double strength, double scale);
};

double cusp(double u, double a, double scale) {
  return 1.0 / (1.0 + a * std::sqrt(u) * kawabata_function(u / scale));
}
double saturation(double u, double s, double scale) {
  const double m = langevin(u / scale);
  return 1.0 - s * m * m;
}
double square(double u, double c, double /*scale*/) { return 1.0 / (1.0 + c * u * u); }
double square_then_linear(double u, double c, double scale) {
  return 1.0 / (1.0 + c * u * u / (1.0 + u / scale));
}
double tail(double u, double s, double scale) {
  const double cosh = std::cosh(0.5 * u / scale);
  return 1.0 - s + s / (cosh * cosh);
}

constexpr std::array laws = {
    Law{"cusp, then sqrt(B)", Mechanism::weak_localisation, true, cusp},
    Law{"saturates", Mechanism::alignment, true, saturation},
    Law{"1/(1 + c B^2)", Mechanism::anomaly, false, square},
    Law{"B^2, then linear", Mechanism::anomaly, true, square_then_linear},
    Law{"(mu B)^2, then an exponential tail", Mechanism::jetting, true, tail},
};

/// BIC of a law, the best over several starts.
double bic_of(const Law& law, const std::vector<double>& u, std::vector<double> y,
              const Whitening& whitening) {
  double best = std::numeric_limits<double>::infinity();
  whitening.apply(y);
  const std::vector<double> sigma(y.size(), 1.0);
  const auto model = [&](std::span<const double> p, std::span<double> predictions) {
    const double scale = law.has_scale ? std::exp(p[1]) : 1.0;
    for (std::size_t i = 0; i < u.size(); ++i) {
      predictions[i] = law.value(u[i], p[0], scale);
    }
    whitening.apply(predictions);
  };
  constexpr double smallest = -6.0;
  constexpr double largest = 4.0;
  for (const double start : {-3.0, -1.0, 1.0}) {
    std::vector<Parameter> parameters = {{"strength", 0.3, -0.9, 1e3}};
    if (law.has_scale) parameters.push_back({"ln scale", start, smallest, largest});
    best = std::min(best, fit(model, y, sigma, parameters).bic());
    if (!law.has_scale) break;
  }
  return best;
}

}  // namespace

std::vector<Row> shape_row(std::span<const Curve> curves) {
  const Curve* curve = reference_curve(curves);
  if (curve == nullptr) return {};
  const auto all = changes(*curve, along);
  constexpr std::size_t fewest = 5;
  if (all.size() < fewest || !is_significant(all.back().estimate())) return {};
  std::vector<double> u;
  std::vector<double> y;
  constexpr double accuracy = 1e-3;  // of computed resistances
  for (const Change& change : all) {
    u.push_back(std::abs(change.field / all.back().field));
    y.push_back(1.0 + change.value);
  }
  const Whitening whitening = whitening_of(all, accuracy);
  std::vector<std::pair<double, const Law*>> ranking;
  for (const Law& law : laws) {
    // A sample whose current cannot change its path needs no law of jetting.
    if (law.mechanism == Mechanism::jetting && curve->geometry.full_face_contacts) continue;
    ranking.emplace_back(bic_of(law, u, y, whitening), &law);
  }
  std::sort(ranking.begin(), ranking.end());
  const auto next = std::find_if(ranking.begin() + 1, ranking.end(), [&](const auto& other) {
    return other.second->mechanism != ranking.front().second->mechanism;
  });
  Row row{.name = "shape",
          .observable = "BIC of the next mechanism's law less that of the best",
          .value = next->first - ranking.front().first,
          .error = 0.0,
          .unit = "1",
          .used = {}};
  for (const Change& change : all) row.used.push_back(change.used);
  constexpr double strong = 6.0;  // Kass and Raftery, J. Am. Stat. Assoc. 90, 773
  row.reading =
      fmt::format("best: {}; next: {}", ranking.front().second->words, next->second->words);
  if (row.value > strong) {
    row.says[static_cast<std::size_t>(ranking.front().second->mechanism)] = Says::supports;
  } else {
    row.reading += "; the shape alone does not tell";
  }
  return {row};
}

std::vector<Row> size_row(std::span<const Curve> curves) {
  const Curve* curve = reference_curve(curves);
  if (curve == nullptr) return {};
  const auto change = last_change(*curve, along);
  if (!change) return {};
  // sigma(B)/sigma(0) - 1 = 1/(1 + x) - 1
  const double quotient = 1.0 / (1.0 + change->value);
  Row row{.name = "size",
          .observable = "sigma(B)/sigma(0) - 1 along the field",
          .value = quotient - 1.0,
          .error = change->error * quotient * quotient,
          .unit = "1",
          .used = {change->used}};
  if (curve->geometry.classical || curve->ensemble.empty()) {
    row.reading = "strength of the effect";
    return {row};
  }
  for (std::size_t i = 0; i < curve->readings.size(); ++i) {
    const Reading& reading = curve->readings[i];
    if (reading.field != 0.0 || reading.temperature != lowest_temperature(*curve)) continue;
    const double zero = curve->ensemble[i].conductance.value;
    row.value *= zero;
    row.error *= zero;
    row.observable = "g(B) - g(0)";
    row.unit = "e^2/h";
    constexpr double largest = 2.0 / 3.0;  // spin 1/2 without spin-orbit coupling, of one band
    if (row.value - 3.0 * row.error > largest) {
      row.says[static_cast<std::size_t>(Mechanism::weak_localisation)] = Says::against;
      row.reading = "more than the 2/3 of weak localisation in a wire of electrons with spin";
    } else {
      row.reading = "not more than weak localisation can make";
    }
    return {row};
  }
  return {};
}

std::vector<Row> variance_row(std::span<const Curve> curves) {
  for (const Curve& curve : curves) {
    if (curve.geometry.classical || curve.ensemble.size() != curve.readings.size()) continue;
    const Ensemble* zero = nullptr;
    const Ensemble* high = nullptr;
    double highest = 0.0;
    for (std::size_t i = 0; i < curve.readings.size(); ++i) {
      const Reading& reading = curve.readings[i];
      if (reading.temperature != lowest_temperature(curve)) continue;
      if (reading.field == 0.0) zero = &curve.ensemble[i];
      if (std::abs(reading.field) > highest) {
        highest = std::abs(reading.field);
        high = &curve.ensemble[i];
      }
    }
    if (zero == nullptr || high == nullptr || !(zero->variance.value > 0.0)) continue;
    const Estimate share = ratio(high->variance, zero->variance);
    Row row{.name = "variance",
            .observable = "var g(B)/var g(0)",
            .value = share.value,
            .error = share.error,
            .unit = "1",
            .used = {fmt::format("{}: B = 0 and {:g} {}, {} realisations", name_of(curve), highest,
                                 curve.units.field, zero->n_realisations)}};
    constexpr double halved = 0.5;
    if (share.value + 2.0 * share.error < 1.0 &&
        std::abs(share.value - halved) < 2.0 * share.error) {
      row.says[static_cast<std::size_t>(Mechanism::weak_localisation)] = Says::supports;
      row.reading = "halved: time reversal is broken, interference is at work";
    } else if (share.value - 2.0 * share.error > halved &&
               std::abs(share.value - 1.0) < 2.0 * share.error) {
      row.says[static_cast<std::size_t>(Mechanism::weak_localisation)] = Says::against;
      row.says[static_cast<std::size_t>(Mechanism::anomaly)] = Says::supports;
      row.reading = "stays";
    } else {
      row.reading = "too uncertain to tell a half from one";
    }
    return {row};
  }
  return {};
}

}  // namespace edotb::analysis
