"""The part of a report that shows one run of the continuum engine: the sample, the current's path, quality. What it measured is in the
part of the analysis."""
import functools
import glob
import os
import re
from dataclasses import dataclass

import edotb_results as er
import plot
from draw_conductor import Conductor, figure_of
from page_parts import QUALITY_NUMBERS, definitions, figure, items, paragraph, section, table

np = er.np
yaml = er.require("yaml", "python3-yaml")
MOST_MAPS = 3


@dataclass
class ConductorRun:
    path: str
    field: np.ndarray
    angle: np.ndarray
    conductance: np.ndarray      # (F, A, to, from)
    conductance_error: np.ndarray
    contacts: list
    unit: str
    current_error: np.ndarray    # relative
    unknowns: np.ndarray
    seconds: np.ndarray
    status: np.ndarray
    field_unit: str
    attributes: dict

    @property
    def title(self):
        return " ".join(self.attributes["title"].split()) or os.path.basename(self.path)


def is_conductor(path):
    """Whether a results file is one of the continuum engine."""
    path = os.path.join(path, "results.h5") if os.path.isdir(path) else path
    try:
        with er.h5py.File(path, "r") as file:
            return "continuum" in file
    except OSError:
        return False


def read(path):
    path = os.path.join(path, "results.h5") if os.path.isdir(path) else path
    with er.h5py.File(path, "r") as file:
        er._check_format(file, path)
        group = file["continuum"]
        conductance, error, current_error, unknowns = (group[name][:, :, 0, 0] for name in (
            "conductance", "conductance_error", "current_error", "unknowns"))
        status = er.checked_status(file, path, file["status"].shape)[:, :, 0, 0]
        for values in (conductance, error, current_error):
            values[status == er.DAMAGED] = np.nan
        return ConductorRun(path, file["field"][...], file["angle"][...], conductance, error, er._text(file.attrs["contacts"]).split("\n"),
                            er._text(group["conductance"].attrs["units"]), current_error, unknowns, file["seconds"][:, :, 0, 0],
                            status, er._text(file["field"].attrs["units"]), er._attributes(file))


def maps(run):
    """(path, field, angle) of what `conductor.fields: vtk` wrote: the first, a middle and the last field at the first angle."""
    found = {}
    for path in glob.glob(os.path.join(os.path.dirname(run.path), "field_*_angle_*.vtu")):
        numbers = re.fullmatch(r"field_(\d+)_angle_(\d+)\.vtu", os.path.basename(path))
        if numbers:
            found[tuple(map(int, numbers.groups()))] = path
    lowest = min((a for _, a in found), default=0)
    chosen = sorted(key for key in found if key[1] == lowest)
    return [(found[chosen[i]], *chosen[i]) for i in er.thin(len(chosen), MOST_MAPS)] if chosen else []


def current_map(run):
    """The drawing of the current's path, or None."""
    files = maps(run)
    if not files:
        return None
    conductors = [Conductor(path, 0) for path, _, _ in files]
    titles = [f"B = {er.field_text(run, f)}, {er.angle_text(run, a)} to the current" for _, f, a in files]
    shares = [f"{title}: {100 * narrowness(c):.0f} % of the current through the middle runs in the middle third of the width (exact for this map)"
              for c, title in zip(conductors, titles)]
    caption = ("Streamlines of the current, thicker where it is denser, over the potential with 1 V on the first contact; contacts are marked. "
               + ". ".join(shares) + ".")
    return plot.Drawing("currents", "Current density", caption, f"Maps of the current's path. {'. '.join(shares)}.",
                        functools.partial(map_figure, conductors, titles))


def narrowness(conductor):
    """Share of the current through the middle cross-section that flows in the middle third of it."""
    corners = conductor.points[conductor.triangles]
    x, y = corners[..., 0], corners[..., 1]
    low, high = conductor.points.min(axis=0), conductor.points.max(axis=0)
    middle = 0.5 * (low[0] + high[0])
    met = (x.min(axis=1) <= middle) & (x.max(axis=1) > middle)
    # Each triangle meets the line x = middle on a segment; its length weighs the triangle's current.
    total = inner = 0.0
    third = (low[1] + (high[1] - low[1]) / 3, high[1] - (high[1] - low[1]) / 3)
    for px, py, j in zip(x[met], y[met], conductor.current[met, 0]):
        ends = [py[a] + (middle - px[a]) / (px[b] - px[a]) * (py[b] - py[a]) for a, b in ((0, 1), (1, 2), (2, 0))
                if (px[a] <= middle) != (px[b] <= middle)]
        if len(ends) == 2:
            bottom, top = sorted(ends)
            total += j * (top - bottom)
            inner += j * max(0.0, min(top, third[1]) - max(bottom, third[0]))
    return inner / total


def map_figure(conductors, titles, layout):
    return figure_of(conductors, titles, 0, 4.1 if layout == "narrow" else 7.0)


def conductance_rows(run):
    """Currents from the first contact into each other one, per volt."""
    rows = []
    for f, a in np.ndindex(run.conductance.shape[:2]):
        for to, name in list(enumerate(run.contacts))[1:]:
            value, error = run.conductance[f, a, to, 0], run.conductance_error[f, a, to, 0]
            rows.append([f"{er.field_text(run, f)} (exact)", f"{er.angle_text(run, a)} (exact)", f"{run.contacts[0]} to {name}",
                         f"{value:.6g} ± {error:.1g} {run.unit if run.unit != '1' else ''}".strip().replace("-", er.MINUS)])
    return rows


def material_words(run):
    """'a bar of a drude material; ' of the deck."""
    conductor = (yaml.safe_load(run.attributes["expanded_deck"] or "{}") or {}).get("conductor", {})
    shape, material = conductor.get("shape", {}).get("kind"), conductor.get("material", {}).get("kind")
    return f"a {shape} of the material {material}; " if shape and material else ""


def run_parts(run, level, computed, provenance):
    """`computed` and `provenance`: parts that every run has."""
    drawing = current_map(run)
    shown = figure(drawing) if drawing else items(["Current density: the run wrote no fields; run it with --set conductor.fields=vtk."])
    solved = int(np.isin(run.status, (er.SOLVED, er.RE_SOLVED)).sum())
    quality = definitions([("Points", run.status.size), ("Solved", solved), ("Damaged", int((run.status == er.DAMAGED).sum())),
                           ("Largest relative error of a current", f"{np.nanmax(run.current_error):.1e}"),
                           ("Most unknowns", int(run.unknowns.max())), ("Solver time, all points", f"{np.nansum(run.seconds):.4g} s")], QUALITY_NUMBERS)
    numbers = table("Conductance between contacts (1)" if run.unit == "1" else "Conductance between contacts", ["Field", "Angle", "Contacts", "G"],
                    conductance_rows(run))
    text = (f"This run solved the conduction of electrons in a continuous conductor with {er.plural(len(run.contacts), 'contact')}: "
            f"{material_words(run)}{er.plural(len(run.field), 'field')} ({er.span(run, run.field, er.field_text)}) and "
            f"{er.plural(len(run.angle), 'angle')} ({er.span(run, run.angle, er.angle_text)}), exact.")
    return "\n".join([section(level, "What was computed", paragraph(text), computed), section(level, "Figures", shown),
                      section(level, "Numbers", numbers), section(level, "Numerical quality", quality), provenance])
