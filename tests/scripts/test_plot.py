#!/usr/bin/python3
"""Tests of scripts/edotb_results.py and scripts/plot.py. Expected numbers are worked out by hand in the comments, or by another method."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = os.path.join(HERE, "..", "..", "scripts")
sys.path[:0] = [HERE, SCRIPTS]

import numpy as np                    # noqa: E402
import edotb_results as er            # noqa: E402
import make_results as made           # noqa: E402
import plot                           # noqa: E402

PNG = b"\x89PNG\r\n\x1a\n"


class Files(unittest.TestCase):
    """A fresh folder per test, and results written into it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "results.h5")

    def made(self, kind):
        made.KINDS[kind](self.path)
        return er.read(self.path)

    def bar(self, conductance, **options):
        """A run with one energy whose G is `conductance` (F, A, R), 20 modes in both leads."""
        conductance = np.asarray(conductance, float)[:, :, None, :]
        fields, angles, _, realisations = conductance.shape
        options = {"field": np.arange(fields) * 0.1, "angle": np.arange(angles) * 90.0} | options
        made.write_results(self.path, made.two_lead(conductance, 20), realisation=range(realisations), **options)
        return er.read(self.path)


class Statistics(unittest.TestCase):
    def test_mean_and_standard_error_by_hand(self):
        mean, error, count = er.mean_and_error([1, 2, 3, 6])      # mean 3, s^2 = (4 + 1 + 0 + 9) / 3, error = sqrt(14 / 3 / 4)
        self.assertEqual((mean, count), (3, 4))
        self.assertAlmostEqual(error, (14 / 12)**0.5, 14)

    def test_missing_samples_are_left_out(self):
        mean, error, count = er.mean_and_error([[1, np.nan, 3], [np.nan, 5, np.nan], [np.nan] * 3])
        np.testing.assert_array_equal(count, [2, 1, 0])
        np.testing.assert_array_equal(mean, [2, 5, np.nan])
        np.testing.assert_array_equal(error, [1, np.nan, np.nan])

    def test_paired_change_by_hand(self):
        # D = 2, 3, 2: mean 7/3, s^2 = 1/3, error 1/3. q = 7/34; D - q G0 = (-2, 25, -23)/34: s^2 = 1158/34^2/2, over sqrt(3) and 34/3.
        change = er.paired_change(np.array([10., 11, 13, np.nan, 4]), np.array([12., 14, 15, 9, np.nan]))
        self.assertEqual(change.count, 3)
        self.assertAlmostEqual(change.value, 7 / 3, 13)
        self.assertAlmostEqual(change.error, 1 / 3, 13)
        self.assertAlmostEqual(change.relative, 7 / 34, 13)
        self.assertAlmostEqual(change.relative_error, (1158 / 34**2 / 2 / 3)**0.5 * 3 / 34, 13)

    def test_pairing_takes_out_what_realisations_share(self):
        rng = np.random.default_rng(3)
        offset, own = 5 * rng.standard_normal(50), 0.1 * rng.standard_normal(50)
        change = er.paired_change(20 + offset, 21 + offset + own)
        self.assertAlmostEqual(change.value, 1 + own.mean(), 12)
        self.assertAlmostEqual(change.error, own.std(ddof=1) / 50**0.5, 12)

    def test_relative_error_agrees_with_the_jackknife(self):
        rng = np.random.default_rng(5)
        first = 10 + rng.standard_normal(400)
        second = 1.3 * first + 0.5 * rng.standard_normal(400)
        left = np.array([np.delete(second, i).mean() / np.delete(first, i).mean() for i in range(400)])
        jackknife = (399 / 400 * ((left - left.mean())**2).sum())**0.5
        self.assertAlmostEqual(er.paired_change(first, second).relative_error / jackknife, 1, 2)

    def test_no_percentage_of_a_conductance_near_zero(self):
        self.assertTrue(np.isnan(er.paired_change(np.zeros(4), np.ones(4)).relative))
        self.assertTrue(np.isnan(er.paired_change(np.array([-1., 1, 0.5]), np.ones(3)).relative))

    def test_threshold_is_the_quantile_of_student(self):
        for degrees in (1, 2, 3, 5, 10, 11, 25, 200):
            limit = er.significance_threshold(degrees + 1)
            angle = np.arctan(limit / degrees**0.5) * (np.arange(20000) + 0.5) / 20000      # x = sqrt(degrees) tan(angle), midpoint rule
            density = np.cos(angle)**(degrees - 1)
            whole = np.cos(np.pi / 2 * (np.arange(20000) + 0.5) / 20000)**(degrees - 1)
            inside = density.mean() * angle[-1] / (whole.mean() * np.pi / 2)
            self.assertAlmostEqual(inside, 0.9545, delta=6e-4, msg=f"{degrees} degrees of freedom")
        self.assertEqual(er.significance_threshold(1), float("inf"))

    def test_two_standard_errors_of_three_pairs_are_not_significant(self):
        def change(value, error, count):
            return er.Change(value, error, count, np.nan, np.nan, 1e-9)
        self.assertFalse(change(2.5, 1, 3).significant)
        self.assertTrue(change(2.5, 1, 30).significant)
        self.assertTrue(change(-2.5, 1, 30).significant)
        self.assertFalse(change(1.9, 1, 10**6).significant)
        self.assertFalse(change(5, np.nan, 1).significant)
        self.assertFalse(change(1e-12, 1e-14, 30).significant)


