#!/usr/bin/python3
"""edotb analyse and the measurements of edotb show, against the datasets of results.h5 worked out by numpy."""
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

import program

sys.path.append(str(Path(program.ROOT) / "tests" / "campaign"))
from durable import checksums  # noqa: E402

H_OVER_E2 = 25812.807459304513
INPUTS = Path(program.ROOT) / "inputs"
ENSEMBLE = """title: Ensemble
units: lattice
sample_name: wire
sample:
  model: {name: simple_metal, dimension: 2}
  shape: {axis: x, length: 10, width: 6}
  disorder: [{kind: anderson, width: 1.5}]
field: {magnitude: [0, 0.1], angle: [90], azimuth: 90}
energy: [-1, 0.5]
ensemble: {realisations: 8}
"""

VAN_DER_PAUW = """units: lattice
engine: {kind: continuum}
field: {magnitude: 1, angle: 90, azimuth: 90}
conductor:
  material: {kind: uniform, parallel: 1, perpendicular: 2, hall: 1}
  shape: {kind: bar, dimension: 2, length: 1.5, width: 1, thickness: 1}
  contacts:
    - {name: west, side: -x, centre: [0, 0.2, 0], size: [0, 0.01, 0]}
    - {name: south, side: -y, centre: [0.1, 0, 0], size: [0.01, 0, 0]}
    - {name: east, side: +x, centre: [0, -0.1, 0], size: [0, 0.01, 0]}
    - {name: north, side: +y, centre: [-0.3, 0, 0], size: [0.01, 0, 0]}
  mesh: {tolerance: 0.002}
measurements:
  - {name: sheet, kind: van_der_pauw, current: [west, south], voltage: [east, north]}
  - {name: again, kind: van_der_pauw, current: [north, east], voltage: [south, west]}
"""


def jackknife(function, *samples):
    """A function of the means of samples, with the error by leaving out one after another."""
    samples = np.array(samples)
    n = samples.shape[1]
    without = np.array([function(*np.delete(samples, i, axis=1).mean(axis=1)) for i in range(n)])
    return function(*samples.mean(axis=1)), np.sqrt((n - 1) * np.mean((without - without.mean())**2))


