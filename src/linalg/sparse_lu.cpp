#include "edotb/linalg/sparse_lu.hpp"

#include "edotb/base/error.hpp"
#include "mumps_codes.hpp"

#include <fmt/format.h>
#include <zmumps_c.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace edotb::linalg {

namespace {

// MUMPS's `job` by its numbers in the user's guide.
enum Job : int { initialise = -1, finish = -2, analyse = 1, factorise_job = 2, solve_job = 3 };

mumps_double_complex* as_mumps(Complex* values) {
  return reinterpret_cast<mumps_double_complex*>(values);
}

}  // namespace

struct SparseLU::Mumps {
  std::shared_ptr<const SparsityPattern> pattern;
  mpi::Communicator comm;
  ZMUMPS_STRUC_C id{};
  std::size_t first_entry = 0;       ///< this rank's part of the entries
  std::vector<MUMPS_INT> rows = {};  ///< of this part, counted from 1
  std::vector<MUMPS_INT> columns = {};
  std::vector<MUMPS_INT> positions = {};
  std::vector<Complex> entries = {};

  int& control(Control number) { return id.icntl[static_cast<std::size_t>(number) - 1]; }
  [[nodiscard]] int info(std::size_t number) const { return id.infog[number - 1]; }
  void call(Job job) {
    id.job = job;
    zmumps_c(&id);
  }
  [[noreturn]] void fail(const char* step) const {
    const int code = info(1);
    throw numerical_error(fmt::format("MUMPS {} stopped with INFOG(1) = {}, INFOG(2) = {}{}", step,
                                      code, info(2),
                                      code == singular        ? " (singular matrix)"
                                      : code == out_of_memory ? " (out of memory)"
                                                              : ""));
  }
};

SparseLU::SparseLU(std::shared_ptr<const SparsityPattern> pattern, const mpi::Communicator& comm)
    : mumps_(std::make_unique<Mumps>(Mumps{.pattern = std::move(pattern), .comm = comm})) {
  Mumps& m = *mumps_;
  const auto& p = *m.pattern;
  m.id.comm_fortran = static_cast<MUMPS_INT>(MPI_Comm_c2f(comm.handle()));
  m.id.par = 1;
  m.id.sym = 0;
  m.call(initialise);
  m.control(error_stream) = m.control(diagnostic_stream) = m.control(global_stream) = -1;
  m.control(print_level) = 0;
  m.control(column_permutation) = 0;  // nothing that depends on the values
  m.control(ordering) = 1;            // the order given here
  m.control(analysis_kind) = 1;
  m.control(extra_memory_percent) = first_extra_memory;
  m.control(distributed_input) = 3;

  const std::size_t n_entries = p.n_entries();
  const auto part = [&](int rank) {
    return n_entries * static_cast<std::size_t>(rank) / static_cast<std::size_t>(comm.size());
  };
  m.first_entry = part(comm.rank());
  const std::size_t last_entry = part(comm.rank() + 1);
  for (std::size_t row = 0; row < p.rows(); ++row) {
    for (auto k = p.row_offsets[row]; k < p.row_offsets[row + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      if (entry < m.first_entry || entry >= last_entry) continue;
      m.rows.push_back(static_cast<MUMPS_INT>(row + 1));
      m.columns.push_back(static_cast<MUMPS_INT>(p.columns[entry] + 1));
    }
  }
  m.entries.resize(m.rows.size());
  for (const auto place : nested_dissection(p)) {
    m.positions.push_back(static_cast<MUMPS_INT>(place + 1));
  }
  m.id.n = static_cast<MUMPS_INT>(p.rows());
  m.id.nnz_loc = static_cast<MUMPS_INT8>(m.rows.size());
  m.id.irn_loc = m.rows.data();
  m.id.jcn_loc = m.columns.data();
  m.id.a_loc = as_mumps(m.entries.data());
  m.id.perm_in = m.positions.data();
  m.call(analyse);
  if (m.info(1) < 0) m.fail("analysis");
}

SparseLU::~SparseLU() { mumps_->call(finish); }

const SparsityPattern& SparseLU::pattern() const { return *mumps_->pattern; }

FactorForecast SparseLU::forecast() const {
  // MUMPS counts a complex multiply-add as two operations; it is eight real ones.
  constexpr double real_operations = 4.0;
  return {real_operations * mumps_->id.rinfog[0], static_cast<double>(mumps_->info(16))};
}

void SparseLU::factorise(std::span<const Complex> values) {
  Mumps& m = *mumps_;
  std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(m.first_entry), m.entries.size(),
              m.entries.begin());
  for (;;) {
    m.call(factorise_job);
    if (m.info(1) >= 0) return;
    const bool too_small =
        m.info(1) == work_space_too_small || m.info(1) == integer_space_too_small;
    if (!too_small || m.control(extra_memory_percent) >= largest_extra_memory) {
      m.fail("factorisation");
    }
    m.control(extra_memory_percent) *= 4;
  }
}

Matrix SparseLU::solve(const Matrix& b) {
  Mumps& m = *mumps_;
  Matrix x = b;
  if (b.empty()) return x;
  constexpr int most_right_sides = 64;
  m.control(right_sides_at_once) = std::min(static_cast<int>(b.columns()), most_right_sides);
  m.id.nrhs = static_cast<MUMPS_INT>(b.columns());
  m.id.lrhs = static_cast<MUMPS_INT>(b.rows());
  m.id.rhs = as_mumps(x.data());
  m.call(solve_job);
  if (m.info(1) < 0) m.fail("solution");
  for (std::size_t j = 0; m.comm.size() > 1 && j < x.columns(); ++j) {
    MPI_Bcast(x.column(j).data(), static_cast<int>(x.rows()), MPI_CXX_DOUBLE_COMPLEX, 0,
              m.comm.handle());
  }
  return x;
}

std::string mumps_version() { return MUMPS_VERSION; }

}  // namespace edotb::linalg
