// Resistances of probe setups against closed forms, and against elimination written in another way.
#include "edotb/base/error.hpp"
#include "edotb/measure/setup.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb::measure {

namespace {

constexpr double tight = 1e-12;

std::vector<std::string> numbered(std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < n; ++k) names.push_back(std::to_string(k));
  return names;
}

Terminal contact(std::size_t index) { return {std::to_string(index), index, false}; }
Terminal probe(std::size_t index) { return {"probe_" + std::to_string(index), index, true}; }

Setup setup(Kind kind, std::size_t in, std::size_t out, std::size_t plus, std::size_t minus) {
  return {"r", kind, Parity::none, contact(in), contact(out), contact(plus), contact(minus)};
}

double four_terminal(const ConductanceMatrix& g, std::size_t in, std::size_t out, std::size_t plus,
                     std::size_t minus) {
  return resistance({g, {}}, setup(Kind::four_probe, in, out, plus, minus));
}

/// `n_edges` chiral channels from every contact to the next one.
ConductanceMatrix chiral_edges(std::size_t n, double n_edges) {
  std::vector<double> t(n * n, 0.0);
  for (std::size_t q = 0; q < n; ++q) t[((q + 1) % n) * n + q] = n_edges;
  return from_transmissions(numbered(n), t);
}

/// A random G with equal row and column sums, as of a sample in a field: sums of cycles.
ConductanceMatrix random_sample(std::size_t n, test::Draw& draw) {
  std::vector<double> t(n * n, 0.0);
  for (int cycle = 0; cycle < 12; ++cycle) {
    std::vector<std::size_t> order(n);
    for (std::size_t k = 0; k < n; ++k) order[k] = k;
    for (std::size_t k = n - 1; k > 0; --k) {
      std::swap(
          order[k],
          order[static_cast<std::size_t>(0.5 * (draw.uniform() + 1.0) * static_cast<double>(k))]);
    }
    const double strength = 1.1 + draw.uniform();
    for (std::size_t k = 0; k < n; ++k) t[order[(k + 1) % n] * n + order[k]] += strength;
  }
  return from_transmissions(numbered(n), t);
}

/// Column by column Gauss-Jordan elimination with row pivoting of the N - 1 equations without contact `out`.
std::vector<double> by_gauss_jordan(const ConductanceMatrix& g, std::size_t in, std::size_t out) {
  std::vector<std::size_t> kept;
  for (std::size_t k = 0; k < g.size(); ++k) {
    if (k != out) kept.push_back(k);
  }
  const std::size_t n = kept.size();
  std::vector<std::vector<double>> a(n, std::vector<double>(n + 1, 0.0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) a[i][j] = -g.at(kept[i], kept[j]);
    a[i][n] = kept[i] == in ? 1.0 : 0.0;
  }
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t i = column; i < n; ++i) {
      if (std::abs(a[i][column]) > std::abs(a[pivot][column])) pivot = i;
    }
    std::swap(a[column], a[pivot]);
    for (std::size_t i = 0; i < n; ++i) {
      if (i == column) continue;
      const double factor = a[i][column] / a[column][column];
      for (std::size_t j = 0; j <= n; ++j) a[i][j] -= factor * a[column][j];
    }
  }
  std::vector<double> volts(g.size(), 0.0);
  for (std::size_t i = 0; i < n; ++i) volts[kept[i]] = a[i][n] / a[i][i];
  return volts;
}

}  // namespace

// Contacts 0 source, 1, 2 upper, 3 drain, 4, 5 lower: R_xx = 0, R_xy = 1/nu in h/e^2 (Buettiker, PRB 38, 9375).
TEST(HallBar, OfIdealEdgeStates) {
  for (const double filling : {1.0, 2.0, 3.0}) {
    const auto g = chiral_edges(6, filling);
    EXPECT_NEAR(four_terminal(g, 0, 3, 1, 2), 0.0, tight);
    EXPECT_NEAR(four_terminal(g, 0, 3, 5, 4), 0.0, tight);
    EXPECT_NEAR(four_terminal(g, 0, 3, 1, 5), 1.0 / filling, tight);
    EXPECT_NEAR(four_terminal(g, 0, 3, 2, 4), 1.0 / filling, tight);
    EXPECT_NEAR(resistance({g, {}}, setup(Kind::two_terminal, 0, 3, 0, 3)), 1.0 / filling, tight);
    // The other way round in the opposite field.
    EXPECT_NEAR(four_terminal(reversed(g), 0, 3, 1, 5), -1.0 / filling, tight);
  }
}

// Helical edges (quantum spin Hall) with six contacts: R_14,14 = 3/2, R_14,23 = 1/2 h/e^2 (Roth et al., Science 325, 294).
TEST(HallBar, OfHelicalEdgeStates) {
  auto t = chiral_edges(6, 1.0).values;
  const auto back = reversed(chiral_edges(6, 1.0)).values;
  for (std::size_t i = 0; i < t.size(); ++i) t[i] += back[i];
  const auto g = from_transmissions(numbered(6), t);
  EXPECT_NEAR(four_terminal(g, 0, 3, 0, 3), 1.5, tight);
  EXPECT_NEAR(four_terminal(g, 0, 3, 1, 2), 0.5, tight);
}

