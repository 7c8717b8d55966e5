#!/usr/bin/python3
"""Loss of phase takes weak localisation away as -P(L_phi) does.

inputs/dephased_wire.yaml, a disordered wire of 16 x 40 sites without and with a field that breaks time reversal, is run at several
dephasing rates Gamma = hbar/tau_phi; the magnetoconductance Delta G(Gamma) = <g(B) - g(0)> is compared with that without dephasing:

    Delta G(Gamma) / Delta G(0) = P(L_phi) / P(infinity),    P(x) = (x/L) [coth(L/x) - x/L],    L_phi = sqrt(D hbar/Gamma)

(Beenakker and van Houten, Phys. Rev. B 38, 3232 (1988)). The ratio is taken because the size of the effect itself is less than P: a
wire of a few mean free paths is short of the diffusive limit, and the field does not reach it either. The formula is one for
l_D << L_phi and L << N l_D. This wire is at the edge of that, and the script ends with 1: phase is lost later than the formula says
(docs/validation.md). Nothing is fitted, and the formula is given no tolerance:

    L / l_D = N / <g(B)> - 1                     the mean free path from the mean in the field, where no interference is left
                                                 (Mello and Stone, Phys. Rev. B 44, 3559 (1991))
    D = (l_D / 2) N / sum_n (1 / v_n)            Einstein's relation, g = (h nu) D/L with nu = sum_n 2/(h v_n) and g = N l_D/L

A sample is the same at every rate. Its difference d_r = g(B) - g(0) at a rate follows that without dephasing, d_0, which costs little
and is averaged over many more samples (m instead of n); the regression on it takes most of the scatter away:

    Delta G_r = <d_r>_n + b_r (<d_0>_m - <d_0>_n),    b_r = cov(d_r, d_0) / var(d_0)
"""
import sys
from dataclasses import dataclass

import common
from common import er, np

LENGTH, WIDTH, ENERGY, FIELD = 40, 16, -1.0, 0.03      # those of the deck
RATES = (0.002, 0.008, 0.03)                           # L_phi from 1.2 L to 0.3 L; more would make it less than l_D
CHI_SQUARED_LIMIT = 14.156                             # of three ratios, exceeded with the probability of three sigma, 0.0027


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

    def chi_squared(self, ratios):
        miss, covariance = self.misses(ratios)
        return float(miss @ np.linalg.solve(covariance, miss))


def changes_of(coherent, dephased):
    """From d_0 of all samples, (m), and d_r of the first of them, (rates, n)."""
    n = dephased.shape[1]
    both = np.cov(np.vstack([coherent[:n], dephased]))
    slopes = both[0, 1:] / both[0, 0]
    mean, error, _ = (x.item() for x in er.mean_and_error(coherent))
    return Changes(mean, error, dephased.mean(axis=1) + slopes * (mean - coherent[:n].mean()), slopes,
                   (both[1:, 1:] - np.outer(slopes, slopes) * both[0, 0]) / n)


# ----------------------------------------------------------------------------------------------------------- runs, output

def difference(results):
    return common.conductance(results, FIELD) - common.conductance(results, 0.0)


def draw(changes, lengths, n_coherent, n_dephased):
    ratios, errors = changes.ratios()
    figure, (ax,) = common.new_figure(
        "Loss of phase takes weak localisation away",
        f"Square lattice, {WIDTH} × {LENGTH} sites, box disorder 2.5, E = −1, field {FIELD:g} rad/plaquette.\n"
        f"{n_coherent} samples without and {n_dephased} with dephasing. Bars: one standard error.", columns=1, size=(6.4, 4.6))
    x = np.linspace(0.02, 1.15 * lengths.max(), 200)
    common.law(ax, x, 3 * interference(x, 1.0), label=r"$P(L_\varphi)/P(\infty)$", line="-")
    common.points(ax, lengths, ratios, errors, 0, "voltage probes")
    ax.axhline(1, color=common.GREY, linewidth=0.9, linestyle=":")
    ax.set(xlabel=r"Phase-coherent length $L_\varphi/L$", ylabel=r"$\Delta G(\Gamma)\,/\,\Delta G(0)$", xlim=(0, None), ylim=(0, None))
    ax.legend(frameon=False, loc="lower right")
    return figure


def reproduce(case):
    n_coherent, n_dephased = case.pick(smoke=(4000, 20), quick=(40000, 200), full=(100000, 2000))
    runs = [case.run(f"rate{rate:g}", "dephased_wire", {"dephasing.rate": rate, "ensemble.realisations": n_dephased if rate else n_coherent})
            for rate in (0.0, *RATES)]
    coherent, dephased = difference(runs[0]), np.array([difference(run) for run in runs[1:]])
    changes = changes_of(coherent, dephased)
    speeds = velocities(WIDTH, ENERGY)
    free_path = mean_free_path(common.conductance(runs[0], FIELD).mean(), len(speeds), LENGTH)
    lengths = np.sqrt(diffusion_constant(free_path, speeds) / np.array(RATES)) / LENGTH
    expected = 3 * interference(lengths, 1.0)
    ratios, errors = changes.ratios()
    rows = [common.agrees(f"Delta G ratio at rate {rate:g}, L_phi = {length:.2f} L", ratio, theory, error=error)
            for rate, length, ratio, theory, error in zip(RATES, lengths, ratios, expected, errors)]
    rows.append(common.below("chi^2 of the three", changes.chi_squared(expected), CHI_SQUARED_LIMIT))
    rows.append(common.above("chi^2 were there no effect of dephasing", changes.chi_squared(np.ones(len(RATES))), CHI_SQUARED_LIMIT))
    return rows, draw(changes, lengths, len(coherent), dephased.shape[1])


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
