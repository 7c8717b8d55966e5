#!/usr/bin/python3
"""Writes one self-contained HTML page about one or more edotb runs: what was computed, what is seen, figures, numbers, quality, provenance.

    report.py DIR_OR_RESULTS [...] [--output report.html]        default: report.html beside the first results file

A folder may hold what `edotb analyse` wrote, verdict.json and analysis.h5, beside or instead of results.h5; these then stand first. Runs of
both engines are shown.

The sentences are computed from the numbers: means, standard errors s / sqrt(n) and paired differences D_r = G_r(B) - G_r(B0) as in
edotb_results.py. A change is called significant when it is more than 2 standard errors from zero, widened for few realisations
(Student's t at 95.45 %). No sentence names a cause. Every text that comes from the results file is HTML-escaped.
"""
import argparse
import hashlib
import os
import sys

import analysis_results
import current_drawing
import edotb_results as er
import plot
import report_analysis
import report_conductor
import report_verdict
from page_parts import QUALITY_NUMBERS, definitions, details, document, esc, figure, items, paragraph, scroll, section, table

np = er.np
yaml = er.require("yaml", "python3-yaml")

MOST_ENERGIES, MOST_ANGLES, LONG_TABLE = 6, 13, 12
DECK_NUMBERS = "Numbers of the deck, exact, in its units; lengths without a unit count cells, and other numbers without one are plain (1)."
NOT_A_VERDICT = ("The sign or the size of a change is not a verdict on its cause: the chiral anomaly, quantum interference, aligning spins "
                 "and current jetting can each raise or lower a conductance.")


# -------------------------------------------------------------------------------------------------------------- what was computed

def expanded_deck(results):
    try:
        deck = yaml.safe_load(results.attributes["expanded_deck"] or results.attributes["deck"])
    except yaml.YAMLError:
        deck = None
    return deck if isinstance(deck, dict) else {}


def part(deck, key):
    return deck[key] if isinstance(deck.get(key), dict) else {}


def sample_words(deck):
    sample = part(deck, "sample")
    model, shape = part(sample, "model"), part(sample, "shape")
    if sample.get("system_file"):
        return f"a ready-made system ({sample['system_file']})"
    size = " × ".join(f"{key} {shape[key]}" for key in ("length", "width", "thickness") if key in shape)
    axis = f", current along {shape['axis']}" if "axis" in shape else ""
    return f"a {shape.get('kind', 'sample')} of the model {model.get('name', 'not named')}" + (f" ({size}{axis})" if size or axis else "")


def parameters(deck, units):
    """(name, text) of what the deck says beyond the sweeps, which are told from the axes of the results."""
    sample, field = part(deck, "sample"), part(deck, "field")
    skipped = ("title", "sample", "field", "energy", "ensemble", "output", "units", "conductor", "measurements")
    pairs = [*sample.items(), *((f"field {key}", value) for key, value in field.items() if key not in ("magnitude", "angle")),
             *((key, value) for key, value in deck.items() if key not in skipped)]
    names = {"lattice": "lattice: a = t = 1, field as flux per plaquette in radians", "physical": "physical: eV, nm, T"}
    return [(str(key).replace("_", " ").capitalize(), er.deck_text(value)) for key, value in pairs if value not in (None, "")] + [
        ("Units", names.get(units, "not recorded"))]


def computed(results, level):
    deck = expanded_deck(results)
    seed = results.attributes["seed"]
    sweep = [f"{er.plural(len(results.field), 'field')} ({er.span(results, results.field, er.field_text)})",
             f"{er.plural(len(results.angle), 'angle')} between field and current ({er.span(results, results.angle, er.angle_text)})",
             f"{er.plural(len(results.energy), 'energy')} ({er.span(results, results.energy, er.energy_text)})",
             f"{results.realisations_text} of the sample" + ("" if seed is None else f" (seed {seed})")]
    sweep = sweep if results.attributes["axis"] else sweep[2:3]
    text = (f"This run solved the quantum scattering problem of {sample_words(deck)} with {er.plural(results.leads, 'lead')}: "
            f"{', '.join(sweep)}; {er.plural(results.status.size - results.not_needed, 'point')} in all, "
            f"exact. {er.left_out_text(results)}")
    return section(level, "What was computed", paragraph(text), definitions(parameters(deck, results.attributes["units"]), DECK_NUMBERS))


