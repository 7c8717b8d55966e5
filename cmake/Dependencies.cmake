# Finds every library and wraps each in one imported target, edotb::NAME.
find_package(PkgConfig REQUIRED)
find_package(MPI REQUIRED COMPONENTS C)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Ceres REQUIRED)
find_package(Boost REQUIRED)  # headers alone: Boost.Math

# Debian installs real and complex PETSc side by side: `PETSc.pc` may be either, so the complex
# build's own folders are searched first, and what is found is checked.
file(GLOB petsc_folders /usr/lib/petscdir/petsc*/*-complex/lib/pkgconfig /usr/lib/petscdir/petsc-complex/lib/pkgconfig)
file(GLOB slepc_folders /usr/lib/slepcdir/slepc*/*-complex/lib/pkgconfig /usr/lib/slepcdir/slepc-complex/lib/pkgconfig)
list(JOIN petsc_folders ":" petsc_path)
list(JOIN slepc_folders ":" slepc_path)
set(ENV{PKG_CONFIG_PATH} "$ENV{PKG_CONFIG_PATH}:${petsc_path}:${slepc_path}")

set(complex_hint "edotb needs PETSc and SLEPc built for complex numbers.
  Debian/Ubuntu:  apt-get install libpetsc-complex-dev libslepc-complex-dev
  elsewhere:      configure PETSc with --with-scalar-type=complex --with-mumps and set
                  PKG_CONFIG_PATH to the folders that hold its PETSc.pc and SLEPc's SLEPc.pc")
pkg_search_module(PETSC IMPORTED_TARGET PETSc petsc)
pkg_search_module(SLEPC IMPORTED_TARGET SLEPc slepc)
if(NOT PETSC_FOUND OR NOT SLEPC_FOUND)
  message(FATAL_ERROR "PETSc or SLEPc was not found by pkg-config.\n${complex_hint}")
endif()

include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::PETSC MPI::MPI_C)
check_cxx_source_compiles("#include <petscsys.h>
#if !defined(PETSC_USE_COMPLEX)
#error real
#endif
int main() { return 0; }" EDOTB_PETSC_IS_COMPLEX)
check_cxx_source_compiles("#include <petscsys.h>
#if !defined(PETSC_HAVE_MUMPS)
#error no mumps
#endif
int main() { return 0; }" EDOTB_PETSC_HAS_MUMPS)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT EDOTB_PETSC_IS_COMPLEX)
  message(FATAL_ERROR "The PETSc at ${PETSC_PREFIX} is built for real numbers.\n${complex_hint}")
endif()
if(NOT EDOTB_PETSC_HAS_MUMPS)
  message(FATAL_ERROR "The PETSc at ${PETSC_PREFIX} has no MUMPS.\n${complex_hint}")
endif()

pkg_search_module(HDF5 REQUIRED IMPORTED_TARGET hdf5-openmpi hdf5)
find_library(HDF5_HL_LIBRARY NAMES hdf5_hl hdf5_openmpi_hl HINTS ${HDF5_LIBRARY_DIRS} REQUIRED)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
find_library(LAPACKE_LIBRARY NAMES lapacke openblas REQUIRED)  # Debian has LAPACKE in a library of its own
find_path(LAPACKE_INCLUDE lapacke.h REQUIRED)
find_library(METIS_LIBRARY metis REQUIRED)
find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)

find_library(MUMPS_LIBRARY zmumps REQUIRED)
find_library(REAL_MUMPS_LIBRARY dmumps REQUIRED)
find_path(MUMPS_INCLUDE zmumps_c.h REQUIRED)
find_library(HYPRE_LIBRARY HYPRE REQUIRED)
find_path(HYPRE_INCLUDE HYPRE.h PATH_SUFFIXES hypre REQUIRED)

add_library(edotb_mumps INTERFACE)
target_include_directories(edotb_mumps SYSTEM INTERFACE ${MUMPS_INCLUDE})
target_link_libraries(edotb_mumps INTERFACE ${MUMPS_LIBRARY} ${REAL_MUMPS_LIBRARY} MPI::MPI_C)
add_library(edotb_hypre INTERFACE)
target_include_directories(edotb_hypre SYSTEM INTERFACE ${HYPRE_INCLUDE})
target_link_libraries(edotb_hypre INTERFACE ${HYPRE_LIBRARY} MPI::MPI_C)
add_library(edotb_petsc INTERFACE)
target_link_libraries(edotb_petsc INTERFACE PkgConfig::PETSC MPI::MPI_C)
add_library(edotb_blas INTERFACE)
target_compile_definitions(edotb_blas INTERFACE HAVE_LAPACK_CONFIG_H LAPACK_COMPLEX_CPP)
target_include_directories(edotb_blas SYSTEM INTERFACE ${LAPACKE_INCLUDE})
target_link_libraries(edotb_blas INTERFACE ${LAPACKE_LIBRARY} PkgConfig::OPENBLAS)
add_library(edotb_hdf5 INTERFACE)
target_link_libraries(edotb_hdf5 INTERFACE ${HDF5_HL_LIBRARY} PkgConfig::HDF5 MPI::MPI_C)
