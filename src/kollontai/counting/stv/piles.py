# SPDX-License-Identifier: AGPL-3.0-or-later
"""The papers on the counting table: each lies with one candidate, and is sorted on when that one goes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Protocol

from ..ballots import Ranks

Bundle = Any
"""Some papers; what it is, only the table that made it knows."""
Sorted = list[tuple[int, Bundle, int]]
"""(candidate, papers, how many) by candidate; candidate -1 holds papers that say no more."""


class Table(Protocol):
    """What the engine asks of a table, plain or fast. Both give the same answers."""

    def first(self, hopeful: Sequence[bool]) -> Sorted:
        """Sort every paper to its first candidate."""

    def sort(self, bundle: Bundle, hopeful: Sequence[bool]) -> Sorted:
        """Sort these papers to their next candidate still in play."""

    def join(self, bundles: Sequence[Bundle]) -> Bundle:
        """Put bundles together."""

    def papers(self, bundle: Bundle) -> list[tuple[Ranks, int]]:
        """The papers of a bundle, whole."""

    def ranked(self) -> set[int]:
        """Candidates named on at least one ballot."""


class PlainTable:
    """Papers in Python lists: fine for small counts, and the reference for the fast one."""

    def __init__(self, papers: Sequence[tuple[Ranks, int]]) -> None:
        """Papers without equal ranks."""
        self.ranks: list[tuple[int, ...]] = [ranks for ranks, _ in papers]  # type: ignore[misc]
        self.times = [times for _, times in papers]
        self.at = [0] * len(papers)

    def first(self, hopeful: Sequence[bool]) -> Sorted:
        """Sort every paper to its first candidate."""
        return self.sort(range(len(self.ranks)), hopeful)

    def sort(self, bundle: Bundle, hopeful: Sequence[bool]) -> Sorted:
        """Sort these papers to their next candidate still in play."""
        ranks, times, at = self.ranks, self.times, self.at
        piles: dict[int, list[int]] = {}
        counts: dict[int, int] = {}
        for paper in bundle:
            order = ranks[paper]
            here, size = at[paper], len(order)
            while here < size and not hopeful[order[here]]:
                here += 1
            at[paper] = here
            onward = order[here] if here < size else -1
            pile = piles.get(onward)
            if pile is None:
                piles[onward] = [paper]
                counts[onward] = times[paper]
            else:
                pile.append(paper)
                counts[onward] += times[paper]
        return [(candidate, piles[candidate], counts[candidate]) for candidate in sorted(piles)]

    def join(self, bundles: Sequence[Bundle]) -> Bundle:
        """Put bundles together."""
        return [paper for bundle in bundles for paper in bundle]

    def papers(self, bundle: Bundle) -> list[tuple[Ranks, int]]:
        """The papers of a bundle, whole."""
        return [(self.ranks[paper], self.times[paper]) for paper in bundle]

    def ranked(self) -> set[int]:
        """Candidates named on at least one ballot."""
        return set(chain.from_iterable(self.ranks))
