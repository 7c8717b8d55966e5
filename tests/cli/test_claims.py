#!/usr/bin/python3
"""Runs the quick decks of inputs/ and checks the number that each one claims."""
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

import program

INPUTS = Path(program.ROOT) / "inputs"


class Claims(unittest.TestCase):
    def run_deck(self, name, *sets):
        """The transmissions of a deck, (field, angle, energy, realisation, to, from)."""
        with tempfile.TemporaryDirectory() as folder:
            settings = [item for value in sets for item in ("--set", value)]
            done = program.run("run", str(INPUTS / f"{name}.yaml"), "--output", folder, *settings)
            self.assertEqual(done.code, 0, done.err)
            with h5py.File(Path(folder) / "results.h5") as file:
                return file["transmission"][...]

    def assert_chiral(self, transmission, order, channels):
        """`channels` from each contact to the next of `order`, nothing to any other."""
        expected = np.zeros((len(order), len(order)))
        for origin, target in zip(order, order[1:] + order[:1]):
            expected[target, origin] = channels
        found = transmission.copy()
        np.fill_diagonal(found, 0.0)
        np.testing.assert_allclose(found, expected, atol=1e-3)

    def test_hall_bar(self):
        transmission = self.run_deck("hall_bar")
        round_trip = [0, 2, 3, 1, 5, 4]
        for realisation in range(transmission.shape[3]):
            self.assert_chiral(transmission[0, 0, 0, realisation], round_trip, 2)
            self.assert_chiral(transmission[1, 0, 0, realisation], round_trip[::-1], 2)

    def test_corbino(self):
        conductance = self.run_deck("corbino")[:, 0, 0, 0, 1, 0]
        self.assertGreater(conductance[0], 7.0)
        self.assertLess(conductance[-1], 1e-3)

    def test_aharonov_bohm_ring(self):
        conductance = self.run_deck("aharonov_bohm_ring")[:, 0, 0, 0, 1, 0]
        spectrum = np.abs(np.fft.rfft(conductance - conductance.mean()))
        self.assertEqual(int(spectrum.argmax()), 3)

    def test_constriction(self):
        conductance = self.run_deck("constriction")[0, 0, :, 0, 1, 0]
        np.testing.assert_allclose(conductance, [0, 1, 2, 3], atol=0.02)

    def test_metal_contacts(self):
        conductance = self.run_deck("metal_contacts")[0, 0, :, 0, 1, 0]
        np.testing.assert_allclose(conductance, [1, 0.8, 0.5, 0.2], atol=1e-12)

    def test_point_contacts(self):
        transmission = self.run_deck("point_contacts")[:, 0, 0, 0, 1, 0]
        self.assertTrue(np.all(np.diff(transmission) > 0))
        np.testing.assert_allclose(transmission[[0, -1]], [0.26, 3.52], atol=0.01)

    def test_topological_edges(self):
        conductance = self.run_deck("quantum_spin_hall")[0, 0, :, :, 1, 0]
        np.testing.assert_allclose(conductance, 2.0, atol=1e-3)
        transmission = self.run_deck("chern_insulator")[0, 0, 0, 0]
        way = [0, 2, 3, 1, 5, 4]
        self.assert_chiral(transmission, way if transmission[2, 0] > 0.5 else way[::-1], 1)

    def test_from_kwant(self):
        conductance = self.run_deck("from_kwant")[0, 0, :, 0, 1, 0]
        np.testing.assert_allclose(conductance, [4.921537724050211, 9.96777325314976], atol=1e-9)

    def test_chiral_channels(self):
        np.testing.assert_allclose(self.run_deck("formula_weyl")[:, 0, 0, 0, 1, 0], [1, 2, 3], atol=1e-9)
        np.testing.assert_allclose(self.run_deck("na3bi_film")[:, 0, 0, 0, 1, 0], [2, 4, 6], atol=1e-9)


if __name__ == "__main__":
    unittest.main()
