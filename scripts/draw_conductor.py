#!/usr/bin/python3
"""Draws what `conductor.fields: vtk` wrote: streamlines of the current over the potential, contacts on the rim.

    draw_conductor.py field_0_angle_0.vtu [MORE.vtu ...] [--contact 0] [--title TEXT ...] [--output current.png]

Several files are drawn below each other with one scale. Of a sample in space the section z = middle is drawn.
"""
import argparse
import sys
import xml.etree.ElementTree as xml

try:
    import matplotlib
    import numpy as np
except ImportError as missing:
    sys.exit(f"draw_conductor.py: {sys.executable} has no Python module {missing.name}; install it with: apt-get install "
             f"python3-{missing.name} (it belongs to /usr/bin/python3)")
matplotlib.use("Agg")
from matplotlib.collections import LineCollection      # noqa: E402
from matplotlib.figure import Figure                   # noqa: E402
from matplotlib.ticker import MaxNLocator           # noqa: E402
from matplotlib.tri import Triangulation               # noqa: E402

PLANAR_TYPES = (5, 22)
N_GRID = 400
CONTACT = "#D55E00"


class Conductor:
    """Corners of triangles in the plane with the potential at their corners and the current inside."""

    def __init__(self, path, contact):
        arrays = {}
        for element in xml.parse(path).getroot().iter("DataArray"):
            values = np.array((element.text or "").split(), dtype=float)
            width = int(element.get("NumberOfComponents", "1"))
            arrays[element.get("Name")] = values.reshape(-1, width) if width > 1 else values
        if f"current_{contact}" not in arrays:
            sys.exit(f"draw_conductor.py: {path} has no contact {contact}")
        potential = arrays.get(f"potential_{contact}")
        if potential is None:
            potential = 0.5 * (arrays[f"potential_{contact}_plus"] + arrays[f"potential_{contact}_minus"])
        points, current = arrays["points"], arrays[f"current_{contact}"]
        is_planar = arrays["types"][0] in PLANAR_TYPES
        n_nodes = int(arrays["offsets"][0])
        cells = arrays["connectivity"].astype(int).reshape(-1, n_nodes)[:, :3 if is_planar else 4]
        self.contact_edges = self.edges_of(points, cells, arrays["contact"], is_planar)
        if is_planar:
            self.points, self.triangles = points[:, :2], cells
            self.potential, self.current = potential, current[:, :2]
        else:
            self.cut(points, cells, potential, current)

    @staticmethod
    def edges_of(points, cells, contact, is_planar):
        """Segments of the rim that belong to a contact; of a sample in space, those of the section's height."""
        corners = cells.shape[1]
        pairs = np.concatenate([cells[:, [a, b]] for a in range(corners) for b in range(a + 1, corners)])
        pairs = pairs[(contact[pairs[:, 0]] >= 0) & (contact[pairs[:, 0]] == contact[pairs[:, 1]])]
        pairs = np.unique(np.sort(pairs, axis=1), axis=0)
        return points[pairs][:, :, :2] if is_planar or len(pairs) else np.zeros((0, 2, 2))

    def cut(self, points, cells, potential, current):
        """The section with the plane z = middle: a triangle or two in every tetrahedron that it meets."""
        height = points[:, 2] - 0.5 * (points[:, 2].min() + points[:, 2].max()) - 1e-9 * np.ptp(points[:, 2])
        corners, values, flows = [], [], []
        for cell, flow in zip(cells, current):
            above, below = cell[height[cell] > 0], cell[height[cell] <= 0]
            crossings = []
            for a in above:
                for b in below if len(crossings) < 2 or len(above) != 2 else below[::-1]:  # round the quadrangle
                    s = height[a] / (height[a] - height[b])
                    crossings.append((*((1 - s) * points[a] + s * points[b])[:2], (1 - s) * potential[a] + s * potential[b]))
            for k in range(1, len(crossings) - 1):
                triangle = np.array([crossings[0], crossings[k], crossings[k + 1]])
                corners.append(triangle[:, :2])
                values.append(triangle[:, 2])
                flows.append(flow[:2])
        # Corners that neighbours share become one; slivers without area go.
        points, values = np.concatenate(corners), np.concatenate(values)
        grain = 1e-6 * np.ptp(points, axis=0).max()
        _, first, number = np.unique(np.round(points / grain), axis=0, return_index=True, return_inverse=True)
        triangles = number.reshape(-1, 3)
        u, v = (points[first][triangles[:, k]] - points[first][triangles[:, 0]] for k in (1, 2))
        kept = np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]) > grain ** 2
        self.points, self.potential = points[first], values[first]
        self.triangles, self.current = triangles[kept], np.array(flows)[kept]


