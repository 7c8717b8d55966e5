#!/usr/bin/python3
"""Tests of scripts/reproduce/: the statistics, on numbers worked out by hand in the comments. No run is made."""
import math
import os
import subprocess
import sys
import tempfile
import unittest
from types import SimpleNamespace

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCRIPT = os.path.join(ROOT, "scripts", "reproduce", "weak_localisation.py")
sys.path[:0] = [HERE, os.path.dirname(SCRIPT)]

import numpy as np                    # noqa: E402
import make_results as made           # noqa: E402
import dephasing                      # noqa: E402
import weak_localisation as wl        # noqa: E402


def change(value, error, count=100):
    return SimpleNamespace(value=value, error=error, count=count)


def comparison(sigmas, run="L80", field=0.0):
    """A mean that lies this many combined errors above its reference: 0.3 and 0.4 make 0.5."""
    return wl.Comparison(wl.Reference(run, field, 2.0, 0.3, math.nan), 2.0 + 0.5 * sigmas, 0.4, 1.0, 100)


class Statistics(unittest.TestCase):
    def test_deviation_in_combined_errors(self):
        self.assertAlmostEqual(wl.deviation(3.0, 0.3, 2.0, 0.4), 2.0, 14)      # 1 / sqrt(0.09 + 0.16)
        self.assertAlmostEqual(wl.deviation(1.5, 0.3, 2.0, 0.4), -1.0, 14)

    def test_an_unknown_error_is_no_agreement(self):
        self.assertTrue(math.isnan(wl.deviation(3.0, math.nan, 2.0, 0.4)))
        self.assertTrue(math.isnan(wl.deviation(3.0, 0.0, 2.0, 0.0)))
        self.assertFalse(wl.Comparison(wl.REFERENCES[0], 3.494, math.nan, 1.0, 1).agrees)

    def test_three_sigma_is_the_limit_on_both_sides(self):
        self.assertTrue(comparison(2.99).agrees)
        self.assertFalse(comparison(3.01).agrees)
        self.assertFalse(comparison(-3.01).agrees)

    def test_a_sign_needs_two_errors(self):
        self.assertTrue(wl.has_sign(change(0.21, 0.1), +1))
        self.assertFalse(wl.has_sign(change(0.19, 0.1), +1))
        self.assertFalse(wl.has_sign(change(0.21, 0.1), -1))
        self.assertTrue(wl.has_sign(change(-0.21, 0.1), -1))
        self.assertFalse(wl.has_sign(change(0.21, math.nan, count=1), +1))


