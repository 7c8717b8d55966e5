"""What the reproduction scripts share: running edotb, comparing numbers with what is expected, drawing, and the exit status.

A script is a function of a Case that runs decks, and returns its rows and its figure:

    def reproduce(case):
        run = case.run("bar", "some_deck", {"ensemble.realisations": case.pick(smoke=50, quick=500, full=5000)})
        ...
        return [common.agrees("G", measured, expected, error=standard_error)], figure

    if __name__ == "__main__":
        sys.exit(common.main(__doc__, reproduce))

A number agrees when |measured - expected| <= 3 hypot(error, reference_error) + relative |expected| + absolute: three combined standard
errors, and what the expected number itself leaves open. Fewer realisations widen the standard error, never the criterion.

Exit status: 0 every row agrees; 1 one does not; 2 a run could not be made.
"""
import argparse
import math
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")      # small matrices: threads would only wait for each other
import analysis_results         # noqa: E402
import edotb_results as er      # noqa: E402
import plot                     # noqa: E402

np = er.np

SIGMAS = 3.0
GREY = "#555555"


class RunFailed(Exception):
    """edotb did not end with status 0."""


# --------------------------------------------------------------------------------------------------------------- comparing

@dataclass(frozen=True)
class Row:
    """One line of the table: a number and the interval that it must lie in."""
    quantity: str
    measured: float
    error: float          # standard error; 0: not statistical
    expected: float       # or the bound
    low: float
    high: float

    @property
    def texts(self):
        """Measured number, expected one, their difference, and what it may be."""
        measured = er.with_error(self.measured, self.error) if self.error else er.number(self.measured, 7)
        difference = er.number(self.measured - self.expected, 2)
        if math.isinf(self.high - self.low):
            sign, limit = (">", self.low) if math.isinf(self.high) else ("<", self.high)
            return measured, f"{sign} {er.number(self.expected)}", difference, f"{sign} {er.number(limit - self.expected, 2)}"
        return measured, er.number(self.expected, 7), difference, er.number((self.high - self.low) / 2, 2)

    @property
    def agrees(self):
        return self.low <= self.measured <= self.high      # false for NaN


def agrees(quantity, measured, expected, error=0.0, reference_error=0.0, relative=0.0, absolute=0.0):
    """The number must equal `expected` within 3 combined standard errors and the tolerances given."""
    allowed = SIGMAS * math.hypot(error, reference_error) + relative * abs(expected) + absolute
    return Row(quantity, float(measured), float(error), float(expected), expected - allowed, expected + allowed)


def above(quantity, measured, bound, error=0.0, sigmas=0.0):
    """The number must lie above the bound, by `sigmas` standard errors."""
    return Row(quantity, float(measured), float(error), bound, bound + sigmas * error, math.inf)


def below(quantity, measured, bound, error=0.0, sigmas=0.0):
    """The number must lie below the bound, by `sigmas` standard errors."""
    return Row(quantity, float(measured), float(error), bound, -math.inf, bound - sigmas * error)


def table(rows):
    """The rows as text, a line each."""
    lines = [("quantity", "measured", "expected", "difference", "allowed", "")]
    lines += [(row.quantity, *row.texts, "agrees" if row.agrees else "MISSED") for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, [*widths, 0])).rstrip() for line in lines)


def conductance(results, field, angle=0):
    """G of every realisation at one field and the first energy of a coherent run; a ValueError when the field was not run."""
    index = int(np.argmin(np.abs(results.field - field)))
    if abs(results.field[index] - field) > 1e-12:
        raise ValueError(f"{results.path}: there is no field {field:g} in the sweep")
    return results.conductance[index, angle, 0]


def ensemble_row(quantity, samples, expected, **tolerances):
    """The mean of an ensemble against its expected value."""
    mean, error, _ = (x.item() for x in er.mean_and_error(samples))
    return agrees(quantity, mean, expected, error=error, **tolerances)


# ----------------------------------------------------------------------------------------------------------------- running

@dataclass(frozen=True)
class Conductor:
    """Results of the continuum engine over fields F and angles A."""
    field: np.ndarray            # (F)
    angle: np.ndarray            # (A) deg
    conductance: np.ndarray      # (F, A, to, from) S, in lattice units a number
    potential: np.ndarray        # (F, A, probe, from) per volt on a contact; None without probes

    def resistance(self, plus, minus, source=0, drain=1):
        """(V_plus - V_minus)/I (F, A) between two probes, for the current from contact `source` to `drain`."""
        return (self.potential[..., plus, source] - self.potential[..., minus, source]) / self.conductance[..., drain, source]


def read_conductor(folder):
    with er.h5py.File(os.path.join(folder, "results.h5")) as file:
        if not np.isin(file["status"][...], (er.SOLVED, er.RE_SOLVED)).all():
            raise er.ResultsError(f"{folder}: a point is not solved")
        axes = [file[name][...] for name in ("field", "angle")]
        conductance_matrix, potential = (file[f"continuum/{name}"][:, :, 0, 0] if f"continuum/{name}" in file else None
                                         for name in ("conductance", "probe_potential"))
        return Conductor(*axes, conductance_matrix, potential)