class Words(unittest.TestCase):
    def test_error_sets_the_decimals(self):
        for value, error, expected in ((1.2345, 0.0999, "1.23 ± 0.10"), (-123.4, 45, "−123 ± 45"), (1234, 456, "1230 ± 460"),
                                       (1.5, 1e-12, "1.500000 ± <1e-6"), (2, np.nan, "2"), (np.nan, np.nan, "–"), (0, 0, "0"),
                                       (0.5, 0.0123, "0.500 ± 0.012"), (-0.001, 0.12, "0.00 ± 0.12")):
            self.assertEqual(er.with_error(value, error), expected)
        self.assertEqual(er.with_error(1.2345, 0.0999, sign=True), "+1.23 ± 0.10")

    def test_rise_fall_and_neither(self):
        def words(value, error, count):
            return er.change_words(er.Change(value, error, count, np.nan, np.nan, 1e-9))
        self.assertEqual(words(1, 0.1, 9), "rises by 1.00 ± 0.10 e²/h, 9 pairs")
        self.assertEqual(words(-1, 0.1, 9), "falls by 1.00 ± 0.10 e²/h, 9 pairs")
        self.assertEqual(words(0.1, 0.1, 9), "shows no significant change: +0.10 ± 0.10 e²/h, 9 pairs")
        self.assertEqual(words(0, 0.1, 9), "shows no significant change: +0.00 ± 0.10 e²/h, 9 pairs")
        self.assertEqual(words(2, np.nan, 1), "rises by 2 e²/h, 1 pair and so no error bar")
        self.assertIn("does not change beyond rounding", words(1e-12, 1e-13, 9))
        self.assertIn("cannot be compared", words(np.nan, np.nan, 0))


