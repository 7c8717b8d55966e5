"""Kwant's low-level interface of finalised systems (kwant.system), as far as its documentation promises it: enough to test
scripts/export_kwant.py where Kwant is not installed. Values are numbers, matrices, or functions of named parameters."""
import inspect
import types

import numpy as np


class Coordinates:
    """Of scipy.sparse.coo_matrix what a reader of one needs."""

    def __init__(self, row, col, data, shape):
        self.row, self.col, self.data, self.shape = np.array(row, np.int32), np.array(col, np.int32), np.array(data, complex), shape

    def tocoo(self):
        return self


class System:
    """`onsites[i]`, and `hoppings[i, j]` from site j to site i; of a hopping and its adjoint either or both may be given."""

    def __init__(self, onsites, hoppings):
        self.onsites, self.hoppings = onsites, hoppings
        self.graph = types.SimpleNamespace(num_nodes=len(onsites))

    def hamiltonian(self, i, j, *args, params=None):
        if i == j:
            return self.value(self.onsites[i], args, params)
        if (i, j) in self.hoppings:
            return self.value(self.hoppings[i, j], args, params)
        return self.value(self.hoppings[j, i], args, params).conj().T

    @staticmethod
    def value(value, args, params):
        if callable(value):
            names = list(inspect.signature(value).parameters)
            value = value(*args) if args else value(**{name: params[name] for name in names})
        return np.atleast_2d(np.array(value, complex))

    def has_hopping(self, i, j):
        return (i, j) in self.hoppings or (j, i) in self.hoppings

    def hamiltonian_submatrix(self, args=(), to_sites=None, from_sites=None, sparse=False, return_norb=False, *, params=None):
        every = range(self.graph.num_nodes)
        to_sites = every if to_sites is None else to_sites
        from_sites = every if from_sites is None else from_sites
        to_norb, from_norb = ([len(self.hamiltonian(i, i, *args, params=params)) for i in sites] for sites in (to_sites, from_sites))
        to_offset, from_offset = (np.concatenate([[0], np.cumsum(norb)]) for norb in (to_norb, from_norb))
        rows, columns, values = [], [], []
        for n, i in enumerate(to_sites):
            for m, j in enumerate(from_sites):
                if i != j and not self.has_hopping(i, j):
                    continue
                block = self.hamiltonian(i, j, *args, params=params)
                for a, b in np.ndindex(block.shape):
                    rows.append(to_offset[n] + a)
                    columns.append(from_offset[m] + b)
                    values.append(block[a, b])
        matrix = Coordinates(rows, columns, values, (to_offset[-1], from_offset[-1]))
        if not sparse:
            dense = np.zeros(matrix.shape, complex)
            np.add.at(dense, (matrix.row, matrix.col), matrix.data)
            matrix = dense
        return (matrix, np.array(to_norb, np.int32), np.array(from_norb, np.int32)) if return_norb else matrix


class FiniteSystem(System):
    def __init__(self, onsites, hoppings, leads=(), lead_interfaces=(), positions=None):
        super().__init__(onsites, hoppings)
        self.leads, self.lead_interfaces = list(leads), [np.array(sites, np.int32) for sites in lead_interfaces]
        self.lead_paddings = [[] for _ in self.leads]
        self.positions = positions

    def pos(self, i):
        if self.positions is None:
            raise AttributeError("the site family has no attribute 'pos'")
        return self.positions[i]


class InfiniteSystem(System):
    """The first `cell_size` sites are a cell, the others those of the cell before, nearer to the device, that couple to it."""

    def __init__(self, onsites, hoppings, cell_size):
        super().__init__(onsites, hoppings)
        self.cell_size = cell_size

    def cell_hamiltonian(self, args=(), sparse=False, *, params=None):
        cell = range(self.cell_size)
        return self.hamiltonian_submatrix(args, cell, cell, sparse, params=params)

    def inter_cell_hopping(self, args=(), sparse=False, *, params=None):
        interface = range(self.cell_size, self.graph.num_nodes)
        return self.hamiltonian_submatrix(args, range(self.cell_size), interface, sparse, params=params)


class SelfEnergyLead:
    def __init__(self, selfenergy_func):
        self.selfenergy_func = selfenergy_func
        self.parameters = frozenset()

    def selfenergy(self, energy, args=(), *, params=None):
        return self.selfenergy_func(energy, args, params=params)