# ------------------------------------------------------------------------------------------------------------------ what is seen

def field_sentences(results, e):
    ends, angles = [results.reference_field, results.highest_field], er.thin(len(results.angle), MOST_ANGLES)
    changes = [er.paired_change(*results.conductance[ends, a, e], results.rounding) for a in angles]
    told = [f"At {er.angle_text(results, a)} the conductance {er.change_words(change)}.{er.peak_words(results, a, e)}"
            for a, change in zip(angles, changes)]
    return told + [f"The open modes of the source lead {er.modes_words(results, angles, e)}; counts, exact."]


def angle_sentence(results, e):
    """Compares the angle nearest to the current with the one nearest to 90 degrees, at the highest field."""
    along, across = int(np.argmin(np.abs(results.angle))), int(np.argmin(np.abs(results.angle - 90)))
    along, across = (along, across) if along != across else (0, len(results.angle) - 1)
    change = er.paired_change(*results.conductance[results.highest_field, [across, along], e], results.rounding)
    return (f"At B = {er.field_text(results, results.highest_field)}, from {er.angle_text(results, across)} to "
            f"{er.angle_text(results, along)} the conductance {er.change_words(change)}.")


def energy_sentence(results):
    mean, error, _ = (values[0, 0] for values in er.mean_and_error(results.conductance))
    if not np.isfinite(mean).any():
        return "No point was solved."
    low, high = int(np.nanargmin(mean)), int(np.nanargmax(mean))
    def at(e):
        return f"{er.with_error(mean[e], error[e])} e²/h at {er.energy_text(results, e)}"
    return f"The conductance is {at(0)}." if len(mean) == 1 else f"The conductance lies between {at(low)} and {at(high)}."


def lead_sentences(results):
    mean, error, _ = er.mean_and_error(np.moveaxis(results.transmission[0, 0], 1, -1))          # (E, P, P)
    tail = " channels (exact)" if len(results.realisation) == 1 else " channels"

    def told(value, its_error):
        return (er.number(value) if len(results.realisation) == 1 else er.with_error(value, its_error)) + tail
    between = np.where(np.eye(results.leads, dtype=bool), np.nan, mean)
    if not np.isfinite(between).any():
        return ["No transmission between two leads was computed."]
    e, p, q = np.unravel_index(np.nanargmax(between), between.shape)
    unequal = np.abs(mean - np.swapaxes(mean, 1, 2))
    i, j, k = np.unravel_index(np.nanargmax(unequal), unequal.shape)
    there_and_back = f"The largest difference between the two directions of a pair is {told(unequal[i, j, k], np.hypot(error[i, j, k], error[i, k, j]))}"
    largest = f"The largest transmission between two leads is {told(mean[e, p, q], error[e, p, q])}"
    return [f"{largest}, from lead {q} to lead {p} at energy {er.energy_text(results, e)}.",
            f"{there_and_back} (leads {k} and {j} at energy {er.energy_text(results, i)})."]


