#!/usr/bin/python3
"""Every subcommand as a user calls it. Usage: test_commands.py EDOTB"""
import json
import math
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import h5py

DECK = """title: Commands
units: lattice
sample:
  model: {name: simple_metal, dimension: 2}
  shape: {axis: x, length: 8, width: 16}
  disorder: [{kind: anderson, width: 0.5}]
field: {magnitude: [0.1, 0.2], angle: [90], azimuth: 90}
energy: [-1, 0.5]
ensemble: {realisations: 4}
"""


def edotb(*arguments):
    return subprocess.run([EDOTB, *map(str, arguments)], capture_output=True, text=True, timeout=300)


def table(text):
    return [[float(x) for x in line.split()] for line in text.splitlines() if line and line[0] != "#"]


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.deck = Path(self.folder.name) / "deck.yaml"
        self.deck.write_text(DECK)

    def test_help_and_version(self):
        text = edotb("--help")
        self.assertEqual(text.returncode, 0)
        for command in ("run", "check", "bands", "show", "schema", "models"):
            self.assertIn(command, text.stdout)
        self.assertRegex(edotb("--version").stdout, r"edotb \d+\.\d+\.\d+ \(\S+\)")

    def test_wrong_command_lines_exit_with_2(self):
        for arguments in ([], ["walk"], ["run"], ["run", self.deck, "--fast"], ["check", self.deck, "--ranks", "0"]):
            done = edotb(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertNotIn("terminate", done.stderr)

    def test_check_tells_the_sample_the_points_and_the_cost(self):
        done = edotb("check", self.deck, "--ranks", "512", "--set", "field.magnitude=0")
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in ("sample      128 sites, 128 orbitals", "11 open modes at the first point",
                     "points      8 = 1 fields x 1 angles x 2 energies x 4 realisations",
                     "forecast for 512 ranks", "MB per rank", "flux per plaquette", 'title: "Commands"'):
            self.assertIn(line, done.stdout)
        self.assertEqual(sorted(p.name for p in Path(self.folder.name).iterdir()), ["deck.yaml"])

    def test_check_plays_the_schedule_of_a_run(self):
        """Five energies and one realisation: five points that cost the same, c, each with leads of its own. On w workers the
        run takes ceil(5/w) c, the efficiency is 5/(w ceil(5/w)), and all but the efficiency is waiting, whatever c is."""
        def forecast(n_ranks, *settings):
            done = edotb("check", self.deck, "--ranks", n_ranks, "--set", "field.magnitude=0.1", "--set", "ensemble.realisations=1",
                         "--set", "energy=[-1, -0.6, -0.2, 0.2, 0.6]", *settings)
            self.assertEqual(done.returncode, 0, done.stderr)
            text = done.stdout[done.stdout.index(f"forecast for {n_ranks} rank"):]
            per_rank, in_all = map(float, re.search(r"  memory +(\d+) MB per rank, ([0-9.]+) GB in all\n", text).groups())
            self.assertLessEqual(abs(1e-3 * n_ranks * per_rank - in_all), 0.051 + 0.51e-3 * n_ranks)
            self.assertRegex(text, r"  leads +\S+ s per set, 5 sets\n")
            self.assertRegex(text, r"  total +about \S")
            return text

        self.assertNotIn("  efficiency  ", forecast(1))
        for n_ranks, efficiency, waiting in ((2, "83.3", "16.7"), (4, "62.5", "37.5"), (5, "100.0", "0.0"), (6, "83.3", "16.7"),
                                             (4096, "0.1", "99.9")):
            text = forecast(n_ranks)
            self.assertIn(f"  efficiency  {efficiency} %; {waiting} % of the ranks' time is waiting for the last\n", text)
            self.assertIn("  useful      up to 5 ranks: with more the efficiency falls below 80 %\n", text)
        text = forecast(4, "--set", "engine.ranks_per_point=2")      # two workers of two ranks
        self.assertIn("  efficiency  83.3 %; 16.7 % of", text)
        self.assertIn("  useful      up to 10 ranks", text)

    def test_check_draws_the_sample(self):
        """A VTK file with every site and bond, and pictures; another ending is refused."""
        sites, bonds = 8 * 16, 7 * 16 + 8 * 15
        drawing = self.deck.with_suffix(".vtu")
        self.assertEqual(edotb("check", self.deck, "--draw", drawing).returncode, 0)
        grid = xml.parse(drawing).getroot()
        self.assertEqual(grid.get("type"), "UnstructuredGrid")
        contact = [float(x) for x in grid.find(".//DataArray[@Name='contact']").text.split()]
        lead_cell = [float(x) for x in grid.find(".//DataArray[@Name='lead_cell']").text.split()]
        self.assertEqual(lead_cell.count(0), sites)
        self.assertEqual(sum(1 for c, cell in zip(contact, lead_cell) if cell == 0 and c >= 0), 2 * 16)
        self.assertGreaterEqual(int(grid.find(".//Piece").get("NumberOfCells")), bonds)
        for ending, first in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
            picture = self.deck.with_suffix(ending)
            done = edotb("check", self.deck, "--draw", picture)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(picture.read_bytes().startswith(first))
        done = edotb("check", self.deck, "--draw", self.deck.with_suffix(".pdf"))
        self.assertEqual(done.returncode, 2)
        self.assertIn(".png", done.stderr)

    def test_check_prints_the_flux_of_physical_units(self):
        # 10 T through (10 nm)^2: -2 pi B a^2/(h/e), electron charge -e.
        done = edotb("check", self.deck, "--set", "units=physical", "--set", "field.magnitude=10 T",
                     "--set", "sample.model.lattice_constant=10 nm")
        self.assertEqual(done.returncode, 0, done.stderr)
        row = [line.split() for line in done.stdout.splitlines() if line.split()[:2] == ["10", "90"]][0]
        self.assertAlmostEqual(float(row[4]), -2 * math.pi * 10 * 100 / 4135.667697, places=5)

    def test_bulk_bands_follow_the_formula(self):
        done = edotb("bands", self.deck, "--from", "0", "0", "0", "--to", "1", "0.5", "0", "--points", "11")
        rows = table(done.stdout)
        self.assertEqual(len(rows), 11)
        for distance, kx, ky, _, band, energy, velocity in rows:
            self.assertEqual(band, 0)
            self.assertAlmostEqual(distance, math.pi * math.hypot(kx, ky), places=9)
            self.assertAlmostEqual(energy, -2 * math.cos(math.pi * kx) - 2 * math.cos(math.pi * ky), places=9)
            slope = 2 * (2 * math.sin(math.pi * kx) + math.sin(math.pi * ky)) / math.sqrt(5)
            self.assertAlmostEqual(velocity, slope, places=9)

    def test_lead_bands_follow_the_formula(self):
        done = edotb("bands", self.deck, "--lead", "--points", "5", "--set", "field.magnitude=0")
        rows = table(done.stdout)
        self.assertEqual(len(rows), 2 * 5 * 16)
        subbands = sorted(-2 * math.cos(n * math.pi / 17) for n in range(1, 17))
        for contact, k, band, energy, velocity in rows:
            self.assertIn(contact, (0, 1))
            self.assertAlmostEqual(energy, subbands[int(band)] - 2 * math.cos(math.pi * k), places=9)
            self.assertAlmostEqual(velocity, 2 * math.sin(math.pi * k), places=9)

    def test_models_lists_formulas_parameters_and_defaults(self):
        text = edotb("models").stdout
        for name in ("simple_metal", "rashba", "weyl_two_band", "dirac_weyl", "graphene"):
            self.assertIn(name + "\n  ", text)
        self.assertIn("H = -2t sum_i cos k_i", text)
        self.assertIn("inversion", text)
        self.assertIn("default 3 eV", text)

    def test_models_writes_wannier90_files_that_read_back(self):
        prefix = Path(self.folder.name) / "sheet"
        done = edotb("models", self.deck, "--wannier90", prefix, "--set", "sample.model={name: haldane, mass: 0.3}")
        self.assertEqual(done.returncode, 0, done.stderr)
        model = done.stdout.splitlines()[1].split(":", 1)[1].strip()     # as the program prints it for a deck
        path = ("--from", "0.1", "0.2", "0", "--to", "0.9", "-0.7", "0", "--points", "7")
        own = table(edotb("bands", self.deck, *path, "--set", "sample.model={name: haldane, mass: 0.3}").stdout)
        copy = edotb("bands", self.deck, *path, "--set", f"sample.model={model}")
        self.assertEqual(copy.returncode, 0, copy.stderr)
        self.assertEqual(len(own), 7 * 4)
        for expected, found in zip(own, table(copy.stdout)):
            for x, y in zip(expected, found):
                self.assertAlmostEqual(x, y, places=9)
        done = edotb("models", self.deck, "--wannier90", Path(self.folder.name) / "none" / "x")
        self.assertEqual(done.returncode, 2)
        self.assertIn("x_hr.dat: cannot be written", done.stderr)

    def test_bands_as_json_and_as_a_file(self):
        found = json.loads(edotb("bands", self.deck, "--points", "3", "--json").stdout)
        self.assertEqual(found["kind"], "bulk")
        self.assertEqual([round(e, 9) for e in found["columns"]["energy"]["values"]], [-4.0, -2.0, 0.0])
        self.assertEqual(found["columns"]["velocity"]["unit"], "t a")
        path = Path(self.folder.name) / "bands.h5"
        self.assertEqual(edotb("bands", self.deck, "--points", "3", "--output", path).returncode, 0)
        with h5py.File(path) as file:
            self.assertEqual(file.attrs["format"], b"edotb-bands")
            self.assertEqual([round(e, 9) for e in file["energy"][...]], [-4.0, -2.0, 0.0])
            self.assertEqual(file["energy"].attrs["units"], b"t")

    def test_landau_levels_name_the_field_really_used(self):
        done = edotb("bands", self.deck, "--set", "bands={kind: landau, flux_tolerance: 0.01}", "--set", "field.magnitude=2.1")
        rows = table(done.stdout)
        self.assertEqual(len(rows), 3)
        used, asked, p, q = rows[0][:4]
        self.assertEqual((asked, p, q), (2.1, 1, 3))                     # 2.1 rad is 0.334 quanta
        self.assertAlmostEqual(used, 2 * math.pi / 3, places=9)
        self.assertAlmostEqual(rows[0][-1], -1 - math.sqrt(3), places=9)
        refused = edotb("bands", self.deck, "--set", "bands={kind: landau, max_cells: 50}", "--set", "field.magnitude=0.01")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("about 629 cells would do", refused.stderr)

    def test_set_overrides_reach_the_run(self):
        output = Path(self.folder.name) / "out"
        done = edotb("run", self.deck, "--output", output, "--set", "sample.disorder[0].width=0",
                     "--set", "field.magnitude=0", "--set", "ensemble.realisations=1")
        self.assertEqual(done.returncode, 0, done.stderr)
        points = json.loads(edotb("show", "--json", output / "results.h5").stdout)
        self.assertAlmostEqual(points[0]["transmission"][1][0], 11.0, places=9)
        self.assertEqual((output / "deck.yaml").read_text(), DECK)

    def test_a_written_system_file_runs_to_the_same_numbers(self):
        folder = Path(self.folder.name)
        done = edotb("check", self.deck, "--system-file", folder / "system.h5", "--realisation", "2")
        self.assertEqual(done.returncode, 0, done.stderr)
        system = folder / "system.yaml"
        system.write_text("units: lattice\nsample: {system_file: system.h5}\nenergy: [-1, 0.5]\n")
        results = {}
        for name, deck in (("deck", self.deck), ("file", system)):
            done = edotb("run", deck, "--output", folder / name)
            self.assertEqual(done.returncode, 0, done.stderr)
            points = json.loads(edotb("show", "--json", folder / name / "results.h5").stdout)
            results[name] = {point["energy"]: point["transmission"] for point in points
                             if name == "file" or (point["field"], point["realisation"]) == (0.1, 2)}
        self.assertEqual(sorted(results["file"]), [-1, 0.5])
        for energy, expected in results["deck"].items():
            for p in range(2):
                for q in range(2):
                    self.assertAlmostEqual(results["file"][energy][p][q], expected[p][q], delta=1e-11)

    def test_a_clean_system_file_takes_the_disorder_of_the_deck(self):
        folder = Path(self.folder.name)
        done = edotb("check", self.deck, "--system-file", folder / "system.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        system = folder / "system.yaml"
        text = self.deck.read_text()
        disorder, ensemble = (next(line for line in text.splitlines() if key in line) for key in ("disorder:", "ensemble:"))
        system.write_text(f"units: lattice\nsample:\n  system_file: system.h5\n{disorder}\n{ensemble}\nenergy: [-1, 0.5]\n")
        tables = {}
        for name, deck in (("deck", self.deck), ("file", system)):
            done = edotb("run", deck, "--output", folder / name)
            self.assertEqual(done.returncode, 0, done.stderr)
            points = json.loads(edotb("show", "--json", folder / name / "results.h5").stdout)
            tables[name] = {(point["energy"], point["realisation"]): point["transmission"][1][0] for point in points
                            if name == "file" or point["field"] == 0.1}
        self.assertEqual(sorted(tables["file"]), sorted(tables["deck"]))
        self.assertGreater(len(set(tables["file"].values())), len(tables["file"]) / 2)      # the realisations differ
        for place, expected in tables["deck"].items():
            self.assertAlmostEqual(tables["file"][place], expected, delta=1e-11)

    def test_a_system_file_that_cannot_be_is_refused(self):
        path = Path(self.folder.name) / "system.h5"
        for said, arguments in (("contact 0 is a wide_band metal", ["--set", "sample.leads.kind=wide_band"]),
                                ("the deck has 4, counted from 0", ["--realisation", "4"])):
            done = edotb("check", self.deck, "--system-file", path, *arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(said, done.stderr)
            self.assertEqual([p.name for p in Path(self.folder.name).iterdir()], ["deck.yaml"])
        self.assertEqual(edotb("check", self.deck, "--realisation", "1").returncode, 2)

    def test_show_refuses_what_is_not_a_results_file(self):
        for path in (self.deck, Path(self.folder.name) / "none.h5"):
            done = edotb("show", path)
            self.assertEqual(done.returncode, 2)
            self.assertIn(str(path), done.stderr)


if __name__ == "__main__":
    EDOTB = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
