#!/usr/bin/python3
"""edotb analyse --deconvolve, the row of the decision table that comes from it, and the non-local row, against closed forms."""
import json
import math
import shutil
import tempfile
import unittest
from pathlib import Path

import program

PLATE = Path(program.ROOT) / "inputs" / "laboratory_plate"

# Weyl nodes; two chiral fluids in a strip of width D with the field along it.
E, H, HBAR = 1.602176634e-19, 6.62607015e-34, 1.054571817e-34
VELOCITY, MU, TAU, MOBILITY, PAIRS, FIELD = 3e5, 0.02 * E, 1e-11, 2.0, 1, 1.5
NU = MU**2 / (2 * math.pi**2 * (HBAR * VELOCITY)**3)       # of a node
SIGMA = PAIRS * MU**3 / (6 * math.pi**2 * (HBAR * VELOCITY)**3) * E * MOBILITY
CHIRAL, GAMMA = PAIRS * E**3 * FIELD / H**2, PAIRS * E**2 * NU / (2 * TAU)
LAMBDA = (CHIRAL**2 / SIGMA**2 + 2 * GAMMA / SIGMA)**-0.5
ANISOTROPY = 1 + CHIRAL**2 / (2 * SIGMA * GAMMA)
D = 0.8 * LAMBDA * 1e6                                     # um


def um(x):
    return f"{x:.6g} um"


def weyl(name, angles, shape, contacts="", measurements=""):
    return f"""engine: {{kind: continuum}}
field: {{magnitude: [0, {FIELD}], angle: {angles}}}
sample_name: {name}
conductor:
  material: {{kind: weyl, pairs: {PAIRS}, velocity: {VELOCITY}, chemical_potential: {MU / E} eV, axial_time: {TAU}, mobility: {MOBILITY}}}
  shape: {{kind: bar, dimension: 2, length: {um(shape[0])}, width: {um(shape[1])}, thickness: 1 um}}
{contacts}  mesh: {{cells: 6, grading: 0.05, tolerance: 0.0003}}
{measurements}"""


