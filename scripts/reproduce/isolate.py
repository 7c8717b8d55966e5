#!/usr/bin/python3
"""Blind test: synthetic samples with known mechanisms go through `edotb analyse`, which is not told which.

    isolate.py [--quick | --full | --smoke] [--samples N] [--seed N] [--edotb PATH] [--ranks N] [--launcher COMMAND] [--output DIR]

Each sample has a conductivity tensor made of weak localisation, alignment of spins, the chiral anomaly and mobility (which makes current
jetting between small contacts), with random strengths:

    iso  = sigma_T / (1 - s L(kB/T)^2)                    alignment; L(x) = coth x - 1/x
    par  = iso + a sqrt(B) f3(B/B_phi) + c B^2            f3: Kawabata; c B^2: chiral anomaly
    perp = iso / (1 + (mu B)^2) + a sqrt(B) f3(B/B_phi)
    hall = eta iso mu B / (1 + (mu B)^2)

The continuum engine simulates three experiments in thin plates of it, at two temperatures: the squeeze test (small contacts, voltages on
the spine and the edge), a bar with contacts over its full faces at three angles, a Corbino disc in a perpendicular field. Noise of
0.5 to 1 % is added, and what a laboratory would write down (deck.yaml with the geometry, readings.csv) goes to `edotb analyse`.

The default, 24 samples, takes some minutes on two cores. --smoke: 4 samples, fewer fields, for the tests.
--full: 96 samples.

Exit status: 0 as claimed; 1 fewer than 22 of 24 samples right (all mechanisms present found and no other), or one confidently wrong
(a mechanism called present that is not there, or absent that is), or an anomaly coefficient off by more than 10 % in a sample
with jetting that alone makes the edge fall by half; 2 a run could not be made.
"""
import argparse
import csv
import json
import math
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import edotb_results as er      # noqa: E402

np = er.np
h5py = er.require("h5py", "python3-h5py")

MECHANISMS = ("weak_localisation", "alignment", "anomaly", "jetting")
LETTERS = dict(zip(MECHANISMS, "LAEJ"))
TOP = 9.0                                   # T
FIELDS = (0, 0.4, 0.8, 1.5, 2.5, 4, 5.5, 7, TOP)
FEWER_FIELDS = (0, 0.4, 1, 2, 4, 6, TOP)
TEMPERATURES = (2.0, 8.0)                   # K
SHIFT = 100.0                               # T
MOST_DEVIATION = 0.1                        # of the anomaly coefficient
SHARE_RIGHT = 22 / 24
# Twelve samples with one mechanism, one with none, pairs and triples.
MIXTURES = ("", "L", "A", "E", "J", "EJ", "LA", "LE", "LJ", "AE", "AJ", "L", "A", "E", "J", "EJ", "L", "A", "E", "J", "EJ", "LEJ", "AEJ", "EJ")
REDUCED = ("EJ", "A", "L", "J")


# ------------------------------------------------------------------------------------------------------------------ material

@dataclass(frozen=True)
class Truth:
    """What a sample is made of; a strength of zero: not at work."""
    sigma: tuple              # S/m at each temperature
    localisation: float       # a [S/m/sqrt(T)]
    phase_field: tuple        # T
    alignment: float          # s
    moment: float             # k [K/T]
    anomaly: float            # c [S/m/T^2]
    mobility: tuple           # m^2/Vs
    hall: float               # eta

    @property
    def mechanisms(self):
        strengths = (self.localisation, self.alignment, self.anomaly, self.mobility[0])
        return frozenset(name for name, strength in zip(MECHANISMS, strengths) if strength > 0)


def draw_truth(letters, rng):
    """Strengths at random; each mechanism in `letters` changes some resistance by more than 10 %."""
    sigma = 10 ** rng.uniform(5.5, 6.5)
    warm = sigma * rng.uniform(0.85, 0.98)
    phase = TOP * rng.uniform(0.005, 0.03)
    mobility = rng.uniform(6, 8) / TOP if "J" in letters else 0.0
    return Truth(sigma=(sigma, warm),
                 localisation=sigma * rng.uniform(0.3, 0.45) / (0.605 * math.sqrt(TOP)) if "L" in letters else 0.0,
                 phase_field=(phase, phase * (TEMPERATURES[1] / TEMPERATURES[0]) ** rng.uniform(1.3, 2)),
                 alignment=rng.uniform(0.25, 0.6) if "A" in letters else 0.0,
                 moment=rng.uniform(3, 6) * TEMPERATURES[0] / TOP,
                 anomaly=sigma * rng.uniform(0.4, 2) / TOP**2 if "E" in letters else 0.0,
                 mobility=(mobility, mobility * rng.uniform(0.6, 0.9)),
                 hall=rng.uniform(0, 0.15) if "J" in letters else 0.0)


