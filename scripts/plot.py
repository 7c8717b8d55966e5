#!/usr/bin/python3
"""Draws the figures of one edotb run.

    plot.py results.h5 [--output DIR] [--format png|svg]        default DIR: `figures` beside the results file
    plot.py results.h5 --currents [--lead Q] [--plane z=0] [--over strength|density]         or --format vtu, for ParaView

conductance_field     G(B), one line per angle, one panel per energy, with the open modes of the source lead below
magnetoconductance    G(B) - G(0), paired within each realisation; only when field 0 is in the sweep
conductance_angle     G(theta) on a wedge that spans the computed angles, and on straight axes; one line per field
conductance_energy    G(E), one line per field, one panel per angle, with the open modes below
transmission_energy   T_pq(E) for every pair of leads, one panel per source lead q (ready-made systems, and more than two leads)
transmission_matrix   T_pq as a table of colours (the same with a single energy)

A file of `edotb bands --output` gives one figure; plot_bands.py has the kinds.

Means, standard errors (s / sqrt(n) over realisations) and paired differences are those of edotb_results.py. Points that failed or were
not computed are left out, and the caption says how many.
"""
import argparse
import functools
import os
import sys
import textwrap
from collections import namedtuple
from dataclasses import dataclass
from typing import Callable

import edotb_results as er
import plot_bands

np = er.np
matplotlib = er.require("matplotlib", "python3-matplotlib")
matplotlib.use("Agg")
from matplotlib import cm, colors                  # noqa: E402  (after the check that matplotlib is there)
from matplotlib.figure import Figure               # noqa: E402
from matplotlib.ticker import MaxNLocator          # noqa: E402