// One contact floats: G = T_21 + T_23 T_31/(T_31 + T_32) with contact 3 as the probe (Buettiker, PRB 33, 3020 (1986)).
TEST(Buettiker, ThreeTerminals) {
  test::Draw draw(3);
  for (int trial = 0; trial < 20; ++trial) {
    const auto g = random_sample(3, draw);
    const double t21 = g.at(1, 0);
    const double t23 = g.at(1, 2);
    const double t31 = g.at(2, 0);
    const double t32 = g.at(2, 1);
    const double conductance = t21 + t23 * t31 / (t31 + t32);
    EXPECT_NEAR(four_terminal(g, 0, 1, 0, 1) * conductance, 1.0, tight);
    // The probe's potential lies between the two by T_31/(T_31 + T_32).
    EXPECT_NEAR(four_terminal(g, 0, 1, 2, 1) / four_terminal(g, 0, 1, 0, 1), t31 / (t31 + t32),
                tight);
  }
}

TEST(Buettiker, ReciprocityOfFourTerminals) {
  test::Draw draw(4);
  for (int trial = 0; trial < 20; ++trial) {
    const auto g = random_sample(4, draw);
    const double r = four_terminal(g, 0, 1, 2, 3);
    EXPECT_NEAR(r, four_terminal(reversed(g), 2, 3, 0, 1), tight);
    EXPECT_GT(std::abs(r - four_terminal(reversed(g), 0, 1, 2, 3)), 1e-6);
  }
}

TEST(Potentials, AgreeWithGaussJordan) {
  test::Draw draw(5);
  for (std::size_t n = 2; n <= 9; ++n) {
    const auto g = random_sample(n, draw);
    for (std::size_t in = 1; in < n; ++in) {
      const auto volts = potentials(g, in, 0);
      const auto expected = by_gauss_jordan(g, in, 0);
      for (std::size_t k = 0; k < n; ++k) EXPECT_NEAR(volts[k], expected[k], tight);
      for (std::size_t p = 0; p < n; ++p) {
        double current = 0.0;
        for (std::size_t q = 0; q < n; ++q) current += g.at(p, q) * volts[q];
        EXPECT_NEAR(current, p == 0 ? 1.0 : p == in ? -1.0 : 0.0, tight) << n << " " << p;
      }
    }
  }
}

// A ladder of conductances over eighty orders of magnitude: elimination without subtractions keeps every digit.
TEST(Potentials, KeepTheirDigits) {
  constexpr std::size_t n = 5;
  std::vector<double> t(n * n, 0.0);
  const std::vector<double> steps = {1.0, 1e-9, 1e-3, 1e-11};
  for (std::size_t k = 0; k + 1 < n; ++k) t[k * n + k + 1] = t[(k + 1) * n + k] = steps[k];
  const auto volts = potentials(from_transmissions(numbered(n), t), 0, 4);
  double expected = 0.0;
  for (std::size_t k = n - 1; k-- > 0;) {
    expected += 1.0 / steps[k];
    EXPECT_NEAR(volts[k] / expected, 1.0, 1e-14);
  }
}

TEST(Potentials, OfContactsThatNothingConnects) {
  const auto g = from_transmissions(
      numbered(4), std::vector<double>{0, 2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 3, 0});
  EXPECT_NEAR(four_terminal(g, 0, 1, 0, 1), 0.5, tight);
  EXPECT_THROW(static_cast<void>(four_terminal(g, 0, 1, 0, 2)), Error);
  EXPECT_THROW(static_cast<void>(four_terminal(g, 0, 2, 0, 1)), Error);
}

TEST(Probes, ReadWhatTheContactsMakeOfThem) {
  test::Draw draw(6);
  const auto g = random_sample(3, draw);
  const Response response{g, {0.2, 0.5, 0.3, 0.7, 0.1, 0.2}};
  measure::Setup spine = setup(Kind::spine, 0, 1, 0, 1);
  spine.plus = probe(0);
  spine.minus = probe(1);
  const auto volts = by_gauss_jordan(g, 0, 1);
  const double expected = -0.5 * volts[0] + 0.4 * volts[1] + 0.1 * volts[2];
  EXPECT_NEAR(resistance(response, spine), expected, tight);
}

