#include "edotb/linalg/petsc.hpp"

#include "edotb/base/error.hpp"

#include <cblas.h>
#include <petscsys.h>

#include <cstdlib>

namespace edotb::linalg {

PetscSession::PetscSession(int* argc, char*** argv) {
  int initialised = 0;
  MPI_Initialized(&initialised);
  if (initialised == 0) MPI_Init(argc, argv);
  if (std::getenv("OPENBLAS_NUM_THREADS") == nullptr) openblas_set_num_threads(1);
  // Signals stay with whoever reports them best: the system, a debugger or a sanitizer.
  PetscOptionsSetValue(nullptr, "-no_signal_handler", "true");
  if (PetscInitializeNoArguments() != 0) throw internal_error("PETSc does not start");
  PetscPushErrorHandler(PetscReturnErrorHandler, nullptr);
}

PetscSession::~PetscSession() {
  PetscFinalize();
  int finalised = 0;
  MPI_Finalized(&finalised);
  if (finalised == 0) MPI_Finalize();
}

std::string petsc_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  PetscGetVersionNumber(&major, &minor, &patch, nullptr);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace edotb::linalg
