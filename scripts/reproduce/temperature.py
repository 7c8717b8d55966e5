#!/usr/bin/python3
"""Weak localisation dies out as the temperature rises: its cusp in the field becomes lower and wider.

An electron keeps its phase over L_phi = sqrt(D tau_phi), hbar/tau_phi = A T^p, and a field shortens this to 1/L^2 = 1/L_phi^2 + (phi/c)^2,
c = sqrt(3)/W for a mean free path l much less than the width W, and larger where flux cancels (Beenakker and van Houten, Phys. Rev. B 38,
3232 (1988)). The conductance per spin of a wire of length L changes by

    g(phi) - g(0) = (s/(1 + s))^2 {F(0) - F(phi)},    F(phi) = P[(1/L_phi^2 + (phi/c)^2)^(-1/2)] - P[(1/L_phi^2 + (phi/c)^2 + 1/(D tau))^(-1/2)],

P(x) = (x/L) [coth(L/x) - x/L]: loops shorter than the mean free path do not count, and the contacts' resistance takes its share, s = L/l_D,
l_D = 2 pi nu D W/N for N channels. With disorder w per site in the Born approximation 1/tau = 2 pi nu w^2/12 and D = <v_x^2> tau; the
probes that take the phase scatter as well, 1/tau -> 1/tau + 1/tau_phi.

A rate A T^p is put in at several temperatures; D, p and c are fitted to the magnetoconductance at all of them together: the power and the
diffusion constant must come out. At one temperature thermal averages with the deck's law `dephasing: {coefficient, power}` must give what the
rate gives, as k_B T is small there.

The wires are decks/dephasing_wire.yaml, 7 x 40 sites, w = 1.5, E = -1, in which L is about N l_D/2: with stronger disorder weak localisation is not
weak any more, and D comes out twice too large. Voltage probes on every site take the phase. With three seeds p was 1.13 to 1.16, each +-0.03, and D 1.13 to
1.20 times the Born value: the formula is one for l << L_phi << N l_D, and for probes of many orbitals (docs/dephasing.md).
"""
import sys

import common
from common import er, np

LENGTH, WIDTH, DISORDER, N_CHANNELS = 40, 7, 1.5, 5
NU, V_SQUARED = 0.142757, 2.547225                          # density of states a site and spin, <v_x^2> of the square lattice at E = -1
LOWEST_RATE, POWER = 0.01, 1.0                              # t; hbar/tau_phi = LOWEST_RATE (T/T_0)^POWER
TEMPERATURES = (1, 2, 4, 8)                                 # T/T_0
FIELDS = (0, 0.005, 0.01, 0.02, 0.03, 0.04)                 # rad/plaquette
BORN = V_SQUARED / (2 * np.pi * NU * DISORDER**2 / 12)      # D


def p_function(x):
    return x / LENGTH / np.tanh(LENGTH / x) - (x / LENGTH)**2


def change(phi, temperature, parameters):
    """g(phi) - g(0) by the formula; parameters ln D, p, ln c."""
    power, scale = parameters[1], np.exp(parameters[2])
    rate = LOWEST_RATE * temperature**power
    tau = 1 / (V_SQUARED / np.exp(parameters[0]) + rate)
    diffusion = V_SQUARED * tau
    s = LENGTH * N_CHANNELS / (2 * np.pi * NU * diffusion * WIDTH)

    def correction(field):
        inverse = rate / diffusion + (field / scale)**2
        return p_function(inverse**-0.5) - p_function((inverse + 1 / (diffusion * tau))**-0.5)
    return (s / (1 + s))**2 * (correction(0.0) - correction(phi))


def fit(measured, error):
    """(parameters, covariance) of weighted least squares, by Gauss and Newton; measured and error (T, F) without zero field."""
    temperature, phi = np.meshgrid(TEMPERATURES, FIELDS[1:], indexing="ij")
    parameters = np.array([np.log(BORN), POWER, np.log(3**0.5 / WIDTH)])

    def residual(p):
        return ((measured - change(phi, temperature, p)) / error).ravel()
    for _ in range(100):
        jacobian = np.array([(residual(parameters + step) - residual(parameters - step)) / 2e-5 for step in 1e-5 * np.eye(3)]).T
        step = np.linalg.lstsq(jacobian, -residual(parameters), rcond=None)[0]
        parameters = parameters + step * min(1, 0.3 / np.abs(step).max())
        if np.abs(step).max() < 1e-9:
            break
    return parameters, np.linalg.inv(jacobian.T @ jacobian)