class FromResults(unittest.TestCase):
    """Two fields and four realisations of one bar."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "results.h5")
        conductance = np.array([[1.0, 2.0, 3.0, 6.0], [1.5, 2.5, 3.5, 6.9]])
        made.write_results(path, made.two_lead(conductance[:, None, None, :], 20), field=(0.0, 0.02), realisation=range(4))
        self.results = wl.er.read(path)

    def test_mean_error_and_variance(self):
        found = wl.compare(self.results, wl.Reference("L80", 0, 2.5, 0.0, math.nan))
        # mean 3, s^2 = (4 + 1 + 0 + 9)/3 = 14/3, error = sqrt(14/12)
        self.assertEqual((found.mean, found.count), (3, 4))
        self.assertAlmostEqual(found.variance, 14 / 3, 13)
        self.assertAlmostEqual(found.error, math.sqrt(14 / 12), 13)
        self.assertAlmostEqual(found.sigmas, 0.5 / math.sqrt(14 / 12), 13)

    def test_magnetoconductance_is_paired(self):
        # differences 0.5, 0.5, 0.5, 0.9: mean 0.6, s^2 = (3 * 0.01 + 0.09)/3 = 0.04, error 0.2/2
        found = wl.magnetoconductance(self.results, 0.02)
        self.assertAlmostEqual(found.value, 0.6, 13)
        self.assertAlmostEqual(found.error, 0.1, 13)
        self.assertTrue(wl.has_sign(found, +1))

    def test_a_field_that_was_not_run_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "no field 0.01"):
            wl.magnetoconductance(self.results, 0.01)


class Verdict(unittest.TestCase):
    def verdict(self, comparisons=(), without=change(0.17, 0.02), strong=change(-0.14, 0.02)):
        return wl.verdict(comparisons, {"rashba0": without, "rashba0.1": change(0, 1), "rashba0.3": strong})

    def test_nothing_to_say_when_all_agree(self):
        self.assertEqual(self.verdict([comparison(2.9), comparison(-2.9)]), [])

    def test_a_deviation_is_named_with_its_size(self):
        self.assertEqual(self.verdict([comparison(0.1), comparison(-4, "rashba0.1", 0.02)]),
                         ["Rashba wire, angle 0.1, field 0.02: -4.0 sigma"])

    def test_a_wrong_sign_is_named(self):
        self.assertRegex(self.verdict(without=change(-0.17, 0.02))[0], "Rashba wire, angle 0: .* is not positive")
        self.assertRegex(self.verdict(strong=change(0.14, 0.02))[0], "Rashba wire, angle 0.3: .* is not negative")


class Runs(unittest.TestCase):
    def test_every_reference_is_covered_by_a_run(self):
        for mode in wl.REALISATIONS:
            runs = {run: overrides for run, _, overrides in wl.run_commands(mode)}
            self.assertEqual({r.run for r in wl.REFERENCES}, set(runs))
            self.assertIn("sample.model.rashba=0.29552020666133955", runs["rashba0.3"])      # sin 0.3
            self.assertIn("sample.model.t=1.0", runs["rashba0"])
        for reference in wl.REFERENCES:
            if reference.run.startswith("rashba"):
                self.assertIn(reference.field, wl.FIELDS)

    def test_the_decks_are_there(self):
        for _, deck, _ in wl.run_commands("quick"):
            self.assertTrue(os.path.isfile(os.path.join(ROOT, "inputs", f"{deck}.yaml")))

    def test_a_run_that_fails_ends_with_2(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, SCRIPT, "--edotb", "/bin/false", "--ranks", "1", "--output", folder],
                                  capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("wire, L = 40: edotb ended with status 1", done.stderr)


class Dephasing(unittest.TestCase):
    def test_modes_and_diffusion(self):
        speeds = dephasing.velocities(16, -1.0)
        self.assertEqual(len(speeds), 11)
        # one site wide: E = -2 cos k, v = 2 sin k
        self.assertAlmostEqual(dephasing.velocities(1, -1.0)[0], math.sqrt(3), 14)
        self.assertAlmostEqual(dephasing.mean_free_path(2.0, 10, 40), 10, 13)              # 10/(1 + 40/10) = 2
        # v l_D/2 of one mode; of several, with the harmonic mean of their velocities
        self.assertAlmostEqual(dephasing.diffusion_constant(8, np.array([1.0])), 4, 14)
        self.assertAlmostEqual(dephasing.diffusion_constant(8, np.array([1.0, 0.5])), 4 * 2 / 3, 14)

    def test_interference_from_no_loss_of_phase_to_fast(self):
        self.assertAlmostEqual(dephasing.interference(1e3, 1.0), 1 / 3, 6)
        self.assertAlmostEqual(dephasing.interference(1e-3, 1.0), 1e-3 * (1 - 1e-3), 12)
        self.assertAlmostEqual(dephasing.interference(20.0, 20.0), 1 / math.tanh(1) - 1, 12)

    def test_likelihood_of_chi_squared(self):
        for n, limit in ((1, 9.0), (2, 11.829), (3, 14.156), (4, 16.251)):                 # three sigma, from tables
            self.assertAlmostEqual(dephasing.likelihood(limit, n), 0.0027, 5)
        self.assertEqual(dephasing.likelihood(0.0, 3), 1)

    def test_samples_that_follow_exactly_leave_the_error_of_the_mean(self):
        # d_1 = 1 + 2 d_0 in the first three of five: Delta G_1 = 1 + 2 <d_0>, all of whose error is twice that of <d_0>
        coherent = np.array([1.0, 2.0, 6.0, 0.0, 1.0])
        found = dephasing.changes_of(coherent, np.array([[3.0, 5.0, 13.0]]))
        self.assertAlmostEqual(found.coherent, 2, 14)
        self.assertAlmostEqual(found.dephased[0], 5, 13)
        self.assertAlmostEqual(found.slopes[0], 2, 13)
        self.assertAlmostEqual(found.scatter[0, 0], 0, 12)
        # the miss of ratio 1/2 is 5 - 1 and moves with (2 - 1/2) <d_0>
        miss, covariance = found.misses(np.array([0.5]))
        self.assertAlmostEqual(miss[0], 4, 13)
        self.assertAlmostEqual(covariance[0, 0], (1.5 * found.coherent_error)**2, 12)

    def test_errors_are_those_of_repeated_ensembles(self):
        draw = np.random.default_rng(1)
        found, claimed = [], []
        for _ in range(400):
            coherent = draw.normal(0.1, 0.35, 1000)
            dephased = np.array([0.6 * coherent[:100] + draw.normal(0.01, 0.1, 100)])
            changes = dephasing.changes_of(coherent, dephased)
            found.append(changes.misses(np.array([0.7]))[0][0])
            claimed.append(changes.misses(np.array([0.7]))[1][0, 0])
        self.assertAlmostEqual(np.mean(found), 0.07 - 0.7 * 0.1, delta=4 * np.std(found) / 20)
        self.assertAlmostEqual(np.sqrt(np.mean(claimed)) / np.std(found), 1, delta=0.15)     # 1/sqrt(800) of a spread, four times

    def test_verdict(self):
        def changes(ratio, error):
            return dephasing.Changes(0.1, 0.0, np.array([0.1 * ratio]), np.array([0.0]), np.array([[(0.1 * error)**2]]))
        expected = np.array([0.65])
        self.assertEqual(dephasing.verdict(changes(0.6, 0.05), expected, 0), [])
        self.assertRegex(dephasing.verdict(changes(0.4, 0.05), expected, 0)[0], "not those of")
        self.assertEqual(dephasing.verdict(changes(0.4, 0.05), expected, 0.15), [])         # 0.25 apart, 0.11 allowed
        self.assertRegex(dephasing.verdict(changes(0.65, 0.2), expected, 0.15)[0], "too few")
        self.assertEqual(len(dephasing.verdict(changes(math.nan, 0.05), expected, 0.15)), 2)

    def test_the_deck_is_the_one_described(self):
        with open(os.path.join(ROOT, "inputs", "dephased_wire.yaml")) as deck:
            text = deck.read()
        self.assertIn(f"length: {dephasing.LENGTH}, width: {dephasing.WIDTH}", text)
        self.assertIn(f"magnitude: [0, {dephasing.FIELD:g}]", text)
        self.assertIn(f"energy: {dephasing.ENERGY:g}\n", text)


if __name__ == "__main__":
    unittest.main()
