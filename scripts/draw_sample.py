#!/usr/bin/python3
"""Draws a sample that `edotb check --draw` wrote: sites, bonds, contacts, leads, field and axis.

    draw_sample.py sample.vtu [--output sample.png|sample.svg]

A planar sample is drawn from above; a sample in space from an angle and along each of its axes. Of a large sample the bonds
are left out, and in space only sites on the surface are drawn.
"""
import argparse
import sys
import xml.etree.ElementTree as xml

try:
    import matplotlib
    import numpy as np
except ImportError as missing:
    sys.exit(f"draw_sample.py: {sys.executable} has no Python module {missing.name}; install it with: apt-get install "
             f"python3-{missing.name} (it belongs to /usr/bin/python3)")
matplotlib.use("Agg")
from matplotlib.collections import LineCollection      # noqa: E402
from matplotlib.figure import Figure                   # noqa: E402
from matplotlib.lines import Line2D                    # noqa: E402

# Okabe and Ito's colours, as in plot.py.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
SITE, BOND, REGION, TEXT = "#9a9a9a", "#d0d0d0", "#F0E442", "#333333"
MINUS = "\N{MINUS SIGN}"
MOST_BONDS = 60000
LEGEND_COLUMNS = 3
AXES = "xyz"


class Sample:
    """Arrays of the file: points (n, 3), bonds (m, 2), contact, lead_cell, region (n); field, axis (3), directions (contacts, 3)."""

    def __init__(self, path):
        root = xml.parse(path).getroot()
        array = {}
        for element in root.iter("DataArray"):
            values = np.array((element.text or "").split(), dtype=float)
            width = int(element.get("NumberOfComponents", "1"))
            array[element.get("Name")] = values.reshape(-1, width) if width > 1 else values
        self.points = array["sites"]
        self.bonds = array["connectivity"].astype(int).reshape(-1, 2)
        self.contact = array["contact"].astype(int)
        self.lead_cell = array["lead_cell"].astype(int)
        self.region = array["region"].astype(int)
        self.field, self.axis = array["field"][0], array["axis"][0]
        self.directions = array["contact_directions"].reshape(-1, 3)

    @property
    def is_planar(self):
        return np.ptp(self.points[self.lead_cell == 0][:, 2]) < 1e-9

    def surface(self):
        """True for the sites with fewer neighbours than the best connected one, and for contacts and leads."""
        n_neighbours = np.bincount(self.bonds.ravel(), minlength=len(self.points))
        return (n_neighbours < n_neighbours.max()) | (self.contact >= 0)


def colour_of(contact):
    return PALETTE[contact % len(PALETTE)]


def draw_plane(axes, sample, horizontal, vertical, shown):
    """The sites projected along the third axis."""
    plane = sample.points[:, [horizontal, vertical]]
    extent = np.ptp(plane, axis=0).max() + 1
    if len(sample.bonds) <= MOST_BONDS:
        axes.add_collection(LineCollection(plane[sample.bonds], colors=BOND, linewidths=min(1.0, 40 / extent), zorder=1))
    size = max(0.3, min(30.0, (170 / extent) ** 2))
    bulk = shown & (sample.contact < 0)
    axes.scatter(*plane[bulk & (sample.region == 0)].T, s=size, color=SITE, linewidths=0, zorder=2)
    axes.scatter(*plane[bulk & (sample.region > 0)].T, s=size, color=REGION, edgecolors=SITE, linewidths=0.3, zorder=2)
    for k in range(len(sample.directions)):
        mine = shown & (sample.contact == k)
        for cell, alpha in ((0, 1.0), (1, 0.55), (2, 0.25)):
            axes.scatter(*plane[mine & (sample.lead_cell == cell)].T, s=size, color=colour_of(k), alpha=alpha, linewidths=0, zorder=3)
    axes.set_aspect("equal")
    axes.set_xlabel(f"{AXES[horizontal]} (a)")
    axes.set_ylabel(f"{AXES[vertical]} (a)")


