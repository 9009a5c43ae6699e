# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meek: which elected candidates papers pass, and whom they reach.

A way is the order in which some papers pass elected candidates. All papers of one way arrive with the same
weight, so what a candidate keeps is worked out once for each way. Papers move only when the candidate they
lie with is elected or excluded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .gregory import HOPEFUL, OUT
from .piles import Bundle, Table

if TYPE_CHECKING:
    from .ways_fast import Flow

LARGE = 300
"""From so many places on arrays pay."""


class Ways:
    """Papers by the way they come and the hopeful candidate they reach; -1 where they say no more.

    Ways are numbered, 0 is the empty one; each has a higher number than the way it goes on from.
    """

    def __init__(self, table: Table, status: Sequence[int]) -> None:
        self.table = table
        self.status = [HOPEFUL] * len(status)
        self.before, self.passed, self.lengths = [-1], [-1], [0]
        """The way a way goes on from, the elected candidate it passes last, how many it passes."""
        self.numbers: dict[tuple[int, int], int] = {}
        self.reached: dict[int, dict[int, tuple[list[Bundle], int]]] = {}
        self.fast: Flow | None = None
        for candidate, papers, count in table.first([one == HOPEFUL for one in status]):
            self.reached[candidate] = {0: ([papers], count)}
        self._lay_out()

    def _onward(self, way: int, candidate: int) -> int:
        """The way that passes one more candidate."""
        number = self.numbers.setdefault((way, candidate), len(self.before))
        if number == len(self.before):
            self.before.append(way)
            self.passed.append(candidate)
            self.lengths.append(self.lengths[way] + 1)
        return number

    def follow(self, status: Sequence[int]) -> None:
        """Papers of candidates no longer hopeful move on."""
        changed = [c for c, (now, was) in enumerate(zip(status, self.status, strict=True)) if now != was]
        self.status = list(status)
        going = [
            (candidate, way, bundles)
            for candidate in changed
            if status[candidate] != HOPEFUL
            for way, (bundles, _) in self.reached.pop(candidate, {}).items()
        ]
        if not going:
            return
        stops = [one != OUT for one in status]
        while going:
            candidate, way, bundles = going.pop()
            onward = way if status[candidate] == OUT else self._onward(way, candidate)
            stops[candidate] = False
            piles = self.table.sort(self.table.join(bundles), stops)
            stops[candidate] = status[candidate] != OUT
            for towards, papers, count in piles:
                if towards >= 0 and status[towards] != HOPEFUL:
                    going.append((towards, onward, [papers]))
                    continue
                there = self.reached.setdefault(towards, {})
                before, number = there.get(onward, ([], 0))
                there[onward] = ([*before, papers], number + count)
        self._lay_out()

    def _lay_out(self) -> None:
        """Count the papers of every way, those that go on from it included."""
        self.counts = [0] * len(self.before)
        self.ends: list[tuple[int, int, int]] = []
        """Hopeful candidate, the way papers come, how many."""
        for candidate, ways in self.reached.items():
            for way, (_, count) in ways.items():
                self.counts[way] += count
                if candidate >= 0:
                    self.ends.append((candidate, way, count))
        for way in range(len(self.before) - 1, 0, -1):
            self.counts[self.before[way]] += self.counts[way]
        self.fast = None

    def share(
        self, one: int, keep: Sequence[int], kept: Callable[[int, int], tuple[int, int]], *, plain: bool
    ) -> list[int]:
        """Votes of everybody by these keep factors. A hopeful candidate keeps all that arrives."""
        if plain and len(self.before) + len(self.ends) > LARGE and (fast := self._arrays(one)) is not None:
            return fast.share(one, keep)
        votes = [0] * len(keep)
        weights = [one]
        for way in range(1, len(self.before)):
            candidate = self.passed[way]
            stays, rest = kept(weights[self.before[way]], keep[candidate])
            votes[candidate] += stays * self.counts[way]
            weights.append(rest)
        for candidate, way, count in self.ends:
            votes[candidate] += weights[way] * count
        return votes

    def _arrays(self, one: int) -> Flow | None:
        if self.fast is None:
            try:
                from .ways_fast import Flow
            except ImportError:
                return None
            self.fast = Flow(self)
        return self.fast if self.fast.fits(one) else None
