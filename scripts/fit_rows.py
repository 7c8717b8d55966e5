"""The numbers of fitted laws as texts: each with its unit and its error, or with the words that it has none."""
import analysis_results as ar
import edotb_results as er
from drawing_parts import estimate

np = er.np
HEAD = ["Law", "Formula", "Parameter", "Value (unit as given, else 1)", "χ² per degrees of freedom (1)", "Probability of such a χ² (1)",
        "Akaike weight (1)"]


def parameter_text(law, i):
    if not np.isfinite(law.errors[i]):
        return "not determined"
    return estimate(law.values[i], law.errors[i], ar.unit_text(law.units[i]))


def chi_squared_text(law):
    """A sum of squares of the readings: exact."""
    return f"{law.chi_squared:.3g}/{law.degrees_of_freedom} (exact)" if law.has_errors else "not known: the readings have no errors"


def unit_words(series):
    return ar.unit_text(series.unit) or "1"


def residual_unit(series):
    return "errors" if series.laws[0].has_errors else unit_words(series)


def fit_rows(series):
    """One row for each parameter of each law, in the order of HEAD."""
    return [[law.law, law.formula, name, parameter_text(law, i), chi_squared_text(law),
             f"{law.probability:.2g} (exact)" if law.has_errors else "not known", f"{law.weight:.2g} (exact)"]
            for law in series.laws for i, name in enumerate(law.names)]
