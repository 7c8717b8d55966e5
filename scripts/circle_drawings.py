"""The planar Hall circles of an analysis: rho_xy against rho_xx as the field turns, with the fitted circle of each field."""
import functools

import edotb_results as er
import plot
from drawing_parts import alt_of, legend_above, side_by_side, style_of, Shown
from fit_rows import fit_rows, HEAD, parameter_text, residual_unit, unit_words

np = er.np
LAW = "planar Hall circle"


def is_circle(series):
    return series.laws[0].law == LAW


def circles(rho_par, rho_perp):
    """(rho_xx, rho_xy) of a turn of the field."""
    theta = np.radians(np.linspace(0, 180, 181))
    return rho_perp - (rho_perp - rho_par) * np.cos(theta)**2, -(rho_perp - rho_par) * np.sin(theta) * np.cos(theta)


def pairs(series):
    """Readings at the angles that both setups have: rho_xx, its error, rho_xy, its error."""
    both = [{x: (y, s) for x, y, s in zip(series.x[here], series.value[here], series.error[here])} for here in (series.part == 0, series.part == 1)]
    return np.array([(*both[0][x], *both[1][x]) for x in sorted(both[0]) if x in both[1]]).T


def circle_shown(group):
    """`group`: the series of one setup, one for each field."""
    sentences = [f"{one.where}: " + ", ".join(f"{name} = {parameter_text(one.laws[0], i)}" for i, name in enumerate(one.laws[0].names))
                 for one in group]
    caption = (f"Resistivities along and across the current while the field turns in the plane, and the fitted circles between ρ_par and ρ_perp; "
               f"right, the residuals. Readings with errors ({group[0].error_words}). Any conductivity that differs along and across the field gives a circle; which of its "
               f"ends moves with the field tells what the field changes. {'. '.join(sentences)}.")
    title = f"Planar Hall circle of {group[0].curve.label}"
    rows = [[one.where, *row] for one in group for row in fit_rows(one)]
    return Shown(plot.Drawing("planar_hall", title, caption, alt_of(
        "Chart of the resistivity across the current against that along it, circles, and chart of the residuals against the angle.", sentences),
        functools.partial(circle_figure, group)), ["Field (unit as given), exact", *HEAD], rows)


def circle_figure(group, layout):
    figure, (left, right) = side_by_side(layout, 2, 3.6)
    for i, one in enumerate(group):
        law, style = one.laws[0], style_of(i)
        xx, xx_error, xy, xy_error = pairs(one)
        left.plot(*circles(*law.values), color=style["color"], linewidth=1.2)
        left.errorbar(xx, xy, xy_error, xx_error, linestyle="none", elinewidth=1.1, label=one.where, **style)
        for part, fill in ((0, style["color"]), (1, "none")):
            here = one.part == part
            right.plot(one.x[here], law.residual[here], linestyle="none", markerfacecolor=fill, **style)
    left.set(xlabel=rf"$\rho_{{xx}}$ ({unit_words(group[0])})", ylabel=rf"$\rho_{{xy}}$ ({unit_words(group[0])})", aspect="equal")
    left.set_adjustable("datalim")
    left.ticklabel_format(axis="both", scilimits=(-3, 4), useMathText=True)
    right.axhline(0, color=plot.FAINT, linewidth=0.9)
    right.set(xlabel=r"Angle to the current $\theta$ (degrees)", ylabel=f"Residual ({residual_unit(group[0])})",
              title=r"filled: $\rho_{xx}$, open: $\rho_{xy}$")
    right.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)
    legend_above(figure, *left.get_legend_handles_labels(), 2 if layout == "narrow" else 4)
    return figure


def all_circles(fits):
    """One figure for each planar Hall setup."""
    groups = {}
    for one in fits:
        if is_circle(one):
            groups.setdefault(id(one.curve), []).append(one)
    return [circle_shown(group) for group in groups.values()]
