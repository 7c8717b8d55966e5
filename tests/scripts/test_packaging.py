#!/usr/bin/python3
"""The Spack environment and the Apptainer definition against what they describe: the libraries that CMake looks for,
and the files of the source. Neither can be built here.

    test_packaging.py EDOTB
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

EDOTB = os.path.abspath(sys.argv[1])
SOURCE = Path(__file__).resolve().parents[2]
# Which package of Spack brings what CMake looks for: the name in find_package, pkg_*_module(s), find_library or find_path.
PACKAGES = {
    "PkgConfig": "pkgconf", "MPI": "openmpi", "OpenMP": "", "fmt": "fmt", "nlohmann_json": "nlohmann-json", "CLI11": "cli11",
    "yaml-cpp": "yaml-cpp", "ZLIB": "zlib", "Ceres": "ceres-solver", "Boost": "boost", "PETSC": "petsc", "SLEPC": "slepc",
    "HDF5": "hdf5", "HDF5_HL_LIBRARY": "hdf5", "OPENBLAS": "openblas", "LAPACKE_LIBRARY": "openblas",
    "LAPACKE_INCLUDE": "openblas", "METIS_LIBRARY": "metis", "RANDOM123_INCLUDE": "random123", "MUMPS_LIBRARY": "mumps",
    "REAL_MUMPS_LIBRARY": "mumps", "MUMPS_INCLUDE": "mumps", "HYPRE_LIBRARY": "hypre", "HYPRE_INCLUDE": "hypre"}


class Spack(unittest.TestCase):
    def setUp(self):
        environment = yaml.safe_load((SOURCE / "scripts/spack/spack.yaml").read_text())["spack"]
        specs = environment["specs"]
        self.specs = {re.match(r"[a-z0-9-]+", spec)[0]: spec for spec in specs}
        self.assertEqual(len(self.specs), len(specs))

    def test_every_library_that_cmake_looks_for_is_there_and_no_other(self):
        text = (SOURCE / "cmake/Dependencies.cmake").read_text()
        wanted = re.findall(r"^\s*(?:find_package|pkg_check_modules|pkg_search_module|find_library|find_path)\((\S+)", text, re.M)
        self.assertEqual(set(wanted), set(PACKAGES), "a library has come or gone: PACKAGES and spack.yaml must follow")
        libraries = {PACKAGES[name] for name in wanted} - {""}  # OpenMP is the compiler's
        self.assertEqual(set(self.specs), libraries | {"cmake", "ninja"})

    def test_the_variants_that_cmake_insists_on(self):
        for name, variants in {"petsc": "+complex +mumps ~hypre ~int64", "mumps": "+complex +double ~int64", "hdf5": "+hl +mpi",
                               "hypre": "~complex ~int64", "metis": "~int64"}.items():
            self.assertLessEqual(set(variants.split()), set(self.specs[name].split()), name)

    def test_cmake_is_recent_enough(self):
        required = re.search(r"cmake_minimum_required\(VERSION ([\d.]+)\)", (SOURCE / "CMakeLists.txt").read_text())[1]
        self.assertTrue(self.specs["cmake"].startswith(f"cmake@{required}:"), self.specs["cmake"])


class Apptainer(unittest.TestCase):
    def setUp(self):
        text = (SOURCE / "scripts/apptainer/edotb.def").read_text()
        head, *sections = re.split(r"^%(\w+)\n", text, flags=re.M)
        self.sections = dict(zip(sections[::2], sections[1::2]))
        self.header = dict(line.split(": ") for line in head.splitlines() if line and not line.startswith("#"))

    def test_base(self):
        self.assertEqual(self.header, {"Bootstrap": "docker", "From": "debian:bookworm"})

    def test_files_are_in_the_source(self):
        pairs = [line.split() for line in self.sections["files"].splitlines() if line.strip()]
        for here, there in pairs:
            self.assertTrue((SOURCE / here).exists(), here)
            self.assertEqual(there, f"/opt/edotb/{here}")
        tracked = subprocess.run(["git", "-C", SOURCE, "ls-files", "--", "CMakeLists.txt", "CMakePresets.json", "cmake", "include",
                                  "inputs", "scripts", "src"], capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
        copied = tuple(here for here, _ in pairs)
        self.assertEqual([name for name in tracked if not name.startswith(copied)], [], "the build would lack these")

    def test_sections_are_shell(self):
        for name in ("post", "environment", "runscript", "test"):
            checked = subprocess.run(["sh", "-n"], input=self.sections[name], capture_output=True, text=True, check=False)
            self.assertEqual((checked.returncode, checked.stderr), (0, ""), name)

    def test_its_own_test_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "edotb").symlink_to(EDOTB)
            script = self.sections["test"].replace("/usr/local/share/edotb/inputs", str(SOURCE / "inputs"))
            done = subprocess.run(["sh"], input=script, capture_output=True, text=True, check=False,
                                  env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("6 points, 0 not computed", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