def seen(results, level):
    count = results.needed[0]
    if not results.is_bar:
        return section(level, "What is seen", items(lead_sentences(results)))
    if count > 1:
        limit = f"{er.significance_threshold(count):.2f} standard errors for {count} pairs"
        how = (f"Numbers are means ± standard errors over the realisations. A change compares each realisation with itself (a pair). It "
               f"is called significant beyond {limit}, which is 2 standard errors widened for few pairs (Student's t at 95.45 %); "
               f"about one in twenty unchanged numbers would still pass.")
    else:
        how = ("There is one realisation, so no number has an error bar; if the sample is disordered, how far another realisation would "
               "differ is not known.")
    energies = er.thin(len(results.energy), MOST_ENERGIES)
    ends = er.number(results.field[results.reference_field]), er.field_text(results, results.highest_field)
    told = [] if len(results.field) == 1 else [paragraph(f"From B = {ends[0]} to B = {ends[1]} (exact):")]
    for e in energies if len(results.field) > 1 or len(results.angle) > 1 else []:
        sentences = field_sentences(results, e) if len(results.field) > 1 else []
        sentences += [angle_sentence(results, e)] if len(results.angle) > 1 else []
        told += [f"<h{level + 1}>Energy {esc(er.energy_text(results, e))}</h{level + 1}>", items(sentences)]
    told = told or [paragraph(energy_sentence(results))]
    return section(level, "What is seen", f'<div class="seen">{"".join(told)}</div>', paragraph(how, "faint"),
                   paragraph(NOT_A_VERDICT), fewer_words(energies, results.energy, "energies"),
                   fewer_words(er.thin(len(results.angle), MOST_ANGLES), results.angle, "angles"))


def fewer_words(told, axis, nouns):
    return paragraph(f"Told for {len(told)} of the {len(axis)} {nouns}; all are in the tables.", "faint") if len(told) < len(axis) else ""


# --------------------------------------------------------------------------------------------------------- numbers and quality

def angle_heads(results):
    return [er.angle_text(results, a) for a in range(len(results.angle))]


def statistics_table(results, caption, statistics, rows):
    """`statistics`: (mean, error, count), each (rows, A); `rows`: title and row labels."""
    total = len(results.realisation)

    def cell(mean, error, count):
        lacking = ", no error" if count == 1 < total else ""
        if mean == error == 0:
            return "0 (exact)"
        return er.with_error(mean, error) + (f" ({count}{lacking})" if 0 < count < total else "")
    lines = [[label] + [cell(*values) for values in zip(*line)] for label, *line in zip(rows[1:], *statistics)]
    return table(f"{caption}; {'one standard error' if total > 1 else 'one realisation, exact'}", rows[:1] + angle_heads(results), lines)


def tables_of_energy(results, e):
    fields = [f"B ({er.field_unit(results)}), exact"] + [er.number(value) for value in results.field]
    at = f"at energy {er.energy_text(results, e)}"
    conductance = [values[:, :, e] for values in er.mean_and_error(results.conductance)]
    change = [values[:, :, e] for values in er.paired_changes(results.conductance, results.reference_field)]
    modes = [[fields[1 + f]] + [er.number(value) for value in line] for f, line in enumerate(er.source_modes(results)[:, :, e])]
    parts = [statistics_table(results, f"G (e²/h) {at}", conductance, fields)]
    if len(results.field) > 1:
        reference = er.field_text(results, results.reference_field)
        parts.append(statistics_table(results, f"Paired change of G from B = {reference} (e²/h) {at}", change, fields))
    return parts + [table(f"Open modes of the source lead (channels, exact) {at}", fields[:1] + angle_heads(results), modes)]


def numbers_two_leads(results):
    energies = range(len(results.energy))
    if len(results.field) == 1:
        labels = [f"E ({results.energy_unit}), exact"] + [er.number(value) for value in results.energy]
        statistics = [values[0].T for values in er.mean_and_error(results.conductance)]
        return [statistics_table(results, f"G (e²/h) at B = {er.field_text(results, 0)}", statistics, labels)]
    rest = [details(f"Energy {er.energy_text(results, e)}", *tables_of_energy(results, e)) for e in energies[1:]]
    return tables_of_energy(results, 0) + rest


