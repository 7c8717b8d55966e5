// R = w . V,  V the potentials per unit current,  w = (weights of plus) - (weights of minus) over the contacts.
#include "edotb/measure/setup.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace edotb::measure {

namespace {

constexpr std::array<std::string_view, 9> kind_names = {
    "two_terminal", "four_probe", "hall",     "spine",       "edge",
    "planar_hall",  "corbino",    "nonlocal", "van_der_pauw"};
constexpr std::array<std::string_view, 3> parity_names = {"none", "even", "odd"};

/// Adds `factor` times the weights with which the contacts' potentials make up that of a terminal.
void add_weights(const Response& response, const Terminal& terminal, double factor,
                 std::vector<double>& weights) {
  if (!terminal.is_probe) {
    weights[terminal.index] += factor;
    return;
  }
  const std::size_t n = weights.size();
  for (std::size_t c = 0; c < n; ++c) {
    weights[c] += factor * response.probe_potentials[terminal.index * n + c];
  }
}

/// One current and one voltage; a resistance is made of one or four of them.
struct Pair {
  Terminal in;
  Terminal out;
  Terminal plus;
  Terminal minus;
};

/// The voltage of a pair per current, and what it is made of.
struct Ratio {
  double value = 0.0;
  std::vector<double> volts;    ///< of the contacts per unit current
  std::vector<double> weights;  ///< of the contacts in the voltage
};

Ratio ratio_of(const Response& response, const Pair& pair) {
  const ConductanceMatrix& g = response.conductance;
  Ratio r{0.0, potentials(g, pair.in.index, pair.out.index), std::vector<double>(g.size(), 0.0)};
  add_weights(response, pair.plus, 1.0, r.weights);
  add_weights(response, pair.minus, -1.0, r.weights);
  for (std::size_t c = 0; c < g.size(); ++c) {
    if (r.weights[c] == 0.0) continue;
    if (!std::isfinite(r.volts[c])) {
      throw numerical_error(fmt::format(
          "contact {} is connected with neither {} nor {}: its potential is undetermined",
          g.contacts[c], pair.in.name, pair.out.name));
    }
    r.value += r.weights[c] * r.volts[c];
  }
  return r;
}

/// Adds factor * dR/dG_pq to the derivatives: dR = sum_pq a_p dG_pq (V_q - V_p), where a are the potentials
/// in the transposed sample with the weights as currents.
void add_derivatives(const Response& response, const Ratio& r, std::size_t ground, double factor,
                     std::vector<double>& derivatives) {
  const std::size_t n = r.volts.size();
  const auto adjoint = potentials(reversed(response.conductance), r.weights, ground);
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t q = 0; q < n; ++q) {
      if (!std::isfinite(adjoint[p]) || !std::isfinite(r.volts[q])) continue;
      derivatives[p * n + q] += factor * adjoint[p] * (r.volts[q] - r.volts[p]);
    }
  }
}

/// Of van der Pauw R_{AB,CD}, R_{CD,AB}, R_{BC,DA}, R_{DA,BC}, with contacts along the rim; R_{AB,CD} is V_D - V_C
/// for a current from A to B.
std::vector<Pair> pairs_of(const Setup& s) {
  if (s.kind != Kind::van_der_pauw) return {{s.in, s.out, s.plus, s.minus}};
  const Terminal& a = s.in;
  const Terminal& b = s.out;
  const Terminal& c = s.plus;
  const Terminal& d = s.minus;
  return {{a, b, d, c}, {c, d, b, a}, {b, c, a, d}, {d, a, c, b}};
}

/// What a setup makes of its ratios, and the derivative by each of them.
struct Result {
  double value = 0.0;
  std::vector<double> slopes;
};

Result result_of(const Setup& setup, const std::vector<Ratio>& r) {
  if (setup.kind != Kind::van_der_pauw) return {r[0].value, {1.0}};
  const double r1 = 0.5 * (r[0].value + r[1].value);
  const double r2 = 0.5 * (r[2].value + r[3].value);
  const double sheet = sheet_resistance(r1, r2);
  // dR/dr_i = R e_i/(r_1 e_1 + r_2 e_2), e_i = exp(-pi r_i/R)
  const double e1 = std::exp(-constants::pi * r1 / sheet);
  const double e2 = std::exp(-constants::pi * r2 / sheet);
  const double factor = 0.5 * sheet / (r1 * e1 + r2 * e2);
  return {sheet, {factor * e1, factor * e1, factor * e2, factor * e2}};
}

std::vector<Ratio> ratios_of(const Response& response, const std::vector<Pair>& pairs) {
  std::vector<Ratio> ratios;
  for (const Pair& pair : pairs) ratios.push_back(ratio_of(response, pair));
  return ratios;
}

}  // namespace

std::string_view name_of(Kind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }
Kind kind_named(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) {
    throw internal_error(fmt::format("there is no kind of measurement '{}'", name));
  }
  return static_cast<Kind>(found - kind_names.begin());
}
std::string_view name_of(Parity parity) {
  return parity_names.at(static_cast<std::size_t>(parity));
}

double sheet_resistance(double r1, double r2) {
  if (!(r1 > 0.0) || !(r2 > 0.0)) {
    throw numerical_error(
        fmt::format("van der Pauw resistances of {:.6g} and {:.6g}: both are positive where the "
                    "contacts A, B, C, D follow "
                    "each other along the rim of a film without holes",
                    r1, r2));
  }
  // Newton's method for x = 1/R: a falling convex function, begun where it is not negative yet.
  constexpr double pi = constants::pi;
  double x = std::log(2.0) / (pi * std::max(r1, r2));
  constexpr int max_steps = 200;
  for (int step = 0; step < max_steps; ++step) {
    const double first = std::exp(-pi * r1 * x);
    const double second = std::exp(-pi * r2 * x);
    const double change = (first + second - 1.0) / (pi * (r1 * first + r2 * second));
    x += change;
    if (std::abs(change) <= 1e-15 * x) return 1.0 / x;
  }
  throw numerical_error(
      fmt::format("van der Pauw resistances {:.6g} and {:.6g} are too far apart", r1, r2));
}

double resistance(const Response& response, const Setup& setup) {
  return result_of(setup, ratios_of(response, pairs_of(setup))).value;
}

Estimate resistance(const Response& response, const std::vector<double>& conductance_errors,
                    const Setup& setup) {
  const std::size_t n = response.conductance.size();
  const auto pairs = pairs_of(setup);
  const auto ratios = ratios_of(response, pairs);
  const Result result = result_of(setup, ratios);
  std::vector<double> derivatives(n * n, 0.0);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    add_derivatives(response, ratios[i], pairs[i].out.index, result.slopes[i], derivatives);
  }
  double squares = 0.0;
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t q = 0; q < n; ++q) {
      const double change = p == q ? 0.0 : derivatives[p * n + q] * conductance_errors[p * n + q];
      squares += change * change;
    }
  }
  return {result.value, std::sqrt(squares)};
}

}  // namespace edotb::measure
