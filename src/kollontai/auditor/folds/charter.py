# SPDX-License-Identifier: AGPL-3.0-or-later
"""What votes change of the whole organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Changed

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
