"""The part of a report that shows analysis.h5 of `edotb analyse`: figures, the numbers of each as a table, and what is not shown and why."""
import analysis_drawings as ad
from page_parts import details, figure, items, paragraph, section, table


def shown_part(shown):
    label = f"Numbers: {shown.drawing.title}"
    return figure(shown.drawing) + details(label, table(label, shown.head, shown.rows))


def pairs_part(results):
    """The residuals of each pair of probes of a deconvolution."""
    rows = [[pair["setup"], pair["run"], f"{pair['n_readings']} (exact)", f"{pair['chi_squared']:.3g} (exact)", f"{pair['largest']:+.2g} (exact)"]
            for result in results for pair in result["pairs"]]
    head = ["Setup", "Run", "Readings (1)", "χ² (1)", "Largest residual (errors)"]
    return details("Residuals of each pair of probes", table("Residuals of each pair of probes, all fields and angles", head, rows)) if rows else ""


def analysis_part(analysis, level):
    found = ad.figures(analysis)
    absent = [f"{one.title}: {one.reason}." for one in found if isinstance(one, ad.Absent)]
    shown = [shown_part(one) for one in found if isinstance(one, ad.Shown)]
    return section(level, "Measured and fitted", *shown, pairs_part(analysis.deconvolutions),
                   paragraph("Not shown:") + items(absent, "advice") if absent else "")
