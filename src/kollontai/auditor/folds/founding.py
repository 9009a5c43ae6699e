# SPDX-License-Identifier: AGPL-3.0-or-later
"""The founding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Founding

if TYPE_CHECKING:
    from kollontai.auditor.state import State


def _founding(state: State) -> Founding:
    if state.founding is None:
        raise Impossible("founding", "Nothing has been opened that this could belong to.")
    return state.founding


@folds("founding.opened")
def opened(state: State, line: Line) -> None:
    """A charter lies before its founders."""
    f = line.fields
    if state.founding is not None:
        raise Impossible("founding", "A record has one founding, and this is a second.")
    state.founding = Founding(
        mark(line), f["origin"], f["zone"], f["preset"], f["joining"],
        f["articles_version"], f["articles_sha256"], f["limits"], f["listed"],
    )  # fmt: skip


@folds("charter.signed")
def signed(state: State, line: Line) -> None:
    """A founder signs."""
    member = line.fields["member"]
    if member in _founding(state).signed:
        raise Impossible(member, f"{member} signs the charter a second time.")
    _founding(state).signed[member] = mark(line)


@folds("organisation.founded")
def founded(state: State, line: Line) -> None:
    """The organisation exists."""
    founding = _founding(state)
    if founding.founded is not None:
        raise Impossible("founding", "The organisation is founded a second time.")
    founding.founded = mark(line)
    founding.founded_signed, founding.founded_listed = line.fields["signed"], line.fields["listed"]
