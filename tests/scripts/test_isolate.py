#!/usr/bin/python3
"""Tests of scripts/reproduce/isolate.py: its material against limits worked out by hand, its bookkeeping, and two blind samples.

    test_isolate.py EDOTB
"""
import math
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPT = os.path.join(ROOT, "scripts", "reproduce", "isolate.py")
sys.path.insert(0, os.path.dirname(SCRIPT))

import isolate                  # noqa: E402

EDOTB = sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None


def truth(**changes):
    values = {"sigma": (2.0, 1.0), "localisation": 0.0, "phase_field": (0.1, 0.4), "alignment": 0.0, "moment": 1.0, "anomaly": 0.0,
              "mobility": (0.0, 0.0), "hall": 0.0}
    return isolate.Truth(**{**values, **changes})


def outcome(there, states, coefficient=math.nan, number=0):
    strengths = {"localisation": "L" in there, "alignment": "A" in there, "anomaly": 2.0 * ("E" in there),
                 "mobility": (1.0 * ("J" in there),) * 2}
    names = dict(zip("pau", ("present", "absent", "undecided")))
    return isolate.Outcome(number, truth(**strengths), {m: names[s] for m, s in zip(isolate.MECHANISMS, states)}, coefficient, 0.01)


class Material(unittest.TestCase):
    def test_functions_in_their_limits(self):
        self.assertAlmostEqual(isolate.langevin(2.0), 0.53731, 5)
        self.assertAlmostEqual(isolate.kawabata(0.01) * 48 / 0.01**1.5, 1, 4)
        self.assertAlmostEqual(isolate.kawabata(1e10), 0.60490, 4)      # f3 of infinity

    def test_each_mechanism_alone(self):
        self.assertEqual(isolate.tensor(truth(), 3.0, 0), (2.0, 2.0, 0.0))
        self.assertEqual(isolate.tensor(truth(anomaly=0.5), 2.0, 1), (3.0, 1.0, 0.0))
        self.assertEqual(isolate.tensor(truth(mobility=(1.0, 0.5), hall=0.5), 2.0, 1), (1.0, 0.5, 0.25))
        aligned = isolate.tensor(truth(alignment=0.5), 4.0, 0)             # x = 4/2
        self.assertAlmostEqual(aligned[0], 2 / (1 - 0.5 * 0.53731**2), 4)
        self.assertEqual(aligned[0], aligned[1])

    def test_drawn_mechanisms_are_those_asked_for(self):
        for letters in set(isolate.MIXTURES):
            drawn = isolate.draw_truth(letters, isolate.np.random.default_rng([5, 1]))
            self.assertEqual(isolate.letters_of(drawn.mechanisms), letters or "none")
        self.assertEqual(len(isolate.MIXTURES), 24)


class Bookkeeping(unittest.TestCase):
    def test_right_and_wrong(self):
        self.assertTrue(outcome("EJ", "aapp").is_right)
        self.assertFalse(outcome("EJ", "aaup").is_right)
        self.assertEqual(outcome("EJ", "aaup").wrong, [])
        self.assertEqual(outcome("E", "apap").wrong, ["alignment", "anomaly", "jetting"])

    def test_complaints(self):
        good = [outcome("EJ", "aapp", 2.19, i) for i in range(22)]
        undecided = [outcome("E", "aaua", number=22), outcome("A", "aaaa".replace("aa", "au", 1), number=23)]
        self.assertEqual(isolate.complaints(good + undecided), [])
        self.assertEqual(len(isolate.complaints(good[:21] + undecided + undecided[:1])), 1)
        self.assertIn("confidently wrong", isolate.complaints(good + [outcome("E", "apaa")])[0])
        self.assertIn("+11.0 %", isolate.complaints(good + [outcome("EJ", "aapp", 2.22)])[0])


@unittest.skipUnless(EDOTB, "needs the program")
class Blind(unittest.TestCase):
    def test_two_samples(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, SCRIPT, "--smoke", "--samples", "2", "--edotb", EDOTB, "--output", folder, "--ranks", "2"],
                                  capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("right: 2 of 2", done.stdout)


if __name__ == "__main__":
    unittest.main()
