"""Loss of phase takes weak localisation away as -P(L_phi) does.

The wire is the one that the diffusive theory is made for (Wegner, Phys. Rev. B 19, 783 (1979); Iida, Weidenmueller and Zuk, Ann. Phys.
200, 219 (1990)): slices of N orbitals, every slice a random Hermitian matrix of variance w^2/N, orbital n of a slice coupled to orbital
n of the next by -1, and leads of the same N chains without disorder, all N modes open at E = 0. Matrices of real numbers keep time
reversal, of complex ones with the same variance break it, and nothing else changes: no orbit bends, as it does in a field. Written to
system files; `disorder` makes the ensemble. Every slice is ten sites of ten orbitals, which share a voltage probe of rate Gamma = hbar/tau_phi:

    Delta G(0) - Delta G(Gamma) = P(infinity) - P(L_phi),    P(x) = (x/L) [coth(L/x) - x/L],    L_phi = sqrt(D hbar/Gamma)

for Delta G = <g> without time reversal - <g> with it (Beenakker and van Houten, Phys. Rev. B 38, 3232 (1988)). The difference is taken
because paths of a few scatterings are missing from Delta G at any rate: it is less than P by a constant of about l_D/L (Mello and Stone,
Phys. Rev. B 44, 3559 (1991)). Nothing is fitted:

    L / l_D = N / <g> - 1, without time reversal and dephasing      (Mello and Stone)
    D = l_D / (2 pi nu)                                             Einstein's relation, g = 2 pi (N nu) D/L and g = N l_D/L
    pi nu = x^(1/2),  w^4 x^2 + 4 x - 1 = 0                         density of states per orbital, from
                                                                    G = [(E - w^2 G)^2 - 4]^(-1/2), exact for large N

with w^2 of slice and disorder together. The formula is one for l_D << L_phi and L << N l_D, here l_D = L/20 and L = 0.2 N l_D, and for
probes that many orbitals share: docs/dephasing.md has what comes out for a probe on every orbital.

A sample is the same at every rate. Its g at a rate follows that without dephasing, which costs little and is averaged over many more
samples (m instead of n); the regression on it takes most of the scatter away, d_r and d_0 being Delta G of a pair of samples:

    Delta G_r = <d_r>_n + b_r (<d_0>_m - <d_0>_n),    b_r = cov(d_r, d_0) / var(d_0)
"""
import os
import sys
from dataclasses import dataclass

import common
from common import er, np

N_SLICES, N_ORBITALS, BLOCK, DISORDER = 16, 100, 2.0, 3.5     # BLOCK is w of the slices; box disorder on top
SITE = 10                                               # orbitals that share a potential and a probe
RATES = (0.003, 0.012, 0.048)                           # L_phi of about 1.2, 0.6 and 0.3 L, or 24, 12 and 6 l_D
CHI_SQUARED_LIMIT = 14.156                              # of three ratios, exceeded with the probability of three sigma, 0.0027
SEED = 2027
CLASSES = {"real": 0.0, "complex": 1.0}                 # share of the imaginary part

DECK = """units: lattice
sample:
  system_file: {file}
  disorder: [{{kind: anderson, width: {width}}}]
energy: 0
output: {{directory: {name}}}
"""


# ----------------------------------------------------------------------------------------------------------------- theory

def density_of_states():
    """pi nu per orbital at E = 0, hopping 1."""
    variance = BLOCK**2 + DISORDER**2 / 12
    return np.sqrt((np.sqrt(16 + 4 * variance**2) - 4) / (2 * variance**2))


def mean_free_path(conductance):
    """l_D of a wire without weak localisation."""
    return N_SLICES / (N_ORBITALS / conductance - 1)


def interference(phase_length, length):
    """P(L_phi), 1/3 where phase is never lost."""
    x = phase_length / length
    return x * (1 / np.tanh(1 / x) - x)


