#!/usr/bin/python3
"""Writes synthetic results.h5 files that keep the results contract, for the tests of scripts/ and for trying the scripts by hand.

write_results() writes exactly the numbers it is given. The KINDS below it make up whole runs from closed formulas with
seeded noise; none of them is physics, and none is read by anything but the tests.

    make_results.py KIND FILE.h5        KIND: bar | physical | clean | single | fields | energies | system | matrix
"""
import os
import sys

import h5py
import numpy as np

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "campaign"))
from durable import checksums   # noqa: E402

DECK = """title: {title}
units: {units}
sample:
  model: {{name: dirac_weyl, t: 1.0, v: 0.8, m: 3.0, b: 0.9}}
  shape: {{kind: bar, axis: z, length: 40, width: 20, thickness: 20, boundary: open}}
  disorder: {disorder}
field:
  magnitude: {{from: 0, to: 0.1, count: 6}}
  angle: [0, 30, 60, 90]
  azimuth: 0
  where: everywhere
energy: [0.6]
ensemble: {{realisations: 8, seed: 1}}   # <- a comment with <, > and & in it
engine: {{kind: coherent, solver: auto, precision: double}}
output: {{directory: weyl_bar}}
"""
SYSTEM_DECK = "title: {title}\nunits: {units}\nsample: {{system_file: systems/three_leads.h5}}\nenergy: {{from: -1, to: 1, count: 21}}\n"


def write_results(path, transmission, field=(0.0,), angle=(0.0,), energy=(0.6,), realisation=(0,), modes=None, status=None,
                  unitarity_error=None, flux=None, units="lattice", axis="z", deck=None, disorder="[{kind: anderson, width: 1.0}]",
                  **attributes):
    """`transmission` is (F, A, E, R, P, P); modes default to its column sums, status to 1, the other arrays to small numbers."""
    transmission = np.asarray(transmission, dtype=float)
    points, leads = transmission.shape[:4], transmission.shape[-1]
    assert points == (len(field), len(angle), len(energy), len(realisation))
    modes = np.nan_to_num(transmission.sum(axis=-2)).round() if modes is None else modes
    title = attributes.get("title", "Synthetic run")
    deck = (DECK if axis else SYSTEM_DECK).format(title=title, units=units, disorder=disorder) if deck is None else deck
    field_unit, energy_unit = ("rad/plaquette", "t") if units == "lattice" else ("T", "eV")
    scales = {"field": (np.asarray(field, float), field_unit, "magnetic field"),
              "angle": (np.asarray(angle, float), "degree", "angle of the field from the current"),
              "energy": (np.asarray(energy, float), energy_unit, "energy"),
              "realisation": (np.asarray(realisation, np.int64), "1", "realisation of the disorder")}
    scales |= {name: (np.arange(leads), "1", name.replace("_", " ")) for name in ("lead_to", "lead_from", "lead")}
    scales["component"] = (np.arange(3), "1", "plaquette normal: current, width, thickness axis")
    point_axes = ("field", "angle", "energy", "realisation")
    arrays = {"transmission": (transmission, point_axes + ("lead_to", "lead_from"), "1", "transmission from lead to lead"),
              "modes": (np.asarray(modes, np.int32), point_axes + ("lead",), "1", "open modes"),
              "unitarity_error": (np.full(points, 2e-12) if unitarity_error is None else unitarity_error, point_axes, "1",
                                  "unitarity error"),
              "seconds": (np.full(points, 1.5), point_axes, "s", "wall time of the point"),
              "status": (np.asarray(np.ones(points) if status is None else status, np.int8), point_axes, "1", "status of the point"),
              "flux_per_plaquette": (_flux(field, angle) if flux is None else flux, ("field", "angle", "component"), "rad", "flux")}
    with h5py.File(path, "w") as file:
        for name, (values, unit, long_name) in scales.items():
            file[name] = values
            file[name].make_scale(name)
            file[name].attrs.update(units=unit, long_name=long_name)
        for name, (values, axes, unit, long_name) in arrays.items():
            file[name] = values
            file[name].attrs.update(units=unit, long_name=long_name)
            for i, scale in enumerate(axes):
                file[name].dims[i].attach_scale(file[scale])
        file["checksum"] = np.where(file["status"][...] == 0, 0, checksums(file).reshape(points)).astype(np.uint32)
        file.attrs.update({"format": "edotb-results", "format_version": 1, "title": title, "deck": deck, "expanded_deck": deck,
                           "units": units, "version": "0.1.0", "git_hash": "0123456789abcdef", "ranks": 2, "host": "node1", "seed": 1,
                           "library_versions": '{"PETSc": "3.18.5", "MUMPS": "5.5.1", "Open MPI": "4.1.4"}',
                           "start": "2025-01-01T12:00:00Z", "end": "2025-01-01T12:10:00Z", "axis": axis} | attributes)


