#!/usr/bin/python3
"""Planar Hall effect: what any conductivity that differs along and across the field gives, whatever its cause.

With rho_par along the field, rho_perp across it, and theta between field and current,

    rho_xx = rho_perp - (rho_perp - rho_par) cos^2(theta),    rho_xy = -(rho_perp - rho_par) sin(theta) cos(theta)

(Burkov, Phys. Rev. B 96, 041110 (2017)): as theta turns, (rho_xx, rho_xy) runs twice along a circle between rho_par and rho_perp. The
chiral anomaly lowers rho_par and leaves rho_perp, so that circles of several fields touch at rho_perp; a semimetal's orbital
magnetoresistance raises rho_perp = rho_par (1 + (mu B)^2), so that they touch at rho_par (Liang et al., Phys. Rev. X 8, 031002 (2018)).
"""
import sys

import common
from common import np

SIGMA, SIGMA_SEMIMETAL = 1e5, 1e24 * 1.602176634e-19      # S/m without field: uniform; e n mu of planar_hall_semimetal
PER_PAIR = 3.94607e4                                      # S/m T^-2: e^4 v^3 tau_a/(4 pi^2 hbar mu^2) of a Weyl node pair, as in the deck
FIELDS = (0.5, 1, 2)                                      # T


def resistivities(run):
    """(rho_xx, rho_xy) (F, A) in ohm metre: probes 1 mm apart on a section of 1 mm x 1 mm."""
    return 1e-3 * run.resistance(0, 1), 1e-3 * run.resistance(2, 3)


def circle(rho_par, rho_perp, degrees):
    theta = np.radians(degrees)
    return rho_perp - (rho_perp - rho_par) * np.cos(theta)**2, -(rho_perp - rho_par) * np.sin(theta) * np.cos(theta)


def distance(run, field, rho_par, rho_perp):
    """Largest distance of the points from the formula, over the circle's diameter."""
    xx, xy = resistivities(run)
    exact_xx, exact_xy = circle(rho_par, rho_perp, run.angle)
    return np.hypot(xx[field] - exact_xx, xy[field] - exact_xy).max() / abs(rho_perp - rho_par)


def draw_circles(ax, run, ends, title):
    theta = np.linspace(0, 180, 181)
    for i, (rho_par, rho_perp) in enumerate(ends):
        xx, xy = resistivities(run)
        ax.plot(1e6 * xx[i], 1e6 * xy[i], label=f"{run.field[i]:g} T", **common.style(i, "none"))
        common.law(ax, *(1e6 * rho for rho in circle(rho_par, rho_perp, theta)), index=i)
    ax.set(xlabel="$\\rho_{xx}$ (µΩ m)", ylabel="$\\rho_{xy}$ (µΩ m)", title=title, aspect="equal")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), title="Field")


def reproduce(case):
    plain = case.run_conductor("plain", "planar_hall", {"conductor.material.pairs": 0})
    anomaly = case.run_conductor("anomaly", "planar_hall", {
        "field.magnitude": FIELDS, "conductor.material.parallel": SIGMA, "conductor.material.pairs": 1})
    semimetal = case.run_conductor("semimetal", "planar_hall_semimetal", {"field.magnitude": FIELDS})
    at_45 = int(np.argmin(np.abs(plain.angle - 45)))
    xx, xy = (SIGMA * rho[0, at_45] for rho in resistivities(plain))
    rows = [common.agrees("rho_xx sigma_perp, sigma_par = 4 sigma_perp, 45°", xx, 0.625, relative=1e-4),
            common.agrees("rho_xy sigma_perp, the same", xy, -0.375, relative=1e-4),
            common.agrees("distance from the circle / its diameter", distance(plain, 0, 0.25 / SIGMA, 1 / SIGMA), 0, absolute=1e-4)]
    ends = {"chiral anomaly": [(1 / (SIGMA + PER_PAIR * b**2), 1 / SIGMA) for b in FIELDS],
            "semimetal": [(1 / SIGMA_SEMIMETAL, (1 + b**2) / SIGMA_SEMIMETAL) for b in FIELDS]}
    for name, run in (("chiral anomaly", anomaly), ("semimetal", semimetal)):
        for i, b in enumerate(FIELDS):
            rows.append(common.agrees(f"{name}, {b:g} T: distance / diameter", distance(run, i, *ends[name][i]), 0, absolute=1e-4))
    across, along = (int(np.argmin(np.abs(anomaly.angle - angle))) for angle in (90, 0))
    rows.append(common.agrees("chiral anomaly: rho_xx(90°), 2 T over 0.5 T", np.divide(*resistivities(anomaly)[0][[2, 0], across]), 1,
                              absolute=1e-4))
    rows.append(common.agrees("semimetal: rho_xx(0°), 2 T over 0.5 T", np.divide(*resistivities(semimetal)[0][[2, 0], along]), 1,
                              absolute=1e-4))
    figure, (left, right) = common.new_figure(
        "Planar Hall circles: which end stays tells what the field changes",
        "Film 12 mm × 1 mm, contacts over its whole ends, field turned in its plane in steps of 15°; lines: the formula.")
    draw_circles(left, anomaly, ends["chiral anomaly"], "Chiral anomaly: $\\rho_\\perp$ stays")
    draw_circles(right, semimetal, ends["semimetal"], "Semimetal: $\\rho_\\parallel$ stays")
    return rows, figure


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
