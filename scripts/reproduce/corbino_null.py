#!/usr/bin/python3
"""A Corbino disc with the field along its normal has no E.B, so no chiral anomaly; a bar of the same material has it.

Two chiral fluids sigma_chi, g_B, Gamma. Disc, rims r1 and r2, thickness t, field along the normal: G = 2 sigma_chi 2 pi t/ln(r2/r1),
whatever g_B. Bar of cross-section A with the field along the current:

    R A = [L (1 - a) + 2 a lambda tanh(L/2 lambda)]/(2 sigma_chi),    a = g_B^2/(g_B^2 + 2 Gamma sigma_chi),
    lambda^-2 = g_B^2/sigma_chi^2 + 2 Gamma/sigma_chi.

Not every magnetoresistance is absent from the disc: one Drude band has R(B) = R(0) (1 + (mu B)^2) there. And the null holds for this
direction alone: a field in the plane meets the current, and a tensor sigma_par = 10 sigma_perp has G ln(r2/r1)/(2 pi sigma_perp t) = 4.84452.

Decks: inputs/corbino_null.yaml, decks/chiral_bar.yaml, decks/corbino_tensor.yaml.
"""
import sys

import common
from common import np

SIGMA, RELAXATION = 10.0, 1e7                               # S/m and S/m^3, of one fluid
CHIRAL = (0, 1e4, 2e4, 4e4)                                 # S/m^2
INNER, OUTER, THICKNESS = 0.5e-3, 1e-3, 1e-4                # m
LENGTH, WIDTH = 12e-3, 1e-3
MU_B = (0, 1, 2, 5)


def disc_conductance():
    return 2 * SIGMA * 2 * np.pi * THICKNESS / np.log(OUTER / INNER)


def bar_conductance(chiral):
    a = chiral**2 / (chiral**2 + 2 * RELAXATION * SIGMA)
    decay = (chiral**2 / SIGMA**2 + 2 * RELAXATION / SIGMA)**-0.5
    return WIDTH * THICKNESS * 2 * SIGMA / (LENGTH * (1 - a) + 2 * a * decay * np.tanh(LENGTH / (2 * decay)))


def draw(found, tensor):
    figure, (left, right) = common.new_figure(
        "The anomaly is in the bar, not in the disc with the field along its normal",
        "Two chiral fluids: disc 0.5 mm to 1 mm, bar 12 mm × 1 mm; one Drude band: disc with the field along its normal.")
    for i, (label, index) in enumerate((("bar, field along the current", ("bar", 0)), ("bar, field across", ("bar", 1)),
                                        ("disc, field in the plane", ("disc", 1)), ("disc, field along the normal", ("disc", 0)))):
        values = np.array([currents[index[0]][index[1]] for currents in found.values()])
        left.plot(np.array(list(found)) / 1e4, values / values[0], label=label,
                  **common.style(i) | {"markersize": 4 + 2 * i, "markerfacecolor": "none"})
    left.set(xlabel="Chiral conductance density $g_B$ ($10^4$ S/m²), ∝ B", ylabel="$G/G(g_B = 0)$", title="Two chiral fluids")
    left.legend(frameon=False)
    right.plot(MU_B, tensor, label="one Drude band, edotb", **common.style(0, "none"))
    x = np.linspace(0, 5, 101)
    common.law(right, x, 1 + x**2, label="$1 + (\\mu B)^2$")
    right.set(xlabel="$\\mu B$", ylabel="$R(B)/R(0)$", title="What is not an anomaly is still in the disc")
    right.legend(frameon=False)
    return figure


def reproduce(case):
    found = {}
    chirals = case.pick(smoke=CHIRAL[::3], quick=CHIRAL, full=CHIRAL)
    for chiral in chirals:
        settings = {"conductor.material.chiral_conductance": float(chiral)}
        found[chiral] = {kind: case.run_conductor(f"{kind}_{chiral:g}", deck, settings).conductance[0, :, 1, 0]
                         for kind, deck in (("disc", "corbino_null"), ("bar", "chiral_bar"))}
    disc = disc_conductance()
    rows = [common.agrees("disc, g_B = 0: G (S)", found[0]["disc"][0], disc, relative=1e-6)]
    for chiral in chirals[1:]:
        rows.append(common.agrees(f"disc, field along the normal, g_B = {chiral:.0e}: G/G(0) - 1",
                                  found[chiral]["disc"][0] / found[0]["disc"][0] - 1, 0, absolute=1e-8))
    for chiral in chirals:
        rows.append(common.agrees(f"bar, field along the current, g_B = {chiral:.0e}: G (S)", found[chiral]["bar"][0],
                                  bar_conductance(chiral), relative=1e-3))
    highest = found[CHIRAL[-1]]
    rows.append(common.agrees("bar, field across, g_B = 4e+04: G/G(0)", highest["bar"][1] / found[0]["bar"][1], 1, absolute=1e-6))
    rows.append(common.above("disc, field in the plane, g_B = 4e+04: G/G(0)", highest["disc"][1] / found[0]["disc"][1], 1.05))
    drude = [case.run_conductor(f"drude_{x:g}", "corbino_tensor", {
        "conductor.material.perpendicular": 1 / (1 + x**2), "conductor.material.hall": x / (1 + x**2)}).conductance[0, 0, 1, 0]
        for x in MU_B]
    tensor = drude[0] / np.array(drude)
    rows += [common.agrees(f"Drude disc, mu B = {x}: R(B)/R(0)", ratio, 1 + x**2, relative=1e-4) for x, ratio in zip(MU_B[1:], tensor[1:])]
    in_plane = case.run_conductor("in_plane", "corbino_tensor", {"conductor.material.parallel": 10, "field.angle": 90})
    rows.append(common.agrees("A = 10, field in the plane: G ln(r2/r1)/(2 pi sigma_perp t)",
                              in_plane.conductance[0, 0, 1, 0] / (2 * np.pi), 4.84452, relative=1e-4))
    return rows, draw(found, tensor)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