def jackknife(of, samples):
    """(value, error) of a function of samples (T, F, R), by ten blocks of realisations: one realisation is in all points."""
    blocks = np.array_split(np.arange(samples.shape[2]), 10)
    left_out = np.array([of(np.delete(samples, block, axis=2)) for block in blocks])
    return of(samples), (0.9 * ((left_out - left_out.mean(axis=0))**2).sum(axis=0))**0.5


def fitted(samples):
    """ln D, p, ln c of the samples."""
    mean, error, _ = er.mean_and_error(samples[:, 1:] - samples[:, :1])
    return fit(mean, error)[0]


def narrowness(samples):
    """Change at 0.01 rad over that at the highest field, at the lowest temperature less at the highest: above zero when the cusp widens."""
    mean = (samples - samples[:, :1]).mean(axis=2)
    ratio = mean[:, FIELDS.index(0.01)] / mean[:, -1]
    return ratio[0] - ratio[-1]


def law_of_the_deck(case, index):
    """Conductance with the thermal averages' own law, at k_B T = 1e-5 t: one realisation, no field."""
    rate = LOWEST_RATE * TEMPERATURES[index]**POWER
    folder = case.run("law", "dephasing_wire", {"field.magnitude": 0, "ensemble.realisations": 1, "temperature": 1e-5, "dephasing.rate": 0,
                                                "dephasing.coefficient": rate / 1e-5, "dephasing.power": 1}).path
    with er.h5py.File(folder) as file:
        return file["thermal/conductance"][0, 0, 0, 0, 0, 1, 0]


def draw(samples, parameters):
    figure, (left, right) = common.new_figure(
        "Weak localisation dies out as the temperature rises",
        f"Wire of 7 × 40 sites, box disorder 1.5, E = −t, phase lost at the rate {LOWEST_RATE:g} t (T/$T_0$); {samples.shape[2]} realisations. "
        "Bars: one standard error.")
    phi = np.linspace(0, FIELDS[-1], 101)
    mean, error, _ = er.mean_and_error(samples - samples[:, :1])
    for i, t in enumerate(TEMPERATURES):
        common.points(left, FIELDS, mean[i], error[i], i, f"{t:g} $T_0$")
        common.law(left, phi, change(phi, t, parameters), i)
    left.set(xlabel="Field $\\phi$ (rad per plaquette)", ylabel="$\\langle g(\\phi) - g(0)\\rangle$ ($e^2/h$)",
             title="Magnetoconductance; lines: one fit of all")
    left.legend(frameon=False, title="Temperature")
    for i, t in enumerate(TEMPERATURES):
        common.points(right, FIELDS, mean[i] / mean[i, -1], error[i] * 0, i, f"{t:g} $T_0$")
        common.law(right, phi, change(phi, t, parameters) / change(FIELDS[-1], t, parameters), i)
    right.set(xlabel="Field $\\phi$ (rad per plaquette)", ylabel="change over that at the highest field", title="The cusp widens")
    return figure


def reproduce(case):
    n = case.pick(smoke=300, quick=1000, full=10000)
    runs = [case.run(f"temperature_{t:g}", "dephasing_wire", {
        "dephasing.rate": LOWEST_RATE * t**POWER, "field.magnitude": FIELDS, "ensemble.realisations": n}) for t in TEMPERATURES]
    samples = np.array([run.conductance[:, 0, 0] for run in runs])
    parameters, errors = jackknife(fitted, samples)
    rows = [common.agrees("power p of the dephasing rate", parameters[1], POWER, error=errors[1], absolute=0.1),
            common.agrees("ln(D/D_Born)", parameters[0] - np.log(BORN), 0, error=errors[0], absolute=0.25),
            common.agrees("field scale c over sqrt(3)/W (1 to 2)", np.exp(parameters[2]) * WIDTH / 3**0.5, 1.5,
                          error=errors[2] * np.exp(parameters[2]) * WIDTH / 3**0.5, absolute=0.5)]
    highest = samples[:, -1] - samples[:, 0]
    fall = er.paired_change(highest[-1], highest[0])
    rows.append(common.above("height of the cusp at T_0 less that at 8 T_0 (e^2/h)", fall.value, 0, fall.error, sigmas=2))
    narrower, its_error = jackknife(narrowness, samples)
    rows.append(common.above("share of the change that 0.01 rad makes, T_0 less 8 T_0", narrower, 0, its_error, sigmas=2))
    rows.append(common.agrees("G by the deck's law over G by the rate", law_of_the_deck(case, 1) / samples[1, 0, 0], 1, absolute=1e-3))
    return rows, draw(samples, parameters)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
