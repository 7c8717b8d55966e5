#!/usr/bin/python3
"""scripts/slurm/run.sbatch on a real Slurm: what is cut short is queued again until it is done, with the results of an
undisturbed run; what ended for good, or was cancelled, is not.

    test_slurm.py EDOTB MPIRUN
"""
import re
import subprocess
import sys
import unittest
from pathlib import Path

import h5py

from slurm_node import Node
from durable import DECK, Program, complete_points, contents

PROGRAM = Program(*sys.argv[1:3])
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "slurm" / "run.sbatch"
# Points that no test waits for: minutes of them.
ENDLESS = DECK.replace("realisations: 3", "realisations: 3000")
# Its second energy is a band edge, where no lead can be solved.
FAILING = """units: lattice
sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 4, width: 1}}
energy: [1.9, 2.0, 2.1]
"""


RUNS = """# three runs, between a comment and a blank line
small.yaml --output "by line one" --set "energy=[-1.1, -0.7]"

no-such.yaml --output line2
long.yaml --output line3 --max-time 0:00:01
small.yaml --title "open
"""
# In place of srun: a run whose points take longer than the time that it has.
NO_PROGRESS = """#!/bin/sh
mkdir slow
printf '{\\n  "finished": 7,\\n  "taken_over": 7\\n}\\n' > slow/status.json
echo slow/results.h5
exit 75
"""


