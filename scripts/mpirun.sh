#!/usr/bin/env bash
# mpirun with the settings that edotb wants on a workstation or in a container:
#   scripts/mpirun.sh -n 2 build/edotb run deck.yaml
# All arguments go to mpirun as they are; a variable that the user has set is left alone.
# On a cluster use srun or mpirun directly.
set -euo pipefail

# One point per core is the default way to run: threads inside BLAS would only fight over cores.
export OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"

# An OpenBLAS that does not know a new CPU falls back to AVX2 kernels and loses 40 % of its speed.
# Naming the AVX-512 kernels is safe only where the CPU has all four parts that they use.
has_avx512() {
  local flags part
  flags=$(grep -m1 '^flags' /proc/cpuinfo 2>/dev/null) || return 1
  for part in avx512f avx512dq avx512bw avx512vl; do
    [[ " $flags " == *" $part "* ]] || return 1
  done
}
if [ -z "${OPENBLAS_CORETYPE-}" ] && has_avx512; then
  export OPENBLAS_CORETYPE=SKYLAKEX
fi

options=()
version=$(mpirun --version 2>/dev/null) || {
  echo "mpirun.sh: no working mpirun in PATH (scripts/setup.sh installs one)" >&2
  exit 127
}
if [[ $version == *"Open MPI"* ]]; then
  # Open MPI counts slots by its own lights, and refuses to run more ranks than it counted.
  options+=(--oversubscribe)
  if [ "$(id -u)" -eq 0 ]; then options+=(--allow-run-as-root); fi
  # Open MPI pins rank i to core i, so that two jobs side by side (ctest -j) share their cores
  # while others idle. --bind-to core on the command line brings the pinning back.
  export OMPI_MCA_hwloc_base_binding_policy="${OMPI_MCA_hwloc_base_binding_policy:-none}"
fi
exec mpirun "${options[@]}" "$@"
