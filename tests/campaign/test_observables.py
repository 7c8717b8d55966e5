#!/usr/bin/python3
"""Observables in the results file: equal on 1 and 2 ranks, consistent with each other, NaN where a point failed, drawn.

Usage: test_observables.py EDOTB MPIRUN
"""
import json
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import h5py
import numpy as np
import xarray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import current_drawing            # noqa: E402
import edotb_results as er        # noqa: E402

# Without a field the energy 2 is a band edge of the three-site leads, where no lead can be solved.
DECK = """units: lattice
sample:
  model: {name: rashba, rashba: 0.2}
  shape: {kind: bar, axis: x, length: 6, width: 3}
  leads: {model: {rashba: 0}}
  disorder: [{kind: anderson, width: 1.0}]
field: {magnitude: [0, 0.3], angle: 90, azimuth: 90, g_factor: 0.5}
energy: [-2.6, -0.7, 2]
ensemble: {realisations: 2, seed: 3}
output:
  observables: [s_matrix, transmission_eigenvalues, noise, resolved_transmission, density_of_states, local_density,
                scattering_states, green, currents]
  resolve: spin_z
  voltages: [0.5, -0.5]
  sites: [0, 7]
"""
PER_POINT = {"s_matrix", "transmission_eigenvalues", "noise", "fano_factor", "noise_biased", "resolved_transmission",
             "density_of_states", "local_density", "scattering_states", "green", "bond_current", "bond_current_biased",
             "current_density", "current_density_biased", "incoming_momentum", "incoming_velocity", "incoming_sector",
             "outgoing_momentum", "outgoing_velocity", "outgoing_sector"}


