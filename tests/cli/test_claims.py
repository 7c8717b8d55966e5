#!/usr/bin/python3
"""Runs the quick decks of inputs/ and checks the number that each one claims."""
import json
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
        return self.results_of(name, *sets)["transmission"]

    def results_of(self, name, *sets):
        """Every dataset of a deck's results."""
        with tempfile.TemporaryDirectory() as folder:
            settings = [item for value in sets for item in ("--set", value)]
            done = program.run("run", str(INPUTS / f"{name}.yaml"), "--output", folder, *settings, timeout=600)
            self.assertEqual(done.code, 0, done.err)
            with h5py.File(Path(folder) / "results.h5") as file:
                return {dataset: file[dataset][...] for dataset in file}

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

    def test_graphene_corbino(self):
        conductance = self.run_deck("graphene_corbino")[:, 0, 0, 0, 1, 0]
        j = np.arange(-20, 20) + np.array([[0.5], [1.0]])                      # no flux, half a period
        evanescent = 2 * (1 / np.cosh(j * np.log(10))**2).sum(axis=1)          # of two valleys
        np.testing.assert_allclose(evanescent, [2.677 / 2, 4.317 / 2], atol=5e-4)
        np.testing.assert_allclose(conductance, evanescent, rtol=0.03)
        np.testing.assert_allclose(conductance, [1.322, 2.149], atol=1e-3)

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

    def test_adaptive_ensemble(self):
        """The error is that asked for, in a field from fewer realisations; another seed agrees."""
        means, errors = [], []
        for seed in (1, 2):
            conductance = self.run_deck("adaptive_ensemble", f"ensemble.seed={seed}")[:, 0, 0, :, 1, 0]
            n = np.isfinite(conductance).sum(axis=1)
            mean, variance = np.nanmean(conductance, axis=1), np.nanvar(conductance, axis=1, ddof=1)
            error = np.sqrt(variance / n)
            self.assertTrue(np.all(error <= 0.01 * mean))
            np.testing.assert_array_equal(n, [413, 183 if seed == 1 else 275])
            # The variance of n numbers scatters by sqrt(2/n) of itself.
            self.assertTrue(np.all(abs(variance / [2 / 15, 1 / 15] - 1) < 4 * np.sqrt(2 / n)), variance)
            means.append(mean)
            errors.append(error)
        np.testing.assert_allclose(means[0], [2.00, 2.12], atol=0.01)
        self.assertTrue(np.all(abs(means[0] - means[1]) < 3 * np.hypot(*errors)))

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

    def test_wannier90(self):
        np.testing.assert_allclose(self.run_deck("wannier90")[:, 0, 0, 0, 1, 0], [1, 2, 4], atol=1e-9)

    def bands_of_deck(self, name):
        """The columns of `edotb bands`."""
        done = program.run("bands", str(INPUTS / f"{name}.yaml"), "--json")
        self.assertEqual(done.code, 0, done.err)
        return {key: np.array(column["values"]) for key, column in json.loads(done.out)["columns"].items()}

    def test_landau_fan(self):
        fan = self.bands_of_deck("landau_fan")
        fields = np.unique(fan["field"])
        self.assertEqual(len(fields), 21)
        for field in fields:
            own = fan["field"] == field
            p, q = int(fan["p"][own][0]), fan["q"][own][0]
            b = 2 * np.pi * p / q
            self.assertAlmostEqual(field, p / q * 4135.667696923859 / 2.0**2, places=9)
            levels = np.sort(fan["energy"][own])
            zeroth = int(np.abs(levels).argmin()) // p * p      # p states share a level
            self.assertLess(abs(levels[zeroth] / (-b / 2) - 1), 0.01)
            for n in range(1, 4):
                if zeroth + n * p >= len(levels) or zeroth < n * p:
                    continue                                    # outside the window
                gap = levels[zeroth + n * p] - levels[zeroth - n * p]
                self.assertLess(abs(gap**2 / (8 * n * b) - 1), 0.003)

    def test_fermi_arc(self):
        arc = self.bands_of_deck("fermi_arc")
        self.assertEqual(len(arc["energy"]), 121**2)
        ky, kz, surface = np.pi * arc["k_1"], np.pi * arc["k_2"], arc["surface"]
        weight = np.cos(kz) - np.cos(1.2) + 2 - np.cos(ky)
        has_arc = (np.abs(weight) < 0.9) & (np.abs(ky) < 1)     # well away from the nodes
        # A Lorentzian of width 0.01 about E = sin ky, and little else.
        exact = (1 - weight**2) * 0.01 / np.pi / ((0.15 - np.sin(ky))**2 + 0.01**2)
        np.testing.assert_allclose(surface[has_arc], exact[has_arc], atol=0.35)
        self.assertGreater(surface[has_arc].max(), 20)
        without = np.abs(kz) < 0.6
        self.assertLess(surface[without].max(), 0.1)

    def test_fano_diffusive(self):
        data = self.results_of("fano_diffusive", "ensemble.realisations=400")
        noise, conductance = data["noise"][:, 0, 0, :, 0, 1, 1], data["transmission"][:, 0, 0, :, 1, 0]
        fano = noise.mean(axis=1) / conductance.mean(axis=1)
        error = (noise - fano[:, None] * conductance).std(axis=1) / conductance.mean(axis=1) / 20
        self.assertLess(error.max(), 0.005)
        self.assertLess(abs(fano[1] - 0.334), 3 * error[1])
        self.assertLess(abs(fano[0] - 0.367), 3 * error[0])
        values = data["transmission_eigenvalues"][1, 0, 0, :, 1, 0].ravel()
        self.assertGreater(np.mean((values < 0.1) | (values > 0.9)), 0.6)

    def test_spin_resolved(self):
        for component, flipped in (("spin_z", np.sin(16 * np.arctan(0.1))**2), ("spin_y", 0.0)):
            resolved = self.results_of("spin_resolved", f"output.resolve={component}")["resolved_transmission"][0, 0, :, 0, 1, :, 0]
            np.testing.assert_allclose((resolved[:, 0, 1] + resolved[:, 1, 0]) / resolved.sum(axis=(1, 2)), flipped, atol=1e-10)

    def test_current_density(self):
        data = self.results_of("current_density")
        np.testing.assert_allclose(data["transmission"][:, 0, 0, 0, 1, 0], [2.0064, 1.0], atol=1e-4)
        ends = data["site_position"][data["bond_sites"]]
        across = (ends[:, 0, 0] < 0.5) & (ends[:, 1, 0] > 0.5)
        current = data["bond_current"][:, 0, 0, 0, 0]
        below = current[:, across & (ends[:, 0, 1] < 0)].sum(axis=1) / current[:, across].sum(axis=1)
        self.assertAlmostEqual(below[0], 0.5, places=9)
        self.assertGreater(below[1], 0.999)

    def test_laboratory_plate(self):
        coefficient, top = 2e3, 6                                       # S/m/T^2 and T, planted in readings.csv
        with tempfile.TemporaryDirectory() as folder:
            done = program.run("analyse", str(INPUTS / "laboratory_plate"), "--deconvolve", "--output", folder, timeout=600)
            self.assertEqual(done.code, 0, done.err)
            (result,) = json.loads((Path(folder) / "deconvolution.json").read_text())
            rows = {row["name"]: row for row in json.loads((Path(folder) / "verdict.json").read_text())["rows"]}
            with h5py.File(Path(folder) / "analysis.h5") as file:
                stored = file["deconvolution/0/parallel"][...]
        self.assertIn("conductivity of plate at 2 K", done.out)
        self.assertEqual([field["field"] for field in result["fields"]], [0, 1, 2, 3, 4.5, top])
        np.testing.assert_array_equal(stored, [field["parallel"]["value"] for field in result["fields"]])
        for field in result["fields"]:
            square = field["field"]**2
            for name, truth in (("parallel", 1e5 + coefficient * square), ("perpendicular", 1e5 / (1 + square))):
                found = field[name]
                self.assertLess(abs(found["value"] / truth - 1), 0.02, (field["field"], name))
                self.assertLess(abs(found["value"] - truth), 4 * found["error"], (field["field"], name))
                self.assertTrue(found["interval_95"][0] < found["value"] < found["interval_95"][1])
        anomaly = result["anomaly"]["coefficient"]
        self.assertLess(abs(anomaly["value"] - coefficient), 3 * anomaly["error"])
        self.assertLess(anomaly["error"], 30)
        self.assertGreater(result["probability"], 1e-3)
        self.assertTrue(all(field["hall"] is None and field["hall_taken_zero"] for field in result["fields"][1:]))
        # What the decision table says: the spine rises, the edge falls, and the material falls by 42 %.
        self.assertGreater(rows["spine"]["value"], 0.2)
        self.assertLess(rows["edge"]["value"], -0.8)
        intrinsic = rows["intrinsic"]
        self.assertLess(abs(intrinsic["value"] - (1 / (1 + coefficient * top**2 / 1e5) - 1)), 4 * intrinsic["error"])
        self.assertLess(intrinsic["error"], 0.01)
        self.assertEqual(intrinsic["says"]["jetting"], "against")


if __name__ == "__main__":
    unittest.main()
