#!/usr/bin/python3
"""`edotb schema`: a valid JSON Schema that takes good decks and refuses bad ones, and a manual that is not stale."""
import glob
import json
import os
import re
import sys
import unittest

import jsonschema
import yaml

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import program  # noqa: E402


class Loader(yaml.SafeLoader):
    """PyYAML follows YAML 1.1, where 1e-3 is text; for edotb and for editors (YAML 1.2) it is a number."""


Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"),
                             list("-+.0123456789"))

# Bad decks whose fault the schema alone shows, without the rules that tie keys together.
REFUSED = ["unknown_key_misspelt", "unknown_key_in_section", "unknown_top_level_key", "unknown_disorder_key",
           "key_in_wrong_section", "section_too_high", "text_for_number", "list_for_mapping", "text_for_mapping",
           "mapping_for_list", "text_for_list_item", "list_for_number", "list_in_list", "mapping_for_text",
           "quoted_number", "null_values", "fraction_for_integer", "boolean_for_number", "wrong_unit_of_field",
           "wrong_unit_of_length", "unit_on_plain_number", "unit_in_range_step", "empty_sweeps", "range_without_to",
           "range_without_count", "range_with_count_and_step", "range_count_zero", "range_count_is_fraction",
           "range_unknown_key", "repeated_value", "out_of_bounds", "negative_disorder", "lattice_constant_zero",
           "extent_too_large", "bad_choices", "unknown_model", "unknown_units", "bad_disorder_kind",
           "unknown_observable", "top_level_list", "top_level_text", "several_problems"]


def read_deck(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader)


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        result = program.run("schema")
        assert result.code == 0, result.err
        cls.schema = json.loads(result.out)
        cls.validator = jsonschema.Draft202012Validator(cls.schema)

    def faults(self, deck):
        return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in
                self.validator.iter_errors(deck)]

    def test_is_a_valid_schema(self):
        self.assertEqual(self.schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        jsonschema.Draft202012Validator.check_schema(self.schema)

    def test_every_key_is_described(self):
        def walk(node, path):
            for key, child in node.get("properties", {}).items():
                here = f"{path}.{key}"
                if isinstance(child.get("additionalProperties"), dict):
                    self.assertTrue(child["additionalProperties"].get("description"), here)  # keys of any name
                elif child.get("type") == "object":
                    self.assertIs(child["additionalProperties"], False, here)
                else:
                    self.assertTrue(child.get("description"), here)
                walk(child, here)
                walk(child.get("items", {}), here + "[]")
        walk(self.schema, "deck")

    def test_takes_the_reference_decks(self):
        with open(os.path.join(program.ROOT, "tests", "reference", "decks.json"), encoding="utf-8") as file:
            cases = json.load(file)["cases"]
        self.assertTrue(cases)
        for name, case in cases.items():
            with self.subTest(deck=name):
                self.assertEqual(self.faults(case["deck"]), [])

    def test_takes_the_decks_of_inputs(self):
        for path in sorted(glob.glob(os.path.join(program.ROOT, "inputs", "*.yaml"))):
            with self.subTest(deck=os.path.basename(path)):
                self.assertEqual(self.faults(read_deck(path)), [])

    def test_takes_every_way_to_write_a_number(self):
        for value in (1, -0.5, [0, 1.5], "5 meV", "5meV", ["-1e-3 eV", 2], {"from": 0, "to": 1, "count": 3},
                      {"from": "0 eV", "to": "1 eV", "step": "250 meV"}):
            with self.subTest(energy=value):
                self.assertEqual(self.faults({"energy": value}), [])

    def test_takes_a_key_of_two_meanings(self):
        for width in (1, "5 meV", "30 deg"):
            with self.subTest(width=width):
                self.assertEqual(self.faults({"sample": {"disorder": [{"kind": "anderson", "width": width}]}}), [])
        self.assertTrue(self.faults({"sample": {"disorder": [{"kind": "anderson", "width": "3 nm"}]}}))

    def test_refuses_bad_decks(self):
        for name in REFUSED:
            with self.subTest(deck=name):
                deck = read_deck(os.path.join(program.ROOT, "tests", "bad_decks", name + ".yaml"))
                self.assertTrue(self.faults(deck))

    def test_names_what_is_wrong(self):
        self.assertEqual(len(self.faults({"field": {"angel": 30}})), 1)
        self.assertIn("angel", self.faults({"field": {"angel": 30}})[0])
        self.assertIn("sample.shape.length", self.faults({"sample": {"shape": {"length": "long"}}})[0])


class Manual(unittest.TestCase):
    def test_is_not_stale(self):
        result = program.run("schema", "--manual")
        self.assertEqual(result.code, 0, result.err)
        with open(os.path.join(program.ROOT, "docs", "deck.md"), encoding="utf-8") as file:
            self.assertEqual(file.read(), result.out, "run: build/edotb schema --manual > docs/deck.md")

    def test_tables_are_whole(self):
        for line in program.run("schema", "--manual").out.splitlines():
            if line.startswith("|"):
                self.assertEqual(len(re.split(r"(?<!\\)\|", line)), 7, line)


if __name__ == "__main__":
    unittest.main()