def langevin(x):
    return 1 / math.tanh(x) - 1 / x if x > 1e-3 else x / 3


def kawabata(x):
    """f3 by its sum; behind N terms of about m^(-5/2)/32, m = n + 1/2 + 1/x, the integral of that."""
    if x <= 0:
        return 0.0
    d, n = 1 / x, np.arange(4000)
    terms = 2 * (np.sqrt(n + 1 + d) - np.sqrt(n + d)) - 1 / np.sqrt(n + 0.5 + d)
    return float(terms.sum() + (4000 + d) ** -1.5 / 48)


def tensor(truth, field, t):
    """(parallel, perpendicular, hall) in S/m at the temperature number t."""
    aligned = langevin(truth.moment * field / TEMPERATURES[t])
    iso = truth.sigma[t] / (1 - truth.alignment * aligned**2)
    loc = truth.localisation * math.sqrt(field) * kawabata(field / truth.phase_field[t])
    turn = truth.mobility[t] * field
    return (iso + loc + truth.anomaly * field**2, iso / (1 + turn**2) + loc, truth.hall * iso * turn / (1 + turn**2))


# -------------------------------------------------------------------------------------------------------------- experiments

@dataclass(frozen=True)
class Experiment:
    name: str
    angles: tuple
    conductor: str            # YAML below `conductor:`, without the material
    measurements: tuple       # (name, kind, contacts of the voltage or none)


PLATE = "  shape: {kind: bar, dimension: 2, length: 4 mm, width: 1 mm, thickness: 0.05 mm}\n"


def experiments(rng, reduced):
    contact, distance = rng.uniform(0.03, 0.1), rng.uniform(1.6, 2.2)
    squeeze = PLATE + "  contacts:\n" + "".join(
        f"    - {{name: {name}, side: {side}, size: [0 mm, {contact:.4f} mm, 0 mm]}}\n" for name, side in (("source", "-x"), ("drain", "+x")))
    squeeze += "  probes:\n" + "".join(
        f"    - {{name: {name}, position: [{sign * distance / 2:.4f} mm, {y} mm, 0 mm]}}\n"
        for name, sign, y in (("s1", -1, 0), ("s2", 1, 0), ("e1", -1, 0.5), ("e2", 1, 0.5)))
    squeeze += "  mesh: {cells: 8, grading: 0.02, tolerance: 0.003}\n"
    full = PLATE + "  contacts: [{name: source, side: -x}, {name: drain, side: +x}]\n  mesh: {cells: 8, grading: 0.2, tolerance: 0.003}\n"
    disc = ("  shape: {kind: corbino, dimension: 2, inner_radius: 0.5 mm, outer_radius: 1 mm, thickness: 0.05 mm}\n"
            "  mesh: {cells: 6, grading: 1, tolerance: 0.002}\n")
    yield Experiment("squeeze", (0,), squeeze, (("spine", "spine", ("s1", "s2")), ("edge", "edge", ("e1", "e2"))))
    yield Experiment("full_face", (0, 90) if reduced else (0, 45, 90), full, (("bar", "two_terminal", ()),))
    yield Experiment("disc", (0,), disc, (("disc", "corbino", ()),))


def deck_text(experiment, fields, material=""):
    current = "[inner, outer]" if experiment.name == "disc" else "[source, drain]"
    lines = [f"title: {experiment.name}", f"field: {{magnitude: [{', '.join(f'{b:g}' for b in fields)}], angle: {list(experiment.angles)}}}",
             "engine: {kind: continuum}", "measurements:"]
    for name, kind, voltage in experiment.measurements:
        pair = f", voltage: [{', '.join(voltage)}]" if voltage else ""
        lines.append(f"  - {{name: {name}, kind: {kind}, current: {current}{pair}}}")
    return "\n".join(lines) + "\nconductor:\n" + material + experiment.conductor


def call(command):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        print(f"isolate.py: {' '.join(command)} ended with status {done.returncode}\n{done.stderr}", file=sys.stderr)
        sys.exit(2)
    return done.stdout


