"""The current density of a run with output.observables: [currents], drawn in a plane or written for ParaView.

j = `current_density` of electrons from one contact, or `current_density_biased` at the voltages of the deck; one panel per field, at the
first angle, energy and usable realisation. A sample in three dimensions is cut: the sites within half a lattice step of the plane.
"""
import functools
import os

import edotb_results as er
import plot

np = er.np
AXES = "xyz"
MOST_FIELDS = 4
SMALLEST_SHARE = 1e-3      # of the strongest current, to be drawn as a line
LARGEST_LEAK = 1e-6        # of a site, in units of the strongest bond current: as unitary as a point must be


def add_options(parser):
    parser.add_argument("--currents", action="store_true", help="the current density instead (docs/observables.md)")
    parser.add_argument("--lead", type=int, help="... of electrons from this lead (default: at the deck's voltages, or lead 0)")
    parser.add_argument("--plane", help="... in this plane, like z=0 (default: through the middle, across the thinnest direction)")
    parser.add_argument("--over", choices=("strength", "density"), default="strength", help="... over its strength or local_density")


def figures(results, folder, arguments):
    """The drawing of the currents; for ParaView they are written at once, and nothing is left to draw."""
    if arguments.format == "vtu":
        os.makedirs(folder, exist_ok=True)
        print(*write_vtu(results, folder, arguments.lead), sep="\n")
        return []
    return [drawing(results, arguments.lead, parse_plane(arguments.plane) if arguments.plane else None, arguments.over)]


def parse_plane(text):
    """'z=0.5' as (2, 0.5)."""
    name, _, value = text.partition("=")
    try:
        return AXES.index(name.strip()), float(value)
    except ValueError as error:
        raise er.ResultsError(f"--plane {text}: expected an axis and a value, like z=0") from error


class Currents:
    """What the file holds about currents; `source` is a contact or None for the deck's voltages."""

    def __init__(self, path, source):
        with er.h5py.File(path, "r") as file:
            if "bond_current" not in file:
                raise er.ResultsError(f"{path}: no currents; run with output.observables: [currents]")
            if "current_density" not in file:
                raise er.ResultsError(f"{path}: the system file gave no positions, so currents have no place to be drawn at")
            biased = source is None and "current_density_biased" in file
            source = 0 if source is None else source
            if not 0 <= source < len(file["lead"]):
                raise er.ResultsError(f"--lead {source}: the run has leads 0 to {len(file['lead']) - 1}")
            density, bonds = ("current_density_biased", "bond_current_biased") if biased else ("current_density", "bond_current")
            self.words = "at the voltages of the deck" if biased else f"from lead {source}"
            pick = (lambda data: data) if biased else (lambda data: data[:, :, :, :, source])
            self.density, self.bond_current = pick(file[density][...]), pick(file[bonds][...])
            self.unit = er._text(file[density].attrs["units"]).replace("^2", "²").replace("e2", "e²")
            self.length_unit = er._text(file["site_position"].attrs["units"])
            self.position, self.contact = file["site_position"][...], file["site_contact"][...]
            self.bond_sites = file["bond_sites"][...]
            self.local_density = file["local_density"][...] if "local_density" in file else None

    def leak(self, point):
        """Largest current that comes to a site off the contacts and does not leave it; an error where that is no rounding."""
        current = self.bond_current[point]
        net = np.zeros(len(self.position))
        np.add.at(net, self.bond_sites[:, 1], current)
        np.subtract.at(net, self.bond_sites[:, 0], current)
        largest = np.abs(net[self.contact < 0]).max(initial=0.0)
        if not largest <= LARGEST_LEAK * np.abs(current).max(initial=1.0):      # NaN is none
            raise er.ResultsError(f"currents break Kirchhoff's law by {largest:.1e} at a site, point {point}")
        return largest

    @property
    def spacing(self):
        """The shortest bond."""
        ends = self.position[self.bond_sites]
        return np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).min()


