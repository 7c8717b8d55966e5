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

import analysis_results as ar
import edotb_results as er
import fit_drawings
import plot
from drawing_parts import Absent, Shown, alt_of, draw_points, estimate, finish_axes, legend_above, new_figure, percent, side_by_side, style_of

np = er.np
CHANGE = "$R(B)/R(0) - 1$"
MOST_LINES = 7
WIDE = 15


def temperature_words(curve):
    return f" at {er.number(curve.lowest)} {ar.unit_text(curve.units['temperature'])}" if curve.lowest > 0 else ""


def field_words(curve, field):
    return f"{er.number(field)} {ar.unit_text(curve.units['field'])}"


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
    caption = (f"Field along the current{temperature_words(spine)}, with one standard error. Where the material alone changes, both lines are the same; where the "
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


def figures(analysis):
    """Everything that the analysis can show, Shown or Absent, in reading order."""
    one_each = [make(analysis.curves) for make in (magnetoresistance, angle_dependence, squeeze, corbino, collapse)]
    return [*one_each, *fit_drawings.fits(analysis.fits),
            *fit_drawings.deconvolution(analysis.deconvolutions)]
