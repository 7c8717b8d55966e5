#!/usr/bin/python3
"""How runs end early: signals, the end of the time, a stop file, a full disk, a folder that cannot be written;
what they say and leave behind. And what can be seen of a run while it computes.

    test_stopping.py EDOTB MPIRUN [SOAK]     SOAK: points of the soak, 30000 if not given; 1000000 in the long form
"""
import json
import os
import re
import resource
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

from durable import CONDUCTOR, DECK, PATIENCE, RESUMABLE, Program, complete_points, contents, is_running, ranks_below

PROGRAM = Program(*sys.argv[1:3])
N_SOAK = int(sys.argv[3]) if len(sys.argv) > 3 else 30000
MANY = DECK.replace("realisations: 3", "realisations: 2000")
# One point of half a minute: LAPACK on 6000 unknowns.
LONG = """units: lattice
sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 100, width: 60}}
energy: [-1.1, -1]
engine: {solver: dense}
"""


def tiny_deck(n_realisations):
    """Points of less than a millisecond."""
    return ("units: lattice\nsample: {model: {name: simple_metal, dimension: 2}, shape: {length: 4, width: 1}, "
            f"disorder: [{{kind: anderson, width: 1}}]}}\nenergy: [-1.1]\nensemble: {{realisations: {n_realisations}}}\n")


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.path = self.folder / "out" / "results.h5"

    def deck(self, text):
        path = self.folder / "deck.yaml"
        path.write_text(text)
        return path

    def start(self, deck, n_ranks, *options):
        process = PROGRAM.start(n_ranks, "run", deck, "--output", self.path.parent, *options)
        self.addCleanup(lambda: process.poll() is None and os.killpg(process.pid, signal.SIGKILL))
        return process

    def wait_for(self, condition, process, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while not condition():
            self.assertIsNone(process.poll(), "the run ended by itself: " + (process.stderr.read() if process.poll() else ""))
            self.assertLess(time.monotonic(), end, "nothing happens")
            time.sleep(0.02)

    def some_points(self):
        return self.path.exists() and len(complete_points(self.path)) >= 3

    def assert_resumable(self, process, reason):
        out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, RESUMABLE, err)
        self.assertIn(f"stopped by {reason}", err)
        self.assertIn("the same command with --resume goes on", err)
        self.assertEqual(err.count("stopped by"), 1, err)
        return out, err


class Stops(Folder):
    def test_signals(self):
        for n_ranks in (1, 2):
            for sent in (signal.SIGTERM, signal.SIGINT):
                process = self.start(self.deck(MANY), n_ranks)
                self.wait_for(self.some_points, process)
                os.kill(ranks_below(process)[0], sent)
                self.assert_resumable(process, sent.name)
                self.assertGreaterEqual(len(complete_points(self.path)), 3)
                self.assertEqual(json.loads((self.path.parent / "status.json").read_text())["state"], "stopped")
                shutil.rmtree(self.path.parent)

    def test_a_long_point_is_abandoned(self):
        process = self.start(self.deck(LONG), 2)
        self.wait_for(self.path.exists, process)
        process.terminate()  # mpirun passes it on, and kills after a second
        process.communicate(timeout=PATIENCE)
        self.assertNotEqual(process.returncode, 0)
        self.assertEqual(complete_points(self.path), {})
        done = subprocess.run([PROGRAM.edotb, "show", self.path], capture_output=True, text=True, check=True)
        self.assertIn("2 not computed", done.stdout)

    def test_a_point_that_does_not_end_is_given_up(self):
        process = self.start(self.deck(LONG), 1)
        self.wait_for(self.path.exists, process)
        time.sleep(1)
        process.terminate()
        out, _ = self.assert_resumable(process, "SIGTERM")
        self.assertEqual(out, f"{self.path}\n")
        self.assertEqual(complete_points(self.path), {})

    def test_write_now_goes_on(self):
        process = self.start(self.deck(DECK), 2)
        self.wait_for(self.some_points, process)
        os.kill(ranks_below(process)[0], signal.SIGUSR1)
        _, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, err)

    def test_stop_file_and_time(self):
        deck = self.deck(MANY)
        process = self.start(deck, 2)
        self.wait_for(self.some_points, process)
        (self.path.parent / "stop").touch()
        self.assert_resumable(process, f"the file {self.path.parent}/stop")
        n_before = len(complete_points(self.path))
        self.assertFalse((self.path.parent / "stop").exists())
        process = self.start(deck, 1, "--resume", "--max-time", "0:00:01")
        _, err = self.assert_resumable(process, "--max-time")
        self.assertIn(f"{n_before} of 16000 points taken over", err)
        self.assertGreater(len(complete_points(self.path)), n_before)

    def test_a_conductor_stops_too(self):
        values = ", ".join(str(0.001 * i) for i in range(2000))
        process = self.start(self.deck(CONDUCTOR.replace("[0, 0.2, 0.4, 0.6, 0.8]", f"[{values}]")), 2)
        self.wait_for(self.some_points, process)
        (self.path.parent / "stop").touch()
        self.assert_resumable(process, "the file")

    def test_times_that_are_none(self):
        for text in ("", "a", "1:", "1:2:3:4", "-5", "1:-2", "1e3"):
            done = PROGRAM.run(1, "run", self.deck(DECK), f"--max-time={text}")
            self.assertEqual(done.returncode, 2)
            self.assertIn("--max-time", done.stderr)


