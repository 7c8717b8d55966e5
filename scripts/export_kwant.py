#!/usr/bin/python3
"""Writes a finalised Kwant system, with its leads, as an edotb system file (docs/system-file.md).

    import sys
    sys.path.append("/path/to/edotb/scripts")
    from export_kwant import write_system
    write_system(syst.finalized(), "system.h5", params=dict(B=0.1))

Lead k of Kwant becomes lead k of the file. Energies keep their unit and positions theirs. Of Kwant only the documented
low-level interface is used (kwant.system.FiniteSystem), so every finite system whose leads have unit cells can be written.
"""
import os

import h5py
import numpy as np

FORMAT, VERSION = "edotb-system", 1
HERMITIAN_TOLERANCE = 1e-10  # relative, as edotb's reader has it


class CannotExport(ValueError):
    """A system that the format cannot hold, and why."""


def write_system(fsyst, path, params=None, title=""):
    """Writes the system at the values `params` of its parameters. Raises CannotExport, and leaves `path` alone, when the
    system is not finite and finalised, when a lead is known by its self-energy or modes alone, or when a Hamiltonian is not
    finite and Hermitian."""
    check_kind(fsyst)
    arrays = device_arrays(fsyst, params)
    offsets = arrays["device/orbital_offsets"]
    for k, (lead, sites) in enumerate(zip(fsyst.leads, fsyst.lead_interfaces)):
        for name, array in lead_arrays(lead, k, orbitals_of(sites, offsets), params).items():
            arrays[f"leads/{k}/{name}"] = array
    unfinished = f"{path}.part"
    with h5py.File(unfinished, "w") as file:
        file.attrs.update(format=FORMAT, version=VERSION, title=title)
        for name, array in arrays.items():
            file[name] = array
    os.replace(unfinished, path)


def check_kind(fsyst):
    if hasattr(fsyst, "finalized"):
        raise CannotExport("this is a Builder; export what its finalized() returns")
    if hasattr(fsyst, "cell_size"):
        raise CannotExport("this is an infinite system, one lead alone; attach it to a finite system")
    if not hasattr(fsyst, "hamiltonian_submatrix") or not hasattr(fsyst, "lead_interfaces"):
        raise CannotExport(f"{type(fsyst).__name__} is not a finalised finite Kwant system")
    if len(fsyst.leads) == 0:
        raise CannotExport("the system has no leads; a scattering problem needs one")


def device_arrays(fsyst, params):
    """The device's datasets: H in compressed rows, the orbitals of each site, and positions where the sites have any."""
    matrix, n_orbitals, _ = fsyst.hamiltonian_submatrix(params=params, sparse=True, return_norb=True)
    matrix = matrix.tocoo()
    indptr, indices, values = compressed_rows(matrix.row, matrix.col, np.asarray(matrix.data, complex), matrix.shape[0])
    require_finite(values, "the device's Hamiltonian")
    arrays = {"device/indptr": indptr, "device/indices": indices, "device/values": values,
              "device/orbital_offsets": np.concatenate([[0], np.cumsum(n_orbitals)]).astype(np.int64)}
    positions = site_positions(fsyst, len(n_orbitals))
    if positions is not None:
        arrays["device/positions"] = positions
    return arrays


def compressed_rows(rows, columns, values, n):
    """Coordinates to CSR, ascending in each row; entries given twice are added up. Refuses what is not Hermitian."""
    place = np.asarray(rows, np.int64) * n + np.asarray(columns, np.int64)
    place, which = np.unique(place, return_inverse=True)
    total = np.zeros(len(place), complex)
    np.add.at(total, which, values)
    rows, columns = place // n, place % n
    mirror = columns * n + rows
    at = np.minimum(np.searchsorted(place, mirror), len(place) - 1)
    mirrored = np.where(place[at] == mirror, total[at], 0) if len(place) else total
    require_hermitian(total, mirrored, lambda i: (rows[i], columns[i]), "the device's Hamiltonian")
    return np.searchsorted(rows, np.arange(n + 1)).astype(np.int64), columns, total


def site_positions(fsyst, n_sites):
    """An array (sites, dimension); None where sites have no position, or one that is not 1 to 3 numbers."""
    try:
        positions = np.array([fsyst.pos(i) for i in range(n_sites)], float)
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return None
    return positions if positions.ndim == 2 and 1 <= positions.shape[1] <= 3 else None


def orbitals_of(sites, offsets):
    return np.concatenate([np.arange(offsets[s], offsets[s + 1]) for s in sites]).astype(np.int64)


def lead_arrays(lead, k, interface, params):
    if not hasattr(lead, "cell_hamiltonian") or not hasattr(lead, "inter_cell_hopping"):
        raise CannotExport(f"lead {k} is a {type(lead).__name__}, known by its self-energy or modes; the file holds leads made of "
                           "unit cells: attach a builder with a translational symmetry")
    cell = np.asarray(lead.cell_hamiltonian(params=params), complex)
    hopping = np.asarray(lead.inter_cell_hopping(params=params), complex)
    require_finite(cell, f"the cell of lead {k}")
    require_finite(hopping, f"the hopping of lead {k}")
    require_hermitian(cell.ravel(), cell.T.ravel(), lambda i: np.unravel_index(i, cell.shape), f"the cell of lead {k}")
    if hopping.shape[1] != len(interface):
        raise CannotExport(f"lead {k} couples to {hopping.shape[1]} orbitals, but the sites of its interface have {len(interface)}")
    return {"cell": cell, "hopping": hopping, "interface": interface}


def require_finite(values, what):
    if not np.all(np.isfinite(values)):
        raise CannotExport(f"{what} holds NaN or infinity")


def require_hermitian(values, mirrored, where, what):
    """`mirrored` holds, for each entry (i, j) of `values`, the entry (j, i)."""
    error = np.abs(values - np.conj(mirrored))
    if error.size and error.max() > HERMITIAN_TOLERANCE * np.abs(values).max():
        row, column = where(int(np.argmax(error)))
        raise CannotExport(f"{what} is not Hermitian: H({row},{column}) is {values[np.argmax(error)]:.6g} and H({column},{row}) is "
                           f"{mirrored[np.argmax(error)]:.6g}")
