#!/usr/bin/python3
"""The cusp of a film's magnetoconductance tells the phase-coherent length that was put in.

decks/dephasing_film.yaml, a disordered film of 40 x 60 sites with voltage probes that take the phase at the rate Gamma = hbar/tau_phi, is run
in perpendicular fields, the same samples in all of them. Squares of 8 x 8 sites share a probe, many orbitals as the theory wants
(docs/dephasing.md). `edotb analyse` fits Hikami, Larkin and Nagaoka's law (PTP 63, 707 (1980))

    sigma(B) = sigma_0 + (alpha/pi) F(B/B_phi),    F(x) = psi(1/2 + 1/x) + ln x,    B_phi = hbar/(4 e l_phi^2)

with sigma_0, alpha and l_phi free and the covariances of the samples. Put in are

    l_phi = sqrt(D hbar/Gamma),    2 pi nu W D = N l_D,    L/l_D = N/<g(B)> - 1    (Einstein's relation; <g> in the highest field)

for N modes and nu states per site and energy. D is that of the scale of l_phi, with what weak localisation has made of it on shorter scales, and
without the diffusion Gamma (b^2 - 1)/12 of electrons that leave a probe of b x b sites elsewhere than they entered it.

The law is one for l << l_phi << width, length, and alpha is 1/2 there. Here l = 2.8, l_phi = 8.8, width 40, length 60, and three things that
are known change the cusp by more than its errors. expected_curve() computes it with them, with nothing free:
  - the Cooperons diffuse in a rectangle whose sides reflect and whose ends absorb them (the cusp of a smaller l_phi and a larger alpha);
  - paths have three scatterings or more, and the field bends short ones less than diffusing ones (a larger l_phi, a smaller alpha);
  - contacts add the length l_D, where nothing is corrected, to the length L (a smaller alpha).
The law is fitted to the computed cusp as it is to the measured one, and both fits must agree: l_phi and alpha with both free, and, which is
twice as sharp, l_phi with the alpha of the computed cusp. The criterion is three combined standard errors. Weak localisation is computed to first
order in 1/sigma. Of the next order only the size is known: l_phi may be off by up to the share that weak localisation has of D, evenly
distributed over this range; its standard deviation is the error of the expected number.
"""
import sys

import common
from common import np

LENGTH, WIDTH, ENERGY, RATE, PROBE_SIZE = 60, 40, -1.0, 0.04, 8      # those of the deck
NU, SPEED = 0.142757, (2 * 2.547225)**0.5             # states per site and energy, and rms velocity, of the square lattice at this energy
CHI_SQUARED_LIMIT = 11.829                            # of two degrees of freedom, exceeded with the probability of three sigma, 0.0027
LAW = "Hikami-Larkin-Nagaoka"


def n_modes():
    """Open modes of a square lattice strip, hopping 1."""
    transverse = ENERGY + 2 * np.cos(np.arange(1, WIDTH + 1) * np.pi / (WIDTH + 1))
    return np.count_nonzero(np.abs(transverse) < 2)


def film_of(conductance):
    """(l_phi, mean free path, l_D) of a film with this <g>; the probes' own diffusion is none of the Cooperon's."""
    l_d = LENGTH / (n_modes() / conductance - 1)
    diffusion = n_modes() * l_d / (2 * np.pi * NU * WIDTH) - RATE * (PROBE_SIZE**2 - 1) / 12
    return np.sqrt(diffusion / RATE), 2 * diffusion / SPEED, l_d


def digamma_law(x):
    """F by its series, psi(z) = ln z - 1/(2z) - 1/(12 z^2) + 1/(120 z^4) at z > 12, from psi(z) = psi(z + 1) - 1/z."""
    z, shifted = 0.5 + 1 / x, np.zeros_like(x)
    for _ in range(12):
        shifted, z = shifted - 1 / z, z + 1
    return shifted + np.log(z) - 1 / (2 * z) - 1 / (12 * z**2) + 1 / (120 * z**4) + np.log(x)


def infinite_film(field, l_phi, free_path):
    """What weak localisation makes of sigma in an infinite film, path by path (Kawabata, J. Phys. Soc. Jpn. 53, 3540 (1984)):

        -(1/2 pi) {b sum_n P_n^3/(1 - P_n) - ln[1 - P(b N)]},    b = 2 B l^2,   n < N,

    where P_n is what a step, int dr/l exp(-r/l - tau r/(tau_phi l)), takes in Landau level n of charge 2, and P(u) = 1/sqrt((1 + tau/tau_phi)^2 + 2u)
    takes without a field at (q l)^2 = 2u. The logarithm is the integral over u > b N. Small b and l/l_phi give the law above."""
    b, lost = 2 * field * free_path**2, 0.5 * (free_path / l_phi)**2
    n_levels = int(20 / b) if field else 0
    x, weight = np.polynomial.legendre.leggauss(400)
    r = 15 * (x + 1)                                                                    # in l
    step = 15 * weight * np.exp(-r * (1 + lost) - b * r**2 / 4)
    before, laguerre, total = 0.0, np.ones_like(r), -np.log(1 - ((1 + lost)**2 + 2 * b * n_levels)**-0.5)
    for n in range(n_levels):
        p = step @ laguerre
        total += b * p**3 / (1 - p)
        before, laguerre = laguerre, ((2 * n + 1 - b * r**2 / 2) * laguerre - n * before) / (n + 1)
    return -total / (2 * np.pi)