# ------------------------------------------------------------------------------------------------------------------ wires

def slice_matrix(generator, imaginary_share):
    """A Hermitian matrix of independent entries, variance BLOCK^2/N_ORBITALS."""
    real, imaginary = generator.normal(size=(2, N_ORBITALS, N_ORBITALS))
    matrix = (real + real.T) * np.sqrt(1 - imaginary_share / 2) + 1j * (imaginary - imaginary.T) * np.sqrt(imaginary_share / 2)
    return matrix * BLOCK / np.sqrt(2 * N_ORBITALS)


def write_wire(path, imaginary_share, generator):
    """The system file of one wire (docs/system-file.md)."""
    blocks = [slice_matrix(generator, imaginary_share) for _ in range(N_SLICES)]
    columns, values, ends = [], [], [0]
    for k, block in enumerate(blocks):
        for i in range(N_ORBITALS):
            before, after = [(k - 1) * N_ORBITALS + i][:k], [(k + 1) * N_ORBITALS + i][:N_SLICES - 1 - k]
            columns += [*before, *range(k * N_ORBITALS, (k + 1) * N_ORBITALS), *after]
            values += [*[-1.0] * len(before), *block[i], *[-1.0] * len(after)]
            ends.append(len(columns))
    with er.h5py.File(path, "w") as file:
        file.attrs.update(format="edotb-system", version=1, title="Wire of random slices")
        file["device/indptr"], file["device/indices"] = np.array(ends, np.int64), np.array(columns, np.int64)
        file["device/values"] = np.array(values, complex)
        file["device/orbital_offsets"] = np.arange(0, N_SLICES * N_ORBITALS + 1, SITE)
        for lead, first in enumerate((0, (N_SLICES - 1) * N_ORBITALS)):
            file[f"leads/{lead}/cell"] = np.zeros((N_ORBITALS, N_ORBITALS), complex)
            file[f"leads/{lead}/hopping"] = -np.eye(N_ORBITALS, dtype=complex)
            file[f"leads/{lead}/interface"] = np.arange(first, first + N_ORBITALS, dtype=np.int64)


# ------------------------------------------------------------------------------------------------------------- statistics

@dataclass(frozen=True)
class Changes:
    """Delta G of every rate, by regression on the changes without dephasing."""
    coherent: float                # <d_0>_m
    coherent_error: float
    dephased: np.ndarray
    slopes: np.ndarray             # b_r
    scatter: np.ndarray            # covariance of the means of d_r - b_r d_0

    @property
    def losses(self):
        """Delta G_0 - Delta G_r."""
        return self.coherent - self.dephased

    @property
    def covariance(self):
        """Of the losses."""
        return self.scatter + self.coherent_error**2 * np.outer(self.slopes - 1, self.slopes - 1)

    def chi_squared(self, expected):
        """Of the losses against what is expected of them."""
        miss = self.losses - expected
        return float(miss @ np.linalg.solve(self.covariance, miss))


def changes_of(coherent, dephased):
    """From d_0 of all samples, (m), and d_r of the first of them, (rates, n)."""
    n = dephased.shape[1]
    both = np.cov(np.vstack([coherent[:n], dephased]))
    slopes = both[0, 1:] / both[0, 0]
    mean, error, _ = (x.item() for x in er.mean_and_error(coherent))
    return Changes(mean, error, dephased.mean(axis=1) + slopes * (mean - coherent[:n].mean()), slopes,
                   (both[1:, 1:] - np.outer(slopes, slopes) * both[0, 0]) / n)


# ----------------------------------------------------------------------------------------------------------- runs, output

def conductances(case, name, n_coherent, n_dephased):
    """g of the samples of one wire: without dephasing, (n_coherent), and at every rate, (rates, n_dephased)."""
    runs = [case.run(f"{name}_rate{rate:g}", name, {"dephasing.rate": rate, "ensemble.realisations": n_dephased if rate else n_coherent})
            for rate in (0.0, *RATES)]
    return runs[0].conductance[0, 0, 0], np.array([run.conductance[0, 0, 0] for run in runs[1:]])