def draw_arrow(axes, place, vector, horizontal, vertical, colour, label):
    """A direction, 1 long: an arrow, or a circle with a dot (towards the reader) or a cross (away)."""
    inside, third = vector[[horizontal, vertical]], 3 - horizontal - vertical
    normal = vector[third] * (1 if (horizontal + 1) % 3 == vertical else -1)
    if np.hypot(*inside) > 0.05:
        axes.annotate("", place + 0.5 * inside, place - 0.5 * inside,
                      arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0})
    else:
        axes.plot(*place, "o", markersize=11, markerfacecolor="white", markeredgecolor=colour)
        axes.plot(*place, "." if normal > 0 else "x", markersize=6, color=colour)
    axes.text(place[0] + 0.65, place[1], label, color=colour, va="center", fontsize=10)


def draw_directions(axes, sample, horizontal, vertical):
    """The field and the axis as they stand in this projection, in a strip of their own."""
    axes.set(xlim=(-0.7, 7.3), ylim=(-0.6, 0.6), aspect="equal")
    axes.axis("off")
    draw_arrow(axes, np.zeros(2), sample.axis, horizontal, vertical, TEXT, "axis")
    if np.any(sample.field):
        draw_arrow(axes, np.array([3.0, 0.0]), sample.field, horizontal, vertical, "#D55E00", "field")


def direction_name(direction):
    main = int(np.argmax(np.abs(direction)))
    straight = abs(abs(direction[main]) - 1) < 1e-9
    return f"{'+' if direction[main] > 0 else MINUS}{AXES[main]}" if straight else "(" + ", ".join(f"{c:.2f}" for c in direction) + ")"


def draw_legend(figure, sample):
    handles = [Line2D([], [], marker="o", linestyle="", color=colour_of(k), label=f"contact {k}, towards {direction_name(d)}")
               for k, d in enumerate(sample.directions)]
    if sample.region.any():
        handles.append(Line2D([], [], marker="o", linestyle="", color=REGION, markeredgecolor=SITE, label="regions"))
    figure.legend(handles=handles, loc="center", ncols=min(LEGEND_COLUMNS, len(handles)), frameon=False, fontsize=9)


def panel(figure, sample, horizontal, vertical, shown):
    strip, axes = figure.subplots(2, 1, height_ratios=[1, 11])
    draw_directions(strip, sample, horizontal, vertical)
    draw_plane(axes, sample, horizontal, vertical, shown)


def draw_space(axes, sample, shown):
    for k in range(-1, len(sample.directions)):
        for cell, alpha in ((0, 1.0), (1, 0.5), (2, 0.2)):
            mine = shown & (sample.contact == k) & (sample.lead_cell == cell)
            if mine.any():
                axes.scatter(*sample.points[mine].T, s=6, color=SITE if k < 0 else colour_of(k), alpha=alpha if k >= 0 else 0.25, linewidths=0)
    extents = np.ptp(sample.points, axis=0)
    axes.set_box_aspect(np.maximum(extents, 0.2 * extents.max()))
    axes.locator_params(nbins=4)
    for name, setter in zip(AXES, (axes.set_xlabel, axes.set_ylabel, axes.set_zlabel)):
        setter(f"{name} (a)")


def draw(sample):
    n_rows = -(-len(sample.directions) // LEGEND_COLUMNS)
    legend_height = 0.25 + 0.22 * n_rows
    if sample.is_planar:
        width, height = np.ptp(sample.points[:, :2], axis=0) + 4
        body_height = float(np.clip(6.5 * height / width, 2.2, 9)) + 1.0
    else:
        body_height = 8.5
    figure = Figure(figsize=(7.5 if sample.is_planar else 11, body_height + legend_height), layout="constrained")
    body, legend = figure.subfigures(2, 1, height_ratios=[body_height, legend_height])
    if sample.is_planar:
        panel(body, sample, 0, 1, np.ones(len(sample.points), bool))
    else:
        shown = sample.surface()
        (space, above), (front, side) = body.subfigures(2, 2)
        draw_space(space.add_subplot(projection="3d"), sample, shown)
        for part, (horizontal, vertical) in ((above, (0, 1)), (front, (0, 2)), (side, (1, 2))):
            panel(part, sample, horizontal, vertical, shown)
    draw_legend(legend, sample)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sample", help="a .vtu file of `edotb check --draw`")
    parser.add_argument("--output", default="sample.png", help="a .png or .svg file")
    arguments = parser.parse_args()
    draw(Sample(arguments.sample)).savefig(arguments.output, dpi=150, facecolor="white")


if __name__ == "__main__":
    main()
