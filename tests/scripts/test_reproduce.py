#!/usr/bin/python3
"""Tests of scripts/reproduce/: the comparisons and the formulas, on numbers worked out elsewhere. No run is made."""
import contextlib
import importlib
import io
import math
import os
import runpy
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
REPRODUCE = os.path.join(ROOT, "scripts", "reproduce")
sys.path[:0] = [HERE, REPRODUCE]

import numpy as np                    # noqa: E402
import make_results as made           # noqa: E402
import common                         # noqa: E402
import corbino_null                   # noqa: E402
import current_jetting                # noqa: E402
import dephasing                      # noqa: E402
import film_localisation              # noqa: E402
import giant_magnetoresistance        # noqa: E402
import planar_hall                    # noqa: E402
import spin_alignment                 # noqa: E402
import temperature                    # noqa: E402
import weak_localisation              # noqa: E402

nonlocal_script = importlib.import_module("nonlocal")      # a keyword, as a name


class Rows(unittest.TestCase):
    def test_three_combined_errors_are_the_limit_on_both_sides(self):
        for sigmas, agrees in ((2.99, True), (3.01, False), (-2.99, True), (-3.01, False)):      # 0.3 and 0.4 make 0.5
            self.assertEqual(common.agrees("", 2 + 0.5 * sigmas, 2, error=0.3, reference_error=0.4).agrees, agrees)

    def test_tolerances_add_to_the_errors(self):
        self.assertTrue(common.agrees("", 2.44, 2, error=0.1, relative=0.05, absolute=0.05).agrees)       # 0.3 + 0.1 + 0.05
        self.assertFalse(common.agrees("", 2.46, 2, error=0.1, relative=0.05, absolute=0.05).agrees)

    def test_a_number_that_is_not_known_agrees_with_nothing(self):
        self.assertFalse(common.agrees("", math.nan, 2, error=0.1).agrees)
        self.assertFalse(common.agrees("", 2, 2, error=math.nan).agrees)
        self.assertFalse(common.above("", math.nan, 0).agrees)
        self.assertFalse(common.above("", 1, 0, math.nan, sigmas=2).agrees)

    def test_bounds_ask_for_their_errors(self):
        self.assertTrue(common.above("", 0.21, 0, 0.1, sigmas=2).agrees)
        self.assertFalse(common.above("", 0.19, 0, 0.1, sigmas=2).agrees)
        self.assertTrue(common.below("", -0.21, 0, 0.1, sigmas=2).agrees)
        self.assertFalse(common.below("", -0.19, 0, 0.1, sigmas=2).agrees)

    def test_table_shows_what_missed(self):
        text = common.table([common.agrees("first", 1.0, 1.0), common.below("second", 3, 2)]).splitlines()
        self.assertRegex(text[1], r"^first +1 +1 +0 +0 +agrees$")
        self.assertRegex(text[2], r"^second +3 +< 2 +1 +< 0 +MISSED$")