def draw(axes, conductor, title):
    scale = 1e3 if np.ptp(conductor.points[:, 0]) < 1 else 1.0  # millimetres
    points = scale * conductor.points
    mesh = Triangulation(points[:, 0], points[:, 1], conductor.triangles)
    colours = axes.tripcolor(mesh, conductor.potential, shading="gouraud", cmap="viridis", vmin=0, vmax=1, rasterized=True)
    x = np.linspace(*np.quantile(points[:, 0], [0, 1]), N_GRID)
    y = np.linspace(*np.quantile(points[:, 1], [0, 1]), N_GRID)
    inside = 1e-6 * np.ptp(y)
    grid_x, grid_y = np.meshgrid(x, np.clip(y, y[0] + inside, y[-1] - inside))
    cell = mesh.get_trifinder()(grid_x, grid_y)
    flow = np.where(cell[..., None] >= 0, conductor.current[cell], np.nan)
    density = np.hypot(flow[..., 0], flow[..., 1])
    # Thicker where the current is denser: the lines themselves are spread evenly.
    widths = np.clip(0.9 * np.sqrt(np.nan_to_num(density / np.nanmean(density))), 0.15, 1.7)
    axes.streamplot(x, y, flow[..., 0], flow[..., 1], color="white", linewidth=widths, arrowsize=0.6, density=(1.4, 1.4))
    edges = scale * conductor.contact_edges
    axes.add_collection(LineCollection(edges, colors=CONTACT, linewidths=4, zorder=5, clip_on=False))
    # A mark that shows contacts too small to be seen.
    axes.plot(*edges.mean(axis=1).T, "s", color=CONTACT, markersize=4, zorder=5, clip_on=False)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    axes.set_aspect("equal")
    axes.set_title(title, fontsize=10)
    axes.grid(False)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3))
    axes.set_ylabel("y (mm)" if scale > 1 else "y")
    axes.set_xlabel("x (mm)" if scale > 1 else "x")
    return colours


def figure_of(conductors, titles, contact, width=7.0):
    """The conductors below each other, with one scale."""
    extent = np.ptp(conductors[0].points, axis=0)
    height = max(1.6, 0.8 * width * extent[1] / extent[0] + 0.8)
    figure = Figure(figsize=(width, height * len(conductors)), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.15)      # where the height follows the width, room for labels is found too late
    all_axes = figure.subplots(len(conductors), squeeze=False)[:, 0]
    for axes, conductor, title in zip(all_axes, conductors, titles):
        colours = draw(axes, conductor, title)
    figure.colorbar(colours, ax=list(all_axes), label=f"Potential (V), 1 V on contact {contact}", shrink=0.8)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE.vtu")
    parser.add_argument("--contact", type=int, default=0, help="the contact with one volt")
    parser.add_argument("--title", action="append", default=[], help="one for each file, in their order")
    parser.add_argument("--output", default="current.png")
    options = parser.parse_args()
    titles = options.title + options.files[len(options.title):]
    conductors = [Conductor(path, options.contact) for path in options.files]
    figure = figure_of(conductors, titles, options.contact)
    figure.savefig(options.output, dpi=150)
    print(options.output)


if __name__ == "__main__":
    main()
