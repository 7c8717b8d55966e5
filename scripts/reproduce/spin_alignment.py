#!/usr/bin/python3
"""A field aligns impurity moments, and the resistance falls: B/T collapse, isotropy, and -M^2.

A moment S on every site adds -J S.sigma. A field B at the temperature T gives it the mean L(x) = coth x - 1/x along the field,
x = g mu_B S B/(k_B T); what still scatters is its variance, so that in the Born approximation

    rho(B)/rho(0) = 1 - L(x)^2

(de Gennes and Friedel, J. Phys. Chem. Solids 4, 71 (1958)): a function of B/T alone, the same for every direction of the field.

The wires are inputs/magnetic_alignment.yaml, 16 x 60 sites, J = 0.4, E = -1, N = 22 channels; rho is N/<g> - 1. The references
are ensembles of another program; the Born approximation is good to some 0.05 at this J.
"""
import sys

import common
from common import np

TEMPERATURES = (0.002, 0.004)                                  # in units of t/k_B
X = (0, 1, 3, 5, 10)                                           # g mu_B S B/(k_B T) with g = 2, S = 1
REFERENCES = {1: 0.939, 3: 0.575, 5: 0.392, 10: 0.234}         # rho(x)/rho(0), to the digits given
DIRECTIONS = {"along the current": (0, 0), "45° in the plane": (45, 0), "across, in the plane": (90, 0), "normal to the plane": (90, 90)}
N_CHANNELS = 22


def langevin(x):
    return 1 / np.tanh(x) - 1 / x


def resistance_ratio(samples):
    """(ratio, standard error) (X) of rho(x)/rho(0); samples (X, R) share their realisations, so the errors of both means correlate.
    First order: d(ratio) = -N dg_x/(g_x^2 rho_0) + ratio N dg_0/(g_0^2 rho_0)."""
    mean = samples.mean(axis=1)
    rho = N_CHANNELS / mean - 1
    ratio = rho / rho[0]
    weights = N_CHANNELS / (mean**2 * rho[0])
    influence = -weights[:, None] * samples + (ratio * weights[0])[:, None] * samples[0]
    return ratio, influence.std(axis=1, ddof=1) / samples.shape[1]**0.5


def run(case, name, temperature, direction):
    angle, azimuth = direction
    fields = [x * temperature / 2 for x in X]
    results = case.run(name, "magnetic_alignment", {
        "field.magnitude": fields, "field.angle": angle, "field.azimuth": azimuth, "sample.disorder[0].temperature": temperature,
        "ensemble.realisations": case.pick(smoke=60, quick=300, full=3000)})
    return results.conductance[:, 0, 0]


def draw(samples, hot):
    n = samples["along the current"].shape[1]
    figure, (left, right) = common.new_figure(
        "Moments line up in a field, and the resistance falls",
        f"Square lattice, 16 × 60 sites, a moment on each, J = 0.4, E = −1; {n} realisations. Bars: one standard error.")
    ratio, error = resistance_ratio(samples["along the current"])
    for i, (values, temperature) in enumerate(((samples["along the current"], TEMPERATURES[0]), (hot, TEMPERATURES[1]))):
        curve = resistance_ratio(values)
        left.errorbar(X, *curve, **common.style(i) | {"markersize": 8 - 4 * i, "linestyle": "none"},
                      label=f"$k_BT$ = {temperature:g} t")
    x = np.linspace(0.05, 10.5, 200)
    common.law(left, x, 1 - langevin(x)**2, label="$1 - L(x)^2$")
    left.plot(REFERENCES.keys(), REFERENCES.values(), "x", color="black", zorder=5, label="another program")
    left.set(xlabel="$x = g\\mu_B S B/k_BT$", ylabel="$\\rho(B)/\\rho(0)$", title="Two temperatures collapse on B/T", ylim=(0, 1.05))
    left.legend(frameon=False)
    for i, (name, values) in enumerate(samples.items()):
        ratio, error = resistance_ratio(values)
        common.points(right, [0] + [langevin(x)**2 for x in X[1:]], ratio, error, i, name)
    common.law(right, [0, 1], [1, 0], label="$1 - M^2$")
    right.set(xlabel="$M^2 = L(x)^2$", ylabel="$\\rho(B)/\\rho(0)$", title="The same in every direction", ylim=(0, 1.05))
    right.legend(frameon=False, title="Field")
    return figure


def reproduce(case):
    samples = {name: run(case, f"direction_{i}", TEMPERATURES[0], direction) for i, (name, direction) in enumerate(DIRECTIONS.items())}
    hot = run(case, "hot", TEMPERATURES[1], DIRECTIONS["along the current"])
    along, error = resistance_ratio(samples["along the current"])
    rows = []
    for i, x in enumerate(X[1:], start=1):
        rows.append(common.agrees(f"rho(B)/rho(0), x = {x}", along[i], REFERENCES[x], error=error[i], absolute=1e-3))
        rows.append(common.agrees(f"rho(B)/rho(0), x = {x}, Born", along[i], 1 - langevin(x)**2, error=error[i], absolute=0.05))
    rows.append(common.agrees("largest |g(B, T) - g(2B, 2T)| (e^2/h)", np.abs(hot - samples["along the current"]).max(), 0, absolute=1e-8))
    for name, values in list(samples.items())[1:]:
        ratio, ratio_error = resistance_ratio(values)
        worst = int(np.argmax(np.abs(ratio - along)))
        rows.append(common.below(f"anisotropy, field {name}", abs(ratio[worst] / along[worst] - 1), 0.1))
    return rows, draw(samples, hot)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
