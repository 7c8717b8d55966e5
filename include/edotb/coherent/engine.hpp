#pragma once

#include "edotb/coherent/solver.hpp"
#include "edotb/lead/lead.hpp"
#include "edotb/sample/scattering_problem.hpp"

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace edotb::coherent {

/// What an electron does in the sample at one energy.
struct Scattering {
  linalg::Matrix s_matrix;           ///< modes of all leads, lead after lead
  std::vector<std::size_t> n_modes;  ///< per lead
  std::vector<double> transmission;  ///< [to][from], row-major, sum |S_pq|^2; diagonal: reflection
  double unitarity_error = 0.0;      ///< max |S^H S - 1|
  bool solved_again = false;         ///< the first path failed or broke unitarity
  std::string remark;                ///< why it was solved again
};

/// Above this |S^H S - 1| a point is solved again by another path, or fails.
inline constexpr double max_unitarity_error = 1e-6;

/// T_pq = sum |S_pq|^2 between leads of `n_modes` modes each, [to][from].
[[nodiscard]] std::vector<double> transmissions(const linalg::Matrix& s,
                                                const std::vector<std::size_t>& n_modes);

/// The scattering engine of one device layout: solves A = E - H - Sigma for many points, reusing all
/// that depends on the pattern alone.
class Engine {
 public:
  /// A point that `choice` cannot solve is solved in full precision, where that was not asked for, and then by MUMPS
  /// (after MUMPS: dense or multifrontal), as far as the node has the memory.
  Engine(sample::DeviceLayout layout, const SolverChoice& choice);
  Engine(sample::DeviceLayout layout, SolverKind kind)
      : Engine(std::move(layout), SolverChoice{.kind = kind}) {}

  /// The S-matrix of the device with Hamiltonian entries `hamiltonian` (in the layout's pattern) and
  /// these leads. Throws numerical_error when no way gives a unitary S.
  [[nodiscard]] Scattering solve(std::span<const linalg::Complex> hamiltonian,
                                 std::span<const lead::LeadSolution> leads, double energy);
  /// psi_q on the device's orbitals for an electron that comes in at unit current, one column per
  /// incoming mode, lead after lead: psi = i G Gamma phi. Throws numerical_error.
  [[nodiscard]] linalg::Matrix scattering_states(std::span<const linalg::Complex> hamiltonian,
                                                 std::span<const lead::LeadSolution> leads,
                                                 double energy);
  /// Columns of the retarded Green function, one per orbital given. Throws numerical_error.
  [[nodiscard]] linalg::Matrix green_columns(std::span<const linalg::Complex> hamiltonian,
                                             std::span<const lead::LeadSolution> leads,
                                             double energy, std::span<const std::int64_t> orbitals);

  /// Cost of one point with `n_modes` modes in each lead, from the symbolic analysis, for the
  /// busiest and the fullest of the `n_ranks` that solve it together.
  [[nodiscard]] linalg::FactorForecast forecast(std::size_t n_modes, int n_ranks = 1) {
    return solver(0).forecast(n_modes, n_ranks);
  }
  /// Megabytes more for scattering_states and green_columns.
  [[nodiscard]] double kept_factor_megabytes(std::size_t n_modes) {
    return solver(0).kept_factor_megabytes(n_modes);
  }
  [[nodiscard]] SolverKind kind() const { return ways_.front().choice.kind; }

 private:
  struct Way {
    SolverChoice choice;
    std::unique_ptr<Solver> solver;  ///< none until it is wanted
  };

  [[nodiscard]] Solver& solver(std::size_t way);
  /// Throws numerical_error when the node has not the memory for a solver that is still to be made, also without those
  /// before it.
  void make_room(std::size_t way, const OpenSystem& system, bool keeps_factor);
  /// The result of the first way for which `work` gives one, and what kept those before it from that.
  template <class Work>
  [[nodiscard]] auto by_any_way(const OpenSystem& system, bool keeps_factor, const Work& work);
  [[nodiscard]] linalg::Matrix apply_green(const OpenSystem& system, const linalg::Matrix& b);

  sample::DeviceLayout layout_;
  std::vector<Way> ways_;
};

/// The local density of states per orbital [1/energy], 1/(2 pi) sum over the scattering states of
/// |psi|^2: what the leads fill, without states bound in the device.
[[nodiscard]] std::vector<double> local_density_of_states(const linalg::Matrix& scattering_states);

/// What the deck's engine keys name. `auto` is multifrontal.
[[nodiscard]] SolverChoice solver_choice(
    const std::string& solver, const std::string& precision, int n_threads = 1,
    const mpi::Communicator& ranks = mpi::Communicator(MPI_COMM_SELF));
[[nodiscard]] const char* name_of(SolverKind kind);

}  // namespace edotb::coherent