class Reading(Files):
    def test_failed_and_missing_points_are_left_out(self):
        status = np.ones((2, 1, 1, 4))
        status[0, 0, 0, 3], status[1, 0, 0, 0], status[1, 0, 0, 1] = 3, 0, 2
        results = self.bar([[[1, 2, 3, 1000]], [[1000, 5, 6, 7]]], status=status, end="")
        mean, _, count = er.mean_and_error(results.conductance)
        np.testing.assert_array_equal(mean.ravel(), [2, 6])
        np.testing.assert_array_equal(count.ravel(), [3, 3])
        self.assertEqual(er.left_out_text(results), "2 of 8 points left out: 1 failed, 1 not computed.")
        self.assertEqual(er.paired_change(*results.conductance[:, 0, 0]).value, 3)      # realisations 1 and 2 alone: (5 - 2 + 6 - 3) / 2

    def test_realisations_that_were_not_needed(self):
        """A run that came to its end did without what it did not compute; changes are of pairs."""
        status = np.ones((2, 1, 1, 4))
        status[0, 0, 0, 2:] = 0
        results = self.bar([[[1, 2, np.nan, np.nan]], [[4, 6, 6, 8]]], status=status)
        self.assertEqual((results.left_out, results.not_needed, results.needed), (0, 2, (2, 4)))
        self.assertEqual(er.left_out_text(results), "")
        self.assertEqual(results.realisations_text, "2 to 4 realisations")
        np.testing.assert_array_equal(er.mean_and_error(results.conductance)[0].ravel(), [1.5, 6])
        change = er.paired_change(*results.conductance[:, 0, 0])
        self.assertEqual((change.value, change.count), (3.5, 2))
        status[1, 0, 0, 3] = 3
        results = self.bar([[[1, 2, np.nan, np.nan]], [[4, 6, 6, 8]]], status=status)
        self.assertEqual(er.left_out_text(results), "1 of 6 points left out: 1 failed.")

    def test_a_solved_point_with_nan_is_left_out_and_said(self):
        results = self.bar([[[1, np.nan, 3]]])
        self.assertEqual(er.left_out_text(results), "1 of 3 points left out: 1 with numbers that are not finite.")

    def test_damaged_points_are_left_out_and_said(self):
        """A flipped bit of a conductance, of a status and of a checksum; and a point that was being written."""
        self.bar([[[1, 2, 3, 4, 5]]])
        with er.h5py.File(self.path, "r+") as file:
            file["checksum"][0, 0, 0, 4] = 0
            places = [file["transmission"].id.get_offset() + 8 * 2, file["status"].id.get_offset() + 1,
                      file["checksum"].id.get_offset() + 4 * 2]
        with open(self.path, "r+b") as file:
            for place in places:
                file.seek(place)
                byte = file.read(1)[0]
                file.seek(place)
                file.write(bytes([byte ^ 2]))
        results = er.read(self.path)
        np.testing.assert_array_equal(results.status.ravel(), [er.DAMAGED, er.DAMAGED, er.DAMAGED, er.SOLVED, er.NOT_COMPUTED])
        np.testing.assert_array_equal(results.conductance.ravel(), [np.nan, np.nan, np.nan, 4, np.nan])
        self.assertEqual(results.left_out, 3)      # the end was written: what is not computed was not needed
        self.assertEqual(er.left_out_text(results), "3 of 4 points left out: 3 DAMAGED.")

    def test_conductance_is_from_lead_0_to_lead_1(self):
        transmission = np.arange(4.0).reshape(1, 1, 1, 1, 2, 2)      # T[to][from]: T[1][0] = 2
        made.write_results(self.path, transmission)
        self.assertEqual(er.read(self.path).conductance.item(), 2)

    def test_axes_are_sorted_with_their_numbers(self):
        results = self.bar([[[3]], [[1]], [[2]]], field=[0.3, 0.1, -0.2])
        np.testing.assert_array_equal(results.field, [-0.2, 0.1, 0.3])
        np.testing.assert_array_equal(results.conductance.ravel(), [2, 1, 3])
        np.testing.assert_allclose(results.flux[:, 0, 0], [-0.2, 0.1, 0.3])
        self.assertIsNone(results.zero_field)
        self.assertEqual((results.reference_field, results.highest_field), (1, 2))

    def test_sum_rule_and_zero_field_checks(self):
        results = self.bar([[[5, 6], [5, 6.25]], [[7, 8], [7, 8]]])
        self.assertEqual(er.zero_field_spread(results), 0.25)
        self.assertEqual(er.sum_rule_error(results), 0)
        made.write_results(self.path, [[[[[[1, 2], [3, 3.5]]]]]], modes=[[[[[4, 5]]]]])      # columns 4, 5.5; rows 3, 6.5 against 4, 5
        self.assertEqual(er.sum_rule_error(er.read(self.path)), 1.5)

    def test_bad_files_are_named(self):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("not HDF5")
        self.assertRaisesRegex(er.ResultsError, "cannot be read as HDF5", er.read, self.path)
        self.assertRaisesRegex(er.ResultsError, "no such file", er.read, os.path.join(self.folder, "absent.h5"))
        for break_it, message in ((lambda f: f.attrs.__setitem__("format", "other"), "not an edotb results file"),
                                  (lambda f: f.attrs.__setitem__("format_version", 2), "version 2 is not known"),
                                  (lambda f: f.__delitem__("status"), "/status is missing"),
                                  (lambda f: f.__delitem__("checksum"), "/checksum is missing")):
            os.remove(self.path)
            self.bar([[[1]]])
            with er.h5py.File(self.path, "r+") as file:
                break_it(file)
            self.assertRaisesRegex(er.ResultsError, message, er.read, self.path)

    def test_absent_attributes_and_odd_versions(self):
        self.bar([[[1]]], library_versions="PETSc 3.18")
        with er.h5py.File(self.path, "r+") as file:
            del file.attrs["seed"], file.attrs["title"]
            file.attrs["host"] = np.bytes_("bytes")
        results = er.read(self.path)
        self.assertEqual((results.title, results.attributes["seed"], results.attributes["host"]), ("results.h5", None, "bytes"))
        self.assertEqual(er.library_versions(results), {"libraries": "PETSc 3.18"})


