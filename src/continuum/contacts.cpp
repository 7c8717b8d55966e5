// With the unknowns that contacts hold (c) and the free ones (f):
//
//     A_ff u_f = -A_fc u_c,        current into contact p = sum of (A u)_i over the unknowns i it holds.
//
// The columns of A add up to zero, so the currents do too; its rows do (A u is taken from differences of u), so the last of N solutions is one
// minus the sum of the others.

#include "edotb/continuum/contacts.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

namespace {

constexpr std::int32_t free_unknown = -1;

/// Contact of each unknown, or free_unknown.
std::vector<std::int32_t> holders(const Space& space, int n_fields,
                                  const std::vector<ContactKind>& contacts) {
  std::vector<std::int32_t> holder(space.nodes.size() * static_cast<std::size_t>(n_fields),
                                   free_unknown);
  for (std::size_t face = 0; face < space.n_faces(); ++face) {
    const std::int32_t contact = space.face_labels[face];
    if (contact == insulating) continue;
    const int chirality = contacts[static_cast<std::size_t>(contact)].chirality;
    for (const std::int32_t node : space.face(face)) {
      for (int field = 0; field < n_fields; ++field) {
        const bool is_held = chirality == 0 || n_fields == 1 || (chirality > 0) == (field == 0);
        if (is_held)
          holder[static_cast<std::size_t>(node) * static_cast<std::size_t>(n_fields) +
                 static_cast<std::size_t>(field)] = contact;
      }
    }
  }
  return holder;
}

/// The free unknowns' rows and columns of `a`, renumbered.
linalg::RealRows free_part(const linalg::RealRows& a, const std::vector<std::int32_t>& number,
                           std::int32_t n_free) {
  linalg::RealRows part;
  part.n_total = n_free;
  const auto first_free = [&](std::int32_t row) {
    for (; row < a.n_total; ++row) {
      if (number[static_cast<std::size_t>(row)] != free_unknown) {
        return number[static_cast<std::size_t>(row)];
      }
    }
    return n_free;
  };
  part.first_row = first_free(a.first_row);
  for (std::int32_t row = a.first_row; row < a.end_row(); ++row) {
    if (number[static_cast<std::size_t>(row)] == free_unknown) continue;
    const auto here = static_cast<std::size_t>(row - a.first_row);
    for (auto k = a.row_offsets[here]; k < a.row_offsets[here + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      const auto column = number[static_cast<std::size_t>(a.columns[entry])];
      if (column == free_unknown) continue;
      part.columns.push_back(column);
      part.values.push_back(a.values[entry]);
    }
    part.row_offsets.push_back(static_cast<std::int64_t>(part.columns.size()));
  }
  return part;
}

/// Unknowns up to which a factorisation is faster than multigrid, and up to which it is tried when
/// multigrid fails, because it fits into a few gigabytes (docs/continuum.md).
struct DirectLimits {
  std::size_t faster;
  std::size_t possible;
};
DirectLimits direct_limits(int dimension, bool symmetric) {
  if (dimension == 2) return {symmetric ? 50000U : 300000U, 3000000U};
  return {symmetric ? 5000U : 50000U, 300000U};
}

class ContactProblem {
 public:
  ContactProblem(const Space& space, const WeakForm& form, const std::vector<ContactKind>& contacts,
                 const SolveOptions& options, const mpi::Communicator& comm)
      : options_(options),
        comm_(comm),
        n_contacts_(contacts.size()),
        n_fields_(form.n_fields),
        symmetric_(form.near == nullptr),
        holder_(holders(space, form.n_fields, contacts)),
        number_(holder_.size(), free_unknown) {
    for (std::size_t i = 0; i < holder_.size(); ++i) {
      if (holder_[i] == free_unknown) number_[i] = n_free_++;
    }
    const auto n = static_cast<std::int32_t>(holder_.size());
    mpi::collectively(comm, [&] {  // a rank sees only its own cells, and what is wrong with them
      a_ = assemble(space, form, linalg::first_row_of(n, comm.rank(), comm.size()),
                    linalg::first_row_of(n, comm.rank() + 1, comm.size()));
    });
    free_ = free_part(a_, number_, n_free_);
    limits_ = direct_limits(space.dimension, symmetric_);
    const auto solver =
        solver_for(options.solver, static_cast<std::size_t>(n_free_), space.dimension, symmetric_);
    if (solver == SolverKind::direct) {
      make_direct();
    } else {
      make_multigrid(space, form);
    }
  }

  ContactSolution solve() {
    ContactSolution solution;
    solution.n_contacts = n_contacts_;
    solution.n_unknowns = static_cast<std::size_t>(n_free_);
    solution.conductance.assign(n_contacts_ * n_contacts_, 0.0);
    std::vector<double> last(holder_.size(), 1.0);
    for (std::size_t from = 0; from + 1 < n_contacts_; ++from) {
      solve_one(from, solution);
      const auto& u = solution.potentials.back();
      for (std::size_t i = 0; i < u.size(); ++i) last[i] -= u[i];
    }
    solution.potentials.push_back(std::move(last));
    for (std::size_t to = 0; to < n_contacts_; ++to) {
      double sum = 0.0;
      for (std::size_t from = 0; from + 1 < n_contacts_; ++from) {
        sum += solution.conductance[to * n_contacts_ + from];
      }
      solution.conductance[to * n_contacts_ + n_contacts_ - 1] = -sum;
    }
    solution.solver = name_;
    return solution;
  }

 private:
  void make_direct() {
    name_ = "direct";
    solver_ = linalg::make_direct_solver(free_, symmetric_, comm_);
  }
  void make_multigrid(const Space& space, const WeakForm& form) {
    name_ = "multigrid";
    linalg::RealRows near;
    if (!symmetric_) {
      near = free_part(assemble(space, *form.near, a_.first_row, a_.end_row()), number_, n_free_);
    }
    solver_ = linalg::make_multigrid_solver(
        free_, symmetric_ ? free_ : near,
        {.symmetric = symmetric_, .n_fields = n_fields_, .tolerance = options_.tolerance}, comm_);
  }

  std::vector<double> solve_free(const std::vector<double>& right_side) {
    try {
      return solver_->solve(right_side);
    } catch (const Error& error) {
      // The same on every rank: multigrid judges by the residual of all.
      const bool may_retry = options_.solver == SolverKind::automatic && name_ == "multigrid" &&
                             static_cast<std::size_t>(n_free_) <= limits_.possible;
      if (error.kind() != ErrorKind::numerical || !may_retry) throw;
    }
    solver_.reset();
    make_direct();
    return solver_->solve(right_side);
  }

  /// Stores the answer to one volt on contact `from`: A_ff du = -(A u)_f, again with what is left of
  /// (A u)_f while that shows in the sum of the currents.
  void solve_one(std::size_t from, ContactSolution& solution) {
    std::vector<double> u(holder_.size(), 0.0);
    for (std::size_t i = 0; i < u.size(); ++i) {
      if (holder_[i] == static_cast<std::int32_t>(from)) u[i] = 1.0;
    }
    constexpr int most_passes = 3;
    std::vector<double> product = linalg::multiply_differences(a_, u);
    double error = 0.0;
    for (int pass = 0; pass == 0 || (pass < most_passes && error > options_.tolerance); ++pass) {
      const std::vector<double> change =
          linalg::gather_rows(comm_, solve_free(minus_free(product)));
      for (std::size_t i = 0; i < u.size(); ++i) {
        if (number_[i] != free_unknown) u[i] += change[static_cast<std::size_t>(number_[i])];
      }
      solution.n_iterations = std::max(solution.n_iterations, solver_->n_iterations());
      product = linalg::multiply_differences(a_, u);
      error = store_currents(product, from, solution);
    }
    solution.current_error = std::max(solution.current_error, error);
    solution.potentials.push_back(std::move(u));
  }

  [[nodiscard]] std::vector<double> minus_free(const std::vector<double>& product) const {
    std::vector<double> part;
    for (std::size_t row = 0; row < product.size(); ++row) {
      if (holder_[static_cast<std::size_t>(a_.first_row) + row] == free_unknown) {
        part.push_back(-product[row]);
      }
    }
    return part;
  }

  /// Stores the currents (A u)_c; returns |their sum| / the largest.
  double store_currents(const std::vector<double>& product, std::size_t from,
                        ContactSolution& solution) const {
    std::vector<double> currents(n_contacts_, 0.0);
    for (std::size_t row = 0; row < product.size(); ++row) {
      const std::int32_t contact = holder_[static_cast<std::size_t>(a_.first_row) + row];
      if (contact != free_unknown) currents[static_cast<std::size_t>(contact)] += product[row];
    }
    MPI_Allreduce(MPI_IN_PLACE, currents.data(), static_cast<int>(n_contacts_), MPI_DOUBLE, MPI_SUM,
                  comm_.handle());
    double sum = 0.0;
    double largest = 0.0;
    for (std::size_t to = 0; to < n_contacts_; ++to) {
      sum += currents[to];
      largest = std::max(largest, std::abs(currents[to]));
      solution.conductance[to * n_contacts_ + from] = -currents[to];
    }
    if (!std::isfinite(sum)) throw numerical_error("a contact's current is not finite");
    return std::abs(sum) / largest;
  }

  SolveOptions options_;
  mpi::Communicator comm_;
  std::size_t n_contacts_;
  int n_fields_;
  bool symmetric_;
  std::vector<std::int32_t> holder_;  ///< of every unknown
  std::vector<std::int32_t> number_;  ///< of every unknown among the free ones
  std::int32_t n_free_ = 0;
  DirectLimits limits_{};
  linalg::RealRows a_;
  linalg::RealRows free_;
  std::unique_ptr<linalg::RealSolver> solver_;
  std::string name_;
};

}  // namespace

SolverKind solver_for(SolverKind kind, std::size_t n_unknowns, int dimension, bool symmetric) {
  if (kind != SolverKind::automatic) return kind;
  const bool is_small = n_unknowns <= direct_limits(dimension, symmetric).faster;
  return is_small ? SolverKind::direct : SolverKind::multigrid;
}

std::size_t most_direct_unknowns(int dimension, bool symmetric) {
  const DirectLimits limits = direct_limits(dimension, symmetric);
  return symmetric ? limits.faster : limits.possible;
}

ContactSolution solve_contacts(const Space& space, const WeakForm& form,
                               const std::vector<ContactKind>& contacts,
                               const SolveOptions& options, const mpi::Communicator& comm) {
  if (contacts.size() < 2) {
    throw bad_input(fmt::format("a conductance needs two contacts, not {}", contacts.size()));
  }
  return ContactProblem(space, form, contacts, options, comm).solve();
}

}  // namespace edotb::continuum
