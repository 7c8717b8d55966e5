#!/usr/bin/python3
"""Runs that are killed at random moments and resumed: the results are those of an undisturbed run, bit for bit, and
nothing that was complete is computed again. Damaged and foreign results files.

    test_resume.py EDOTB MPIRUN [KILLS]      KILLS: of the fault test, 12 if not given; 200 in the long form
"""
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy as np

from durable import CONDUCTOR, DECK, PATIENCE, RESUMABLE, Program, checksums, complete_points, contents, end, point_datasets

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
import edotb_results      # noqa: E402
import report_conductor   # noqa: E402

PROGRAM = Program(*sys.argv[1:3])
N_KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 12


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def deck(self, text, name="deck.yaml"):
        path = self.folder / name
        path.write_text(text)
        return path

    def compute(self, deck, name, n_ranks=1, *options, code=0):
        done = PROGRAM.run(n_ranks, "run", deck, "--output", self.folder / name, *options)
        self.assertEqual(done.returncode, code, done.stderr)
        return self.folder / name / "results.h5", done.stderr

    def assert_same(self, path, expected):
        found, wanted = contents(path), contents(expected)
        self.assertEqual(found.keys(), wanted.keys())
        for name, value in wanted.items():
            self.assertEqual(found[name], value, name)

    def assert_close(self, path, expected):
        with h5py.File(path) as found, h5py.File(expected) as wanted:
            for name in point_datasets(wanted):
                if name != "seconds":
                    np.testing.assert_allclose(found[name][...], wanted[name][...], rtol=0, atol=1e-8, err_msg=name)


