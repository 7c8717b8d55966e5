#!/usr/bin/env python3
"""Decks of the continuum engine, run as a user does: the claims of inputs/, and the same numbers on 1, 2 and 4 ranks.

    test_continuum.py EDOTB MPIRUN
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

import h5py
import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EDOTB, MPIRUN = sys.argv[1:3]


def run(deck, folder, n_ranks=1, *options):
    command = [EDOTB, "run", os.path.join(ROOT, "inputs", deck + ".yaml"), "--output", folder, *options]
    if n_ranks > 1:
        command = [MPIRUN, "-n", str(n_ranks), *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return os.path.join(folder, "results.h5")


class Claims(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def test_current_jetting(self):
        path = run("current_jetting", self.folder.name)
        with h5py.File(path) as file:
            conductance = file["continuum/conductance"][:, 0, 0, 0]
            volts = file["continuum/probe_potential"][:, 0, 0, 0, :, 0]
            error = file["continuum/conductance_error"][:, 0, 0, 0]
            self.assertEqual(file["continuum/conductance"].attrs["units"], b"S")
            self.assertLess(np.max(file["continuum/current_error"][...]), 1e-10)
        r0 = 2e-3 / (1e24 * 1.602176634e-19 * 1e-3 * 1e-4)  # of 2 mm between the probes
        spine = (volts[:, 0] - volts[:, 1]) / conductance[:, 1, 0] / r0
        edge = (volts[:, 2] - volts[:, 3]) / conductance[:, 1, 0] / r0
        np.testing.assert_allclose(spine, [1.00059, 1.1458, 2.809], rtol=5e-3)
        np.testing.assert_allclose(edge, [0.99941, 0.8733, 0.17743], rtol=5e-3)
        # The same as `analyse` reads them, and their changes in the field.
        subprocess.run([EDOTB, "analyse", self.folder.name], capture_output=True, check=True)
        with h5py.File(os.path.join(self.folder.name, "analysis.h5")) as file:
            for number, expected, ratio in (("0", spine, 2.809 / 1.00059), ("1", edge, 0.17743 / 0.99941)):
                curve = file["curves"][number]
                np.testing.assert_allclose(curve["resistance"][...] / r0, expected, rtol=1e-9)
                self.assertAlmostEqual((curve["magnetoresistance"][2] + 1) / ratio, 1, delta=5e-3)
                self.assertTrue(np.all(curve["resistance_error"][...] > 0))
        scale = np.abs(conductance[:, 0, 0])
        self.assertTrue(np.all(error[:, 1, 0] <= 1.001e-3 * scale))

    def test_corbino_shows_no_chiral_term(self):
        with h5py.File(run("corbino_null", self.folder.name)) as file:
            g = file["continuum/conductance"][0, :, 0, 0, 1, 0]
        self.assertAlmostEqual(g[0] / (2 * 10 * 2 * math.pi * 1e-4 / math.log(2)), 1, delta=1e-6)
        self.assertGreater(g[1], 1.1 * g[0])

    def test_chiral_wire(self):
        with h5py.File(run("chiral_wire", self.folder.name)) as file:
            g = file["continuum/conductance"][0, 0, 0, 0, 1, 0]
        self.assertAlmostEqual(1 / g, 0.7028096, delta=0.7e-4)


class Ranks(unittest.TestCase):
    def test_same_numbers(self):
        """Points shared out, or ranks that solve one point together, directly and by multigrid."""
        with tempfile.TemporaryDirectory() as folder:
            small = ["--set", "conductor.mesh.cells=8", "--set", "conductor.mesh.tolerance=0.02"]
            for solver in ("direct", "multigrid"):
                options = [*small, "--set", f"conductor.solver={solver}"]
                results = []
                for n_ranks, together in ((1, 1), (2, 2), (4, 4), (2, 1)):
                    path = run("current_jetting", os.path.join(folder, f"{solver}{n_ranks}{together}"), n_ranks,
                               *options, "--set", f"engine.ranks_per_point={together}")
                    with h5py.File(path) as file:
                        results.append(file["continuum/conductance"][...])
                        self.assertTrue(np.all(file["status"][...] == 1))
                for other in results[1:]:
                    np.testing.assert_allclose(other, results[0], rtol=1e-9)


class Show(unittest.TestCase):
    def test_json_and_table(self):
        with tempfile.TemporaryDirectory() as folder:
            path = run("chiral_wire", folder)
            points = json.loads(subprocess.run([EDOTB, "show", path, "--json"], capture_output=True, text=True,
                                               check=True).stdout)
            self.assertAlmostEqual(points[0]["conductance"][1][0], 1.42286, delta=1e-4)
            table = subprocess.run([EDOTB, "show", path], capture_output=True, text=True, check=True).stdout
            self.assertIn("left", table)
            self.assertIn("1.4228", table)
            check = subprocess.run([EDOTB, "check", os.path.join(ROOT, "inputs", "current_jetting.yaml")],
                                   capture_output=True, text=True, check=True).stdout
            self.assertIn("contact 1   drain", check)


class Fields(unittest.TestCase):
    DECK = """
units: lattice
engine: {kind: continuum}
conductor:
  material: {kind: uniform, parallel: 3}
  shape: {kind: bar, dimension: %d, length: 4, width: 1, thickness: 1}
  mesh: {cells: 2, grading: 1, tolerance: 0}
  fields: vtk
"""

    def test_uniform_current(self):
        """Between full ends j = sigma/L everywhere: 0.75 along x; the picture of it is drawn."""
        for dimension in (2, 3):
            with tempfile.TemporaryDirectory() as folder:
                deck = os.path.join(folder, "deck.yaml")
                with open(deck, "w", encoding="utf-8") as file:
                    file.write(self.DECK % dimension)
                subprocess.run([EDOTB, "run", deck, "--output", folder], capture_output=True, check=True)
                path = os.path.join(folder, "field_0_angle_0.vtu")
                arrays = {element.get("Name"): np.array(element.text.split(), float)
                          for element in xml.parse(path).getroot().iter("DataArray")}
                current = arrays["current_0"].reshape(-1, 3)
                self.assertGreater(len(current), 20)
                # Film: all current of the thickness; conductivities across are 1, so nothing else flows.
                np.testing.assert_allclose(current, np.tile([0.75, 0, 0], (len(current), 1)), atol=1e-9)
                points = arrays["points"].reshape(-1, 3)
                np.testing.assert_allclose(arrays["potential_0"], 0.5 - points[:, 0] / 4, atol=1e-9)
                picture = os.path.join(folder, "current.png")
                subprocess.run(["/usr/bin/python3", os.path.join(ROOT, "scripts", "draw_conductor.py"), path, "--output",
                                picture], capture_output=True, check=True)
                with open(picture, "rb") as file:
                    self.assertEqual(file.read(4), b"\x89PNG")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
