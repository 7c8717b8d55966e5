#!/usr/bin/env bash
# Reads the code without running it; exits with 1 when something is found.
#   scripts/lint.sh [--format] [--tidy] [--fix]     neither --format nor --tidy: both
# --format: clang-format (seconds). --tidy: clang-tidy over src/, needs a configured build/ (minutes).
# --fix mends in place what the tools can mend. The order of the rooms is always checked.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

format=false tidy=false fix=false
for argument in "$@"; do
  case "$argument" in
    --format) format=true ;;
    --tidy) tidy=true ;;
    --fix) fix=true ;;
    *) echo "usage: ${0##*/} [--format] [--tidy] [--fix]" >&2; exit 2 ;;
  esac
done
if ! $format && ! $tidy; then format=true tidy=true; fi

# Tracked and new files alike, less those that are deleted in the work tree.
list() {
  git ls-files -co --exclude-standard -z -- "$@" | sort -zu | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done
}

status=0
python3 scripts/check_rooms.py || status=1

if $format; then
  mode=(--dry-run -Werror)
  if $fix; then mode=(-i); fi
  list {src,include,tests}/'*'.{cpp,hpp} |
    xargs -0r clang-format --style=file "${mode[@]}" || status=1
fi

if $tidy; then
  database=build/compile_commands.json
  if [ ! -f "$database" ]; then
    echo "lint: no $database; run cmake --preset release first" >&2
    exit 1
  fi
  # A source compiled for two targets stands there twice, and clang-tidy would read it twice.
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  python3 - "$database" "$work/compile_commands.json" <<'PYTHON'
import json, sys
with open(sys.argv[1]) as source, open(sys.argv[2], "w") as target:
    json.dump(list({entry["file"]: entry for entry in json.load(source)}.values()), target)
PYTHON
  # GCC's own headers come last, for those that clang-tidy has none of (omp.h).
  options=(-p "$work" --quiet --extra-arg=-Wno-unknown-warning-option
           "--extra-arg=-idirafter$(gcc -print-file-name=include)")
  jobs=$(nproc)
  if $fix; then  # two jobs would mend the same header at once
    options+=(--fix)
    jobs=1
  fi
  # --quiet leaves a count of what it has suppressed in libraries' headers
  list 'src/*.cpp' | xargs -0r -n 1 -P "$jobs" clang-tidy "${options[@]}" 2>&1 |
    sed -E '/^[0-9]+ warnings? (and [0-9]+ errors? )?generated\.$/d' || status=1
fi
exit "$status"