class Analyse(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_deck(self, text, name, *options):
        deck = self.folder / f"{name}.yaml"
        deck.write_text(text)
        done = program.run("run", str(deck), "--output", str(self.folder / name), *options)
        self.assertEqual(done.code, 0, done.err)
        return self.folder / name

    def analyse(self, *arguments, folder):
        """What analyse prints, and every curve of analysis.h5 as (attributes, datasets)."""
        done = program.run("analyse", *map(str, arguments), "--output", str(folder))
        self.assertEqual(done.code, 0, done.err)
        with h5py.File(Path(folder) / "analysis.h5") as file:
            curves = []
            for number in sorted(file["curves"], key=int):
                group = file["curves"][number]
                for dataset in group.values():
                    self.assertTrue(dataset.attrs["units"] and dataset.attrs["long_name"], dataset.name)
                curves.append(({key: value.decode() for key, value in group.attrs.items()},
                               {key: value[...] for key, value in group.items()}))
        return done.out, curves

    def test_ensemble(self):
        run = self.run_deck(ENSEMBLE, "ensemble")
        text, curves = self.analyse(run, folder=run)
        with h5py.File(run / "results.h5") as file:
            transmission = file["transmission"][:, 0, :, :, 1, 0]
            self.assertEqual(file.attrs["contacts"], b"lead_0\nlead_1")
        self.assertEqual(len(curves), 2)
        self.assertIn("dR/R0", text)
        for energy, (attributes, curve) in enumerate(curves):
            self.assertEqual((attributes["sample"], attributes["kind"]), ("wire", "two_terminal"))
            for field in range(2):
                g = transmission[field, energy]
                mean, error = jackknife(lambda r: r, H_OVER_E2 / g)
                np.testing.assert_allclose(curve["resistance"][field], mean, rtol=1e-9)
                np.testing.assert_allclose(curve["resistance_error"][field], error, rtol=1e-9)
                np.testing.assert_allclose(curve["conductance"][field], g.mean(), rtol=1e-12)
                np.testing.assert_allclose(curve["variance"][field], g.var(ddof=1), rtol=1e-9)
                np.testing.assert_allclose(curve["log_conductance"][field], np.log(g).mean(), rtol=1e-9)
            change, error = jackknife(lambda b, zero: b / zero - 1, 1 / transmission[1, energy], 1 / transmission[0, energy])
            np.testing.assert_allclose(curve["magnetoresistance"], [0, change], atol=1e-12)
            np.testing.assert_allclose(curve["magnetoresistance_error"], [0, error], rtol=1e-9, atol=1e-15)
            self.assertIn(f"{change:.6g}", text)

    def test_failed_points_are_left_out_and_said_so(self):
        run = self.run_deck(ENSEMBLE, "failed", "--set", "energy=[-1]")
        with h5py.File(run / "results.h5", "r+") as file:
            file["status"][1, 0, 0, 3] = 3
            file["transmission"][1, 0, 0, 3] = np.nan
            file["checksum"][...] = checksums(file).reshape(file["status"].shape)
            g = file["transmission"][:, 0, 0, :, 1, 0]
        text, curves = self.analyse(run, folder=run)
        self.assertIn("left out:", text)
        self.assertIn("field 0.1 angle 90 energy -1 realisation 3: failed", text)
        attributes, curve = curves[0]
        self.assertIn("realisation 3", attributes["left_out"])
        keep = [i for i in range(8) if i != 3]
        np.testing.assert_array_equal(curve["realisations"], [8, 7])
        np.testing.assert_allclose(curve["resistance"][1], np.mean(H_OVER_E2 / g[1, keep]), rtol=1e-9)
        expected = np.mean(1 / g[1, keep]) / np.mean(1 / g[0, keep]) - 1
        np.testing.assert_allclose(curve["magnetoresistance"][1], expected, rtol=1e-9)

    def test_damaged_points_are_left_out_and_said_so(self):
        run = self.run_deck(ENSEMBLE, "damaged", "--set", "energy=[-1]")
        with h5py.File(run / "results.h5", "r+") as file:
            file["transmission"][1, 0, 0, 3, 1, 0] += 1
            g = file["transmission"][:, 0, 0, :, 1, 0]
        text, curves = self.analyse(run, folder=run)
        self.assertIn("field 0.1 angle 90 energy -1 realisation 3: DAMAGED", text)
        keep = [i for i in range(8) if i != 3]
        np.testing.assert_allclose(curves[0][1]["resistance"][1], np.mean(H_OVER_E2 / g[1, keep]), rtol=1e-9)

    def test_temperatures(self):
        run = self.run_deck(ENSEMBLE, "warm", "--set", "temperature=[0.01, 0.05]", "--set", "energy=[-1]",
                            "--set", "ensemble.realisations=1")
        _, curves = self.analyse(run, folder=run)
        _, curve = curves[0]
        with h5py.File(run / "results.h5") as file:
            g = file["thermal/conductance"][:, 0, 0, 0, :, 1, 0]
            error = file["thermal/error"][:, 0, 0, 0, :, 0, 1, 0]
        np.testing.assert_array_equal(curve["temperature"], [0.01, 0.01, 0.05, 0.05])
        np.testing.assert_array_equal(curve["field"], [0, 0.1, 0, 0.1])
        np.testing.assert_allclose(curve["resistance"], (H_OVER_E2 / g).T.ravel(), rtol=1e-9)
        np.testing.assert_allclose(curve["resistance_error"], (H_OVER_E2 / g**2 * error).T.ravel(), rtol=1e-9)

    def test_hall_bar(self):
        run = self.folder / "hall"
        done = program.run("run", str(INPUTS / "hall_bar.yaml"), "--output", str(run))
        self.assertEqual(done.code, 0, done.err)
        _, curves = self.analyse(run, folder=run)
        (_, hall), (_, along) = curves
        np.testing.assert_array_equal(hall["field"], [0.2])
        np.testing.assert_allclose(np.abs(hall["resistance"]), H_OVER_E2 / 2, rtol=1e-4)
        np.testing.assert_allclose(along["resistance"], 0, atol=1)
        shown = program.run("show", str(run / "results.h5")).out
        self.assertIn("hall (hall), current lead_0 -> lead_1, voltage lead_4 - lead_2, odd in the field", shown)
        # Other places to read, without another run.
        text, curves = self.analyse(run, "--set", "measurements=[{name: r, kind: two_terminal, current: [lead_2, lead_5]}]",
                                    folder=run)
        self.assertIn("current lead_2 -> lead_5", text)
        np.testing.assert_allclose(curves[0][1]["resistance"], H_OVER_E2 / 2, rtol=1e-4)

    def test_van_der_pauw(self):
        """Small contacts on the sides of a film in a perpendicular field: its sheet resistance is rho_xx =
        sigma/(sigma^2 + sigma_hall^2) = 0.4, wherever they sit and whatever the Hall part."""
        run = self.run_deck(VAN_DER_PAUW, "film")
        text, curves = self.analyse(run, folder=run)
        self.assertIn("van_der_pauw", text)
        for _, curve in curves:
            np.testing.assert_allclose(curve["resistance"], 0.4, rtol=3e-3)
            self.assertTrue(0 < curve["resistance_error"][0] < 2e-2)
        attributes, _ = curves[0]
        self.assertEqual((attributes["current"], attributes["voltage"]), ("west\nsouth", "east\nnorth"))

    def test_several_runs_and_refusals(self):
        first = self.run_deck(ENSEMBLE, "first", "--set", "ensemble.realisations=1")
        second = self.run_deck(ENSEMBLE, "second", "--set", "ensemble.realisations=1", "--set", "energy=[0]")
        _, curves = self.analyse(first, second, folder=self.folder / "both")
        self.assertEqual([attributes["run"] for attributes, _ in curves], [str(first), str(first), str(second)])
        done = program.run("analyse", str(self.folder / "nowhere"))
        program.check_refusal(self, done, ["nowhere: holds neither results.h5 nor readings.csv"])
        done = program.run("analyse", str(first), "--set",
                           "measurements=[{name: r, kind: hall, current: [lead_0, lead_1], voltage: [a, lead_1]}]")
        program.check_refusal(self, done, ["the sample has no 'a'; its contacts are lead_0, lead_1"])


if __name__ == "__main__":
    unittest.main()