class Deconvolve(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def analyse(self, *arguments):
        done = program.run("analyse", *map(str, arguments), "--output", str(self.folder / "out"), timeout=600)
        self.assertEqual(done.code, 0, done.err)
        rows = json.loads((self.folder / "out" / "verdict.json").read_text())["rows"]
        return done.out, {row["name"]: row for row in rows}

    def refused(self, expected, readings=None, deck=None):
        folder = self.folder / "plate"
        shutil.copytree(PLATE, folder, dirs_exist_ok=True)
        for name, edit in (("readings.csv", readings), ("deck.yaml", deck)):
            if edit is not None:
                (folder / name).write_text(edit((PLATE / name).read_text()))
        done = program.run("analyse", str(folder), "--deconvolve")
        program.check_refusal(self, done, [expected])
        self.assertFalse((folder / "deconvolution.json").exists())

    def test_bad_input(self):
        self.refused("readings.csv:3: 'spine' has a reading at this field", lambda text: text.replace("spine,1,0,", "spine,0,0,", 1))
        self.refused("deck.yaml has no measurement 'rib'; it has spine, edge, half, askew", lambda text: text + "rib,1,0,2,1,1\n")
        self.refused("column value: expected a number, found 'n/a'", lambda text: text + "spine,7,0,2,n/a,1\n")
        self.refused("a reading's error is above zero", lambda text: text + "spine,7,0,2,1,0\n")
        self.refused("there is no column 'temperature'", lambda text: text.replace("temperature", "T", 1))
        self.refused("conductor.probes[3].position", deck=lambda text: text.replace("[-1 mm, 0.5 mm, 0 mm]", "[-1 mm, 0.7 mm, 0 mm]"))
        self.refused("measurements[1].voltage", deck=lambda text: text.replace("voltage: [e1, e2]", "voltage: [e1, e3]"))
        (self.folder / "plate" / "deck.yaml").unlink()
        program.check_refusal(self, program.run("analyse", str(self.folder / "plate"), "--deconvolve"), ["deck.yaml"])

    def test_probes_that_do_not_determine(self):
        """Of a film in a perpendicular field nothing depends on the conductivity along it, and that is said."""
        folder = self.folder / "plate"
        shutil.copytree(PLATE, folder)
        deck = (folder / "deck.yaml").read_text()
        (folder / "deck.yaml").write_text(deck.replace("field: {magnitude: 0, angle: 0}", "field: {magnitude: 0, angle: 0, azimuth: 90}"))
        lines = [line for line in (folder / "readings.csv").read_text().splitlines() if line.split(",")[2] in ("angle", "90")]
        (folder / "readings.csv").write_text("\n".join(lines) + "\n")
        text, rows = self.analyse(folder, "--deconvolve")
        self.assertIn("sigma_par is not determined by these probes in any field", text)
        self.assertIn("remark: the probes of plate do not determine sigma_par", text)
        self.assertNotIn("intrinsic", rows)
        (result,) = json.loads((self.folder / "out" / "deconvolution.json").read_text())
        self.assertTrue(all(field["parallel"] is None for field in result["fields"][1:]))

    def run_deck(self, name, text):
        deck = self.folder / f"{name}.yaml"
        deck.write_text(text)
        done = program.run("run", str(deck), "--output", str(self.folder / name), timeout=600)
        self.assertEqual(done.code, 0, done.err)
        return self.folder / name

    def test_nonlocal_of_two_fluids(self):
        """The imbalance of chiralities decays over lambda, longer than sqrt(A) d/pi."""
        ohmic = math.sqrt(ANISOTROPY) * D / math.pi
        self.assertGreater(LAMBDA * 1e6, 1.5 * ohmic)
        length, first, step = 20 * D, 2 * D, 0.5 * D
        sites = [-length / 2 + first + i * step for i in range(6)]
        contacts = (f"  contacts:\n    - {{name: source, side: -x, chirality: plus}}\n"
                    f"    - {{name: drain, side: +y, centre: [{um(-length / 2 + 0.6 * D)}, 0 um, 0 um], size: [{um(0.2 * D)}, 0 um, 0 um]}}\n"
                    "  probes:\n" + "".join(f"    - {{name: p{i}, position: [{um(x)}, 0 um, 0 um]}}\n" for i, x in enumerate(sites)))
        measurements = "measurements:\n" + "".join(
            f"  - {{name: far{i}, kind: nonlocal, current: [source, drain], voltage: [p{i}, p{i + 1}]}}\n" for i in range(5))
        strip = self.run_deck("strip", weyl("strip", [0], (length, D), contacts, measurements))
        bar = self.run_deck("bar", weyl("bar", [0, 90], (60 * D, D)))
        _, rows = self.analyse(strip)
        row = rows["nonlocal"]
        self.assertLess(abs(row["value"] / LAMBDA - 1), 0.03)
        self.assertEqual(row["unit"], "m")
        self.assertEqual(row["says"]["anomaly"], "nothing")           # an anisotropy could do that
        _, rows = self.analyse(strip, bar)
        self.assertEqual(rows["nonlocal"]["says"]["anomaly"], "supports")
        self.assertEqual(rows["nonlocal"]["says"]["jetting"], "against")

    def test_nonlocal_of_an_ohmic_slab(self):
        """(2 rho/pi) ln coth(pi x/2d): a decay over d/pi."""
        deck = (Path(program.ROOT) / "scripts" / "reproduce" / "decks" / "nonlocal_slab.yaml").read_text()
        for number in range(6):
            deck = deck.replace("    - {position", f"    - {{name: p{number}, position", 1)
        pairs = [f"  - {{name: x{i}, kind: nonlocal, current: [top, bottom], voltage: [p{2 * i}, p{2 * i + 1}]}}" for i in range(3)]
        _, rows = self.analyse(self.run_deck("slab", deck + "\n".join(["measurements:", *pairs, ""])))
        self.assertLess(abs(rows["nonlocal"]["value"] * math.pi - 1), 0.01)
        self.assertEqual(rows["nonlocal"]["says"]["anomaly"], "against")


if __name__ == "__main__":
    unittest.main()
