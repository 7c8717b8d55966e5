#!/usr/bin/python3
"""The results file of one deck on 1, 2 and 4 ranks: bit-equal numbers, complete provenance, xarray.

Usage: test_ranks.py EDOTB MPIRUN
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

DECK = """title: Ranks
units: lattice
sample:
  model: {name: weyl_two_band}
  shape: {kind: bar, axis: z, length: 6, width: 4, thickness: 3}
  disorder:
    - {kind: anderson, width: 1.0}
    - {kind: gaussian, strength: 0.3, correlation_length: 1.5, where: surface}
    - {kind: vacancies, density: 0.05}
    - {kind: hopping_phases, width: 0.2}
    - {kind: magnetic, density: 0.3, exchange: 0.4, potential: 0.1, temperature: 0.1}
field: {magnitude: {from: 0, to: 0.3, count: 3}, angle: [0, 45], azimuth: 20}
energy: [0.31, 0.7]
ensemble: {realisations: 5, seed: 3}
"""
SHAPE = (3, 2, 2, 5)


def run(directory, n_ranks, deck=DECK, extra=()):
    deck_file = Path(directory) / "deck.yaml"
    deck_file.write_text(deck)
    output = Path(directory) / f"out{n_ranks}"
    command = [MPIRUN, "-n", str(n_ranks), EDOTB, "run", str(deck_file), "--output", str(output), *extra]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done, output / "results.h5"


class Ranks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.paths = {}
        for n_ranks in (1, 2, 4):
            done, path = run(cls.folder.name, n_ranks)
            assert done.returncode == 0, done.stderr
            cls.paths[n_ranks] = path

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def read(self, n_ranks, name):
        with h5py.File(self.paths[n_ranks]) as file:
            return file[name][()]

    def test_numbers_are_bit_equal(self):
        for name in ("transmission", "modes", "unitarity_error", "status", "flux_per_plaquette"):
            one = self.read(1, name)
            self.assertEqual(one.shape[: len(SHAPE)] if name != "flux_per_plaquette" else SHAPE, SHAPE)
            for n_ranks in (2, 4):
                self.assertTrue(np.array_equal(one, self.read(n_ranks, name)), f"{name} on {n_ranks}")

    def test_ranks_share_a_point(self):
        for n_ranks, solver in ((2, "multifrontal"), (4, "multifrontal"), (2, "mumps"), (4, "mumps")):
            with tempfile.TemporaryDirectory() as folder:
                extra = ("--set", "engine.ranks_per_point=2", "--set", f"engine.solver={solver}")
                done, path = run(folder, n_ranks, extra=extra)
                self.assertEqual(done.returncode, 0, done.stderr)
                with h5py.File(path) as file:
                    self.assertTrue((file["status"][()] == 1).all())
                    difference = np.abs(file["transmission"][()] - self.read(1, "transmission")).max()
                    allowed = 1e-9 if solver == "mumps" else 0.0
                    self.assertLessEqual(difference, allowed, f"{solver} on two ranks against multifrontal on one")
                    self.assertTrue(np.array_equal(file["modes"][()], self.read(1, "modes")))

    def test_ranks_per_point_must_divide_the_ranks(self):
        with tempfile.TemporaryDirectory() as folder:
            done, path = run(folder, 2, extra=("--set", "engine.ranks_per_point=3"))
            self.assertEqual(done.returncode, 2)
            self.assertIn("3 ranks per point do not divide the 2 of this run", done.stderr)
            self.assertFalse(path.exists())

    def test_every_point_is_there(self):
        self.assertTrue((self.read(4, "status") == 1).all())
        self.assertTrue((self.read(4, "seconds") > 0).all())
        transmission = self.read(4, "transmission")
        modes = self.read(4, "modes")
        self.assertLess(np.abs(transmission.sum(axis=-1) - modes).max(), 1e-9)

    def test_scales_units_and_names(self):
        with h5py.File(self.paths[2]) as file:
            for name, dataset in file.items():
                self.assertIn("units", dataset.attrs, name)
                self.assertIn("long_name", dataset.attrs, name)
            names = [scale.label or list(scale.keys())[0] for scale in file["transmission"].dims]
            self.assertEqual(names, ["field", "angle", "energy", "realisation", "lead_to", "lead_from"])
            self.assertTrue(np.allclose(file["field"][()], [0, 0.15, 0.3]))
            flux = file["flux_per_plaquette"][2, 1]
            self.assertAlmostEqual(np.linalg.norm(flux), 0.3)
            self.assertAlmostEqual(flux[0], 0.3 * np.cos(np.pi / 4))

    def test_provenance(self):
        with h5py.File(self.paths[4]) as file:
            text = {k: v.decode() if isinstance(v, bytes) else v for k, v in file.attrs.items()}
        self.assertEqual(text["deck"], DECK)
        self.assertEqual(text["ranks"], 4)
        self.assertEqual(text["seed"], 3)
        self.assertEqual(text["title"], "Ranks")
        self.assertLessEqual(text["start"], text["end"])
        for key in ("version", "git_hash", "host", "expanded_deck"):
            self.assertTrue(text[key], key)
        for library in ("petsc", "mumps", "blas", "mpi", "hdf5"):
            self.assertIn(library, json.loads(text["library_versions"]))

    def test_expanded_deck_gives_the_same_numbers(self):
        with h5py.File(self.paths[1]) as file:
            expanded = file.attrs["expanded_deck"]
        expanded = expanded.decode() if isinstance(expanded, bytes) else expanded
        with tempfile.TemporaryDirectory() as folder:
            done, path = run(folder, 2, deck=expanded)
            self.assertEqual(done.returncode, 0, done.stderr)
            with h5py.File(path) as file:
                self.assertTrue(np.array_equal(file["transmission"][()], self.read(1, "transmission")))

    def test_xarray_reads_it(self):
        with xarray.open_dataset(self.paths[2], engine="h5netcdf") as data:
            mean = data["transmission"].sel(lead_to=1, lead_from=0).mean("realisation")
            self.assertEqual(mean.dims, ("field", "angle", "energy"))
            expected = self.read(2, "transmission")[..., 1, 0].mean(axis=3)
            self.assertTrue(np.allclose(mean.values, expected))

    def test_show_prints_every_point(self):
        shown = subprocess.run([EDOTB, "show", str(self.paths[2]), "--json"], capture_output=True, text=True)
        points = json.loads(shown.stdout)
        self.assertEqual(len(points), np.prod(SHAPE))
        self.assertEqual(
            [p["transmission"] for p in points], self.read(2, "transmission").reshape(-1, 2, 2).tolist()
        )
        table = subprocess.run([EDOTB, "show", str(self.paths[2])], capture_output=True, text=True)
        self.assertEqual(table.returncode, 0)
        self.assertIn("60 points, 0 not computed, 0 solved again, 0 failed", table.stdout)

    def test_an_older_file_is_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            for seed in (1, 2):
                done, path = run(folder, 2, extra=("--set", f"ensemble.seed={seed}"))
                self.assertEqual(done.returncode, 0, done.stderr)
            with h5py.File(path) as new, h5py.File(path.with_name("results.previous.h5")) as old:
                self.assertEqual((old.attrs["seed"], new.attrs["seed"]), (1, 2))

    def test_failed_points_end_in_status_3_and_the_rest_is_there(self):
        deck = """units: lattice
sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 4, width: 1}}
energy: [1.9, 2.0, 2.1]
"""
        with tempfile.TemporaryDirectory() as folder:
            done, path = run(folder, 2, deck=deck)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("band edge", done.stderr)
            self.assertIn("energy 2 realisation 0: failed", done.stderr)
            with h5py.File(path) as file:
                self.assertEqual(file["status"][0, 0, :, 0].tolist(), [1, 3, 1])
                self.assertTrue(np.isnan(file["transmission"][0, 0, 1]).all())
                self.assertAlmostEqual(file["transmission"][0, 0, 0, 0, 1, 0], 1.0)
                self.assertIn(b"band edge", np.bytes_(file.attrs["remarks"]))


if __name__ == "__main__":
    EDOTB, MPIRUN = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
