"""The figures of an analysis: each is a plot.Drawing with the numbers it shows as a table, or the reason why the runs do not allow it.

change of resistance      R(B)/R(0) - 1, one panel per setup, one line per angle, at the lowest temperature
angle                     R(theta)/R(0) in the highest field, polar and on straight axes, one line per setup
spine and edge            the squeeze test: both changes, and their difference
bar and Corbino disc      the change along the field and that of a disc in a field along its normal
collapse                  R/R(0) against B and against B/T, one line per temperature
fits                      readings and laws, with the residuals of each law below
conductivities            sigma along and across the field and its Hall part, with the current's path removed, and 95 % intervals
"""
import functools
from dataclasses import dataclass

import analysis_results as ar
import edotb_results as er
import plot

np = er.np
CHANGE = "$R(B)/R(0) - 1$"
MOST_LINES = 7
WIDE = 15


@dataclass
class Shown:
    """A figure with the same numbers as a table; `rows` are texts."""
    drawing: plot.Drawing
    head: list
    rows: list


@dataclass
class Absent:
    """A figure that the runs do not allow, and what would."""
    title: str
    reason: str


# ----------------------------------------------------------------------------------------------------------------- pieces

def estimate(value, error, unit=""):
    """'1.20 ± 0.10 T'; an error of 0 is exact, of NaN not known."""
    tail = f" {unit}" if unit else ""
    if not np.isfinite(value):
        return "not known"
    if error == 0:
        return f"{er.number(value)}{tail} (exact)"
    if not np.isfinite(error):
        return f"{er.number(value)}{tail} (error not known)"
    if error > 1e-5 and abs(value) < 1e6:
        return f"{er.with_error(value, error)}{tail}"
    return f"{value:.5g} ± {error:.2g}{tail}".replace("-", er.MINUS)


def percent(value, error):
    return estimate(100 * value, 100 * error, "%")


def temperature_words(curve):
    return f" at {er.number(curve.lowest)} {ar.unit_text(curve.units['temperature'])}" if curve.lowest > 0 else ""


def field_head(curve):
    return f"B{ar.in_brackets(curve.units['field'])}, exact"


def field_words(curve, field):
    return f"{er.number(field)} {ar.unit_text(curve.units['field'])}"


def alt_of(what, sentences):
    return f"{what} " + " ".join(f"{sentence}." for sentence in sentences)


def style_of(index):
    return {"color": plot.PALETTE[index % len(plot.PALETTE)], "marker": plot.MARKERS[index % len(plot.MARKERS)], "markersize": 4.5}


def draw_points(ax, x, y, error, index, label, line=True):
    """Values with their bars; a band as well where a line joins them."""
    style = style_of(index)
    ax.errorbar(x, y, np.nan_to_num(error), linestyle="-" if line else "none", linewidth=1.4, elinewidth=1.1, capsize=2.5, label=label, **style)
    if line and np.any(np.nan_to_num(error) > 0):
        ax.fill_between(x, y - error, y + error, color=style["color"], alpha=0.18, linewidth=0)


def finish_axes(ax, xlabel, ylabel, title="", zero=False):
    if zero:
        ax.axhline(0, color=plot.FAINT, linewidth=0.9, zorder=1)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.xaxis.set_major_locator(plot.MaxNLocator(nbins=6))
    ax.ticklabel_format(axis="both", scilimits=(-3, 4), useMathText=True)


def legend_above(figure, handles, labels, columns, title=None):
    """A legend along the top, with room of its own."""
    rows = -(-len(labels) // columns) + bool(title)
    inches = 0.12 + 0.2 * rows
    figure.set_figheight(figure.get_figheight() + inches)
    figure.legend(handles, labels, title=title, loc="upper left", ncol=columns, frameon=False, borderaxespad=0.2, columnspacing=1.4)._legend_box.align = "left"
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - inches / figure.get_figheight()))


def new_figure(width, height):
    return plot.Figure(figsize=(width, height))


