# SPDX-License-Identifier: AGPL-3.0-or-later
"""What whoever runs the server did to the house the record lives in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import HostChange, KeyChange, OrderedErasure, Release, Restored

if TYPE_CHECKING:
    from kollontai.auditor.state import State


@folds("software.upgraded")
def upgraded(state: State, line: Line) -> None:
    """Another release keeps the record."""
    f = line.fields
    state.releases.append(Release(mark(line), f["version"], f["articles_version"], f["articles_sha256"]))


@folds("database.restored")
def restored(state: State, line: Line) -> None:
    """The record goes on from a backup."""
    f = line.fields
    state.restorations.append(
        Restored(mark(line), f["root"], f["size"], f["taken_at"], f["witnesses"], f["copies"])
    )


@folds("host.changed")
def host_changed(state: State, line: Line) -> None:
    """The house goes to another host."""
    c = line.commitments
    state.host_changes.append(HostChange(mark(line), line.fields["box"], c.get("leaving"), c.get("coming")))


@folds("key.rotated")
def key_rotated(state: State, line: Line) -> None:
    """The record gets another key."""
    f = line.fields
    state.key_changes.append(
        KeyChange(mark(line), f["number"], f["public"], f["by"], f["signature"], f["proof"])
    )


@folds("content.erased_by_order")
def erased_by_order(state: State, line: Line) -> None:
    """Words are deleted because a court ordered it."""
    f, here = line.fields, mark(line)
    state.ordered.append(
        OrderedErasure(here, f["commitments"], f["review_by"], line.commitments.get("order"))
    )
    for text in f["commitments"]:
        try:
            commitment = bytes.fromhex(text)
        except ValueError:
            raise Impossible(text, "An erasure names something that is no commitment.") from None
        if commitment not in state.committed:
            raise Impossible(text, "An erasure names a commitment that the record does not hold.")
        state.erased.setdefault(commitment, here)