def cut(currents, plane):
    """(numbers of the sites in the plane, the two axes that span it)."""
    extent = np.ptp(currents.position, axis=0)
    normal, value = plane or (int(np.argmin(extent)), None)
    coordinate = currents.position[:, normal]
    if value is None:      # the layer nearest to the middle
        middle = (coordinate.min() + coordinate.max()) / 2
        value = coordinate[np.argmin(np.abs(coordinate - middle))]
    sites = np.flatnonzero(np.abs(coordinate - value) <= 0.5 * currents.spacing)
    if not len(sites):
        raise er.ResultsError(f"--plane {AXES[normal]}={value:g}: no site there; the sample is from {coordinate.min():g} to "
                              f"{coordinate.max():g}")
    return sites, [axis for axis in range(3) if axis != normal]


def on_grid(places, step, *values):
    """Values per site as means over the squares of a grid; NaN where no site is: (x, y, arrays).

    Sites of another lattice than a rectangular one leave squares empty, so that there the mean goes over the next squares as well.
    """
    low = places.min(axis=0)
    steps = (places - low) / step
    index = np.floor(steps + 0.5).astype(int)
    shape = tuple(index.max(axis=0) + 1)
    reach = 0 if np.abs(steps - index).max() < 0.05 else 1

    def gathered(value):
        total = np.zeros(tuple(n + 2 * reach for n in shape))
        for shift in np.ndindex(1 + 2 * reach, 1 + 2 * reach):
            np.add.at(total, tuple((index + shift).T), value)
        return total[reach:reach + shape[0], reach:reach + shape[1]]

    count = gathered(1.0)
    grids = [np.where(count > 0, gathered(value) / np.maximum(count, 1), np.nan).T for value in values]
    return low[0] + step * np.arange(shape[0]), low[1] + step * np.arange(shape[1]), grids


def usable_point(results, field):
    """(field, angle, energy, realisation) of the first usable realisation at the first angle and energy, or None."""
    usable = np.flatnonzero(results.usable[field, 0, 0])
    return (field, 0, 0, int(usable[0])) if len(usable) else None


def draw_panel(ax, currents, point, sites, axes, over):
    places = currents.position[sites][:, axes]
    j = currents.density[point][sites][:, axes]
    shade = np.linalg.norm(j, axis=1) if over == "strength" else currents.local_density[point][sites]
    x, y, (jx, jy, background) = on_grid(places, currents.spacing, j[:, 0], j[:, 1], shade)
    step = currents.spacing / 2
    image = ax.imshow(background, origin="lower", cmap="viridis", extent=(x[0] - step, x[-1] + step, y[0] - step, y[-1] + step), vmin=0)
    strength = np.hypot(jx, jy)
    if len(x) > 1 and len(y) > 1 and np.nanmax(strength) > 0:
        share = np.nan_to_num(strength) / np.nanmax(strength)
        # Where next to nothing flows a line would say more than there is.
        flow = [np.ma.masked_where(share < SMALLEST_SHARE, part) for part in (jx, jy)]
        ax.streamplot(x, y, *flow, color="white", linewidth=0.3 + 1.4 * share, density=1.3, arrowsize=0.8)
    touching = currents.contact[sites] >= 0
    ax.plot(*places[touching].T, "s", color=plot.PALETTE[1], markersize=2)
    ax.grid(False)
    ax.set(aspect="equal", xlim=(x[0] - step, x[-1] + step), ylim=(y[0] - step, y[-1] + step),
           xlabel=f"{AXES[axes[0]]} ({currents.length_unit})", ylabel=f"{AXES[axes[1]]} ({currents.length_unit})")
    return image


