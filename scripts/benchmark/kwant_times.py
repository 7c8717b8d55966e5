"""Kwant's times on the Hamiltonians of the benchmark's decks: kwant_times.py P2|P3|P4 EXTENTS... prints JSON.

P2: WIDTH THICKNESS LENGTH of the 4-orbital Weyl bar; P3 and P4: WIDTH LENGTH of the wires. The disorder has the
decks' strength but Kwant's own random numbers; a time does not depend on which sample it is.
"""
import json
import resource
import sys
import time

import kwant
import numpy as np

SIGMA = [np.eye(2), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]


def with_leads(lattice, shape, onsite, hoppings, disorder, axis):
    """A bar of `shape` with a lead on either end of `axis`; hoppings: offset -> function of two sites."""
    def fill(builder, extents, level):
        builder[(lattice(*tag) for tag in np.ndindex(*extents))] = level
        for offset, value in hoppings.items():
            builder[kwant.builder.HoppingKind(offset, lattice)] = value

    generator = np.random.default_rng(1)
    size = onsite.shape[0]
    system = kwant.Builder()
    fill(system, shape, lambda site: onsite + disorder * (generator.random() - 0.5) * np.eye(size))
    period = [0] * len(shape)
    period[axis] = -1
    lead = kwant.Builder(kwant.TranslationalSymmetry(tuple(period)))
    cell = list(shape)
    cell[axis] = 1
    fill(lead, cell, onsite)
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    return system.finalized()


def weyl_bar(width, thickness, length):
    """p1_device.yaml: axis z, field 0.06 at 35 degrees from it, azimuth 30; the gauge along the current."""
    t, v, m, b = 1.0, 0.7, 2.0, 1.2
    field, angle, azimuth = 0.06, np.radians(35), np.radians(30)
    along, across = field * np.cos(angle), field * np.sin(angle)
    bx, by = across * np.cos(azimuth), across * np.sin(azimuth)
    tau_z = np.kron(SIGMA[3], SIGMA[0])

    def phase(to, source):
        x, y = 0.5 * (np.array(to.tag[:2]) + np.array(source.tag[:2]))
        step = np.array(to.tag) - np.array(source.tag)
        return np.exp(1j * ((bx * y - by * x) * step[2] + 0.5 * along * (x * step[1] - y * step[0])))

    def hopping(axis):
        matrix = -0.5 * t * tau_z - 0.5j * v * np.kron(SIGMA[1], SIGMA[axis + 1])
        return lambda to, source: matrix * phase(to, source)

    lattice = kwant.lattice.general(np.eye(3), norbs=4)
    hoppings = {tuple(int(i == axis) for i in range(3)): hopping(axis) for axis in range(3)}
    onsite = m * tau_z + b * np.kron(SIGMA[0], SIGMA[3])
    return with_leads(lattice, (width, thickness, length), onsite, hoppings, 1.0, 2), 0.17


def rashba_wire(width, length):
    """p3_wire.yaml: axis x, field 0.01 across the plane."""
    t, rashba, field = 1.0, 0.3, 0.01

    def along(to, source):
        return (-t * SIGMA[0] + 1j * rashba * SIGMA[2]) * np.exp(-1j * field * to.tag[1])

    across = -t * SIGMA[0] - 1j * rashba * SIGMA[1]
    lattice = kwant.lattice.square(norbs=2)
    return with_leads(lattice, (length, width), 0.0 * SIGMA[0], {(1, 0): along, (0, 1): across}, 0.5, 0), -3.6


def wire(width, length):
    """p4_ensemble.yaml."""
    lattice = kwant.lattice.square(norbs=1)
    one = np.eye(1)
    return with_leads(lattice, (length, width), 0 * one, {(1, 0): -one, (0, 1): -one}, 1.0, 0), -1.3


def main():
    name, *extents = sys.argv[1:]
    system, energy = {"P2": weyl_bar, "P3": rashba_wire, "P4": wire}[name](*map(int, extents))
    n_points = 100 if name == "P4" else 1
    start = time.perf_counter()
    leads = [lead.modes(energy) for lead in system.leads] if name == "P2" else None
    lead_seconds = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(n_points):
        transmission = kwant.smatrix(system, energy).transmission(1, 0)
    seconds = (time.perf_counter() - start) / n_points
    print(json.dumps({"version": kwant.__version__, "point_seconds": seconds, "points_per_second": 1 / seconds,
                      "lead_seconds": lead_seconds if leads else None, "transmission": transmission,
                      "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1e-3}))


if __name__ == "__main__":
    main()
