#!/usr/bin/python3
"""Memory: what `edotb check` forecasts of a continuum run, by which runs are refused, against the most that the run had;
and what a run does on a node that has too little.

    test_memory.py EDOTB MPIRUN
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

from durable import PATIENCE, Program

PROGRAM = Program(*sys.argv[1:3])
CARRIERS = {"symmetric": "[{density: 0.5e+24, mobility: 1, carriers: electrons}, {density: 0.5e+24, mobility: 1, carriers: holes}]",
            "with a Hall part": "[{density: 1e+24, mobility: 1, carriers: electrons}]"}
CONDUCTOR = """engine: {{kind: continuum}}
conductor:
  shape: {{kind: bar, dimension: {dimension}, length: 3 mm, width: 1 mm, thickness: 1 mm}}
  material: {{kind: drude, bands: {bands}}}
  contacts: [{{name: a, side: -x, size: [0 mm, 0.2 mm, 0 mm]}}, {{name: b, side: +x, size: [0 mm, 0.2 mm, 0 mm]}}]
  solver: {solver}
  mesh: {{cells: {cells}, order: {order}, tolerance: 0}}
field: {{magnitude: [1], angle: {angle}, azimuth: 20}}
output: {{directory: results}}
"""
FILM = """units: lattice
sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 150, width: 100}}
energy: [-1.1]
output: {observables: [local_density]}
"""
# Six sites between two contacts that hold each end by 1e-6: at the second level of the chain, -2 cos(2 pi/7), which is as
# wide as that, all is transmitted. Single precision cannot tell the energy from its neighbours.
RESONANCE = """units: lattice
sample:
  model: {name: simple_metal, dimension: 2}
  shape: {length: 6, width: 1}
  leads: {broadening: 1e-6}
  contacts: [{name: a, kind: wide_band, direction: -x}, {name: b, kind: wide_band, direction: +x}]
