"""Reads analysis.h5 and deconvolution.json of `edotb analyse`: curves of resistance, fitted laws, conductivities without the current's path."""
import json
import os
from dataclasses import dataclass

import edotb_results as er

np = er.np
FILE = "analysis.h5"


@dataclass
class Curve:
    """The readings of one setup of one run; every array has one entry per reading."""
    run: str
    setup: str
    kind: str
    shape: str
    engine: str
    energy: str                  # "-1 t", or "" for a conductor
    field: np.ndarray
    angle: np.ndarray            # degrees
    temperature: np.ndarray      # 0: zero temperature
    resistance: np.ndarray
    error: np.ndarray            # 0: exact
    change: np.ndarray           # R/R(0) - 1, NaN where it is not known
    change_error: np.ndarray
    units: dict                  # of field, temperature, resistance
    label: str = ""

    @property
    def lowest(self):
        return self.temperature.min()

    @property
    def is_longitudinal(self):
        return self.kind in ("two_terminal", "four_probe", "spine", "edge") and self.shape != "corbino"

    @property
    def angles(self):
        """At which there are readings in a field."""
        return np.unique(self.angle[self.field != 0])

    def along_field(self, angle, temperature):
        """(field, change, error) at one angle, with the reading at zero field of any angle; by rising field."""
        here = (self.temperature == temperature) & ((np.abs(self.angle - angle) < 1e-9) | (self.field == 0)) & np.isfinite(self.change)
        field, first = np.unique(self.field[here], return_index=True)
        return field, self.change[here][first], self.change_error[here][first]


@dataclass
class Law:
    law: str
    formula: str
    names: list
    units: list
    values: np.ndarray
    errors: np.ndarray           # infinite: not determined
    line: np.ndarray
    residual: np.ndarray
    chi_squared: float
    degrees_of_freedom: int
    probability: float
    weight: float
    has_errors: bool


@dataclass
class Series:
    """Readings along one axis, and the laws fitted to them."""
    curve: Curve
    where: str
    abscissa: str
    abscissa_unit: str
    quantity: str
    unit: str
    error_words: str
    parts: list
    x: np.ndarray
    part: np.ndarray
    value: np.ndarray
    error: np.ndarray            # 0: not known
    line_x: np.ndarray
    line_part: np.ndarray
    laws: list


@dataclass
class Analysis:
    path: str
    curves: list
    fits: list
    deconvolutions: list         # as deconvolution.json has them


def unit_text(unit):
    """'e²/h', '' for '1'."""
    shown = {"1": "", "ohm": "Ω", "deg": "°", "rad/plaquette": "rad per plaquette", "t/k_B": "t/k_B", "mu_B": "μ_B"}.get(unit, unit)
    return shown.replace("^2", "²").replace("e2/h", "e²/h").replace("ohm", "Ω")


def in_brackets(unit):
    """' (T)'; ' (1)' for a plain number."""
    return f" ({unit_text(unit) or '1'})"


def read(folder):
    """The analysis in a folder; None where there is none."""
    path = os.path.join(folder, FILE)
    if not os.path.exists(path):
        return None
    try:
        file = er.h5py.File(path, "r")
    except OSError as error:
        raise er.ResultsError(f"{path}: cannot be read as HDF5 ({error})") from error
    with file:
        if er._text(file.attrs.get("format", "")) != "edotb-analysis" or int(file.attrs.get("format_version", 0)) != 1:
            raise er.ResultsError(f"{path}: not an analysis of edotb, version 1")
        try:
            curves = [_curve(group) for group in _groups(file, "curves")]
            _label(curves)
            return Analysis(path, curves, [_series(group, curves) for group in _groups(file, "fits")], _deconvolutions(folder))
        except KeyError as error:
            raise er.ResultsError(f"{path}: {error.args[0]}") from error


def _groups(file, name):
    return [file[name][key] for key in sorted(file[name], key=int)] if name in file else []


def _curve(group):
    text = {key: er._text(value) for key, value in group.attrs.items()}
    columns = {name: data[...] for name, data in group.items()}
    nothing = np.full(len(columns["field"]), np.nan)
    units = {name: er._text(group[name].attrs["units"]) for name in ("field", "temperature", "resistance")}
    return Curve(text["run"], text["setup"], text["kind"], text["shape"], text["engine"], text.get("energy", ""), columns["field"],
                 columns["angle"], columns["temperature"], columns["resistance"], columns["resistance_error"],
                 columns.get("magnetoresistance", nothing), columns.get("magnetoresistance_error", nothing), units)


def _label(curves):
    """Setups where these tell the curves apart, else with the folder, else with the energy as well."""
    for form in (lambda c: c.setup, lambda c: f"{os.path.basename(os.path.normpath(c.run))}: {c.setup}",
                 lambda c: f"{c.run}: {c.setup}, {c.energy}"):
        labels = [form(curve) for curve in curves]
        if len(set(labels)) == len(labels):
            break
    for curve, label in zip(curves, labels):
        curve.label = label


def _series(group, curves):
    text = {key: er._text(value) for key, value in group.attrs.items()}
    columns = {name: group[name][...] for name in ("x", "part", "value", "error", "line_x", "line_part")}
    name, unit = er._text(group["x"].attrs["long_name"]), er._text(group["x"].attrs["units"])
    return Series(curves[int(text["curve"])], text["where"], name, unit, er._text(group["value"].attrs["long_name"]),
                  er._text(group["value"].attrs["units"]), text["errors"], text["parts"].split("\n"), columns["x"],
                  columns["part"].astype(int), columns["value"], columns["error"], columns["line_x"], columns["line_part"].astype(int),
                  [_law(law) for law in _groups(group, "laws")])


def _law(group):
    text = {key: er._text(value) for key, value in group.attrs.items()}
    one = {name: group[name][0] for name in ("chi_squared", "degrees_of_freedom", "probability", "akaike_weight")}
    return Law(text["law"], text["formula"], text["parameters"].split("\n"), text["parameter_units"].split("\n"), group["parameter"][...],
               group["parameter_error"][...], group["line"][...], group["residual"][...], one["chi_squared"],
               int(one["degrees_of_freedom"]), one["probability"], one["akaike_weight"], text["has_errors"] == "yes")


def _deconvolutions(folder):
    path = os.path.join(folder, "deconvolution.json")
    if not os.path.exists(path):
        return []
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except ValueError as error:
        raise er.ResultsError(f"{path}: cannot be read ({error})") from error
