#!/usr/bin/python3
"""Broken copies of a good system file are refused, with the file, the dataset and the value named.

The good file is random_two.h5: 72 orbitals on 36 sites, 624 entries, leads of 12 and 8 orbitals.
"""
import concurrent.futures
import os
import shutil
import sys
import tempfile
import unittest

import h5py
import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import program  # noqa: E402

GOOD = os.path.join(program.ROOT, "tests", "reference", "systems", "random_two.h5")

INDPTR, INDICES, VALUES, OFFSETS, POSITIONS = (
    "/device/" + name for name in ("indptr", "indices", "values", "orbital_offsets", "positions"))
CELL, HOPPING, INTERFACE = ("/leads/1/" + name for name in ("cell", "hopping", "interface"))


def replace(name, change):
    """A breaker that puts change(old values) in place of a dataset."""
    def breaker(file):
        data = np.array(change(file[name][...]))
        del file[name]
        file[name] = data
    return breaker


def put(name, index, value):
    """A breaker that overwrites one entry."""
    def breaker(file):
        data = file[name][...]
        data[index] = value
        file[name][...] = data
    return breaker


def remove(name):
    def breaker(file):
        del file[name]
    return breaker


def attribute(name, value):
    def breaker(file):
        del file.attrs[name]
        if value is not None:
            file.attrs[name] = value
    return breaker


def in_place_of(name, make):
    """A breaker that removes an object and lets make(file) put another one there."""
    def breaker(file):
        del file[name]
        make(file)
    return breaker


def grown(name, shape):
    """A breaker that declares a huge dataset without storing it."""
    def breaker(file):
        kind = file[name].dtype
        del file[name]
        file.create_dataset(name, shape, kind, chunks=True)
    return breaker


def without_mirror(file):
    """Drops H(0, last) of row 0 but keeps its mirror entry."""
    indptr = file[INDPTR][...]
    last = indptr[1] - 1
    assert file[INDICES][last] != 0
    replace(INDICES, lambda old: np.delete(old, last))(file)
    replace(VALUES, lambda old: np.delete(old, last))(file)
    file[INDPTR][1:] = indptr[1:] - 1


def empty_group(name):
    def breaker(file):
        del file[name]
        file.create_group(name)
    return breaker


def missing(name):
    return remove(name), [f"dataset '{name}' is missing"]


