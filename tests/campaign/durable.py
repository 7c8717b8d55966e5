"""Runs that are ended before their end, and what their results files hold: for the tests beside this file."""
import os
import signal
import subprocess
import zlib
from pathlib import Path

import h5py
import numpy as np

RESUMABLE = 75
PATIENCE = 400   # seconds until something counts as hanging, however busy the machine is
# 24 points that take some 30 ms each, so that a run of one second can be ended in its midst.
DECK = """units: lattice
sample:
  model: {name: simple_metal, dimension: 2}
  shape: {kind: bar, length: 24, width: 20}
  disorder: [{kind: anderson, width: 1.0}]
field: {magnitude: [0, 0.1], angle: [0, 90]}
energy: [-1.1, -0.7]
ensemble: {realisations: 3, seed: 5}
engine: {solver: dense}
output: {observables: [noise, transmission_eigenvalues]}
"""
CONDUCTOR = """units: lattice
engine: {kind: continuum}
field: {magnitude: [0, 0.2, 0.4, 0.6, 0.8], angle: [0, 45, 90]}
conductor:
  material: {kind: drude, bands: [{density: 1, mobility: 1}]}
  shape: {kind: bar, dimension: 2, length: 3, width: 1}
  mesh: {cells: 12, tolerance: 0.01}
  solver: direct
"""


class Program:
    """edotb under mpirun, or alone on one rank."""

    def __init__(self, edotb, mpirun):
        self.edotb, self.mpirun = os.path.abspath(edotb), os.path.abspath(mpirun)
        if "avx2" in Path("/proc/cpuinfo").read_text():
            os.environ["OPENBLAS_CORETYPE"] = "Haswell"  # bits are those of one BLAS kernel, under mpirun or not

    def command(self, n_ranks, *arguments):
        command = [self.edotb, *map(str, arguments)]
        return command if n_ranks == 1 else [self.mpirun, "-n", str(n_ranks), *command]

    def start(self, n_ranks, *arguments):
        return subprocess.Popen(self.command(n_ranks, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, stdin=subprocess.DEVNULL, start_new_session=True)

    def run(self, n_ranks, *arguments, **options):
        return subprocess.run(self.command(n_ranks, *arguments), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False, **options)


def descendants(pid):
    """Numbers and names of all running processes below one."""
    children = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            name = (entry / "comm").read_text().strip()
        except (OSError, IndexError):
            continue
        children.setdefault(int(fields[1]), []).append((int(entry.name), name, fields[0]))
    found, waiting = [], [pid]
    while waiting:
        for child, name, state in children.get(waiting.pop(), []):
            waiting.append(child)
            if state != "Z":
                found.append((child, name))
    return found


def is_running(pid):
    """False of a process that is gone, and of one that only its parent still has to take note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def ranks_below(process, program="edotb"):
    """The processes of a job that run `program`: descendants of the one that was started."""
    return sorted(pid for pid, name in descendants(process.pid) if name == program) or [process.pid]


def end(process, how, generator):
    """Ends a job: `one` rank by SIGKILL, `all` of its processes, or SIGTERM to the job or one rank."""
    pids = ranks_below(process)
    victims = {"one": [generator.choice(pids)], "all": [*pids, process.pid], "term": [process.pid],
               "term_rank": [generator.choice(pids)]}[how]
    for pid in victims:
        try:
            os.kill(pid, signal.SIGTERM if how.startswith("term") else signal.SIGKILL)
        except ProcessLookupError:
            pass  # it was through
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def point_datasets(file):
    """All datasets with the four axes of points, `checksum` apart, by name and `status` last."""
    shape = file["status"].shape
    names = []
    file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) and
                    item.shape[:4] == shape else None)
    return sorted(set(names) - {"checksum"}, key=lambda name: (name == "status", name))


def checksums(file):
    """What `checksum` must hold, by another implementation: zlib over the bytes that h5py reads."""
    names = point_datasets(file)
    blocks = [file[name][...].reshape(file["status"].size, -1) for name in names]
    return np.array([zlib.crc32(b"".join(block[i].tobytes() for block in blocks))
                     for i in range(file["status"].size)], dtype=np.uint32)


def complete_points(path):
    """Numbers of the points that a results file holds complete, with their wall times."""
    with h5py.File(path) as file:
        recorded = file["checksum"][...].reshape(-1)
        seconds = file["seconds"][...].reshape(-1)
        good = (recorded != 0) & (recorded == checksums(file))
    return {int(i): seconds[i] for i in np.flatnonzero(good)}


def contents(path):
    """All that must not depend on how often a run was interrupted."""
    found = {}
    with h5py.File(path) as file:
        def keep(name, item):
            if isinstance(item, h5py.Dataset) and name not in ("seconds", "checksum"):
                found[name] = item[...].tobytes()
        file.visititems(keep)
        for name, value in file.attrs.items():
            if name not in ("start", "end", "ranks"):
                found["attribute " + name] = value
    return found
