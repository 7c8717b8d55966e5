// A x = b by MUMPS in real arithmetic: rows stay where they are (distributed entries), the right side
// goes to the first rank and the solution comes back from it.

#include "edotb/base/error.hpp"
#include "edotb/linalg/real_system.hpp"
#include "mumps_codes.hpp"

#include <dmumps_c.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::linalg {

namespace {

// MUMPS's `job` by its numbers in the user's guide.
enum Job : int { initialise = -1, finish = -2, analyse_and_factorise = 4, solve_job = 3 };

constexpr int by_metis = 5;

class DirectSolver final : public RealSolver {
 public:
  DirectSolver(const RealRows& a, bool symmetric, const mpi::Communicator& comm)
      : comm_(comm), first_row_(a.first_row) {
    id_.comm_fortran = static_cast<MUMPS_INT>(MPI_Comm_c2f(comm.handle()));
    id_.par = 1;
    id_.sym = symmetric ? 1 : 0;
    call(initialise);
    control(error_stream) = control(diagnostic_stream) = control(global_stream) = -1;
    control(print_level) = 0;
    control(ordering) = by_metis;
    control(refinement_steps) = 2;
    control(extra_memory_percent) = first_extra_memory;
    control(distributed_input) = 3;
    for (std::int32_t row = a.first_row; row < a.end_row(); ++row) {
      const auto local = static_cast<std::size_t>(row - a.first_row);
      for (auto k = a.row_offsets[local]; k < a.row_offsets[local + 1]; ++k) {
        const auto entry = static_cast<std::size_t>(k);
        if (symmetric && a.columns[entry] > row) continue;
        rows_.push_back(row + 1);
        columns_.push_back(a.columns[entry] + 1);
        entries_.push_back(a.values[entry]);
      }
    }
    id_.n = a.n_total;
    id_.nnz_loc = static_cast<MUMPS_INT8>(rows_.size());
    id_.irn_loc = rows_.data();
    id_.jcn_loc = columns_.data();
    id_.a_loc = entries_.data();
    try {
      factorise();
    } catch (...) {
      call(finish);
      throw;
    }
  }
  ~DirectSolver() override { call(finish); }
  DirectSolver(const DirectSolver&) = delete;
  DirectSolver& operator=(const DirectSolver&) = delete;
  DirectSolver(DirectSolver&&) = delete;
  DirectSolver& operator=(DirectSolver&&) = delete;

  std::vector<double> solve(std::span<const double> b) override {
    std::vector<double> x = gather_rows(comm_, b);
    id_.nrhs = 1;
    id_.lrhs = id_.n;
    id_.rhs = x.data();
    call(solve_job);
    if (info(1) < 0) fail("solution");
    if (comm_.size() > 1) {
      MPI_Bcast(x.data(), static_cast<int>(x.size()), MPI_DOUBLE, 0, comm_.handle());
    }
    const auto begin = x.begin() + first_row_;
    std::vector<double> part(begin, begin + static_cast<std::ptrdiff_t>(b.size()));
    for (const double value : x) {
      if (!std::isfinite(value)) throw numerical_error("MUMPS: the solution is not finite");
    }
    return part;
  }
  [[nodiscard]] int n_iterations() const override { return 0; }

 private:
  int& control(Control number) { return id_.icntl[static_cast<std::size_t>(number) - 1]; }
  [[nodiscard]] int info(std::size_t number) const { return id_.infog[number - 1]; }
  void call(Job job) {
    id_.job = job;
    dmumps_c(&id_);
  }
  [[noreturn]] void fail(const char* step) const {
    throw numerical_error(
        fmt::format("MUMPS {} stopped with INFOG(1) = {}, INFOG(2) = {}", step, info(1), info(2)));
  }
  void factorise() {
    for (;;) {
      call(analyse_and_factorise);
      if (info(1) >= 0) return;
      const bool too_small = info(1) == work_space_too_small || info(1) == integer_space_too_small;
      if (!too_small || control(extra_memory_percent) >= largest_extra_memory) {
        fail("factorisation");
      }
      control(extra_memory_percent) *= 4;
    }
  }

  mpi::Communicator comm_;
  std::int32_t first_row_;
  DMUMPS_STRUC_C id_{};
  std::vector<MUMPS_INT> rows_;  ///< counted from 1
  std::vector<MUMPS_INT> columns_;
  std::vector<double> entries_;
};

}  // namespace

std::unique_ptr<RealSolver> make_direct_solver(const RealRows& a, bool symmetric,
                                               const mpi::Communicator& comm) {
  return std::make_unique<DirectSolver>(a, symmetric, comm);
}

}  // namespace edotb::linalg