class Faults(Folder):
    def test_full_disk(self):
        """On a tmpfs of its own: full from the start, and full when a point is to be written: its place in the file is
        a hole then, as on a file system that copies on write."""
        run = f"{PROGRAM.edotb} run {self.deck(tiny_deck(200000))} --output out"
        done = PROGRAM.run(1, "run", self.folder / "deck.yaml", "--output", self.folder / "probe", "--max-time", "0")
        self.assertEqual(done.returncode, RESUMABLE, done.stderr)
        with h5py.File(self.folder / "probe" / "results.h5") as file:
            place = file["transmission"].id.get_offset() + 32 * 190000
        script = f"""mkdir {self.folder}/disk; mount -t tmpfs -o size=34m none {self.folder}/disk && cd {self.folder}/disk || exit
dd if=/dev/zero of=ballast bs=1k count=34670 status=none
{run}; echo first $?
rm ballast
{run} & pid=$!
while [ ! -e out/status.json ]; do sleep 0.01; done
touch out/stop
wait $pid; echo second $?
cp out/results.h5 {self.folder}/before.h5
rm out/status.json
{PROGRAM.mpirun} -n 2 {run} --resume & pid=$!
while [ ! -e out/status.json ]; do sleep 0.01; done
fallocate --punch-hole --offset {place} --length 40960 out/results.h5
dd if=/dev/zero of=ballast bs=1k status=none
wait $pid; echo third $?
cp out/results.h5 {self.folder}/after.h5
rm ballast
{run} --resume --max-time 0; echo fourth $?
"""
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "bash", "-c", script], capture_output=True,
                              text=True, timeout=PATIENCE, check=False)
        if "first" not in done.stdout:
            self.skipTest("no tmpfs can be mounted here: " + done.stderr)
        for line in ("first 2", "second 75", "third 75", "fourth 75"):
            self.assertIn(line, done.stdout, done.stderr)
        self.assertIn("is the disk full?", done.stderr)
        # Of two ranks one or both meet it: the first takes the other down.
        self.assertRegex(done.stderr, "rank [01] of 2: .*point [0-9]+ cannot be written: No space left on device")
        before, after = complete_points(self.folder / "before.h5"), complete_points(self.folder / "after.h5")
        self.assertGreater(len(after), len(before))
        self.assertEqual(before, {number: after[number] for number in before})
        self.assertIn(f"{len(after)} of 200000 points taken over", done.stderr)

    def test_folder_that_cannot_be_written(self):
        deck = self.deck(DECK)
        done = PROGRAM.run(2, "run", deck, "--output", "/proc/edotb")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot be created", done.stderr)
        done = PROGRAM.run(1, "run", deck, "--output", self.path.parent)
        self.assertEqual(done.returncode, 0, done.stderr)
        before = self.path.read_bytes()
        self.folder.chmod(0o755)
        self.path.parent.chmod(0o555)
        self.addCleanup(self.path.parent.chmod, 0o755)
        as_nobody = ["setpriv", "--reuid=65534", "--clear-groups"] if os.getuid() == 0 else []
        for options in ([], ["--resume"]):
            done = subprocess.run([*as_nobody, PROGRAM.edotb, "run", deck, "--output", self.path.parent, *options],
                                  capture_output=True, text=True, timeout=PATIENCE, check=False)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("cannot be written", done.stderr)
            self.assertEqual(self.path.read_bytes(), before)

    def test_a_file_that_cannot_grow(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
        done = PROGRAM.run(1, "run", self.deck(DECK), "--output", self.path.parent, preexec_fn=limit)
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(self.path.exists())

    def test_a_vanished_rank(self):
        """SIGKILL of either rank while the other computes, waits at the end, or shares its points: the job is over
        soon, with one message at most of its own, no process left, and a file that is read and continued."""
        one_point = LONG.replace("[-1.1, -1]", "[-1.1]")
        shared = one_point.replace("dense", "auto, ranks_per_point: 2") + "ensemble: {realisations: 999}\n"
        for text in (MANY, one_point, shared):
            for victim in ("first", "second"):
                process = self.start(self.deck(text), 2)
                self.wait_for((self.path.parent / "status.json").exists, process)
                time.sleep(0.5)
                ranks = ranks_below(process)
                holder = int(re.search("process ([0-9]+)", (self.path.parent / "lock").read_text()).group(1))
                self.assertIn(holder, ranks)
                os.kill(holder if victim == "first" else next(pid for pid in ranks if pid != holder), signal.SIGKILL)
                start = time.monotonic()
                _, err = process.communicate(timeout=PATIENCE)
                self.assertNotEqual(process.returncode, 0)
                self.assertLessEqual(err.count("stopped by"), 1, err)
                while any(map(is_running, ranks)):
                    self.assertLess(time.monotonic() - start, PATIENCE, "a rank is left")
                    time.sleep(0.02)
                shown = PROGRAM.run(1, "show", self.path)
                self.assertEqual(shown.returncode, 0, shown.stderr)
                if text != one_point:  # which no limit of time would keep from being computed
                    done = PROGRAM.run(1, "run", self.folder / "deck.yaml", "--output", self.path.parent, "--resume",
                                       "--max-time", "0", "--set", "engine.ranks_per_point=1")
                    self.assertEqual(done.returncode, RESUMABLE, done.stderr)
                shutil.rmtree(self.path.parent)

    def test_one_run_in_a_folder(self):
        """A second run is refused as long as the first is alive, and does not touch its files; readers are not."""
        deck = self.deck(MANY)
        process = self.start(deck, 2)
        self.wait_for(self.some_points, process)
        before = self.path.stat().st_ino
        for options in ([], ["--resume"]):
            done = PROGRAM.run(1, "run", deck, "--output", self.path.parent, *options)
            self.assertEqual(done.returncode, 2, done.stderr)
            holder = re.search(r"process ([0-9]+) on host (\S+) runs in this folder", done.stderr)
            self.assertIn(int(holder.group(1)), ranks_below(process))
            self.assertEqual(holder.group(2), os.uname().nodename)
            self.assertEqual(self.path.stat().st_ino, before)
        done = PROGRAM.run(1, "run", deck, "--output", self.folder / "another", "--max-time", "0")
        self.assertEqual(done.returncode, RESUMABLE, done.stderr)
        done = subprocess.run([PROGRAM.edotb, "show", self.path], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIsNone(process.poll())
        for pid in [*ranks_below(process), process.pid]:
            os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        self.assertTrue((self.path.parent / "lock").exists())  # which says nothing of a run that is dead
        n_before = len(complete_points(self.path))
        done = PROGRAM.run(1, "run", deck, "--output", self.path.parent, "--resume", "--max-time", "0")
        self.assertIn(f"{n_before} of 16000 points taken over", done.stderr)
        self.assertEqual(done.returncode, RESUMABLE, done.stderr)

    def test_files_outside_the_folder(self):
        inner = self.folder / "inner"
        inner.mkdir()
        (self.folder / "secret.h5").write_text("x")
        (inner / "link.h5").symlink_to(self.folder / "secret.h5")
        for name in ("../secret.h5", str(self.folder / "secret.h5"), "link.h5"):
            deck = inner / "deck.yaml"
            deck.write_text(f"sample: {{system_file: {name}}}\n")
            for command in ("run", "check"):
                done = PROGRAM.run(1, command, deck)
                self.assertEqual(done.returncode, 2)
                self.assertIn("deck.yaml:1:23: sample.system_file: ", done.stderr)
                self.assertIn("lies outside the folder of the deck", done.stderr)
                done = PROGRAM.run(1, command, deck, "--allow-outside")
                self.assertIn("not an HDF5 file", done.stderr)
        deck = self.deck(DECK + "")
        deck.write_text(DECK.replace("output: {", f"output: {{directory: {self.folder}/elsewhere, "))
        done = PROGRAM.run(1, "run", deck, cwd=inner)
        self.assertEqual(done.returncode, 2)
        self.assertIn("output.directory", done.stderr)
        self.assertFalse((self.folder / "elsewhere").exists())


class Seen(Folder):
    def test_while_it_runs(self):
        os.environ["EDOTB_TEST_SECRET"] = "9f1c77"
        process = self.start(self.deck(MANY), 2)
        self.wait_for(self.some_points, process)
        shown = subprocess.run([PROGRAM.edotb, "show", self.path, "--json"], capture_output=True, text=True, check=True)
        points = json.loads(shown.stdout)
        self.assertEqual(len(points), 16000)
        self.assertGreaterEqual(sum(point["status"] == 1 for point in points), 3)
        status = json.loads((self.path.parent / "status.json").read_text())
        self.assertEqual((status["state"], status["points"], status["ranks"]), ("running", 16000, 2))
        os.kill(ranks_below(process)[0], signal.SIGUSR1)
        self.wait_for(lambda: json.loads((self.path.parent / "status.json").read_text())["finished"] >= 3, process)
        (self.path.parent / "stop").touch()
        _, err = self.assert_resumable(process, "the file")
        self.assertIn("of 16000 points are on disk", err)
        self.assertIn("16000 points, ", err)
        for character in "\r\x1b\b":
            self.assertNotIn(character, err)
        del os.environ["EDOTB_TEST_SECRET"]
        for file in self.path.parent.iterdir():
            self.assertNotIn(b"9f1c77", file.read_bytes(), "the environment is nobody's business")

    def test_soak(self):
        """Tiny points: memory does not grow from one to the next. (At the end the status and the checksum of each are read once.)"""
        process = self.start(self.deck(tiny_deck(N_SOAK)), 1)

        def memory():
            for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    return int(line.split()[1])
            return None
        n_early = N_SOAK // 10
        early = late = None
        while process.poll() is None:
            now = memory()
            n_done = len(np.flatnonzero(self.statuses())) if self.path.exists() else 0
            if now and n_early <= n_done < N_SOAK:
                early, late = early or now, now
            time.sleep(0.01)
        _, err = process.communicate()
        self.assertEqual(process.returncode, 0, err)
        with h5py.File(self.path) as file:
            self.assertTrue((file["status"][...] == 1).all())
        self.assertIsNotNone(early, "over before it was looked at")
        self.assertLess(late, 1.01 * early + 256)

    def statuses(self):
        with h5py.File(self.path) as file:
            return file["status"][...]


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
