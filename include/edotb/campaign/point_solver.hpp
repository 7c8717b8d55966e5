#pragma once

#include "edotb/campaign/observables.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/coherent/dephasing.hpp"
#include "edotb/coherent/engine.hpp"
#include "edotb/coherent/thermal.hpp"
#include "edotb/sample/sample.hpp"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace edotb::campaign {

/// How a point ended; the values of /status in the results file.
enum class Status : std::int8_t { not_computed = 0, solved = 1, solved_again = 2, failed = 3 };

/// How a point's thermal averages ended; the values of /thermal/status.
enum class ThermalStatus : std::int8_t {
  not_computed = 0,
  within_tolerance = 1,
  missed_tolerance = 2,
  failed = 3
};

/// The thermal averages of one point, the chemical potential at its energy; row-major, NaN when failed.
struct ThermalResult {
  ThermalStatus status = ThermalStatus::not_computed;
  std::vector<double> moments;           ///< [temperature][n][to][from], L_n/(k_B T)^n
  std::vector<double> error;             ///< of the moments
  std::vector<double> conductance;       ///< [temperature][to][from], e^2/h
  std::vector<double> thermopower;       ///< [temperature][to][from], muV/K
  std::vector<double> heat_conductance;  ///< [temperature][to][from], pi^2 k_B^2 T/3h
  std::int64_t n_energies = 0;
  std::string remark;  ///< why the tolerance was missed or the averages failed, energies moved
};

/// What one point leaves behind.
struct PointResult {
  Status status = Status::not_computed;
  std::vector<double> transmission;   ///< [to][from], row-major; NaN when failed
  std::vector<std::int32_t> n_modes;  ///< per lead; -1 when failed
  double unitarity_error = 0.0;
  double seconds = 0.0;
  std::vector<ObservableBlock> observables;  ///< one per dataset of Observables; none when failed
  std::string remark;                        ///< why it was solved again, or failed
  std::optional<ThermalResult> thermal;      ///< when the deck has temperatures
};

/// The leads in the field of a point at an energy. Throws numerical_error.
[[nodiscard]] std::vector<lead::LeadSolution> solve_leads(const deck::Deck& deck,
                                                          const sample::Sample& sample,
                                                          const Point& point, double energy);

/// The thermal windows of one chemical potential of a deck; kinks are the band edges of the leads.
[[nodiscard]] coherent::ThermalWindows thermal_windows(const deck::Deck& deck,
                                                       const sample::Sample& sample,
                                                       const Point& point);

/// Throws bad_input when the deck asks for what this sample is too large for.
void check_size(const deck::Deck& deck, const sample::Sample& sample);

/// Leads are kept for as many energies as take this much memory.
inline constexpr std::size_t max_cached_bytes = std::size_t{256} << 20U;
/// Memory that the leads of one energy take.
[[nodiscard]] std::size_t bytes_of(const std::vector<lead::LeadSolution>& leads);

/// How the deck's points are solved, by `ranks` together. The multifrontal factor is not kept where ranks
/// share it: what needs solutions beside S comes from MUMPS there.
[[nodiscard]] coherent::SolverChoice solver_choice(const deck::Deck& deck,
                                                   const Observables& observables,
                                                   const mpi::Communicator& ranks);

/// Solves points of one deck one after the other, keeping what the last point and the next share: the
/// leads of one (field, angle, energy), the clean Hamiltonian of one (field, angle), the symbolic
/// analysis of all. A result does not depend on the points before it.
class PointSolver {
 public:
  /// `ranks` solve each point together; every call is then collective among them.
  PointSolver(const deck::Deck& deck, const sample::Sample& sample,
              const mpi::Communicator& ranks = mpi::Communicator(MPI_COMM_SELF));

  /// Numerical failures end up in the result; other errors are thrown.
  [[nodiscard]] PointResult solve(const Point& point);

  /// Memory that the factorisations of a point take on the fullest of its ranks, with `n_modes` modes in
  /// each lead.
  [[nodiscard]] double factor_megabytes(std::size_t n_modes);

 private:
  [[nodiscard]] const std::vector<lead::LeadSolution>& leads(const Point& point, double energy);
  void set_hamiltonian(const Point& point);
  /// With dephasing at `rate`, if it is above zero.
  [[nodiscard]] coherent::Scattering scatter(const Point& point, double energy, double rate);
  [[nodiscard]] PointResult solve_at_zero_temperature(const Point& point);
  [[nodiscard]] ThermalResult solve_thermal(const Point& point);
  [[nodiscard]] coherent::ThermalAverage average(const Point& point);

  const deck::Deck& deck_;
  const sample::Sample& sample_;
  Observables observables_;
  coherent::Engine engine_;
  std::optional<coherent::DephasingEngine> dephasing_;
  struct LeadKey {
    std::int64_t field = -1;
    std::int64_t angle = -1;
    double energy = 0.0;
    bool operator==(const LeadKey&) const = default;
  };
  struct CachedLeads {
    LeadKey key;
    std::vector<lead::LeadSolution> leads;
  };
  std::deque<CachedLeads> lead_cache_;  ///< oldest first
  std::size_t lead_cache_bytes_ = 0;
  /// The windows of the last point that asked, which its other realisations share.
  std::optional<std::pair<LeadKey, coherent::ThermalWindows>> windows_;
  std::int64_t hamiltonian_field_ = -1;
  std::int64_t hamiltonian_angle_ = -1;
  std::vector<linalg::Complex> clean_hamiltonian_;
  std::vector<linalg::Complex> hamiltonian_;  ///< of the present point
};

}  // namespace edotb::campaign
