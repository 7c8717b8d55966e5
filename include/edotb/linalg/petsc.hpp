#pragma once

#include <string>

namespace edotb::linalg {

/// MPI and PETSc for the lifetime of this object. PETSc reads no options, no files, and leaves
/// signals and command-line arguments alone. BLAS is held to one thread unless the environment
/// says otherwise: points run in parallel, and results must not depend on a thread count.
class PetscSession {
 public:
  PetscSession(int* argc, char*** argv);
  ~PetscSession();
  PetscSession(const PetscSession&) = delete;
  PetscSession& operator=(const PetscSession&) = delete;
  PetscSession(PetscSession&&) = delete;
  PetscSession& operator=(PetscSession&&) = delete;
};

[[nodiscard]] std::string petsc_version();

}  // namespace edotb::linalg
