#!/usr/bin/python3
"""Weak localisation turns into anti-localisation as spin-orbit coupling grows, against reference ensembles.

In a wire the interference correction to the spin-summed conductance is -2/3 e^2/h without spin-orbit coupling and +1/3 with strong
coupling (Beenakker, Rev. Mod. Phys. 69, 731 (1997)); a field takes it away, so that the magnetoconductance changes sign.

The wires are inputs/weak_antilocalisation.yaml, 16 x 60 sites, box disorder 1.5, E = -1. A hop is a spin rotation by the angle
lambda: hop_y = -(cos lambda + i sin lambda sigma_x), hop_x = -(cos lambda - i sin lambda sigma_y); the leads have none. The
references are ensembles of about ten thousand realisations made by another program.
"""
import math
import sys

import common
from common import er

FIELDS = (0, 0.005, 0.01, 0.02)                    # rad/plaquette
REFERENCES = {                                     # by rotation: mean and standard error at zero field and at the highest
    0.0: ((5.1075, 0.008), (5.2783, 0.007)),
    0.1: ((5.3436, 0.006), (5.2368, 0.005)),
    0.3: ((5.1593, 0.005), (5.0155, 0.005))}
SIGNS = {0.0: +1, 0.1: -1, 0.3: -1}                # of the magnetoconductance at the highest field


def changes(results):
    """The paired change from zero field at every field."""
    return [er.paired_change(common.conductance(results, 0), common.conductance(results, field)) for field in FIELDS]


def rows_of(rotation, results):
    for field, (mean, error) in zip((0, FIELDS[-1]), REFERENCES[rotation]):
        yield common.ensemble_row(f"g, rotation {rotation:g}, field {field:g} (e^2/h)", common.conductance(results, field), mean,
                                  reference_error=error)
    (low, low_error), (high, high_error) = REFERENCES[rotation]
    change = changes(results)[-1]
    name = f"g(0.02) - g(0), rotation {rotation:g}, paired (e^2/h)"
    yield common.agrees(name, change.value, high - low, error=change.error, reference_error=math.hypot(low_error, high_error))
    yield (common.above if SIGNS[rotation] > 0 else common.below)(name, change.value, 0, change.error, sigmas=2)


def draw(runs):
    n = len(runs[0.0].realisation)
    figure, (ax,) = common.new_figure(
        "Weak localisation turns into anti-localisation with spin-orbit coupling",
        f"Square lattice, 16 × 60 sites, spin counted, box disorder 1.5, E = −1; {n} realisations.", columns=1, size=(7.5, 4.8))
    ax.axhline(0, color=common.GREY, linewidth=0.9)
    for i, (rotation, results) in enumerate(runs.items()):
        change = changes(results)
        common.points(ax, FIELDS, [c.value for c in change], [c.error for c in change], i, f"{rotation:g}", line="-")
        (low, _), (high, _) = REFERENCES[rotation]
        ax.plot(FIELDS[-1] * 1.05, high - low, marker="_", markersize=14, markeredgewidth=2, color=common.plot.PALETTE[i])
    ax.set(xlabel="Field $\\phi$ (rad per plaquette)", ylabel="$\\langle g(\\phi) - g(0)\\rangle$ ($e^2/h$)",
           title="Magnetoconductance; dashes: reference ensembles")
    ax.legend(title="Spin rotation a bond (rad)", frameon=False, ncol=3, loc="upper left", bbox_to_anchor=(0.0, 0.86))
    return figure


def reproduce(case):
    runs = {rotation: case.run(f"rotation_{rotation:g}", "weak_antilocalisation", {
        "sample.model.t": math.cos(rotation), "sample.model.rashba": math.sin(rotation), "field.magnitude": FIELDS,
        "ensemble.realisations": case.pick(smoke=100, quick=500, full=5000)}) for rotation in REFERENCES}
    return [row for rotation, results in runs.items() for row in rows_of(rotation, results)], draw(runs)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
