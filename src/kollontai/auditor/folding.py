# SPDX-License-Identifier: AGPL-3.0-or-later
"""How kinds of entry find the function that folds them into the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kollontai.auditor.lines import Line
from kollontai.auditor.things import Mark

if TYPE_CHECKING:
    from kollontai.auditor.state import State

Fold = Callable[["State", Line], None]
FOLDS: dict[str, Fold] = {}


class Impossible(Exception):
    """An entry that cannot have happened as it stands; the message says why, in one sentence."""

    def __init__(self, subject: str, sentence: str) -> None:
        """Say what it is about and why it cannot be."""
        super().__init__(sentence)
        self.subject = subject


def folds(kind: str) -> Callable[[Fold], Fold]:
    """Take a function as the one that folds entries of this kind."""

    def register(fold: Fold) -> Fold:
        assert kind not in FOLDS, f"Two functions fold {kind}."
        FOLDS[kind] = fold
        return fold

    return register


def mark(line: Line) -> Mark:
    """Keep where an entry stands, when and by whom."""
    return tuple.__new__(Mark, line[:4])  # a line begins as a mark does
