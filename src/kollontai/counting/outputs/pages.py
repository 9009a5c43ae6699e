# SPDX-License-Identifier: AGPL-3.0-or-later
"""Results as HTML: fragments for pages of others, and whole pages that need nothing else.

`flow`, `figures`, `sentences`, `matrix` and `shares` give fragments without a page around them: classes only,
no inline style and no script, so that they stand under a strict content policy. `of_count`, `of_schulze`,
`of_pairs`, `of_places` and `of_budget` give a whole page with a style sheet of its own. Pictures
come with the same figures in a table beside them, so nobody needs to see them. Every name is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from ..budgets.result import BudgetResult, amount
from ..committees import CommitteeResult
from ..condorcet import PairResult
from ..ratings import RatingResult
from ..schulze import SchulzeResult
from ..stv.numbers import cut
from ..stv.result import Count
from . import tables

STYLE = """
:root{color-scheme:light dark;--paper:#f5f0e6;--sheet:#fcf9f2;--shade:#eae3d5;--ink:#1a1613;--ink-2:#574d44;
--hair:#cfc5b3;--edge:#80756a;--accent:#b1121b;--good:#0d5a3f;
--serif:"Source Serif 4",Charter,Georgia,serif;--sans:"Atkinson Hyperlegible Next",system-ui,sans-serif}
@media (prefers-color-scheme:dark){:root{--paper:#171310;--sheet:#211c18;--shade:#2b2520;--ink:#f1e9dc;
--ink-2:#bdb1a1;--hair:#443c33;--edge:#91867a;--accent:#ff6b59;--good:#82d2aa}}
*{box-sizing:border-box}
html{font-size:106.25%;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 var(--sans);overflow-wrap:break-word}
main{max-width:78rem;margin-inline:auto;padding:0 1rem 3.5rem}
h1,h2{font-family:var(--serif);line-height:1.1;text-wrap:balance;margin:0}
h1{font-size:clamp(2rem,1.35rem + 3vw,3.6rem);font-weight:800;letter-spacing:-.02em}
h2{font-size:1.5rem}
header{border-top:.5rem solid var(--ink);padding-top:1.25rem}
.lead{font-size:1.19rem;max-width:36em;margin:1rem 0 .5rem}
.label,figcaption{color:var(--ink-2);font-size:.9rem;margin:0}
section{border-top:2px solid var(--ink);margin-top:2rem;padding-top:1rem}
section h2{margin-bottom:1rem}
ol{max-width:44em;padding-left:1.6em;margin:0}
li{margin-bottom:.4em}
li::marker{font-variant-numeric:tabular-nums;color:var(--ink-2)}
figure{margin:0 0 1.25rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:700;padding-bottom:.5rem}
th,td{padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--hair);text-align:left;vertical-align:top;
font-weight:400}
thead th{font-weight:700;font-size:.9rem;line-height:1.25;vertical-align:bottom;
border-bottom:2px solid var(--ink)}
tbody th{font-weight:600}
.n{text-align:right;padding:.45rem 0 .45rem .9rem}
.n+:not(.n){padding-left:1.2rem}
tbody .n{white-space:nowrap}
.wide{overflow-x:auto;max-width:100%}
.wide:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
.wide tbody th,.wide thead :first-child{position:sticky;left:0;background:var(--paper);min-width:8.5rem}
.wide thead .n{min-width:6rem}
.flow{display:block;min-width:44rem;width:100%;height:auto;font:600 13px var(--sans);fill:var(--ink)}
.flow .kept{fill:var(--hair);opacity:.75}.flow .moved{fill:var(--accent);opacity:.55}
.flow .node{fill:var(--ink-2)}.flow .won{fill:var(--good)}.flow .gone{fill:var(--hair)}
.flow .quiet{font-weight:400;font-size:12px;fill:var(--ink-2)}
.matrix{display:block;max-width:100%;height:auto;font:600 13px var(--sans);fill:var(--ink)}
.matrix .won{fill:var(--good);opacity:.3}.matrix .lost{fill:var(--shade)}
.bar{display:block;width:100%;height:1.75rem}
.bar .good{fill:var(--good)}.bar .rest{fill:var(--shade);stroke:var(--edge);vector-effect:non-scaling-stroke}
@media (min-width:52rem){html{font-size:112.5%}
section{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:1.5rem}}
@media print{.wide{overflow:visible}.flow{min-width:0}body{background:#fff}}
"""

Piece = str
"""A fragment of HTML."""


def page(title: str, head: Piece, parts: Sequence[tuple[str, Piece]]) -> str:
    """A whole page: a heading, and parts each with a heading of its own."""
    body = "\n".join(
        f"<section><h2>{escape(name)}</h2><div>{piece}</div></section>" for name, piece in parts if piece
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main>"
        f"<header><h1>{escape(title)}</h1>{head}</header>\n{body}\n</main></body></html>\n"
    )


def sentences(said: Sequence[str]) -> Piece:
    """Sentences as an ordered list."""
    return "<ol>" + "".join(f"<li>{escape(one)}</li>" for one in said) + "</ol>"


def figures(rows: tables.Rows, caption: str) -> Piece:
    """A table that scrolls sideways where it must; numbers stand right."""
    numeric = [at > 0 and all(_number(row[at]) for row in rows[1:] if row[at]) for at in range(len(rows[0]))]
    mark = [' class="n"' if number else "" for number in numeric]
    head = "".join(
        f'<th scope="col"{kind}>{escape(cell)}</th>' for cell, kind in zip(rows[0], mark, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row[1:], mark[1:], strict=True))
        + "</tr>"
        for row in rows[1:]
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _number(cell: str) -> bool:
    return cell == "·" or cell.replace(".", "", 1).replace("/", "", 1).replace("-", "", 1).isdigit()


def of_count(count: Count) -> str:
    """A ranked count as a whole page."""
    rule = count.rule
    head = (
        f'<p class="lead">{escape(count.sentences()[-1])}</p>'
        f'<p class="label">Counted by the rule {escape(rule.name)}: {escape(rule.title)}. '
        f"Source: {escape(rule.source)}.</p>"
    )
    return page(
        count.title or "Count",
        head,
        [
            ("How votes moved", flow(count)),
            ("Step by step", sentences(count.sentences())),
            ("All figures", figures(tables.stages_of(count), "At the end of every stage")),
        ],
    )


def _tenths(value: Fraction | int) -> str:
    """A length to a tenth of a pixel, from an exact number."""
    tenths = int(value * 10)
    return f"{tenths // 10}.{tenths % 10}"


COLUMN, NODE, HEIGHT, GAP, TOP, LEFT, ACROSS = 135, 12, 340, 9, 42, 220, 7
"""Pixels from stage to stage, of a node, of all votes, between nodes, above, left; stages in one picture."""


@dataclass(slots=True)
class _Column:
    """Where everybody stands at one stage: top and height by candidate, -1 for votes gone."""

    top: dict[int, Fraction]
    high: dict[int, Fraction]


def flow(count: Count, name: str = "flow") -> Piece:
    """How votes moved from stage to stage, as SVG (classes flow, kept, moved, node, won, gone, quiet).

    One picture for every six steps, each an `svg` in a `figure`. `name` begins the ids, for pages with
    several counts. Where several candidates give at once, what each gives is drawn in equal parts of all
    that is received. Empty for counts by quotients and for counts without votes.
    """
    if count.rule.family == "quotient" or not count.valid:
        return ""
    last = len(count.stages) - 1
    pieces = []
    for start in range(0, max(last, 1), ACROSS - 1):
        pieces.append(_picture(count, name, start, min(start + ACROSS - 1, last)))
    return "".join(pieces)


def _picture(count: Count, name: str, start: int, end: int) -> Piece:
    votes = [
        {**dict(enumerate(stage.tallies)), -1: stage.non_transferable + stage.lost} for stage in count.stages
    ]
    order = [*count.elected, *(c for c in range(len(count.candidates)) if c not in count.elected), -1]
    whole = sum(votes[0].values())
    columns = [_column(votes[at], order, whole) for at in range(start, end + 1)]
    parts: list[str] = []
    for at in range(start, end):
        x = LEFT + (at - start) * COLUMN + NODE
        parts += _ribbons(columns[at - start], columns[at - start + 1], x, order)
    won: set[int] = {c for stage in count.stages[:start] for c in stage.elected}
    for at in range(start, end + 1):
        won |= set(count.stages[at].elected)
        if at == len(count.stages) - 1:
            won |= set(count.elected)
        column, x = columns[at - start], LEFT + (at - start) * COLUMN
        for candidate, high in column.high.items():
            kind = "gone" if candidate < 0 else "won" if candidate in won else "node"
            parts.append(
                f'<rect class="{kind}" x="{x}" y="{_tenths(column.top[candidate])}" width="{NODE}" '
                f'height="{_tenths(high)}"/>'
            )
        parts.append(_head(count, at, x + NODE // 2))
    low = max(_labels(count, votes[start], columns[0], LEFT - 8, "end", parts), Fraction(HEIGHT))
    right = LEFT + (end - start) * COLUMN + NODE
    low = max(low, _labels(count, votes[end], columns[-1], right + 8, "start", parts))
    ids = f"{name}-{start + 1}"
    wide = 2 * LEFT + min(len(count.stages) - 1, ACROSS - 1) * COLUMN + NODE
    height = (
        int(max(low, *(t + h for c in columns for t, h in zip(c.top.values(), c.high.values(), strict=True))))
        + 14
    )
    stages = f"stages {start + 1} to {end + 1}" if end > start else "the only stage"
    return (
        f'<figure class="wide" role="region" tabindex="0" aria-label="Picture of {stages}">'
        f'<svg class="flow" viewBox="0 0 {wide} {height}" role="img" '
        f'aria-labelledby="{ids}-title {ids}-desc"><title id="{ids}-title">How votes moved, {stages}</title>'
        f'<desc id="{ids}-desc">The same figures stand in the table of stages.</desc>'
        + "".join(parts)
        + "</svg></figure>"
    )


def _column(votes: dict[int, Fraction | int], order: Sequence[int], whole: Fraction | int) -> _Column:
    column = _Column({}, {})
    y = Fraction(TOP)
    for candidate in order:
        if votes[candidate] > 0:
            column.top[candidate] = y
            column.high[candidate] = Fraction(votes[candidate]) * HEIGHT / whole
            y += column.high[candidate] + GAP
    return column


def _ribbons(before: _Column, after: _Column, x: int, order: Sequence[int]) -> list[str]:
    """What stays where it is, and what moves, in the heights of the nodes."""
    nothing = Fraction(0)
    gives = {c: max(high - after.high.get(c, nothing), nothing) for c, high in before.high.items()}
    takes = {c: max(high - before.high.get(c, nothing), nothing) for c, high in after.high.items()}
    received = sum(takes.values(), nothing)
    leaves = dict(before.top)
    arrives = dict(after.top)
    kept, moved = [], []
    for candidate in before.high:
        stays = before.high[candidate] - gives[candidate]
        if stays > 0:
            kept.append(_ribbon("kept", x, leaves[candidate], arrives[candidate], stays))
            leaves[candidate] += stays
            arrives[candidate] += stays
    for giver in order:
        for taker in order:
            part = gives.get(giver, nothing) * takes.get(taker, nothing) / received if received else nothing
            if part > 0:
                if part >= Fraction(1, 5):
                    moved.append(_ribbon("moved", x, leaves[giver], arrives[taker], part))
                leaves[giver] += part
                arrives[taker] += part
    return kept + moved


def _ribbon(kind: str, x: int, left: Fraction, right: Fraction, high: Fraction) -> Piece:
    onward = x + COLUMN - NODE
    middle = (x + onward) // 2
    a, b, c, d = _tenths(left), _tenths(right), _tenths(right + high), _tenths(left + high)
    return (
        f'<path class="{kind}" d="M{x} {a}C{middle} {a} {middle} {b} {onward} {b}'
        f'V{c}C{middle} {c} {middle} {d} {x} {d}z"/>'
    )


def _labels(
    count: Count, votes: dict[int, Fraction | int], column: _Column, x: int, anchor: str, parts: list[str]
) -> Fraction:
    """Names beside the nodes, none over another; says how far down they reach."""
    low = Fraction(0)
    for candidate, top in column.top.items():
        name = "say no more" if candidate < 0 else _short(count, candidate, 20)
        label = f"{name} {count.short(_whole(votes[candidate], count))}"
        low = max(top + column.high[candidate] / 2 + 5, low + 15)
        kind = ' class="quiet"' if candidate < 0 else ""
        parts.append(f'<text{kind} x="{x}" y="{_tenths(low)}" text-anchor="{anchor}">{escape(label)}</text>')
    return low


def _whole(votes: Fraction | int, count: Count) -> Fraction | int:
    """Votes without decimals, where the rule has some: the picture rounds down, the table does not."""
    if count.rule.places is None:
        whole: int = cut(votes)
        return whole
    scale: int = 10**count.rule.places
    return int(votes) // scale * scale


def _head(count: Count, at: int, x: int) -> Piece:
    """What happened at a stage, above its column, in two short lines."""
    stage = count.stages[at]
    words = {"surplus": "surplus of", "exclude": "without", "iterate": "surpluses", None: "first"}
    first = f"{at + 1} {words.get(stage.action, '')}"
    if stage.action in ("surplus", "exclude"):
        second = _short(count, stage.candidates[0], 17) if len(stage.candidates) == 1 else "several"
    else:
        second = "settle" if stage.action else "choices"
    return "".join(
        f'<text class="quiet" x="{x}" y="{y}" text-anchor="middle">{escape(line)}</text>'
        for y, line in ((12, first), (27, second))
    )


def _short(count: Count, candidate: int, most: int) -> str:
    """A name without what stands behind it in brackets, unless two would then be called the same."""
    name = count.name(candidate)
    plain = name.split(" (")[0]
    if sum(other.split(" (")[0] == plain for other in count.candidates) == 1:
        name = plain
    return name if len(name) <= most else name[: most - 1] + "…"


def of_schulze(result: SchulzeResult) -> str:
    """A vote among drafts as a whole page."""
    return page(
        "Vote among drafts",
        f'<p class="lead">{escape(result.sentences()[-1])}</p>',
        [
            ("Step by step", sentences(result.sentences())),
            ("Who beats whom", matrix(result)),
            ("All figures", figures(tables.matrix_of(result), "How many prefer the row to the column")),
        ],
    )


def of_pairs(result: PairResult | SchulzeResult, title: str, label: str) -> str:
    """A decision by pairs as a whole page; `label` says by which rule."""
    parts = [
        ("Step by step", sentences(result.sentences())),
        ("Who beats whom", matrix(result)),
        ("All figures", figures(tables.matrix_of(result), "How many prefer the row to the column")),
    ]
    if result.strengths is not None:
        parts.append(
            ("Paths", figures(tables.paths_of(result), "Votes on the weakest link of the strongest path"))
        )
    return page(title, _lead(result.sentences()[-1], label), parts)


def of_places(result: RatingResult | CommitteeResult, title: str, label: str) -> str:
    """A decision by ratings, or a committee, as a whole page; `label` says by which rule."""
    if isinstance(result, RatingResult):
        values, won = result.totals, {result.candidates.index(name) for name in result.winners}
        caption = "Points or approvals"
    else:
        values, won, caption = result.approvals, set(result.chosen), "By how many approved"
    return page(
        title,
        _lead(result.sentences()[-1], label),
        [
            ("Side by side", bars(result.candidates, values, won)),
            ("Step by step", sentences(result.sentences())),
            ("All figures", figures(tables.of(result), caption)),
        ],
    )


def _lead(ending: str, label: str) -> Piece:
    return f'<p class="lead">{escape(ending)}</p><p class="label">{escape(label)}</p>'


def bars(names: Sequence[str], values: Sequence[int], won: set[int]) -> Piece:
    """One bar of SVG for each candidate, the chosen ones filled (classes bar, good, rest)."""
    most = max(values, default=0)
    if not most:
        return ""
    parts = []
    for at, (name, value) in enumerate(zip(names, values, strict=True)):
        wide = _tenths(Fraction(value * 1000, most))
        kind = "good" if at in won else "rest"
        parts.append(
            f'<figure><svg class="bar" viewBox="0 0 1000 28" preserveAspectRatio="none" role="img" '
            f'aria-label="{escape(name)}: {value}"><rect class="{kind}" width="{wide}" height="28"/></svg>'
            f"<figcaption>{escape(name)}: {value}</figcaption></figure>"
        )
    return "".join(parts)


def matrix(result: SchulzeResult | PairResult) -> Piece:
    """The matrix of pairs as SVG squares, filled where the row wins (classes matrix, won, lost)."""
    size, side, left = len(result.options), 56, 190
    parts = [
        f'<figure class="wide" role="region" tabindex="0" aria-label="Picture of the pairs">'
        f'<svg class="matrix" viewBox="0 0 {left + size * side} {30 + size * side}" '
        f'width="{left + size * side}" height="{30 + size * side}" role="img" '
        f'aria-label="Pairs: filled where more prefer the row; the table has the same figures">'
    ]
    for a in range(size):
        option = result.options[a]
        middle = 30 + a * side + 32
        parts.append(f'<text x="0" y="{middle}">{a + 1} {escape(option[:20])}</text>')
        parts.append(f'<text x="{left + a * side + side // 2}" y="20" text-anchor="middle">{a + 1}</text>')
        for b in range(size):
            if a == b:
                continue
            kind = "won" if result.matrix[a][b] > result.matrix[b][a] else "lost"
            parts.append(
                f'<rect class="{kind}" x="{left + b * side}" y="{30 + a * side}" width="{side - 2}" '
                f'height="{side - 2}"/>'
                f'<text x="{left + b * side + side // 2}" y="{middle}" text-anchor="middle">'
                f"{result.matrix[a][b]}</text>"
            )
    return "".join(parts) + "</svg></figure>"


def of_budget(result: BudgetResult) -> str:
    """A participatory budget as a whole page."""
    return page(
        result.title or "Budget",
        f'<p class="lead">{escape(result.sentences()[-1])}</p>'
        f'<p class="label">Decided by the rule {escape(result.rule)}.</p>',
        [
            ("Shares of the budget", shares(result)),
            ("Projects", figures(tables.projects_of(result), "The funded first, in their order")),
            ("Step by step", sentences(result.sentences())),
        ],
    )


def shares(result: BudgetResult) -> Piece:
    """The budget as one bar of SVG: every funded project its share, the rest open (bar, good, rest)."""
    if not result.budget:
        return ""
    price = dict(zip(result.projects, result.costs, strict=True))
    x = Fraction(0)
    spent = f"{amount(result.cost)} of {amount(result.budget)} is spent"
    parts = [
        f'<figure><svg class="bar tall" viewBox="0 0 1000 28" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(spent)}"><rect class="rest" width="1000" height="28"/>'
    ]
    for project in result.selected:
        wide = price[project] * 1000 / result.budget
        parts.append(
            f'<rect class="good" x="{_tenths(x)}" width="{_tenths(max(wide - 2, wide / 2))}" height="28">'
            f"<title>{escape(project)}: {amount(price[project])}</title></rect>"
        )
        x += wide
    return "".join(parts) + f"</svg><figcaption>{escape(spent)}.</figcaption></figure>"
