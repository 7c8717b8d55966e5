// digamma_law  F(x)  = psi(1/2 + d) - ln d                                           d = 1/x
// kawabata     f3(x) = sum_N 2 [sqrt(N+1+d) - sqrt(N+d)] - 1/sqrt(N+1/2+d)
// Both are sum_N g(N+1/2+d) minus its integral, for g = 1/t and 1/sqrt(t), with the sign turned. Beyond t = d + n the
// difference is its midpoint series g'(t)/24 - 7 g'''(t)/5760 + 31 g^(5)(t)/967680 - 127 g^(7)(t)/154828800.
#include "edotb/analysis/laws.hpp"

#include "edotb/base/constants.hpp"

#include <boost/math/special_functions/digamma.hpp>

#include <cmath>

namespace edotb::analysis {

namespace {

constexpr double pi = constants::pi;

/// The midpoint series of t^-s, with the sign turned.
double midpoint_series(double s, double t) {
  constexpr double coefficients[] = {1.0 / 24.0, -7.0 / 5760.0, 31.0 / 967680.0,
                                     -127.0 / 154828800.0};
  double derivative = s * std::pow(t, -s - 1.0);  // minus the first one
  double order = s + 1.0;
  double sum = 0.0;
  for (const double c : coefficients) {
    sum += c * derivative;
    derivative *= order * (order + 1.0) / (t * t);
    order += 2.0;
  }
  return sum;
}

/// 1/lengths^2, or none for a process that is absent.
double rate(double l) { return l > 0.0 ? 1.0 / (l * l) : 0.0; }

}  // namespace

double characteristic_field(double l, double hbar_over_e) { return hbar_over_e / (4.0 * l * l); }

double digamma_law(double x) {
  constexpr double asymptotic = 20.0;
  if (x == 0.0) return 0.0;
  const double d = 1.0 / std::abs(x);
  if (d > asymptotic) return midpoint_series(1.0, d);
  return boost::math::digamma(0.5 + d) - std::log(d);
}

double hikami_larkin_nagaoka(double field, const CoherenceLengths& l, double hbar_over_e) {
  const double quarter = 0.25 * hbar_over_e;
  const auto part = [&](double rate_sum) {
    return rate_sum > 0.0 ? digamma_law(field / (quarter * rate_sum)) : 0.0;
  };
  const double phase = rate(l.phase);
  const double spin_orbit = rate(l.spin_orbit);
  const double magnetic = rate(l.magnetic);
  const double elastic = rate(l.mean_free);
  const double first = elastic > 0.0 ? part(elastic + spin_orbit + magnetic) : 0.0;
  return (1.5 * part(phase + 4.0 / 3.0 * spin_orbit + 2.0 / 3.0 * magnetic) -
          0.5 * part(phase + 2.0 * magnetic) - first) /
         pi;
}

double hikami_larkin_nagaoka(double field, double alpha, double l_phi, double hbar_over_e) {
  return alpha / pi * digamma_law(field / characteristic_field(l_phi, hbar_over_e));
}

double coherent_part(double x) { return std::isinf(x) ? 1.0 / 3.0 : x * langevin(1.0 / x); }

double quasi_one_dimensional(double field, const Wire& wire, double l_phi, double l_so,
                             double hbar_over_e) {
  const double inverse_l_b = std::abs(field) * wire.width / (std::sqrt(3.0) * hbar_over_e);
  const double singlet = rate(l_phi) + inverse_l_b * inverse_l_b;
  const double triplet = singlet + 4.0 / 3.0 * rate(l_so);
  const auto part = [&](double rate_sum) {
    return coherent_part(1.0 / (std::sqrt(rate_sum) * wire.length));
  };
  return part(singlet) - 3.0 * part(triplet);
}

double kawabata_function(double x) {
  constexpr double asymptotic = 20.0;
  if (x == 0.0) return 0.0;
  const double d = 1.0 / std::abs(x);
  double sum = 0.0;
  double t = d;
  while (t < asymptotic) {
    // 2 [sqrt(t+1) - sqrt(t)] without cancellation
    sum += 2.0 / (std::sqrt(t + 1.0) + std::sqrt(t)) - 1.0 / std::sqrt(t + 0.5);
    t += 1.0;
  }
  return sum + midpoint_series(0.5, t);
}

double kawabata(double field, double l_phi, double hbar_over_e) {
  return std::sqrt(std::abs(field) / hbar_over_e) / pi *
         kawabata_function(field / characteristic_field(l_phi, hbar_over_e));
}

double langevin(double x) {
  constexpr double small = 0.1;
  if (std::abs(x) < small) {
    const double y = x * x;
    return x / 3.0 * (1.0 - y / 15.0 * (1.0 - 2.0 * y / 21.0 * (1.0 - y / 10.0)));
  }
  return 1.0 / std::tanh(x) - 1.0 / x;
}

double brillouin(double spin, double x) {
  constexpr double small = 0.02;
  const double a = 1.0 + 0.5 / spin;
  const double b = 0.5 / spin;
  if (std::abs(x) < small) {  // coth z = 1/z + z/3 - z^3/45 + 2 z^5/945
    const auto term = [&](int power) { return std::pow(a, power) - std::pow(b, power); };
    return x * (term(2) / 3.0 - x * x * (term(4) / 45.0 - x * x * 2.0 * term(6) / 945.0));
  }
  return a / std::tanh(a * x) - b / std::tanh(b * x);
}

double alignment(double moment, double field, double temperature, double magneton) {
  return moment * magneton * field / temperature;
}

PlanarHall planar_hall(double rho_parallel, double rho_perpendicular, double degrees) {
  const double theta = degrees * pi / 180.0;
  const double difference = rho_perpendicular - rho_parallel;
  const double c = std::cos(theta);
  return {rho_perpendicular - difference * c * c, -difference * std::sin(theta) * c};
}

double jetting_potential(const Plate& plate, double anisotropy, double x, double y) {
  constexpr double negligible = 1e-17;
  constexpr int most_terms = 1000000;
  double sum = 0.0;
  for (int m = 1; m <= most_terms; ++m) {
    const double across = 2.0 * pi * m / plate.width;
    const double k = across / std::sqrt(anisotropy);
    // sinh(k |x|)/cosh(k L/2) without overflow
    const double ratio = std::exp(k * (std::abs(x) - 0.5 * plate.length)) *
                         -std::expm1(-2.0 * k * std::abs(x)) / (1.0 + std::exp(-k * plate.length));
    sum += 2.0 * std::cos(across * y) * ratio / k;
    if (ratio / k < negligible * plate.length) break;
  }
  return x > 0.0 ? -x - sum : -x + sum;
}

double spine_resistance(const Plate& plate, double anisotropy, double distance) {
  return -2.0 * jetting_potential(plate, anisotropy, 0.5 * distance, 0.0) / distance;
}

double edge_resistance(const Plate& plate, double anisotropy, double distance) {
  return -2.0 * jetting_potential(plate, anisotropy, 0.5 * distance, 0.5 * plate.width) / distance;
}

}  // namespace edotb::analysis
