# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads brought along from other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kollontai.auditor.folding import Impossible, folds, mark
from kollontai.auditor.lines import Line
from kollontai.auditor.things import Archive

if TYPE_CHECKING:
    from kollontai.auditor.state import State


@folds("archive.imported")
def imported(state: State, line: Line) -> None:
    """A member brings a thread along."""
    name = line.fields["archive"]
    if name in state.archives:
        raise Impossible(name, f"The thread {name} is brought along a second time.")
    state.archives[name] = Archive(name, line.fields["source"], mark(line), line.commitments.get("thread"))
