#!/usr/bin/python3
"""Loss of phase takes weak localisation away as -P(L_phi) does.

    dephasing.py [--quick | --full] [--edotb PATH] [--ranks N] [--output DIR]

Runs inputs/dephased_wire.yaml, a disordered wire of 16 x 40 sites without and with a field that breaks time reversal, at several
dephasing rates Gamma = hbar/tau_phi, and compares the magnetoconductance Delta G(Gamma) = <g(B) - g(0)> with that without dephasing:

    Delta G(Gamma) / Delta G(0) = P(L_phi) / P(infinity),    P(x) = (x/L) [coth(L/x) - x/L],    L_phi = sqrt(D hbar/Gamma)

(Beenakker and van Houten, Phys. Rev. B 38, 3232 (1988)). The ratio is taken because the size of the effect itself is less than P: a
wire of a few mean free paths is short of the diffusive limit, and the field does not reach it either. The formula for the ratio is
one for l_D << L_phi and L << N l_D, so it is taken to be good to l_D/L, 16 % in this wire, and no better. Nothing is fitted:

    L / l_D = N / <g(B)> - 1                     the mean free path from the mean in the field, where no interference is left
                                                 (Mello and Stone, Phys. Rev. B 44, 3559 (1991))
    D = (l_D / 2) N / sum_n (1 / v_n)            Einstein's relation, g = (h nu) D/L with nu = sum_n 2/(h v_n) and g = N l_D/L

A sample is the same at every rate. Its difference d_r = g(B) - g(0) at a rate follows that without dephasing, d_0, which costs little
and is averaged over many more samples (m instead of n); the regression on it takes most of the scatter away:

    Delta G_r = <d_r>_n + b_r (<d_0>_m - <d_0>_n),    b_r = cov(d_r, d_0) / var(d_0)

Exit status: 0 the ratios agree; 1 chi^2 of all of them, with the statistical covariance and the formula's own accuracy, is less likely
than 0.0027 (three sigma), or so few samples were run that no dephasing would not be excluded at that level by statistics alone; 2 a
run could not be made.
"""
import math
import os
import sys
from dataclasses import dataclass

from ensembles import conductances, er, np, parse_arguments, run_deck
import plot

LENGTH, WIDTH, ENERGY, FIELD = 40, 16, -1.0, 0.03      # those of the deck
RATES = (0.002, 0.008, 0.03)                           # L_phi from 1.2 L to 0.3 L; more would make it less than l_D
REALISATIONS = {"quick": {"coherent": 40000, "dephased": 200}, "full": {"coherent": 100000, "dephased": 2000}}
LEAST_LIKELY = 0.0027


# ----------------------------------------------------------------------------------------------------------------- theory

def velocities(width, energy):
    """hbar v_n of the open modes of a square lattice strip, hopping 1."""
    n = np.arange(1, width + 1)
    x = 0.5 * (energy + 2 * np.cos(n * np.pi / (width + 1)))
    return 2 * np.sqrt(1 - x[np.abs(x) < 1]**2)


def mean_free_path(conductance, n_modes, length):
    """l_D of a wire without weak localisation."""
    return length / (n_modes / conductance - 1)


def diffusion_constant(free_path, speeds):
    return 0.5 * free_path * len(speeds) / np.sum(1 / speeds)


def interference(phase_length, length):
    """P(L_phi), 1/3 where phase is never lost."""
    x = phase_length / length
    return x * (1 / np.tanh(1 / x) - x)


# ------------------------------------------------------------------------------------------------------------- statistics

@dataclass(frozen=True)
class Changes:
    """Delta G of every rate, by regression on the changes without dephasing."""
    coherent: float                # <d_0>_m
    coherent_error: float
    dephased: np.ndarray
    slopes: np.ndarray             # b_r
    scatter: np.ndarray            # covariance of the means of d_r - b_r d_0

    def misses(self, ratios):
        """Delta G_r - ratio_r Delta G_0, and the covariance of these."""
        lever = self.slopes - ratios
        return self.dephased - ratios * self.coherent, self.scatter + self.coherent_error**2 * np.outer(lever, lever)

    def ratios(self):
        """Delta G_r / Delta G_0, and their errors."""
        ratios = self.dephased / self.coherent
        return ratios, np.sqrt(np.diag(self.misses(ratios)[1])) / abs(self.coherent)

    def chi_squared(self, ratios, accuracy=0.0):
        """Of ratios that are predicted to a relative accuracy, each by itself."""
        miss, covariance = self.misses(ratios)
        covariance = covariance + np.diag((accuracy * ratios * self.coherent)**2)
        return float(miss @ np.linalg.solve(covariance, miss))


def changes_of(coherent, dephased):
    """From d_0 of all samples, (m), and d_r of the first of them, (rates, n)."""
    n = dephased.shape[1]
    both = np.cov(np.vstack([coherent[:n], dephased]))
    slopes = both[0, 1:] / both[0, 0]
    mean, error, _ = (x.item() for x in er.mean_and_error(coherent))
    return Changes(mean, error, dephased.mean(axis=1) + slopes * (mean - coherent[:n].mean()), slopes,
                   (both[1:, 1:] - np.outer(slopes, slopes) * both[0, 0]) / n)


def likelihood(chi_squared, n_degrees):
    """Probability of a chi^2 this large or larger: Q(n/2, chi^2/2) by its recursion in n."""
    x = 0.5 * chi_squared
    a, q = (0.5, math.erfc(math.sqrt(x))) if n_degrees % 2 else (1.0, math.exp(-x))
    while a < 0.5 * n_degrees - 0.25:
        q += math.exp(a * math.log(x) - x - math.lgamma(a + 1)) if x > 0 else 0.0
        a += 1
    return q