energy: [-1.2469796037174670]
engine: {precision: single}
"""


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def deck(self, text):
        path = self.folder / "deck.yaml"
        path.write_text(text)
        return path

    @staticmethod
    def forecast(deck, *options):
        """Megabytes of a rank."""
        checked = PROGRAM.run(1, "check", deck, *options)
        return float(re.search(r"([\d.]+) MB per rank", checked.stdout).group(1))

    def run_with(self, megabytes, n_ranks, deck, name, *options):
        """A run on a node whose /proc/meminfo says that so much is free."""
        lines = [line for line in Path("/proc/meminfo").read_text().splitlines() if "MemAvailable" not in line]
        (self.folder / "meminfo").write_text("\n".join([*lines, f"MemAvailable: {megabytes * 1e6 / 1024:.0f} kB", ""]))
        run = f"{PROGRAM.mpirun} -n {n_ranks} {PROGRAM.edotb} run {deck} --output {self.folder / name} {' '.join(options)}"
        script = f"mount --bind {self.folder}/meminfo /proc/meminfo || exit 99; {run}"
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "bash", "-c", script], capture_output=True,
                              text=True, timeout=PATIENCE, check=False)
        if done.returncode == 99 or "unshare" in done.stderr:
            self.skipTest("no other /proc/meminfo can be mounted here: " + done.stderr)
        return done

    def results(self, name, done, dataset, code=0):
        self.assertEqual(done.returncode, code, done.stderr)
        with h5py.File(self.folder / name / "results.h5") as file:
            return file.attrs["ranks_per_point"], file[dataset][...]


class Forecast(Folder):
    def ratio(self, carriers, **keys):
        """Most memory over forecast."""
        deck = self.deck(CONDUCTOR.format(bands=CARRIERS[carriers], angle=0 if keys["dimension"] == 2 else 40, **keys))
        megabytes = self.forecast(deck)
        run = subprocess.Popen([PROGRAM.edotb, "run", deck], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(run.returncode, 0)
        return usage.ru_maxrss / 1024 / megabytes

    def test_the_forecast_is_right_within_one_and_a_half(self):
        for carriers in CARRIERS:
            for keys in ({"dimension": 2, "solver": "direct", "order": 1, "cells": 110}, {"dimension": 2, "solver": "direct", "order": 2, "cells": 50},
                         {"dimension": 2, "solver": "multigrid", "order": 1, "cells": 150}, {"dimension": 3, "solver": "direct", "order": 1, "cells": 4},
                         {"dimension": 3, "solver": "multigrid", "order": 1, "cells": 6}):
                with self.subTest(carriers, **keys):
                    ratio = self.ratio(carriers, **keys)
                    self.assertGreater(ratio, 1 / 1.5)
                    self.assertLess(ratio, 1.5)


class Short(Folder):
    def test_too_little_memory(self):
        """A dense matrix of 90000^2 complex numbers: 130 GB, said before anything is begun."""
        deck = self.deck("units: lattice\nsample: {model: {name: simple_metal, dimension: 2}, shape: {length: 900, width: 100}}\n"
                         "engine: {solver: dense}\n")
        done = PROGRAM.run(2, "run", deck, "--output", self.folder / "out")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, r"needs up to 2[56]\d\.\d GB on a node, which has [0-9.]+ GB free: 2 ranks of 1")
        self.assertIn("--ignore-memory", done.stderr)
        self.assertFalse((self.folder / "out" / "results.h5").exists())

        text = CONDUCTOR.format(bands=CARRIERS["symmetric"], angle=0, dimension=2, solver="direct", order=1, cells=12)
        deck = self.deck(text.replace("tolerance: 0", "tolerance: 0.01, max_unknowns: 1e9"))
        done = PROGRAM.run(1, "run", deck, "--output", self.folder / "out")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("Lower conductor.mesh.max_unknowns", done.stderr)

    def assert_shared_where_short(self, deck, settings, dataset, by):
        """A node that has the memory for four ranks of one point, not for four points at once."""
        alone, by_two, together = (self.forecast(deck, *settings(n)) for n in (1, 2, 4))
        self.assertGreater(min(alone, by_two), together + 4)
        short = 2 * (min(alone, by_two) + together)
        found = {}
        for name, megabytes, n, options in (("plenty", 5 * alone, 1, []), ("short", short, 4, []),
                                            ("ignored", short, 1, ["--ignore-memory"])):
            done = self.run_with(megabytes, 4, deck, name, *options)
            ranks_per_point, found[name] = self.results(name, done, dataset)
            self.assertEqual(ranks_per_point, n)
            self.assertEqual(done.stderr.count(f"note: 4 ranks solve each point together{by}, because"), n == 4, done.stderr)
        np.testing.assert_array_equal(found["plenty"], found["ignored"])
        np.testing.assert_allclose(found["plenty"], found["short"], rtol=1e-8, atol=1e-9)
        for megabytes, option in ((short, "--set engine.ranks_per_point=1"), (3.9 * together, "")):
            done = self.run_with(megabytes, 4, deck, "refused", option)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("GB on a node, which has", done.stderr)
        return short

    def test_ranks_share_points_where_memory_is_short(self):
        deck = self.deck(FILM)
        short = self.assert_shared_where_short(
            deck, lambda n: () if n == 1 else ("--set", "engine.solver=mumps", "--set", f"engine.ranks_per_point={n}"),
            "transmission", " by mumps")
        done = self.run_with(short, 4, deck, "refused", "--set engine.solver=multifrontal")  # which all hold whole
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_ranks_share_points_of_conductors(self):
        for keys in ({"solver": "direct", "cells": 110}, {"solver": "multigrid", "cells": 150}):
            with self.subTest(**keys):
                deck = self.deck(CONDUCTOR.format(bands=CARRIERS["symmetric"], angle=0, dimension=2, order=1, **keys))
                self.assert_shared_where_short(deck, lambda n: ("--set", f"engine.ranks_per_point={n}"), "continuum/conductance", "")

    def test_what_single_precision_cannot_solve(self):
        """Is solved in double, but not where the node has no room for that: then the point fails, and says so."""
        deck = self.deck(RESONANCE)
        done = self.run_with(1000, 1, deck, "plenty")
        _, transmission = self.results("plenty", done, "transmission")
        self.assertAlmostEqual(transmission[..., 1, 0].item(), 1, places=7)
        self.assertIn("solved again: multifrontal in single precision: S has an estimated error of", done.stderr)
        self.assertNotIn("mumps", done.stderr)
        done = self.run_with(0, 1, deck, "none", "--ignore-memory")
        _, transmission = self.results("none", done, "transmission", code=3)
        self.assertTrue(np.isnan(transmission).all())
        for solver in ("multifrontal", "mumps"):
            self.assertIn(f"; {solver}: not tried, as it needs 0.0 GB, more than the node has free", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
