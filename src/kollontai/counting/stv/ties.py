# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ties: by what the count has shown so far, then by a published lot, else the count stops and asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..errors import TieNeedsDecision
from .numbers import Number

WORDS = {
    "exclude": "whom to exclude",
    "surplus": "whose surplus to transfer first",
    "elect": "whom to elect",
}


class Ties:
    """Breaks ties for one count, and keeps the sentences that say how."""

    def __init__(
        self,
        how: str,
        names: Sequence[str],
        order: Sequence[int] | None,
        drawn: Callable[[int], Sequence[int]] | None = None,
    ) -> None:
        self.how = how
        self.names = names
        self.order = order
        self.drawn = drawn
        """A rule's own order, which may depend on the stage (New Zealand)."""
        self.history: list[Sequence[Number]] = []
        self.said: list[str] = []
        self.by_lot = False

    def remember(self, votes: Sequence[Number]) -> None:
        """Keep what each candidate had at the end of a stage."""
        self.history.append(tuple(votes))

    def decide(self, tied: Sequence[int], purpose: str) -> int:
        """One of these candidates: the one to exclude, to transfer first, or to elect."""
        if len(tied) == 1:
            return tied[0]
        left = list(tied)
        best = min if purpose == "exclude" else max
        stages: list[Sequence[Number]] = []
        if self.how == "backwards":
            stages = self.history[::-1]
        elif self.how == "forwards":
            stages = self.history
        for at, votes in enumerate(stages):
            wanted = best(votes[candidate] for candidate in left)
            fewer = [candidate for candidate in left if votes[candidate] == wanted]
            if len(fewer) < len(left):
                stage = len(stages) - at if self.how == "backwards" else at + 1
                left = fewer
                if len(left) == 1:
                    self._say(tied, purpose, left[0], f"they differed at stage {stage}")
                    return left[0]
        if self.drawn is not None:
            chosen = min(left, key=list(self.drawn(len(self.history))).index)
            self._say(tied, purpose, chosen, "by the pseudo-random numbers of the rule")
        elif self.order is not None:
            chosen = min(left, key=list(self.order).index)
            self._say(tied, purpose, chosen, "by the published lot")
        else:
            raise TieNeedsDecision([self.names[c] for c in left], f"Who decides {WORDS[purpose]}")
        self.by_lot = True
        return chosen

    def _say(self, tied: Sequence[int], purpose: str, chosen: int, why: str) -> None:
        names = ", ".join(self.names[candidate] for candidate in tied)
        self.said.append(f"{names} are tied on {WORDS[purpose]}; it is {self.names[chosen]}, {why}.")

    def heard(self) -> tuple[str, ...]:
        """The sentences since the last time, once."""
        said, self.said = tuple(self.said), []
        return said