def ensemble(case, n_wires, n_coherent, n_dephased):
    """g of each class over all wires, in the order that changes_of() takes: those with dephasing first."""
    os.makedirs(case.output, exist_ok=True)
    coherent, dephased = {}, {}
    for kind, imaginary_share in CLASSES.items():
        parts = []
        for wire in range(n_wires):
            name = f"{kind}{wire}"
            write_wire(os.path.join(case.output, f"{name}.h5"), imaginary_share, np.random.default_rng([SEED, wire, int(imaginary_share)]))
            with open(os.path.join(case.output, f"{name}.yaml"), "w", encoding="utf-8") as deck:
                deck.write(DECK.format(file=f"{name}.h5", width=DISORDER, name=name))
            parts.append(conductances(case, name, n_coherent, n_dephased))
        coherent[kind] = np.concatenate([g[:n_dephased] for g, _ in parts] + [g[n_dephased:] for g, _ in parts])
        dephased[kind] = np.concatenate([g for _, g in parts], axis=1)
    return coherent, dephased


def draw(changes, lengths, n_coherent, n_dephased):
    errors = np.sqrt(np.diag(changes.covariance))
    figure, (ax,) = common.new_figure(
        "Loss of phase takes weak localisation away",
        f"{N_SLICES} slices of {N_ORBITALS} orbitals, with and without time reversal.\n"
        f"{n_coherent} pairs of samples without and {n_dephased} with dephasing. Bars: one standard error.", columns=1, size=(6.4, 4.6))
    x = np.linspace(0.02, 1.15 * lengths.max(), 200)
    common.law(ax, x, 1 / 3 - interference(x, 1.0), label=r"$P(\infty) - P(L_\varphi)$", line="-")
    common.points(ax, lengths, changes.losses, errors, 0, "voltage probes")
    ax.set(xlabel=r"Phase-coherent length $L_\varphi/L$", ylabel=r"$\Delta G(0) - \Delta G(\Gamma)$ ($e^2/h$)", xlim=(0, None), ylim=(0, 1 / 3))
    ax.legend(frameon=False, loc="upper right")
    return figure


def reproduce(case):
    n_wires, n_coherent, n_dephased = case.pick(smoke=(2, 150, 20), quick=(10, 400, 20), full=(40, 1000, 50))
    coherent, dephased = ensemble(case, n_wires, n_coherent, n_dephased)
    changes = changes_of(coherent["complex"] - coherent["real"], dephased["complex"] - dephased["real"])
    free_path = mean_free_path(coherent["complex"].mean())
    lengths = np.sqrt(free_path / (2 * density_of_states()) / np.array(RATES)) / N_SLICES
    expected = 1 / 3 - interference(lengths, 1.0)
    errors = np.sqrt(np.diag(changes.covariance))
    rows = [common.agrees(f"loss of Delta G at rate {rate:g}, L_phi = {length:.2f} L", loss, theory, error=error)
            for rate, length, loss, theory, error in zip(RATES, lengths, changes.losses, expected, errors)]
    rows.append(common.below("chi^2 of the three", changes.chi_squared(expected), CHI_SQUARED_LIMIT))
    rows.append(common.above("chi^2 were there no effect of dephasing", changes.chi_squared(np.zeros(len(RATES))), CHI_SQUARED_LIMIT))
    print(f"l_D = {free_path:.3f} slices; Delta G without dephasing {er.with_error(changes.coherent, changes.coherent_error)}, "
          f"[L/(L + l_D)]^3/3 = {(N_SLICES / (N_SLICES + free_path))**3 / 3:.4f}")
    return rows, draw(changes, lengths, n_wires * n_coherent, n_wires * n_dephased)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
