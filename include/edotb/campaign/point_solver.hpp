#pragma once

#include "edotb/campaign/observables.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/coherent/engine.hpp"
#include "edotb/sample/sample.hpp"

#include <optional>
#include <string>
#include <vector>

namespace edotb::campaign {

/// How a point ended; the values of /status in the results file.
enum class Status : std::int8_t { not_computed = 0, solved = 1, solved_again = 2, failed = 3 };

/// What one point leaves behind.
struct PointResult {
  Status status = Status::not_computed;
  std::vector<double> transmission;   ///< [to][from], row-major; NaN when failed
  std::vector<std::int32_t> n_modes;  ///< per lead; -1 when failed
  double unitarity_error = 0.0;
  double seconds = 0.0;
  std::vector<ObservableBlock> observables;  ///< one per dataset of Observables; none when failed
  std::string remark;                        ///< why it was solved again, or failed
};

/// The leads at a point of the sweeps. Throws numerical_error.
[[nodiscard]] std::vector<lead::LeadSolution> solve_leads(const deck::Deck& deck,
                                                          const sample::Sample& sample,
                                                          const Point& point);

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

 private:
  [[nodiscard]] const std::vector<lead::LeadSolution>& leads(const Point& point);

  const deck::Deck& deck_;
  const sample::Sample& sample_;
  Observables observables_;
  coherent::Engine engine_;
  struct LeadKey {
    std::int64_t field = -1;
    std::int64_t angle = -1;
    std::int64_t energy = -1;
    bool operator==(const LeadKey&) const = default;
  };
  struct CachedLeads {
    LeadKey key;
    std::vector<lead::LeadSolution> leads;
  };
  std::vector<CachedLeads> lead_cache_;  ///< oldest first
  std::int64_t hamiltonian_field_ = -1;
  std::int64_t hamiltonian_angle_ = -1;
  std::vector<linalg::Complex> clean_hamiltonian_;
  std::vector<linalg::Complex> hamiltonian_;  ///< of the present point
};

}  // namespace edotb::campaign
