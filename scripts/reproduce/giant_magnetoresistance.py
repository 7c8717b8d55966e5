#!/usr/bin/python3
"""Giant magnetoresistance: two magnetic layers conduct better when they are parallel.

Without spin-orbit coupling the transverse modes E_n = -2 cos(n pi/(W + 1)) of the wire are separate chains, each with the layers'
potential h (sigma_z) and h (sigma_z cos theta + sigma_x sin theta), so that

    G = sum_n Tr[Gamma_1 g Gamma_0 g^+],    g = (E - E_n - H - Sigma)^-1,

with H the chain of 2 x 2 blocks written out here and Sigma = -exp(i k) at its ends, 2 cos k = -(E - E_n), Gamma = i (Sigma - Sigma^+).
The magnetoresistance is [G(parallel) - G(antiparallel)]/G(antiparallel) (Baibich et al., Phys. Rev. Lett. 61, 2472 (1988); two-current
model: Valet and Fert, Phys. Rev. B 48, 7099 (1993)).

The wire is inputs/spin_valve.yaml: 23 x 10 sites, layers of 6 cells, 5 apart.
"""
import sys

import common
from common import np

LENGTH, WIDTH, ENERGY = 23, 10, -1.0
FIRST, SECOND = range(3, 9), range(14, 20)             # cells of the two layers
HEIGHTS = (0.3, 0.6, 0.7, 0.9, 1.1, 1.2)                # exchange energy, t
ANGLES = (0, 30, 60, 90, 120, 150, 180)                # between the layers' moments
SIGMA_X, SIGMA_Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])


def chain_conductance(energy, height, theta):
    """Both spins of one transverse mode, at the energy above its band's centre."""
    if abs(energy) >= 2:
        return 0.0                                     # closed
    h = np.kron(-np.eye(LENGTH, k=1) - np.eye(LENGTH, k=-1), np.eye(2)).astype(complex)
    for layer, direction in ((FIRST, SIGMA_Z), (SECOND, SIGMA_Z * np.cos(theta) + SIGMA_X * np.sin(theta))):
        for cell in layer:
            h[2 * cell:2 * cell + 2, 2 * cell:2 * cell + 2] += height * direction
    self_energy = -np.exp(1j * np.arccos(-energy / 2))
    ends = np.array([0, 1, 2 * LENGTH - 2, 2 * LENGTH - 1])
    h[ends, ends] += self_energy
    g = np.linalg.inv(energy * np.eye(2 * LENGTH) - h)
    return (2 * abs(self_energy.imag))**2 * np.sum(np.abs(g[-2:, :2])**2)


def exact(height, degrees):
    modes = -2 * np.cos(np.arange(1, WIDTH + 1) * np.pi / (WIDTH + 1))
    return sum(chain_conductance(ENERGY - mode, height, np.radians(degrees)) for mode in modes)


def run(case, height, degrees):
    theta = np.radians(degrees)
    second = [float(height * np.sin(theta)), 0.0, float(height * np.cos(theta))]
    results = case.run(f"h_{height:g}_angle_{degrees}", "spin_valve", {
        "sample.regions[0].exchange": [0.0, 0.0, float(height)], "sample.regions[1].exchange": second})
    return results.conductance[0, 0, 0, 0]


def draw(ratio, turned):
    figure, (left, right) = common.new_figure(
        "Giant magnetoresistance of a spin valve",
        "Wire of 23 × 10 sites, E = −t, two magnetic layers of 6 cells, 5 apart; lines: Green's functions of the separate modes.")
    left.plot(HEIGHTS, ratio, label="edotb", **common.style(0, "none"))
    h = np.linspace(0, 1.3, 66)
    common.law(left, h, [100 * (exact(x, 0) / exact(x, 180) - 1) for x in h], label="exact")
    left.set(xlabel="Exchange energy of the layers (t)", ylabel="$[G_P - G_{AP}]/G_{AP}$ (%)", title="Magnetoresistance")
    left.legend(frameon=False)
    right.plot(ANGLES, turned, label="edotb", **common.style(0, "none"))
    angle = np.linspace(0, 180, 61)
    common.law(right, angle, [exact(HEIGHTS[-1], x) for x in angle], label="exact")
    right.set(xlabel="Angle between the moments (deg)", ylabel="Conductance G ($e^2/h$)", title=f"Exchange energy {HEIGHTS[-1]:g} t", ylim=(0, None))
    right.legend(frameon=False)
    return figure


def reproduce(case):
    turned = [run(case, HEIGHTS[-1], angle) for angle in ANGLES]
    ends = {height: (run(case, height, 0), run(case, height, 180)) for height in HEIGHTS[:-1]} | {HEIGHTS[-1]: (turned[0], turned[-1])}
    rows = []
    for height, (parallel, antiparallel) in ends.items():
        for name, g, angle in (("parallel", parallel, 0), ("antiparallel", antiparallel, 180)):
            rows.append(common.agrees(f"G, h = {height:g}, {name} (e^2/h)", g, exact(height, angle), relative=1e-8))
    rows += [common.agrees(f"G, h = {HEIGHTS[-1]:g}, {angle}° (e^2/h)", g, exact(HEIGHTS[-1], angle), relative=1e-8)
             for angle, g in zip(ANGLES[1:-1], turned[1:-1])]
    ratio = [100 * (parallel / antiparallel - 1) for parallel, antiparallel in ends.values()]
    rows.append(common.agrees("(G_P - G_AP)/G_AP, h = 1.2 (%)", ratio[-1], 100 * (6.674263594741 / 2.887531396045 - 1), absolute=1e-6))
    rows.append(common.above("smallest (G_P - G_AP)/G_AP (%)", min(ratio), 0))
    return rows, draw(ratio, turned)


if __name__ == "__main__":
    sys.exit(common.main(__doc__, reproduce))
