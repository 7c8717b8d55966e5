#!/usr/bin/python3
"""Thermal averages in the results file: bit-equal on any number of ranks, described, and never silently inexact.

Usage: test_thermal_run.py EDOTB MPIRUN
"""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np
import xarray

DECK = """units: lattice
sample:
  model: {name: simple_metal, dimension: 2}
  shape: {length: 8, width: 3}
  disorder: [{kind: anderson, width: 1.0}]
field: {magnitude: [0, 0.2], angle: 90, azimuth: 90}
energy: [-1.2, 0.3]
temperature: [0.01, 0.1]
ensemble: {realisations: 3}
"""


def run(folder, n_ranks, *extra):
    deck = Path(folder) / "deck.yaml"
    deck.write_text(DECK)
    output = Path(folder) / f"out{n_ranks}"
    command = [MPIRUN, "-n", str(n_ranks), EDOTB, "run", str(deck), "--output", str(output), *extra]
    return subprocess.run(command, capture_output=True, text=True, timeout=300), output / "results.h5"


class ThermalRun(unittest.TestCase):
    def test_ranks_axes_and_descriptions(self):
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for n_ranks in (1, 2):
                done, path = run(folder, n_ranks)
                self.assertEqual(done.returncode, 0, done.stderr)
                files.append(h5py.File(path))
            one, two = (file["thermal"] for file in files)
            self.assertTrue((one["status"][()] == 1).all())
            for name, dataset in one.items():
                self.assertTrue(np.array_equal(dataset[()], two[name][()], equal_nan=True), name)
                self.assertIn("units", dataset.attrs)
                self.assertIn("long_name", dataset.attrs)
            names = [list(scale.keys())[0] for scale in one["conductance"].dims]
            points = ["field", "angle", "energy", "realisation"]
            self.assertEqual(names, points + ["temperature", "lead_to", "lead_from"])
            self.assertEqual(one["moments"].shape, (2, 1, 2, 3, 2, 3, 2, 2))
            self.assertEqual(files[0]["temperature"].attrs["units"], b"t/k_B")
            # The conductance is L_0.
            self.assertTrue(np.array_equal(one["conductance"][()], one["moments"][:, :, :, :, :, 0]))
            self.assertTrue((one["n_energies"][()] >= 60).all())
            with xarray.open_dataset(files[0].filename, engine="h5netcdf", group="thermal") as data:
                self.assertEqual(data["thermopower"].dims, tuple(points + ["temperature", "lead_to", "lead_from"]))
            shown = subprocess.run([EDOTB, "show", files[0].filename, "--json"], capture_output=True, text=True)
            thermal = [point["thermal"] for point in json.loads(shown.stdout)]
            for name in ("conductance", "thermopower", "heat_conductance"):
                stored = one[name][()].reshape(12, 2, 2, 2).tolist()
                self.assertEqual([point[name] for point in thermal], stored, name)
            table = subprocess.run([EDOTB, "show", files[0].filename], capture_output=True, text=True).stdout
            mean = one["thermopower"][1, 0, 0, :, 1, 1, 0].mean()
            rows = [line.split() for line in table.splitlines()]
            self.assertIn(["0.2", "90", "-1.2", "0.1", "1<-0"], [row[:5] for row in rows])
            row = next(row for row in rows if row[:5] == ["0.2", "90", "-1.2", "0.1", "1<-0"])
            self.assertAlmostEqual(float(row[6]), mean, delta=1e-5 * abs(mean))
            self.assertEqual(row[8], "3/3")
            for file in files:
                file.close()

    def test_a_missed_tolerance_ends_with_3_and_keeps_the_numbers(self):
        with tempfile.TemporaryDirectory() as folder:
            done, path = run(folder, 2, "--set", "thermal.tolerance=1e-10", "--set", "thermal.max_energies=200")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("thermal averages of 12 points MISSED the tolerance", done.stderr)
            self.assertIn("inexact: thermal averages missed thermal.tolerance 1e-10", done.stderr)
            with h5py.File(path) as file:
                self.assertTrue((file["status"][()] == 1).all())
                self.assertTrue((file["thermal/status"][()] == 2).all())
                self.assertTrue((file["thermal/n_energies"][()] <= 200).all())
                self.assertTrue(np.isfinite(file["thermal/conductance"][()]).all())
                self.assertTrue((file["thermal/error"][..., 1, 0] > 0).all())
                self.assertEqual(file.attrs["remarks"].decode().count("inexact"), 12)

    def test_check_says_how_many_energies(self):
        with tempfile.TemporaryDirectory() as folder:
            deck = Path(folder) / "deck.yaml"
            deck.write_text(DECK)
            done = subprocess.run([EDOTB, "check", str(deck)], capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"thermal +\d+ energies per point at least, 2000 at most")
            self.assertRegex(done.stdout, r"total +at least")


if __name__ == "__main__":
    EDOTB, MPIRUN = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