def side_by_side(layout, n, height=3.2, width=8.6):
    """n panels beside each other, or below each other on a phone: (figure, axes)."""
    narrow = layout == "narrow"
    figure = new_figure(4.1 if narrow else width, height * (n if narrow else 1) + 0.5)
    axes = figure.subplots(n if narrow else 1, 1 if narrow else n, squeeze=False).ravel()
    return figure, axes


# ------------------------------------------------------------------------------------------------------ change of resistance

def magnetoresistance(curves):
    chosen = [c for c in curves if np.isfinite(c.change).any() and len(np.unique(c.field)) > 1]
    if not chosen:
        return Absent("Change of the resistance in a field",
                      "no setup was read both without a field and in one; add 0 to field.magnitude")
    shown = [chosen[i] for i in er.thin(len(chosen), plot.MOST_PANELS)]
    angles = sorted({angle for curve in shown for angle in curve.angles})
    angles = [angles[i] for i in er.thin(len(angles), MOST_LINES)]
    rows, sentences = [], []
    for curve in shown:
        for angle in [a for a in angles if a in curve.angles]:
            field, change, error = curve.along_field(angle, curve.lowest)
            rows += [[curve.label, f"{er.number(angle)}° (exact)", f"{field_words(curve, b)} (exact)", percent(y, s)]
                     for b, y, s in zip(field, change, error)]
            last = int(np.argmax(np.abs(field)))
            sentences.append(f"{curve.label}, {er.number(angle)}°: {percent(change[last], error[last])} at {field_words(curve, field[last])}")
    caption = ("Change of the resistance against zero field, R(B)/R(0) − 1, with one standard error, at the lowest temperature. "
               + ("Each realisation is compared with itself. " if any(c.engine == "coherent" for c in shown) else "")
               + plot.thinned_text(shown, chosen, "setups"))
    drawing = plot.Drawing("magnetoresistance", "Change of the resistance in a field", caption.strip(),
                           alt_of("Line charts of R(B)/R(0) − 1 against field, a panel for each setup, a line for each angle.", sentences),
                           functools.partial(magnetoresistance_figure, shown, angles))
    return Shown(drawing, ["Setup", "Angle", "Field", "R(B)/R(0) − 1"], rows)


def open_up(ax, lines):
    """Where one line is far smaller than another, the axis is linear up to the smaller and logarithmic beyond."""
    sizes = [size for line in lines if (size := np.nanmax(np.abs(line), initial=0)) > 0]
    if len(sizes) < 2 or max(sizes) < WIDE * min(sizes):
        return
    linear = float(f"{max(min(sizes), max(sizes) / 1e3):.1g}")
    ax.set_yscale("symlog", linthresh=linear, linscale=1.5)
    low, high = ax.get_ylim()
    ax.set_ylim(1.5 * low if low < -linear else low, 1.5 * high if high > linear else high)
    beyond = 10.0 ** np.arange(np.ceil(np.log10(2 * linear)), np.ceil(np.log10(max(-low, high))))
    ticks = np.concatenate([-beyond[::-1], [-linear, 0, linear], beyond])
    ticks = ticks[(ticks >= low) & (ticks <= high)]
    ax.set_yticks(ticks, [f"{tick:g}".replace("-", er.MINUS) for tick in ticks])
    ax.minorticks_off()
    ax.set_ylabel(f"{CHANGE}\n(linear up to ±{linear:g})")