def simulate(program, experiment, truth, fields, folder):
    """{setup: resistance[temperature, field, angle]} in ohm, by one run: the engine knows no temperature, so that the table has the
    tensor of the second one at fields that are higher by SHIFT."""
    os.makedirs(folder, exist_ok=True)
    shifted = [field + t * SHIFT for t in range(len(TEMPERATURES)) for field in fields]
    with open(os.path.join(folder, "sigma.csv"), "w", encoding="utf-8") as file:
        for field in shifted:
            t = int(field >= SHIFT)
            file.write(",".join(f"{x:.12g}" for x in (field, *tensor(truth, field - t * SHIFT, t))) + "\n")
    deck = os.path.join(folder, "input.yaml")
    with open(deck, "w", encoding="utf-8") as file:
        file.write(deck_text(experiment, shifted, "  material: {kind: table, file: sigma.csv}\n"))
    call([*program, "run", deck, "--output", os.path.join(folder, "run")])
    with h5py.File(os.path.join(folder, "run", "results.h5"), "r") as file:
        current = file["continuum/conductance"][:, :, 0, 0, 1, 0]
        if not np.all(np.isfinite(current)):
            print(f"isolate.py: {folder}: a point failed", file=sys.stderr)
            sys.exit(2)
        probes = file["continuum/probe_potential"][:, :, 0, 0, :, 0] if "probe_potential" in file["continuum"] else None
    names = [probe for _, _, voltage in experiment.measurements for probe in voltage]
    found = {}
    for name, _, voltage in experiment.measurements:
        volts = probes[..., names.index(voltage[0])] - probes[..., names.index(voltage[1])] if voltage else 1.0
        found[name] = (volts / current).reshape(len(TEMPERATURES), len(fields), -1)
    return found


