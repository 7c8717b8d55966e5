#!/usr/bin/python3
"""Tests of scripts/report.py and of tests/scripts/check_page.py, which loads its pages in Chromium. Needs Chromium: fails without it."""
import html.parser
import os
import re
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = os.path.join(HERE, "..", "..", "scripts")
sys.path[:0] = [HERE, SCRIPTS]

import numpy as np                    # noqa: E402
import edotb_results as er            # noqa: E402
import make_results as made           # noqa: E402
import report                         # noqa: E402

EMPTY = {"meta", "link", "img", "source"}
HOSTILE = "<script>alert(1)</script> \"quoted\" 'single' & $x_{"


class Outline(html.parser.HTMLParser):
    """Reads a page strictly: every element closed in order. Keeps its tags, its text and the text inside each kind of element."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.inside, self.faults = [], [], {}, []
        self.feed(text)
        self.close()
        self.text = re.sub(r"\s+", " ", "".join(self.inside["body"]).replace("\N{NO-BREAK SPACE}", " "))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        for tag in set(self.open):
            self.inside.setdefault(tag, []).append(data)

    def attributes(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "results.h5")

    def page(self, *kinds):
        runs = []
        for kind in kinds:
            path = os.path.join(self.folder, f"{kind}.h5")
            made.KINDS[kind](path)
            runs.append(er.read(path))
        return Outline(report.page(runs))

    def bar(self, conductance, **options):
        """The page of a run with one energy whose G is `conductance` (F, A, R), 20 modes in both leads."""
        conductance = np.asarray(conductance, float)[:, :, None, :]
        fields, angles, _, realisations = conductance.shape
        options = {"field": np.arange(fields) * 0.1, "angle": np.arange(angles) * 90.0} | options
        made.write_results(self.path, made.two_lead(conductance, 20), realisation=range(realisations), **options)
        return Outline(report.page([er.read(self.path)]))


class Sentences(Files):
    def setUp(self):
        super().setUp()
        undrawn = unittest.mock.patch("plot.drawings", return_value=[])      # figures take seconds and say nothing here
        undrawn.start()
        self.addCleanup(undrawn.stop)

    def test_a_significant_rise_and_an_insignificant_change(self):
        # At 0 degrees D = 2, 3, 2: 7/3 with error 1/3, and 7/34 of 34/3 with 3.6 % (worked out in test_plot.py).
        # At 90 degrees D = 0, 1, -1: 0 with error 1/sqrt(3). Across to along at the highest field: 2, 2, 3.
        page = self.bar([[[10, 11, 13], [10, 11, 13]], [[12, 14, 15], [10, 12, 12]]])
        self.assertIn("From B = 0 to B = 0.1 rad per plaquette (exact):", page.text)
        self.assertIn("At 0° the conductance rises by 2.33 ± 0.33 e²/h (+20.6 ± 3.6 %), 3 pairs.", page.text)
        self.assertIn("At 90° the conductance shows no significant change: +0.00 ± 0.58 e²/h", page.text)
        self.assertIn("At B = 0.1 rad per plaquette, from 90° to 0° the conductance rises by 2.33 ± 0.33 e²/h", page.text)
        self.assertIn("beyond 4.53 standard errors for 3 pairs", page.text)
        self.assertIn("is not a verdict on its cause", page.text)

    def test_a_fall(self):
        self.assertIn("At 0° the conductance falls by 2.33 ± 0.33 e²/h", self.bar([[[12, 14, 15]], [[10, 11, 13]]]).text)

    def test_a_peak_inside_the_sweep_is_named(self):
        base = np.array([10.0, 12, 11, 13, 12])
        noise = np.array([0.1, -0.1, 0.05, 0, -0.05])
        page = self.bar([[base], [base + 3 + noise], [base + 0.5 - noise]])
        self.assertIn("The largest mean change of the sweep, +3.000 ± 0.035 e²/h, is at 0.1 rad per plaquette", page.text)
        self.assertNotIn("largest mean change", self.bar([[base], [base + 1 + noise], [base + 3 - noise]]).text)

    def test_one_realisation_claims_no_error(self):
        page = self.bar([[[10]], [[12]]])
        self.assertIn("rises by 2 e²/h (+20 %), 1 pair and so no error bar", page.text)
        self.assertIn("There is one realisation, so no number has an error bar", page.text)
        self.assertNotIn("±", page.text)

    def test_open_modes(self):
        modes = np.full((2, 2, 1, 2, 2), 20)
        modes[1] = 14
        conductance = np.ones((2, 2, 2))
        self.assertIn("The open modes of the source lead go from 20 to 14 at every angle; counts, exact.", self.bar(conductance, modes=modes).text)
        modes[1, 1] = 20
        self.assertIn("go from 20 to 14 at 0°, stay at 20 at 90°; counts, exact.", self.bar(conductance, modes=modes).text)
        modes = np.array([5, 3, 5]).reshape(3, 1, 1, 1, 1) * np.ones((3, 1, 1, 2, 2))
        self.assertIn("lead go from 5 to 5 (between 3 and 5); counts, exact.", self.bar(np.ones((3, 1, 2)), modes=modes).text)

    def test_failed_points_are_counted_and_left_out(self):
        status = np.ones((2, 1, 1, 4))
        status[1, 0, 0, 3], status[0, 0, 0, 0] = 3, 2
        page = self.bar([[[10, 11, 13, 5]], [[12, 14, 15, 999]]], status=status)
        self.assertIn("rises by 2.33 ± 0.33 e²/h (+20.6 ± 3.6 %), 3 pairs.", page.text)
        self.assertIn("1 of 8 points left out: 1 failed.", page.text)
        self.assertIn("Solved again by a second path1Failed1Not computed0", page.text)
        self.assertNotIn("999", page.text)

    def test_means_show_the_realisations_of_each_point(self):
        status = np.ones((2, 1, 1, 4))
        status[0, 0, 0, 2:] = 0
        text = self.bar([[[10, 12, np.nan, np.nan]], [[13, 15, 14, 14]]], status=status).text
        self.assertIn("2 to 4 realisations of the sample (seed 1); 6 points in all, exact.", text)
        self.assertIn("11.0 ± 1.0 (2)", text)
        self.assertRegex(text, r"14\.00 ± 0\.41(?! \()")
        self.assertIn("were not needed for the error that the deck asks for", text)
        self.assertIn("Points6Solved6", text)
        self.assertIn("Not computed0", text)
        self.assertNotIn("left out", text)

    def test_the_summary_tells_the_model_and_the_sweep(self):
        text = self.page("bar").text
        for words in ("a bar of the model dirac_weyl (length 40 × width 20 × thickness 20, current along z)",
                      "6 fields (0 to 0.1 rad per plaquette)", "4 angles between field and current (0 to 90°)",
                      "8 realisations of the sample (seed 1); 192 points in all, exact", "t = 1.0, v = 0.8, m = 3.0, b = 0.9",
                      "anderson, width = 1.0"):
            self.assertIn(words, text)

    def test_a_ready_made_system(self):
        # T from lead 0 to lead 1 is 1.5 + cos 2E, largest at E = 0; the other way 0.6 + 0.4 sin^2 3E, so 1.9 less there
        text = self.page("system").text
        self.assertRegex(text, r"largest transmission between two leads is 2\.5 channels \(exact\), from lead \d to lead \d at energy 0 t")
        self.assertRegex(text, r"largest difference between the two directions of a pair is 1\.9 channels \(exact\) ")
        self.assertNotIn("Flux per plaquette", text)

    def test_nothing_usable(self):
        page = self.bar(np.ones((2, 2, 2)), status=np.full((2, 2, 1, 2), 3))
        self.assertIn("cannot be compared: no realisation was solved at both", page.text)
        self.assertIn("8 of 8 points left out: 8 failed.", page.text)


class Page(Files):
    def test_numbers_stand_in_the_tables(self):
        page = self.bar([[[10, 11, 13]], [[12, 14, 15]]])      # means 34/3 and 41/3; errors sqrt(7/9) and sqrt(7/9)
        self.assertIn("11.33 ± 0.88", page.text)
        self.assertIn("13.67 ± 0.88", page.text)
        self.assertIn("0.1 rad, 0.0159 of a flux quantum", page.text)

    def test_texts_of_the_file_are_escaped(self):
        deck = f"title: 'x'\n# {HOSTILE}\nsample: {{model: {{name: '<img src=x onerror=alert(1)>'}}}}\n"
        page = self.bar([[[1, 2]], [[2, 4]]], title=HOSTILE, host=HOSTILE, version=HOSTILE, deck=deck,
                        library_versions='{"<b>lib</b>": "<i>1</i>"}')
        self.assertEqual(page.faults, [])
        self.assertEqual([tag for tag, _ in page.tags if tag in ("script", "b", "i")], [])
        self.assertTrue(all(image["src"].startswith("data:image/png") for image in page.attributes("img")))
        self.assertEqual("".join(page.inside["h1"]), HOSTILE)
        self.assertEqual("".join(page.inside["title"]), HOSTILE)
        self.assertEqual("".join(page.inside["pre"]), deck)
        for words in (HOSTILE, "<b>lib</b>", "<i>1</i>", "<img src=x onerror=alert(1)>"):
            self.assertIn(words, page.text)

    def test_a_deck_that_is_not_yaml_is_still_shown(self):
        page = self.bar([[[1]]], deck="title: [unclosed\n")
        self.assertEqual("".join(page.inside["pre"]), "title: [unclosed\n")

    def test_semantics(self):
        for kinds in (("bar",), ("clean", "system", "fields")):
            page = self.page(*kinds)
            self.assertEqual((page.faults, page.open), ([], []))
            self.assertEqual(page.attributes("html"), [{"lang": "en"}])
            levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
            self.assertEqual(levels.count(1), 1)
            self.assertTrue(all(b <= a + 1 for a, b in zip(levels, levels[1:])), levels)
            self.assertTrue(all(cell.get("scope") in ("col", "row") for cell in page.attributes("th")))
            self.assertTrue(all(len(image["alt"]) > 40 for image in page.attributes("img")))
            self.assertEqual(len(page.attributes("figure")), len(page.attributes("figcaption")))
            self.assertTrue(all(box["tabindex"] == "0" and box["aria-label"] for box in page.attributes("div") if box["class"] == "scroll"))

    def test_several_runs_are_compared(self):
        page = self.page("bar", "fields", "clean")
        self.assertIn("The runs side by side", page.text)
        self.assertIn("Change of G (e²/h)", page.text)
        self.assertIn("no error bar", page.text)
        ids = [article["id"] for article in page.attributes("article")]
        self.assertEqual([link["href"] for link in page.attributes("a")], [f"#{name}" for name in ids])

    def test_command(self):
        made.KINDS["single"](self.path)
        command = [sys.executable, "-B", os.path.join(SCRIPTS, "report.py")]
        done = subprocess.run([*command, self.folder], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.strip(), os.path.join(self.folder, "report.html"))
        with open(done.stdout.strip(), encoding="utf-8") as file:
            self.assertEqual(file.read(), report.page([er.read(self.folder)]))
        done = subprocess.run([*command, os.path.join(self.folder, "absent")], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^report.py: .*absent: no such file\n$")


class InTheBrowser(Files):
    def check(self, text, **environment):
        path = os.path.join(self.folder, "page.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return subprocess.run([sys.executable, os.path.join(HERE, "check_page.py"), path], capture_output=True, text=True,
                              env=os.environ | environment, check=False)

    def test_reports_are_sound_at_both_widths(self):
        runs = []
        for kind in ("bar", "system"):
            path = os.path.join(self.folder, f"{kind}.h5")
            made.KINDS[kind](path)
            runs.append(er.read(path))
        runs[0].attributes["title"] = "unbroken" * 30
        for chosen in (runs[:1], runs):
            done = self.check(report.page(chosen))
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_faulty_pages_are_refused(self):
        bodies = ("<div style='width: 900px'>wide</div>", "<img src='data:image/png;base64,xx' alt='broken one'>", "<h1>two</h1>",
                  "<script>console.warn('careful')</script>", "<script>throw new Error('boo')</script>",
                  "<link rel='stylesheet' href='other.css'>")
        done = self.check(f"<!doctype html><title>t</title><h1>one</h1>{''.join(bodies)}")
        self.assertEqual(done.returncode, 1)
        for fault in ("at 360 px: page is", "image did not load: broken one", "2 <h1> headings", "at 1280 px: console: careful",
                      "exception", "fetches file://"):
            self.assertIn(fault, done.stdout)
        self.assertNotIn("at 1280 px: page is", done.stdout)
        only_wide = self.check(f"<!doctype html><title>t</title><h1>one</h1>{bodies[0]}")
        self.assertEqual((only_wide.returncode, only_wide.stdout.count("\n")), (1, 1))

    def test_without_a_browser_the_check_fails(self):
        done = self.check("<!doctype html>", PATH=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("apt-get install chromium", done.stderr)


if __name__ == "__main__":
    unittest.main()
