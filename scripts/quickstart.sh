#!/usr/bin/env bash
# From a fresh machine to a report: installs what is missing, builds, runs inputs/quickstart.yaml,
# draws its figures and leaves quickstart/report.html.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh
cmake --preset release
cmake --build build --target edotb

# Only a run that this script has made may be thrown away for a fresh one.
marker=quickstart/.made-by-quickstart
if [ -e quickstart/results.h5 ] && [ ! -e "$marker" ]; then
  echo "quickstart: quickstart/results.h5 is not mine; move it away, then start again" >&2
  exit 1
fi
mkdir -p quickstart
touch "$marker"
rm -f quickstart/results.h5

ranks=$(nproc)
if [ "$ranks" -gt 8 ]; then ranks=8; fi
scripts/mpirun.sh -n "$ranks" build/edotb run inputs/quickstart.yaml --output quickstart

build/edotb analyse quickstart

# The Python packages that setup.sh installs belong to the system's Python, not to one in a venv.
/usr/bin/python3 scripts/plot.py quickstart/results.h5
/usr/bin/python3 scripts/report.py quickstart --output quickstart/report.html
echo "Report: $PWD/quickstart/report.html"
