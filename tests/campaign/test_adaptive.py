#!/usr/bin/python3
"""Runs with ensemble.until: the same realisations and the same bits on any number of ranks and after kills; what a
finer target, a higher maximum and no target make of them; what the program says of them.

    test_adaptive.py EDOTB MPIRUN
"""
import json
import random
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy as np

from durable import RESUMABLE, Program, complete_points, contents, end

PROGRAM = Program(*sys.argv[1:3])
# Four (field, energy), which need 16 to some 60 realisations of a millisecond.
DECK = """units: lattice
sample:
  model: {name: simple_metal, dimension: 2}
  shape: {kind: bar, length: 12, width: 6}
  disorder: [{kind: anderson, width: 1.5}]
field: {magnitude: [0, 0.1], angle: 90, azimuth: 90}
energy: [-1.1, -0.3]
ensemble: {realisations: 100, seed: 5, until: {relative_error: 0.02}}
"""
# Six contacts, temperatures: the conductance of the current's contacts, all others floating.
HALL_BAR = """units: lattice
sample:
  model: {name: simple_metal, dimension: 2}
  shape: {kind: hall_bar, length: 14, width: 4, terminals: 6, arm_width: 2, arm_length: 2, arm_distance: 6}
  disorder: [{kind: anderson, width: 1}]
field: {magnitude: 0.1, angle: 90, azimuth: 90}
energy: -1.1
temperature: [0.02, 0.05]
ensemble: {realisations: 60, until: {relative_error: 0.02, minimum: 8}}
measurements:
  - {name: longitudinal, kind: four_probe, current: [lead_0, lead_1], voltage: [lead_2, lead_3]}
"""
# Points of some milliseconds, so that a run can be ended in its midst.
SLOW = ("--set", "engine.solver=dense", "--set", "sample.shape.length=20", "--set", "sample.shape.width=14")