# Okabe and Ito's colours, told apart with every common colour vision; yellow is left out because it fades on white.
# A longer row of values runs along viridis, less its palest end.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
SCALE = colors.ListedColormap(matplotlib.colormaps["viridis"](np.linspace(0, 0.88, 64)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
STYLE = {"font.size": 9.5, "axes.titlesize": 9.5, "axes.labelsize": 9.5, "legend.fontsize": 9, "legend.title_fontsize": 9,
         "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": "#e3e3e3", "grid.linewidth": 0.6,
         "axes.axisbelow": True, "axes.edgecolor": "#555555", "axes.titlelocation": "left", "svg.hashsalt": "edotb",
         "figure.constrained_layout.use": True, "savefig.facecolor": "white", "axes.formatter.useoffset": False}
FAINT = "#555555"
DPI = 200
MOST_PANELS, MOST_WEDGES, MOST_BARS = 6, 3, 15
CONDUCTANCE = "Conductance $G$ ($e^2/h$)"


@dataclass
class Drawing:
    """A figure that can be drawn in two layouts: 'wide' (desktop, paper) and 'narrow' (one column, for a phone)."""
    name: str
    title: str
    caption: str
    alt: str
    draw: Callable          # layout -> matplotlib Figure


Curve = namedtuple("Curve", "x mean error")
Panel = namedtuple("Panel", "heading curves companion")      # companion: curves of the thin panel below, or empty
Axes = namedtuple("Axes", "xlabel ylabel zero_line share_y", defaults=(False, False))      # what all panels of a figure share


@dataclass
class Key:
    """What tells the curves apart: as many values as curves, with a label each."""
    title: str
    values: list
    labels: list

    @property
    def uses_scale(self):
        """Too many curves for a legend: colours run along a scale."""
        return len(self.values) > len(PALETTE)

    @property
    def scale(self):
        return cm.ScalarMappable(colors.Normalize(min(self.values), max(self.values)), SCALE)

    def style(self, index):
        if self.uses_scale:
            return {"color": self.scale.to_rgba(self.values[index]), "marker": "o", "markersize": 2.5}
        return {"color": PALETTE[index], "marker": MARKERS[index], "markersize": 4.5}


# ------------------------------------------------------------------------------------------------------- pieces of a figure

def draw_curve(ax, curve, style, label=None):
    ax.plot(curve.x, curve.mean, linewidth=1.4, label=label, **style)
    if not np.isfinite(curve.error).any():
        return
    if len(curve.x) > MOST_BARS:
        ax.fill_between(curve.x, curve.mean - curve.error, curve.mean + curve.error, color=style["color"], alpha=0.2, linewidth=0)
    else:
        ax.errorbar(curve.x, curve.mean, curve.error, fmt="none", ecolor=style["color"], elinewidth=1.1, capsize=2.5)


def draw_curves(ax, curves, key):
    for i, curve in enumerate(curves):
        draw_curve(ax, curve, key.style(i), key.labels[i])
    if not any(np.isfinite(curve.mean).any() for curve in curves):
        ax.text(0.5, 0.5, "no usable point", transform=ax.transAxes, ha="center", va="center", color="#555555")


def draw_modes(ax, curves, key, xlabel):
    """Lines that coincide stay visible: each is drawn thinner than the one before."""
    for i, curve in enumerate(curves):
        width = 1 + 2 * (len(curves) - 1 - i) / max(len(curves) - 1, 3)
        ax.plot(curve.x, curve.mean, color=key.style(i)["color"], linewidth=width, marker="o", markersize=width + 1)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    ax.margins(y=0.25)
    ax.set(xlabel=xlabel, ylabel="Open modes")


def draw_key(ax, key, columns):
    ax.set_axis_off()
    if key.uses_scale:
        bar = ax.figure.colorbar(key.scale, cax=ax.inset_axes([0, 0.75, min(1, 0.35 * columns), 0.2]), orientation="horizontal")
        bar.set_label(key.title)
        bar.outline.set_visible(False)
    else:
        handles = [matplotlib.lines.Line2D([], [], linewidth=1.4, **key.style(i)) for i in range(len(key.values))]
        ax.legend(handles, key.labels, title=key.title, loc="center left", ncol=columns, frameon=False, borderaxespad=0,
                  alignment="left", columnspacing=1.4, handlelength=2)


def key_height(key, columns):
    return 0.75 if key.uses_scale else 0.3 + 0.2 * -(-len(key.values) // columns)


def finish(figure, results, caption):
    inches = figure.get_figwidth()      # about 10 letters of the title and 15 of the caption to the inch
    figure.suptitle(textwrap.fill(results.title, int(10 * inches)), x=0.01, ha="left", fontsize=11, fontweight="bold", parse_math=False)
    figure.supxlabel(textwrap.fill(caption, int(15 * inches)), x=0.01, ha="left", fontsize=8, color="#444444", parse_math=False)
    return figure


def frame(key, n_columns, row_heights, width):
    """An empty figure with the key along its top: (figure, grid of the rows below)."""
    per_line = max(1, int(width / 1.25))
    heights = [key_height(key, per_line), *row_heights]
    figure = Figure(figsize=(width, sum(heights) + 0.8))
    grid = figure.add_gridspec(len(heights), n_columns, height_ratios=heights)
    draw_key(figure.add_subplot(grid[0, :]), key, per_line)
    return figure, grid


def panel_figure(results, panels, key, axes, caption, layout):
    n_columns = 1 if layout == "narrow" else {1: 1, 2: 2, 4: 2}.get(len(panels), 3)
    n_rows = -(-len(panels) // n_columns)
    with_modes = bool(panels[0].companion)
    heights = ([2.7, 0.95] if with_modes else [3.0]) * n_rows
    width = 4.1 if layout == "narrow" else {1: 6.6, 2: 8.4}.get(n_columns, 10)
    figure, grid = frame(key, n_columns, heights, width)
    first = None
    for i, panel in enumerate(panels):
        row, column = (1 + i // n_columns * (1 + with_modes), i % n_columns)
        ax = figure.add_subplot(grid[row, column], sharey=first)
        first = ax if axes.share_y and first is None else first
        if axes.zero_line:
            ax.axhline(0, color="#555555", linewidth=0.9)
        draw_curves(ax, panel.curves, key)
        ax.set(title=panel.heading, ylabel=axes.ylabel)
        # A few meV are 0.00125 eV: few ticks, and a common factor where numbers are small.
        ax.xaxis.set_major_locator(MaxNLocator(nbins=7))
        ax.ticklabel_format(axis="x", scilimits=(-2, 4), useMathText=True)
        if with_modes:
            ax.tick_params(labelbottom=False)
            draw_modes(figure.add_subplot(grid[row + 1, column], sharex=ax), panel.companion, key, axes.xlabel)
        else:
            ax.set_xlabel(axes.xlabel)
    return finish(figure, results, caption)


# ------------------------------------------------------------------------------------------------------------- words of a run

def field_label(results):
    return f"Field $B$ ({er.field_unit(results)})"


def energy_label(results):
    return "Energy $E$ ($t$)" if results.energy_unit == "t" else f"Energy $E$ ({results.energy_unit})"


def shown_fields(results):
    """All fields while the palette has a colour for each, else five of them."""
    count = len(results.field)
    return er.thin(count, count if count <= len(PALETTE) else 5)


def ensemble_text(results):
    seed = "" if results.attributes["seed"] is None else f" (seed {results.attributes['seed']})"
    if not results.attributes["axis"]:
        return "One given system, so there are no error bars."
    if len(results.realisation) == 1:
        return f"One realisation{seed}, so there are no error bars."
    return f"Mean and standard error over {results.realisations_text}{seed}."


def caption_of(results, *parts):
    return " ".join(part for part in (*parts, ensemble_text(results), er.left_out_text(results)) if part)


def thinned_text(shown, axis, nouns):
    return f"{len(shown)} of the {len(axis)} {nouns} shown." if len(shown) < len(axis) else ""


def field_key(results, indices):
    return Key(field_label(results), [results.field[i] for i in indices], [er.number(results.field[i]) for i in indices])


def angle_key(results):
    return Key("Angle to the current (degrees)", list(results.angle), [er.angle_text(results, i) for i in range(len(results.angle))])


# ------------------------------------------------------------------------------------------------------------------- figures

def panels_by_energy(results, mean, error, companion, energies):
    """One panel per energy with G or its change against field, one curve per angle."""
    def curves(values, errors, e):
        return [Curve(results.field, values[:, a, e], errors[:, a, e]) for a in range(len(results.angle))]
    return [Panel(f"Energy {er.energy_text(results, e)}", curves(mean, error, e),
                  [] if companion is None else curves(companion, np.full_like(companion, np.nan), e)) for e in energies]


def field_drawing(results, name, title, ylabel, ylabel_words, mean, error, companion, extra):
    energies = er.thin(len(results.energy), MOST_PANELS)
    caption = caption_of(results, extra, thinned_text(energies, results.energy, "energies"))
    alt = (f"Line chart of {ylabel_words} in e²/h against field, {er.span(results, results.field, er.field_text)}, "
           f"{er.one_for_each('line', results, range(len(results.angle)), 'angle', er.angle_text)}, "
           f"{er.one_for_each('panel', results, energies, 'energy', er.energy_text)}.")
    return Drawing(name, title, caption, alt, functools.partial(
        panel_figure, results, panels_by_energy(results, mean, error, companion, energies), angle_key(results),
        Axes(field_label(results), ylabel, zero_line=companion is None, share_y=companion is None), caption))


def conductance_field(results):
    mean, error, _ = er.mean_and_error(results.conductance)
    return field_drawing(results, "conductance_field", "Conductance against field", CONDUCTANCE, "the conductance", mean, error,
                         er.source_modes(results), "Lower panel: open modes of the source lead.")


def magnetoconductance(results):
    mean, error, _ = er.paired_changes(results.conductance, results.zero_field)
    return field_drawing(results, "magnetoconductance", "Magnetoconductance", r"$\Delta G = G(B) - G(0)$ ($e^2/h$)",
                         "the change of the conductance from zero field", mean, error, None,
                         "Each realisation is compared with itself at zero field.")


def angle_ticks(angle):
    return angle[er.thin(len(angle), 10)]


def draw_wedge(ax, angle, curves, key):
    """A wedge from the first to the last angle. Between two points a line runs linearly in the angle: an unchanging G is an arc."""
    dense = np.linspace(angle[0], angle[-1], 40 * (len(angle) - 1) + 1)
    for i, curve in enumerate(curves):
        style = key.style(i)
        ax.plot(np.radians(dense), np.interp(dense, angle, curve.mean), color=style["color"], linewidth=1.4, clip_on=False)
        there = np.isfinite(curve.mean)
        ax.errorbar(np.radians(angle[there]), curve.mean[there], np.nan_to_num(curve.error[there]), linestyle="none", elinewidth=1.1,
                    clip_on=False, **style)
    ax.set_rlim(min(0, min(np.nanmin(curve.mean, initial=0) for curve in curves)), None)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=4))
    if angle[-1] - angle[0] < 360:
        ax.set_thetamin(angle[0])
        ax.set_thetamax(angle[-1])
    ax.set_thetagrids(angle_ticks(angle))
    start = np.radians(angle[0])
    ax.annotate(CONDUCTANCE, (start, np.mean(ax.get_ylim())), (26 * np.sin(start), -26 * np.cos(start)), textcoords="offset points",
                rotation=angle[0], ha="center", va="center")


def angle_figure(results, mean, error, energies, fields, caption, layout):
    key = field_key(results, fields)
    narrow = layout == "narrow"
    figure, grid = frame(key, 1 if narrow else 2, [3.4] * len(energies) * (2 if narrow else 1), 4.1 if narrow else 8.8)
    for i, e in enumerate(energies):
        wedge, straight = (grid[1 + 2 * i, 0], grid[2 + 2 * i, 0]) if narrow else (grid[1 + i, 0], grid[1 + i, 1])
        polar, ax = figure.add_subplot(wedge, projection="polar"), figure.add_subplot(straight)
        curves = [Curve(results.angle, mean[f, :, e], error[f, :, e]) for f in fields]
        draw_wedge(polar, results.angle, curves, key)
        draw_curves(ax, curves, key)
        polar.set_title(f"Energy {er.energy_text(results, e)}", pad=8)
        ax.set(title=f"Energy {er.energy_text(results, e)}", xlabel=r"Angle to the current $\theta$ (degrees)", ylabel=CONDUCTANCE,
               xticks=angle_ticks(results.angle))
    return finish(figure, results, caption)


def conductance_angle(results):
    mean, error, _ = er.mean_and_error(results.conductance)
    energies, fields = er.thin(len(results.energy), MOST_WEDGES), shown_fields(results)
    caption = caption_of(results, "0° is along the current; lines only join the computed angles.",
                         thinned_text(fields, results.field, "fields"), thinned_text(energies, results.energy, "energies"))
    alt = (f"Polar wedge and line chart of the conductance in e²/h against the angle between field and current, "
           f"{er.span(results, results.angle, er.angle_text)}, {er.one_for_each('line', results, fields, 'field', er.field_text)}.")
    return Drawing("conductance_angle", "Conductance against angle", caption, alt,
                   functools.partial(angle_figure, results, mean, error, energies, fields, caption))


def conductance_energy(results):
    (mean, error, _), modes = er.mean_and_error(results.conductance), er.source_modes(results)
    angles, fields = er.thin(len(results.angle), MOST_PANELS), shown_fields(results)
    nothing = np.full(len(results.energy), np.nan)
    panels = [Panel(f"Angle {er.angle_text(results, a)}", [Curve(results.energy, mean[f, a], error[f, a]) for f in fields],
                    [Curve(results.energy, modes[f, a], nothing) for f in fields]) for a in angles]
    caption = caption_of(results, "Lower panel: open modes of the source lead.", thinned_text(fields, results.field, "fields"),
                         thinned_text(angles, results.angle, "angles"))
    alt = (f"Line chart of the conductance in e²/h against energy, {er.span(results, results.energy, er.energy_text)}, "
           f"{er.one_for_each('line', results, fields, 'field', er.field_text)}, "
           f"{er.one_for_each('panel', results, angles, 'angle', er.angle_text)}.")
    return Drawing("conductance_energy", "Conductance against energy", caption, alt, functools.partial(
        panel_figure, results, panels, field_key(results, fields), Axes(energy_label(results), CONDUCTANCE), caption))


def transmission_energy(results):
    """At the first field and angle; mean over realisations."""
    mean, error, _ = er.mean_and_error(np.moveaxis(results.transmission[0, 0], 1, -1))       # (E, P, P)
    leads = range(results.leads)
    panels = [Panel(f"From lead {q}", [Curve(results.energy, mean[:, p, q], error[:, p, q]) for p in leads], []) for q in leads]
    key = Key("To lead (the lead itself: reflection)", list(leads), [f"lead {p}" for p in leads])
    caption = caption_of(results, "Transmission summed over channels.", thinned_text([0], results.field, "fields"),
                         thinned_text([0], results.angle, "angles"))
    alt = (f"Line chart of the transmission between {er.plural(results.leads, 'lead')} against energy, "
           f"{er.span(results, results.energy, er.energy_text)}, one panel for each lead the electrons come from.")
    return Drawing("transmission_energy", "Transmission against energy", caption, alt, functools.partial(
        panel_figure, results, panels, key, Axes(energy_label(results), "Transmission $T_{pq}$ (channels)", share_y=True), caption))


def matrix_figure(results, mean, caption, layout):
    side = 4.1 if layout == "narrow" else 5.0
    figure = Figure(figsize=(side, side))
    ax = figure.add_subplot()
    image = ax.imshow(mean, cmap="viridis", vmin=0)
    for p, q in np.ndindex(mean.shape):
        ink = "white" if image.norm(mean[p, q]) < 0.6 else "black"
        ax.text(q, p, f"{mean[p, q]:.3f}", ha="center", va="center", color=ink, fontsize=9 if results.leads < 7 else 6)
    ax.grid(False)
    ax.set(xticks=range(results.leads), yticks=range(results.leads), xlabel="From lead $q$", ylabel="To lead $p$",
           title=f"Energy {er.energy_text(results, 0)}")
    figure.colorbar(image, ax=ax, label="Transmission $T_{pq}$ (channels)", shrink=0.8)
    return finish(figure, results, caption)


def transmission_matrix(results):
    mean = er.mean_and_error(np.moveaxis(results.transmission[0, 0, 0], 0, -1))[0]
    caption = caption_of(results, "On the diagonal: reflection.")
    alt = f"Table of colours with the transmission between {er.plural(results.leads, 'lead')}; the numbers are in the table of the report."
    return Drawing("transmission_matrix", "Transmission between leads", caption, alt,
                   functools.partial(matrix_figure, results, mean, caption))


def drawings(results):
    """The figures that this run has the numbers for, in reading order."""
    fields, angles, energies = len(results.field), len(results.angle), len(results.energy)
    if not results.is_bar:
        return [transmission_energy(results) if energies > 1 else transmission_matrix(results)]
    chosen = [(conductance_field, fields > 1 or angles == energies == 1),
              (magnetoconductance, fields > 1 and results.zero_field is not None),
              (conductance_angle, angles > 1), (conductance_energy, energies > 1)]
    return [build(results) for build, wanted in chosen if wanted]


def save(drawing, file, file_format, layout="wide", captioned=True):
    """Draws into a path or an open file, with the title of the run and the caption or without; the same numbers give the same bytes."""
    with matplotlib.rc_context(STYLE):
        metadata = {"Date": None} if file_format == "svg" else {"Software": None}
        figure = drawing.draw(layout)
        if not captioned:
            figure.suptitle("")
            figure.supxlabel("")
        figure.savefig(file, format=file_format, dpi=DPI, metadata=metadata)


def save_bands(path, folder, file_format):
    """The one figure of a file of `edotb bands`."""
    with matplotlib.rc_context(STYLE):
        figure = Figure()
        name = os.path.join(folder, f"{plot_bands.draw(path, figure)}_bands.{file_format}")
        figure.savefig(name, format=file_format, dpi=DPI, metadata={"Date": None} if file_format == "svg" else {"Software": None})
    return name


def main():
    import current_drawing      # pylint: disable=import-outside-toplevel  (it draws with the pieces above)
    parser = argparse.ArgumentParser(description="Draws the figures of one edotb run.")
    parser.add_argument("results", help="results file, or the folder that holds results.h5")
    parser.add_argument("--output", help="folder for the figures (default: `figures` beside the results file)")
    parser.add_argument("--format", choices=("png", "svg", "vtu"), default="png")
    current_drawing.add_options(parser)
    arguments = parser.parse_args()
    if plot_bands.is_bands_file(arguments.results):
        folder = arguments.output or os.path.join(os.path.dirname(arguments.results), "figures")
        os.makedirs(folder, exist_ok=True)
        print(save_bands(arguments.results, folder, arguments.format))
        return
    try:
        results = er.read(arguments.results)
        folder = arguments.output or os.path.join(os.path.dirname(results.path), "figures")
        chosen = current_drawing.figures(results, folder, arguments) if arguments.currents else drawings(results)
    except er.ResultsError as error:
        sys.exit(f"plot.py: {error}")
    if arguments.format == "vtu" and not arguments.currents:
        sys.exit("plot.py: --format vtu goes with --currents")
    os.makedirs(folder, exist_ok=True)
    for drawing in chosen:
        path = os.path.join(folder, f"{drawing.name}.{arguments.format}")
        save(drawing, path, arguments.format)
        print(path)


if __name__ == "__main__":
    main()
