#!/usr/bin/python3
"""Weak localisation in quasi-one-dimensional wires, against reference ensembles and random-matrix theory.

Without spin, time reversal lowers the conductance of a long diffusive wire by 1/3 e^2/h and gives it twice the variance:

    <g> = N/(1 + s) + (1/3)(1 - 2/beta) (s/(1 + s))^3,    s = L/l_D,    var g = 2/(15 beta)

(Mello and Stone, Phys. Rev. B 44, 3559 (1991); Beenakker, Rev. Mod. Phys. 69, 731 (1997)). A field that breaks time reversal takes
beta from 1 to 2: the conductance rises, and its variance falls to a half; how far depends on the field, as size effects set in.

The wires are inputs/weak_localisation.yaml, 16 sites wide, box disorder 1.5, E = -1. The references are ensembles of about ten
thousand realisations made by another program.
"""
import sys

import common
from common import er, np

FIELDS = (0, 0.005, 0.02)                                                     # rad/plaquette
REFERENCES = {(40, 0): (3.494, 0.004), (80, 0): (1.9863, 0.0033),             # (length, field): mean and its standard error
              (80, 0.005): (2.0449, 0.0029), (80, 0.02): (2.1091, 0.0026)}
VARIANCES = {0: 0.127, 0.005: 0.101, 0.02: 0.081}                             # of the longer wire
N_REFERENCE = 10000


def variance_row(field, samples):
    """The error of a variance of normal numbers is var sqrt(2/n)."""
    variance, count = np.nanvar(samples, ddof=1), np.isfinite(samples).sum()
    expected = VARIANCES[field]
    return common.agrees(f"var g, 16 x 80, field {field:g}", variance, expected, error=variance * (2 / count)**0.5,
                         reference_error=expected * (2 / N_REFERENCE)**0.5)


def draw(samples):
    figure, (left, right) = common.new_figure(
        "A field lifts weak localisation",
        f"Square lattice, 16 sites wide, box disorder 1.5, E = −1; {len(samples[80, 0])} realisations. Bars: one standard error.")
    change = [er.paired_change(samples[80, 0], samples[80, field]) for field in FIELDS]
    reference = [REFERENCES[80, field][0] - REFERENCES[80, 0][0] for field in FIELDS]
    common.points(left, FIELDS, [c.value for c in change], [c.error for c in change], 0, "edotb", line="-")
    common.law(left, FIELDS, reference, label="reference ensembles")
    left.axhline(1 / 3, color=common.GREY, linewidth=1, linestyle=":", label="full effect of a long wire, 1/3")
    left.set(xlabel="Field $\\phi$ (rad per plaquette)", ylabel="$\\langle g(\\phi) - g(0)\\rangle$ ($e^2/h$)",
             title="Magnetoconductance, 16 × 80 sites")
    left.legend(frameon=False, loc="center right")
    bins = np.linspace(0.8, 3.4, 27)
    for i, field in enumerate((FIELDS[0], FIELDS[-1])):
        right.hist(samples[80, field], bins, density=True, histtype="step", linewidth=1.5, color=common.plot.PALETTE[i],
                   label=f"$\\phi$ = {field:g}: var g = {samples[80, field].var(ddof=1):.3f}")
    right.margins(y=0.25)
    right.set(xlabel="Conductance g ($e^2/h$)", ylabel="Probability density ($h/e^2$)", title="Distribution of the conductance")
    right.legend(frameon=False, loc="upper right")
    return figure


def reproduce(case):
    n = case.pick(smoke=150, quick=1000, full=10000)
    short = case.run("L40", "weak_localisation", {"sample.shape.length": 40, "field.magnitude": 0, "ensemble.realisations": n})
    long = case.run("L80", "weak_localisation", {"field.magnitude": FIELDS, "ensemble.realisations": n})
    samples = {(40, 0): common.conductance(short, 0)} | {(80, field): common.conductance(long, field) for field in FIELDS}
    rows = [common.ensemble_row(f"g, 16 x {length}, field {field:g} (e^2/h)", samples[length, field], mean, reference_error=error)
            for (length, field), (mean, error) in REFERENCES.items()]
    rows += [variance_row(field, samples[80, field]) for field in FIELDS]
    change = er.paired_change(samples[80, 0], samples[80, FIELDS[-1]])
    rows.append(common.above("g(0.02) - g(0), paired (e^2/h)", change.value, 0, change.error, sigmas=2))
    rows.append(common.below("g(0.02) - g(0), paired (e^2/h)", change.value, 1 / 3, change.error, sigmas=2))
    return rows, draw(samples)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
