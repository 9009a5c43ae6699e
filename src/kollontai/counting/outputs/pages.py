# SPDX-License-Identifier: AGPL-3.0-or-later
"""Results as one HTML page that needs nothing else: sentences, tables, and pictures drawn as SVG.

Pictures come with the same figures in a table, so nobody needs to see them.
"""

from __future__ import annotations

from fractions import Fraction
from html import escape

from ..budgets.result import BudgetResult, amount
from ..schulze import SchulzeResult
from ..stv.result import Count
from . import tables

STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;
color:CanvasText;background:Canvas}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:1rem 0}
.wide{overflow-x:auto}
th,td{padding:.3rem .6rem;border-bottom:1px solid color-mix(in srgb,CanvasText 25%,transparent);
text-align:right;vertical-align:top}
th:first-child,td:first-child{text-align:left}
thead th{font-weight:600;min-width:6rem}
svg{max-width:100%;height:auto;margin:1rem 0}
svg text{font:12px system-ui,sans-serif;fill:CanvasText}
.bar{fill:#b3261e}.won{fill:#1b6e3c}.out{fill:#8a8a8a}.flow{fill:#b3261e;fill-opacity:.28}
.line{stroke:CanvasText;stroke-dasharray:4 3}
"""

Piece = str


def page(title: str, pieces: list[Piece]) -> str:
    """A whole page."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main>"
        f"<h1>{escape(title)}</h1>\n" + "\n".join(pieces) + "\n</main></body></html>\n"
    )


def sentences(said: tuple[str, ...]) -> Piece:
    """Sentences as an ordered list."""
    return "<ol>" + "".join(f"<li>{escape(one)}</li>" for one in said) + "</ol>"


