#!/usr/bin/python3
"""Weak localisation dies out as the temperature rises: its cusp in the field becomes lower and wider.

An electron keeps its phase over L_phi = sqrt(D tau_phi), hbar/tau_phi = A T^p. In a wire of length L the interference correction per
spin is

    delta g = -P(L_phi),    P(x) = (x/L) [coth(L/x) - x/L]

and a field shortens L_phi to L_s, 1/L_s^2 = 1/L_phi^2 + (phi/c)^2 (Beenakker and van Houten, Phys. Rev. B 38, 3232 (1988)), so that

    g(phi) - g(0) = P(L_phi) - P(L_s).

The script puts in a rate A T^p at several temperatures and fits D, p and c to the magnetoconductance of all of them: the power that was
put in must come out. The diffusion constant of the fit must be that of the classical conductance, g = (N/(1 + L/l_D)), and with thermal
averages at a low temperature the deck's own law `dephasing: {coefficient, power}` must give what the rate gives.

The wires are decks/dephasing_wire.yaml, 7 x 40 sites, box disorder 2.5, E = -1; voltage probes on every site take the phase.
"""
import sys

import common
from common import er, np

LENGTH = 40
TEMPERATURES = (1, 2, 4, 8)                                 # in units of the lowest
LOWEST_RATE, POWER = 0.02, 1.0                             # t; hbar/tau_phi = LOWEST_RATE (T/T_0)^POWER
FIELDS = (0, 0.01, 0.02, 0.04, 0.08, 0.12)                   # rad/plaquette


def size(x):
    """P(x) of the text for a coherence length x in a wire of length L."""
    return x / LENGTH / np.tanh(LENGTH / x) - (x / LENGTH)**2


def change(phi, temperature, parameters):
    """g(phi) - g(0) by the formula; parameters ln D, p, ln c."""
    diffusion, power, field = np.exp(parameters[0]), parameters[1], np.exp(parameters[2])
    inverse = LOWEST_RATE * temperature**power / diffusion
    return size(inverse**-0.5) - size((inverse + (phi / field)**2)**-0.5)


def fit(measured, error, start):
    """(parameters, covariance) by Gauss and Newton, damped; measured and error (T, F) without zero field."""
    t, phi = np.meshgrid(TEMPERATURES, FIELDS[1:], indexing="ij")
    residual = lambda p: ((measured - change(phi, t, p)) / error).ravel()
    parameters = np.array(start)
    for _ in range(200):
        jacobian = np.array([(residual(parameters + step) - residual(parameters - step)) / 2e-5 for step in 1e-5 * np.eye(3)]).T
        update = np.linalg.lstsq(jacobian, -residual(parameters), rcond=None)[0]
        parameters = parameters + update * min(1, 0.3 / np.abs(update).max())
    return parameters, np.linalg.inv(jacobian.T @ jacobian)


def widths(parameters):
    """Field at which half of the correction is gone, at every temperature (by bisection)."""
    found = []
    for t in TEMPERATURES:
        low, high = 0.0, 10.0
        full = size((np.exp(parameters[0]) / (LOWEST_RATE * t**parameters[1]))**0.5)
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if change(middle, t, parameters) < full / 2 else (low, middle)
        found.append(low)
    return np.array(found)


def rate(temperature):
    return LOWEST_RATE * temperature**POWER


def draw(measured, error, conductance, parameters, n):
    figure, (left, right) = common.new_figure(
        "Weak localisation dies out as the temperature rises",
        f"Wire of 7 × 40 sites, box disorder 2.5, E = −t, voltage probes on every site; {n} realisations. Bars: one standard error.")
    phi = np.linspace(0, FIELDS[-1], 101)
    for i, t in enumerate(TEMPERATURES):
        common.points(left, FIELDS[1:], measured[i], error[i], i, f"{t:g} $T_0$")
        common.law(left, phi, change(phi, t, parameters), i)
    left.set(xlabel="Field $\\phi$ (rad per plaquette)", ylabel="$\\langle g(\\phi) - g(0)\\rangle$ ($e^2/h$)",
             title="Magnetoconductance; lines: fit of all together")
    left.legend(frameon=False, title="Temperature")
    t = np.geomspace(TEMPERATURES[0], TEMPERATURES[-1], 50)
    right.plot(TEMPERATURES, widths(parameters), label="half width $\\phi_{1/2}$ of the cusp", **common.style(0, "none"))
    right.set(xscale="log", yscale="log", xlabel="$T/T_0$", ylabel="Half width (rad per plaquette)", title="Width")
    return figure


def reproduce(case):
    n = case.pick(smoke=100, quick=400, full=10000)
    runs = [case.run(f"temperature_{t:g}", "dephasing_wire", {
        "dephasing.rate": rate(t), "field.magnitude": FIELDS, "ensemble.realisations": n}) for t in TEMPERATURES]
    changes = [[er.paired_change(common.conductance(run, 0), common.conductance(run, phi)) for phi in FIELDS[1:]] for run in runs]
    measured, error = (np.array([[getattr(c, name) for c in row] for row in changes]) for name in ("value", "error"))
    parameters, covariance = fit(measured, error, [0.0, 1.0, -3.0])
    print(np.exp(parameters[0]), parameters[1], np.exp(parameters[2]), np.sqrt(np.diag(covariance)))
    print(measured, error)
    print([er.mean_and_error(r.conductance[:,0,0])[:2] for r in runs])
    return [], draw(measured, error, None, parameters, n)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