def numbers(results, level):
    if results.is_bar:
        note = paragraph("In brackets: of how many realisations, where some failed or were not computed, or were not needed for the "
                         "error that the deck asks for.", "faint")
        return section(level, "Numbers", note if results.left_out or results.not_needed else "", *numbers_two_leads(results))
    mean, error, _ = er.mean_and_error(np.moveaxis(results.transmission[0, 0], 1, -1))
    pairs = list(np.ndindex(mean.shape[1:]))
    is_one = len(results.realisation) == 1
    rows = [[er.number(energy)] + [f"{mean[e][pair]:.6f}" if is_one else er.with_error(mean[e][pair], error[e][pair]) for pair in pairs]
            for e, energy in enumerate(results.energy)]
    head = [f"E ({results.energy_unit}), exact"] + [f"{q} to {p}" for p, q in pairs]
    caption = "Transmission from lead to lead (channels); from a lead to itself: reflection; "
    return section(level, "Numbers", table(caption + ("one system, exact" if is_one else "one standard error"), head, rows))


def flux(results, level):
    axis = results.attributes["axis"]
    if axis not in ("x", "y", "z") or not np.isfinite(results.flux).all():
        return ""
    normals = [f"{name} ({letter})" for name, letter in zip(("current", "width", "thickness"), "xyzxy"["xyz".index(axis):])]
    head = [f"B ({er.field_unit(results)})", "Angle", *normals]
    rows = [[er.number(results.field[f]), er.angle_text(results, a)] + [er.number(value, 4) for value in results.flux[f, a].round(12)]
            for f, a in np.ndindex(results.flux.shape[:2])]
    largest = float(np.abs(results.flux).max())
    words = (f"The largest flux through a plaquette is {er.number(largest, 4)} rad, {er.number(largest / (2 * np.pi), 3)} of a flux "
             f"quantum (exact). A lattice stands for a continuous sample only while these fluxes stay far below 1 rad.")
    shown = table("Flux (rad, exact) through a plaquette whose normal is along the", head, rows)
    shown = shown if len(rows) <= LONG_TABLE else details(f"All {len(rows)} rows", shown)
    return section(level, "Flux per plaquette used", paragraph(words), shown)


def quality(results, level):
    spread = er.zero_field_spread(results)
    worst = np.nanmax(results.unitarity_error) if results.usable.any() else np.nan
    pairs = [("Points", results.status.size - results.not_needed), ("Solved", results.count(er.SOLVED)),
             ("Solved again by a second path", results.count(er.RE_SOLVED)), ("Failed", results.count(er.FAILED)),
             ("Not computed", results.count(er.NOT_COMPUTED) - results.not_needed), ("Damaged", results.count(er.DAMAGED)), ("Largest unitarity error", f"{worst:.1e}"),
             ("Largest deviation of a transmission sum from the open modes", f"{er.sum_rule_error(results):.1e}"),
             ("Solver time, all points", f"{np.nansum(results.seconds):.4g} s")]
    pairs += [] if spread is None else [("Largest difference of G between angles at zero field (must vanish)", f"{spread:.1e} e²/h")]
    return section(level, "Numerical quality", definitions(pairs, QUALITY_NUMBERS))


def provenance(results, level):
    names = {"version": "edotb version", "git_hash": "Git hash", "ranks": "MPI ranks", "host": "Host", "start": "Start", "end": "End"}
    pairs = [(text, results.attributes[name] if results.attributes[name] not in ("", None) else "not recorded")
             for name, text in names.items()]
    pairs += [(f"Library {name}", version) for name, version in er.library_versions(results).items()]
    with open(results.path, "rb") as file:
        pairs += [("Results file", os.path.basename(results.path)), ("SHA-256", hashlib.sha256(file.read()).hexdigest())]
    deck = f"<pre>{esc(results.attributes['deck'])}</pre>"
    return section(level, "Provenance", definitions(pairs, "Versions, counts and times as they were recorded, exact."), details("The exact deck", scroll("The exact deck", deck)))


# -------------------------------------------------------------------------------------------------------------------- the page

def current_part(results):
    """The map of the current density, or why there is none."""
    try:
        return figure(current_drawing.drawing(results))
    except er.ResultsError:
        return items(["Current density: the run kept no currents of sites; run it with output.observables: [currents]."])


