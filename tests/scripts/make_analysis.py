"""Writes a folder as `edotb analyse` leaves it, from closed formulas: analysis.h5 and deconvolution.json in the form of docs/results.md.

make_analysis() writes every kind of curve that the report can draw; parts can be left out, and the report must then say why.
"""
import json
import os

import h5py
import numpy as np

FIELD = np.array([0.0, 1, 2, 3, 4, 5])
CURVES = ("bar", "spine", "edge", "disc")
COEFFICIENT = 0.02      # of the bar's conductance, G = 1 + c B^2 cos^2


def change_of(name, field, angle, temperature):
    cosine = np.cos(np.radians(angle))
    return {"bar": 1 / (1 + COEFFICIENT * (field * cosine)**2 / temperature) - 1, "spine": 0.03 * field**2, "edge": -0.16 * field,
            "disc": 0.1 * field}[name]


def write_curve(file, number, name, angles, temperatures):
    t, a, b = (axis.ravel() for axis in np.meshgrid(temperatures, angles, FIELD, indexing="ij"))
    change = np.array([change_of(name, *place) for place in zip(b, a, t)])
    columns = {"field": (b, "T"), "angle": (a, "deg"), "temperature": (t, "K"), "resistance": (2 * (1 + change), "ohm"),
               "resistance_error": (0.02 * np.ones_like(b), "ohm"), "magnetoresistance": (change, "1"),
               "magnetoresistance_error": (np.where(b == 0, 0, 0.01), "1")}
    group = file.create_group(f"curves/{number}")
    for column, (values, unit) in columns.items():
        group[column] = values
        group[column].attrs.update(units=unit, long_name=column)
    kinds = {"bar": "two_terminal", "disc": "corbino"}
    group.attrs.update(run="somewhere/plate", sample="film", setup=name, kind=kinds.get(name, name), parity="none", current="in\nout",
                       voltage="a\nb", shape="corbino" if name == "disc" else "bar", engine="continuum")


def write_fit(file, number, curve):
    """Of the two parameters of the second law one is not determined."""
    group = file.create_group(f"fits/{number}")
    value, line = 1 + COEFFICIENT * FIELD**2, np.linspace(0, 5, 31)
    columns = {"x": (FIELD, "T", "field"), "part": (0 * FIELD, "1", "part"), "value": (value, "e^2/h", "conductance"),
               "error": (0.01 + 0 * FIELD, "e^2/h", "error"), "line_x": (line, "T", "field"), "line_part": (0 * line, "1", "part")}
    for column, (values, unit, name) in columns.items():
        group[column] = values
        group[column].attrs.update(units=unit, long_name=name)
    group.attrs.update(curve=str(curve), where="0 deg, 2 K", errors="standard errors of the readings", parts="")
    laws = (("quadratic in the field", "c_0 + c B^2", "c_0\nc", "e^2/h\ne^2/h/T^2", (1, COEFFICIENT), (0.004, 0.0012),
             1 + COEFFICIENT * line**2, 0.9),
            ("Kawabata", "sigma_0 + ...", "sigma_0\nl_phi", "e^2/h\nnm", (1.1, 300), (0.02, np.inf), 1.1 + 0.05 * line, 0.1))
    for k, (law, formula, names, units, parameters, errors, drawn, weight) in enumerate(laws):
        one = group.create_group(f"laws/{k}")
        for name, values in (("parameter", parameters), ("parameter_error", errors), ("line", drawn), ("fitted", np.interp(FIELD, line, drawn)),
                             ("residual", (value - np.interp(FIELD, line, drawn)) / 0.01), ("chi_squared", [4.5]),
                             ("degrees_of_freedom", [4.0]), ("probability", [0.34]), ("akaike_weight", [weight])):
            one[name] = np.asarray(values, float)
        one.attrs.update(law=law, formula=formula, parameters=names, parameter_units=units, has_errors="yes")


def component(value, error):
    return {"value": value, "error": error, "interval_95": [value - 1.96 * error, value + 1.96 * error]}


def deconvolution():
    """sigma_perp is not determined in the last field, the Hall part nowhere fitted."""
    fields = [{"field": b, "parallel": component(1e5 * (1 + COEFFICIENT * b**2), 500.0),
               "perpendicular": component(1e5 / (1 + b**2), 100.0) if b < 5 else None, "hall": None, "hall_taken_zero": b > 0,
               "magnetoconductivity": {"value": COEFFICIENT * b**2, "error": 0.007}, "chi_squared": 6.5,
               "degrees_of_freedom": 6} for b in FIELD.tolist()]
    pairs = [{"run": "somewhere/plate", "setup": "spine", "n_readings": 12, "chi_squared": 11.5, "largest": -2.1}]
    return [{"sample": "film", "temperature": 2.0, "units": {"field": "T", "temperature": "K", "conductivity": "S/m"}, "fields": fields,
             "pairs": pairs, "chi_squared": 39.0, "degrees_of_freedom": 36, "probability": 0.34, "notes": ["a note"],
             "anomaly": {"sigma_0": {"value": 1e5, "error": 200.0}, "coefficient": {"value": 2000.0, "error": 23.0}, "chi_squared": 5.9,
                         "probability": 0.2}}]


def make_analysis(folder, curves=CURVES, angles=(0, 30, 60, 90), temperatures=(2.0, 8.0), fitted=True, deconvolved=True):
    os.makedirs(folder, exist_ok=True)
    with h5py.File(os.path.join(folder, "analysis.h5"), "w") as file:
        file.attrs.update(format="edotb-analysis", format_version=1, version="0.1.0", git_hash="0123")
        for number, name in enumerate(curves):
            write_curve(file, number, name, angles if name == "bar" else angles[:1], temperatures)
        if fitted:
            write_fit(file, 0, 0)
    if deconvolved:
        with open(os.path.join(folder, "deconvolution.json"), "w", encoding="utf-8") as file:
            json.dump(deconvolution(), file)