def looks(minimum, maximum):
    numbers = [minimum]
    while numbers[-1] < maximum:
        numbers.append(min(-(-3 * numbers[-1] // 2), maximum))
    return numbers


def wanted(values, relative_error, minimum, maximum):
    """How many of the values (realisation[, quantity]) it takes, by the rule as the manual states it."""
    for n in looks(minimum, maximum):
        if np.all(np.std(values[:n], axis=0, ddof=1) / np.sqrt(n) <= relative_error * abs(np.mean(values[:n], axis=0))):
            return n
    return maximum


class Adaptive(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.deck = self.folder / "deck.yaml"
        self.deck.write_text(DECK)

    def compute(self, name, n_ranks=1, *options, code=0, deck=None):
        done = PROGRAM.run(n_ranks, "run", deck or self.deck, "--output", self.folder / name, *options)
        self.assertEqual(done.returncode, code, done.stderr)
        return self.folder / name / "results.h5", done.stderr

    def show(self, path, *options):
        done = PROGRAM.run(1, "show", path, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    @staticmethod
    def conductances(path):
        """[field, energy][realisation], NaN where none was computed."""
        with h5py.File(path) as file:
            return file["transmission"][:, 0, :, :, 1, 0].reshape(-1, file["realisation"].size)

    def assert_same(self, path, expected):
        found, known = contents(path), contents(expected)
        differ = [name for name in found.keys() | known.keys() if found.get(name) != known.get(name)]
        self.assertLessEqual(set(differ), {"attribute library_versions"})    # names MPI only under mpirun

    def test_computes_what_the_rule_asks_for(self):
        """Against all 100 realisations of a run without a target, whose numbers are the same bits."""
        path, said = self.compute("adaptive")
        everything, _ = self.compute("everything", 1, "--set", "ensemble.until.relative_error=0")
        found, all_of_them = self.conductances(path), self.conductances(everything)
        self.assertTrue(np.isfinite(all_of_them).all())
        expected = [wanted(values, 0.02, 16, 100) for values in all_of_them]
        self.assertGreater(len(set(expected)), 1, "the points of this deck must need different numbers")
        for values, n, full in zip(found, expected, all_of_them):
            np.testing.assert_array_equal(values[:n], full[:n])
            self.assertTrue(np.isnan(values[n:]).all())
        n_all = sum(expected)
        self.assertIn(f"4 of 4 points reached the relative error 0.02; {n_all} of at most 400 realisations were needed", said)
        status = json.loads((path.parent / "status.json").read_text())
        self.assertEqual((status["state"], status["points"], status["finished"]), ("done", n_all, n_all))
        shown = self.show(path)
        self.assertIn(f"400 points, {400 - n_all} not needed, 0 solved again", shown)
        self.assertIn(f"{expected[0]}/100", shown)
        self.assertIn(f"{n_all} of at most 400 realisations were needed", shown)
        missing = [point for point in json.loads(self.show(path, "--json")) if point["status"] == 0]
        self.assertEqual(len(missing), 400 - n_all)
        # Going on from a run that has enough does nothing.
        before = complete_points(path)
        path, said = self.compute("adaptive", 1, "--resume")
        self.assertIn(f"{n_all} of 400 points taken over", said)
        self.assertEqual(complete_points(path), before)

    def test_ranks_do_not_matter(self):
        expected, _ = self.compute("one")
        for n_ranks in (2, 4):
            path, _ = self.compute(f"ranks{n_ranks}", n_ranks)
            self.assert_same(path, expected)

    def test_kills_do_not_matter(self):
        """Killed and stopped in any round, on any ranks: the same realisations, none computed twice."""
        generator = random.Random(4)
        expected, _ = self.compute("undisturbed", 1, *SLOW)
        n_needed = len(complete_points(expected))
        path = self.folder / "killed" / "results.h5"
        n_interrupted = 0
        for how in ("all", "term", "one", "all"):
            before = complete_points(path) if path.exists() else {}
            process = PROGRAM.start(generator.choice((1, 2)), "run", self.deck, "--output", path.parent, "--resume", *SLOW)
            while process.poll() is None and not (path.exists() and len(complete_points(path)) > len(before) + 12):
                time.sleep(0.001)
            code, _, err = end(process, how, generator)
            after = complete_points(path)
            self.assertEqual(before, {number: after[number] for number in before}, "recomputed")
            n_interrupted += len(after) < n_needed
            if len(after) < n_needed:
                self.assertNotEqual(code, 0, err)
        self.assertGreater(n_interrupted, 0, "every kill came too late")
        before = complete_points(path)
        path, _ = self.compute("killed", 2, "--resume", *SLOW)
        after = complete_points(path)
        self.assertEqual(before, {number: after[number] for number in before}, "recomputed")
        self.assert_same(path, expected)

    def test_stopped_by_time_it_is_resumable(self):
        path, said = self.compute("out", 1, *SLOW, "--max-time", "0:00:00", code=RESUMABLE)
        self.assertIn("of at most 400 points are in", said)
        self.assertIn("not computed", self.show(path))
        path, _ = self.compute("out", 1, *SLOW, "--resume")
        expected, _ = self.compute("undisturbed", 1, *SLOW)
        self.assert_same(path, expected)

    def test_a_finer_target_and_more_realisations_go_on(self):
        """To exactly what a run with these from the start computes."""
        path, _ = self.compute("out", 1, "--set", "ensemble.until.relative_error=0.04")
        coarse = np.isfinite(self.conductances(path)).sum()
        path, _ = self.compute("out", 1, "--resume")
        expected, _ = self.compute("fine")
        self.assertGreater(np.isfinite(self.conductances(path)).sum(), coarse)
        self.assert_same(path, expected)
        path, said = self.compute("short", 1, "--set", "ensemble.realisations=20")
        self.assertRegex(said, r"0 of 4 points reached the relative error 0.02; 80 of at most 80 realisations were needed\n"
                               r"  field 0 angle 90 energy -1.1: not reached: lead_0 -> lead_1 \S+ \+- \S+ e\^2/h, of 20 realisations")
        self.assertIn("more ensemble.realisations and --resume go on with these", said)
        with h5py.File(path) as file:
            self.assertIn(b"not reached", np.bytes_(file.attrs["remarks"]))
        self.assertEqual(self.show(path).count("not reached"), 4)
        path, said = self.compute("short", 2, "--resume")
        self.assertIn("80 of 400 points taken over", said)
        self.assert_same(path, expected)

    def test_all_fields_of_an_energy(self):
        """Each energy: energy takes as many realisations as its neediest field, so that every pair is complete."""
        path, _ = self.compute("out", 2, "--set", "ensemble.until.each=energy")
        n = np.isfinite(self.conductances(path)).sum(axis=1).reshape(2, 2)
        np.testing.assert_array_equal(n[0], n[1])

    def test_changes_are_those_of_pairs(self):
        """Fields with different numbers of realisations: the change and its error are of those that both have."""
        path, _ = self.compute("out", 1, "--set", "energy=-1.1")
        conductance = self.conductances(path)
        n = np.isfinite(conductance).sum(axis=1)
        self.assertNotEqual(n[0], n[1])
        zero, field = 1 / conductance[:, :n.min()]
        without = np.array([np.delete(field, i).mean() / np.delete(zero, i).mean() - 1 for i in range(n.min())])
        error = np.sqrt((n.min() - 1) * without.var())
        done = PROGRAM.run(1, "analyse", path.parent)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{n.min()} to {n.max()} realisations", done.stdout)
        self.assertNotIn("left out:", done.stdout)
        with h5py.File(path.parent / "analysis.h5") as file:
            curve = file["curves/0"]
            self.assertAlmostEqual(curve["magnetoresistance"][1], field.mean() / zero.mean() - 1, places=12)
            self.assertAlmostEqual(curve["magnetoresistance_error"][1], error, places=12)
            np.testing.assert_array_equal(curve["realisations"][...], n)
            np.testing.assert_allclose(curve["conductance"][...], np.nanmean(conductance, axis=1), rtol=1e-12)

    def test_another_seed_agrees(self):
        """The means of two seeds differ by what their errors allow."""
        means, errors = [], []
        for seed in (5, 6):
            path, _ = self.compute(f"seed{seed}", 1, "--set", f"ensemble.seed={seed}")
            values = self.conductances(path)
            means.append(np.nanmean(values, axis=1))
            errors.append(np.nanstd(values, axis=1, ddof=1) / np.sqrt(np.isfinite(values).sum(axis=1)))
            self.assertTrue(np.all(errors[-1] <= 0.02 * means[-1]))
        self.assertTrue(np.all(abs(means[0] - means[1]) < 4 * np.hypot(*errors)), (means, errors))
        self.assertFalse(np.any(means[0] == means[1]))

    def test_six_contacts_at_two_temperatures(self):
        """The conductance of the current's contacts from numpy's inverse of the conductance matrix."""
        deck = self.folder / "hall_bar.yaml"
        deck.write_text(HALL_BAR)
        path, said = self.compute("hall_bar", 2, deck=deck)
        with h5py.File(path) as file:
            status = file["status"][0, 0, 0]
            matrices = file["thermal/conductance"][0, 0, 0]
        n = int((status == 1).sum())
        self.assertEqual(status.tolist(), [1] * n + [0] * (60 - n))
        values = np.empty((n, 2))
        for r, t in np.ndindex(n, 2):
            g = matrices[r, t].copy()
            np.fill_diagonal(g, 0)
            g = np.diag(g.sum(axis=1)) - g
            volts = np.linalg.solve(np.delete(np.delete(g, 1, 0), 1, 1), np.eye(5)[0])      # drain grounded, 1 into the source
            values[r, t] = 1 / volts[0]
        self.assertIn(n, looks(8, 60)[1:-1])
        self.assertEqual(n, wanted(values, 0.02, 8, n))
        self.assertTrue(np.all(values.std(axis=0, ddof=1) / np.sqrt(n) <= 0.02 * values.mean(axis=0)))
        self.assertIn(f"{n} of at most 60 realisations were needed", said)
        self.assertIn(f"realisations {n} to 59: not needed", self.show(path))

    def test_check_tells_the_range(self):
        done = PROGRAM.run(1, "check", self.deck, "--ranks", 100)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("400 = 2 fields x 1 angles x 2 energies x 100 realisations", done.stdout)
        self.assertIn("at least 64, with 16 realisations each", done.stdout)
        self.assertRegex(done.stdout, r"total +about \S+ s to \S+ s")
        self.assertIn("the first 64 points leave 36 of 100 ranks idle; raise ensemble.until.minimum", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
