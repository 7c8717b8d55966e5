"""The part of a report that shows verdict.json of `edotb analyse`: the decision table, strengths, evidence, models. No sentence of its own
names a cause: all words are the file's, and all of them are HTML-escaped."""
import json
import os

import edotb_results as er
from page_parts import details, items, paragraph, section, table

FORMAT, VERSION = "edotb-verdict", 1
VALUE = "Value (unit as given, else 1)"
SIGNS = {"supports": "for", "against": "against", "nothing": "–"}


class VerdictError(Exception):
    """A file that is not a verdict."""


def read(path):
    """The verdict in `path`, a file or a folder; None for a folder without verdict.json."""
    if os.path.isdir(path):
        path = os.path.join(path, "verdict.json")
        if not os.path.exists(path):
            return None
    try:
        with open(path, encoding="utf-8") as file:
            verdict = json.load(file)
    except (OSError, ValueError) as error:
        raise VerdictError(f"{path}: cannot be read ({error})") from error
    if not isinstance(verdict, dict) or verdict.get("format") != FORMAT or verdict.get("format_version") != VERSION:
        raise VerdictError(f"{path}: is not a file of format {FORMAT}, version {VERSION}")
    return verdict


def quantity(value, error, unit):
    """'1.20 ± 0.10 T', '3 deg (exact)'; 'not known' without a value."""
    if value is None:
        return "not known"
    tail = "" if unit == "1" else f" {unit}"
    if error is None:
        return f"{value:.4g}{tail}, error not known"
    if error == 0:
        return f"{value:.4g}{tail} (exact)"
    is_plain = error > 1e-5 and abs(value) < 1e6
    return (er.with_error(value, error) if is_plain else f"{value:.5g} ± {error:.2g}") + tail


def decision_table(verdict):
    rows = [[m["words"], m["state"], f"{m['probability']:.4f}", m["evidence"], m["reason"]] for m in verdict["mechanisms"]]
    return table("Decision: probability of each mechanism by the comparison of 16 fitted models",
                 ["Mechanism", "State", "Probability (1), exact for these fits", "Evidence", "Reason"], rows)


def strengths_table(verdict):
    rows = []
    for mechanism in verdict["mechanisms"]:
        if mechanism["state"] != "present":
            continue
        effect = mechanism["effect"]
        if effect:
            rows.append([mechanism["words"], "change of a resistance", quantity(effect["change"], effect["error"], "1"), effect["where"]])
        for s in mechanism["strengths"]:
            rows.append([mechanism["words"], s["name"], quantity(s["value"], s["error"], s["unit"]) if s["determined"] else "not determined", ""])
    return table("Strengths of what is present", ["Mechanism", "Quantity", VALUE, "Where"], rows) if rows else ""


def evidence_table(verdict):
    mechanisms = verdict["mechanisms"]
    rows = [[row["observable"], quantity(row["value"], row["error"], row["unit"])]
            + [SIGNS[row["says"][m["mechanism"]]] for m in mechanisms] + [row["reading"]] for row in verdict["rows"]]
    return table("Evidence, row by row", ["Observable", VALUE] + [m["words"] for m in mechanisms] + ["What it says"], rows) if rows else ""


def models_table(verdict):
    comparison = verdict["comparison"]
    if not comparison:
        return ""
    words = {m["mechanism"]: m["words"] for m in verdict["mechanisms"]}
    rows = [[", ".join(words[key] for key in model["mechanisms"]) or "none", str(model["n_parameters"]),
             "not known" if model["chi_squared"] is None else f"{model['chi_squared']:.1f}",
             "not known" if model["bic"] is None else f"{model['bic']:.1f}", f"{model['probability']:.2g}"] for model in comparison["models"]]
    caption = (f"Fits to {comparison['n_data']} readings with {comparison['n_free_factors']} free factors; prior: {comparison['prior']}; "
               f"errors widened by {comparison['error_scale']:.2f}")
    return details("All 16 models", table(caption, ["Mechanisms", "Parameters (1), exact", "χ² (1), exact", "BIC (1), exact",
                                                          "Probability (1), exact"], rows))


def used_readings(verdict):
    rows = [[row["observable"], "; ".join(row["used"])] for row in verdict["rows"] if row["used"]]
    return details("Readings behind each row", table("Readings behind each row", ["Observable", "Readings"], rows)) if rows else ""


def verdict_part(verdict, level):
    parts = [paragraph(verdict["summary"], "words seen"), decision_table(verdict), strengths_table(verdict), evidence_table(verdict)]
    if verdict["next_experiments"]:
        parts += [paragraph("What would decide the rest:"), items(verdict["next_experiments"], "advice")]
    if verdict["not_measured"]:
        parts += [paragraph("Not measured:"), items(verdict["not_measured"], "advice")]
    if verdict["remarks"]:
        parts.append(items(verdict["remarks"]))
    return section(level, "Verdict", *parts, models_table(verdict), used_readings(verdict))