# name of the case: what breaks a good file, and what the message must say
CASES = {
    # format and version
    "format_wrong": (attribute("format", "edotb-results"), ["attribute 'format' must be edotb-system", "'edotb-results'"]),
    "format_missing": (attribute("format", None), ["attribute 'format' is missing"]),
    "format_is_a_number": (attribute("format", 1), ["attribute 'format' must be one string"]),
    "format_is_a_list": (attribute("format", ["edotb-system"] * 1000), ["attribute 'format' must be one string"]),
    "version_wrong": (attribute("version", 2), ["attribute 'version' must be 1", "is 2"]),
    "version_missing": (attribute("version", None), ["attribute 'version' is missing"]),
    "version_is_text": (attribute("version", "1"), ["attribute 'version' must be one integer"]),
    "version_is_a_list": (attribute("version", [1, 1]), ["attribute 'version' must be one integer"]),
    "title_is_a_list": (attribute("title", ["a", "b"]), ["attribute 'title' must be one string"]),
    # what must be there
    **{"missing" + name.replace("/", "_"): missing(name)
       for name in (INDPTR, INDICES, VALUES, OFFSETS, CELL, HOPPING, INTERFACE, "/leads/0/cell")},
    "no_device": (remove("/device"), [f"dataset '{INDPTR}' is missing"]),
    "no_leads": (remove("/leads"), ["group '/leads' is missing"]),
    "no_lead": (empty_group("/leads"), ["group '/leads' is empty", "needs a lead"]),
    "no_lead_0": (remove("/leads/0"), ["group '/leads/0' is missing", "numbered from 0"]),
    "lead_with_a_name": (lambda file: file.move("/leads/1", "/leads/drain"), ["group '/leads/1' is missing"]),
    "leads_is_a_dataset": (in_place_of("/leads", lambda file: file.create_dataset("/leads", data=[1])),
                           ["'/leads' is not a group"]),
    "lead_is_a_dataset": (in_place_of("/leads/1", lambda file: file.create_dataset("/leads/1", data=[1])),
                          [f"dataset '{CELL}' is missing"]),
    "dataset_is_a_group": (empty_group(VALUES), [f"'{VALUES}' is not a dataset"]),
    "dangling_link": (in_place_of(VALUES, lambda file: file.__setitem__(VALUES, h5py.SoftLink("/nowhere"))),
                      [f"'{VALUES}' is not a dataset"]),
    "link_to_a_missing_file": (
        in_place_of(CELL, lambda file: file.__setitem__(CELL, h5py.ExternalLink("nowhere.h5", "/cell"))),
        [f"'{CELL}' is not a dataset"]),
    # types
    "indices_are_real": (replace(INDICES, lambda old: old.astype(float)), [f"dataset '{INDICES}' must hold integers"]),
    "values_are_real": (replace(VALUES, np.real), [f"dataset '{VALUES}' must hold complex numbers"]),
    "values_are_text": (replace(VALUES, lambda old: np.full(old.shape, b"1")),
                        [f"dataset '{VALUES}' must hold complex numbers"]),
    "cell_is_real": (replace(CELL, np.real), [f"dataset '{CELL}' must hold complex numbers"]),
    "interface_is_real": (replace(INTERFACE, lambda old: old.astype(float)),
                          [f"dataset '{INTERFACE}' must hold integers"]),
    "positions_are_text": (replace(POSITIONS, lambda old: np.full(old.shape, b"1")),
                           [f"dataset '{POSITIONS}' must hold real numbers"]),
    # shapes
    "indptr_of_one_entry": (replace(INDPTR, lambda old: old[:1]), [f"dataset '{INDPTR}'", "at least 2 entries", "(1)"]),
    "indptr_is_a_matrix": (replace(INDPTR, lambda old: old[None, :]), [f"dataset '{INDPTR}'", "(1, 73)"]),
    "indptr_is_a_number": (replace(INDPTR, lambda old: old[0]), [f"dataset '{INDPTR}'", "no dimension"]),
    "indptr_starts_late": (put(INDPTR, 0, 1), [f"dataset '{INDPTR}' must start with 0, starts with 1"]),
    "indptr_falls": (put(INDPTR, 2, 5), [f"dataset '{INDPTR}' falls from 6 to 5 at entry 2"]),
    "indptr_ends_early": (put(INDPTR, -1, 620), [f"dataset '{INDICES}' must be a vector of 620 entries", "(624)"]),
    "indices_too_short": (replace(INDICES, lambda old: old[:-1]),
                          [f"dataset '{INDICES}' must be a vector of 624 entries", "(623)"]),
    "indices_is_a_matrix": (replace(INDICES, lambda old: old.reshape(2, 312)), [f"dataset '{INDICES}'", "(2, 312)"]),
    "indptr_huge": (grown(INDPTR, (1 << 28,)), [f"dataset '{INDPTR}'", "claims more bytes than its file holds"]),
    "indices_huge": (grown(INDICES, (1 << 50,)), [f"dataset '{INDICES}' must be a vector of 624 entries"]),
    "values_too_long": (replace(VALUES, lambda old: np.append(old, 0)),
                        [f"dataset '{VALUES}' must be a vector of 624 entries", "(625)"]),
    "values_huge": (grown(VALUES, (1 << 40,)), [f"dataset '{VALUES}' must be a vector of 624 entries"]),
    "offsets_end_late": (put(OFFSETS, -1, 73), [f"dataset '{OFFSETS}' must end with 72, ends with 73"]),
    "site_without_orbital": (put(OFFSETS, 1, 0), [f"dataset '{OFFSETS}': site 0 has no orbital"]),
    "positions_of_fewer_sites": (replace(POSITIONS, lambda old: old[:-1]),
                                 [f"dataset '{POSITIONS}' must have 36 rows", "(35, 2)"]),
    "positions_in_four_dimensions": (replace(POSITIONS, lambda old: np.zeros((36, 4))),
                                     [f"dataset '{POSITIONS}'", "1 to 3 columns", "(36, 4)"]),
    "positions_is_a_vector": (replace(POSITIONS, lambda old: old[:, 0]), [f"dataset '{POSITIONS}'", "(36)"]),
    "positions_huge": (grown(POSITIONS, (36, 1 << 40)), [f"dataset '{POSITIONS}' must have 36 rows"]),
    "cell_not_square": (replace(CELL, lambda old: old[:, :-1]), [f"dataset '{CELL}' must be square, is 8 x 7"]),
    "cell_is_a_vector": (replace(CELL, lambda old: old[0]), [f"dataset '{CELL}' must be a matrix", "(8)"]),
    "cell_is_a_number": (replace(CELL, lambda old: old[0, 0]), [f"dataset '{CELL}' must be a matrix", "no dimension"]),
    "cell_is_empty": (replace(CELL, lambda old: old[:0, :0]), [f"dataset '{CELL}' must be a matrix", "(0, 0)"]),
    "cell_huge": (grown(CELL, (1 << 30, 1 << 30)), [f"dataset '{CELL}'", "at most 20000 orbitals"]),
    "hopping_of_fewer_rows": (replace(HOPPING, lambda old: old[:-1]),
                              [f"dataset '{HOPPING}' must have 8 rows", "is 7 x 8"]),
    "hopping_of_more_columns": (replace(HOPPING, lambda old: np.hstack([old, old])),
                                [f"dataset '{HOPPING}' must have 8 rows", "is 8 x 16"]),
    "hopping_without_columns": (replace(HOPPING, lambda old: old[:, :0]),
                                [f"dataset '{HOPPING}' must be a matrix", "(8, 0)"]),
    "interface_too_short": (replace(INTERFACE, lambda old: old[:-1]),
                            [f"dataset '{INTERFACE}' must be a vector of 8 entries", "(7)"]),
    "interface_is_a_matrix": (replace(INTERFACE, lambda old: old[None, :]), [f"dataset '{INTERFACE}'", "(1, 8)"]),
    # values
    "index_too_large": (put(INDICES, 7, 72), [f"dataset '{INDICES}': entry 7 is 72", "72 orbitals"]),
    "index_negative": (put(INDICES, 7, -1), [f"dataset '{INDICES}': entry 7 is -1"]),
    "index_enormous": (put(INDICES, 7, 1 << 62), [f"dataset '{INDICES}': entry 7 is {1 << 62}"]),
    "interface_too_large": (put(INTERFACE, 3, 72), [f"dataset '{INTERFACE}': 72 is not an orbital"]),
    "interface_negative": (put(INTERFACE, 3, -1), [f"dataset '{INTERFACE}': -1 is not an orbital"]),
    "interface_repeated": (put(INTERFACE, 3, 62), [f"dataset '{INTERFACE}' repeats orbital 62"]),
    "values_nan": (put(VALUES, 5, np.nan), [f"dataset '{VALUES}': entry 5 is nan", "not a finite number"]),
    "values_infinite": (put(VALUES, 5, complex(0, np.inf)), [f"dataset '{VALUES}': entry 5 is 0+infi"]),
    "cell_nan": (put(CELL, (1, 2), complex(0, np.nan)), [f"dataset '{CELL}': entry 10 is 0+nani"]),
    "hopping_infinite": (put(HOPPING, (0, 0), -np.inf), [f"dataset '{HOPPING}': entry 0 is -inf"]),
    "positions_nan": (put(POSITIONS, (2, 1), np.nan), [f"dataset '{POSITIONS}': entry 5 is nan"]),
    "device_not_hermitian": (lambda file: put(VALUES, 0, file[VALUES][0] + 1e-3j)(file),
                             [f"dataset '{VALUES}': the device is not Hermitian: H(0,0) is", "+0.001i"]),
    "device_without_mirror": (without_mirror, [f"dataset '{VALUES}': the device is not Hermitian: H(0,"]),
    "cell_not_hermitian": (lambda file: put(CELL, (2, 1), file[CELL][2, 1] + 0.5)(file),
                           [f"dataset '{CELL}' is not Hermitian: H(1,2) is", "and H(2,1) is"]),
    "cell_just_not_hermitian": (lambda file: put(CELL, (2, 1), file[CELL][2, 1] + 1e-8)(file),
                                [f"dataset '{CELL}' is not Hermitian"]),
}