class Figures(Files):
    def names(self, kind):
        return [drawing.name for drawing in plot.drawings(self.made(kind))]

    def figure(self, results, name, layout="wide"):
        drawing = next(drawing for drawing in plot.drawings(results) if drawing.name == name)
        with plot.matplotlib.rc_context(plot.STYLE):
            return drawing.draw(layout), drawing

    def test_each_run_has_the_figures_it_has_numbers_for(self):
        field, change, angle, energy = "conductance_field", "magnetoconductance", "conductance_angle", "conductance_energy"
        for kind, expected in (("bar", [field, change, angle]), ("physical", [field, change, angle, energy]), ("single", [field]),
                               ("fields", [field, angle]), ("energies", [field, change, angle, energy]),
                               ("system", ["transmission_energy"]), ("matrix", ["transmission_matrix"])):
            self.assertEqual(self.names(kind), expected, kind)

    def test_lines_carry_the_means_and_errors(self):
        # G(0) = 1, 2, 3, 6 and G(0.1) = 2, 4, 3, 11: means 3 and 5, errors sqrt(14/12) and sqrt(50/12); D = 1, 2, 0, 5: 2 and sqrt(14/12)
        results = self.bar([[[1, 2, 3, 6]], [[2, 4, 3, 11]]])
        for name, means, errors in (("conductance_field", [3, 5], [(14 / 12)**0.5, (50 / 12)**0.5]),
                                    ("magnetoconductance", [0, 2], [0, (14 / 12)**0.5])):
            ax = self.figure(results, name)[0].axes[1]
            line = next(line for line in ax.get_lines() if line.get_label() == "0°")
            np.testing.assert_allclose(line.get_xdata(), [0, 0.1])
            np.testing.assert_allclose(line.get_ydata(), means)
            bars = ax.containers[0].lines[2][0].get_segments()
            np.testing.assert_allclose([bar[1, 1] - bar[0, 1] for bar in bars], 2 * np.array(errors))

    def test_axes_name_quantities_and_units(self):
        figure, _ = self.figure(self.made("bar"), "conductance_field")
        self.assertEqual([(ax.get_xlabel(), ax.get_ylabel()) for ax in figure.axes[1:]],
                         [("", "Conductance $G$ ($e^2/h$)"), ("Field $B$ (rad per plaquette)", "Open modes")])
        figure, _ = self.figure(self.made("physical"), "magnetoconductance")
        self.assertEqual({ax.get_xlabel() for ax in figure.axes if ax.get_title("left")}, {"Field $B$ (T)"})

    def test_wedge_spans_the_computed_angles_only(self):
        figure, _ = self.figure(self.made("physical"), "conductance_angle")
        wedge = next(ax for ax in figure.axes if ax.name == "polar")
        np.testing.assert_allclose((wedge.get_thetamin(), wedge.get_thetamax()), (0, 120))
        self.assertEqual(wedge.get_rmin(), 0)

    def test_captions_say_realisations_seed_and_what_is_left_out(self):
        caption = self.figure(self.made("bar"), "conductance_field")[1].caption
        self.assertIn("over 8 realisations (seed 1)", caption)
        self.assertIn("3 of 192 points left out: 3 failed", caption)
        figure, drawing = self.figure(self.made("clean"), "conductance_field")
        self.assertIn("One realisation (seed 1), so there are no error bars", drawing.caption)
        self.assertEqual(figure.axes[1].containers, [])
        self.assertIn("6 of the 21 energies shown", self.figure(self.made("energies"), "conductance_field")[1].caption)

    def test_every_layout_can_be_drawn(self):
        for kind in made.KINDS:
            for drawing in plot.drawings(self.made(kind)):
                path = os.path.join(self.folder, f"{kind}_{drawing.name}.png")
                plot.save(drawing, path, "png", "narrow")
                with open(path, "rb") as file:
                    self.assertEqual(file.read(8), PNG)

    def test_a_run_without_a_usable_point_still_draws(self):
        results = self.bar(np.ones((2, 2, 3)), status=np.full((2, 2, 1, 3), 3))
        figure, _ = self.figure(results, "conductance_field")
        self.assertIn("no usable point", [text.get_text() for text in figure.axes[1].texts])
        for drawing in plot.drawings(results):
            plot.save(drawing, os.path.join(self.folder, "empty.png"), "png")


