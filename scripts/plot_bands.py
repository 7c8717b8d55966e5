#!/usr/bin/python3
"""Draws what `edotb bands --output FILE.h5` wrote; plot.py calls it for such files.

bulk      E along the path, corners labelled
lead      E(k) of every contact, one panel each, coloured by the velocity dE/dk
landau    levels against the field really used, one panel per momentum
surface   spectral function of the surface: a map over the zone per energy, or energy against the path
"""
import json
import os

import edotb_results as er

np, h5py = er.np, er.h5py
MOST_PANELS = 6
LABEL = {"pi": r"$\pi$", "1": ""}


def text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


class Bands:
    def __init__(self, path):
        with h5py.File(path, "r") as file:
            self.kind = text(file.attrs["kind"])
            self.title = " ".join(text(file.attrs["title"]).split()) or os.path.basename(path)
            self.corners = json.loads(text(file.attrs["corners"]))
            self.columns = {name: dataset[...] for name, dataset in file.items()}
            self.unit = {name: text(dataset.attrs["units"]) for name, dataset in file.items()}

    def __getitem__(self, name):
        return self.columns[name]

    def label(self, words, name):
        return f"{words} ({LABEL.get(self.unit[name], self.unit[name])})" if self.unit[name] != "1" else words

    @property
    def energy_label(self):
        return self.label("Energy", "energy")


def is_bands_file(path):
    """True for a file of `edotb bands`; a folder or another file is not."""
    if os.path.isdir(path) or not h5py.is_hdf5(path):
        return False
    with h5py.File(path, "r") as file:
        return text(file.attrs.get("format", "")) == "edotb-bands"


def panels(figure, n):
    n_columns = {1: 1, 2: 2, 4: 2}.get(n, 3)
    n_rows = -(-n // n_columns)
    figure.set_size_inches(max(5.2, 3.4 * n_columns), 3.6 * n_rows + 0.5)
    return figure.subplots(n_rows, n_columns, squeeze=False, sharey=True).ravel()


def mark_corners(ax, bands):
    distances = [corner["distance"] for corner in bands.corners]
    ax.set_xticks(distances, [corner["label"] for corner in bands.corners])
    for distance in distances:
        ax.axvline(distance, color="#999999", linewidth=0.6)
    if not any(corner["label"] for corner in bands.corners):
        ax.set_xticks(distances, [f"{distance:.3g}" for distance in distances])
        ax.set_xlabel(bands.label("Wave vector along the path", "distance"))
    ax.set_xlim(distances[0], distances[-1])


def draw_bulk(figure, bands):
    ax = panels(figure, 1)[0]
    for n in np.unique(bands["band"]):
        line = bands["band"] == n
        ax.plot(bands["distance"][line], bands["energy"][line], color="#0072B2", linewidth=1.1)
    mark_corners(ax, bands)
    ax.set_ylabel(bands.energy_label)


def draw_lead(figure, bands):
    contacts = np.unique(bands["contact"])[:MOST_PANELS]
    fastest = np.abs(bands["velocity"]).max() or 1.0
    axes = panels(figure, len(contacts))
    for ax, contact in zip(axes, contacts):
        own = bands["contact"] == contact
        dots = ax.scatter(bands["k"][own], bands["energy"][own], c=bands["velocity"][own], cmap="coolwarm", s=3,
                          vmin=-fastest, vmax=fastest)
        ax.set(title=f"Contact {contact:.0f}", xlabel=bands.label("$k$ outwards", "k"))
    axes[0].set_ylabel(bands.energy_label)
    figure.colorbar(dots, ax=list(axes), label=bands.label("Velocity $dE/dk$", "velocity"))


def draw_landau(figure, bands):
    momenta = np.unique(bands["k"])
    shown = momenta[er.thin(len(momenta), MOST_PANELS)]
    axes = panels(figure, len(shown))
    for ax, k in zip(axes, shown):
        own = bands["k"] == k
        ax.plot(bands["field"][own], bands["energy"][own], ".", color="#0072B2", markersize=3)
        ax.set(title=rf"$k$ along the field {k:.4g} $\pi$", xlabel=bands.label("Field used", "field"))
    axes[0].set_ylabel(bands.energy_label)


def draw_surface(figure, bands):
    energies = np.unique(bands["energy"])
    names = [name for name in bands.columns if name.startswith("k_")]
    if bands.corners:
        ax = panels(figure, 1)[0]
        if len(energies) > 1:
            distances = bands["distance"][::len(energies)]
            values = np.log10(bands["surface"]).reshape(len(distances), len(energies))
            image = ax.pcolormesh(distances, energies, values.T, cmap="inferno", shading="nearest", rasterized=True)
            figure.colorbar(image, ax=ax, label=rf"$\log_{{10}} A$ of the surface ({bands.unit['surface']})")
            ax.set_ylabel(bands.energy_label)
        else:
            ax.plot(bands["distance"], bands["surface"], color="#D55E00", label="surface")
            ax.plot(bands["distance"], bands["bulk"], color="#000000", linewidth=0.9, label="bulk")
            ax.set_ylabel(bands.label("Spectral function", "surface"))
            ax.legend(frameon=False)
        mark_corners(ax, bands)
        return
    shown = energies[er.thin(len(energies), MOST_PANELS)]
    axes = panels(figure, len(shown))
    u, v = (np.unique(bands[name]) for name in names)
    for ax, energy in zip(axes, shown):
        own = bands["energy"] == energy
        if min(len(u), len(v)) == 1:      # an edge of a sheet
            ax.plot(bands[names[0] if len(u) > 1 else names[1]][own], bands["surface"][own], color="#D55E00")
            ax.set(xlabel=bands.label("$k$", names[0]), ylabel=bands.label("Spectral function", "surface"))
        else:
            values = np.log10(bands["surface"][own]).reshape(len(u), len(v))
            image = ax.pcolormesh(v, u, values, cmap="inferno", shading="nearest", rasterized=True)
            ax.set(xlabel=bands.label(f"${names[1]}$", names[1]), ylabel=bands.label(f"${names[0]}$", names[0]), aspect="equal")
            figure.colorbar(image, ax=ax, label=rf"$\log_{{10}} A$ of the surface ({bands.unit['surface']})", shrink=0.8)
        ax.set_title(f"Energy {energy:.4g} {bands.unit['energy']}")


DRAW = {"bulk": draw_bulk, "lead": draw_lead, "landau": draw_landau, "surface": draw_surface}


def draw(path, figure):
    """Fills the figure; returns the kind of bands, which names the file."""
    bands = Bands(path)
    DRAW[bands.kind](figure, bands)
    figure.suptitle(bands.title, x=0.01, ha="left", fontsize=11, fontweight="bold", parse_math=False)
    return bands.kind