def verdict(changes, expected, accuracy):
    """What is wrong, one line each."""
    wrong = []
    n = len(expected)
    if not likelihood(changes.chi_squared(expected, accuracy), n) > LEAST_LIKELY:
        wrong.append("the ratios are not those of P(L_phi)")
    if not (changes.coherent > 0 and likelihood(changes.chi_squared(np.ones(n)), n) < LEAST_LIKELY):
        wrong.append("too few samples: no effect of dephasing at all would agree as well")
    return wrong


# ----------------------------------------------------------------------------------------------------------- runs, output

def difference(results):
    return conductances(results, FIELD) - conductances(results, 0.0)


def run_all(arguments):
    """Results without dephasing, and of every rate."""
    count = REALISATIONS[arguments.mode]

    def run(rate):
        n = count["dephased" if rate else "coherent"]
        return run_deck(arguments, f"rate{rate:g}", f"rate {rate:g}", "dephased_wire",
                        [f"dephasing.rate={rate:g}", f"ensemble.realisations={n}"])

    return run(0), [run(rate) for rate in RATES]


def print_table(changes, phase_lengths, expected):
    ratios, errors = changes.ratios()
    print(f"{'rate':>8}{'L_phi/L':>10}{'Delta G':>10}{'Delta G / Delta G(0)':>24}{'P(L_phi)/P(inf)':>18}{'sigma':>8}")
    print(f"{0:>8}{'inf':>10}{changes.coherent:>10.4f}{'1':>24}{'1':>18}")
    for row in zip(RATES, phase_lengths / LENGTH, changes.dephased, ratios, errors, expected):
        rate, length, change, ratio, error, theory = row
        print(f"{rate:>8g}{length:>10.3f}{change:>10.4f}{er.with_error(ratio, error):>24}{theory:>18.3f}{(ratio - theory) / error:>+8.2f}")


def draw(changes, phase_lengths, accuracy, caption, path):
    ratios, errors = changes.ratios()
    x = np.linspace(0.02, 1.15 * phase_lengths.max() / LENGTH, 200)
    with plot.matplotlib.rc_context(plot.STYLE):
        figure = plot.Figure(figsize=(6.4, 4.4))
        ax = figure.subplots()
        curve = 3 * interference(x, 1.0)
        ax.fill_between(x, (1 - accuracy) * curve, (1 + accuracy) * curve, color="#e3e3e3", linewidth=0)
        ax.plot(x, curve, color="#555555", linewidth=1.4, label=rf"$P(L_\varphi)/P(\infty)$, good to $l_D/L$ = {accuracy:.0%}")
        ax.errorbar(phase_lengths / LENGTH, ratios, errors, fmt="o", color=plot.PALETTE[0], markersize=5, capsize=3, elinewidth=1.1,
                    label="voltage probes ± 1σ")
        ax.axhline(1, color="#555555", linewidth=0.9, linestyle=":")
        ax.set(xlabel=r"Phase-coherent length $L_\varphi/L$", ylabel=r"$\Delta G(\Gamma)\,/\,\Delta G(0)$", xlim=(0, None),
               ylim=(0, None))
        ax.legend(frameon=False, loc="lower right")
        figure.suptitle("Loss of phase takes weak localisation away", x=0.01, ha="left", fontsize=11, fontweight="bold")
        figure.supxlabel(caption, x=0.01, ha="left", fontsize=8, color="#444444")
        figure.savefig(path, dpi=plot.DPI, metadata={"Software": None})


def main():
    arguments = parse_arguments("dephasing", "Weak localisation against dephasing rate, compared with P(L_phi).")
    coherent, dephased = run_all(arguments)
    changes = changes_of(difference(coherent), np.array([difference(results) for results in dephased]))
    speeds = velocities(WIDTH, ENERGY)
    conductance = conductances(coherent, FIELD).mean()
    free_path = mean_free_path(conductance, len(speeds), LENGTH)
    diffusion = diffusion_constant(free_path, speeds)
    phase_lengths = np.sqrt(diffusion / np.array(RATES))
    expected = 3 * interference(phase_lengths, LENGTH)
    print(f"N = {len(speeds)}, <g(B)> = {conductance:.4f}: l_D = {free_path:.2f} a, D = {diffusion:.2f} t a^2/hbar")
    print_table(changes, phase_lengths, expected)
    accuracy = free_path / LENGTH
    chi_squared = changes.chi_squared(expected, accuracy)
    print(f"\nDelta G(0) = {er.with_error(changes.coherent, changes.coherent_error)} e^2/h; chi^2 of {len(RATES)} ratios: {chi_squared:.2f}, "
          f"probability {likelihood(chi_squared, len(RATES)):.2f}, with the formula good to {accuracy:.0%};\n{changes.chi_squared(expected):.0f} "
          f"if it were exact, {changes.chi_squared(np.ones(len(RATES))):.0f} if there were no dephasing")
    figure = os.path.join(arguments.output, "dephasing.png")
    draw(changes, phase_lengths, accuracy, f"Square lattice, {WIDTH} × {LENGTH} sites, disorder 2.5, E = −1, field {FIELD:g} rad/plaquette. "
         f"{len(coherent.realisation)} samples without\nand {len(dephased[0].realisation)} with dephasing.", figure)
    print(f"\n{figure}")
    wrong = verdict(changes, expected, accuracy)
    print("\n".join(f"DISAGREES: {line}" for line in wrong) or "all agree with P(L_phi) to its accuracy")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
