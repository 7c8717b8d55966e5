#!/usr/bin/env bash
# Installs, builds and runs the whole test suite.
#   scripts/test.sh           format, release build and ctest, sanitizers, fuzz targets, clang-tidy
#   scripts/test.sh --quick   release build and ctest only
# Checks that fail do not keep the later ones from running; the exit status is 0 only if all passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

quick=false
case "${1-}" in
  "") ;;
  --quick) quick=true ;;
  *) echo "usage: ${0##*/} [--quick]" >&2; exit 2 ;;
esac

failed=()
check() {  # check NAME COMMAND...: runs it, and remembers a failure for the end
  local name=$1
  shift
  printf '\n==> %s\n' "$name"
  "$@" || failed+=("$name")
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
release_tests() {
  ctest --preset release --output-on-failure --no-tests=error 2>&1 | tee "$log"
}

sanitize() {  # chained, because set -e does not reach into a function that check calls
  cmake --preset sanitize && cmake --build build-sanitize &&
    ctest --preset sanitize --no-tests=error
}

# Without packages or a program there is nothing to test: these three end the script (set -e).
scripts/setup.sh --tests
$quick || check "format and rooms" scripts/lint.sh --format
cmake --preset release -DEDOTB_TESTS=ON
cmake --build build

check "release tests" release_tests
if ! $quick; then
  check "sanitizer tests" sanitize
  check "clang-tidy" scripts/lint.sh --tidy
  fuzz_lacks=$(scripts/fuzz.sh --missing)
  [ -n "$fuzz_lacks" ] || check "fuzz targets, a minute each" scripts/fuzz.sh 60
fi

# The release run may stand far above by now: its closing line once more.
printf '\n==> summary\n'
grep -E 'tests passed|No tests' "$log" | sed 's/^/release tests: /' || true
[ -z "${fuzz_lacks-}" ] || echo "fuzz targets: NOT run, because this machine lacks $fuzz_lacks"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo "all checks passed"
