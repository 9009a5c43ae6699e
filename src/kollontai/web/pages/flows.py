# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where votes went, as a picture: a column for each stage, a band for what stayed, a band for what moved.

Only numbers come from here; the template draws them. The same figures stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.translation import gettext as _

from kollontai.web import numbers

LEFT, STEP, WIDE, TOP, GAP, HIGH, RIGHT = 186, 135, 12, 34, 15, 330, 176
SILENT = ""


@dataclass(frozen=True)
class Votes:
    """Who has what after a stage, and how many votes say no more."""

    of: Mapping[str, Fraction]
    silent: Fraction


@dataclass(frozen=True)
class Block:
    """What somebody has after a stage."""

    x: int
    y: str
    height: str
    kind: str


@dataclass(frozen=True)
class Label:
    """Words in the picture."""

    x: int
    y: str
    text: str


@dataclass
class Flow:
    """The whole picture."""

    width: int
    height: int
    kept: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    heads: list[Label] = field(default_factory=list)
    before: list[Label] = field(default_factory=list)
    after: list[Label] = field(default_factory=list)


def flow_of(
    stages: Sequence[Votes],
    givers: Sequence[Sequence[str]],
    order: Sequence[str],
    names: Mapping[str, str],
    elected_at: Mapping[str, int],
    heads: Sequence[str],
) -> Flow:
    """Lay the picture out. `givers`: whose votes move at each stage; `order`: from top to bottom."""
    rows = [*order, SILENT]
    whole = sum(stages[0].of.values()) + stages[0].silent or Fraction(1)
    scale = Fraction(HIGH) / whole
    tops = [_tops(votes, rows, scale) for votes in stages]
    lowest = max(
        top[row] + _of(votes, row) * scale for top, votes in zip(tops, stages, strict=True) for row in rows
    )
    flow = Flow(LEFT + STEP * (len(stages) - 1) + WIDE + RIGHT, int(lowest) + 24)
    for at, votes in enumerate(stages):
        x = LEFT + STEP * at
        flow.heads.append(Label(x + WIDE // 2, "16", heads[at]))
        for row in rows:
            if _of(votes, row):
                kind = "gone" if row == SILENT else "won" if elected_at.get(row, at + 1) <= at else "node"
                flow.blocks.append(Block(x, _px(tops[at][row]), _px(_of(votes, row) * scale), kind))
        if at:
            _bands(flow, at, stages, tops, rows, set(givers[at]), scale)
    _words(flow, stages, tops, rows, names, elected_at, scale)
    return flow


def _of(votes: Votes, row: str) -> Fraction:
    return votes.silent if row == SILENT else votes.of[row]


def _tops(votes: Votes, rows: Sequence[str], scale: Fraction) -> dict[str, Fraction]:
    tops, y = {}, Fraction(TOP)
    for row in rows:
        tops[row] = y
        if _of(votes, row):
            y += _of(votes, row) * scale + GAP
    return tops


def _bands(
    flow: Flow,
    at: int,
    stages: Sequence[Votes],
    tops: Sequence[Mapping[str, Fraction]],
    rows: Sequence[str],
    givers: set[str],
    scale: Fraction,
) -> None:
    """What stayed lies on top of each block, what moved below it."""
    before, now = stages[at - 1], stages[at]
    x = LEFT + STEP * at
    starts, ends = dict(tops[at - 1]), dict(tops[at])
    for row in rows:
        stayed = min(_of(before, row), _of(now, row))
        if stayed:
            flow.kept.append(_band(x, starts[row], ends[row], stayed * scale))
        starts[row] += stayed * scale
        ends[row] += stayed * scale
    gains = {row: max(Fraction(0), _of(now, row) - _of(before, row)) for row in rows}
    gained = sum(gains.values())
    for giver in (row for row in rows if row in givers):
        given = max(Fraction(0), _of(before, giver) - _of(now, giver))
        for taker in rows:
            part = given * gains[taker] / gained if gained else Fraction(0)
            if part:
                flow.moved.append(_band(x, starts[giver], ends[taker], part * scale))
                starts[giver] += part * scale
                ends[taker] += part * scale


def _band(x: int, start: Fraction, end: Fraction, thick: Fraction) -> str:
    x0, x1 = x - STEP + WIDE, x
    mid = (x0 + x1) // 2
    up, low = _px(start), _px(end)
    return (
        f"M{x0} {up}C{mid} {up} {mid} {low} {x1} {low}v{_px(thick)}"
        f"C{mid} {_px(end + thick)} {mid} {_px(start + thick)} {x0} {_px(start + thick)}z"
    )


def _words(
    flow: Flow,
    stages: Sequence[Votes],
    tops: Sequence[Mapping[str, Fraction]],
    rows: Sequence[str],
    names: Mapping[str, str],
    elected_at: Mapping[str, int],
    scale: Fraction,
) -> None:
    for row in rows:
        first, last = _of(stages[0], row), _of(stages[-1], row)
        if row != SILENT and first:
            middle = tops[0][row] + first * scale / 2 + 4
            flow.before.append(Label(LEFT - 8, _px(middle), f"{_short(names[row])} {numbers.exact(first)}"))
        if last:
            middle = tops[-1][row] + last * scale / 2 + 4
            x = LEFT + STEP * (len(stages) - 1) + WIDE + 8
            if row == SILENT:
                words = _("No further choice")
            elif row in elected_at:
                words = _("%(name)s, elected") % {"name": _short(names[row])}
            else:
                words = _short(names[row])
            flow.after.append(Label(x, _px(middle), words))


def _short(name: str) -> str:
    return name if len(name) <= 19 else name[:18] + "…"


def _px(length: Fraction) -> str:
    return f"{float(length):.1f}"
