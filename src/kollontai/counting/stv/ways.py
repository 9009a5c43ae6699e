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

Way = tuple[int, ...]
LARGE = 300
"""From so many places on arrays pay."""


class Ways:
    """Papers by the way they come and the hopeful candidate they reach; -1 where they say no more."""

    def __init__(self, table: Table, status: Sequence[int]) -> None:
        self.table = table
        self.status = [HOPEFUL] * len(status)
        self.reached: dict[int, dict[Way, tuple[list[Bundle], int]]] = {}
        self.fast: Flow | None = None
        for candidate, papers, count in table.first([one == HOPEFUL for one in status]):
            self.reached[candidate] = {(): ([papers], count)}
        self._lay_out()

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
        while going:
            candidate, way, bundles = going.pop()
            stops = [one != OUT for one in status]
            stops[candidate] = False
            onward = way if status[candidate] == OUT else (*way, candidate)
            for towards, papers, count in self.table.sort(self.table.join(bundles), stops):
                if towards >= 0 and status[towards] != HOPEFUL:
                    going.append((towards, onward, [papers]))
                    continue
                there = self.reached.setdefault(towards, {})
                before, number = there.get(onward, ([], 0))
                there[onward] = ([*before, papers], number + count)
        self._lay_out()

    def _lay_out(self) -> None:
        """Number the ways so that each comes after the one it goes on from."""
        through: dict[Way, int] = {(): 0}
        ends: list[tuple[int, Way, int]] = []
        for candidate, ways in self.reached.items():
            for way, (_, count) in ways.items():
                if candidate >= 0:
                    ends.append((candidate, way, count))
                for length in range(len(way), 0, -1):
                    through[way[:length]] = through.get(way[:length], 0) + count
        order = sorted(through, key=len)
        number = {way: at for at, way in enumerate(order)}
        self.steps = [(number[way[:-1]], way[-1], through[way]) for way in order[1:]]
        """For each way but the empty one: the way before, the elected candidate passed, how many papers."""
        self.lengths = [len(way) for way in order[1:]]
        self.ends = [(candidate, number[way], count) for candidate, way, count in ends]
        """Hopeful candidate, the way papers come, how many."""
        self.fast = None

    def share(
        self, one: int, keep: Sequence[int], kept: Callable[[int, int], tuple[int, int]], *, plain: bool
    ) -> list[int]:
        """Votes of everybody by these keep factors. A hopeful candidate keeps all that arrives."""
        if plain and len(self.steps) + len(self.ends) > LARGE and (fast := self._arrays(one)) is not None:
            return fast.share(one, keep)
        votes = [0] * len(keep)
        weights = [one]
        for before, candidate, count in self.steps:
            stays, rest = kept(weights[before], keep[candidate])
            votes[candidate] += stays * count
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
