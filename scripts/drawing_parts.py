"""Pieces of the figures of an analysis: a figure with its numbers or why it is absent, numbers with errors, points, legends."""
from dataclasses import dataclass

import edotb_results as er
import plot

np = er.np


@dataclass
class Shown:
    """A figure with the same numbers as a table; `rows` are texts."""
    drawing: plot.Drawing
    head: list
    rows: list


@dataclass
class Absent:
    """A figure that the runs do not allow, and what would."""
    title: str
    reason: str


# ----------------------------------------------------------------------------------------------------------------- pieces

def estimate(value, error, unit=""):
    """'1.20 ± 0.10 T'; an error of 0 is exact, of NaN not known."""
    tail = f" {unit}" if unit else ""
    if not np.isfinite(value):
        return "not known"
    if error == 0:
        return f"{er.number(value)}{tail} (exact)"
    if not np.isfinite(error):
        return f"{er.number(value)}{tail} (error not known)"
    if error > 1e-5 and abs(value) < 1e6:
        return f"{er.with_error(value, error)}{tail}"
    return f"{value:.5g} ± {error:.2g}{tail}".replace("-", er.MINUS)


def percent(value, error):
    return estimate(100 * value, 100 * error, "%")


def alt_of(what, sentences):
    return f"{what} " + " ".join(f"{sentence}." for sentence in sentences)


def style_of(index):
    return {"color": plot.PALETTE[index % len(plot.PALETTE)], "marker": plot.MARKERS[index % len(plot.MARKERS)], "markersize": 4.5}


def draw_points(ax, x, y, error, index, label, line=True):
    """Values with their bars; a band as well where a line joins them."""
    style = style_of(index)
    ax.errorbar(x, y, np.nan_to_num(error), linestyle="-" if line else "none", linewidth=1.4, elinewidth=1.1, capsize=2.5, label=label, **style)
    if line and np.any(np.nan_to_num(error) > 0):
        ax.fill_between(x, y - error, y + error, color=style["color"], alpha=0.18, linewidth=0)


def finish_axes(ax, xlabel, ylabel, title="", zero=False):
    if zero:
        ax.axhline(0, color=plot.FAINT, linewidth=0.9, zorder=1)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.xaxis.set_major_locator(plot.MaxNLocator(nbins=6))
    ax.ticklabel_format(axis="both", scilimits=(-3, 4), useMathText=True)


def legend_above(figure, handles, labels, columns, title=None):
    """A legend along the top, with room of its own."""
    rows = -(-len(labels) // columns) + bool(title)
    inches = 0.12 + 0.2 * rows
    figure.set_figheight(figure.get_figheight() + inches)
    legend = figure.legend(handles, labels, title=title, loc="upper left", ncol=columns, frameon=False, borderaxespad=0.2, columnspacing=1.4)
    legend.set_alignment("left")
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - inches / figure.get_figheight()))


def new_figure(width, height):
    return plot.Figure(figsize=(width, height))


def side_by_side(layout, n, height=3.2, width=8.6):
    """n panels beside each other, or below each other on a phone: (figure, axes)."""
    narrow = layout == "narrow"
    figure = new_figure(4.1 if narrow else width, height * (n if narrow else 1) + 0.5)
    axes = figure.subplots(n if narrow else 1, 1 if narrow else n, squeeze=False).ravel()
    return figure, axes