class Jobs(unittest.TestCase):
    """What needs no hand is submitted at once, so that all jobs wait for Slurm together; each test looks at some."""

    @classmethod
    def setUpClass(cls):
        cls.node = Node(n_cpus=4)
        cls.addClassCleanup(cls.node.stop)
        cls.folder = cls.node.folder / "work of \"mine\""
        cls.folder.mkdir()
        # Three seconds of work on one rank, by the time that 24 points take.
        n_realisations = max(3, round(3 * 3 / cls.undisturbed("small", DECK)))
        cls.undisturbed("long", DECK.replace("realisations: 3", f"realisations: {n_realisations}"))
        for name, text in (("endless.yaml", ENDLESS), ("failing.yaml", FAILING), ("runs.txt", RUNS)):
            (cls.folder / name).write_text(text)

        cls.array = cls.submit("runs.txt", options=["--array=1-3"])
        cls.limited = cls.submit("endless.yaml", "--output", "limited", "--max-time", "0:00:01", EDOTB_RESTARTS="1")
        (cls.folder / "no_progress.sh").write_text(NO_PROGRESS)
        (cls.folder / "no_progress.sh").chmod(0o755)
        cls.slow = cls.submit("small.yaml", EDOTB_LAUNCH="./no_progress.sh")
        cls.nothing = cls.submit("small.yaml", EDOTB_LAUNCH="true")
        cls.failing = cls.submit("failing.yaml", "--output", "failing")
        cls.refused = {
            "no-such.yaml: cannot be read": (cls.submit("no-such.yaml", "--output", "refused"), None),
            "no deck": (cls.submit(), None),
            "no program /no/such/edotb": (cls.submit("small.yaml", EDOTB="/no/such/edotb"), None),
            "a number of seconds, not '2 min'": (cls.submit("small.yaml", EDOTB_MARGIN="2 min"), None),
            "300 s are kept for the end": (cls.submit("small.yaml", options=["--time=1"], EDOTB_MARGIN="300"), None),
            "no-such.txt, cannot be read": (cls.submit("no-such.txt", options=["--array=1"]), 1),
            "task 7, but runs.txt has 4 runs": (cls.submit("runs.txt", options=["--array=7"]), 7),
            "run 4 of runs.txt has an open quote": (cls.submit("runs.txt", options=["--array=4"]), 4),
            "takes one argument": (cls.submit("small.yaml", "--output", "refused", options=["--array=1"]), 1)}

    @classmethod
    def undisturbed(cls, name, text):
        """Computes a deck without Slurm; the seconds that its points took."""
        (cls.folder / f"{name}.yaml").write_text(text)
        done = PROGRAM.run(1, "run", cls.folder / f"{name}.yaml", "--output", cls.folder / name)
        assert done.returncode == 0, done.stderr
        with h5py.File(cls.folder / name / "results.h5") as file:
            return file["seconds"][...].sum()

    @classmethod
    def submit(cls, *arguments, options=(), **environment):
        return cls.node.submit(*options, SCRIPT, *arguments, folder=cls.folder, EDOTB=environment.pop("EDOTB", PROGRAM.edotb),
                               **environment)

    def results(self, name):
        return self.folder / name / "results.h5"

    def log(self, number, task=None):
        name = f"slurm-{number}.out" if task is None else f"slurm-{number}_{task}.out"
        return (self.folder / name).read_text()

    def assert_ended(self, job, state, code, n_restarts=0, task=None):
        """Also returns the job's log."""
        found = self.node.wait_for_end(job, task)
        log = self.log(job, task)
        self.assertEqual((found["JobState"], found["ExitCode"]), (state, f"{code}:0"), log)
        self.assertEqual(int(found["Restarts"]), n_restarts, log)
        return log

    def assert_undisturbed(self, name, reference):
        found, wanted = contents(self.results(name)), contents(self.results(reference))
        self.assertEqual(found.keys(), wanted.keys())
        for key, value in wanted.items():
            self.assertEqual(found[key], value, key)

    def wait_for_points(self, name, job):
        """Until a run has finished some points; it must not be through."""
        self.node.wait_until(lambda: self.results(name).exists() and len(complete_points(self.results(name))) >= 3,
                             f"{name}: no point is ever finished: {self.node.job(job)}")

    def test_a_run_that_slurm_interrupts_is_done_after_it_was_queued_again(self):
        # The signal is that of `#SBATCH --signal=B:TERM@60`, and of a preemption.
        jobs = {"by srun": self.submit("long.yaml", "--output", "by srun", options=["--ntasks=2", "--time=5"]),
                "by mpirun": self.submit("long.yaml", "--output", "by mpirun", EDOTB_LAUNCH=f"{PROGRAM.mpirun} -n 2",
                                         options=["--ntasks=2", "--time=1-00:00:00"])}
        for name, job in jobs.items():
            self.wait_for_points(name, job)
            self.node.call("scancel", "--batch", "--signal=TERM", job)
        for name, job in jobs.items():
            log = self.assert_ended(job, "COMPLETED", 0, n_restarts=1)
            self.assertIn("2 ranks", log)
            self.assertEqual(log.count("the job is queued again"), 1, log)
            self.assert_undisturbed(name, "long")
        self.assertIn("stopped by SIGTERM", self.log(jobs["by srun"]))  # mpirun gives its ranks a second to say so
        for job, least, most in (("by srun", 150, 180), ("by mpirun", 86400 - 150, 86400 - 120)):
            for hours, minutes, seconds in re.findall(r"--max-time (\d+):(\d\d):(\d\d)", self.log(jobs[job])):
                self.assertTrue(least <= 3600 * int(hours) + 60 * int(minutes) + int(seconds) <= most, self.log(jobs[job]))

    def test_tasks_of_an_array_are_queued_again_each_for_itself(self):
        self.assert_ended(self.array, "COMPLETED", 0, task=1)
        done = PROGRAM.run(1, "run", self.folder / "small.yaml", "--set", "energy=[-1.1, -0.7]", "--output", self.folder / "set")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_undisturbed("by line one", "set")

        log = self.assert_ended(self.array, "FAILED", 2, task=2)
        self.assertIn("no-such.yaml: cannot be read", log)

        # The last task of an array has the number of the whole array.
        found = self.node.wait_for_end(self.array, 3)
        log = self.log(self.array, 3)
        self.assertEqual((found["JobState"], found["JobId"]), ("COMPLETED", str(self.array)), log)
        self.assertGreaterEqual(int(found["Restarts"]), 1, log)
        self.assertEqual(log.count("stopped by --max-time"), int(found["Restarts"]), log)
        self.assert_undisturbed("line3", "long")

    def test_there_is_an_end_to_being_queued_again(self):
        log = self.assert_ended(self.limited, "FAILED", 75, n_restarts=1)
        self.assertEqual(log.count("stopped by --max-time"), 2, log)
        self.assertIn("queued again 1 times, the most that EDOTB_RESTARTS allows", log)

    def test_no_progress_is_no_reason_to_try_again(self):
        self.assertIn("no point was finished in the time that it had", self.assert_ended(self.slow, "FAILED", 75))

    def test_a_launcher_that_starts_nothing_is_found_out(self):
        self.assertIn("true ended with code 0, but edotb has not run", self.assert_ended(self.nothing, "FAILED", 1))

    def test_what_was_cancelled_does_not_come_back(self):
        job = self.submit("endless.yaml", "--output", "cancelled")
        self.wait_for_points("cancelled", job)
        self.node.call("scancel", "--batch", "--signal=USR1", job)
        self.node.wait_until(lambda: "points are on disk" in self.log(job), "USR1 does not arrive")
        self.node.call("scancel", job)
        self.node.wait_until(lambda: "it is not queued again" in self.log(job), "the script says nothing")
        found = self.node.wait_for_end(job)
        self.assertEqual((found["JobState"], found["Restarts"]), ("CANCELLED", "0"), self.log(job))
        self.assertIn("stopped by SIGTERM", self.log(job))

    def test_failed_points_are_no_reason_to_try_again(self):
        log = self.assert_ended(self.failing, "FAILED", 3)
        self.assertIn("points failed (code 3), the others are there: the job is not queued again", log)

    def test_what_cannot_start_is_not_tried_again(self):
        for message, (job, task) in self.refused.items():
            with self.subTest(message):
                self.assertIn(message, self.assert_ended(job, "FAILED", 2, task=task))
        self.assertFalse((self.folder / "refused").exists())
        done = subprocess.run(["bash", SCRIPT, "small.yaml"], env={**self.node.environment, "EDOTB": PROGRAM.edotb},
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("this is for sbatch", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