def cut(path, size):
    os.truncate(path, size)


def text_instead(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("sample: {model: {name: rashba}}\n")


# the same for the file as a whole
FILES = {
    "empty_file": (lambda path: cut(path, 0), ["this is not an HDF5 file"]),
    "cut_in_half": (lambda path: cut(path, os.path.getsize(path) // 2), ["cannot be opened", "is the file complete"]),
    "cut_at_the_end": (lambda path: cut(path, os.path.getsize(path) - 8), ["cannot be opened"]),
    "text_file": (text_instead, ["this is not an HDF5 file"]),
    "no_file": (os.remove, ["there is no such file"]),
}

ON_RANKS = ["format_wrong", "missing_device_values", "values_huge", "index_too_large", "cell_nan",
            "device_not_hermitian", "interface_repeated", "cut_in_half", "no_file"]

GOOD_VARIANTS = {
    "as_it_is": lambda file: None,
    "without_positions": remove(POSITIONS),
    "without_title": attribute("title", None),
    "32_bit_integers": lambda file: [replace(name, lambda old: old.astype("i4"))(file)
                                     for name in (INDPTR, INDICES, OFFSETS, INTERFACE)],
    "big_endian": lambda file: [replace(name, lambda old: old.astype(old.dtype.newbyteorder(">")))(file)
                                for name in (INDPTR, INDICES, VALUES, CELL)],
    "compressed": lambda file: [in_place_of(name, lambda file, name=name, data=file[name][...]: file.create_dataset(
        name, data=data, compression="gzip"))(file) for name in (INDICES, VALUES)],
    "hermitian_to_rounding": lambda file: put(CELL, (2, 1), file[CELL][2, 1] + 1e-13)(file),
}


class Systems(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def broken_file(self, name):
        path = os.path.join(self.folder, name + ".h5")
        shutil.copy(GOOD, path)
        breaker = (CASES | GOOD_VARIANTS | FILES)[name]
        breaker = breaker[0] if isinstance(breaker, tuple) else breaker
        if name in FILES:
            breaker(path)
        else:
            with h5py.File(path, "r+") as file:
                breaker(file)
        with open(os.path.join(self.folder, name + ".yaml"), "w", encoding="utf-8") as deck:
            deck.write(f"sample:\n  system_file: {name}.h5\n")

    def run_all(self, command, names, ranks=1):
        for name in names:  # h5py is not to run in threads
            self.broken_file(name)

        def one(name):
            arguments = [command, os.path.join(self.folder, name + ".yaml")]
            if command == "run":
                arguments += ["--output", os.path.join(self.folder, name)]
            return program.run(*arguments, ranks=ranks, cwd=self.folder)

        with concurrent.futures.ThreadPoolExecutor(1 if ranks > 1 else os.cpu_count()) as pool:
            return zip(names, pool.map(one, names))

    def refuse_all(self, command, names, ranks=1):
        for name, result in self.run_all(command, names, ranks):
            with self.subTest(system=name):
                # The file, the place in the deck that names it, and what is wrong.
                said = [os.path.join(self.folder, name + ".h5"), f"{name}.yaml:2:16: sample.system_file"]
                program.check_refusal(self, result, said, once=ranks > 1)
                program.check_refusal(self, result, (CASES | FILES)[name][1])
                self.assertFalse(os.path.exists(os.path.join(self.folder, name)), "written before it was refused")


class OneRank(Systems):
    def test_run_refuses(self):
        self.refuse_all("run", list(CASES | FILES))

    def test_check_refuses(self):
        self.refuse_all("check", ON_RANKS)

    def test_good_variants_run(self):
        tables = {}
        for name, result in self.run_all("run", list(GOOD_VARIANTS)):
            with self.subTest(system=name):
                self.assertEqual(result.code, 0, result.err)
                with h5py.File(os.path.join(self.folder, name, "results.h5")) as file:
                    tables[name] = file["transmission"][...]
                np.testing.assert_allclose(tables[name], tables["as_it_is"], atol=1e-9)


class FourRanks(Systems):
    def test_run_refuses_once(self):
        self.refuse_all("run", ON_RANKS, ranks=4)


if __name__ == "__main__":
    unittest.main()
