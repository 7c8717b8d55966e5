#!/usr/bin/python3
"""Current jetting: a magnetoresistance that is the current's path and nothing else.

A plate L x W with point contacts in the middle of its ends, the field along the current, conductivity sigma_par along the field and
sigma_perp = sigma_par/A across it, sigma_par independent of the field. Between probes at -+d/2

    R/R_0 = 1 + (4/d) sum_m s^m sinh(k_m d/2) / [k_m cosh(k_m L/2)],    k_m = 2 pi m/(W sqrt(A)),

s = 1 in the middle (spine), s = -1 on the edge. The squeeze test is this pair: the spine rises as the edge falls (Liang et al., Phys.
Rev. X 8, 031002 (2018); dos Reis et al., New J. Phys. 18, 085006 (2016); Arnold et al., Nat. Commun. 7, 11615 (2016)). As many electrons
as holes of the mobility mu give A = 1 + (mu B)^2 without a Hall part. Probes that are not opposite each other see a voltage that changes
sign: a magnetoresistance below -100 %, which no uniform material has.

The plate is decks/squeeze.yaml, L/W = 4, d = L/2, contacts of W/1000.
"""
import sys

import common
from common import np

LENGTH, WIDTH, DISTANCE = 4, 1, 2                                    # mm
R_0 = DISTANCE / (WIDTH * 0.1) * 1e3 / (1e24 * 1.602176634e-19)      # ohm: d/(W t e n mu), mu = 1 m^2/Vs
ANISOTROPIES = (1, 2, 5, 10, 20, 50, 100, 1000)
TABLE = {1: (1.00059, 0.99941), 10: (1.1458, 0.8733), 100: (2.809, 0.17743), 1000: (8.87177, 1.15e-4)}      # spine, edge; another program
TAP, BI = 3280**0.5 / 8, 100.0       # m^2/Vs: from TaP's (mu B)^2 = 3280 at 8 T (Du et al., Sci. China 59, 657406 (2016)); 10^6 cm^2/Vs
MATERIALS = {f"TaP-like, $\\mu$ = {TAP:.1f} m²/Vs": TAP, f"Bi-like, $\\mu$ = {BI:g} m²/Vs": BI}
ANGLES = (0, 2, 4, 6, 7, 7.2, 7.4, 7.6, 8, 10, 15, 20)               # deg
SIGN_CHANGE = 22.842                                                 # the anisotropy at which the skewed pair reads zero
SPINE, EDGE, SKEWED = (0, 1), (2, 3), (2, 4)                         # probes


def series(anisotropy, sign):
    m = np.arange(1, 4001)
    k = 2 * np.pi * m / (WIDTH * np.sqrt(anisotropy))
    ratio = np.exp(k * (DISTANCE - LENGTH) / 2) * -np.expm1(-k * DISTANCE) / (1 + np.exp(-k * LENGTH))      # sinh/cosh, no overflow
    return 1 + 4 / DISTANCE * np.sum(sign**m * ratio / k)


def crossing(x, y, level):
    """Where the sampled curve first passes the level (linear between the points); NaN when it does not."""
    passes = np.flatnonzero(np.diff(np.sign(y - level)))
    if not passes.size:
        return np.nan
    i = passes[0]
    return x[i] + (level - y[i]) / (y[i + 1] - y[i]) * (x[i + 1] - x[i])


def squeeze_rows(run):
    for i, anisotropy in enumerate(ANISOTROPIES):
        for name, probes, sign in (("spine", SPINE, 1), ("edge", EDGE, -1)):
            yield common.agrees(f"R/R_0, {name}, A = {anisotropy}", run.resistance(*probes)[i, 0] / R_0, series(anisotropy, sign),
                                relative=5e-3)
            if anisotropy in TABLE:
                yield common.agrees(f"the series itself, {name}, A = {anisotropy}", series(anisotropy, sign),
                                    TABLE[anisotropy][0 if sign > 0 else 1], relative=5e-3)


