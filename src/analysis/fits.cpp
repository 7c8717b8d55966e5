// Laws of a few parameters fitted to readings. A length or a scale of the field enters in a non-linear way: the fit starts
// from several of them and the best end is kept.
#include "edotb/analysis/fits.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

namespace edotb::analysis {

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();
constexpr double quantum_ohm =
    constants::planck / (constants::elementary_charge * constants::elementary_charge);

using Law = std::function<double(const Reading&, std::span<const double>)>;

std::vector<double> errors_of(std::span<const Reading> readings) {
  std::vector<double> errors;
  for (const Reading& reading : readings) {
    if (reading.error > 0.0) errors.push_back(reading.error);
  }
  if (!errors.empty() && errors.size() != readings.size()) {
    throw bad_input("a fit takes readings that all have errors, or none");
  }
  return errors;
}

/// The best fit from any of the starts.
Fit best_fit(std::span<const Reading> readings, const Law& law,
             const std::vector<std::vector<Parameter>>& starts) {
  const std::vector<double> errors = errors_of(readings);
  std::vector<double> y;
  for (const Reading& reading : readings) y.push_back(reading.value);
  const Model model = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = law(readings[i], p);
  };
  std::optional<Fit> best;
  for (const auto& start : starts) {
    Fit candidate = fit(model, y, errors, start);
    if (!best || candidate.chi_squared < best->chi_squared) best = std::move(candidate);
  }
  return *best;
}

struct Range {
  double smallest = unlimited;
  double largest = 0.0;
};

/// Of what is not zero.
Range range_of(std::span<const Reading> readings, const std::function<double(const Reading&)>& of) {
  Range range;
  for (const Reading& reading : readings) {
    const double value = std::abs(of(reading));
    if (value == 0.0) continue;
    range.smallest = std::min(range.smallest, value);
    range.largest = std::max(range.largest, value);
  }
  if (range.largest == 0.0) throw bad_input("a fit takes readings in more than one field");
  return range;
}

Range fields_of(std::span<const Reading> readings) {
  return range_of(readings, [](const Reading& r) { return r.field; });
}

/// Values from `low` to `high`, each `factor` times the one before.
std::vector<double> ladder(double low, double high, double factor) {
  std::vector<double> values;
  const auto n = static_cast<int>(std::ceil(std::log(high / low) / std::log(factor)));
  for (int i = 0; i <= n; ++i) values.push_back(low * std::pow(factor, i));
  return values;
}

/// Lengths whose characteristic fields span those of the readings.
std::vector<double> lengths_for(std::span<const Reading> readings, double hbar_over_e) {
  const Range fields = fields_of(readings);
  return ladder(std::sqrt(hbar_over_e / (4.0 * fields.largest)),
                std::sqrt(hbar_over_e / (0.04 * fields.smallest)), 3.0);
}

/// A length may leave the range that the fields can tell by two decades: then it is not determined.
Parameter length(const std::string& name, double start) {
  return {name, start, 1e-2 * start, 1e2 * start};
}

double value_near_zero_field(std::span<const Reading> readings) {
  return std::min_element(readings.begin(), readings.end(),
                          [](const Reading& a, const Reading& b) {
                            return std::abs(a.field) < std::abs(b.field);
                          })
      ->value;
}

void require(std::span<const Reading> readings) {
  if (readings.empty()) throw bad_input("a fit needs readings");
}

}  // namespace

std::vector<Reading> as_conductances(std::span<const Reading> resistances, double squares) {
  std::vector<Reading> conductances;
  for (Reading reading : resistances) {
    if (!(reading.value > 0.0)) {
      throw bad_input(fmt::format("a resistance of {} ohm has no conductance", reading.value));
    }
    const double conductance = quantum_ohm * squares / reading.value;
    reading.error *= conductance / reading.value;
    reading.value = conductance;
    conductances.push_back(reading);
  }
  return conductances;
}

