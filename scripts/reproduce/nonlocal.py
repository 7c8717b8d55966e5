#!/usr/bin/python3
"""Non-local voltages: the ohmic background decays with the slab's thickness, the valley imbalance with its own length.

Ohmic slab of thickness d, line contacts above each other; what is left of the voltage across the slab at a distance x is

    R = (2 rho/pi L_y) ln coth(pi x/2d)      ->      (4 rho/pi L_y) exp(-pi x/d).

Two chiral fluids with the field along the strip: a current that enters one of them leaves an imbalance V_+ - V_-, and with it a
voltage, which decay over lambda, lambda^-2 = g_B^2/sigma_chi^2 + 2 Gamma/sigma_chi, whatever the thickness (Parameswaran et al., Phys.
Rev. X 4, 031035 (2014)).

Decks: decks/nonlocal_slab.yaml (d = L_y = rho = 1), decks/nonlocal_valley.yaml.
"""
import sys

import common
from common import np

DISTANCES = (1, 2, 3)
TABLE = (0.055056, 0.0023777, 1.0275e-4)               # rho/L_y, at x/d = 1, 2, 3
FLUIDS = ((0.5, 0.2), (0.3, 0.1), (0.0, 0.2))          # g_B and Gamma for sigma_chi = 1
FIRST, STEP = 2.0, 0.5                                 # distance of the first probe from the end, and between probes


def axial_length(chiral, relaxation):
    return (chiral**2 + 2 * relaxation)**-0.5


def decay_length(voltages):
    """Of differences between neighbouring probes, which all decay as exp(-x/lambda): the slope of their logarithm."""
    return -STEP / np.polyfit(np.arange(len(voltages)), np.log(np.abs(voltages)), 1)[0]


def neighbours(run):
    """Voltage per current between each probe and the next."""
    return np.array([run.resistance(i, i + 1)[0, 0] for i in range(run.potential.shape[2] - 1)])


def draw(slab, strips):
    figure, (ax,) = common.new_figure(
        "Non-local voltages: the valley imbalance outlives the ohmic background",
        "Slab of thickness d between line contacts, and a strip of width d of two chiral fluids; $\\rho$ = 1, $\\sigma_\\chi$ = 1.",
        columns=1, size=(7.5, 4.8))
    ax.plot(DISTANCES, slab, label="ohmic slab", **common.style(0, "none"))
    x = np.linspace(0.6, 6.5, 100)
    common.law(ax, x, -2 / np.pi * np.log(np.tanh(np.pi * x / 2)), 0, "$(2\\rho/\\pi L_y)$ ln coth($\\pi x/2d$)")
    for i, ((chiral, relaxation), voltages) in enumerate(strips.items(), start=1):
        middle = FIRST + STEP * (np.arange(len(voltages)) + 0.5)
        ax.plot(middle, np.abs(voltages), label=f"$g_B$ = {chiral:g}, $\\Gamma$ = {relaxation:g}", **common.style(i, "none"))
        length = axial_length(chiral, relaxation)
        common.law(ax, middle, np.abs(voltages[0]) * np.exp((middle[0] - middle) / length), i, f"exp($-x$/{length:.3g})")
    ax.set(yscale="log", ylim=(1e-6, 1), xlabel="Distance from the current x/d", ylabel="|V|/I ($\\rho/L_y$)",
           title="Ohmic: across the slab; chiral: between probes 0.5 d apart")
    ax.legend(frameon=False, fontsize=8, ncol=2)
    return figure


def reproduce(case):
    slab = case.run_conductor("slab", "nonlocal_slab")
    voltages = [slab.resistance(2 * i, 2 * i + 1)[0, 0] for i in range(len(DISTANCES))]
    rows = [common.agrees(f"ohmic, x = {x} d: R (rho/L_y)", v, expected, relative=0.01)
            for x, v, expected in zip(DISTANCES, voltages, TABLE)]
    strips = {}
    for chiral, relaxation in FLUIDS:
        run = case.run_conductor(f"valley_{chiral:g}_{relaxation:g}", "nonlocal_valley", {
            "conductor.material.chiral_conductance": chiral, "conductor.material.relaxation": relaxation})
        if chiral:
            strips[chiral, relaxation] = neighbours(run)
            rows.append(common.agrees(f"valley, g_B = {chiral:g}, Gamma = {relaxation:g}: decay length (d)",
                                      decay_length(strips[chiral, relaxation]), axial_length(chiral, relaxation), relative=0.03))
        else:
            rows.append(common.above("first pair: voltage with g_B = 0.5 over that without", abs(strips[FLUIDS[0]][0] / neighbours(run)[0]),
                                     100))
    return rows, draw(voltages, strips)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
