#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace edotb::coherent {

/// L_n are computed for n = 0, 1, 2.
inline constexpr std::size_t n_moments = 3;

/// What is averaged, over which thermal windows.
struct ThermalWindows {
  double chemical_potential = 0.0;
  std::vector<double> thermal_energies = {};  ///< k_B T of each temperature, above zero
  std::vector<double> kinks =
      {};  ///< energies where the integrand may jump or have a root singularity
  double tolerance = 1e-3;
  std::int64_t max_energies = 2000;
};

/// The widest range of energies that the averages look at, within which kinks should be given: what lies
/// beyond is below 1e-22.
struct EnergyRange {
  double low = 0.0;
  double high = 0.0;
};
[[nodiscard]] EnergyRange energy_range(const ThermalWindows& windows);

/// T[to][from] at one energy, row-major; or as many such matrices as there are temperatures, one after
/// the other, when the transmission itself depends on the temperature.
using TransmissionAt = std::function<std::vector<double>(double energy)>;

/// The Landauer integrals of all pairs of contacts at all temperatures, dimensionless:
///     L_n/(k_B T)^n = int dE (-f'(E)) [(E - mu)/(k_B T)]^n T(E),     n = 0, 1, 2
/// (Sivan and Imry, Phys. Rev. B 33, 551 (1986)).
struct ThermalAverage {
  std::vector<double> moments;  ///< [temperature][n][to][from], row-major
  std::vector<double> error;    ///< estimates of the errors of `moments`
  std::int64_t n_energies = 0;  ///< at which the transmission was computed
  std::int64_t n_moved = 0;     ///< of these, moved by a little because they had no solution
  bool converged = false;       ///< every error between different contacts is within the tolerance
};

/// One adaptive grid of energies for all temperatures: Gauss-Kronrod rules of 7 and 15 points on panels
/// between kinks, of which the worst is halved until, for every pair p != q, the error of L_n/(k_B T)^n is
/// below tolerance x sqrt(1, pi^2/3, pi^4/9)_n x (the largest L_0 of that temperature), or max_energies
/// would be exceeded. An energy that throws numerical_error is moved by up to 3e-4 of the lowest k_B T;
/// the error is passed on when that does not help.
[[nodiscard]] ThermalAverage thermal_average(const TransmissionAt& transmission,
                                             std::size_t n_leads, const ThermalWindows& windows);

/// Energies that the first panels take: the least an average costs.
[[nodiscard]] std::int64_t first_energies(const ThermalWindows& windows);

/// Linear response of one temperature, [to][from].
struct Thermoelectric {
  /// (V_p - V_q)/dT when contact q alone is heated by dT and no contact carries a current, in units of
  /// k_B/e; NaN where no current can flow between p and q, 0 on the diagonal. With two contacts: the
  /// Seebeck coefficient of the sample, L_1/(charge T L_0).
  std::vector<double> thermopower;
  /// Heat per time that then arrives in p, over dT, in units of pi^2 k_B^2 T/3h; on the diagonal what
  /// leaves q, negative. With two contacts: L_2 - L_1^2/L_0.
  std::vector<double> heat_conductance;
};

/// `moments` are those of one temperature, [n][to][from]; `charge` is the carriers' in units of e, 1 or -1.
/// With contacts as reservoirs at voltages V and temperatures T (Butcher, J. Phys.: Condens. Matter 2,
/// 4869 (1990)), v = charge e V/k_B, theta = dT/T:
///     0   = sum_r L0_pr (v_r - v_p) + L1_pr (theta_r - theta_p)          current into p
///     J_p = sum_r L1_pr (v_r - v_p) + L2_pr (theta_r - theta_p)          heat into p .
[[nodiscard]] Thermoelectric thermoelectric(std::span<const double> moments, std::size_t n_leads,
                                            int charge);

}  // namespace edotb::coherent