LawFit fit_localisation(std::span<const Reading> readings, double hbar_over_e) {
  require(readings);
  std::vector<std::vector<Parameter>> starts;
  for (const double l : lengths_for(readings, hbar_over_e)) {
    starts.push_back(
        {{"sigma_0", value_near_zero_field(readings)}, {"alpha", 0.5}, length("l_phi", l)});
  }
  const Law law = [&](const Reading& r, std::span<const double> p) {
    return p[0] + hikami_larkin_nagaoka(r.field, p[1], p[2], hbar_over_e);
  };
  return {"Hikami-Larkin-Nagaoka", "sigma_0 + alpha/pi F(B/B_phi), B_phi = hbar/(4 e l_phi^2)",
          best_fit(readings, law, starts)};
}

LawFit fit_localisation_with_spin_orbit(std::span<const Reading> readings, double hbar_over_e) {
  require(readings);
  std::vector<std::vector<Parameter>> starts;
  for (const double l : lengths_for(readings, hbar_over_e)) {
    for (const double ratio : {0.1, 1.0}) {
      starts.push_back({{"sigma_0", value_near_zero_field(readings)},
                        length("l_phi", l),
                        length("l_so", ratio * l)});
    }
  }
  const Law law = [&](const Reading& r, std::span<const double> p) {
    return p[0] + hikami_larkin_nagaoka(r.field, {.phase = p[1], .spin_orbit = p[2]}, hbar_over_e);
  };
  return {"Hikami-Larkin-Nagaoka with spin-orbit scattering",
          "sigma_0 + [3/2 F(B/(B_phi + 4/3 B_so)) - 1/2 F(B/B_phi)]/pi, B = hbar/(4 e l^2)",
          best_fit(readings, law, starts)};
}

LawFit fit_wire_localisation(std::span<const Reading> readings, const Wire& wire,
                             double hbar_over_e) {
  require(readings);
  const Range fields = fields_of(readings);
  const auto magnetic_length = [&](double field) {
    return std::sqrt(3.0) * hbar_over_e / (field * wire.width);
  };
  std::vector<std::vector<Parameter>> starts;
  for (const double l :
       ladder(magnetic_length(fields.largest), 3.0 * magnetic_length(fields.smallest), 4.0)) {
    starts.push_back({{"g_0", value_near_zero_field(readings)}, length("l_phi", l)});
  }
  const Law law = [&](const Reading& r, std::span<const double> p) {
    return p[0] + quasi_one_dimensional(r.field, wire, p[1], 0.0, hbar_over_e);
  };
  return {"weak localisation of a wire", "g_0 - 2 P(L_s/L), 1/L_s^2 = 1/l_phi^2 + 1/L_B^2",
          best_fit(readings, law, starts)};
}

LawFit fit_kawabata(std::span<const Reading> readings, double hbar_over_e) {
  require(readings);
  std::vector<std::vector<Parameter>> starts;
  for (const double l : lengths_for(readings, hbar_over_e)) {
    starts.push_back({{"sigma_0", value_near_zero_field(readings)}, length("l_phi", l)});
  }
  const Law law = [&](const Reading& r, std::span<const double> p) {
    return p[0] + kawabata(r.field, p[1], hbar_over_e);
  };
  return {"Kawabata", "sigma_0 + sqrt(eB/hbar)/pi f3(B/B_phi), B_phi = hbar/(4 e l_phi^2)",
          best_fit(readings, law, starts)};
}

LawFit fit_quadratic(std::span<const Reading> readings) {
  require(readings);
  const double largest = fields_of(readings).largest;
  const double near_zero = value_near_zero_field(readings);
  const Law law = [](const Reading& r, std::span<const double> p) {
    return p[0] + p[1] * r.field * r.field;
  };
  return {"quadratic in the field", "c_0 + c B^2",
          best_fit(readings, law, {{{"c_0", near_zero}, {"c", near_zero / (largest * largest)}}})};
}

LawFit fit_linear(std::span<const Reading> readings) {
  require(readings);
  const double near_zero = value_near_zero_field(readings);
  const Law law = [](const Reading& r, std::span<const double> p) {
    return p[0] + p[1] * std::abs(r.field);
  };
  return {"linear in the field", "c_0 + c |B|",
          best_fit(readings, law,
                   {{{"c_0", near_zero}, {"c", near_zero / fields_of(readings).largest}}})};
}