def table(rows: tables.Rows, caption: str) -> Piece:
    """A table."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows[1:]
    )
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def of_count(count: Count) -> str:
    """A ranked count."""
    title = count.title or "Count"
    return page(
        title,
        [
            f"<p>{escape(count.rule.title)} ({escape(count.rule.name)}). "
            f"Source: {escape(count.rule.source)}.</p>",
            sentences(count.sentences()),
            transfers(count),
            table(tables.stages_of(count), "Votes at the end of every stage"),
        ],
    )


def _part(value: Fraction | int, whole: Fraction | int, length: int) -> str:
    """A length in tenths of a pixel, rounded from an exact share."""
    tenths = int(Fraction(value) * length * 10 / whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}"


def transfers(count: Count) -> Piece:
    """Every stage as a column of bars; what moves flows to the next column."""
    shown = [c for c in range(len(count.candidates)) if c not in count.withdrawn and c not in count.left_out]
    row, column, bar, top = 26, 150, 90, 34
    height = top + row * (len(shown) + 1) + 10
    width = 190 + column * len(count.stages)
    whole = max((max(stage.tallies) for stage in count.stages), default=1) or 1
    place = {candidate: top + at * row for at, candidate in enumerate(shown)}
    parts = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="Votes move from stage to stage; the table below has the same figures">'
    ]
    for candidate in shown:
        name = count.name(candidate)
        label = name if len(name) < 26 else name[:24] + "…"
        parts.append(f'<text x="0" y="{place[candidate] + 15}">{escape(label)}</text>')
    silent = top + row * len(shown)
    parts.append(f'<text x="0" y="{silent + 15}">say no more</text>')
    for number, stage in enumerate(count.stages):
        x = 190 + number * column
        what = {"surplus": "surplus", "exclude": "exclusion", "iterate": "settling"}.get(
            stage.action or "", "first"
        )
        parts.append(f'<text x="{x}" y="16">{number + 1}. {what}</text>')
        if number:
            before = count.stages[number - 1]
            for giver in stage.candidates:
                for taker, votes in stage.moved:
                    if taker in place and giver in place and votes:
                        thick = max(1, int(Fraction(votes) * 20 / whole))
                        parts.append(_flow(x - column + bar, place[giver] + 10, x, place[taker] + 10, thick))
                gone = stage.non_transferable - before.non_transferable
                if gone > 0 and giver in place:
                    thick = max(1, int(Fraction(gone) * 20 / whole))
                    parts.append(_flow(x - column + bar, place[giver] + 10, x, silent + 10, thick))
        won = {c for earlier in count.stages[: number + 1] for c in earlier.elected}
        for candidate in shown:
            votes = stage.tallies[candidate]
            kind = "won" if candidate in won else "bar"
            wide = _part(votes, whole, bar)
            parts.append(
                f'<rect class="{kind}" x="{x}" y="{place[candidate] + 3}" width="{wide}" height="16">'
                f"<title>{escape(count.name(candidate))}: {count.short(votes)}</title></rect>"
            )
        wide = _part(min(stage.non_transferable + stage.lost, whole), whole, bar)
        parts.append(f'<rect class="out" x="{x}" y="{silent + 3}" width="{wide}" height="16"/>')
        if stage.quota <= whole:
            tenths = x * 10 + int(Fraction(stage.quota) * bar * 10 / whole)
            at = f"{tenths // 10}.{tenths % 10}"
            parts.append(f'<line class="line" x1="{at}" y1="24" x2="{at}" y2="{silent}"/>')
    return "".join(parts) + "</svg>"


def _flow(x1: int, y1: int, x2: int, y2: int, thick: int) -> Piece:
    mid = (x1 + x2) // 2
    up, down = thick // 2, thick - thick // 2
    return (
        f'<path class="flow" d="M{x1} {y1 - up}C{mid} {y1 - up} {mid} {y2 - up} {x2} {y2 - up}'
        f'L{x2} {y2 + down}C{mid} {y2 + down} {mid} {y1 + down} {x1} {y1 + down}Z"/>'
    )


def of_schulze(result: SchulzeResult) -> str:
    """A vote among drafts."""
    return page(
        "Vote among drafts",
        [
            sentences(result.sentences()),
            matrix(result),
            table(tables.matrix_of(result), "How many prefer the row to the column"),
        ],
    )


def matrix(result: SchulzeResult) -> Piece:
    """The matrix as squares: filled where the row wins."""
    size, side = len(result.options), 46
    parts = [
        f'<svg viewBox="0 0 {200 + size * side} {30 + size * side}" width="{200 + size * side}" role="img" '
        f'aria-label="Pairwise wins; the table below has the same figures">'
    ]
    for a in range(size):
        label = result.options[a][:24]
        parts.append(f'<text x="0" y="{30 + a * side + 27}">{escape(label)}</text>')
        parts.append(f'<text x="{200 + a * side + 4}" y="20">{escape(result.options[a][:5])}</text>')
        for b in range(size):
            if a == b:
                continue
            kind = "won" if result.matrix[a][b] > result.matrix[b][a] else "out"
            parts.append(
                f'<rect class="{kind}" fill-opacity=".35" x="{200 + b * side}" y="{30 + a * side}" '
                f'width="{side - 2}" height="{side - 2}"/>'
                f'<text x="{200 + b * side + 6}" y="{30 + a * side + 27}">{result.matrix[a][b]}</text>'
            )
    return "".join(parts) + "</svg>"


def of_budget(result: BudgetResult) -> str:
    """A participatory budget."""
    return page(
        result.title or "Budget",
        [
            f"<p>{escape(result.rule)}</p>",
            money(result),
            table(tables.projects_of(result), "Projects"),
            sentences(result.sentences()),
        ],
    )


def money(result: BudgetResult) -> Piece:
    """The budget as one bar: every funded project its share, the rest open."""
    price = dict(zip(result.projects, result.costs, strict=True))
    x = Fraction(0)
    parts = ['<svg viewBox="0 0 800 60" width="800" role="img" aria-label="Shares of the budget">']
    for project in result.selected:
        left, wide = _part(x, result.budget, 800), _part(price[project], result.budget, 800)
        parts.append(
            f'<rect class="won" stroke="Canvas" x="{left}" y="10" width="{wide}" height="36">'
            f"<title>{escape(project)}: {amount(price[project])}</title></rect>"
        )
        x += price[project]
    left, wide = _part(x, result.budget, 800), _part(max(result.budget - x, Fraction(0)), result.budget, 800)
    parts.append(f'<rect class="out" fill-opacity=".3" x="{left}" y="10" width="{wide}" height="36"/>')
    return "".join(parts) + "</svg>"
