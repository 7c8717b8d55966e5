"""Figures of an analysis that show what was fitted: laws with their residuals, and conductivities without the current's path."""
import functools

import analysis_results as ar
import edotb_results as er
import plot
from circle_drawings import all_circles, is_circle
from drawing_parts import (Absent, Shown, alt_of, draw_points, estimate, finish_axes, legend_above, new_figure, percent, side_by_side,
                           style_of)
from fit_rows import HEAD, fit_rows, parameter_text, residual_unit, unit_words

np = er.np


# ------------------------------------------------------------------------------------------------------------------- fits

def fit_shown(series):
    best = max(series.laws, key=lambda law: law.weight)
    choice = "" if len(series.laws) == 1 else f"Of {len(series.laws)} laws the most probable (Akaike weight {best.weight:.2g}) is: "
    sentence = f"{choice}{best.law}: " + ", ".join(f"{name} = {parameter_text(best, i)}" for i, name in enumerate(best.names))
    if best.has_errors:
        sentence += f"; χ² is {best.chi_squared:.3g} for {best.degrees_of_freedom} degrees of freedom"
        if best.probability < UNLIKELY:
            sentence += ", so that the law does not describe the readings, and its parameters mean nothing"
    title = f"Laws fitted to {series.curve.label}, {series.where}"
    caption = (f"Readings with errors ({series.error_words}) and the fitted laws; below, the residuals of each law in units of the error.")
    if not series.laws[0].has_errors:
        caption = caption.replace("in units of the error", f"in units of {residual_unit(series)}")
    return Shown(plot.Drawing("fit", title, f"{caption} {sentence}.", alt_of(
        f"Chart of the {series.quantity} against {series.abscissa} with fitted laws, and their residuals.", [sentence]),
        functools.partial(fit_figure, series)), HEAD, fit_rows(series))


UNLIKELY = 1e-3      # of such a chi^2: the law, or the errors, are wrong
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))


def fit_figure(series, layout):
    n = len(series.laws)
    narrow = layout == "narrow"
    figure = new_figure(4.1 if narrow else 6.6, 3.0 + 0.85 * n + 0.22 * n + (0.2 if len(series.parts) > 1 else 0))
    axes = figure.subplots(1 + n, 1, sharex=True, height_ratios=[3.2] + [1] * n, squeeze=False)[:, 0]
    for p, part in enumerate(series.parts):
        here = series.part == p
        axes[0].errorbar(series.x[here], series.value[here], series.error[here], linestyle="none", color="#1b1f23", marker=plot.MARKERS[p],
                         markersize=4.5, elinewidth=1.1, capsize=2.5, label=part or "readings", zorder=3)
    for i, law in enumerate(series.laws):
        colour = plot.PALETTE[i % len(plot.PALETTE)]
        for p in range(len(series.parts)):
            on = series.line_part == p
            dashes = LINES[(i + p * (series.abscissa == "field")) % len(LINES)]
            axes[0].plot(series.line_x[on], law.line[on], color=colour, linestyle=dashes, linewidth=1.5,
                         label=law.law if p == 0 else None)
        axes[1 + i].axhline(0, color=plot.FAINT, linewidth=0.9)
        for p in range(len(series.parts)):
            here = series.part == p
            axes[1 + i].plot(series.x[here], law.residual[here], linestyle="none", marker=plot.MARKERS[p], markersize=4.5, color=colour)
        largest = max(np.abs(law.residual).max(initial=0) * 1.25, 2 if law.has_errors else 0) or 1
        axes[1 + i].set_ylim(-largest, largest)
        axes[1 + i].yaxis.set_major_locator(plot.MaxNLocator(nbins=3, symmetric=True))
        axes[1 + i].set_title(law.law, fontsize=8.5, color=colour, pad=2)
    middle = axes[1 + (n - 1) // 2]
    middle.set_ylabel(f"Residual\n({residual_unit(series)})")
    name = {"field": "Field $B$", "angle": r"Angle to the current $\theta$", "field over temperature": "$B/T$"}[series.abscissa]
    unit = "degrees" if series.abscissa == "angle" else ar.unit_text(series.abscissa_unit)
    axes[-1].set_xlabel(f"{name} ({unit})")
    axes[0].set_ylabel(f"{series.quantity.capitalize()} ({unit_words(series)})")
    axes[0].ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)
    legend_above(figure, *axes[0].get_legend_handles_labels(), 1 if narrow else 2)
    return figure


def fits(series):
    if not series:
        return [Absent("Fits with residuals", "no setup has five fields, four angles, two temperatures, or spine and edge of one plate")]
    return all_circles(series) + [fit_shown(one) for one in series if not is_circle(one)]


# -------------------------------------------------------------------------------------------------------------- deconvolution

COMPONENTS = (("parallel", r"$\sigma_\parallel$", "σ_par, along the field"), ("perpendicular", r"$\sigma_\perp$", "σ_perp, across it"),
              ("hall", r"$\sigma_H$", "σ_H, Hall part"))


def component_text(entry, name, unit):
    if name == "hall" and entry["hall_taken_zero"]:
        return "taken as 0 (exact)"
    part = entry[name]
    if part is None:
        return "not determined"
    low, high = part["interval_95"]
    return f"{estimate(part['value'], part['error'], unit)}; 95 %: {low:.4g} to {high:.4g}"


