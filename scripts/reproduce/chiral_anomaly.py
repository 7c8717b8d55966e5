#!/usr/bin/python3
"""The chiral anomaly: one channel per flux quantum, what disorder makes of it, its angle, and its low-field law.

Torus of a Weyl semimetal (two nodes) with N_Phi flux quanta along the nodes' axis: G = N_Phi e^2/h exactly, at any length (Nielsen and
Ninomiya, Phys. Lett. B 130, 389 (1983)). Uncorrelated disorder couples the nodes, and the growth with the field comes to an end; energies
that vary over more than the magnetic length spare them, and it goes on (Chen et al., Phys. Rev. B 93, 165420 (2016)).

Low field, per pair of nodes (Son and Spivak, Phys. Rev. B 88, 104412 (2013); Burkov, Phys. Rev. Lett. 113, 247203 (2014)):

    sigma(theta) -> sigma_par = sigma + e^4 v^3 tau_a B^2/(4 pi^2 hbar mu^2) along the field, sigma across it,
    rho(theta) = cos^2(theta)/sigma_par + sin^2(theta)/sigma:       3.94607e4 S/m at v = 4e5 m/s, mu = 10 meV, tau_a = 10 ps, 1 T.

Two chiral fluids in a wire, without relaxation: G = G_B coth(G_B/G_0), G_0 = 2 sigma_chi A/L, G_B = g_B A: ohmic while short, N_Phi e^2/h in
a strong field.

Decks: inputs/weyl_torus.yaml, inputs/correlated_disorder.yaml, inputs/quickstart.yaml, inputs/chiral_wire.yaml, decks/white_disorder.yaml,
decks/anomaly_bar.yaml. The references with disorder are ensembles of another program.
"""
import sys

import common
from common import er, np

FLUX = (1, 2, 3, 4, 6)                                           # quanta through 12 x 12 cells
QUANTA = (0, 1, 2, 4, 6, 8)                                      # through 8 x 8 cells
CLEAN = (2, 1, 2, 4, 6, 8)
WEAK = (1.82, 0.89, 1.66, 2.92, 3.67, 4.29)                      # uncorrelated, box 1.5; another program, good to 2 %
CORRELATED = (0.24, 0.15, 0.26, 0.49, 0.81, 1.18)                # width 1.5 of the smoothing, strength of a box 3; the same program
N_REFERENCE = 200                                                # realisations that its errors are counted for
PER_PAIR, SIGMA = 3.94607e4, 1e5                                 # S/m
WIRE = ((1, 2, 0.1, 10, 0.7028096), (1, 5, 0, 10, 0.2), (0.5, 1, 1, 20, 10.353553), (1, 0.3, 0.01, 5, 2.132101))   # sigma, g_B, Gamma, L: R A


def torus_rows(results):
    g = results.conductance[:, 0, :, 0]
    for n, row in zip(FLUX, g):
        yield common.agrees(f"torus, {n} flux quanta: G (e^2/h)", row[np.argmax(np.abs(row - n))], n, absolute=1e-10)


def ensemble_means(results):
    mean, error, _ = er.mean_and_error(results.conductance[:, 0, 0])
    return mean, error


def growth(results, first, last):
    """(ratio, error) of the means at two fields, of the same realisations."""
    a, b = (results.conductance[QUANTA.index(n), 0, 0] for n in (first, last))
    ratio = b.mean() / a.mean()
    return ratio, (b - ratio * a).std(ddof=1) / a.mean() / len(a)**0.5


def disorder_rows(weak, strong, correlated):
    for name, results, reference in (("uncorrelated, box 1.5", weak, WEAK), ("correlated", correlated, CORRELATED)):
        for n, mean, error, expected in zip(QUANTA, *ensemble_means(results), reference):
            its_error = max(0.02 * expected, error * (len(results.realisation) / N_REFERENCE)**0.5)
            yield common.agrees(f"{name}, {n} quanta: G (e^2/h)", mean, expected, error=error, reference_error=its_error)
    for name, results, check in (("uncorrelated, box 3: saturates", strong, common.below), ("correlated: grows", correlated, common.above)):
        ratio, error = growth(results, 4, 8)
        yield check(f"{name}, G(8 quanta)/G(4 quanta)", ratio, 1.5, error, sigmas=2)


def angle_rows(results):
    """Paired changes of the open bar from zero field, over that along the current."""
    change = [er.paired_change(results.conductance[0, a, 0], results.conductance[-1, a, 0]) for a in range(len(results.angle))]
    for angle, c in list(zip(results.angle, change))[1:]:
        ratio, error = c.value / change[0].value, np.hypot(c.error, change[0].error) / change[0].value
        cosine = round(np.cos(np.radians(angle)), 12)
        yield common.agrees(f"bar, {angle:g}°: change of G over that at 0° (cos to cos^2)", ratio, (cosine + cosine**2) / 2, error=error,
                            absolute=(cosine - cosine**2) / 2)