LawFit fit_cosine_squared(std::span<const Reading> readings) {
  require(readings);
  const double start = readings.front().value;
  const Law law = [](const Reading& r, std::span<const double> p) {
    return p[0] + p[1] * std::pow(std::cos(r.angle * constants::pi / 180.0), 2);
  };
  return {"cos^2 of the angle", "isotropic + anisotropic cos^2(angle)",
          best_fit(readings, law, {{{"isotropic", start}, {"anisotropic", start}}})};
}

LawFit fit_planar_hall(std::span<const Reading> longitudinal, std::span<const Reading> transverse) {
  require(longitudinal);
  std::vector<Reading> all(longitudinal.begin(), longitudinal.end());
  all.insert(all.end(), transverse.begin(), transverse.end());
  const Reading* first_transverse = all.data() + longitudinal.size();
  const Law law = [&](const Reading& r, std::span<const double> p) {
    const PlanarHall at = planar_hall(p[0], p[1], r.angle);
    return &r < first_transverse ? at.longitudinal : at.transverse;
  };
  const double start = all.front().value;
  return {"planar Hall circle",
          "rho_perp - (rho_perp - rho_par) cos^2, -(rho_perp - rho_par) sin cos",
          best_fit(all, law, {{{"rho_par", start}, {"rho_perp", 1.5 * start}}})};
}

LawFit fit_alignment(std::span<const Reading> readings, double magneton) {
  require(readings);
  const auto ratio = [](const Reading& r) {
    return r.temperature > 0.0 ? r.field / r.temperature : 0.0;
  };
  const Range ratios = range_of(readings, ratio);
  const double per_unit = alignment(1.0, 1.0, 1.0, magneton);
  std::vector<std::vector<Parameter>> starts;
  for (const double moment :
       ladder(0.3 / (per_unit * ratios.largest), 3.0 / (per_unit * ratios.smallest), 4.0)) {
    starts.push_back({{"rho_0", value_near_zero_field(readings)},
                      {"depth", 0.5, 0.0, 1.0},
                      length("moment", moment)});
  }
  const Law law = [&](const Reading& r, std::span<const double> p) {
    if (r.field == 0.0) return p[0];
    const double x = alignment(p[2], r.field, r.temperature, magneton);
    return p[0] * (1.0 - p[1] * std::pow(langevin(x), 2));
  };
  return {"alignment of spins", "rho_0 [1 - depth L(x)^2], x = moment mu_B B/(k_B T)",
          best_fit(readings, law, starts)};
}

LawFit fit_jetting(std::span<const Reading> spine, std::span<const Reading> edge,
                   const Plate& plate, double distance) {
  require(spine);
  std::vector<Reading> all(spine.begin(), spine.end());
  all.insert(all.end(), edge.begin(), edge.end());
  const Reading* first_edge = all.data() + spine.size();
  const Law law = [&](const Reading& r, std::span<const double> p) {
    const double anisotropy = 1.0 + std::pow(p[1] * r.field, 2);
    return p[0] * (&r < first_edge ? spine_resistance(plate, anisotropy, distance)
                                   : edge_resistance(plate, anisotropy, distance));
  };
  const Range fields = fields_of(all);
  std::vector<std::vector<Parameter>> starts;
  for (const double mobility : ladder(1.0 / fields.largest, 10.0 / fields.smallest, 4.0)) {
    starts.push_back({{"R_0", value_near_zero_field(all)}, length("mobility", mobility)});
  }
  return {"current jetting", "R_0 times the squeeze test's series at A = 1 + (mobility B)^2",
          best_fit(all, law, starts)};
}

LawWeights compare(std::span<const LawFit> fits) {
  const auto weights = [&](double (Fit::*criterion)() const) {
    std::vector<double> values;
    for (const LawFit& law : fits) values.push_back((law.fit.*criterion)());
    const double best = values.empty() ? 0.0 : *std::min_element(values.begin(), values.end());
    double sum = 0.0;
    for (double& value : values) {
      value = std::exp(0.5 * (best - value));
      sum += value;
    }
    for (double& value : values) value /= sum;
    return values;
  };
  for (const LawFit& law : fits) {
    if (law.fit.n_data != fits.front().fit.n_data) {
      throw bad_input("laws are compared by the same data");
    }
  }
  return {weights(&Fit::aic), weights(&Fit::bic)};
}

}  // namespace edotb::analysis