class Faults(Folder):
    def wait_for_a_moment(self, generator, process, path, n_before):
        """Until some more points are there and some milliseconds, or, one time in five, early in the start."""
        if generator.random() < 0.2:
            time.sleep(generator.uniform(0, 0.5))
            return
        wanted = n_before + generator.randint(1, 5)
        while process.poll() is None and not (path.exists() and len(complete_points(path)) >= wanted):
            time.sleep(0.002)
        time.sleep(generator.uniform(0, 0.05))

    def kill_and_resume(self, text, n_kills, seed, numbers_of_ranks=(1, 2), same_bits=True):
        generator = random.Random(seed)
        deck = self.deck(text)
        expected, _ = self.compute(deck, "undisturbed", 2)
        with h5py.File(expected) as file:
            n_points = file["status"].size
            self.assertTrue(np.array_equal(file["checksum"][...].reshape(-1), checksums(file)))
        n_left, trial, n_interrupted = n_kills, 0, 0
        # How many kills come before a run's end depends on the machine: more of them where most came too late.
        while n_left > 0 or (n_interrupted <= n_kills // 3 and trial < 3 * n_kills):
            path = self.folder / f"trial{trial}" / "results.h5"
            trial += 1
            for _ in range(max(1, min(n_left, generator.randint(1, 3)))):
                n_ranks = generator.choice(numbers_of_ranks)
                how = generator.choice(("one", "all", "term", "term_rank"))
                before = complete_points(path) if path.exists() else {}
                process = PROGRAM.start(n_ranks, "run", deck, "--output", path.parent, "--resume")
                self.wait_for_a_moment(generator, process, path, len(before))
                code, _, err = end(process, how, generator)
                n_left -= 1
                if not path.exists():
                    continue
                after = complete_points(path)
                self.assertEqual(before, {number: after[number] for number in before}, "recomputed")
                n_interrupted += len(before) < len(after) < n_points
                if how.startswith("term") and n_ranks == 1:
                    codes = {RESUMABLE if len(after) < n_points else 0}
                    if len(after) == len(before):
                        codes.add(-signal.SIGTERM)      # before MPI has started the signal ends it as any program
                    self.assertIn(code, codes, err)
            before = complete_points(path) if path.exists() else {}
            path, said = self.compute(deck, path.parent.name, generator.choice(numbers_of_ranks), "--resume")
            if before:
                self.assertIn(f"{len(before)} of {n_points} points taken over", said)
            after = complete_points(path)
            self.assertEqual(len(after), n_points)
            self.assertEqual(before, {number: after[number] for number in before}, "recomputed")
            (self.assert_same if same_bits else self.assert_close)(path, expected)
            shutil.rmtree(path.parent)
        self.assertGreater(n_interrupted, n_kills // 3, "most kills came too late to test anything")

    def test_coherent_runs_killed_at_random(self):
        self.kill_and_resume(DECK, 2 * N_KILLS // 3, 1)

    def test_runs_whose_ranks_share_points(self):
        """Of larger samples, whose fronts two ranks share: bit for bit; by mumps to rounding, as it adds in the order in
        which messages arrive. The sparse solvers are fast, hence more points."""
        larger = DECK.replace("realisations: 3", "realisations: 16").replace("length: 24, width: 20", "length: 80, width: 40")
        many = DECK.replace("realisations: 3", "realisations: 48")
        self.kill_and_resume(larger.replace("dense", "auto, ranks_per_point: 2"), max(2, N_KILLS // 4), 4, (2, 4))
        self.kill_and_resume(many.replace("dense", "mumps, ranks_per_point: 2"), max(2, N_KILLS // 6), 5, (2, 4), False)

    def test_continuum_runs_killed_at_random(self):
        self.kill_and_resume(CONDUCTOR, N_KILLS - 2 * N_KILLS // 3, 2)


class Damage(Folder):
    def test_flipped_and_missing_bytes(self):
        """Whatever byte is wrong: the same results again, or a message that says that they cannot be read."""
        generator = random.Random(3)
        deck = self.deck(DECK)
        expected, _ = self.compute(deck, "whole")
        size = expected.stat().st_size
        with h5py.File(expected) as file:
            transmission = file["transmission"].id.get_offset()
            checksum = file["checksum"].id.get_offset()
        damages = [("flip", transmission + 8 * 4 * 7 + 3, 1), ("flip", checksum + 5, 1), ("flip", 9, 1), ("flip", 0, 512),
                   ("cut", size // 2, 0), ("cut", 100, 0)]
        damages += [("flip", generator.randrange(size), generator.choice((1, 1, 8, 4096))) for _ in range(max(3, N_KILLS // 4))]
        for how, at, length in damages:
            with self.subTest(how=how, at=at, length=length):
                folder = self.folder / "damaged"
                shutil.copytree(expected.parent, folder)
                data = bytearray((folder / "results.h5").read_bytes())
                if how == "cut":
                    del data[at:]
                for i in range(at, min(at + length, len(data))):
                    data[i] ^= 0x55
                (folder / "results.h5").write_bytes(data)
                path, said = self.compute(deck, "damaged", 1, "--resume")
                self.assert_same(path, expected)
                if at in (transmission + 8 * 4 * 7 + 3, checksum + 5):
                    self.assertIn("23 of 24 points taken over from the earlier results, 1 DAMAGED", said)
                if how == "cut" or at in (0, 9):
                    self.assertIn("is damaged", said)
                shutil.rmtree(folder)


    def test_damaged_points_are_listed_and_left_out(self):
        """By show and the reader of the scripts, of both engines: a flipped bit of a value, of a status and of a checksum; and
        a whole file before."""
        for text, name, read in ((DECK, "transmission", edotb_results.read),
                                 (CONDUCTOR, "continuum/conductance", report_conductor.read)):
            with self.subTest(name=name):
                path, _ = self.compute(self.deck(text), name.replace("/", "_"))
                whole = PROGRAM.run(1, "show", path)
                self.assertEqual((whole.returncode, whole.stderr), (0, ""))
                self.assertTrue(np.all(read(str(path)).status == edotb_results.SOLVED))
                points = json.loads(PROGRAM.run(1, "show", path, "--json").stdout)
                data = bytearray(path.read_bytes())
                with h5py.File(path) as file:
                    values, n = file[name], len(points)
                    for place in (values.id.get_offset() + 2 * values.id.get_storage_size() // n + 5,
                                  file["status"].id.get_offset() + 7, file["checksum"].id.get_offset() + 4 * 11):
                        data[place] ^= 4
                path.write_bytes(data)
                shown = PROGRAM.run(1, "show", path)
                self.assertEqual(shown.returncode, 2)
                self.assertIn("3 DAMAGED points", shown.stderr)
                in_json = PROGRAM.run(1, "show", path, "--json")
                self.assertEqual((in_json.returncode, in_json.stderr), (2, shown.stderr))
                found = json.loads(in_json.stdout)
                for i, point in enumerate(found):
                    if i not in (2, 7, 11):
                        self.assertEqual(point, points[i])
                        continue
                    self.assertEqual(point["status"], -1)
                    self.assertNotIn(name.split("/")[-1], point)
                    self.assertIn(f"  field {point['field']:g} angle {point['angle']:g}", shown.stderr)
                self.assertEqual(path.read_bytes(), bytes(data))
                is_damaged = np.isin(np.arange(len(points)), (2, 7, 11))
                results = read(str(path))
                np.testing.assert_array_equal(results.status.ravel() == edotb_results.DAMAGED, is_damaged)
                is_left_out = np.isnan(results.conductance).reshape(len(points), -1).all(axis=-1)
                np.testing.assert_array_equal(is_left_out, is_damaged)

    def test_sizes_that_a_file_only_claims(self):
        """A file of some kilobytes whose datasets say that they hold 10^12 points: refused, and no memory is taken."""
        path, _ = self.compute(self.deck(DECK), "claims")
        forged = path.with_name("forged.h5")
        more = 1 << 36
        word = lambda number: number.to_bytes(8, "little")
        with h5py.File(path) as file, h5py.File(forged, "w", libver="earliest") as copy:   # whose headers have no checksum
            copy.attrs.update(file.attrs)
            file.visititems(lambda name, item: copy.__setitem__(name, item[...]))
        with h5py.File(forged) as file:
            shape = file["status"].shape
            claims = [(b"".join(map(word, shape)), b"".join(map(word, (shape[0] * more, *shape[1:]))))]
            for name in (*point_datasets(file), "checksum"):       # where the bytes are, and how many
                place, size = file[name].id.get_offset(), file[name].id.get_storage_size()
                claims.append((word(place) + word(size), word(place) + word(size * more)))
        data = forged.read_bytes()
        for true, false in claims:
            self.assertIn(true, data)
            data = data.replace(true, false)
        path.write_bytes(data)
        with h5py.File(path) as file:
            self.assertEqual(file["noise"].shape[:4], (shape[0] * more, *shape[1:]))
        for command in (["show", path], ["analyse", path.parent]):
            done = subprocess.run(["prlimit", "--as=4000000000", PROGRAM.edotb, *map(str, command)], capture_output=True,
                                  text=True, timeout=PATIENCE, check=False)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("claims more bytes than the file holds", done.stderr)


class Decks(Folder):
    def test_decks_that_fix_other_results_are_refused(self):
        deck = self.deck(DECK)
        path, _ = self.compute(deck, "out")
        before = path.read_bytes()
        for change, key in (("sample.disorder[0].width=2", "sample.disorder[0].width: 1 there; 2 here"),
                            ("ensemble.seed=6", "ensemble.seed: 5 there; 6 here"),
                            ("energy=[-1.1]", "energy: [-1.1, -0.7] there; [-1.1] here"),
                            ("ensemble.realisations=2", "ensemble.realisations: 3 there; 2 here"),
                            ("sample.shape.length=25", "sample.shape.length: 24 there; 25 here"),
                            ("output.observables=[noise]", "output.observables: ")):
            _, said = self.compute(deck, "out", 1, "--resume", "--set", change, code=2)
            self.assertIn(key, said)
            self.assertEqual(said.count(" there; "), 1, said)
            self.assertEqual(path.read_bytes(), before)
        self.assertEqual([entry.name for entry in path.parent.glob("*.part")], [])

    def test_what_fixes_nothing_may_differ(self):
        deck = self.deck(DECK)
        path, _ = self.compute(deck, "out")
        before = complete_points(path)
        path, said = self.compute(deck, "out", 2, "--resume", "--set", "title=Another", "--set", "output.max_gigabytes=2")
        self.assertIn("24 of 24 points taken over", said)
        self.assertEqual(complete_points(path), before)
        with h5py.File(path) as file:
            self.assertEqual(file.attrs["title"], b"Another")

    def test_more_values_and_realisations(self):
        """Fields before, between and after the old ones; the old points keep their wall times."""
        deck = self.deck(DECK)
        path, _ = self.compute(deck, "out")
        with h5py.File(path) as file:
            seconds = file["seconds"][...]
        more = ("--set", "field.magnitude=[-0.1, 0, 0.05, 0.1, 0.2]", "--set", "energy=[-0.7, -1.1, -0.9]", "--set",
                "ensemble.realisations=4")
        path, said = self.compute(deck, "out", 2, "--resume", *more)
        self.assertIn("24 of 120 points taken over", said)
        with h5py.File(path) as file:
            kept = file["seconds"][...][[1, 3]][:, :, [1, 0], :3]
        self.assertTrue(np.array_equal(kept, seconds))
        expected, _ = self.compute(deck, "undisturbed", 2, *more)
        self.assert_same(path, expected)

    def test_another_system_file_is_refused(self):
        source = self.deck(DECK.replace("output: {observables: [noise, transmission_eigenvalues]}\n", ""))
        deck = self.deck("units: lattice\nsample: {system_file: system.h5}\nenergy: [-1.13, -0.57]\n", "system.yaml")
        for length in (4, 5):
            done = PROGRAM.run(1, "check", source, "--system-file", self.folder / "system.h5", "--set",
                               f"sample.shape.length={length}")
            self.assertEqual(done.returncode, 0, done.stderr)
            if length == 4:
                self.compute(deck, "out")
        _, said = self.compute(deck, "out", 1, "--resume", code=2)
        self.assertIn("contents of the files that the deck names", said)
        self.assertIn("sample.system_file", said)

    def test_failures_keep_their_reasons(self):
        """A point at a band edge fails; its reason outlives an interruption, and the exit status stays 3."""
        deck = self.deck("units: lattice\nsample: {model: {name: simple_metal, dimension: 2}, shape: {length: 4, width: 1}}\n"
                         "energy: [1.9, 2.0, 2.1]\n")
        path, _ = self.compute(deck, "out", code=3)
        path, said = self.compute(deck, "out", 1, "--resume", "--set", "energy=[1.9, 2.0, 2.1, 2.2]", code=3)
        self.assertIn("3 of 4 points taken over", said)
        self.assertIn("energy 2 realisation 0: failed", said)
        with h5py.File(path) as file:
            self.assertIn(b"band edge", file.attrs["remarks"])

    def test_nothing_to_go_on_from(self):
        deck = self.deck(DECK)
        path, said = self.compute(deck, "new", 1, "--resume")
        self.assertIn("all points are computed", said)
        self.assertEqual(len(complete_points(path)), 24)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
