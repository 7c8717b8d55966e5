#pragma once

#include "edotb/continuum/assembly.hpp"

namespace edotb::continuum {

/// What a contact holds at its potential.
struct ContactKind {
  std::string name;
  int chirality = 0;  ///< 0: every field; +1 or -1: only the fluid of this chirality
};

enum class SolverKind { automatic, direct, multigrid };

/// What `automatic` stands for: direct while a factorisation is faster than multigrid
/// (docs/continuum.md). The others stand for themselves.
[[nodiscard]] SolverKind solver_for(SolverKind kind, std::size_t n_unknowns, int dimension,
                                    bool symmetric);

struct SolveOptions {
  SolverKind solver = SolverKind::automatic;
  double tolerance = 1e-10;  ///< relative residual of multigrid
};

/// The answer of a sample to a volt on each of its contacts in turn, the others grounded.
struct ContactSolution {
  std::size_t n_contacts = 0;
  /// [to][from]: the current that leaves through one contact per volt on another; on the diagonal minus
  /// the current that enters. Rows and columns add up to zero.
  std::vector<double> conductance;
  /// Per contact with the volt: the unknowns node * n_fields + field [V].
  std::vector<std::vector<double>> potentials;
  std::size_t n_unknowns = 0;
  int n_iterations = 0;  ///< the most of all solutions; 0: direct
  std::string solver;    ///< what solved it
  /// Largest |sum of a solution's contact currents| over its largest current.
  double current_error = 0.0;
};

/// Solves the form on the space for N contacts by N - 1 solutions with one factorisation or
/// preconditioner; faces labelled k belong to contact k. Throws bad_input for fewer than two contacts,
/// numerical_error when no solver gets there. Collective.
[[nodiscard]] ContactSolution solve_contacts(const Space& space, const WeakForm& form,
                                             const std::vector<ContactKind>& contacts,
                                             const SolveOptions& options,
                                             const mpi::Communicator& comm);

/// The most unknowns of a matrix that SolverKind::automatic factorises: at once, or, where the matrix is not
/// symmetric, after multigrid has failed.
[[nodiscard]] std::size_t most_direct_unknowns(int dimension, bool symmetric);

}  // namespace edotb::continuum
