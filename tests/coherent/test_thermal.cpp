// Landauer integrals against closed formulas, and the linear response made of them.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/coherent/thermal.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using coherent::thermal_average;
using coherent::ThermalAverage;
using coherent::ThermalWindows;
using coherent::thermoelectric;

constexpr double pi = constants::pi;

/// int_x^inf w(y) y^n dy with w = 1/(4 cosh^2(y/2)): the moments of a step T = 1 above x.
/// n = 0: f(x); n = 1: x f + ln(1 + e^-x); n = 2 by the series of the dilogarithm.
double step_moment(int n, double x) {
  const double f = 1.0 / (1.0 + std::exp(x));
  if (n == 0) return f;
  const double log_term = std::log1p(std::exp(-std::abs(x)));
  if (n == 1) return x > 0.0 ? x * f + log_term : x * (f - 1.0) + log_term;
  if (x < 0.0) return pi * pi / 3.0 - step_moment(2, -x);
  double dilogarithm =
      0.0;  // -Li_2(-e^-x), an alternating series; averaged partial sums converge fast
  double term_sign = 1.0;
  double last = 0.0;
  for (int k = 1; k <= 4000; ++k, term_sign = -term_sign) {
    last = term_sign * std::exp(-k * x) / (static_cast<double>(k) * k);
    dilogarithm += last;
  }
  dilogarithm -= 0.5 * last;
  return x * x * f + 2.0 * x * log_term + 2.0 * dilogarithm;
}

/// A two-terminal T as the matrix [[R, T], [T, R]], R = 1 - T.
std::vector<double> two_terminal(double t) { return {1.0 - t, t, t, 1.0 - t}; }

double moment(const ThermalAverage& average, std::size_t temperature, std::size_t n) {
  return average.moments[(temperature * 3 + n) * 4 + 2];
}
double error_of(const ThermalAverage& average, std::size_t temperature, std::size_t n) {
  return average.error[(temperature * 3 + n) * 4 + 2];
}

TEST(ThermalAverage, MomentsOfPolynomials) {
  // Averages of 1 and x^2 with w: 1, pi^2/3 and 7 pi^4/15.
  const ThermalWindows windows{.thermal_energies = {1.0}, .tolerance = 1e-8};
  const auto average = thermal_average(
      [](double e) {
        return std::vector<double>{0.0, 1.0, e * e, 0.0};
      },
      2, windows);
  EXPECT_TRUE(average.converged);
  EXPECT_NEAR(average.moments[1], 1.0, 1e-8);
  EXPECT_NEAR(average.moments[4 + 1], 0.0, 1e-8);
  EXPECT_NEAR(average.moments[8 + 1], pi * pi / 3.0, 1e-7);
  EXPECT_NEAR(average.moments[2], pi * pi / 3.0, 1e-7);
  EXPECT_NEAR(average.moments[8 + 2], 7.0 * std::pow(pi, 4) / 15.0, 1e-6);
}

// Steps of a clean wire: L_0 = sum_n f(E_n - mu), and the other moments alike; a ladder of temperatures
// a factor of 300 apart on one grid.
TEST(ThermalAverage, StepsGiveSumsOfFermiFunctions) {
  const std::vector<double> steps = {-0.31, -0.02, 0.004, 0.27, 0.9};
  const ThermalWindows windows{.chemical_potential = 0.01,
                               .thermal_energies = {0.001, 0.03, 0.3},
                               .kinks = steps,
                               .tolerance = 1e-6};
  const auto average = thermal_average(
      [&](double e) {
        double t = 0.0;
        for (const double step : steps) t += e > step ? 1.0 : 0.0;
        return two_terminal(t);
      },
      2, windows);
  EXPECT_TRUE(average.converged);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t n = 0; n < 3; ++n) {
      double expected = 0.0;
      for (const double step : steps) {
        expected += step_moment(static_cast<int>(n), (step - 0.01) / windows.thermal_energies[i]);
      }
      EXPECT_NEAR(moment(average, i, n), expected, 1e-5) << i << " " << n;
    }
  }
}

// A step that no kink announces takes more energies, but ends within the tolerance too.
TEST(ThermalAverage, AnUnannouncedStepIsFoundByBisection) {
  const ThermalWindows windows{.thermal_energies = {0.1}, .tolerance = 1e-4};
  const auto average =
      thermal_average([](double e) { return two_terminal(e > 0.0437 ? 1.0 : 0.0); }, 2, windows);
  EXPECT_TRUE(average.converged);
  EXPECT_GT(average.n_energies, coherent::first_energies(windows));
  EXPECT_NEAR(moment(average, 0, 0), step_moment(0, 0.437), 1e-4);
}