// Errors against finite differences of the resistance.
TEST(Errors, FollowTheDerivatives) {
  test::Draw draw(7);
  constexpr std::size_t n = 5;
  const auto g = random_sample(n, draw);
  std::vector<double> probes(2 * n);
  for (double& weight : probes) weight = draw.uniform();
  probes[4] = 1.0 - probes[0] - probes[1] - probes[2] - probes[3];
  probes[9] = 1.0 - probes[5] - probes[6] - probes[7] - probes[8];
  std::vector<double> errors(n * n);
  for (double& error : errors) error = 0.01 * (1.5 + draw.uniform());
  std::vector<measure::Setup> setups = {setup(Kind::two_terminal, 0, 3, 0, 3),
                                        setup(Kind::hall, 0, 3, 1, 4),
                                        setup(Kind::edge, 1, 2, 1, 2)};
  setups.back().plus = probe(0);
  setups.back().minus = probe(1);
  for (const measure::Setup& one : setups) {
    double squares = 0.0;
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = 0; q < n; ++q) {
        if (p == q) continue;
        constexpr double step = 1e-5;
        std::vector<double> r;
        for (const double sign : {-1.0, 1.0}) {
          auto moved = g.values;
          moved[p * n + q] += sign * step;
          r.push_back(resistance({from_transmissions(numbered(n), moved), probes}, one));
        }
        squares += std::pow((r[1] - r[0]) / (2.0 * step) * errors[p * n + q], 2);
      }
    }
    const Estimate estimate = resistance({g, probes}, errors, one);
    EXPECT_NEAR(estimate.error / std::sqrt(squares), 1.0, 1e-7);
    EXPECT_NEAR(estimate.value, resistance({g, probes}, one), tight);
  }
}

TEST(VanDerPauw, SolvesItsEquation) {
  EXPECT_NEAR(sheet_resistance(0.2206356001526516, 0.2206356001526516), 1.0, tight);  // ln 2/pi
  for (const double ratio : {1.0, 3.0, 100.0, 1e4}) {
    const double sheet = sheet_resistance(2.0, 2.0 / ratio);
    constexpr double pi = 3.14159265358979323846;
    EXPECT_NEAR(std::exp(-pi * 2.0 / sheet) + std::exp(-pi * 2.0 / ratio / sheet), 1.0, tight);
  }
  EXPECT_THROW(static_cast<void>(sheet_resistance(1.0, -0.1)), Error);
}

// Point contacts A, B, C, D on the rim of a half plane of sheet resistance 1: R_{AB,CD} is
// ln[(a+b)(b+c)/(b(a+b+c))]/pi for distances a, b, c. It comes from a conductance matrix with the same four-terminal
// resistances: any symmetric G has three free numbers for them.
TEST(VanDerPauw, OfAHalfPlane) {
  const double a = 1.0;
  const double b = 0.7;
  const double c = 2.3;
  constexpr double pi = 3.14159265358979323846;
  // Potentials -ln|x|/pi per current, contacts of radius 1e-3 each.
  const std::vector<double> x = {0.0, a, a + b, a + b + c};
  const auto z = [&](std::size_t i, std::size_t j) {
    return -std::log(i == j ? 1e-3 : std::abs(x[i] - x[j])) / pi;
  };
  // G = -Z^-1 with the condition that currents add up to zero: invert Z + const 1, const large, by Gauss-Jordan.
  constexpr std::size_t n = 4;
  constexpr double shift = 1e4;
  std::vector<std::vector<double>> m(n, std::vector<double>(2 * n, 0.0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) m[i][j] = z(i, j) + shift;
    m[i][n + i] = 1.0;
  }
  for (std::size_t k = 0; k < n; ++k) {
    const double pivot = m[k][k];
    for (double& value : m[k]) value /= pivot;
    for (std::size_t i = 0; i < n; ++i) {
      const double factor = m[i][k];
      for (std::size_t j = 0; i != k && j < 2 * n; ++j) m[i][j] -= factor * m[k][j];
    }
  }
  std::vector<double> t(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) t[i * n + j] = -m[i][n + j];
  }
  const Response response{from_transmissions(numbered(n), t), {}};
  // The shift leaves an error of its inverse.
  EXPECT_NEAR(four_terminal(response.conductance, 0, 1, 3, 2),
              std::log((a + b) * (b + c) / (b * (a + b + c))) / pi, 1e-3);
  EXPECT_NEAR(resistance(response, setup(Kind::van_der_pauw, 0, 1, 2, 3)), 1.0, 1e-3);
}

TEST(VanDerPauw, CarriesErrors) {
  // Four equal conductances around a square: R_{AB,CD} = R_{BC,DA} = 1/(4 g); relative errors of r and R are the same.
  const std::vector<double> t = {0, 2, 0, 2, 2, 0, 2, 0, 0, 2, 0, 2, 2, 0, 2, 0};
  const Response response{from_transmissions(numbered(4), t), {}};
  const std::vector<double> errors(16, 0.02);
  const measure::Setup square = setup(Kind::van_der_pauw, 0, 1, 2, 3);
  const Estimate sheet = resistance(response, errors, square);
  EXPECT_NEAR(sheet.value, 0.125 * 3.14159265358979323846 / std::log(2.0), tight);
  double squares = 0.0;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i % 5 == 0) continue;
    std::vector<double> r;
    for (const double step : {-1e-5, 1e-5}) {
      auto moved = t;
      moved[i] += step;
      r.push_back(resistance({from_transmissions(numbered(4), moved), {}}, square));
    }
    squares += std::pow((r[1] - r[0]) / 2e-5 * 0.02, 2);
  }
  EXPECT_NEAR(sheet.error / std::sqrt(squares), 1.0, 1e-7);
}

}  // namespace edotb::measure