def deconvolution_shown(result):
    unit, field_unit = ar.unit_text(result["units"]["conductivity"]), ar.unit_text(result["units"]["field"])
    rows = []
    for entry in result["fields"]:
        change = entry["magnetoconductivity"]
        rows.append([f"{er.number(entry['field'])} {field_unit} (exact)", *(component_text(entry, name, unit) for name, _, _ in COMPONENTS),
                     percent(change["value"], change["error"]) if change else "not determined",
                     f"{entry['chi_squared']:.3g}/{entry['degrees_of_freedom']} (exact)"])
    missing = [f"{words}: not determined in {er.plural(n, 'field')} of {len(result['fields'])}" for name, _, words in COMPONENTS
               if (n := sum(e[name] is None and not (name == "hall" and e["hall_taken_zero"]) for e in result["fields"]))]
    sentences = missing + [f"In {rows[-1][0].removesuffix(' (exact)')}: along the field {rows[-1][1]}, across it {rows[-1][2]}"]
    anomaly = result.get("anomaly")
    law = ""
    if anomaly and anomaly["coefficient"]:
        c = anomaly["coefficient"]
        law = f" Line: σ_par = σ_0 + cB², c = {estimate(c['value'], c['error'], f'{unit}/{field_unit}²')}, χ² = {anomaly['chi_squared']:.3g}."
    caption = (f"{result['sample']} at {er.number(result['temperature'])} {ar.unit_text(result['units']['temperature'])}: the conductivities that "
               f"explain all readings, with 95 % intervals.{law} χ² = {result['chi_squared']:.3g} for {result['degrees_of_freedom']} degrees of "
               f"freedom in all. " + " ".join(f"{text}." for text in missing + [note.rstrip(".") for note in result["notes"]]))
    title = f"Conductivities of {result['sample']} without the current's path"
    return Shown(plot.Drawing("deconvolution", title, caption.strip(), alt_of(
        "Charts of the conductivities along and across the field and of the Hall part, and of the change along the field, against field.",
        sentences), functools.partial(deconvolution_figure, result, unit, field_unit)),
        ["Field", "σ_par", "σ_perp", "σ_H", "σ_par(B)/σ_par(0) − 1", "χ² per degrees of freedom (1)"], rows)


def deconvolution_figure(result, unit, field_unit, layout):
    figure, (left, right) = side_by_side(layout, 2, 3.6)
    label, fields = f"Field $B$ ({field_unit})", result["fields"]
    for i, (name, symbol, _) in enumerate(COMPONENTS):
        # Without a field there is no Hall part to be known.
        known = [(e["field"], e[name]) for e in fields if e[name] is not None and (name != "hall" or e["field"] != 0)]
        if not known:
            words = "taken as 0" if name == "hall" and all(e["hall_taken_zero"] for e in fields if e["field"] != 0) else "not determined"
            left.plot([], [], color=plot.PALETTE[i], marker=plot.MARKERS[i], label=f"{symbol}: {words}")
            continue
        value = np.array([part["value"] for _, part in known])
        low, high = (np.array([part["interval_95"][k] for _, part in known]) for k in (0, 1))
        style = style_of(i)
        left.errorbar([b for b, _ in known], value, (value - low, high - value), capsize=2.5, linewidth=1.4, elinewidth=1.1, label=symbol, **style)
    values = [e[name]["value"] for e in fields for name, _, _ in COMPONENTS if e[name] and (name != "hall" or e["field"] != 0)]
    if values and min(values) > 0 and max(values) > 30 * min(values):
        left.set_yscale("log")
    finish = f"Conductivity ({unit or '1'})"
    left.set(xlabel=label, ylabel=finish, title="Intrinsic tensor")
    left.legend(frameon=False)
    change = [(e["field"], e["magnetoconductivity"]) for e in fields if e["magnetoconductivity"]]
    if change:
        draw_points(right, np.array([b for b, _ in change]), np.array([c["value"] for _, c in change]), np.array([c["error"] for _, c in change]), 0,
                    "", line=False)
    else:
        right.text(0.5, 0.5, "not determined", transform=right.transAxes, ha="center", va="center", color=plot.FAINT)
    anomaly = result.get("anomaly")
    if anomaly and anomaly["coefficient"] and anomaly["sigma_0"] and change and fields[0]["parallel"]:
        b, zero = np.linspace(0, max(x for x, _ in change), 100), fields[0]["parallel"]["value"]
        along = anomaly["sigma_0"]["value"] + anomaly["coefficient"]["value"] * b**2
        right.plot(b, along / zero - 1, color=plot.FAINT, linestyle="--", linewidth=1.2, label=r"$\sigma_0 + cB^2$")
        right.legend(frameon=False)
    finish_axes(right, label, r"$\sigma_\parallel(B)/\sigma_\parallel(0) - 1$", "Change along the field", zero=True)
    return figure


def deconvolution(results):
    if not results:
        return [Absent("Conductivities without the current's path", "not asked for: `edotb analyse DIR --deconvolve`, of conductors")]
    return [deconvolution_shown(result) for result in results]
