#!/usr/bin/python3
"""The memory that `edotb check` forecasts of a continuum run, by which runs are refused, against the most that the run had. Usage: test_memory.py EDOTB"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CARRIERS = {"symmetric": "[{density: 0.5e+24, mobility: 1, carriers: electrons}, {density: 0.5e+24, mobility: 1, carriers: holes}]",
            "with a Hall part": "[{density: 1e+24, mobility: 1, carriers: electrons}]"}
DECK = """engine: {{kind: continuum}}
conductor:
  shape: {{kind: bar, dimension: {dimension}, length: 3 mm, width: 1 mm, thickness: 1 mm}}
  material: {{kind: drude, bands: {bands}}}
  contacts: [{{name: a, side: -x, size: [0 mm, 0.2 mm, 0 mm]}}, {{name: b, side: +x, size: [0 mm, 0.2 mm, 0 mm]}}]
  solver: {solver}
  mesh: {{cells: {cells}, order: {order}, tolerance: 0}}
field: {{magnitude: [1], angle: {angle}, azimuth: 20}}
output: {{directory: results}}
"""


class Memory(unittest.TestCase):
    def ratio(self, carriers, **keys):
        """Most memory over forecast."""
        with tempfile.TemporaryDirectory() as folder:
            deck = Path(folder) / "deck.yaml"
            deck.write_text(DECK.format(bands=CARRIERS[carriers], angle=0 if keys["dimension"] == 2 else 40, **keys))
            forecast = subprocess.run([EDOTB, "check", deck], capture_output=True, text=True, check=True).stdout
            megabytes = float(re.search(r"first mesh .* ([\d.]+) MB per rank", forecast)[1])
            run = subprocess.Popen([EDOTB, "run", deck], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
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


if __name__ == "__main__":
    EDOTB = sys.argv.pop(1)
    unittest.main()
