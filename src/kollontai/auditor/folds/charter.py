# SPDX-License-Identifier: AGPL-3.0-or-later
"""What votes change of the whole organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Changed, DuesSet, Unit, UnitChange

if TYPE_CHECKING:
    from kollontai.auditor.state import State


@folds("charter.changed")
def changed(state: State, line: Line) -> None:
    """The charter is otherwise from here on."""
    f = line.fields
    if state.founding is None:
        raise Impossible("charter", "A charter is changed, and there is none.")
    state.changes.append(
        Changed(
            mark(line), f["version"], f["what"], f["issue"], f["draft"], f["key"] or "", f["value"], f["of"],
            f["joining"] or "", line.commitments.get("text"),
        )
    )  # fmt: skip


@folds("unit.decided")
def unit_decided(state: State, line: Line) -> None:
    """A unit begins by a vote, or is called otherwise."""
    f = line.fields
    made = f["what"] != "renamed"
    if made == (f["unit"] in state.units):
        raise Impossible(f["unit"], f"The unit {f['unit']} is {f['what']}, which it cannot be.")
    if f["parent"] not in state.units:
        raise Impossible(f["unit"], f"The unit {f['unit']} is put below {f['parent']}, which does not exist.")
    if made:
        state.units[f["unit"]] = Unit(f["unit"], f["parent"], mark(line))
    name = line.commitments.get("name")
    change = UnitChange(mark(line), f["unit"], f["parent"], f["what"], f["issue"], f["draft"], name)
    state.unit_changes.append(change)


@folds("dues.set")
def dues_set(state: State, line: Line) -> None:
    """Dues are another figure from here on."""
    f = line.fields
    state.dues.append(DuesSet(mark(line), f["number"], f["amount"], f["issue"], f["draft"]))
