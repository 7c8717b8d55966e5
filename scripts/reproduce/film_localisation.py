#!/usr/bin/python3
"""The cusp of a film's magnetoconductance tells the phase-coherent length that was put in.

decks/dephasing_film.yaml, a disordered film of 40 x 60 sites with voltage probes that take the phase at the rate Gamma = hbar/tau_phi, is run
in perpendicular fields, the same samples in all of them. `edotb analyse` fits Hikami, Larkin and Nagaoka's law (PTP 63, 707 (1980))

    sigma(B) = sigma_0 + (alpha/pi) F(B/B_phi),    F(x) = psi(1/2 + 1/x) + ln x,    B_phi = hbar/(4 e l_phi^2)

with sigma_0, alpha and l_phi free and the covariances of the samples, and l_phi is compared with

    l_phi = sqrt(D hbar/Gamma),    D from Einstein's relation and the mean free path from <g> in the field

    L / l_D = N / <g(B)> - 1,    D = (l_D / 2) N / sum_n (1 / v_n)      (g = (h nu) D/L, nu = sum_n 2/(h v_n), g = N l_D/L)

alpha is 1/2 for electrons without spin in a sample without contacts; what the contacts' resistance and edges do to it is not corrected for,
and only its sign is checked. The law is one for l << l_phi << width, length. Here l = 2.5, l_phi = 8.7, width 40, length 60, and the script
ends with 1: the fitted length is about a fifth longer than the one put in, as a probe on every single orbital takes the phase later
than probes of many would (docs/dephasing.md). Cooperons in a rectangle of this size with
ends that absorb them would give one that is 5 to 10 % shorter; the criterion has room for neither, it is three standard errors.
"""
import sys

import common
from common import np

LENGTH, WIDTH, ENERGY, RATE = 60, 40, -1.0, 0.04      # those of the deck
CHI_SQUARED_LIMIT = 14.156                            # of three degrees of freedom, exceeded with the probability of three sigma, 0.0027
LAW = "Hikami-Larkin-Nagaoka"


def velocities(width, energy):
    """hbar v_n of the open modes of a square lattice strip, hopping 1."""
    n = np.arange(1, width + 1)
    x = 0.5 * (energy + 2 * np.cos(n * np.pi / (width + 1)))
    return 2 * np.sqrt(1 - x[np.abs(x) < 1]**2)


def diffusion_constant(conductance, speeds, length):
    """D of a strip whose <g> holds no weak localisation."""
    n_modes = len(speeds)
    return 0.5 * length / (n_modes / conductance - 1) * n_modes / np.sum(1 / speeds)


def put_in(results):
    """l_phi of the deck, with the mean free path from <g> in the highest field."""
    conductance = results.conductance[results.highest_field, 0, 0].mean()
    return np.sqrt(diffusion_constant(conductance, velocities(WIDTH, ENERGY), LENGTH) / RATE)


def digamma_law(x):
    """F by its series, psi(z) = ln z - 1/(2z) - 1/(12 z^2) + 1/(120 z^4) at z > 12, from psi(z) = psi(z + 1) - 1/z."""
    z, shifted = 0.5 + 1 / x, np.zeros_like(x)
    for _ in range(12):
        shifted, z = shifted - 1 / z, z + 1
    return shifted + np.log(z) - 1 / (2 * z) - 1 / (12 * z**2) + 1 / (120 * z**4) + np.log(x)


def draw(series, law, expected, n_samples):
    figure, (ax,) = common.new_figure(
        "The cusp of a film tells its phase-coherent length",
        f"Square lattice, {WIDTH} × {LENGTH} sites, box disorder 3, E = −1, rate {RATE:g}; {n_samples} samples, the same in all\n"
        "fields. Bars: one standard error of the difference to zero field.", columns=1, size=(6.4, 4.6))
    zero = series.value[np.argmin(np.abs(series.x))]
    error = np.where(series.x == 0, 0, series.error)
    common.points(ax, series.x, series.value - zero, error, 0, "edotb, voltage probes")
    sigma_0, alpha, l_phi = law.values
    common.law(ax, series.line_x, law.line - zero, 1, rf"fit: $l_\varphi$ = {l_phi:.1f} ± {law.errors[2]:.1f}, $\alpha$ = {alpha:.2f}", "-")
    x = series.line_x[series.line_x > 0]
    common.law(ax, x, 0.5 / np.pi * digamma_law(4 * expected**2 * x), label=rf"$l_\varphi$ = {expected:.1f} as put in, $\alpha$ = 1/2")
    ax.set(xlabel="Field (rad per plaquette)", ylabel=r"$\langle\sigma(B) - \sigma(0)\rangle$ ($e^2/h$)", xlim=(0, None))
    ax.legend(frameon=False, loc="upper left")
    return figure


def reproduce(case):
    n = case.pick(smoke=20, quick=50, full=1000)
    results = case.run("film", "dephasing_film", {"ensemble.realisations": n})
    (series,) = (s for s in case.analyse("film").fits if s.abscissa == "field")
    law = next(law for law in series.laws if law.law == LAW)
    expected = put_in(results)
    rows = [common.agrees("l_phi of the fit (sites)", law.values[2], expected, error=law.errors[2]),
            common.above("alpha of the fit", law.values[1], 0, law.errors[1], sigmas=3),
            common.below("chi^2 of the fit", law.chi_squared, CHI_SQUARED_LIMIT)]
    return rows, draw(series, law, expected, n)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
