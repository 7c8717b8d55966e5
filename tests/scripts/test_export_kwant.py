#!/usr/bin/python3
"""scripts/export_kwant.py on a stand-in for Kwant's systems. Usage: test_export_kwant.py EDOTB

Oracles: the reference systems that Kwant itself wrote (tests/reference/systems), their transmissions as Kwant computed them
(kwant.json), and the transmission of a barrier on a chain, (4t^2 - E^2)/(4t^2 - E^2 + u^2).
"""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(Path(__file__).parent)]

import h5py  # noqa: E402
import kwant_stand_in as kwant  # noqa: E402
import numpy as np  # noqa: E402
from export_kwant import CannotExport, write_system  # noqa: E402

REFERENCE = ROOT / "tests" / "reference"


def chain(n=5, barrier=0.0):
    """n sites, hopping -t, the middle one at u: both parameters of the system."""
    onsites = [0.0] * n
    onsites[n // 2] = (lambda u: u) if barrier is None else barrier
    hopping = (lambda t: -t)
    lead = kwant.InfiniteSystem([0.0, 0.0], {(0, 1): hopping}, 1)
    hoppings = {(i, i + 1): hopping for i in range(n - 1)}
    return kwant.FiniteSystem(onsites, hoppings, [lead, lead], [[0], [n - 1]], [(float(i),) for i in range(n)])


def split_into_sites(matrix, offsets, places=None):
    """On-site blocks and, of the pairs of sites, the blocks that are not zero."""
    n = len(offsets) - 1
    block = [[matrix[offsets[i]:offsets[i + 1], offsets[j]:offsets[j + 1]] for j in range(n)] for i in range(n)]
    return [block[i][i] for i in range(n)], {(i, j): block[i][j] for i in range(n) for j in range(i) if np.any(block[i][j])}


def system_of(path):
    """A reference file as the system that Kwant had: sites, hoppings between them, leads of one site a cell."""
    with h5py.File(path) as file:
        offsets = file["device/orbital_offsets"][:]
        indptr, indices, values = (file["device/" + name][:] for name in ("indptr", "indices", "values"))
        matrix = np.zeros((offsets[-1],) * 2, complex)
        for row in range(len(matrix)):
            matrix[row, indices[indptr[row]:indptr[row + 1]]] = values[indptr[row]:indptr[row + 1]]
        leads, interfaces = [], []
        for k in range(len(file["leads"])):
            cell, hopping, interface = (file[f"leads/{k}/{name}"][:] for name in ("cell", "hopping", "interface"))
            sites = list(dict.fromkeys(np.searchsorted(offsets, interface, side="right") - 1))
            if not np.array_equal(interface, np.concatenate([np.arange(offsets[s], offsets[s + 1]) for s in sites])):
                raise ValueError(f"{path}: lead {k} is not attached to whole sites")
            before = np.zeros((len(interface),) * 2)
            leads.append(kwant.InfiniteSystem([cell, before], {(0, 1): hopping}, 1))
            interfaces.append(sites)
        positions = file["device/positions"][:] if "device/positions" in file else None
    onsites, hoppings = split_into_sites(matrix, offsets)
    return kwant.FiniteSystem(onsites, hoppings, leads, interfaces, positions), matrix


def contents(path):
    arrays = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: arrays.update({name: item[()]} if isinstance(item, h5py.Dataset) else {}))
        return arrays, dict(file.attrs)


def dense(arrays):
    n = len(arrays["device/indptr"]) - 1
    rows = np.repeat(np.arange(n), np.diff(arrays["device/indptr"]))
    matrix = np.zeros((n, n), complex)
    matrix[rows, arrays["device/indices"]] = arrays["device/values"]
    return matrix