def figure_of(results, currents, fields, cross_section, over, caption, layout):
    sites, axes = cross_section
    extent = np.ptp(currents.position[sites][:, axes], axis=0) + currents.spacing
    width = 4.1 if layout == "narrow" else 7.5
    height = min(max(width * extent[1] / extent[0] * 0.8, 1.6), 7) + 0.7
    figure = plot.Figure(figsize=(width, height * len(fields) + 0.9))
    for row, field in enumerate(fields):
        ax = figure.add_subplot(len(fields), 1, row + 1)
        ax.set_title(f"Field {er.field_text(results, field)}, energy {er.energy_text(results, 0)}")
        point = usable_point(results, field)
        if point is None:
            ax.text(0.5, 0.5, "no usable point", transform=ax.transAxes, ha="center", va="center", color="#555555")
            continue
        image = draw_panel(ax, currents, point, sites, axes, over)
        label = f"|j| ({currents.unit})" if over == "strength" else "Local density of states"
        figure.colorbar(image, ax=ax, label=label, shrink=0.9)
    return plot.finish(figure, results, caption)


def drawing(results, source=None, plane=None, over="strength"):
    """The figure of the current density."""
    currents = Currents(results.path, source)
    if over == "density" and currents.local_density is None:
        raise er.ResultsError(f"{results.path}: no local_density to draw over; add it to output.observables")
    cross_section = cut(currents, plane)
    fields = er.thin(len(results.field), MOST_FIELDS)
    leaks = [currents.leak(point) for field in fields if (point := usable_point(results, field))]
    caption = " ".join(part for part in (
        f"Current {currents.words}: lines follow it, thicker where it is stronger. Contacts are marked.",
        f"Off the contacts the currents of a site add up to zero within {max(leaks):.0e} (exact)." if leaks else "",
        plot.thinned_text(fields, results.field, "fields"), er.left_out_text(results)) if part)
    alt = f"Map of the current density {currents.words}, {er.one_for_each('panel', results, fields, 'field', er.field_text)}."
    return plot.Drawing("currents", "Current density", caption, alt,
                        functools.partial(figure_of, results, currents, fields, cross_section, over, caption))


def write_vtu(results, folder, source=None):
    """One VTK file per field: sites with the current density, bonds with their currents. Returns the paths."""
    currents = Currents(results.path, source)
    paths = []
    for field in range(len(results.field)):
        point = usable_point(results, field)
        if point is None:
            continue
        currents.leak(point)
        point_data = {"current_density": currents.density[point], "contact": currents.contact}
        if currents.local_density is not None:
            point_data["local_density"] = currents.local_density[point]
        paths.append(os.path.join(folder, f"currents_{field}.vtu"))
        with open(paths[-1], "w", encoding="ascii") as file:
            file.write(vtu_text(currents, point_data, {"bond_current": currents.bond_current[point]}))
    return paths


def vtu_text(currents, point_data, cell_data):
    bonds = currents.bond_sites

    def array(name, values):
        values = np.asarray(values)
        kind = "Float64" if values.dtype.kind == "f" else "Int64"
        components = values.shape[1] if values.ndim > 1 else 1
        text = " ".join(repr(x) for x in values.ravel().tolist())
        return f'<DataArray type="{kind}" Name="{name}" NumberOfComponents="{components}" format="ascii">\n{text}\n</DataArray>\n'

    lines = np.full(len(bonds), 3)
    return ('<?xml version="1.0"?>\n<VTKFile type="UnstructuredGrid" version="0.1" byte_order="LittleEndian">\n<UnstructuredGrid>\n'
            f'<Piece NumberOfPoints="{len(currents.position)}" NumberOfCells="{len(bonds)}">\n'
            f"<Points>\n{array('sites', currents.position)}</Points>\n"
            f"<Cells>\n{array('connectivity', bonds.ravel())}{array('offsets', 2 * np.arange(1, len(bonds) + 1))}{array('types', lines)}</Cells>\n"
            f"<PointData>\n{''.join(array(*item) for item in point_data.items())}</PointData>\n"
            f"<CellData>\n{''.join(array(*item) for item in cell_data.items())}</CellData>\n"
            "</Piece>\n</UnstructuredGrid>\n</VTKFile>\n")
