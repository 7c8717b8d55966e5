#!/usr/bin/python3
"""Tests of the verdict's part of scripts/report.py, on a verdict.json written by hand."""
import copy
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

import report                         # noqa: E402
import report_verdict as rv           # noqa: E402
from test_report import HOSTILE, Outline      # noqa: E402

KEYS = ("weak_localisation", "alignment", "anomaly", "jetting")
WORDS = ("weak localisation", "alignment of spins", "chiral anomaly", "current jetting")


def mechanism(k, state):
    strengths = [{"name": "coefficient c", "value": 1234.5, "error": 6.7, "unit": "S/m/T^2", "determined": True},
                 {"name": "moment", "value": None, "error": None, "unit": "mu_B", "determined": False}]
    return {"mechanism": KEYS[k], "words": WORDS[k], "state": state, "probability": 0.9973, "evidence": "strong", "reason": "because",
            "strengths": strengths, "effect": {"change": -0.25, "error": 0.01, "where": "bar at 9 T"}, "limit": None, "supporting": ["corbino"],
            "opposing": []}


VERDICT = {
    "format": "edotb-verdict", "format_version": 1, "summary": "Present: chiral anomaly. Undecided: current jetting.",
    "mechanisms": [mechanism(0, "absent"), mechanism(1, "absent"), mechanism(2, "present"), mechanism(3, "undecided")],
    "rows": [{"name": "corbino", "observable": "change of a disc", "value": 0.5, "error": 0, "unit": "1",
              "says": dict(zip(KEYS, ("against", "against", "supports", "nothing"))), "reading": "does not fall", "used": ["disc: B = 9 T"]}],
    "not_measured": ["length of the sample"],
    "comparison": {"prior": "each 1/16", "n_data": 126, "n_free_factors": 8, "chi_squared_per_degree_of_freedom": 1.1, "error_scale": 1.05,
                   "models": [{"mechanisms": ["anomaly"], "n_parameters": 1, "chi_squared": 120.0, "bic": 125.0, "probability": 0.99},
                              {"mechanisms": [], "n_parameters": 0, "chi_squared": None, "bic": None, "probability": 0.01}]},
    "next_experiments": ["run a Corbino disc"], "remarks": ["a remark"]}


class Page(unittest.TestCase):
    def outline(self, verdict):
        return Outline(report.page([], [verdict]))

    def test_all_is_there_with_errors_and_units(self):
        page = self.outline(VERDICT)
        self.assertEqual(page.faults, [])
        for text in (VERDICT["summary"], "1234.5 ± 6.7 S/m/T^2", "not determined", "0.5 (exact)", "−0.250 ± 0.010", "bar at 9 T",
                     "length of the sample", "run a Corbino disc", "a remark", "does not fall", "disc: B = 9 T", "each 1/16"):
            self.assertIn(text, page.text)
        # Strengths of what is not present are no claim: the one present mechanism has the only ones.
        self.assertEqual(page.text.count("1234.5"), 1)

    def test_tables_are_accessible(self):
        page = self.outline(VERDICT)
        self.assertEqual(len(page.attributes("table")), 5)
        self.assertEqual(len(page.attributes("caption")), 5)
        for box in page.attributes("div"):
            self.assertEqual((box["role"], box["tabindex"]), ("region", "0"))
            self.assertTrue(box["aria-label"])

    def test_without_a_comparison_and_rows(self):
        page = self.outline(VERDICT | {"comparison": None, "rows": [], "next_experiments": [], "not_measured": [], "remarks": []})
        self.assertEqual(page.faults, [])
        self.assertNotIn("16 models", page.text)

    def test_everything_is_escaped(self):
        def hostile(value):
            if isinstance(value, dict):
                return {key: hostile(item) if key not in ("mechanism", "mechanisms", "says", "format") or key == "mechanisms" and isinstance(item[0], dict)
                        else item for key, item in value.items()}
            if isinstance(value, list):
                return [hostile(item) for item in value]
            return HOSTILE if isinstance(value, str) else value
        verdict = hostile(copy.deepcopy({k: v for k, v in VERDICT.items() if k != "comparison"})) | {"comparison": None}
        page = self.outline(verdict)
        self.assertEqual((page.faults, page.attributes("script")), ([], []))
        self.assertIn("<script>alert(1)</script>", page.text)

    def test_a_quantity_without_error_says_so(self):
        self.assertEqual(rv.quantity(None, 1.0, "T"), "not known")
        self.assertEqual(rv.quantity(2.0, None, "T"), "2 T, error not known")
        self.assertEqual(rv.quantity(3.0e7, 2.0e5, "S/m/T^2"), "3e+07 ± 2e+05 S/m/T^2")
        self.assertEqual(rv.quantity(1.5e-7, 2.0e-8, "1"), "1.5e-07 ± 2e-08")


class Command(unittest.TestCase):
    def run_script(self, text):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "verdict.json"), "w", encoding="utf-8") as file:
                file.write(text)
            done = subprocess.run([sys.executable, os.path.join(SCRIPTS, "report.py"), folder], capture_output=True, text=True, check=False)
            page = os.path.join(folder, "report.html")
            if not os.path.exists(page):
                return done, ""
            with open(page, encoding="utf-8") as file:
                return done, file.read()

    def test_a_folder_with_a_verdict_alone(self):
        done, page = self.run_script(json.dumps(VERDICT))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("chiral anomaly", Outline(page).text)

    def test_other_files_are_refused(self):
        for text in ("{", "[]", json.dumps(VERDICT | {"format_version": 2})):
            done, page = self.run_script(text)
            self.assertEqual((done.returncode, page), (1, ""))
            self.assertIn("verdict.json", done.stderr)
            self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
