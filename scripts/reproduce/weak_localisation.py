#!/usr/bin/python3
"""Weak localisation and its change of sign with spin-orbit coupling, against reference ensembles.

    weak_localisation.py [--quick | --full] [--edotb PATH] [--ranks N] [--output DIR]

Runs inputs/weak_localisation.yaml (wires of 16 x 40 and 16 x 80 sites) and inputs/weak_antilocalisation.yaml (Rashba wires of 16 x 60
sites, spin rotation 0, 0.1 and 0.3 a bond), prints each mean conductance beside its reference, and draws weak_localisation.png.
--quick (the default): hundreds of realisations, under three minutes on two cores. --full: thousands, some 2000 core seconds.

Deviation of a mean from its reference     z = (<g> - g_ref) / sqrt(error^2 + error_ref^2)
Magnetoconductance of one Rashba wire      Delta G = sum_r [g_r(phi) - g_r(0)] / n: both fields in the same realisations r, so that its
                                           error is that of the differences (edotb_results.py)

The references are ensembles of about ten thousand realisations made by another program (square lattice, hopping 1, box disorder 1.5,
E = -1, field-free leads of the same width, phi rad/plaquette on the hops inside the sample).

Exit status: 0 all agree; 1 a mean deviates by more than 3 sigma, or Delta G at 0.02 rad/plaquette is not positive without spin-orbit
coupling and negative at 0.3, by more than 2 sigma each; 2 a run could not be made.
"""
import math
import os
import sys
from dataclasses import dataclass

from ensembles import conductances, er, np, parse_arguments, run_deck
import plot

MOST_SIGMAS = 3.0         # a mean farther than this from its reference has failed
SIGN_SIGMAS = 2.0         # a magnetoconductance nearer to zero than this has no sign
HIGHEST_FIELD = 0.02
FIELDS = (0, 0.005, 0.01, HIGHEST_FIELD)      # of the Rashba wires
REALISATIONS = {"quick": {"wire": 1000, "rashba": 500}, "full": {"wire": 10000, "rashba": 5000}}


@dataclass(frozen=True)
class Reference:
    """Mean and variance of the conductance (e^2/h) of one ensemble, as another program found them."""
    run: str
    field: float          # rad/plaquette
    mean: float
    error: float
    variance: float       # NaN: not known


@dataclass(frozen=True)
class Sign:
    """What the magnetoconductance of one run at the highest field must be: +1 rising, -1 falling."""
    run: str
    sign: int


REFERENCES = (
    Reference("L40", 0, 3.494, 0.004, math.nan),
    Reference("L80", 0, 1.9863, 0.0033, 0.127),
    Reference("L80", 0.005, 2.0449, 0.0029, 0.101),
    Reference("L80", 0.02, 2.1091, 0.0026, 0.081),
    Reference("rashba0", 0, 5.1075, 0.008, 0.548),
    Reference("rashba0", 0.02, 5.2783, 0.007, 0.355),
    Reference("rashba0.1", 0, 5.3436, 0.006, 0.275),
    Reference("rashba0.1", 0.02, 5.2368, 0.005, 0.210),
    Reference("rashba0.3", 0, 5.1593, 0.005, 0.204),
    Reference("rashba0.3", 0.02, 5.0155, 0.005, 0.138),
)
SIGNS = (Sign("rashba0", +1), Sign("rashba0.3", -1))      # at 0.1 it falls as well, but less
ROTATIONS = (0.0, 0.1, 0.3)                               # spin-orbit angle a bond, of the runs rashba...


def rashba_run(rotation):
    return f"rashba{rotation:g}"


# ------------------------------------------------------------------------------------------------------------- statistics

@dataclass(frozen=True)
class Comparison:
    reference: Reference
    mean: float
    error: float
    variance: float
    count: int

    @property
    def sigmas(self):
        return deviation(self.mean, self.error, self.reference.mean, self.reference.error)

    @property
    def agrees(self):
        return abs(self.sigmas) <= MOST_SIGMAS      # false for NaN