class Command(Files):
    def run_plot(self, *arguments, **environment):
        return subprocess.run([sys.executable, "-B", os.path.join(SCRIPTS, "plot.py"), *arguments], capture_output=True, text=True,
                              env=os.environ | environment, check=False)

    def test_writes_the_paths_it_prints(self):
        self.made("bar")
        done = self.run_plot(self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([os.path.relpath(path, self.folder) for path in done.stdout.split()],
                         ["figures/conductance_field.png", "figures/magnetoconductance.png", "figures/conductance_angle.png"])
        for path in done.stdout.split():
            with open(path, "rb") as file:
                self.assertEqual(file.read(8), PNG)

    def test_svg_is_reproducible_and_takes_any_title(self):
        self.bar([[[1, 2]], [[2, 3]]], title="<b>A & B</b> $x_{ \n 100 %")
        pictures = []
        for folder in ("one", "two"):
            done = self.run_plot(self.path, "--format", "svg", "--output", os.path.join(self.folder, folder))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            with open(os.path.join(self.folder, folder, "conductance_field.svg"), encoding="utf-8") as file:
                pictures.append(file.read())
        self.assertEqual(pictures[0], pictures[1])
        self.assertNotIn("<b>", pictures[0])

    def test_a_missing_file_is_one_clear_line(self):
        done = self.run_plot(os.path.join(self.folder, "absent.h5"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"^plot.py: .*absent\.h5: no such file\n$")

    def test_a_missing_package_is_one_line_that_names_it(self):
        with open(os.path.join(self.folder, "h5py.py"), "w", encoding="utf-8") as file:
            file.write("raise ImportError\n")
        done = self.run_plot(self.path, PYTHONPATH=self.folder)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"^plot.py: .*apt-get install python3-h5py.*\n$")


if __name__ == "__main__":
    unittest.main()