class Observables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        deck = Path(cls.folder.name) / "deck.yaml"
        deck.write_text(DECK)
        cls.data = {}
        for ranks in (1, 2):
            cls.output = Path(cls.folder.name) / f"out{ranks}"
            done = subprocess.run([MPIRUN, "-n", str(ranks), EDOTB, "run", str(deck), "--output", str(cls.output)],
                                  capture_output=True, text=True, timeout=300)
            assert done.returncode == 3, done.stderr      # one point of six fails
            with h5py.File(cls.output / "results.h5") as file:
                cls.data[ranks] = {name: file[name][()] for name in file}
        cls.one = cls.data[1]
        cls.good = cls.one["status"] == 1

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_ranks_give_the_same_bits(self):
        self.assertEqual(set(self.one), set(self.data[2]))
        for name, values in self.one.items():
            if name not in ("seconds", "checksum"):      # the checksum covers the seconds
                np.testing.assert_array_equal(values, self.data[2][name], err_msg=name)

    def test_a_failed_point_holds_nan_alone(self):
        self.assertEqual(int((~self.good).sum()), 2)
        for name in PER_POINT:
            self.assertTrue(np.isnan(self.one[name][~self.good]).all(), name)
            self.assertTrue(np.isfinite(self.one[name][self.good]).any(), name)

    def test_padding_is_where_no_mode_is(self):
        modes = self.one["modes"][self.good]
        self.assertGreater(modes.max(), modes.min())
        self.assertEqual(len(self.one["mode_to"]), modes.max())
        present = np.isfinite(self.one["s_matrix"][self.good].real).sum(axis=(1, 2, 3, 4))
        np.testing.assert_array_equal(present, modes.sum(axis=1)**2)
        states = np.isfinite(self.one["scattering_states"][self.good].real).sum(axis=(1, 2, 3))
        np.testing.assert_array_equal(states, modes.sum(axis=1) * len(self.one["orbital"]))

    def test_sums_over_modes_sectors_and_eigenvalues_are_the_transmission(self):
        transmission = self.one["transmission"][self.good]
        amplitude = np.nansum(np.abs(self.one["s_matrix"][self.good])**2, axis=(2, 4))
        sectors = self.one["resolved_transmission"][self.good].sum(axis=(2, 4))
        eigenvalues = np.nansum(self.one["transmission_eigenvalues"][self.good], axis=-1)
        for total in (amplitude, sectors, eigenvalues):
            np.testing.assert_allclose(total, transmission, atol=1e-10)
        np.testing.assert_array_equal(self.one["sector_to"], [-1, 1])

    def test_sectors_of_the_s_matrix_are_those_of_the_resolved_transmission(self):
        s = np.abs(self.one["s_matrix"][self.good])**2
        for i, to in enumerate((-1, 1)):
            for j, origin in enumerate((-1, 1)):
                out = self.one["outgoing_sector"][self.good] == to
                into = self.one["incoming_sector"][self.good] == origin
                chosen = np.where(out[:, :, :, None, None] & into[:, None, None, :, :], s, 0).sum(axis=(2, 4))
                np.testing.assert_allclose(chosen, self.one["resolved_transmission"][self.good][:, :, i, :, j], atol=1e-10)

    def test_densities_follow_from_the_scattering_states(self):
        weight = np.nansum(np.abs(self.one["scattering_states"][self.good])**2, axis=(1, 2)) / (2 * np.pi)
        first = self.one["site_first_orbital"]
        sites = np.add.reduceat(weight, first, axis=-1)
        np.testing.assert_allclose(self.one["local_density"][self.good], sites, rtol=1e-10)
        np.testing.assert_allclose(self.one["density_of_states"][self.good], weight.sum(axis=-1), rtol=1e-10)

    def test_green_function_gives_the_density_of_its_sites(self):
        self.assertEqual(self.one["orbital_to"].tolist(), [0, 1, 14, 15])
        green = self.one["green"][self.good]
        density = -np.trace(green[:, :2, :2], axis1=1, axis2=2).imag / np.pi
        np.testing.assert_allclose(density, self.one["local_density"][self.good][:, 0], rtol=1e-8)

    def test_currents_through_a_cut_are_the_transmission_and_follow_the_voltages(self):
        x = self.one["site_position"][self.one["bond_sites"]][:, :, 0]
        cut = x.mean()
        sign = (x[:, 1] > cut).astype(int) - (x[:, 0] > cut).astype(int)
        current = self.one["bond_current"][self.good] @ sign
        transmission = self.one["transmission"][self.good]
        np.testing.assert_allclose(current[:, 0], transmission[:, 1, 0], atol=1e-10)
        np.testing.assert_allclose(current[:, 1], -transmission[:, 0, 1], atol=1e-10)
        biased = self.one["bond_current_biased"][self.good] @ sign
        np.testing.assert_allclose(biased, 0.5 * (current[:, 0] - current[:, 1]), atol=1e-10)
        np.testing.assert_allclose(self.one["noise_biased"][self.good], self.one["noise"][self.good][:, 0], atol=1e-12)
        # Lattice units: one site an area of one. Two bonds of one meet at every site inside.
        total = self.one["current_density"][self.good][:, 0, :, 0].sum(axis=-1)
        np.testing.assert_allclose(total, 5 * transmission[:, 1, 0], atol=1e-9)

    def test_xarray_reads_it(self):
        with xarray.open_dataset(self.output / "results.h5", engine="h5netcdf", phony_dims="sort") as data:
            self.assertEqual(data.s_matrix.dims[4:], ("lead_to", "mode_to", "lead_from", "mode_from"))
            self.assertEqual(data.resolved_transmission.dims[4:], ("lead_to", "sector_to", "lead_from", "sector_from"))
            flips = data.resolved_transmission.sel(lead_to=1, lead_from=0, sector_to=1, sector_from=-1)
            self.assertGreater(float(flips.isel(field=1, energy=1, realisation=0, angle=0)), 0)
            self.assertEqual(data.local_density.attrs["units"], "1/t")

    def test_show_prints_the_small_ones(self):
        shown = subprocess.run([EDOTB, "show", str(self.output / "results.h5"), "--json"], capture_output=True, text=True, timeout=300)
        points = json.loads(shown.stdout)
        for point, fano, good in zip(points, self.one["fano_factor"].reshape(-1, 2, 2), self.good.ravel()):
            if good:
                np.testing.assert_allclose(point["fano_factor"], fano, atol=1e-12)
            else:
                self.assertEqual(point["fano_factor"], [[None, None], [None, None]])
        text = subprocess.run([EDOTB, "show", str(self.output / "results.h5")], capture_output=True, text=True, timeout=300).stdout
        row = next(line for line in text.splitlines() if line.split()[:3] == ["0", "90", "-0.7"])
        noise, transmission = self.one["noise"][0, 0, 1, :, 0, 1, 1], self.one["transmission"][0, 0, 1, :, 1, 0]
        self.assertAlmostEqual(float(row.split()[-1]), noise.mean() / transmission.mean(), places=6)

    def draw(self, *arguments):
        command = [sys.executable, str(ROOT / "scripts" / "plot.py"), str(self.output), "--output", str(self.output / "figures")]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=300)

    def test_currents_are_drawn(self):
        for arguments in ((), ("--lead", "1", "--over", "density"), ("--plane", "z=0")):
            done = self.draw("--currents", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater((self.output / "figures" / "currents.png").stat().st_size, 10000)
        for arguments, complaint in ((("--lead", "7"), "the run has leads 0 to 1"), (("--plane", "z=5"), "no site there"),
                                     (("--plane", "up"), "expected an axis and a value")):
            done = self.draw("--currents", *arguments)
            self.assertEqual(done.returncode, 1)
            self.assertIn(complaint, done.stderr)

    def test_paraview_gets_the_currents(self):
        done = self.draw("--currents", "--lead", "0", "--format", "vtu")
        self.assertEqual(done.returncode, 0, done.stderr)
        paths = done.stdout.split()
        self.assertEqual(len(paths), 2)
        piece = xml.etree.ElementTree.parse(paths[1]).getroot().find("UnstructuredGrid/Piece")
        self.assertEqual(int(piece.get("NumberOfPoints")), len(self.one["site"]))
        array = piece.find("CellData/DataArray[@Name='bond_current']")
        np.testing.assert_array_equal([float(x) for x in array.text.split()], self.one["bond_current"][1, 0, 0, 0, 0])

    def test_a_system_file_has_observables_too(self):
        deck = Path(self.folder.name) / "system.yaml"
        deck.write_text(f"units: lattice\nsample: {{system_file: {ROOT}/tests/reference/systems/hall_bar.h5}}\nenergy: 0.6\n"
                        "output: {observables: [s_matrix, noise, currents, local_density], voltages: [1, 0, 0.5, 0.5, 0, 0]}\n")
        reference = json.loads((ROOT / "tests/reference/kwant.json").read_text())["cases"]["hall_bar"]["results"][0]
        for solver in ("multifrontal", "mumps", "dense"):
            output = Path(self.folder.name) / solver
            done = subprocess.run([EDOTB, "run", str(deck), "--allow-outside", "--output", str(output),
                                   "--set", f"engine.solver={solver}", "--set", f"energy={reference['energy']}"], capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            with h5py.File(output / "results.h5") as file:
                self.assertAlmostEqual(file["local_density"][...].sum(), reference["ldos_sum"], places=6)
                s = np.nansum(np.abs(file["s_matrix"][0, 0, 0, 0])**2, axis=(1, 3))
                np.testing.assert_allclose(s, reference["transmission"], atol=1e-8)
                np.testing.assert_allclose(file["noise_biased"][0, 0, 0, 0].sum(axis=0), 0, atol=1e-9)

    def test_kirchhoffs_law_is_checked_on_every_drawing(self):
        for source in (0, 1, None):
            currents = current_drawing.Currents(self.output / "results.h5", source)
            for point in zip(*np.nonzero(self.good)):
                self.assertLess(currents.leak(point), 1e-10)
        currents.bond_current[point][len(currents.bond_sites) // 2] += 0.01
        with self.assertRaisesRegex(er.ResultsError, "break Kirchhoff's law by 1.0e-02"):
            currents.leak(point)

    def test_grid_of_a_drawing(self):
        square = np.array([(x, y) for x in range(4) for y in range(3) if (x, y) != (1, 1)], dtype=float)
        x, y, (grid,) = current_drawing.on_grid(square, 1.0, square[:, 0] + 10 * square[:, 1])
        expected = x[None, :] + 10 * y[:, None]
        expected[1, 1] = np.nan      # a site that is not there stays a hole
        np.testing.assert_array_equal(grid, expected)
        # A honeycomb: no hole inside, and a constant stays that constant.
        bond = 1 / np.sqrt(3)
        cell = np.array([(0, 0), (0, bond), (0.5, 1.5 * bond), (0.5, 2.5 * bond)])
        sites = np.concatenate([cell + (i, np.sqrt(3) * j) for i in range(6) for j in range(4)])
        grid = current_drawing.on_grid(sites, bond, np.full(len(sites), 2.5))[2][0]
        np.testing.assert_array_equal(grid, 2.5)


if __name__ == "__main__":
    EDOTB, MPIRUN = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
