#!/usr/bin/python3
"""The benchmark runs on small samples, and what it writes can be read; no test depends on how fast it is."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "scripts" / "benchmark" / "run.py"


class Benchmark(unittest.TestCase):
    def test_quick_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, RUN, "--quick", "--only", "P1,P2,P7", "--output", folder],
                                  capture_output=True, text=True, timeout=800)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            report = json.loads((Path(folder) / "benchmark.json").read_text())
            values = {row["what"]: row["value"] for row in report["rows"]}
            self.assertLess(values["|T difference| between the two"], 1e-9)
            self.assertLess(values["residual of the self-energies"], 1e-8)
            self.assertGreater(values["device: speed"], 0)
            self.assertGreaterEqual(values["time of two ranks that is not spent on points"], 0)
            self.assertTrue(all(row["ok"] is None for row in report["rows"]), "small samples are not judged")

    def test_unknown_row(self):
        done = subprocess.run([sys.executable, RUN, "--only", "P9"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("unknown rows P9", done.stderr)


if __name__ == "__main__":
    unittest.main()
