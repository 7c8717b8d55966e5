#!/usr/bin/python3
"""Tests of the figures that scripts/report.py draws of `edotb analyse`: on a folder made from formulas, and on runs of the program.

    test_report_analysis.py PATH/TO/edotb
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = os.path.join(HERE, "..", "..", "scripts")
sys.path[:0] = [HERE, SCRIPTS]

import h5py                            # noqa: E402
import numpy as np                     # noqa: E402
import analysis_drawings as ad         # noqa: E402
import analysis_results as ar          # noqa: E402
import circle_drawings                 # noqa: E402
import edotb_results as er             # noqa: E402
import plot                            # noqa: E402
import report                          # noqa: E402
from make_analysis import COEFFICIENT, FIELD, make_analysis      # noqa: E402
from test_report import Outline        # noqa: E402

EDOTB = sys.argv.pop(1) if len(sys.argv) > 1 and os.path.isfile(sys.argv[1]) else None
ALL = ["magnetoresistance", "resistance_angle", "spine_edge", "corbino_bar", "collapse", "fit", "deconvolution"]
# A film of 24 x 8 sites with planted disorder, and a plate that draws the current's path.
FILM = """title: Film
units: lattice
sample:
  model: {name: simple_metal, t: 1.0, dimension: 2}
  shape: {kind: bar, axis: x, length: 12, width: 7}
  disorder: [{kind: anderson, width: 2}]
field: {magnitude: [0, 0.02, 0.04, 0.06, 0.08], angle: [0, 30, 60, 90], azimuth: 90}
energy: [-1]
ensemble: {realisations: 24}
output: {observables: [currents]}
"""
PLATE = """title: Plate
field: {magnitude: [0, 2, 5], angle: 0}
engine: {kind: continuum}
conductor:
  material: {kind: drude, bands: [{density: 0.5e+24, mobility: 1.0, carriers: electrons}, {density: 0.5e+24, mobility: 1.0, carriers: holes}]}
  shape: {kind: bar, dimension: 2, length: 4 mm, width: 1 mm, thickness: 0.1 mm}
  contacts: [{name: source, side: -x, size: [0 mm, 0.05 mm, 0 mm]}, {name: drain, side: +x, size: [0 mm, 0.05 mm, 0 mm]}]
  probes:
    - {name: s1, position: [-1 mm, 0 mm, 0 mm]}
    - {name: s2, position: [1 mm, 0 mm, 0 mm]}
    - {name: e1, position: [-1 mm, 0.5 mm, 0 mm]}
    - {name: e2, position: [1 mm, 0.5 mm, 0 mm]}
  mesh: {cells: 10, grading: 0.02, tolerance: 0.01}
  fields: vtk
measurements:
  - {name: spine, kind: spine, current: [source, drain], voltage: [s1, s2]}
  - {name: edge, kind: edge, current: [source, drain], voltage: [e1, e2]}
"""

# A film whose conductivity is four times as large along the field as across it, read along and across the current.
PLANAR = """title: Planar Hall bar
field: {magnitude: 1, angle: [0, 30, 60, 135]}
engine: {kind: continuum}
conductor:
  material: {kind: uniform, parallel: 4.0e+5, perpendicular: 1.0e+5}
  shape: {kind: bar, dimension: 2, length: 12 mm, width: 1 mm, thickness: 0.5 mm}
  probes:
    - {name: p1, position: [1 mm, 0.25 mm, 0 mm]}
    - {name: p2, position: [-1 mm, 0.25 mm, 0 mm]}
    - {name: up, position: [0 mm, 0.5 mm, 0 mm]}
    - {name: down, position: [0 mm, -0.5 mm, 0 mm]}
  mesh: {cells: 8, grading: 0.1, tolerance: 0.001}
measurements:
  - {name: along, kind: four_probe, current: [right, left], voltage: [p1, p2]}
  - {name: across, kind: planar_hall, current: [right, left], voltage: [up, down]}