// A root at a kink, T = sqrt(E - E_0) above E_0, is smooth after the substitution: the first panels do.
// Oracle: int_0^inf w(x) sqrt(x) dx = (1 - sqrt 2) zeta(1/2) sqrt(pi)/2 = 0.5360772.
TEST(ThermalAverage, ARootAtAKinkCostsNothing) {
  const ThermalWindows windows{.thermal_energies = {1.0}, .kinks = {0.0}, .tolerance = 1e-6};
  const auto average = thermal_average(
      [](double e) { return two_terminal(e > 0.0 ? std::sqrt(e) : 0.0); }, 2, windows);
  const double zeta_half = -1.4603545088095868;
  EXPECT_NEAR(moment(average, 0, 0), (1.0 - std::sqrt(2.0)) * zeta_half * std::sqrt(pi) / 2.0,
              1e-6);
  EXPECT_LT(average.n_energies, 200);
}

// Breit-Wigner level of width Gamma at E_0 against the trapezoidal rule with 200000 points, which converges
// exponentially for analytic integrands.
TEST(ThermalAverage, BreitWignerLevel) {
  constexpr double level = 0.04;
  constexpr double width = 0.01;
  const auto t = [&](double e) {
    return 0.25 * width * width / ((e - level) * (e - level) + 0.25 * width * width);
  };
  const ThermalWindows windows{.thermal_energies = {0.002, 0.05}, .tolerance = 1e-5};
  const auto average = thermal_average([&](double e) { return two_terminal(t(e)); }, 2, windows);
  EXPECT_TRUE(average.converged);
  for (std::size_t i = 0; i < 2; ++i) {
    const double kt = windows.thermal_energies[i];
    for (std::size_t n = 0; n < 3; ++n) {
      constexpr int n_points = 200000;
      constexpr double end = 45.0;
      double expected = 0.0;
      for (int k = 0; k <= n_points; ++k) {
        const double x = end * (2.0 * k / n_points - 1.0);
        const double cosh = std::cosh(0.5 * x);
        expected += 2.0 * end / n_points * std::pow(x, static_cast<double>(n)) * t(kt * x) /
                    (4.0 * cosh * cosh);
      }
      EXPECT_NEAR(moment(average, i, n), expected, 2e-5 * 3.3 * moment(average, i, 0));
    }
  }
}

// The error estimate is a bound: 20 random sums of levels, each with its closed oracle (a fine trapezoidal
// sum), at tolerances from 1e-2 to 1e-6.
TEST(ThermalAverage, TheErrorEstimateBoundsTheError) {
  test::Draw draw(7);
  double largest_share = 0.0;
  for (int sample = 0; sample < 20; ++sample) {
    struct Level {
      double energy;
      double width;
      double height;
    };
    std::vector<Level> levels;
    for (int k = 0; k < 6; ++k) {
      levels.push_back({4.0 * draw.uniform(), std::exp(1.5 * draw.uniform() - 0.5),
                        0.5 * (1.0 + draw.uniform())});
    }
    const auto t = [&](double e) {
      double sum = 0.0;
      for (const auto& level : levels) {
        const double x = 2.0 * (e - level.energy) / level.width;
        sum += level.height / (1.0 + x * x);
      }
      return sum;
    };
    const ThermalWindows windows{.thermal_energies = {1.0},
                                 .tolerance = std::pow(10.0, -2.0 - sample % 5)};
    const auto average = thermal_average([&](double e) { return two_terminal(t(e)); }, 2, windows);
    ASSERT_TRUE(average.converged);
    for (std::size_t n = 0; n < 3; ++n) {
      constexpr int n_points = 40000;
      constexpr double end = 45.0;
      double expected = 0.0;
      for (int k = 0; k <= n_points; ++k) {
        const double x = end * (2.0 * k / n_points - 1.0);
        const double cosh = std::cosh(0.5 * x);
        expected +=
            2.0 * end / n_points * std::pow(x, static_cast<double>(n)) * t(x) / (4.0 * cosh * cosh);
      }
      const double error = std::abs(moment(average, 0, n) - expected);
      EXPECT_LE(error, error_of(average, 0, n)) << sample << " " << n;
      EXPECT_LE(error_of(average, 0, n), windows.tolerance * 3.3 * moment(average, 0, 0));
      largest_share = std::max(largest_share, error / error_of(average, 0, n));
    }
  }
  EXPECT_GT(largest_share, 1e-4) << "an estimate this far above the error says nothing";
}