def run_parts(results, level):
    if isinstance(results, report_conductor.ConductorRun):
        pairs = definitions(parameters(expanded_deck(results), results.attributes["units"]), DECK_NUMBERS)
        return report_conductor.run_parts(results, level, pairs, provenance(results, level))
    figures = section(level, "Figures", *(figure(drawing) for drawing in plot.drawings(results)), current_part(results))
    return "\n".join([computed(results, level), seen(results, level), figures, numbers(results, level), flux(results, level),
                      quality(results, level), provenance(results, level)])


def comparison(runs):
    """One row per run, energy and angle with the change between the lowest and the highest field."""
    rows = []
    for number, results in enumerate(runs, 1):
        if isinstance(results, report_conductor.ConductorRun):
            continue
        ends = [results.reference_field, results.highest_field]
        for e, a in np.ndindex(len(results.energy), len(results.angle)) if results.is_bar and len(results.field) > 1 else ():
            change = er.paired_change(*results.conductance[ends, a, e], results.rounding)
            told = er.with_error(change.value, change.error, sign=True) + (" (no error)" if change.count == 1 else "")
            rows.append([f"run {number}", f"{er.energy_text(results, e)} (exact)", f"{er.angle_text(results, a)} (exact)",
                         f"{er.field_text(results, ends[1])} (exact)", told,
                         "yes" if change.significant else "no" if change.count > 1 else "no error bar"])
    head = ["Run", "Energy", "Angle", "Highest B", "Change of G (e²/h)", "Significant"]
    return section(2, "The runs side by side", table("Paired change of G from the lowest to the highest field", head, rows)) if rows else ""


def page(runs, verdicts=(), analyses=()):
    title = runs[0].title if len(runs) == 1 else f"{len(runs)} edotb runs" if runs else "Verdict" if verdicts else "Analysis"
    if not runs:
        body = ""
    elif len(runs) == 1:
        body = run_parts(runs[0], 2)
    else:
        links = "".join(f'<li><a href="#run-{i}">{esc(results.title)}</a></li>' for i, results in enumerate(runs, 1))
        parts = [f'<article id="run-{i}"><h2>{i}. {esc(results.title)}</h2>{run_parts(results, 3)}</article>'
                 for i, results in enumerate(runs, 1)]
        body = f'<nav aria-label="Runs"><ol>{links}</ol></nav>\n' + comparison(runs) + "\n".join(parts)
    parts = [report_verdict.verdict_part(verdict, 2) for verdict in verdicts]
    parts += [report_analysis.analysis_part(analysis, 2) for analysis in analyses]
    return document(title, "\n".join(parts) + body)


def is_verdict_alone(path):
    """A folder that `edotb analyse` wrote and no run."""
    def has(name):
        return os.path.exists(os.path.join(path, name))
    return (has("verdict.json") or has(analysis_results.FILE)) and not has("results.h5")


def read_run(path):
    return report_conductor.read(path) if report_conductor.is_conductor(path) else er.read(path)


def main():
    parser = argparse.ArgumentParser(description="Writes one self-contained HTML page about one or more edotb runs.")
    parser.add_argument("runs", nargs="+", help="results files, or folders that hold results.h5")
    parser.add_argument("--output", help="the page (default: report.html beside the first results file)")
    arguments = parser.parse_args()
    try:
        verdicts = [verdict for verdict in map(report_verdict.read, filter(os.path.isdir, arguments.runs)) if verdict]
        analyses = [analysis for analysis in map(analysis_results.read, filter(os.path.isdir, arguments.runs)) if analysis]
        runs = [read_run(path) for path in arguments.runs if not is_verdict_alone(path)]
    except (er.ResultsError, report_verdict.VerdictError) as error:
        sys.exit(f"report.py: {error}")
    folder = os.path.dirname(runs[0].path) if runs else arguments.runs[0]
    path = arguments.output or os.path.join(folder, "report.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write(page(runs, verdicts, analyses))
    print(path)


if __name__ == "__main__":
    main()
