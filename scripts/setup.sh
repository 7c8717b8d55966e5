#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that edotb needs and this machine lacks.
#   scripts/setup.sh           what it takes to build and run
#   scripts/setup.sh --tests   also what it takes to run the test suite
# Idempotent: when nothing is missing it says nothing, and needs neither root nor network.
set -euo pipefail

packages=(
  build-essential cmake ninja-build pkg-config git
  libpetsc-complex-dev libslepc-complex-dev libmumps-dev libhypre-dev libhdf5-openmpi-dev libyaml-cpp-dev
  libopenmpi-dev openmpi-bin libopenblas-dev liblapacke-dev libmetis-dev librandom123-dev
  libfmt-dev nlohmann-json3-dev libcli11-dev zlib1g-dev libceres-dev libboost-dev
  python3 python3-h5py python3-numpy python3-matplotlib python3-yaml
)
test_packages=(
  libgtest-dev python3-xarray python3-h5netcdf python3-jsonschema clang-format clang-tidy
  slurm-wlm munge
)
# Not every release has these (Ubuntu ships no chromium package): taken where they are offered.
optional_packages=(chromium clang libclang-rt-14-dev libomp-dev)

optional=()
case "${1-}" in
  "") ;;
  --tests) packages+=("${test_packages[@]}") optional=("${optional_packages[@]}") ;;
  *) echo "usage: ${0##*/} [--tests]" >&2; exit 2 ;;
esac

fail() {
  printf 'setup: %s\nsetup: install these packages (Debian names), then start again:\n' "$1" >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 1
}

missing=("${packages[@]}")
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  fail "this is not a Debian or Ubuntu system, so nothing was installed or checked"
fi

# dpkg-query exits with 1 when it does not know one of the names: that is an answer, not an error.
# shellcheck disable=SC2016  # the dollars are dpkg's
installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' \
  "${packages[@]}" "${optional[@]}" 2>/dev/null || true)
is_installed() { grep -qx "installed $1" <<<"$installed"; }

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done

as_root=(env)
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo env); fi
apt() {
  "${as_root[@]}" DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

wanted=()
for package in "${optional[@]}"; do
  is_installed "$package" || wanted+=("$package")
done
[ ${#missing[@]} -gt 0 ] || [ ${#wanted[@]} -gt 0 ] || exit 0

echo "setup: installing ${missing[*]} ${wanted[*]}"
command -v "${as_root[0]}" >/dev/null || fail "not root, and there is no sudo"
apt update || fail "apt-get update failed"
for package in "${wanted[@]}"; do
  policy=$(apt-cache policy "$package")  # not piped: grep -q would end apt-cache early, an error
  if grep -q 'Candidate: [^(]' <<<"$policy"; then
    missing+=("$package")
  else
    echo "setup: this release has no package $package; going on without it" >&2
  fi
done
[ ${#missing[@]} -gt 0 ] || exit 0
apt install --no-install-recommends "${missing[@]}" || fail "apt-get install failed"