"""


def check_page(path, *options):
    return subprocess.run([sys.executable, os.path.join(HERE, "check_page.py"), path, *options], capture_output=True, text=True, check=False)


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def figures(self, **options):
        make_analysis(self.folder, **options)
        return ad.figures(ar.read(self.folder))

    def assert_sound(self, path):
        for options in ((), ("--dark",)):
            done = check_page(path, *options)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))


class Figures(Folder):
    def test_all_are_there(self):
        found = self.figures()
        self.assertEqual([one.drawing.name for one in found], ALL)
        for one in found:
            self.assertGreater(len(one.drawing.alt), 80)
            self.assertTrue(one.rows and all(len(row) == len(one.head) for row in one.rows))
            with plot.matplotlib.rc_context(plot.STYLE):
                for layout in ("wide", "narrow"):
                    axes = one.drawing.draw(layout).axes
                    self.assertTrue(all(ax.get_xlabel() or ax.name == "polar" or one.drawing.name == "fit" for ax in axes))

    def test_what_the_figures_say_are_the_numbers_of_the_file(self):
        found = dict(zip(ALL, self.figures()))
        # 1/(1 + c B^2/T) - 1 at 5 T and 2 K; spine less edge: 0.03 B^2 + 0.16 B
        bar = 100 * (1 / (1 + COEFFICIENT * 25 / 2) - 1)
        self.assertIn(f"bar, 0°: {er.with_error(bar, 1.0)} % at 5 T", found["magnetoresistance"].drawing.alt)
        self.assertIn("a difference of 155.0 ± 1.4 %", found["spine_edge"].drawing.alt)
        self.assertIn("disc: 50.0 ± 1.0 % at 5 T", found["corbino_bar"].drawing.alt)
        self.assertIn("c = 0.0200 ± 0.0012 e²/h/T²", found["fit"].drawing.caption)
        self.assertIn(["Kawabata", "sigma_0 + ...", "l_phi", "not determined"], [row[:4] for row in found["fit"].rows])
        last = found["deconvolution"].rows[-1]
        self.assertEqual(last[:4], ["5 T (exact)", "150000 ± 500 S/m; 95 %: 1.49e+05 to 1.51e+05", "not determined", "taken as 0 (exact)"])
        self.assertIn("not determined in 1 field of 6", found["deconvolution"].drawing.alt)

    def test_the_curves_are_drawn_where_the_file_has_them(self):
        found = dict(zip(ALL, self.figures()))
        with plot.matplotlib.rc_context(plot.STYLE):
            right = found["collapse"].drawing.draw("wide").axes[1]
        np.testing.assert_allclose(right.containers[1].lines[0].get_xdata(), FIELD / 8)
        with plot.matplotlib.rc_context(plot.STYLE):
            residuals = found["fit"].drawing.draw("wide").axes[1].lines[-1].get_ydata()
        np.testing.assert_allclose(residuals, 0, atol=1e-9)

    def test_what_is_absent_says_why(self):
        found = self.figures(curves=("bar",), angles=(0,), temperatures=(2.0,), fitted=False, deconvolved=False)
        absent = {one.title: one.reason for one in found if isinstance(one, ad.Absent)}
        self.assertEqual(len(absent), 6)
        for title, words in (("Resistance against the angle", "field.angle"), ("Spine and edge", "spine and edge"),
                             ("Corbino disc against bar", "a Corbino disc"), ("Collapse in B/T", "two temperatures"),
                             ("Fits with residuals", "five fields"), ("Conductivities without the current's path", "--deconvolve")):
            self.assertIn(words, absent[title])
        page = Outline(report.page([], [], [ar.read(self.folder)]))
        for title in absent:
            self.assertIn(f"{title}: ", page.text)

    def test_a_law_that_does_not_hold_is_called_so(self):
        make_analysis(self.folder)
        with h5py.File(os.path.join(self.folder, "analysis.h5"), "r+") as file:
            file["fits/0/laws/0/probability"][0] = 1e-9
        found = dict(zip(ALL, ad.figures(ar.read(self.folder))))
        self.assertIn("the law does not describe the readings", found["fit"].drawing.caption)

    def test_the_page_is_sound(self):
        make_analysis(self.folder)
        done = subprocess.run([sys.executable, os.path.join(SCRIPTS, "report.py"), self.folder], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_sound(os.path.join(self.folder, "report.html"))

    def test_faults_are_found(self):
        path = os.path.join(self.folder, "page.html")
        table = "<table><caption>t</caption><thead><tr><th>{}</th></tr></thead><tbody><tr><td>{}</td></tr></tbody></table>"
        body = table.format("B", "1.5 ± 0.1") + table.format("B (T)", "1.5") + "<p style='color: #bbb'>faint</p><main><p>B is 3 T.</p>"
        body += "<p>R = 3.0 ± 0.1 Ω in 2 samples.</p><ul class='advice'><li>Turn by 90 deg.</li></ul><dl><dt>Points</dt><dd>12</dd></dl></main>"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"<!doctype html><title>t</title><h1>one</h1>{body}")
        text = check_page(path).stdout
        for fault in ("number without a unit: 1.5 ± 0.1", "number without an error: 1.5 in", "contrast 1.92: faint", "number without an error: B is 3 T.",
                      "number without an error: 12"):
            self.assertIn(fault, text)
        for sound in ("3.0 ± 0.1", "Turn by"):
            self.assertNotIn(sound, text)
        good = table.format("B (T), exact", "1.5") + table.format("B", "1.5 ± 0.1 T")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"<!doctype html><title>t</title><h1>one</h1>{good}")
        self.assertEqual(check_page(path).stdout, "")


@unittest.skipUnless(EDOTB, "needs the program's path")
class OfTheProgram(Folder):
    def report_of(self, deck):
        run = os.path.join(self.folder, "run")
        path = os.path.join(self.folder, "deck.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(deck)
        for command in ([EDOTB, "run", path, "--output", run], [EDOTB, "analyse", run],
                        [sys.executable, os.path.join(SCRIPTS, "report.py"), run]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        page = os.path.join(run, "report.html")
        with open(page, encoding="utf-8") as file:
            outline = Outline(file.read())
        self.assertEqual(outline.faults, [])
        self.assert_sound(page)
        return ar.read(run), outline

    def verdict(self):
        with open(os.path.join(self.folder, "run", "verdict.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_a_film(self):
        analysis, page = self.report_of(FILM)
        laws = [law.law for law in next(s for s in analysis.fits if s.where.startswith("90")).laws]
        self.assertEqual(laws, ["Hikami-Larkin-Nagaoka", "weak localisation of a wire", "quadratic in the field", "linear in the field"])
        self.assertEqual([s.abscissa for s in analysis.fits], ["field", "field", "angle"])
        for title in ("Change of the resistance in a field.", "Resistance against the angle.", "Current density.", "Laws fitted to"):
            self.assertIn(title, page.text)
        self.assertIn("Spine and edge: no plate", page.text)

    def test_a_plate(self):
        analysis, page = self.report_of(PLATE)
        (series,) = analysis.fits
        (law,) = series.laws
        # mu = 1 m^2/Vs in the deck, and the contacts are 5 % of the width.
        self.assertEqual((law.law, law.names), ("current jetting", ["R_0", "mobility"]))
        self.assertAlmostEqual(law.values[1], 1, delta=0.03)
        for title in ("Spine and edge.", "Current density.", "Laws fitted to"):
            self.assertIn(title, page.text)
        self.assertIn("of the current through the middle runs in the middle third", page.text)
        self.assertIn("Corbino disc against bar: the runs have not", page.text)

    def test_a_planar_hall_bar(self):
        analysis, page = self.report_of(PLANAR)
        (series,) = (s for s in analysis.fits if s.laws[0].law == "planar Hall circle")
        (law,) = series.laws
        self.assertEqual((series.parts, series.unit, law.names, law.units), (["rho_xx", "rho_xy"], "ohm m", ["rho_par", "rho_perp"], ["ohm m"] * 2))
        np.testing.assert_allclose(law.values, (2.5e-6, 1e-5), rtol=1e-3)      # the mesh's tolerance
        # rho_perp - d cos^2 and -d sin cos, though the current flows along -x and the probes are named from above.
        theta = np.radians(series.x)
        exact = np.where(series.part == 0, 1e-5 - 7.5e-6 * np.cos(theta)**2, -7.5e-6 * np.sin(theta) * np.cos(theta))
        np.testing.assert_allclose(series.value, exact, atol=1e-8)
        self.assertIn("Planar Hall circle of across.", page.text)
        verdict = self.verdict()
        (fit,) = (fit["laws"][0] for fit in verdict["fits"] if fit["quantity"] == "resistivity")
        self.assertEqual([p["value"] for p in fit["parameters"]], law.values.tolist())
        np.testing.assert_allclose(np.sqrt(np.diag(np.reshape(fit["covariance"], (2, 2)))), law.errors)
        row = next(row for row in verdict["rows"] if row["name"] == "planar_hall")
        self.assertAlmostEqual(row["value"], 0.75, delta=1e-3)
        self.assertLess(0, row["error"])

    def test_the_circle_is_drawn_as_a_circle(self):
        theta = np.arange(0, 180, 30)
        ends = np.array([0.25, 1])
        xx, xy = circle_drawings.circles(*ends)
        np.testing.assert_allclose(np.hypot(xx - 0.625, xy), 0.375, rtol=1e-12)
        cosine, sine = np.cos(np.radians(theta)), np.sin(np.radians(theta))
        law = ar.Law("planar Hall circle", "", ["rho_par", "rho_perp"], ["ohm m"] * 2, ends, np.array([0.1, 0.1]), np.zeros(0), np.zeros(12), 1, 10, 1, 1,
                     True)
        curve = ar.Curve("r", "across", "planar_hall", "bar", "continuum", "", *[np.zeros(0)] * 7, {}, "across")
        series = ar.Series(curve, "1 T", "angle", "deg", "resistivity", "ohm m", "errors", ["rho_xx", "rho_xy"], np.tile(theta, 2),
                           np.repeat([0, 1], 6), np.concatenate([1 - 0.75 * cosine**2, -0.75 * sine * cosine]), np.full(12, 0.01), np.zeros(0),
                           np.zeros(0), [law])
        (shown,) = circle_drawings.all_circles([series])
        with plot.matplotlib.rc_context(plot.STYLE):
            left = shown.drawing.draw("wide").axes[0]
        self.assertEqual(left.get_aspect(), 1)
        points = left.containers[0].lines[0].get_xydata()
        np.testing.assert_allclose(np.hypot(points[:, 0] - 0.625, points[:, 1]), 0.375, rtol=1e-12)


if __name__ == "__main__":
    unittest.main()
