#!/usr/bin/python3
"""The command line itself: wrong commands, options and files end with status 2 and one line that says why."""
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import program  # noqa: E402

SYSTEM = os.path.join(program.ROOT, "tests", "reference", "systems", "chain_ideal.h5")

WRONG = [
    ([], "A subcommand is required"),
    (["rum"], "there is no command 'rum'; the commands are run, check"),
    (["run"], "deck is required"),
    (["run", "{deck}", "more.yaml"], "not expected: more.yaml"),
    (["run", "{deck}", "--nonsense"], "not expected: --nonsense"),
    (["check", "{deck}", "--ranks", "0"], "--ranks"),
    (["check", "{deck}", "--ranks", "many"], "--ranks"),
    (["bands", "{deck}", "--from", "1", "2"], "--from"),
    (["bands", "{deck}", "--points", "0"], "bands.points: 0 is too small"),
    (["bands", "{deck}", "--to", "nan", "0", "0"], "bands.path[1].k[0]: must be finite, found 'nan'"),
    (["bands", "{system}", "--allow-outside"], "a system file has no bulk; use --lead"),
    (["show"], "results is required"),
    (["show", "no_such_file.h5"], "no_such_file.h5: there is no such file"),
    (["show", "{deck}"], "deck.yaml: this is not an HDF5 file"),
    (["show", SYSTEM], "this is not a results file of edotb"),
    (["show", "."], "this is a folder"),
    (["schema", "deck.yaml"], "not expected: deck.yaml"),
]


class OneRank(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.names = {"{deck}": self.write("deck.yaml", "units: lattice\nsample: {model: {name: simple_metal}}\n"),
                      "{system}": self.write("system.yaml", f"sample: {{system_file: {SYSTEM}}}\n")}

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run_program(self, arguments, **options):
        return program.run(*[self.names.get(word, word) for word in arguments], cwd=self.folder, **options)

    def test_wrong_uses(self):
        for arguments, reason in WRONG:
            with self.subTest(arguments=arguments):
                program.check_refusal(self, self.run_program(arguments), ["edotb: ", reason])
                self.assertEqual(sorted(os.listdir(self.folder)), ["deck.yaml", "system.yaml"])

    def test_help_and_version(self):
        for arguments, text in ((["--help"], "exit status"), (["run", "--help"], "--output"),
                                (["--version"], "edotb "), (["models"], "dirac_weyl")):
            with self.subTest(arguments=arguments):
                result = self.run_program(arguments)
                self.assertEqual((result.code, result.err), (0, ""))
                self.assertIn(text, result.out)


class FourRanks(OneRank):
    def test_wrong_uses(self):
        for arguments, reason in (WRONG[1], WRONG[4], WRONG[12]):
            with self.subTest(arguments=arguments):
                program.check_refusal(self, self.run_program(arguments, ranks=4), [reason], once=True)

    def test_help_and_version(self):
        result = self.run_program(["--version"], ranks=4)
        self.assertEqual(result.code, 0)
        self.assertEqual(result.out.count("edotb "), 1)


if __name__ == "__main__":
    unittest.main()