// An insulator: only carriers 20 k_B T away conduct, L_0 = 2 f(20) = 4e-9, still to the relative tolerance.
TEST(ThermalAverage, ActivatedConductionIsAccurateToo) {
  const ThermalWindows windows{.thermal_energies = {0.05}, .kinks = {-1.0, 1.0}, .tolerance = 1e-3};
  const auto average = thermal_average(
      [](double e) { return two_terminal(std::abs(e) > 1.0 ? 1.0 : 0.0); }, 2, windows);
  EXPECT_TRUE(average.converged);
  const double expected = 2.0 * step_moment(0, 20.0);
  EXPECT_NEAR(moment(average, 0, 0), expected, 1e-3 * expected);
}

TEST(ThermalAverage, SaysWhenItStopsBeforeTheTolerance) {
  const ThermalWindows windows{.thermal_energies = {1.0}, .tolerance = 1e-8, .max_energies = 200};
  const auto average = thermal_average(
      [](double e) { return two_terminal(0.5 + 0.5 * std::sin(40.0 * e)); }, 2, windows);
  EXPECT_FALSE(average.converged);
  EXPECT_LE(average.n_energies, 200);
  EXPECT_GT(error_of(average, 0, 0), 1e-3);
}

// An energy without a solution is moved, not left out; where moving does not help the error is passed on.
TEST(ThermalAverage, MovesEnergiesThatHaveNoSolution) {
  const ThermalWindows windows{.thermal_energies = {1.0}, .tolerance = 1e-4};
  int n_refused = 0;
  const auto refuse_each_third = [&, count = 0](double e) mutable {
    if (++count % 3 == 0) {
      ++n_refused;
      throw numerical_error("a band edge");
    }
    return two_terminal(1.0 / (1.0 + e * e / 4.0));
  };
  const auto all =
      thermal_average([](double e) { return two_terminal(1.0 / (1.0 + e * e / 4.0)); }, 2, windows);
  const auto moved = thermal_average(refuse_each_third, 2, windows);
  EXPECT_EQ(moved.n_moved, n_refused);
  EXPECT_GT(n_refused, 10);
  EXPECT_EQ(moved.n_energies, all.n_energies);
  EXPECT_NEAR(moment(moved, 0, 0), moment(all, 0, 0), 1e-5);
  EXPECT_THROW(
      (void)thermal_average([](double) -> std::vector<double> { throw numerical_error("never"); },
                            2, windows),
      Error);
}

TEST(ThermalAverage, TakesATransmissionThatDependsOnTheTemperature) {
  const ThermalWindows windows{.thermal_energies = {0.5, 2.0}};
  const auto average = thermal_average(
      [](double) {
        auto both = two_terminal(0.25);
        const auto second = two_terminal(0.75);
        both.insert(both.end(), second.begin(), second.end());
        return both;
      },
      2, windows);
  EXPECT_NEAR(moment(average, 0, 0), 0.25, 1e-4);
  EXPECT_NEAR(moment(average, 1, 0), 0.75, 1e-4);
}

// Constant T: no thermopower, and the Wiedemann-Franz law, heat conductance = G in the quantum's unit.
TEST(Thermoelectric, ConstantTransmissionObeysWiedemannFranz) {
  const ThermalWindows windows{.thermal_energies = {0.02}, .tolerance = 1e-6};
  const auto average = thermal_average([](double) { return two_terminal(0.37); }, 2, windows);
  const auto response = thermoelectric(average.moments, 2, -1);
  EXPECT_NEAR(response.thermopower[2], 0.0, 1e-6);
  EXPECT_NEAR(response.heat_conductance[2], 0.37, 1e-6);
  EXPECT_NEAR(response.heat_conductance[0], -0.37, 1e-6);
}

