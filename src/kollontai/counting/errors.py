# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong in a count.

CountingError
├── WrongFile          a ballot file breaks its format: line, column, what was expected
├── WrongBallots       ballots, seats or candidates that the rule cannot count
├── Infeasible         constraints that no result can meet
└── TieNeedsDecision   the rule leaves a tie to people; the count stops and asks
"""

from __future__ import annotations

from collections.abc import Sequence


class CountingError(Exception):
    """Something the count cannot go on with, said in one sentence."""


class WrongFile(CountingError):
    """A file that breaks its format. Nothing in it is guessed."""

    def __init__(self, line: int, column: int, expected: str, found: str = "") -> None:
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found
        seen = f", but found {found!r}" if found else ""
        super().__init__(f"Line {line}, column {column}: expected {expected}{seen}.")


class WrongBallots(CountingError):
    """Ballots, seats or candidates that the rule cannot count."""


class Infeasible(CountingError):
    """Constraints that no result can meet."""


class TieNeedsDecision(CountingError):
    """A tie that the rule leaves to people or to a lot that was not given."""

    def __init__(self, tied: Sequence[str], question: str) -> None:
        self.tied = tuple(tied)
        self.question = question
        super().__init__(f"{question}: {', '.join(self.tied)} are tied. Give a published seed or an order.")