class Ensembles(unittest.TestCase):
    """Two fields and four realisations of one bar."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "results.h5")
        conductance = np.array([[1.0, 2.0, 3.0, 6.0], [1.5, 2.5, 3.5, 6.9]])
        made.write_results(path, made.two_lead(conductance[:, None, None, :], 20), field=(0.0, 0.02), realisation=range(4))
        self.results = common.er.read(path)

    def test_mean_and_error(self):
        row = common.ensemble_row("", common.conductance(self.results, 0), 2.5)
        # mean 3, s^2 = (4 + 1 + 0 + 9)/3 = 14/3, error = sqrt(14/12)
        self.assertEqual(row.measured, 3)
        self.assertAlmostEqual(row.error, math.sqrt(14 / 12), 13)
        self.assertAlmostEqual(row.high, 2.5 + 3 * math.sqrt(14 / 12), 12)

    def test_a_field_that_was_not_run_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "no field 0.01"):
            common.conductance(self.results, 0.01)

    def test_variance_of_normal_numbers(self):
        samples = np.random.default_rng(1).normal(2, 0.127**0.5, (2000, 50))
        errors = [weak_localisation.variance_row(0, row).error for row in samples]
        self.assertAlmostEqual(np.mean(errors) / samples.var(axis=1, ddof=1).std(), 1, delta=0.05)

    def test_error_of_a_ratio_of_resistances(self):
        random = np.random.default_rng(1)
        common_part = random.normal(0, 0.1, 400)
        samples = np.array([4 + common_part, 6 + common_part + random.normal(0, 0.05, 400)])
        ratio, error = spin_alignment.resistance_ratio(samples)
        left_out = np.array([spin_alignment.resistance_ratio(np.delete(samples, i, axis=1))[0] for i in range(400)])
        self.assertAlmostEqual(ratio[1], (22 / samples[1].mean() - 1) / (22 / samples[0].mean() - 1), 14)
        np.testing.assert_allclose(error[1], (399 * left_out.var(axis=0))[1]**0.5, rtol=0.01)      # jackknife
        self.assertAlmostEqual(error[0], 0, 14)


class Formulas(unittest.TestCase):
    def test_squeeze_series(self):
        for anisotropy, (spine, edge) in current_jetting.TABLE.items():
            self.assertAlmostEqual(current_jetting.series(anisotropy, 1) / spine, 1, delta=2e-5)
            self.assertAlmostEqual(current_jetting.series(anisotropy, -1) / edge, 1, delta=2e-3)      # 1.15e-4 has three digits

    def test_crossing(self):
        x = np.array([0.0, 1.0, 2.0])
        self.assertEqual(current_jetting.crossing(x, np.array([0.0, 4.0, 5.0]), 1), 0.25)
        self.assertTrue(math.isnan(current_jetting.crossing(x, x, 3)))

    def test_spin_valve(self):
        self.assertAlmostEqual(giant_magnetoresistance.exact(1.2, 0), 6.674263594741, 10)
        self.assertAlmostEqual(giant_magnetoresistance.exact(1.2, 180), 2.887531396045, 10)
        self.assertAlmostEqual(giant_magnetoresistance.exact(0, 70), 14, 10)      # both spins of 7 open modes

    def test_planar_hall(self):
        np.testing.assert_allclose(planar_hall.circle(0.25, 1, 45), (0.625, -0.375), rtol=1e-14)
        xx, xy = planar_hall.circle(0.25, 1, np.arange(0, 180, 7))
        np.testing.assert_allclose(np.hypot(xx - 0.625, xy), 0.375, rtol=1e-13)

    def test_two_fluids(self):
        self.assertAlmostEqual(corbino_null.disc_conductance(), 0.0181294, 7)
        ohmic = 2 * 10 * 1e-3 * 1e-4 / 12e-3
        self.assertAlmostEqual(corbino_null.bar_conductance(0) / ohmic, 1, 13)
        long_wire = (2 * 10 + 4e4**2 / 1e7) * 1e-3 * 1e-4 / 12e-3                   # 2 sigma + g_B^2/Gamma, but for the ends
        self.assertAlmostEqual(corbino_null.bar_conductance(4e4) / long_wire, 1, delta=0.25)
        self.assertAlmostEqual(nonlocal_script.axial_length(0.5, 0.2), 0.65**-0.5, 14)

    def test_decay_length(self):
        voltages = -3e-4 * np.exp(-0.5 * np.arange(8) / 1.7)
        self.assertAlmostEqual(nonlocal_script.decay_length(voltages), 1.7, 12)

    def test_langevin(self):
        np.testing.assert_allclose([spin_alignment.langevin(x) for x in (1, 2, 3, 5)], (0.31304, 0.53731, 0.67164, 0.80009), atol=1e-5)

    def test_cusp_of_a_wire(self):
        self.assertAlmostEqual(temperature.p_function(1e4), 1 / 3, 5)                  # coherent: 1/3 e^2/h per spin
        self.assertAlmostEqual(temperature.p_function(0.04), 1e-3 * (1 - 1e-3), 12)    # L_phi/L (1 - L_phi/L)
        planted = np.array([np.log(5.0), 1.3, np.log(0.3)])
        t, phi = np.meshgrid(temperature.TEMPERATURES, temperature.FIELDS[1:], indexing="ij")
        curves = temperature.change(phi, t, planted)
        found, covariance = temperature.fit(curves, 0.02 * curves)
        np.testing.assert_allclose(found, planted, atol=1e-8)
        self.assertTrue((np.diag(covariance) > 0).all())

    def test_error_of_the_fit(self):
        random = np.random.default_rng(1)
        planted = np.array([np.log(5.0), 1.0, np.log(0.3)])
        t, phi = np.meshgrid(temperature.TEMPERATURES, temperature.FIELDS, indexing="ij")
        curves = temperature.change(phi, t, planted)[..., None]
        found = []
        for _ in range(30):      # noise that the fields of a temperature share
            noise = 1 + 0.5 * random.normal(size=(len(t), 1, 50)) + 0.1 * random.normal(size=(*t.shape, 50))
            parameters, error = temperature.jackknife(temperature.fitted, curves * noise)
            found.append((parameters[1], error[1]))
        power, error = np.array(found).T
        self.assertAlmostEqual(error.mean() / power.std(), 1, delta=0.4)
        self.assertLess(abs(power.mean() - 1), 4 * power.std() / 30**0.5)


class Dephasing(unittest.TestCase):
    def test_mean_free_path(self):
        self.assertAlmostEqual(dephasing.mean_free_path(20.0), dephasing.N_SLICES / 4, 13)      # 100/(1 + 4) = 20

    def test_density_of_states_is_that_of_a_large_ring(self):
        """-Im G_ii at E = 0 with a broadening below the width of the band and above the level spacing."""
        n_slices, n = 12, dephasing.N_ORBITALS
        draw = np.random.default_rng(3)
        ring = np.kron(-np.roll(np.eye(n_slices), 1, axis=0), np.eye(n)).astype(complex)
        ring += ring.T
        for k in range(n_slices):
            part = slice(k * n, (k + 1) * n)
            ring[part, part] += dephasing.slice_matrix(draw, 1.0) + np.diag(np.repeat(draw.uniform(-0.5, 0.5, n // dephasing.SITE) * dephasing.DISORDER, dephasing.SITE))
        energies = np.linalg.eigvalsh(ring)
        self.assertAlmostEqual(np.mean(0.1 / (energies**2 + 0.01)) / dephasing.density_of_states(), 1, delta=0.05)

    def test_slices_with_and_without_time_reversal(self):
        draw = np.random.default_rng(1)
        for imaginary_share in (0.0, 1.0):
            matrix = dephasing.slice_matrix(draw, imaginary_share)
            np.testing.assert_allclose(matrix, matrix.conj().T, atol=0)
            self.assertEqual(bool(np.abs(matrix.imag).max() == 0), imaginary_share == 0)
            # w^2, the sum of N independent squares per row; its spread over all entries is about sqrt(2)/N
            self.assertAlmostEqual(np.sum(np.abs(matrix)**2) / dephasing.N_ORBITALS, dephasing.BLOCK**2, delta=0.25)

    def test_wires_are_scattering_systems(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "wire.h5")
            dephasing.write_wire(path, 1.0, np.random.default_rng(2))
            with common.er.h5py.File(path) as file:
                ends, columns, values = (file[f"device/{name}"][...] for name in ("indptr", "indices", "values"))
                n = dephasing.N_SLICES * dephasing.N_ORBITALS
                matrix = np.zeros((n, n), complex)
                for row in range(n):
                    matrix[row, columns[ends[row]:ends[row + 1]]] = values[ends[row]:ends[row + 1]]
                np.testing.assert_array_equal(matrix, matrix.conj().T)
                next_slice = matrix[:dephasing.N_ORBITALS, dephasing.N_ORBITALS:2 * dephasing.N_ORBITALS]
                np.testing.assert_array_equal(next_slice, -np.eye(dephasing.N_ORBITALS))
                self.assertEqual(np.count_nonzero(matrix), len(values))
                self.assertEqual(list(file["device/orbital_offsets"][:3]), [0, 10, 20])
                self.assertEqual((file["leads/1/interface"][0], file["leads/1/interface"][-1]), (n - 100, n - 1))

    def test_interference_from_no_loss_of_phase_to_fast(self):
        self.assertAlmostEqual(dephasing.interference(1e3, 1.0), 1 / 3, 6)
        self.assertAlmostEqual(dephasing.interference(1e-3, 1.0), 1e-3 * (1 - 1e-3), 12)
        self.assertAlmostEqual(dephasing.interference(20.0, 20.0), 1 / math.tanh(1) - 1, 12)

    def test_samples_that_follow_exactly_leave_the_error_of_the_mean(self):
        # d_1 = 1 + 2 d_0 in the first three of five: Delta G_1 = 1 + 2 <d_0>, all of whose error is twice that of <d_0>
        coherent = np.array([1.0, 2.0, 6.0, 0.0, 1.0])
        found = dephasing.changes_of(coherent, np.array([[3.0, 5.0, 13.0]]))
        self.assertAlmostEqual(found.coherent, 2, 14)
        self.assertAlmostEqual(found.dephased[0], 5, 13)
        self.assertAlmostEqual(found.slopes[0], 2, 13)
        self.assertAlmostEqual(found.scatter[0, 0], 0, 12)
        # the loss is 2 - 5, and moves with (2 - 1) <d_0>
        self.assertAlmostEqual(found.losses[0], -3, 13)
        self.assertAlmostEqual(found.covariance[0, 0], found.coherent_error**2, 12)

    def test_errors_are_those_of_repeated_ensembles(self):
        draw = np.random.default_rng(1)
        found, claimed = [], []
        for _ in range(400):
            coherent = draw.normal(0.1, 0.35, 1000)
            dephased = np.array([0.6 * coherent[:100] + draw.normal(0.01, 0.1, 100)])
            changes = dephasing.changes_of(coherent, dephased)
            found.append(changes.losses[0])
            claimed.append(changes.covariance[0, 0])
        self.assertAlmostEqual(np.mean(found), 0.1 - (0.6 * 0.1 + 0.01), delta=4 * np.std(found) / 20)
        self.assertAlmostEqual(np.sqrt(np.mean(claimed)) / np.std(found), 1, delta=0.15)     # 1/sqrt(800) of a spread, four times


class Film(unittest.TestCase):
    def test_what_is_put_in(self):
        # |E + 2 cos(n pi/(W + 1))| < 2 at E = -1: n < 2 (W + 1)/3
        self.assertEqual(film_localisation.n_modes(), 27)
        # half of the modes come through l_D; then D = N L/(2 pi nu W), less Gamma (8^2 - 1)/12
        l_phi, free_path, l_d = film_localisation.film_of(13.5)
        diffusion = 27 * 60 / (2 * math.pi * film_localisation.NU * 40) - 0.04 * 63 / 12
        self.assertAlmostEqual(l_d, 60, 12)
        self.assertAlmostEqual(l_phi, math.sqrt(diffusion / 0.04), 12)
        self.assertAlmostEqual(free_path, 2 * diffusion / film_localisation.SPEED, 12)

    def test_density_of_states_and_speed(self):
        k = (np.arange(2000) + 0.5) * math.pi / 1000 - math.pi
        energy = -2 * np.cos(k[:, None]) - 2 * np.cos(k)
        near = np.abs(energy - film_localisation.ENERGY) < 0.05
        self.assertAlmostEqual(near.mean() / 0.1 / film_localisation.NU, 1, delta=0.01)
        square = (2 * np.sin(k[:, None]))**2 + (2 * np.sin(k))**2
        self.assertAlmostEqual(square[near].mean()**0.5 / film_localisation.SPEED, 1, delta=0.01)

    def test_steps_much_shorter_than_the_cusp_make_the_law(self):
        change = film_localisation.infinite_film(0.02, 9.0, 0.15) - film_localisation.infinite_film(0.0, 9.0, 0.15)
        self.assertAlmostEqual(change / film_localisation.digamma_law(np.array(4 * 81 * 0.02)) * 2 * math.pi, 1, delta=3e-3)

    def test_levels_without_a_field_are_an_integral(self):
        # (1/2 pi) int du P^3/(1 - P), P = 1/sqrt((1 + tau/tau_phi)^2 + 2u), by the trapezoidal rule in ln u; tau/tau_phi = (2.5/9)^2/2
        u = np.exp(np.linspace(-20, 25, 40001))
        p = ((1 + 0.5 * (2.5 / 9)**2)**2 + 2 * u)**-0.5
        self.assertAlmostEqual(film_localisation.infinite_film(0.0, 9.0, 2.5), -np.trapz(u * p**3 / (1 - p), np.log(u)) / (2 * math.pi), 5)

    def rectangle(self, fields, l_phi, beyond, length, width):
        with mock.patch.multiple(film_localisation, LENGTH=length, WIDTH=width):
            return film_localisation.rectangle(fields, l_phi, beyond)

    def test_cooperons_without_a_field_are_waves(self):
        # C = 0 one site beyond the ends, and no current through the sides, half a site beyond the last
        length, width = 9, 5
        along = 2 - 2 * np.cos(np.arange(1, length + 1) * math.pi / (length + 1))
        across = 2 - 2 * np.cos(np.arange(width) * math.pi / width)
        expected = -2 / (length * width) * np.sum(1 / (3.0**-2 + along[:, None] + across))
        self.assertAlmostEqual(self.rectangle([0.0], 3.0, 0.5, length, width)[0], expected, 13)

    def test_cooperons_in_a_field_do_not_depend_on_the_gauge(self):
        # all at once, with the vector potential along the width
        length, width, field, beyond, l_phi = 6, 4, 0.21, 1.3, 2.5
        matrix = np.eye(length * width, dtype=complex) * l_phi**-2
        for x in range(length):
            for y in range(width):
                here = x * width + y
                matrix[here, here] += (1 / (beyond + 0.5)) * (x in (0, length - 1))
                for there, phase in ([(here + width, 1)] if x < length - 1 else []) + ([(here + 1, np.exp(2j * field * x))] if y < width - 1 else []):
                    matrix[[here, there], [here, there]] += 1
                    matrix[here, there], matrix[there, here] = -phase, -np.conj(phase)
        expected = -2 * np.trace(np.linalg.inv(matrix)).real / (length * width)
        self.assertAlmostEqual(self.rectangle([field], l_phi, beyond, length, width)[0], expected, 13)

    def test_fit_finds_what_was_put_in(self):
        fields, covariance = np.array([0.002, 0.005, 0.02]), np.diag([1e-6, 4e-6, 9e-6])
        change = 0.4 / math.pi * film_localisation.digamma_law(4 * 7.5**2 * fields)
        self.assertAlmostEqual(film_localisation.fit_of(change, fields, covariance)[0], 0.4, 3)
        for alpha in (None, 0.4):
            self.assertAlmostEqual(film_localisation.fit_of(change, fields, covariance, alpha)[1], 7.5, 2)
        # one field tells l_phi by the slope there, with its own error
        one = [np.array([0.005]), np.array([[4e-6]])]
        rise = 0.4 / math.pi * (film_localisation.digamma_law(4 * 7.51**2 * one[0]) - film_localisation.digamma_law(4 * 7.49**2 * one[0])) / 0.02
        self.assertAlmostEqual(film_localisation.fit_of(change[1:2], *one, alpha=0.4)[2], 2e-3 / rise[0], delta=1e-3)


class Programs(unittest.TestCase):
    def end_of(self, rows):
        """(status, printed text) of a script with these rows."""
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(sys, "argv", ["script.py", "--output", folder]), \
                contextlib.redirect_stdout(io.StringIO()) as text:
            figure, _ = common.new_figure("Title", "caption")
            return common.main("", lambda case: (rows, figure)), text.getvalue()

    def test_status(self):
        right, wrong = common.agrees("right", 1, 1), common.agrees("wrong", 1, 2)
        self.assertEqual(self.end_of([right])[0], 0)
        status, text = self.end_of([right, wrong])
        self.assertEqual(status, 1)
        self.assertTrue(text.endswith("1 of 2 agree\n"))

    def test_a_run_that_fails_ends_with_2(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, os.path.join(REPRODUCE, "nonlocal.py"), "--edotb", "/bin/false", "--ranks", "1",
                                   "--output", folder], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("nonlocal: slab: edotb ended with status", done.stderr)

    def test_all_knows_every_script(self):
        known = runpy.run_path(os.path.join(REPRODUCE, "all"))["SCRIPTS"]
        there = {name[:-3] for name in os.listdir(REPRODUCE) if name.endswith(".py")} - {"common"}
        self.assertEqual(set(known), there)

    def test_all_ends_with_the_worst(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, os.path.join(REPRODUCE, "all"), "--edotb", "/bin/false", "--launcher", "env",
                                   "--output", folder], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        known = runpy.run_path(os.path.join(REPRODUCE, "all"))["SCRIPTS"]
        self.assertEqual(done.stdout.count("could not be run"), len(known))

    def test_settings_keep_all_digits(self):
        self.assertEqual(common.setting(0.1 + 0.2), "0.30000000000000004")
        self.assertEqual(common.setting((0, 0.5)), "[0, 0.5]")
        self.assertEqual(common.setting(np.float64(0.1)), "0.1")


if __name__ == "__main__":
    unittest.main()