def deviation(value, error, reference, reference_error):
    """(value - reference) in combined standard errors; NaN where the value or its error is unknown."""
    combined = math.hypot(error, reference_error)
    return (value - reference) / combined if combined > 0 else math.nan


def compare(results, reference):
    samples = conductances(results, reference.field)
    mean, error, count = (x.item() for x in er.mean_and_error(samples))
    return Comparison(reference, mean, error, error**2 * count, count)


def magnetoconductance(results, field):
    """The paired change of G from zero field."""
    return er.paired_change(conductances(results, 0.0), conductances(results, field), results.rounding)


def has_sign(change, sign):
    """True when the change has this sign by more than SIGN_SIGMAS standard errors."""
    return change.count > 1 and sign * change.value > SIGN_SIGMAS * change.error


def verdict(comparisons, changes):
    """What does not agree, one line each; `changes`: paired change at the highest field by run."""
    wrong = [f"{name_of(c.reference.run)}, field {c.reference.field:g}: {c.sigmas:+.1f} sigma" for c in comparisons if not c.agrees]
    for expected in SIGNS:
        change = changes[expected.run]
        if not has_sign(change, expected.sign):
            word = "positive" if expected.sign > 0 else "negative"
            wrong.append(f"{name_of(expected.run)}: Delta G = {er.with_error(change.value, change.error, sign=True)} is not {word}")
    return wrong


# ------------------------------------------------------------------------------------------------------------------- runs

def run_commands(mode):
    """(run, deck, overrides) of every run."""
    wires, rashba = (REALISATIONS[mode][kind] for kind in ("wire", "rashba"))
    yield "L40", "weak_localisation", ["sample.shape.length=40", "field.magnitude=0", f"ensemble.realisations={wires}"]
    yield "L80", "weak_localisation", [f"ensemble.realisations={wires}"]
    for rotation in ROTATIONS:
        yield rashba_run(rotation), "weak_antilocalisation", [
            f"sample.model.t={math.cos(rotation)!r}", f"sample.model.rashba={math.sin(rotation)!r}",
            f"field.magnitude=[{', '.join(f'{field:g}' for field in FIELDS)}]", f"ensemble.realisations={rashba}"]


def run_all(arguments):
    """{run: results}"""
    return {run: run_deck(arguments, run, name_of(run), deck, overrides) for run, deck, overrides in run_commands(arguments.mode)}


# ----------------------------------------------------------------------------------------------------------------- output

def name_of(run):
    return f"wire, L = {run[1:]}" if run.startswith("L") else f"Rashba wire, angle {run.removeprefix('rashba')}"


def print_table(comparisons, changes):
    print(f"{'sample':<24}{'field':>7}{'<g>':>10}{'error':>9}{'reference':>11}{'error':>9}{'sigma':>8}{'var g':>8}{'reference':>11}")
    for c in comparisons:
        reference = c.reference
        variance = "-" if math.isnan(reference.variance) else f"{reference.variance:.3f}"
        print(f"{name_of(reference.run):<24}{reference.field:>7g}{c.mean:>10.4f}{c.error:>9.4f}{reference.mean:>11.4f}"
              f"{reference.error:>9.4f}{c.sigmas:>+8.2f}{c.variance:>8.3f}{variance:>11}")
    print(f"\nDelta G at {HIGHEST_FIELD:g} rad/plaquette (e^2/h), paired")
    for rotation in ROTATIONS:
        run = rashba_run(rotation)
        known = {r.field: r for r in REFERENCES if r.run == run}
        high, zero = known[HIGHEST_FIELD], known[0]
        expected = er.with_error(high.mean - zero.mean, math.hypot(high.error, zero.error), sign=True)
        print(f"{name_of(run):<24}{er.with_error(changes[run].value, changes[run].error, sign=True):>20}   reference {expected}")