def magnetoresistance_figure(curves, angles, layout):
    n_columns = 1 if layout == "narrow" or len(curves) == 1 else 2
    n_rows = -(-len(curves) // n_columns)
    figure = new_figure(4.1 if layout == "narrow" else 4.6 * n_columns + (2 if n_columns == 1 else 0), 2.9 * n_rows + 0.5)
    axes = figure.subplots(n_rows, n_columns, squeeze=False).ravel()
    for ax in axes[len(curves):]:
        ax.set_visible(False)
    named = {}
    for ax, curve in zip(axes, curves):
        for i, angle in enumerate(angles):
            if angle in curve.angles:
                draw_points(ax, *curve.along_field(angle, curve.lowest), i, f"{er.number(angle)}°")
        finish_axes(ax, f"Field $B$ ({ar.unit_text(curve.units['field'])})", CHANGE, curve.label + temperature_words(curve), zero=True)
        open_up(ax, [curve.along_field(angle, curve.lowest)[1] for angle in angles if angle in curve.angles])
        named |= dict(zip(*ax.get_legend_handles_labels()[::-1]))
    order = [label for label in (f"{er.number(a)}°" for a in angles) if label in named]
    legend_above(figure, [named[label] for label in order], order, 4 if layout == "narrow" else 7, "Angle between field and current")
    return figure


# ------------------------------------------------------------------------------------------------------------------- angle

def by_angle(curve):
    """(highest field, angles, R/R(0), error) at the lowest temperature."""
    in_field = (curve.temperature == curve.lowest) & np.isfinite(curve.change) & (curve.field != 0)
    if not in_field.any():
        return None
    highest = curve.field[in_field].max()
    here = in_field & (curve.field == highest)
    angle, first = np.unique(curve.angle[here], return_index=True)
    return highest, angle, 1 + curve.change[here][first], curve.change_error[here][first]


def angle_dependence(curves):
    found = [(curve, *values) for curve in curves if curve.is_longitudinal and (values := by_angle(curve)) and len(values[1]) > 2]
    if not found:
        return Absent("Resistance against the angle", "no setup was read at three or more angles; list them in field.angle")
    found = [found[i] for i in er.thin(len(found), MOST_LINES)]
    rows = [[curve.label, f"{field_words(curve, field)} (exact)", f"{er.number(a)}° (exact)", estimate(y, s)]
            for curve, field, angle, value, error in found for a, y, s in zip(angle, value, error)]
    sentences = [f"{curve.label} in {field_words(curve, field)}: from {estimate(value[0], error[0])} at {er.number(angle[0])}° to "
                 f"{estimate(value[-1], error[-1])} at {er.number(angle[-1])}°" for curve, field, angle, value, error in found]
    drawing = plot.Drawing("resistance_angle", "Resistance against the angle",
                           "R(B)/R(0) in the highest field, at the lowest temperature, with one standard error. 0° is along the current; lines "
                           "only join the readings. The dotted arc is R(0).",
                           alt_of("Polar wedge and line chart of R(B)/R(0) against the angle between field and current.", sentences),
                           functools.partial(angle_figure, found))
    return Shown(drawing, ["Setup", "Field", "Angle", "R(B)/R(0) (1)"], rows)


def angle_figure(found, layout):
    narrow = layout == "narrow"
    figure = new_figure(4.1 if narrow else 8.6, 7.0 if narrow else 3.8)
    polar = figure.add_subplot(2 if narrow else 1, 1 if narrow else 2, 1, projection="polar")
    ax = figure.add_subplot(2 if narrow else 1, 1 if narrow else 2, 2)
    low, high = min(f[2].min() for f in found), max(f[2].max() for f in found)
    dense = np.linspace(low, high, 200)
    polar.plot(np.radians(dense), np.ones_like(dense), color=plot.FAINT, linestyle=":", linewidth=1)
    ax.axhline(1, color=plot.FAINT, linestyle=":", linewidth=1)
    for i, (curve, field, angle, value, error) in enumerate(found):
        fine = np.linspace(angle[0], angle[-1], 40 * (len(angle) - 1) + 1)
        style = style_of(i)
        polar.plot(np.radians(fine), np.interp(fine, angle, value), color=style["color"], linewidth=1.4)
        polar.errorbar(np.radians(angle), value, np.nan_to_num(error), linestyle="none", elinewidth=1.1, **style)
        draw_points(ax, angle, value, error, i, f"{curve.label}, {field_words(curve, field)}")
    polar.set_rlim(0, None)
    polar.yaxis.set_major_locator(plot.MaxNLocator(nbins=3))
    if high - low < 360:
        polar.set_thetamin(low)
        polar.set_thetamax(high)
    ticks = np.unique(np.concatenate([f[2] for f in found]))
    polar.set_thetagrids(ticks[er.thin(len(ticks), 7)])
    polar.set_title("$R(B)/R(0)$", pad=8)
    finish_axes(ax, r"Angle to the current $\theta$ (degrees)", "$R(B)/R(0)$")
    ax.set_xticks(ticks[er.thin(len(ticks), 7)])
    legend_above(figure, *ax.get_legend_handles_labels(), 1 if narrow else 3)
    return figure


# ------------------------------------------------------------------------------------------------------------- spine and edge

def squeeze(curves):
    """The first spine with an edge of the same run, both with the field along the current."""
    for spine in (c for c in curves if c.kind == "spine"):
        for edge in (c for c in curves if c.kind == "edge" and c.run == spine.run):
            if 0 in spine.angles and 0 in edge.angles and np.isfinite(spine.change).any() and np.isfinite(edge.change).any():
                return squeeze_shown(spine, edge)
    return Absent("Spine and edge", "no plate was read both on its middle line and on its edge with the field along the current: "
                                    "measurements of the kinds spine and edge, and an angle of 0")


def squeeze_shown(spine, edge):
    both = [curve.along_field(0, curve.lowest) for curve in (spine, edge)]
    field = np.intersect1d(both[0][0], both[1][0])
    (first, first_error), (second, second_error) = (tuple(v[np.isin(b, field)] for v in values) for b, *values in both)
    difference = first - second, np.hypot(first_error, second_error)
    rows = [[f"{field_words(spine, b)} (exact)", percent(u, su), percent(v, sv), percent(d, sd)]
            for b, u, su, v, sv, d, sd in zip(field, first, first_error, second, second_error, *difference)]
    last = -1
    alt = alt_of("Line chart of R(B)/R(0) − 1 on the spine and on the edge of a plate against field, and their difference.",
                 [f"At {field_words(spine, field[last])} the spine changes by {rows[last][1]} and the edge by {rows[last][2]}, a difference "
                  f"of {rows[last][3]}"])
    caption = (f"Field along the current{temperature_words(spine)}. Where the material alone changes, both lines are the same; where the "
               "current is drawn to the middle line, the spine rises and the edge falls.")
    return Shown(plot.Drawing("spine_edge", "Spine and edge", caption, alt, functools.partial(
        squeeze_figure, spine, field, ((first, first_error), (second, second_error)), difference)),
        ["Field", f"{spine.label}, R(B)/R(0) − 1", f"{edge.label}, R(B)/R(0) − 1", "Difference"], rows)


def squeeze_figure(spine, field, both, difference, layout):
    figure, (left, right) = side_by_side(layout, 2)
    for i, ((value, error), label) in enumerate(zip(both, ("spine (middle line)", "edge"))):
        draw_points(left, field, value, error, i, label)
    draw_points(right, field, *difference, 2, "")
    label = f"Field $B$ ({ar.unit_text(spine.units['field'])})"
    finish_axes(left, label, CHANGE, "Spine and edge", zero=True)
    finish_axes(right, label, "difference of the changes", "Spine less edge", zero=True)
    left.legend(frameon=False)
    return figure


# ----------------------------------------------------------------------------------------------------------- Corbino and bar

def corbino(curves):
    disc = next((c for c in curves if c.shape == "corbino" and 0 in c.angles and np.isfinite(c.change).any()), None)
    bar = max((c for c in curves if c.is_longitudinal and 0 in c.angles and np.isfinite(c.change).any()), key=lambda c: len(c.angles), default=None)
    if disc is None or bar is None:
        lacks = " and ".join(text for text, there in (("a Corbino disc in a field along its normal", disc), ("a bar in a field along it", bar))
                             if there is None)
        return Absent("Corbino disc against bar", f"the runs have not {lacks}, both with zero field in the sweep")
    pairs = [(curve, curve.along_field(0, curve.lowest)) for curve in (bar, disc)]
    rows = [[curve.label, f"{field_words(curve, b)} (exact)", percent(y, s)] for curve, values in pairs for b, y, s in zip(*values)]
    sentences = [f"{curve.label}: {percent(values[1][-1], values[2][-1])} at {field_words(curve, values[0][-1])}" for curve, values in pairs]
    caption = (f"Left: {bar.label}, field along the current. Right: {disc.label}, field along the disc's normal, where E·B vanishes. One "
               "standard error, lowest temperature.")
    return Shown(plot.Drawing("corbino_bar", "Corbino disc against bar", caption,
                              alt_of("Two line charts of R(B)/R(0) − 1 against field: of a bar, and of a Corbino disc.", sentences),
                              functools.partial(corbino_figure, pairs)), ["Sample", "Field", "R(B)/R(0) − 1"], rows)


def corbino_figure(pairs, layout):
    figure, axes = side_by_side(layout, 2)
    for i, (ax, (curve, values), title) in enumerate(zip(axes, pairs, ("Bar, B along the current", "Disc, B along its normal"))):
        draw_points(ax, *values, i, "")
        finish_axes(ax, f"Field $B$ ({ar.unit_text(curve.units['field'])})", CHANGE, title, zero=True)
    return figure


# ---------------------------------------------------------------------------------------------------------------- collapse

def collapse(curves):
    def suits(curve):
        return curve.is_longitudinal and curve.lowest > 0 and len(np.unique(curve.temperature)) > 1 and np.isfinite(curve.change).any()
    curve = max(filter(suits, curves), key=lambda c: len(c.field), default=None)
    if curve is None or not len(curve.angles):
        return Absent("Collapse in B/T", "no setup was read at two temperatures above zero, with and without a field")
    angle = curve.angles[0]
    lines = [(t, *curve.along_field(angle, t)) for t in np.unique(curve.temperature)]
    unit, kelvin = ar.unit_text(curve.units["field"]), ar.unit_text(curve.units["temperature"])
    rows = [[f"{er.number(t)} {kelvin} (exact)", f"{er.number(b)} {unit} (exact)", f"{er.number(b / t)} {unit}/{kelvin} (exact)", percent(y, s)]
            for t, field, change, error in lines for b, y, s in zip(field, change, error)]
    sentences = [f"{er.number(t)} {kelvin}: {percent(y[-1], s[-1])} at {er.number(b[-1] / t)} {unit}/{kelvin}" for t, b, y, s in lines]
    caption = (f"{curve.label} at {er.number(angle)}°: the same readings against B and against B/T, with one standard error. Spins that "
               "align in the field fall on one curve in B/T.")
    return Shown(plot.Drawing("collapse", "Collapse in B/T", caption, alt_of(
        "Two line charts of R(B)/R(0) − 1, against the field and against field over temperature, a line for each temperature.", sentences),
        functools.partial(collapse_figure, lines, unit, kelvin)), ["Temperature", "B", "B/T", "R(B)/R(0) − 1"], rows)


def collapse_figure(lines, unit, kelvin, layout):
    figure, (left, right) = side_by_side(layout, 2)
    for i, (t, field, change, error) in enumerate(lines):
        draw_points(left, field, change, error, i, f"{er.number(t)} {kelvin}")
        draw_points(right, field / t, change, error, i, f"{er.number(t)} {kelvin}")
    finish_axes(left, f"Field $B$ ({unit})", CHANGE, "Against B", zero=True)
    finish_axes(right, f"$B/T$ ({unit}/{kelvin})", CHANGE, "Against B/T", zero=True)
    left.legend(frameon=False)
    return figure


# ------------------------------------------------------------------------------------------------------------------- fits

def parameter_text(law, i):
    if not np.isfinite(law.errors[i]):
        return "not determined"
    return estimate(law.values[i], law.errors[i], ar.unit_text(law.units[i]))


def chi_squared_text(law):
    """A sum of squares of the readings: exact."""
    return f"{law.chi_squared:.3g}/{law.degrees_of_freedom} (exact)" if law.has_errors else "not known: the readings have no errors"


def fit_shown(series):
    rows = []
    for law in series.laws:
        parameters = [(name, parameter_text(law, i)) for i, name in enumerate(law.names)]
        for name, text in parameters:
            rows.append([law.law, law.formula, name, text, chi_squared_text(law),
                         f"{law.probability:.2g} (exact)" if law.has_errors else "not known", f"{law.weight:.2g} (exact)"])
    best = max(series.laws, key=lambda law: law.weight)
    choice = "" if len(series.laws) == 1 else f"Of {len(series.laws)} laws the most probable (Akaike weight {best.weight:.2g}) is: "
    sentence = f"{choice}{best.law}: " + ", ".join(f"{name} = {parameter_text(best, i)}" for i, name in enumerate(best.names))
    if best.has_errors:
        sentence += f"; χ² is {best.chi_squared:.3g} for {best.degrees_of_freedom} degrees of freedom"
        if best.probability < UNLIKELY:
            sentence += ", so that the law does not describe the readings, and its parameters mean nothing"
    title = f"Laws fitted to {series.curve.label}, {series.where}"
    caption = (f"Readings with errors ({series.error_words}) and the fitted laws; below, the residuals of each law in units of the error"
               + (", uncorrelated." if "covariances" in series.error_words else "."))
    if not series.laws[0].has_errors:
        caption = caption.replace("in units of the error", f"in {ar.unit_text(series.unit) or 'units of 1'}")
    return Shown(plot.Drawing("fit", title, f"{caption} {sentence}.", alt_of(
        f"Chart of the {series.quantity} against {series.abscissa} with fitted laws, and their residuals.", [sentence]),
        functools.partial(fit_figure, series)),
        ["Law", "Formula", "Parameter", "Value (unit as given, else 1)", "χ² per degrees of freedom (1)", "Probability of such a χ² (1)", "Akaike weight (1)"], rows)


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
            axes[0].plot(series.line_x[on], law.line[on], color=colour, linestyle=LINES[(i + p * (series.abscissa == "field")) % len(LINES)], linewidth=1.5,
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
    middle.set_ylabel("Residual\n(errors)" if series.laws[0].has_errors else f"Residual\n({ar.unit_text(series.unit) or '1'})")
    name = {"field": "Field $B$", "angle": r"Angle to the current $\theta$", "field over temperature": "$B/T$"}[series.abscissa]
    unit = "degrees" if series.abscissa == "angle" else ar.unit_text(series.abscissa_unit)
    axes[-1].set_xlabel(f"{name} ({unit})")
    axes[0].set_ylabel(f"{series.quantity.capitalize()} ({ar.unit_text(series.unit) or '1'})")
    axes[0].ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)
    legend_above(figure, *axes[0].get_legend_handles_labels(), 1 if narrow else 2)
    return figure


def fits(series):
    if not series:
        return [Absent("Fits with residuals", "no setup has five fields, four angles, two temperatures, or spine and edge of one plate")]
    return [fit_shown(one) for one in series]


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
        right.plot(b, (anomaly["sigma_0"]["value"] + anomaly["coefficient"]["value"] * b**2) / zero - 1, color=plot.FAINT, linestyle="--", linewidth=1.2,
                   label=r"$\sigma_0 + cB^2$")
        right.legend(frameon=False)
    finish_axes(right, label, r"$\sigma_\parallel(B)/\sigma_\parallel(0) - 1$", "Change along the field", zero=True)
    return figure


def deconvolution(results):
    if not results:
        return [Absent("Conductivities without the current's path", "not asked for: `edotb analyse DIR --deconvolve`, of conductors")]
    return [deconvolution_shown(result) for result in results]


def figures(analysis):
    """Everything that the analysis can show, Shown or Absent, in reading order."""
    one_each = [make(analysis.curves) for make in (magnetoresistance, angle_dependence, squeeze, corbino, collapse)]
    return [*one_each, *fits(analysis.fits), *deconvolution(analysis.deconvolutions)]
