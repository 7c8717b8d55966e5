"""What the reproductions of disorder ensembles share: a command line, runs of edotb, and conductances by realisation.

A realisation is the same sample in every run with the same seed and shape, at any field, energy and dephasing rate, so that
differences between runs and fields may be taken realisation by realisation.
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import edotb_results as er      # noqa: E402

np = er.np


def parse_arguments(name, description):
    """Of scripts/reproduce/`name`.py; `mode` is quick or full."""
    parser = argparse.ArgumentParser(description=description)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--quick", dest="mode", action="store_const", const="quick", default="quick", help="minutes (default)")
    mode.add_argument("--full", dest="mode", action="store_const", const="full", help="thousands of realisations")
    parser.add_argument("--edotb", default=os.path.join(ROOT, "build", "edotb"), help="the program (default: build/edotb)")
    parser.add_argument("--ranks", type=int, default=min(os.cpu_count() or 1, 8), help="MPI ranks (default: cores, at most 8)")
    parser.add_argument("--output", default=os.path.join(ROOT, "build", "reproduce", name),
                        help=f"folder of the runs and the figure (default: build/reproduce/{name})")
    return parser.parse_args()


def run_deck(arguments, run, title, deck, overrides):
    """Results of inputs/`deck`.yaml with overrides, kept in the folder `run`; ends this program with 2 when edotb fails."""
    folder = os.path.join(arguments.output, run)
    command = [os.path.join(ROOT, "scripts", "mpirun.sh"), "-n", str(arguments.ranks), arguments.edotb, "run",
               os.path.join(ROOT, "inputs", f"{deck}.yaml"), "--output", folder]
    for override in overrides:
        command += ["--set", override]
    print(f"--- {title}", file=sys.stderr, flush=True)
    status = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    if status != 0:
        print(f"{os.path.basename(sys.argv[0])}: {title}: edotb ended with status {status}", file=sys.stderr)
        sys.exit(2)
    return er.read(folder)


def field_index(results, field):
    """The place of a field in the sweep; a ValueError when it is not there."""
    index = int(np.argmin(np.abs(results.field - field)))
    if abs(results.field[index] - field) > 1e-12:
        raise ValueError(f"{results.path}: there is no field {field:g} in the sweep")
    return index


def conductances(results, field):
    """G of every realisation at one field (first angle and energy)."""
    return results.conductance[field_index(results, field), 0, 0]