def draw(run, fine, turned):
    figure, (left, middle, right) = common.new_figure(
        "Current jetting: the resistance of the edge falls, though the material's does not",
        "Plate 4 mm × 1 mm, point contacts in the middle of its ends, probes 2 mm apart, $\\sigma_\\parallel$ independent of the field.",
        columns=3, size=(13, 4.4))
    a = np.geomspace(1, 1000, 100)
    for i, (name, probes, sign) in enumerate((("spine", SPINE, 1), ("edge", EDGE, -1))):
        left.plot(ANISOTROPIES, run.resistance(*probes)[:, 0] / R_0, label=name, **common.style(i, "none"))
        common.law(left, a, [series(x, sign) for x in a], i)
    left.set(xscale="log", yscale="log", xlabel="Anisotropy $A = \\sigma_\\parallel/\\sigma_\\perp$", ylabel="$R/R_0$",
             title="Squeeze test; lines: series", ylim=(5e-5, 20))
    left.legend(frameon=False)
    for i, (name, mobility) in enumerate(MATERIALS.items()):
        for probes, line in ((SPINE, "-"), (EDGE, "--")):
            middle.plot(fine.field / mobility, fine.resistance(*probes)[:, 0] / R_0, color=common.plot.PALETTE[i], linestyle=line,
                        label=f"{name}, {'spine' if probes is SPINE else 'edge'}")
    middle.set(xscale="log", xlabel="Field (T)", ylabel="$R/R_0$", title="The same law at other fields")
    middle.legend(frameon=False, fontsize=8)
    right.plot(ANGLES, turned.resistance(*EDGE)[0] / R_0, **common.style(1))
    right.axhline(1, color=common.GREY, linewidth=1)
    right.axvline(7.4, color=common.GREY, linewidth=1, linestyle=":")
    right.set(xlabel="Angle between field and current (deg)", ylabel="$R_{edge}/R_0$", title="A = 100: narrow in the angle")
    return figure


def reproduce(case):
    run = case.run_conductor("squeeze", "squeeze", {"field.magnitude": [float(np.sqrt(a - 1)) for a in ANISOTROPIES]})
    fine = case.run_conductor("sweep", "squeeze", {"field.magnitude": [float(b) for b in np.geomspace(0.5, 30, case.pick(9, 25, 60))]})
    turned = case.run_conductor("turned", "squeeze", {"field.magnitude": float(np.sqrt(99)), "field.angle": ANGLES})
    skewed = case.run_conductor("skewed", "squeeze", {"field.magnitude": [float(np.sqrt(SIGN_CHANGE * f - 1)) for f in (0.98, 1.02)]})
    rows = list(squeeze_rows(run))
    at_100 = ANISOTROPIES.index(100)
    rows.append(common.agrees("apparent magnetoresistance of the edge, A = 100 (%)",
                              100 * (run.resistance(*EDGE)[at_100, 0] / R_0 - 1), -82.26, absolute=0.2))
    mobility_fields = np.linspace(3, 10, 701)
    half_at = crossing(mobility_fields, np.array([series(1 + x**2, -1) for x in mobility_fields]), 0.5)
    for name, mobility in MATERIALS.items():
        half = crossing(fine.field / mobility, fine.resistance(*EDGE)[:, 0] / R_0, 0.5)
        rows.append(common.agrees(f"field that halves the edge, {name.split(',')[0]} (T)", half, half_at / mobility, relative=0.02))
    rows.append(common.agrees("A = 100: edge passes R_0 at (deg)", crossing(np.array(ANGLES), turned.resistance(*EDGE)[0] / R_0, 1), 7.4,
                              absolute=0.15))
    for i, check in enumerate((common.above, common.below)):
        rows.append(check(f"V(edge) - V(spine, nearer), A = {SIGN_CHANGE * (0.98, 1.02)[i]:.2f} (ohm)", skewed.resistance(*SKEWED)[i, 0], 0))
    return rows, draw(run, fine, turned)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
