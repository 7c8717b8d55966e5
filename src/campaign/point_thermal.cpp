// The thermal averages of a point: T(E) around its energy, which is the chemical potential.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/campaign/point_solver.hpp"
#include "edotb/lead/band_edges.hpp"

#include <fmt/format.h>

#include <limits>

namespace edotb::campaign {

namespace {

constexpr double microvolts = 1e6;

ThermalResult failure(std::size_t n_temperatures, std::size_t n_leads, const std::string& reason) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::size_t n_pairs = n_temperatures * n_leads * n_leads;
  ThermalResult result;
  result.status = ThermalStatus::failed;
  result.moments.assign(coherent::n_moments * n_pairs, nan);
  result.error = result.moments;
  result.conductance.assign(n_pairs, nan);
  result.thermopower = result.heat_conductance = result.conductance;
  result.remark = "thermal averages: " + reason;
  return result;
}

}  // namespace

coherent::ThermalWindows thermal_windows(const deck::Deck& deck, const sample::Sample& sample,
                                         const Point& point) {
  coherent::ThermalWindows windows;
  windows.chemical_potential = deck.energy[static_cast<std::size_t>(point.energy)];
  for (const double temperature : deck.thermal.temperature) {
    windows.thermal_energies.push_back((deck.lattice_units ? 1.0 : constants::boltzmann) *
                                       temperature);
  }
  windows.tolerance = deck.thermal.tolerance;
  windows.max_energies = deck.thermal.max_energies;
  const auto field = sample.field(deck.field.magnitude[static_cast<std::size_t>(point.field)],
                                  deck.field.angle[static_cast<std::size_t>(point.angle)]);
  const auto range = coherent::energy_range(windows);
  windows.kinks = lead::band_edges(sample.leads(field), range.low, range.high);
  return windows;
}

coherent::ThermalAverage PointSolver::average(const Point& point) {
  const bool field_free = sample_.field_free_leads();
  const LeadKey key{field_free ? 0 : point.field, field_free ? 0 : point.angle,
                    deck_.energy[static_cast<std::size_t>(point.energy)]};
  if (!windows_ || !(windows_->first == key)) {
    windows_ = {key, thermal_windows(deck_, sample_, point)};
  }
  // A rate that depends on the temperature makes the transmissions do so.
  std::vector<double> rates = {deck_.dephasing.rate};
  if (deck_.dephasing.coefficient > 0.0) {
    rates.clear();
    for (const double temperature : deck_.thermal.temperature) {
      rates.push_back(deck_.dephasing.at(temperature));
    }
  }
  return coherent::thermal_average(
      [&](double energy) {
        std::vector<double> transmissions;
        for (const double rate : rates) {
          const auto at_rate = scatter(point, energy, rate).transmission;
          transmissions.insert(transmissions.end(), at_rate.begin(), at_rate.end());
        }
        return transmissions;
      },
      sample_.layout().n_leads(), windows_->second);
}

ThermalResult PointSolver::solve_thermal(const Point& point) {
  const std::size_t n_leads = sample_.layout().n_leads();
  const std::size_t n_pairs = n_leads * n_leads;
  const std::size_t n_temperatures = deck_.thermal.temperature.size();
  coherent::ThermalAverage average_of_point;
  try {
    average_of_point = average(point);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::numerical) throw;
    return failure(n_temperatures, n_leads, error.what());
  }
  ThermalResult result;
  result.moments = std::move(average_of_point.moments);
  result.error = std::move(average_of_point.error);
  result.n_energies = average_of_point.n_energies;
  const int charge = deck_.lattice_units ? 1 : -1;
  const std::span<const double> moments = result.moments;
  for (std::size_t t = 0; t < n_temperatures; ++t) {
    const auto of_temperature =
        moments.subspan(t * coherent::n_moments * n_pairs, coherent::n_moments * n_pairs);
    const auto response = coherent::thermoelectric(of_temperature, n_leads, charge);
    for (std::size_t i = 0; i < n_pairs; ++i) {
      result.conductance.push_back(of_temperature[i]);
      result.thermopower.push_back(constants::boltzmann * microvolts * response.thermopower[i]);
      result.heat_conductance.push_back(response.heat_conductance[i]);
    }
  }
  result.status = average_of_point.converged ? ThermalStatus::within_tolerance
                                             : ThermalStatus::missed_tolerance;
  if (average_of_point.n_moved > 0) {
    result.remark = fmt::format(
        "thermal averages: {} energies without a solution were moved by less than 3e-4 k_B T",
        average_of_point.n_moved);
  }
  if (!average_of_point.converged) {
    if (!result.remark.empty()) result.remark += "; ";
    result.remark += fmt::format(
        "thermal averages missed thermal.tolerance {} with {} energies: see /thermal/error, and "
        "raise thermal.max_energies",
        deck_.thermal.tolerance, result.n_energies);
  }
  return result;
}

}  // namespace edotb::campaign
