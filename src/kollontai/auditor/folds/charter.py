# SPDX-License-Identifier: AGPL-3.0-or-later
"""What votes change of the whole organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Changed, DuesSet, LawNote, Unit, UnitChange

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


@folds("law_note.voted")
def law_note_voted(state: State, line: Line) -> None:
    """A law note stands from here on."""
    f = line.fields
    if f["note"] in state.law_notes:
        raise Impossible(f["note"], f"The law note {f['note']} is voted a second time.")
    state.law_notes[f["note"]] = LawNote(
        f["note"], f["article"], f["touches"], f["until"], f["issue"], f["draft"], mark(line),
        line.commitments.get("words"),
    )  # fmt: skip


@folds("law_note.lapsed")
def law_note_lapsed(state: State, line: Line) -> None:
    """A law note is over."""
    note = state.law_notes.get(line.fields["note"])
    if note is None or note.lapsed is not None:
        raise Impossible(line.fields["note"], f"The law note {line.fields['note']} ends without standing.")
    note.lapsed, note.lapsed_due = mark(line), line.fields["due"]
    state.time(line, note.lapsed_due, note.id)