class Export(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "system.h5"

    def transmissions(self, energies):
        deck = self.folder / "deck.yaml"
        deck.write_text(f"units: lattice\nsample: {{system_file: system.h5}}\nenergy: {energies}\n")
        for arguments in (["run", deck, "--output", self.folder], ["show", "--json", self.folder / "results.h5"]):
            done = subprocess.run([EDOTB, *map(str, arguments)], capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
        return {point["energy"]: np.array(point["transmission"]) for point in json.loads(done.stdout)}

    def test_the_reference_systems_are_written_as_kwant_wrote_them(self):
        for name in ("chain_ideal", "rashba_zeeman", "hall_bar", "graphene", "corbino", "random_two", "random_four", "random_singular"):
            with self.subTest(system=name):
                reference = REFERENCE / "systems" / f"{name}.h5"
                system, matrix = system_of(reference)
                write_system(system, self.path, title="again")
                expected, _ = contents(reference)
                found, attributes = contents(self.path)
                self.assertEqual(attributes, {"format": "edotb-system", "version": 1, "title": "again"})
                self.assertEqual(set(found), set(expected))
                for dataset in sorted(set(expected) - {"device/indptr", "device/indices", "device/values"}):
                    np.testing.assert_array_equal(found[dataset], expected[dataset], dataset)
                np.testing.assert_array_equal(dense(found), matrix)

    def test_edotb_finds_what_kwant_found(self):
        cases = json.loads((REFERENCE / "kwant.json").read_text())["cases"]
        for name in ("rashba_zeeman", "random_four"):
            write_system(system_of(REFERENCE / "systems" / f"{name}.h5")[0], self.path)
            found = self.transmissions([result["energy"] for result in cases[name]["results"]])
            for result in cases[name]["results"]:
                np.testing.assert_allclose(found[result["energy"]], result["transmission"], rtol=0, atol=1e-9)

    def test_values_are_functions_of_the_parameters(self):
        t, u = 1.25, 0.75
        write_system(chain(barrier=None), self.path, params={"t": t, "u": u})
        for energy, found in self.transmissions([-1, 0.5]).items():
            x = 4 * t**2 - energy**2
            self.assertAlmostEqual(found[1, 0], x / (x + u**2), delta=1e-11)

    def test_sites_without_positions(self):
        system = chain()
        system.positions = None
        write_system(system, self.path, params={"t": 1.0})
        self.assertNotIn("device/positions", contents(self.path)[0])
        self.assertAlmostEqual(self.transmissions([0.3])[0.3][1, 0], 1.0, delta=1e-11)

    def test_the_page_shows_the_deck_that_is_tested(self):
        page = (ROOT / "docs" / "from_kwant.md").read_text(encoding="utf-8")
        lines = (ROOT / "inputs" / "from_kwant.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
        self.assertIn("```yaml\n" + "".join(line for line in lines if not line.startswith("#")) + "```", page)

    def test_what_cannot_be_exported(self):
        params = {"t": 1.0}
        self_energy = chain()
        self_energy.leads[1] = kwant.SelfEnergyLead(lambda energy, args, params=None: -1j * np.eye(1))
        lone = chain()
        lone.leads, lone.lead_interfaces = [], []
        builder = chain()
        builder.finalized = lambda: builder
        not_hermitian = chain(barrier=0.5j)
        not_finite = chain(barrier=float("nan"))
        bad_cell = chain()
        bad_cell.leads[0] = kwant.InfiniteSystem([1j, 0.0], {(0, 1): -1.0}, 1)
        wide_interface = chain()
        wide_interface.lead_interfaces[0] = np.array([0, 1])
        for system, said in ((self_energy, "lead 1 is a SelfEnergyLead"), (chain().leads[0], "infinite system"),
                             (lone, "no leads"), (builder, "finalized"), (object(), "object is not a finalised"),
                             (not_hermitian, r"not Hermitian: H\(2,2\)"), (not_finite, "NaN"),
                             (bad_cell, "cell of lead 0 is not Hermitian"), (wide_interface, "lead 0 couples to 1 orbitals")):
            with self.subTest(said=said), self.assertRaisesRegex(CannotExport, said):
                write_system(system, self.path, params=params)
            self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    EDOTB = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