def draw_means(ax, comparisons):
    """<g> less its reference, row by row: the numbers themselves differ too much to show their errors on one axis."""
    for row, c in enumerate(comparisons):
        ax.barh(row, 2 * c.reference.error, left=-c.reference.error, height=0.55, color="#cccccc", label="" if row else "reference ± 1σ")
        ax.errorbar(c.mean - c.reference.mean, row, xerr=c.error, fmt="o", color=plot.PALETTE[0], markersize=4.5, capsize=2.5,
                    elinewidth=1.1, label="" if row else "this run ± 1σ")
    ax.axvline(0, color="#555555", linewidth=0.9)
    rows = [f"{name_of(c.reference.run)}\nφ = {c.reference.field:g}:  {c.reference.mean:.3f}" for c in comparisons]
    ax.set_yticks(range(len(rows)), rows, fontsize=8)
    ax.invert_yaxis()
    ax.xaxis.set_major_locator(plot.MaxNLocator(nbins=6))
    ax.set(xlabel=r"$\langle g\rangle$ less its reference ($e^2/h$)", title="Mean conductance")
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncol=2)


def draw_changes(ax, results):
    ax.axhline(0, color="#555555", linewidth=0.9)
    for i, rotation in enumerate(ROTATIONS):
        run = rashba_run(rotation)
        changes = [magnetoconductance(results[run], field) for field in FIELDS]
        style = {"color": plot.PALETTE[i], "marker": plot.MARKERS[i], "markersize": 4.5}
        ax.errorbar(FIELDS, [c.value for c in changes], [np.nan_to_num(c.error) for c in changes], linewidth=1.4, capsize=2.5,
                    elinewidth=1.1, label=f"{rotation:g}", **style)
        known = {r.field: r for r in REFERENCES if r.run == run}
        ax.plot(HIGHEST_FIELD * 1.06, known[HIGHEST_FIELD].mean - known[0].mean, marker="_", markersize=14, markeredgewidth=2,
                color=plot.PALETTE[i])
    ax.set(xlabel=r"Field $\phi$ (rad per plaquette)", ylabel=r"$\Delta G = G(\phi) - G(0)$ ($e^2/h$)",
           title="Magnetoconductance; dashes: reference")
    ax.legend(title="Spin rotation a bond (rad)", frameon=False, ncol=3, loc="upper center", bbox_to_anchor=(0.5, -0.1))


def draw(results, comparisons, path):
    count = {run: len(r.realisation) for run, r in results.items()}
    with plot.matplotlib.rc_context(plot.STYLE):
        figure = plot.Figure(figsize=(10, 5.4))
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
        draw_means(left, comparisons)
        draw_changes(right, results)
        figure.suptitle("Weak localisation turns into anti-localisation with spin-orbit coupling", x=0.01, ha="left", fontsize=11,
                        fontweight="bold")
        figure.supxlabel(f"Square lattice, 16 sites wide, disorder 1.5, E = −1. {count['L80']} realisations of the wires and "
                         f"{count[rashba_run(0)]} of the Rashba wires (16 × 60, spin counted).", x=0.01, ha="left", fontsize=8,
                         color="#444444")
        figure.savefig(path, dpi=plot.DPI, metadata={"Software": None})


def main():
    arguments = parse_arguments("weak_localisation", "Weak localisation and anti-localisation against reference ensembles.")
    results = run_all(arguments)
    comparisons = [compare(results[reference.run], reference) for reference in REFERENCES]
    changes = {rashba_run(rotation): magnetoconductance(results[rashba_run(rotation)], HIGHEST_FIELD) for rotation in ROTATIONS}
    print_table(comparisons, changes)
    figure = os.path.join(arguments.output, "weak_localisation.png")
    draw(results, comparisons, figure)
    print(f"\n{figure}")
    wrong = verdict(comparisons, changes)
    print("\n".join(f"DISAGREES: {line}" for line in wrong) or "all agree with the reference")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
