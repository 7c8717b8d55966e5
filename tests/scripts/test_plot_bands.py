#!/usr/bin/python3
"""Figures of `edotb bands`: every number of a file arrives in the figure, at its place."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts")
sys.path.insert(0, SCRIPTS)

import h5py                                    # noqa: E402
import numpy as np                             # noqa: E402
import plot_bands                              # noqa: E402
from matplotlib.figure import Figure           # noqa: E402

UNITS = {"energy": "eV", "k": "pi", "k_1": "pi", "k_2": "pi", "field": "T", "distance": "1/nm", "surface": "1/eV", "bulk": "1/eV"}


class BandFigures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, kind, corners=(), **columns):
        path = os.path.join(self.folder, "bands.h5")
        with h5py.File(path, "w") as file:
            file.attrs.update({"format": "edotb-bands", "kind": kind, "title": "A $title", "corners": json.dumps(list(corners))})
            for name, values in columns.items():
                file[name] = np.asarray(values, dtype=float)
                file[name].attrs["units"] = UNITS.get(name, "1")
        return path

    def figure(self, *arguments, **columns):
        figure = Figure()
        self.assertEqual(plot_bands.draw(self.file(*arguments, **columns), figure), arguments[0])
        return figure

    def test_bulk(self):
        figure = self.figure("bulk", [{"label": "G", "distance": 0}, {"label": "X", "distance": 2}],
                             distance=[0, 0, 2, 2], band=[0, 1, 0, 1], energy=[-1, 1, -2, 2])
        ax = figure.axes[0]
        self.assertEqual([label.get_text() for label in ax.get_xticklabels()], ["G", "X"])
        lines = [line.get_xydata().tolist() for line in ax.lines[:2]]
        self.assertEqual(lines, [[[0, -1], [2, -2]], [[0, 1], [2, 2]]])
        self.assertIn("eV", ax.get_ylabel())

    def test_lead(self):
        figure = self.figure("lead", contact=[0, 0, 1], k=[-1, 1, 0.5], band=[0, 0, 0], energy=[3, 4, 5], velocity=[-1, 2, 0])
        first, second = figure.axes[:2]
        self.assertEqual(first.collections[0].get_offsets().tolist(), [[-1, 3], [1, 4]])
        self.assertEqual(first.collections[0].get_array().tolist(), [-1, 2])
        self.assertEqual(second.collections[0].get_offsets().tolist(), [[0.5, 5]])

    def test_landau(self):
        figure = self.figure("landau", field=[1, 1, 2, 1], k=[0, 0, 0, 0.5], energy=[-3, 3, 4, 7])
        self.assertEqual(figure.axes[0].lines[0].get_xydata().tolist(), [[1, -3], [1, 3], [2, 4]])
        self.assertEqual(figure.axes[1].lines[0].get_xydata().tolist(), [[1, 7]])

    def test_surface_map(self):
        ky, kx = np.meshgrid([-1, 0, 1], [-1, 1])      # k_1 is the slower one
        surface = 10.0 ** np.arange(6)
        figure = self.figure("surface", k_1=kx.ravel(), k_2=ky.ravel(), energy=np.full(6, 0.1), surface=surface, bulk=surface,
                             distance=np.zeros(6))
        self.assertEqual(np.asarray(figure.axes[0].collections[0].get_array()).reshape(2, 3).tolist(), [[0, 1, 2], [3, 4, 5]])
        self.assertIn("k_2", figure.axes[0].get_xlabel())

    def test_surface_along_a_path(self):
        corners = [{"label": "", "distance": 0}, {"label": "", "distance": 1}]
        figure = self.figure("surface", corners, distance=[0, 0, 1, 1], k_1=[0] * 4, k_2=[0] * 4, energy=[0, 1, 0, 1],
                             surface=[1, 10, 100, 1000], bulk=[1] * 4)
        self.assertEqual(np.asarray(figure.axes[0].collections[0].get_array()).reshape(2, 2).tolist(), [[0, 2], [1, 3]])

    def test_edge_of_a_sheet(self):
        figure = self.figure("surface", k_1=[-1, 0, 1], k_2=[0, 0, 0], energy=[0.1] * 3, surface=[1, 5, 2], bulk=[1] * 3,
                             distance=[0] * 3)
        self.assertEqual(figure.axes[0].lines[0].get_xydata().tolist(), [[-1, 1], [0, 5], [1, 2]])

    def test_plot_py_takes_the_file(self):
        path = self.file("landau", field=[1, 2], k=[0, 0], energy=[1, 2])
        done = subprocess.run([sys.executable, "-B", os.path.join(SCRIPTS, "plot.py"), path], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with open(os.path.join(self.folder, "figures", "landau_bands.png"), "rb") as file:
            self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")


if __name__ == "__main__":
    unittest.main()