@dataclass(frozen=True)
class Case:
    mode: str             # smoke, quick or full
    edotb: str
    launcher: str
    output: str

    def pick(self, smoke, quick, full):
        return {"smoke": smoke, "quick": quick, "full": full}[self.mode]

    def _run(self, name, deck, settings):
        path = next(filter(os.path.isfile, (os.path.join(folder, f"{deck}.yaml")
                                            for folder in (os.path.join(ROOT, "inputs"), os.path.join(HERE, "decks"), self.output))))
        folder = os.path.join(self.output, name)
        command = [*shlex.split(self.launcher), self.edotb, "run", path, "--output", folder]
        for key, value in settings.items():
            command += ["--set", f"{key}={setting(value)}"]
        print(f"--- {name}", file=sys.stderr, flush=True)
        os.makedirs(self.output, exist_ok=True)
        with open(f"{folder}.log", "w+", encoding="utf-8") as log:
            status = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
            log.seek(0)
            if status != 0:
                raise RunFailed(f"{name}: edotb ended with status {status}\n{log.read()}".rstrip())
        return folder

    def run(self, name, deck, settings=None):
        """Results of a deck of inputs/, decks/ or the output folder with the settings {key: value}."""
        return er.read(self._run(name, deck, settings or {}))

    def analyse(self, name):
        """What `edotb analyse` makes of a run, without a launcher: it is one process."""
        folder = os.path.join(self.output, name)
        done = subprocess.run([self.edotb, "analyse", folder], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise RunFailed(f"{name}: edotb analyse ended with status {done.returncode}\n{done.stderr}".rstrip())
        return analysis_results.read(folder)

    def run_conductor(self, name, deck, settings=None):
        return read_conductor(self._run(name, deck, settings or {}))


def setting(value):
    """A value as --set takes it: numbers to all digits, sequences in brackets."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return f"[{', '.join(map(setting, value))}]"
    return repr(float(value)) if isinstance(value, float) else str(value)


# ----------------------------------------------------------------------------------------------------------------- drawing

def new_figure(title, caption, columns=2, size=(10, 4.6)):
    """(figure, axes): panels side by side under a title, with a caption below."""
    figure = plot.Figure(figsize=size)
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for ax in axes:
        ax.xaxis.set_major_locator(plot.MaxNLocator(nbins=6))
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    figure.supxlabel(caption, x=0.01, ha="left", fontsize=8, color="#444444")
    return figure, axes


def style(index, line="-"):
    return {"color": plot.PALETTE[index], "marker": plot.MARKERS[index], "markersize": 4.5, "linestyle": line, "linewidth": 1.4}


def points(ax, x, y, error, index, label, line="none"):
    """Measured values with their standard errors."""
    ax.errorbar(x, y, np.nan_to_num(error), capsize=2.5, elinewidth=1.1, label=label, **style(index, line))


def law(ax, x, y, index=None, label=None, line="--"):
    """A formula: a line without marks."""
    ax.plot(x, y, color=GREY if index is None else plot.PALETTE[index], linewidth=1.2, linestyle=line, label=label)


# ------------------------------------------------------------------------------------------------------------ command line

def parse_arguments(description, name):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = parser.add_mutually_exclusive_group()
    for flag, words in (("quick", "minutes on two cores (default)"), ("full", "thousands of realisations, for a cluster"),
                        ("smoke", "seconds: the smallest ensembles that still decide")):
        mode.add_argument(f"--{flag}", dest="mode", action="store_const", const=flag, default="quick", help=words)
    parser.add_argument("--edotb", default=os.path.join(ROOT, "build", "edotb"), help="the program (default: build/edotb)")
    parser.add_argument("--ranks", type=int, default=min(os.cpu_count() or 1, 8), help="MPI ranks (default: cores, at most 8)")
    parser.add_argument("--launcher", help='what starts the program, such as "srun" (default: scripts/mpirun.sh -n RANKS)')
    parser.add_argument("--output", default=os.path.join(ROOT, "build", "reproduce", name),
                        help=f"folder of the runs and the figure (default: build/reproduce/{name})")
    return parser.parse_args()


def main(description, reproduce):
    """Runs a script; returns its exit status."""
    name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    arguments = parse_arguments(description, name)
    launcher = arguments.launcher or shlex.join([os.path.join(ROOT, "scripts", "mpirun.sh"), "-n", str(arguments.ranks)])
    case = Case(arguments.mode, arguments.edotb, launcher, arguments.output)
    try:
        with plot.matplotlib.rc_context(plot.STYLE):
            rows, figure = reproduce(case)
            figure.savefig(os.path.join(case.output, f"{name}.png"), dpi=plot.DPI, metadata={"Software": None})
    except (RunFailed, er.ResultsError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    print(table(rows))
    print(f"\n{os.path.join(case.output, f'{name}.png')}")
    missed = [row for row in rows if not row.agrees]
    print(f"{len(rows) - len(missed)} of {len(rows)} agree")
    return 1 if missed else 0