def measure(program, experiment, truth, rng, fields, folder):
    """A laboratory's folder: the geometry and noisy readings; nothing of the material."""
    noise = rng.uniform(0.005, 0.01)
    rows = []
    for name, values in simulate(program, experiment, truth, fields, os.path.join(folder, "simulated")).items():
        for (t, b, a), value in np.ndenumerate(values):
            error = noise * max(abs(value), 0.05 * abs(values[t, 0, 0]))      # an instrument's range is set once
            rows.append((name, f"{fields[b]:g}", experiment.angles[a], f"{TEMPERATURES[t]:g}",
                         f"{value + error * rng.standard_normal():.9g}", f"{error:.3g}"))
    with open(os.path.join(folder, "deck.yaml"), "w", encoding="utf-8") as file:
        file.write(deck_text(experiment, fields))
    with open(os.path.join(folder, "readings.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("setup", "field", "angle", "temperature", "value", "error"))
        writer.writerows(rows)


# ------------------------------------------------------------------------------------------------------------------ outcome

@dataclass(frozen=True)
class Outcome:
    number: int
    truth: Truth
    states: dict              # mechanism: present | absent | undecided
    coefficient: float        # of the anomaly, S/m/T^2
    error: float

    @property
    def found(self):
        return frozenset(name for name, state in self.states.items() if state == "present")

    @property
    def is_right(self):
        return self.found == self.truth.mechanisms

    @property
    def wrong(self):
        """Mechanisms called present or absent against the truth."""
        there = self.truth.mechanisms
        return sorted(name for name, state in self.states.items()
                      if (state == "present" and name not in there) or (state == "absent" and name in there))

    @property
    def deviation(self):
        """Of the coefficient, where there is an anomaly under jetting; NaN elsewhere."""
        both = {"anomaly", "jetting"} <= self.truth.mechanisms
        return self.coefficient / self.truth.anomaly - 1 if both else math.nan


def read_outcome(number, truth, path):
    with open(path, encoding="utf-8") as file:
        mechanisms = {m["mechanism"]: m for m in json.load(file)["mechanisms"]}
    strength = next((s for s in mechanisms["anomaly"]["strengths"] if s["unit"] == "S/m/T^2"), None)
    value, error = (strength["value"], strength["error"]) if strength and strength["determined"] else (math.nan, math.nan)
    return Outcome(number, truth, {name: m["state"] for name, m in mechanisms.items()}, value, error if error is not None else math.nan)


def one_sample(arguments, number, letters):
    rng = np.random.default_rng([arguments.seed, number])
    truth = draw_truth(letters, rng)
    program = [*shlex.split(arguments.launcher), arguments.edotb]
    folder = os.path.join(arguments.output, f"sample_{number}")
    fields = FEWER_FIELDS if arguments.smoke else FIELDS
    laboratory = []
    for experiment in experiments(rng, arguments.smoke):
        laboratory.append(os.path.join(folder, experiment.name))
        measure(program, experiment, truth, rng, fields, laboratory[-1])
    verdict = os.path.join(folder, "verdict")
    call([*program, "analyse", *laboratory, "--output", verdict])
    outcome = read_outcome(number, truth, os.path.join(verdict, "verdict.json"))
    print(f"sample {number}: {'right' if outcome.is_right else 'NOT RIGHT'}", file=sys.stderr, flush=True)
    return outcome


def letters_of(mechanisms):
    return "".join(LETTERS[name] for name in MECHANISMS if name in mechanisms) or "none"


def print_outcomes(outcomes):
    print(f"{'sample':>6}  {'truth':<6}{'present':<9}{'undecided':<11}{'c true':>11}{'c found':>11}{'error':>10}{'off':>8}   (c in S/m/T^2)")
    for o in outcomes:
        open_ones = [name for name, state in o.states.items() if state == "undecided"]
        coefficients = f"{o.truth.anomaly:>11.4g}{o.coefficient:>11.4g}{o.error:>10.2g}{100 * (o.coefficient / o.truth.anomaly - 1):>+7.1f}%" \
            if "anomaly" in o.truth.mechanisms else ""
        print(f"{o.number:>6}  {letters_of(o.truth.mechanisms):<6}{letters_of(o.found):<9}{letters_of(open_ones) if open_ones else '':<11}"
              f"{coefficients}{'' if o.is_right else '   NOT RIGHT'}")
    print("\nconfusion (rows: the truth; columns: the verdict, in samples)")
    print(f"{'':<28}{'present':>9}{'undecided':>11}{'absent':>8}")
    for name in MECHANISMS:
        for there in (True, False):
            states = [o.states[name] for o in outcomes if (name in o.truth.mechanisms) == there]
            print(f"{name:<19}{'there' if there else 'not there':<9}" + "".join(
                f"{states.count(state):>{width}}" for state, width in (("present", 9), ("undecided", 11), ("absent", 8))))
    n_right = sum(o.is_right for o in outcomes)
    print(f"\nright: {n_right} of {len(outcomes)}; L weak localisation, A alignment of spins, E chiral anomaly, J current jetting")


def complaints(outcomes):
    """What is not as claimed, one line each."""
    found = []
    n_right = sum(o.is_right for o in outcomes)
    if n_right < SHARE_RIGHT * len(outcomes):
        found.append(f"only {n_right} of {len(outcomes)} samples are right")
    for o in outcomes:
        found += [f"sample {o.number}: {name} is confidently wrong" for name in o.wrong]
        off = abs(o.deviation)
        if not math.isnan(off) and "anomaly" in o.found and off > MOST_DEVIATION:
            found.append(f"sample {o.number}: the anomaly coefficient is off by {100 * o.deviation:+.1f} %")
    return found


def parse_arguments(words=None):
    parser = argparse.ArgumentParser(description="Blind test of the verdict on synthetic samples.")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--quick", action="store_true", help="24 samples (default)")
    mode.add_argument("--smoke", action="store_true", help="4 samples, fewer fields and angles")
    mode.add_argument("--full", action="store_true", help="96 samples")
    parser.add_argument("--samples", type=int, help="only the first N")
    parser.add_argument("--edotb", default=os.path.join(ROOT, "build", "edotb"), help="the program (default: build/edotb)")
    parser.add_argument("--ranks", type=int, default=min(os.cpu_count() or 1, 8), help="samples at a time (default: cores, at most 8)")
    parser.add_argument("--launcher", default="", help='what starts the program, such as "srun -n 1" (default: nothing)')
    parser.add_argument("--seed", type=int, default=1, help="of the random strengths and the noise (default: 1)")
    parser.add_argument("--output", default=os.path.join(ROOT, "build", "reproduce", "isolate"), help="folder of the runs")
    return parser.parse_args(words)


def main():
    arguments = parse_arguments()
    mixtures = REDUCED if arguments.smoke else MIXTURES * (4 if arguments.full else 1)
    mixtures = mixtures[:arguments.samples]
    with ThreadPoolExecutor(arguments.ranks) as pool:
        outcomes = list(pool.map(lambda item: one_sample(arguments, *item), enumerate(mixtures)))
    print_outcomes(outcomes)
    wrong = complaints(outcomes)
    print("\n".join(f"DISAGREES: {line}" for line in wrong) or "as claimed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
