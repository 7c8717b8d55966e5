#!/usr/bin/python3
"""The benchmark of the solver core: prints a table and writes benchmark.json.

    scripts/benchmark/run.py [--quick] [--only P1,P4] [--kwant] [--output FOLDER]

Every row is a ratio between solvers of edotb measured in this run on this machine, one BLAS thread, medians of
several runs, each solver in a process of its own so that its peak memory is its own. --quick makes the samples
smaller (the targets are then not judged); --kwant adds the times of Kwant on the same Hamiltonian where it is
installed. The MUMPS column is the path of two independent checks: a fresh METIS analysis, MUMPS for the device,
and for P5 the Schur method for the leads.
"""
import argparse
import importlib.util
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build"
MPIRUN = ROOT / "scripts" / "mpirun.sh"


def environment():
    env = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    if all(part in flags for part in ("avx512f", "avx512dq", "avx512bw", "avx512vl")):
        env["OPENBLAS_CORETYPE"] = "SKYLAKEX"  # as scripts/mpirun.sh; both solvers gain from it
    return env


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment())
    if done.returncode != 0:
        sys.exit(f"benchmark: {' '.join(map(str, command))} failed:\n{done.stderr}")
    return done


def deck_with(name, folder, **shape):
    """A deck of this folder, its extents changed where asked."""
    text = (HERE / name).read_text()
    for key, value in shape.items():
        text, n = re.subn(rf"\b{key}: \d+(?![.\d])", f"{key}: {value}", text)
        assert n == 1, key
    path = Path(folder) / name
    path.write_text(text)
    return path


def measure(deck, solver, precision="double", leads="solved", repeats=3, ranks=1):
    together = [MPIRUN, "-n", ranks] if ranks > 1 else []
    done = run([*together, BUILD / "edotb_benchmark", deck, solver, precision, leads, repeats])
    result = json.loads(done.stdout)
    if result["solved_again"]:
        sys.exit(f"benchmark: {solver} gave up on {deck}: {result['remark']}")
    result["total_seconds"] = result["lead_seconds"] + result["analysis_seconds"] + result["first_point_seconds"]
    return result