// Mott (Cutler and Mott, Phys. Rev. 181, 1336 (1969)): S = (k_B/q) (pi^2/3) k_B T d ln T/dE at low T, with
// relative corrections of order (k_B T)^2.
TEST(Thermoelectric, LowTemperaturesFollowMott) {
  const auto t = [](double e) { return 0.3 + 0.2 * std::tanh(e / 2.0); };
  for (const double kt : {0.01, 0.03}) {
    const ThermalWindows windows{
        .chemical_potential = 0.4, .thermal_energies = {kt}, .tolerance = 1e-8};
    const auto average = thermal_average([&](double e) { return two_terminal(t(e)); }, 2, windows);
    const auto response = thermoelectric(average.moments, 2, -1);
    const double slope = 0.1 / std::pow(std::cosh(0.2), 2) / t(0.4);
    const double mott = -pi * pi / 3.0 * kt * slope;
    EXPECT_NEAR(response.thermopower[2], mott, 10.0 * kt * kt * std::abs(mott));
    EXPECT_NEAR(response.thermopower[1], mott, 10.0 * kt * kt * std::abs(mott));
    EXPECT_LT(response.thermopower[2], 0.0) << "electrons drift from hot to cold";
  }
}

// A step half-way: S = (k_B/q) 2 ln 2 at mu on the step (x f + ln(1 + e^-x) over f at x = 0).
TEST(Thermoelectric, AStepAtTheChemicalPotentialGivesTwoLnTwo) {
  const ThermalWindows windows{.thermal_energies = {0.1}, .kinks = {0.0}, .tolerance = 1e-7};
  const auto average =
      thermal_average([](double e) { return two_terminal(e > 0.0 ? 1.0 : 0.0); }, 2, windows);
  EXPECT_NEAR(thermoelectric(average.moments, 2, 1).thermopower[2], 2.0 * std::log(2.0), 1e-6);
}

// Three contacts: the currents of the answer are put back into the defining equations, with temperatures
// and voltages on all of them; the heated contact loses what the others gain.
TEST(Thermoelectric, ThreeContactsCarryNoCurrent) {
  test::Draw draw(3);
  // A doubly balanced matrix of each moment, as unitarity makes it: symmetric plus a circulating part.
  std::vector<double> moments(27);
  for (std::size_t n = 0; n < 3; ++n) {
    const double turning = 0.2 * draw.uniform();
    const std::vector<double> pair = {1.0 + draw.uniform(), 1.5 + draw.uniform(),
                                      2.0 + draw.uniform()};
    for (std::size_t p = 0; p < 3; ++p) {
      const std::size_t q = (p + 1) % 3;
      moments[n * 9 + p * 3 + q] = pair[p] + turning;
      moments[n * 9 + q * 3 + p] = pair[p] - turning;
    }
  }
  const auto response = thermoelectric(moments, 3, 1);
  const auto l = [&](std::size_t n, std::size_t p, std::size_t r) {
    return moments[n * 9 + p * 3 + r];
  };
  for (std::size_t q = 0; q < 3; ++q) {
    double sum = 0.0;
    for (std::size_t p = 0; p < 3; ++p) {
      double current = 0.0;
      double heat = 0.0;
      for (std::size_t r = 0; r < 3; ++r) {
        if (r == p) continue;
        const double dv = response.thermopower[r * 3 + q] - response.thermopower[p * 3 + q];
        const double dt = (r == q ? 1.0 : 0.0) - (p == q ? 1.0 : 0.0);
        current += l(0, p, r) * dv + l(1, p, r) * dt;
        heat += l(1, p, r) * dv + l(2, p, r) * dt;
      }
      EXPECT_NEAR(current, 0.0, 1e-13);
      EXPECT_NEAR(heat / (pi * pi / 3.0), response.heat_conductance[p * 3 + q], 1e-13);
      sum += response.heat_conductance[p * 3 + q];
    }
    EXPECT_NEAR(sum, 0.0, 1e-13);
  }
}

TEST(Thermoelectric, ContactsWithoutAPathHaveNoThermopower) {
  std::vector<double> moments(27);
  moments[1] = moments[3] = 0.8;          // L_0 between contacts 0 and 1 alone
  moments[9 + 1] = moments[9 + 3] = 0.2;  // L_1
  moments[18 + 1] = moments[18 + 3] = 2.5;
  const auto response = thermoelectric(moments, 3, 1);
  EXPECT_NEAR(response.thermopower[1 * 3 + 0], 0.25, 1e-14);
  EXPECT_TRUE(std::isnan(response.thermopower[2 * 3 + 0]));
  EXPECT_EQ(response.heat_conductance[2 * 3 + 0], 0.0);
  EXPECT_NEAR(response.heat_conductance[1 * 3 + 0], (2.5 - 0.2 * 0.25) / (pi * pi / 3.0), 1e-14);
}

}  // namespace
}  // namespace edotb