def _flux(field, angle):
    """Field along the current at angle 0, along the width axis at 90."""
    radians = np.radians(np.asarray(angle, float))
    parts = np.stack([np.cos(radians), np.sin(radians), 0 * radians], axis=-1)
    return np.asarray(field, float)[:, None, None] * parts[None]


def two_lead(conductance, modes):
    """transmission (..., 2, 2) of a unitary two-lead sample with G (...) and as many modes in both leads."""
    conductance, modes = np.broadcast_arrays(np.asarray(conductance, float), np.asarray(modes, float))
    reflection = modes - conductance
    return np.stack([np.stack([reflection, conductance], -1), np.stack([conductance, reflection], -1)], -2)


def _bar_conductance(field, angle, energy, realisations, noise, seed=7):
    """Rises along the current, falls across it; one offset per realisation and a smaller part that differs per point."""
    rng = np.random.default_rng(seed)
    b = np.asarray(field, float)[:, None, None, None] / max(np.abs(field))
    theta = np.radians(np.asarray(angle, float))[None, :, None, None]
    e = np.asarray(energy, float)[None, None, :, None]
    clean = 6 + 4 * e + 3 * b**2 * np.cos(theta)**2 - 1.2 * np.abs(b) * np.sin(theta)**2
    offset = noise * rng.standard_normal((1, 1, len(energy), realisations))
    own = 0.5 * noise * rng.standard_normal((len(field), len(angle), len(energy), realisations)) * np.abs(b)
    return clean + offset + own


def _bar(path, title, field, angle=(0, 30, 60, 90), energy=(0.6,), realisations=8, noise=0.5, failures=0, **options):
    conductance = _bar_conductance(field, angle, energy, realisations, noise)
    b = np.abs(np.asarray(field, float)) / max(np.abs(field))
    modes = np.broadcast_to((20 - 2 * np.floor(3 * b))[:, None, None, None], conductance.shape)
    transmission, status = two_lead(conductance, modes), np.ones(conductance.shape, np.int8)
    status.flat[5:5 + failures] = 3
    status.flat[0:1] = 2
    transmission[status == 3] = np.nan
    write_results(path, transmission, field, angle, energy, range(realisations), np.repeat(modes[..., None], 2, -1), status,
                  title=title, **options)


def _ring_of_leads(path, energy):
    """Three leads round a scatterer: transmission on to the next lead falls with energy, the rest goes back or on to the one after."""
    e = np.asarray(energy, float)
    onward, beyond = 1.5 + np.cos(2 * e), 0.6 + 0.4 * np.sin(3 * e)**2
    back = 4 - onward - beyond
    matrix = np.stack([np.stack(row, -1) for row in ((back, beyond, onward), (onward, back, beyond), (beyond, onward, back))], -2)
    write_results(path, matrix[None, None, :, None], energy=e, axis="", title="Ring with three leads")


KINDS = {
    "bar": lambda path: _bar(path, "Longitudinal magnetoconductance of a disordered Weyl bar", np.linspace(0, 0.1, 6), failures=3),
    "physical": lambda path: _bar(path, "Na3Bi wire, 1 % impurities", np.linspace(-8, 8, 33), angle=(0, 15, 30, 45, 60, 75, 90, 105, 120),
                                  energy=(0.05, 0.1, 0.15, 0.2), realisations=20, units="physical"),
    "clean": lambda path: _bar(path, "Clean bar", np.linspace(0, 0.1, 5), realisations=1, noise=0, disorder="[]"),
    "single": lambda path: _bar(path, "One point", (0.05,), angle=(0,), realisations=4),
    "fields": lambda path: _bar(path, "Two fields, two realisations", (0.02, 0.08), angle=(0, 90), realisations=2),
    "energies": lambda path: _bar(path, "Energy sweep of a disordered bar", (0, 0.1), angle=(0, 90), energy=np.linspace(0, 1, 21)),
    "system": lambda path: _ring_of_leads(path, np.linspace(-1, 1, 21)),
    "matrix": lambda path: _ring_of_leads(path, [0.3]),
}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    KINDS[sys.argv[1]](sys.argv[2])
