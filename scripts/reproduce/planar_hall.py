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
SMOKE_ANGLES = (0, 45, 60, 135)                           # degrees


def circles_of(case, name, deck, settings):
    """The circles that `edotb analyse` fits to a run, by rising field."""
    case.run_conductor(name, deck, settings | case.pick(smoke={"field.angle": SMOKE_ANGLES}, quick={}, full={}))
    return [series for series in case.analyse(name).fits if series.laws[0].law == "planar Hall circle"]


def resistivities(series):
    """Angles, rho_xx and rho_xy (A) in ohm metre, as `edotb analyse` reads them off."""
    along, across = series.part == 0, series.part == 1
    return series.x[along], series.value[along], series.value[across]


def circle(rho_par, rho_perp, degrees):
    theta = np.radians(degrees)
    return rho_perp - (rho_perp - rho_par) * np.cos(theta)**2, -(rho_perp - rho_par) * np.sin(theta) * np.cos(theta)


def distance(series, rho_par, rho_perp):
    """Largest distance of the points from the formula, over the circle's diameter."""
    angle, xx, xy = resistivities(series)
    exact_xx, exact_xy = circle(rho_par, rho_perp, angle)
    return np.hypot(xx - exact_xx, xy - exact_xy).max() / abs(rho_perp - rho_par)


def agree(words, series, rho_par, rho_perp):
    """Rows for the points and for the fitted ends of the circle."""
    law = series.laws[0]
    (par, perp), errors = 1e6 * law.values, 1e6 * law.errors
    return [common.agrees(f"{words}: distance / diameter", distance(series, rho_par, rho_perp), 0, absolute=1e-4),
            common.agrees(f"{words}: fitted rho_par (µΩ m)", par, 1e6 * rho_par, relative=1e-4, error=errors[0]),
            common.agrees(f"{words}: fitted rho_perp (µΩ m)", perp, 1e6 * rho_perp, relative=1e-4, error=errors[1])]


def draw_circles(ax, found, title):
    theta = np.linspace(0, 180, 181)
    for i, series in enumerate(found):
        _, xx, xy = resistivities(series)
        ax.plot(1e6 * xx, 1e6 * xy, label=series.where, **common.style(i, "none"))
        common.law(ax, *(1e6 * rho for rho in circle(*series.laws[0].values, theta)), index=i)
    ax.set(xlabel="$\\rho_{xx}$ (µΩ m)", ylabel="$\\rho_{xy}$ (µΩ m)", title=title, aspect="equal")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), title="Field")


def reproduce(case):
    (plain,) = circles_of(case, "plain", "planar_hall", {"conductor.material.pairs": 0})
    anomaly = circles_of(case, "anomaly", "planar_hall", {
        "field.magnitude": FIELDS, "conductor.material.parallel": SIGMA, "conductor.material.pairs": 1})
    semimetal = circles_of(case, "semimetal", "planar_hall_semimetal", {"field.magnitude": FIELDS})
    angle, xx, xy = resistivities(plain)
    at_45 = int(np.argmin(np.abs(angle - 45)))
    rows = [common.agrees("rho_xx sigma_perp, sigma_par = 4 sigma_perp, 45°", SIGMA * xx[at_45], 0.625, relative=1e-4),
            common.agrees("rho_xy sigma_perp, the same", SIGMA * xy[at_45], -0.375, relative=1e-4),
            *agree("the same, all angles", plain, 0.25 / SIGMA, 1 / SIGMA)]
    ends = {"chiral anomaly": [(1 / (SIGMA + PER_PAIR * b**2), 1 / SIGMA) for b in FIELDS],
            "semimetal": [(1 / SIGMA_SEMIMETAL, (1 + b**2) / SIGMA_SEMIMETAL) for b in FIELDS]}
    for name, found in (("chiral anomaly", anomaly), ("semimetal", semimetal)):
        for series, b, exact in zip(found, FIELDS, ends[name], strict=True):
            rows += agree(f"{name}, {b:g} T", series, *exact)
    for name, found, end, word in (("chiral anomaly", anomaly, 1, "rho_perp"), ("semimetal", semimetal, 0, "rho_par")):
        ratio = found[-1].laws[0].values[end] / found[0].laws[0].values[end]
        rows.append(common.agrees(f"{name}: fitted {word}, 2 T over 0.5 T", ratio, 1, absolute=1e-4))
    figure, (left, right) = common.new_figure(
        "Planar Hall circles: which end stays tells what the field changes",
        "Film 12 mm × 1 mm, contacts over its whole ends, field turned in its plane; lines: circles fitted by edotb analyse.")
    draw_circles(left, anomaly, "Chiral anomaly: $\\rho_\\perp$ stays")
    draw_circles(right, semimetal, "Semimetal: $\\rho_\\parallel$ stays")
    return rows, figure


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
