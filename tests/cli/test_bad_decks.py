#!/usr/bin/python3
"""Every deck of tests/bad_decks is refused with the lines of its .expected file, on one rank and on four.

A case NAME is NAME.yaml (which may be missing, or a folder, or no text at all), NAME.expected with one substring
of the standard error a line, and optionally NAME.args with one more argument a line; {decks} stands for the folder.
"""
import concurrent.futures
import glob
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import program  # noqa: E402

DECKS = os.path.join(program.ROOT, "tests", "bad_decks")

# Parsing, the deck's rules, the sample and the disk each find some of these; and all that read a system file.
ON_RANKS = ["missing_deck", "a_directory", "binary_file", "empty", "not_yaml_open_quote", "unknown_key_misspelt",
            "several_problems", "ramp_on_torus", "flux_on_torus", "huge_cross_section", "set_without_equals",
            "set_wrong_type", "option_unknown", "output_is_a_file", "wannier90_missing_file",
            "dephasing_of_a_large_sample"]


def cases():
    return sorted(os.path.basename(path)[:-len(".expected")] for path in glob.glob(os.path.join(DECKS, "*.expected")))


def lines_of(name):
    with open(os.path.join(DECKS, name), encoding="utf-8") as file:
        return [line for line in file.read().splitlines() if line]


def arguments_of(name):
    if not os.path.exists(os.path.join(DECKS, name + ".args")):
        return []
    return [line.replace("{decks}", DECKS) for line in lines_of(name + ".args")]


def refuse(command, name, ranks=1):
    """Runs the command on the case in an empty folder; returns the result and what lies in the folder then."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [command, os.path.join(DECKS, name + ".yaml")]
        own = arguments_of(name)
        if command == "run" and "--output" not in own:
            arguments += ["--output", os.path.join(folder, "results")]
        return program.run(*arguments, *own, ranks=ranks, cwd=folder), os.listdir(folder)


class BadDecks(unittest.TestCase):
    def refuse_all(self, command, names, ranks=1):
        workers = 1 if ranks > 1 else os.cpu_count()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            results = list(pool.map(lambda name: refuse(command, name, ranks), names))
        for name, (result, left) in zip(names, results):
            with self.subTest(deck=name):
                program.check_refusal(self, result, lines_of(name + ".expected"), once=ranks > 1)
                self.assertEqual(left, [], "a run that was refused has written something")


class OneRank(BadDecks):
    def test_every_file_belongs_to_a_case(self):
        names = cases()
        self.assertGreaterEqual(len(names), 50)
        for file in os.listdir(DECKS):
            name, kind = os.path.splitext(file)
            self.assertIn(name, names, f"{name}.expected is missing")
            self.assertIn(kind, (".yaml", ".expected", ".args"))
        for name in names:
            self.assertTrue(lines_of(name + ".expected"), f"{name}.expected expects nothing")

    def test_run_refuses(self):
        self.refuse_all("run", cases())

    def test_check_refuses(self):
        self.refuse_all("check", [name for name in cases() if "--output" not in arguments_of(name)])

    def test_bands_refuses(self):
        self.refuse_all("bands", ["empty", "several_problems", "set_unknown_key"])

    def test_output_stays_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            results = os.path.join(folder, "results.h5")
            with open(results, "w", encoding="utf-8") as file:
                file.write("precious")
            deck = os.path.join(DECKS, "flux_on_torus.yaml")
            program.check_refusal(self, program.run("run", deck, "--output", folder), [])
            self.assertEqual(os.listdir(folder), ["results.h5"])
            with open(results, encoding="utf-8") as file:
                self.assertEqual(file.read(), "precious")


class FourRanks(BadDecks):
    def test_run_refuses_once(self):
        self.refuse_all("run", ON_RANKS + [name for name in cases() if name.startswith("system_file")], ranks=4)

    def test_check_refuses_once(self):
        self.refuse_all("check", ["several_problems", "flux_on_torus", "system_file_missing"], ranks=4)


if __name__ == "__main__":
    unittest.main()
