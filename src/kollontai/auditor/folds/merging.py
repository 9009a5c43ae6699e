# SPDX-License-Identifier: AGPL-3.0-or-later
"""Units that become part of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Merger, MergeYes

if TYPE_CHECKING:
    from kollontai.auditor.state import State


@folds("unit.merge_agreed")
def agreed(state: State, line: Line) -> None:
    """A unit says yes to a merger."""
    f = line.fields
    for unit in (f["unit"], f["merged"], f["into"]):
        if unit not in state.units:
            raise Impossible(unit, f"There is no unit {unit}.")
    state.merge_yeses.append(
        MergeYes(mark(line), f["unit"], f["merged"], f["into"], f["until"], f["issue"], f["draft"])
    )


@folds("unit.merged")
def merged(state: State, line: Line) -> None:
    """A unit is part of another from here on, with all who were of it; its posts are over."""
    f = line.fields
    unit, into = state.units.get(f["unit"]), state.units.get(f["into"])
    if unit is None or into is None or unit is into:
        raise Impossible(f["unit"], f"{f['unit']} cannot become part of {f['into']}.")
    if unit.merged is not None or into.merged is not None:
        raise Impossible(f["unit"], f"{f['unit']} becomes part of {f['into']}, and one of them is no more.")
    unit.merged = Merger(
        mark(line), f["unit"], f["into"], f["members"], f["issues"], f["issue"], f["draft"],
        f["agreed_before"],
    )  # fmt: skip
    state.mergers.append(unit.merged)
    for post in state.posts.values():
        if post.unit == unit.id and post.ended is None:
            post.gone = mark(line)
