"""Pieces of an HTML page: escaped texts, tables that scroll, figures as data, and the style of reports."""
import base64
import html
import io
import re
import struct

import edotb_results as er
import plot

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f23; --faint: #57606a; --paper: #fff; --panel: #f4f6f8; --line: #d0d7de; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --faint: #a3adb8; --paper: #14171a; --panel: #1e2327; --line: #3a424a; --link: #7cb8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem clamp(0.75rem, 3vw, 2rem) 3rem; max-width: 66rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0.5rem 0; } h2 { font-size: 1.35rem; margin: 2.2rem 0 0.6rem; }
h3 { font-size: 1.1rem; margin: 1.6rem 0 0.4rem; } h4 { font-size: 1rem; margin: 1.2rem 0 0.3rem; } a { color: var(--link); }
p, ul { margin: 0.5rem 0; max-width: 48rem; } li { margin: 0.3rem 0; }
.faint, caption, figcaption { color: var(--faint); } .faint, figcaption { font-size: 0.9em; }
.seen { background: var(--panel); border-left: 4px solid #0072B2; border-radius: 4px; padding: 0.4rem 1rem; }
.seen h3, .seen h4 { margin-top: 0.6rem; } dt { color: var(--faint); } dd { margin: 0; min-width: 0; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: 0.25rem 1rem; margin: 0.8rem 0; }
figure { margin: 1.2rem 0; break-inside: avoid; } figcaption { margin-top: 0.4rem; max-width: 48rem; }
figure img { display: block; max-width: 100%; height: auto; background: #fff; padding: 0.5rem; }
figure img, .scroll { border: 1px solid var(--line); border-radius: 6px; } .scroll { overflow-x: auto; margin: 0.8rem 0; }
table { border-collapse: collapse; overflow-wrap: normal; font-variant-numeric: tabular-nums; font-size: 0.92em; }
caption { text-align: left; padding: 0.5rem 0.7rem; max-width: calc(100vw - 3rem); }
th, td { padding: 0.3rem 0.7rem; text-align: right; white-space: nowrap; } th { font-weight: 600; } th:first-child { white-space: normal; }
th:first-child, .words { text-align: left; } td.words { white-space: normal; min-width: 12rem; max-width: 26rem; }
thead th { white-space: normal; vertical-align: bottom; }
thead th { border-bottom: 1px solid var(--line); } tbody tr:nth-child(even) { background: var(--panel); }
pre { margin: 0; padding: 0.7rem; font-size: 0.85rem; line-height: 1.4; } summary { cursor: pointer; padding: 0.3rem 0; font-weight: 600; }
:focus-visible { outline: 3px solid #E69F00; outline-offset: 2px; }
/* Figures are drawn on white once: dark pages turn their lightness round and keep their hues. */
@media screen and (prefers-color-scheme: dark) { figure img { filter: invert(0.9) hue-rotate(180deg); border-color: #c5bdb5; } }
@media (max-width: 36rem) { dl { display: block; } dd { margin: 0 0 0.5rem; } ul { padding-left: 1.2rem; } }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } .scroll { overflow: visible; } h2, h3 { break-after: avoid; }
  :root { --ink: #000; --faint: #444; --paper: #fff; --panel: #f4f4f4; --line: #bbb; --link: #000; } pre, th { white-space: pre-wrap; }
  details::details-content { content-visibility: visible; block-size: auto; } }
"""

QUALITY_NUMBERS = "Counts and largest values (1), exact; times as measured."


def esc(text):
    return html.escape(str(text), quote=True)


def prose(text):
    """Escaped, and with no line break inside '1.2 ± 0.1 %' or 'B = 0'."""
    text = esc(text)
    for mark in ("± ", "= ", " ±", " =", " %", " e²/h"):
        text = text.replace(mark, mark.replace(" ", "\N{NO-BREAK SPACE}"))
    return text


def paragraph(text, kind="words"):
    return f'<p class="{kind}">{prose(text)}</p>'


def section(level, heading, *parts):
    return f"<section>\n<h{level}>{esc(heading)}</h{level}>\n" + "\n".join(part for part in parts if part) + "\n</section>"


def items(texts, kind=""):
    return (f'<ul class="{kind}">' if kind else "<ul>") + "".join(f"<li>{prose(text)}</li>" for text in texts) + "</ul>"


def definitions(pairs, numbers):
    """`numbers`: what the numbers among them are, their unit and their error."""
    return paragraph(numbers, "faint numbers") + "<dl>" + "".join(f"<dt>{esc(name)}</dt><dd>{prose(value)}</dd>" for name, value in pairs) + "</dl>"


def scroll(label, body):
    """A box that scrolls sideways by itself, also from the keyboard."""
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{esc(label)}">{body}</div>'


def table(caption, head, rows):
    """`head`: column titles; `rows`: lists of texts of the same length, the first of each the title of the row."""
    def is_text(cell):
        return len(cell) > 12 and not re.match(r"[+\N{MINUS SIGN}-]?\d", cell)

    kinds = [' class="words"' if any(is_text(row[column]) for row in rows) else "" for column in range(len(head))]

    def line(cells, scopes):
        return "<tr>" + "".join(f'<th scope="{scope}"{kind}>{esc(cell)}</th>' if scope else f"<td{kind}>{esc(cell)}</td>"
                                for cell, scope, kind in zip(cells, scopes, kinds)) + "</tr>"

    body = "\n".join(line(row, ["row"] + [""] * (len(row) - 1)) for row in rows)
    return scroll(caption, f"<table><caption>{esc(caption)}</caption><thead>{line(head, ['col'] * len(head))}</thead>"
                           f"<tbody>{body}</tbody></table>")


def details(summary, *parts):
    return f"<details><summary>{esc(summary)}</summary>\n" + "\n".join(parts) + "\n</details>"


def image(drawing, layout):
    """(data address, width, height) of the PNG, at two pixels of the file to one of the page."""
    buffer = io.BytesIO()
    plot.save(drawing, buffer, "png", layout, captioned=False)
    width, height = struct.unpack(">II", buffer.getvalue()[16:24])
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode(), width // 2, height // 2


def figure(drawing):
    (wide, width, height), (narrow, narrow_width, narrow_height) = image(drawing, "wide"), image(drawing, "narrow")
    return (f'<figure><picture><source media="(max-width: 36rem)" srcset="{narrow}" width="{narrow_width}" height="{narrow_height}">'
            f'<img src="{wide}" width="{width}" height="{height}" alt="{esc(drawing.alt)}"></picture>'
            f"<figcaption><strong>{esc(drawing.title)}.</strong> {esc(drawing.caption)}</figcaption></figure>")


def document(title, body):
    """The whole page; `body` is HTML, `title` is text."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>{esc(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header><p class="faint">edotb report</p><h1>{esc(title)}</h1></header>
<main>
{body}
</main>
</body>
</html>
"""