def rectangle(fields, l_phi, beyond):
    """sigma(B) of the film's diffusing Cooperons alone, up to a constant: -2 D <C(r, r)>, where (1/l_phi^2 - (grad - 2iA)^2) D C = 1 with no
    current through the sides and C = 0 at `beyond` the ends. The grid is that of the sites; slices are eliminated along the length."""
    y = np.arange(WIDTH) - (WIDTH - 1) / 2
    row = np.diag(np.r_[1, 2 * np.ones(WIDTH - 2), 1]) - np.eye(WIDTH, k=1) - np.eye(WIDTH, k=-1)
    slices = np.repeat([row + np.eye(WIDTH) * (2 + l_phi**-2)], LENGTH, axis=0)
    slices[[0, -1]] += np.eye(WIDTH) * (1 / (beyond + 0.5) - 1)
    sigma = []
    for field in fields:
        hop = np.exp(2j * field * y)
        below = [np.zeros((WIDTH, WIDTH))]                                              # what the slices before one take from it
        for one in slices[:-1]:
            below.append(hop[:, None] * np.linalg.inv(one - below[-1]) * hop.conj())
        below = np.array(below)
        cooperon = np.linalg.inv(slices - below - below[::-1].conj())                   # from the other end, the field is the opposite one
        sigma.append(-2 * np.trace(cooperon, axis1=1, axis2=2).real.mean() / WIDTH)
    return np.array(sigma)


def expected_curve(fields, l_phi, free_path, l_d):
    """sigma(B) - sigma(0) of the film: the rectangle's, less what short paths lack; contacts add l_D to the length."""
    change = rectangle([0.0, *fields], l_phi, l_d / 2)
    steps = np.array([infinite_film(field, l_phi, free_path) for field in [0.0, *fields]])
    short = steps[1:] - steps[0] - digamma_law(4 * l_phi**2 * fields) / (2 * np.pi)
    return (LENGTH / (LENGTH + l_d))**2 * (change[1:] - change[0] + short)


def fit_of(change, fields, covariance, alpha=None):
    """(alpha, l_phi, error of l_phi with this alpha) of Hikami, Larkin and Nagaoka's law for sigma(B) - sigma(0), alpha free if not given."""
    lengths = np.geomspace(1, 100, 20001)
    law = digamma_law(4 * lengths[:, None]**2 * fields) / np.pi
    weighted = law @ np.linalg.inv(covariance)
    alphas = (weighted @ change) / (weighted * law).sum(axis=1) if alpha is None else np.full(len(lengths), alpha)
    fit = 2 * alphas * (weighted @ change) - alphas**2 * (weighted * law).sum(axis=1)      # constant - chi^2
    best = np.argmax(fit)
    slope = alphas[best] * (law[best + 1] - law[best - 1]) / (lengths[best + 1] - lengths[best - 1])
    return alphas[best], lengths[best], (slope @ np.linalg.solve(covariance, slope))**-0.5


def draw(series, law, expected, n_samples):
    figure, (ax,) = common.new_figure(
        "The cusp of a film tells its phase-coherent length",
        f"Square lattice, {WIDTH} × {LENGTH} sites, box disorder 3, E = −1, rate {RATE:g}, {PROBE_SIZE} × {PROBE_SIZE} sites share a voltage probe; {n_samples} samples,\n"
        "the same in all fields. Bars: one standard error of the difference to zero field.", columns=1, size=(6.4, 4.6))
    zero = series.value[np.argmin(np.abs(series.x))]
    error = np.where(series.x == 0, 0, series.error)
    common.points(ax, series.x, series.value - zero, error, 0, "edotb, voltage probes")
    x = np.linspace(0, series.x.max(), 41)[1:]
    _, alpha, l_phi = law.values
    common.law(ax, series.line_x, law.line - zero, 1, rf"fit: $l_\varphi$ = {l_phi:.1f} ± {law.errors[2]:.1f}, $\alpha$ = {alpha:.2f}", "-")
    common.law(ax, x, expected_curve(x, *expected), label=rf"computed for this film, $l_\varphi$ = {expected[0]:.1f} as put in")
    common.law(ax, x, 0.5 / np.pi * digamma_law(4 * expected[0]**2 * x), 2, r"the law with this $l_\varphi$ and $\alpha$ = 1/2", ":")
    ax.set(xlabel="Field (rad per plaquette)", ylabel=r"$\langle\sigma(B) - \sigma(0)\rangle$ ($e^2/h$)", xlim=(0, None))
    ax.legend(frameon=False, loc="upper left")
    return figure


def reproduce(case):
    n = case.pick(smoke=40, quick=120, full=2400)
    results = case.run("film", "dephasing_film", {"ensemble.realisations": n})
    (series,) = (s for s in case.analyse("film").fits if s.abscissa == "field")
    law = next(law for law in series.laws if law.law == LAW)
    fields, sigma = results.field[1:], results.conductance[:, 0, 0] * LENGTH / WIDTH
    change, covariance = (sigma[1:] - sigma[0]).mean(axis=1), np.cov(sigma[1:] - sigma[0]) / n

    film = film_of(results.conductance[-1, 0, 0].mean())
    alpha, expected, _ = fit_of(expected_curve(fields, *film), fields, covariance)
    next_order = 0.5 * -infinite_film(fields[-1], *film[:2]) / sigma[-1].mean() / 3**0.5      # relative; l_phi goes as D^(1/2)
    _, length, error = fit_of(change, fields, covariance, alpha)
    print(f"put in: l_phi = {film[0]:.2f}, l = {film[1]:.2f}, l_D = {film[2]:.2f} sites")
    rows = [common.agrees("l_phi, alpha free (sites)", law.values[2], expected, law.errors[2], next_order * expected),
            common.agrees("alpha", law.values[1], alpha, law.errors[1], 2 * next_order * alpha),
            common.agrees("l_phi with the computed alpha (sites)", length, expected, error, next_order * expected),
            common.below("chi^2 of the fit", law.chi_squared, CHI_SQUARED_LIMIT)]
    return rows, draw(series, law, film, n)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
