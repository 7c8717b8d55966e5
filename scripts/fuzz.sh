#!/usr/bin/env bash
# Feeds the readers made-up input: builds the fuzz targets of tests/fuzz with clang's libFuzzer and the sanitizers, and
# runs each for a time. Exits with 1 when an input crashes, hangs for 5 s, takes 2 GB, or breaks a target's promise.
#   scripts/fuzz.sh [SECONDS [TARGET...]]   60 s each of deck, formula, readings, system_file, wannier90
#   scripts/fuzz.sh --missing               says what this machine lacks to do so, or nothing
# build-fuzz/corpus/ keeps what was found interesting; build-fuzz/found/ gets the inputs that broke something, which
# build-fuzz/fuzz_TARGET FILE replays.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing() {
  command -v clang++ >/dev/null || { echo "clang++ (package clang)"; return; }
  local work
  work=$(mktemp -d)
  echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$work/probe.cpp"
  clang++ -fsanitize=fuzzer,address "$work/probe.cpp" -o "$work/probe" 2>/dev/null ||
    echo "libFuzzer (package libclang-rt-14-dev, of clang's version)"
  clang++ -fopenmp "$work/probe.cpp" -c -o "$work/probe.o" 2>/dev/null &&
    clang++ -fopenmp -shared "$work/probe.o" -o "$work/probe.so" 2>/dev/null ||
    echo "OpenMP for clang (package libomp-dev)"
  rm -r "$work"
}

if [ "${1-}" = --missing ]; then
  missing
  exit
fi
seconds=${1:-60}
if ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: ${0##*/} [SECONDS [TARGET...]] | --missing" >&2
  exit 2
fi
shift || true
targets=("$@")
[ $# -gt 0 ] || targets=(deck formula readings system_file wannier90)
lacking=$(missing)
if [ -n "$lacking" ]; then
  echo "fuzz: this machine lacks $lacking" >&2
  exit 2
fi

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}"

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
# What a mutation may put together: keys and choices of the manual, the words of the formula language and of readings.
grep -oE '[a-z][a-z_0-9]+' docs/deck.md | sort -u | sed 's/.*/"&: "\n"&"/' >"$work/words"
printf '"%s"\n' sin\( cos\( exp\( sqrt\( kx ky kz pi sigma_ tau_ s_ rho_ '**' '^2' 1e 0.5 >>"$work/words"
printf '"%s"\n' setup, temperature, value, error long, odd, 1e308 -1e308 1e-320 nan inf '#' >>"$work/words"
mkdir "$work/deck" "$work/formula" "$work/readings" "$work/system_file" "$work/wannier90"
cp inputs/*.yaml "$work/deck"
find tests/bad_decks -name '*.yaml' -type f -size -20k -exec cp -t "$work/deck" {} +
sed -nE 's/^ *formula: *"?(.*)"?$/ \1/p' inputs/*.yaml | split -l 1 - "$work/formula/seed"
(printf ' '; cat inputs/wannier90/weyl_hr.dat; echo '%%'; cat inputs/wannier90/weyl.win; echo '%%'
  cat inputs/wannier90/weyl_centres.xyz) >"$work/wannier90/weyl"
printf '%s\n' setup,field,angle,temperature,value,error long,0,0,2,1,0.1 long,1,0,2,2,0.1 odd,1,0,2,3,0.2 odd,-1,0,2,-2,0.2 \
  >"$work/readings/bar"

failed=()
for target in "${targets[@]}"; do
  printf '\n==> fuzz_%s, %s s\n' "$target" "$seconds"
  mkdir -p "build-fuzz/corpus/$target" build-fuzz/found
  TMPDIR=$work build-fuzz/fuzz_"$target" "build-fuzz/corpus/$target" "$work/$target" -max_total_time="$seconds" \
    -timeout=5 -rss_limit_mb=2048 -max_len=20000 -dict="$work/words" -print_final_stats=1 \
    -artifact_prefix="build-fuzz/found/$target-" >"$work/log" 2>&1 || failed+=("$target")
  grep -E '^(Done|stat::)|broken promise|ERROR|SUMMARY|Test unit written' "$work/log" || tail -20 "$work/log"
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz: found something in ${failed[*]}; the inputs are in build-fuzz/found/" >&2
  exit 1
fi
echo "fuzz: nothing found"
