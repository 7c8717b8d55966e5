#!/usr/bin/env bash
# Installs, builds and runs the whole test suite.
#   scripts/test.sh           format, release build and ctest, sanitizers, fuzz targets, clang-tidy
#   scripts/test.sh --quick   release build and ctest only
#   scripts/test.sh --long    release build, then what takes hours: 200 kills of runs, a soak of a million points, and ten
#                             minutes of made-up input for each reader
# Checks that fail do not keep the later ones from running; the exit status is 0 only if all passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=${1-}
case "$mode" in
  "" | --quick | --long) ;;
  *) echo "usage: ${0##*/} [--quick | --long]" >&2; exit 2 ;;
esac

failed=()
check() {  # check NAME COMMAND...: runs it, and remembers a failure for the end
  local name=$1
  shift
  printf '\n==> %s\n' "$name"
  "$@" || failed+=("$name")
}

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
tests() {  # tests PRESET
  ctest --preset "$1" --no-tests=error 2>&1 | tee "$logs/$1"
}

sanitize() {  # chained, because set -e does not reach into a function that check calls
  cmake --preset sanitize && cmake --build build-sanitize && tests sanitize
}

# Without packages or a program there is nothing to test: these three end the script (set -e).
scripts/setup.sh --tests
[ -n "$mode" ] || check "format and rooms" scripts/lint.sh --format
cmake --preset release -DEDOTB_TESTS=ON
cmake --build build

campaign() {  # campaign NAME SIZE: a test of tests/campaign in its long form
  OPENBLAS_NUM_THREADS=1 /usr/bin/python3 "tests/campaign/test_$1.py" build/edotb scripts/mpirun.sh "$2"
}

fuzz() {  # fuzz SECONDS
  fuzz_lacks=$(scripts/fuzz.sh --missing)
  [ -n "$fuzz_lacks" ] || check "fuzz targets, $1 s each" scripts/fuzz.sh "$1"
}

if [ "$mode" = --long ]; then
  check "200 kills" campaign resume 200
  check "soak of a million points" campaign stopping 1000000
  fuzz 600
else
  check "release tests" tests release
fi
if [ -z "$mode" ]; then
  check "sanitizer tests" sanitize
  check "clang-tidy" scripts/lint.sh --tidy
  fuzz 60
fi

# The tests may stand far above by now: what failed of them, with the end of what it printed, and their closing lines once more.
printf '\n==> summary\n'
for log in "$logs"/*; do
  [ -e "$log" ] || continue
  awk '/ Test +#[0-9]+: / { failed = /\*\*\*/ } /^ *Start +[0-9]+: / || /tests passed/ { failed = 0 } failed' "$log" | tail -n 100
  grep -E 'tests passed|No tests' "$log" | sed "s/^/${log##*/} tests: /" || true
done
[ -z "${fuzz_lacks-}" ] || echo "fuzz targets: NOT run, because this machine lacks $fuzz_lacks"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo "all checks passed"