def median_of_processes(n, *arguments, **keys):
    """The measurement of middle `total_seconds` of n processes: of what each does once, as the leads and the analysis."""
    return sorted((measure(*arguments, repeats=1, **keys) for _ in range(n)), key=lambda item: item["total_seconds"])[n // 2]


def campaign(deck, ranks=1, repeats=1, sets=()):
    """The seconds of a whole process, of its run without starting the program, and of the points alone; the
    process is the median of `repeats`."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats):
            command = [BUILD / "edotb", "run", deck, "--output", folder]
            for item in sets:
                command += ["--set", item]
            if ranks > 1:
                command = [MPIRUN, "-n", ranks, *command]
            start = time.perf_counter()
            done = run(command)
            elapsed = time.perf_counter() - start
            found = re.search(r"(\d+) points in", done.stderr)
            rates = subprocess.run(
                ["/usr/bin/python3", "-c",
                 "import h5py,sys; f=h5py.File(sys.argv[1]); print(f['seconds'][()].sum(), f['seconds'].size)",
                 f"{folder}/results.h5"], capture_output=True, text=True, check=True).stdout.split()
            in_run = json.loads((Path(folder) / "status.json").read_text())["seconds"]
            seconds.append({"points": int(found.group(1)), "busy_seconds": float(rates[0]), "run_seconds": in_run,
                            "wall_seconds": elapsed})
    return sorted(seconds, key=lambda item: item["wall_seconds"])[len(seconds) // 2]


class Table:
    def __init__(self, judged):
        self.rows = []
        self.judged = judged

    def add(self, name, what, value, unit, target=None, at_least=True):
        ok = None if target is None or not self.judged else (value >= target if at_least else value <= target)
        self.rows.append({"name": name, "what": what, "value": value, "unit": unit, "target": target,
                          "at_least": at_least, "ok": ok})
        goal = "" if target is None else f"{'>=' if at_least else '<='} {target:g}"
        verdict = {None: "", True: "ok", False: "MISSED"}[ok]
        print(f"{name:4} {what:58} {value:10.4g} {unit:10} {goal:10} {verdict}", flush=True)


def p1(table, folder, quick, raw):
    shape = {"length": 20, "width": 10, "thickness": 10} if quick else {}
    deck = deck_with("p1_device.yaml", folder, **shape)
    fast = raw["multifrontal"] = measure(deck, "multifrontal", leads="made_up", repeats=5)
    slow = raw["mumps"] = measure(deck, "mumps", leads="made_up", repeats=3)
    single = raw["single"] = measure(deck, "multifrontal", "single", leads="made_up", repeats=3)
    table.add("P1", "device: MUMPS-METIS / multifrontal, time", slow["point_seconds"] / fast["point_seconds"], "x", 2.2)
    table.add("P1", "device: multifrontal", fast["point_seconds"], "s")
    table.add("P1", "device: multifrontal / MUMPS, peak memory", fast["peak_megabytes"] / slow["peak_megabytes"], "x",
              0.25, False)
    table.add("P1", "device: share of zgemm's speed", 100 * fast["share_of_zgemm"], "%", 50)
    table.add("P1", "device: speed", fast["gflops"], "Gflop/s")
    table.add("P1", "device: single / double, time", single["point_seconds"] / fast["point_seconds"], "x")
    pair = raw["two_ranks"] = measure(deck, "multifrontal", leads="made_up", repeats=3, ranks=2)
    table.add("P1", "device: one rank / two that share it, time", fast["point_seconds"] / pair["point_seconds"], "x")
    table.add("P1", "device: of two ranks / one, memory of the solver",
              pair["solver_megabytes"] / fast["solver_megabytes"], "x")
    difference = abs(fast["transmission"] - slow["transmission"])
    table.add("P1", "|T difference| between the two", difference, "", 1e-9, False)


def p2(table, folder, quick, raw):
    shape = {"length": 20, "width": 10, "thickness": 10} if quick else {}
    deck = deck_with("p1_device.yaml", folder, **shape)
    fast = raw["multifrontal"] = median_of_processes(1 if quick else 3, deck, "multifrontal")
    table.add("P2", "complete point: both leads, analysis, device", fast["total_seconds"], "s", 16, False)
    table.add("P2", "of it the leads", fast["lead_seconds"], "s", 12, False)
    table.add("P2", "residual of the self-energies", fast["lead_residual"], "", 1e-9, False)
    table.add("P2", "peak memory", 1e-3 * fast["peak_megabytes"], "GB", 0.8, False)


def p3(table, folder, quick, raw):
    deck = deck_with("p3_wire.yaml", folder, **({"length": 200, "width": 50} if quick else {}))
    fast = raw["multifrontal"] = median_of_processes(1 if quick else 5, deck, "multifrontal")
    slow = raw["mumps"] = median_of_processes(1 if quick else 5, deck, "mumps")
    table.add("P3", "complete point: MUMPS / multifrontal, time", slow["total_seconds"] / fast["total_seconds"], "x", 4)
    table.add("P3", "complete point: multifrontal", fast["total_seconds"], "s")
    table.add("P3", "multifrontal / MUMPS, peak memory", fast["peak_megabytes"] / slow["peak_megabytes"], "x", 0.5, False)


def p4(table, folder, quick, raw):
    deck = deck_with("p4_ensemble.yaml", folder, realisations=800 if quick else 8000)
    fast = raw["multifrontal"] = campaign(deck, repeats=3)
    slow = raw["mumps"] = campaign(deck, sets=("engine.solver=mumps",))
    table.add("P4", "samples per second", fast["points"] / fast["wall_seconds"], "1/s", 1000)
    table.add("P4", "MUMPS / multifrontal, time", slow["busy_seconds"] / fast["busy_seconds"], "x")


def p5(table, folder, quick, raw):
    deck = deck_with("p5_angles.yaml", folder, **({"length": 12, "width": 6, "thickness": 6} if quick else {}))
    # One after the other, so that both see the same machine: other work on its host comes and goes. Half a second for
    # starting MPI is the same for both and no part of a sweep.
    pairs = raw["pairs"] = [(campaign(deck), campaign(deck, ranks=2)) for _ in range(1 if quick else 5)]
    gain = statistics.median(one["run_seconds"] / two["run_seconds"] for one, two in pairs)
    one = sorted((one for one, _ in pairs), key=lambda item: item["run_seconds"])[len(pairs) // 2]
    slow = raw["mumps"] = campaign(deck, sets=("engine.solver=mumps", "engine.leads=schur"))
    table.add("P5", "32 angles: MUMPS and Schur leads / default, time", slow["run_seconds"] / one["run_seconds"], "x", 3)
    table.add("P5", "32 angles: one rank", one["run_seconds"], "s")
    table.add("P5", "one rank / two ranks, time", gain, "x", 1.9)


def p6(table, folder, quick, raw):
    deck = deck_with("p1_device.yaml", folder,
                     **({"length": 30, "width": 15, "thickness": 15} if quick else
                        {"length": 60, "width": 30, "thickness": 30}))
    large = raw["multifrontal"] = measure(deck, "multifrontal", leads="made_up", repeats=1)
    table.add("P6", f"{large['orbitals']} orbitals: peak memory", 1e-3 * large["peak_megabytes"], "GB", 2.5, False)
    table.add("P6", f"{large['orbitals']} orbitals: device", large["point_seconds"], "s")


def p7(table, folder, quick, raw):
    """What two ranks lose by waiting and around the points: independent of how fast the machine is, or how busy."""
    deck = deck_with("p7_uneven.yaml", folder, **({"realisations": 5} if quick else {}))
    output = Path(folder) / "p7"
    run([MPIRUN, "-n", 2, BUILD / "edotb", "run", deck, "--output", output])
    points = json.loads(subprocess.run(
        ["/usr/bin/python3", "-c", "import h5py,json,sys; f=h5py.File(sys.argv[1]); s=f['seconds'][()].ravel(); "
         "print(json.dumps({'points': s.size, 'busy_seconds': s.sum(), 'longest': s.max(), 'shortest': s.min()}))",
         output / "results.h5"], capture_output=True, text=True, check=True).stdout)
    wall = json.loads((output / "status.json").read_text())["seconds"]
    raw["two_ranks"] = {**points, "wall_seconds": wall}
    table.add("P7", f"{points['points']} uneven points: longest / shortest", points["longest"] / points["shortest"], "x")
    table.add("P7", "time of two ranks that is not spent on points", 100 * (1 - points["busy_seconds"] / (2 * wall)), "%",
              3, False)


def p8(table, folder, quick, raw):
    import math

    sizes = [8, 10, 12, 14] if quick else [12, 16, 20, 24, 30]
    raw["bars"] = []
    for size in sizes:
        deck = deck_with("p1_device.yaml", folder, length=2 * size, width=size, thickness=size)
        raw["bars"].append(measure(deck, "multifrontal", leads="made_up", repeats=3 if size < 24 else 1))

    def slope(key):
        x = [math.log(bar["orbitals"]) for bar in raw["bars"]]
        y = [math.log(bar[key]) for bar in raw["bars"]]
        mean_x, mean_y = statistics.mean(x), statistics.mean(y)
        return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)

    table.add("P8", "exponent of the time in the number of orbitals", slope("point_seconds"), "", 2.1, False)
    table.add("P8", "exponent of the solver's memory", slope("solver_megabytes"), "", 1.4, False)


def draw_growth(bars, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
    n = [bar["orbitals"] for bar in bars]
    for ax, key, label in ((axes[0], "point_seconds", "time [s]"), (axes[1], "solver_megabytes", "memory [MB]")):
        ax.loglog(n, [bar[key] for bar in bars], "o-", color="#1f5fa8")
        ax.set_xlabel("orbitals")
        ax.set_ylabel(label)
        ax.grid(True, which="both", alpha=0.3)
    figure.suptitle("Bars of length 2L and cross-section L x L, 4 orbitals a site, one core", fontsize=10)
    figure.savefig(path, dpi=150)


def kwant_column(raw, folder, quick):
    if importlib.util.find_spec("kwant") is None:
        print("Kwant is not installed for this Python: no Kwant columns", flush=True)
        return
    for name, size in (("P2", (10, 10, 20) if quick else (20, 20, 40)), ("P3", (50, 200) if quick else (200, 800)),
                       ("P4", (16, 80))):
        done = run([sys.executable, HERE / "kwant_times.py", name, *size])
        raw.setdefault(name, {})["kwant"] = json.loads(done.stdout)
        print(f"{name:4} Kwant {raw[name]['kwant']}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller samples, nothing is judged")
    parser.add_argument("--only", default="", help="comma-separated rows, P1 to P8")
    parser.add_argument("--kwant", action="store_true", help="add Kwant's times where it is installed")
    parser.add_argument("--output", default=".", help="folder of benchmark.json and growth.png")
    options = parser.parse_args()
    cases = {"P1": p1, "P2": p2, "P3": p3, "P4": p4, "P5": p5, "P6": p6, "P7": p7, "P8": p8}
    chosen = [name for name in options.only.split(",") if name] or list(cases)
    unknown = sorted(set(chosen) - set(cases))
    if unknown:
        parser.error(f"unknown rows {', '.join(unknown)}; there are {', '.join(cases)}")
    run(["cmake", "--build", BUILD, "--target", "edotb", "edotb_benchmark"])

    table = Table(judged=not options.quick)
    raw = {}
    output = Path(options.output)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            cases[name](table, folder, options.quick, raw.setdefault(name, {}))
        if options.kwant:
            kwant_column(raw, folder, options.quick)
    if "P8" in raw:
        draw_growth(raw["P8"]["bars"], output / "growth.png")
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    report = {"cpu": cpu.group(1) if cpu else platform.processor(), "quick": options.quick, "rows": table.rows,
              "raw": raw}
    (output / "benchmark.json").write_text(json.dumps(report, indent=1) + "\n")
    print(f"wrote {output / 'benchmark.json'}")
    return 1 if any(row["ok"] is False for row in table.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