def anomaly_rows(run):
    """Per pair of nodes; probes 1 mm apart on a section of 1 mm x 1 mm."""
    resistivity = 1e-3 * run.resistance(0, 1)
    for i, b in enumerate(run.field[1:], start=1):
        yield common.agrees(f"one pair, {b:g} T: sigma_par - sigma (S/m)", 1 / resistivity[i, 0] - SIGMA, PER_PAIR * b**2, relative=1e-3)
    cosine = np.cos(np.radians(run.angle))**2
    exact = cosine / (SIGMA + PER_PAIR * run.field[-1]**2) + (1 - cosine) / SIGMA
    for angle, rho, expected in zip(run.angle, resistivity[-1], exact):
        yield common.agrees(f"one pair, {run.field[-1]:g} T, {angle:g}°: rho sigma", SIGMA * rho, SIGMA * expected, relative=1e-4)


def wire_rows(case):
    for i, (sigma, chiral, relaxation, length, expected) in enumerate(WIRE):
        run = case.run_conductor(f"wire_{i}", "chiral_wire", {
            "conductor.material.conductivity": sigma, "conductor.material.chiral_conductance": chiral,
            "conductor.material.relaxation": relaxation, "conductor.shape.length": length})
        yield common.agrees(f"two fluids, sigma {sigma:g}, g_B {chiral:g}, Gamma {relaxation:g}, L {length}: R A",
                            1 / run.conductance[0, 0, 1, 0], expected, relative=2e-4)


def draw(torus, ensembles, bar, anomaly):
    n_realisations = " or ".join(map(str, sorted({len(results.realisation) for results in ensembles.values()})))
    figure, (left, middle, right) = common.new_figure(
        "The chiral anomaly: channels per flux quantum, disorder, and the angle",
        f"Torus of the two-node model, 8 × 8 × 30 cells, E = 0.05 t, {n_realisations} "
        "realisations (bars: one standard error; crosses: another program). Right: continuum engine, one pair of nodes.",
        columns=3, size=(13, 4.6))
    left.plot(FLUX, torus.conductance[:, 0, 1, 0], label="clean, 12 × 12 cells", **common.style(3, "none"))
    common.law(left, [0, 8], [0, 8])
    for i, (name, results) in enumerate(ensembles.items()):
        common.points(left, QUANTA, *ensemble_means(results), i, name, line="-")
    for reference in (WEAK, CORRELATED):
        left.plot(QUANTA, reference, "x", color="black", markersize=5)
    left.set(xlabel="Flux quanta $N_\\Phi$", ylabel="$\\langle G\\rangle$ ($e^2/h$)", title="Dashed: one channel per quantum", xticks=QUANTA)
    left.legend(frameon=False, fontsize=8)
    change = [er.paired_change(bar.conductance[0, a, 0], bar.conductance[-1, a, 0]) for a in range(len(bar.angle))]
    common.points(middle, bar.angle, [c.value / change[0].value for c in change], [c.error / change[0].value for c in change], 0,
                  f"edotb, {change[0].count} realisations")
    theta = np.linspace(0, 90, 91)
    common.law(middle, theta, np.cos(np.radians(theta)), label="cos θ")
    common.law(middle, theta, np.cos(np.radians(theta))**2, label="cos² θ", line=":")
    middle.set(xlabel="Angle between field and current (deg)", ylabel="ΔG(θ)/ΔG(0)", title="Disordered bar with surfaces, 0.3 rad/plaquette")
    middle.legend(frameon=False)
    for i, b in enumerate(anomaly.field[1:]):
        right.plot(anomaly.angle, SIGMA * 1e-3 * anomaly.resistance(0, 1)[i + 1], label=f"{b:g} T", **common.style(i, "none"))
        cosine = np.cos(np.radians(theta))**2
        common.law(right, theta, SIGMA * (cosine / (SIGMA + PER_PAIR * b**2) + (1 - cosine) / SIGMA), i)
    right.set(xlabel="Angle between field and current (deg)", ylabel="ρ(B)/ρ(0)", title="Low field: cos² θ and B²; lines: formula")
    right.legend(frameon=False)
    return figure


def reproduce(case):
    length = case.pick(smoke=4, quick=8, full=8)
    torus = case.run("torus", "weyl_torus", {"sample.shape.length": length, "energy": [-0.2, 0.05, 0.2]})
    n = case.pick(smoke=24, quick=60, full=2000)
    weak, strong = (case.run(f"white_{width:g}", "white_disorder", {"sample.disorder[0].width": width, "ensemble.realisations": n})
                    for width in (1.5, 3.0))
    # Far fewer would not do: at one flux quantum a few realisations carry most of the mean.
    correlated = case.run("correlated", "correlated_disorder", {"ensemble.realisations": case.pick(smoke=200, quick=200, full=2000)})
    bar = case.run("bar", "quickstart", {"field.magnitude": [0, 0.3], "ensemble.realisations": case.pick(smoke=2, quick=12, full=200)})
    anomaly = case.run_conductor("anomaly", "anomaly_bar")
    rows = [*torus_rows(torus), *disorder_rows(weak, strong, correlated), *angle_rows(bar), *anomaly_rows(anomaly), *wire_rows(case)]
    ensembles = {"uncorrelated, box 1.5": weak, "uncorrelated, box 3": strong, "correlated": correlated}
    return rows, draw(torus, ensembles, bar, anomaly)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
