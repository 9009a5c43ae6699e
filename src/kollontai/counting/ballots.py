# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ranked ballots as every count reads them: candidates by number, equal ballots once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from .errors import WrongBallots

Rank = int | tuple[int, ...]
"""One candidate, or several at the same rank. Candidates are numbered from 0 inside, from 1 in files."""
Ranks = tuple[Rank, ...]
Paper = tuple[Ranks, int]
"""A ranking, and how many ballots (or what whole weight) stand behind it."""


@dataclass(frozen=True, slots=True)
class Ballots:
    """Candidates, seats, and the papers in the order in which they were read."""

    candidates: tuple[str, ...]
    seats: int
    papers: Sequence[Paper]
    title: str = ""
    withdrawn: frozenset[int] = frozenset()
    tie_order: tuple[int, ...] = ()
    """An order for ties named in the file itself; empty where none is."""

    @property
    def total(self) -> int:
        """All ballots, with or without a usable preference."""
        return sum(times for _, times in self.papers)

    @property
    def has_equal_ranks(self) -> bool:
        """Whether any ballot puts two candidates at one rank."""
        if hasattr(self.papers, "marks"):
            return False  # arrays hold one candidate at each place
        return tuple in set(map(type, chain.from_iterable(map(itemgetter(0), self.papers))))

    def merged(self) -> dict[Ranks, int]:
        """Equal rankings once each, in the order of their first appearance."""
        together: dict[Ranks, int] = {}
        for ranks, times in self.papers:
            together[ranks] = together.get(ranks, 0) + times
        return together

    def standing(self) -> tuple[int, ...]:
        """Candidates who have not withdrawn."""
        return tuple(c for c in range(len(self.candidates)) if c not in self.withdrawn)


def make(
    candidates: Sequence[str],
    seats: int,
    papers: Iterable[Paper],
    *,
    title: str = "",
    withdrawn: Iterable[int] = (),
    tie_order: Sequence[int] = (),
) -> Ballots:
    """Ballots from plain values; every number is checked."""
    many = len(candidates)
    kept: list[Paper] = []
    for ranks, times in papers:
        if isinstance(times, bool) or not isinstance(times, int) or times < 0:
            raise WrongBallots(f"A ballot counts a whole number of times, not {times!r}.")
        seen: set[int] = set()
        for rank in ranks:
            for candidate in (rank,) if isinstance(rank, int) else rank:
                if not 0 <= candidate < many:
                    raise WrongBallots(
                        f"A ballot ranks candidate {candidate + 1}, but there are only {many}."
                    )
                if candidate in seen:
                    raise WrongBallots(f"A ballot ranks candidate {candidate + 1} twice.")
                seen.add(candidate)
        kept.append((ranks, times))
    gone = frozenset(withdrawn)
    if any(not 0 <= candidate < many for candidate in gone):
        raise WrongBallots("A withdrawn candidate is not among the candidates.")
    if seats < 1:
        raise WrongBallots("At least one seat is filled.")
    if tie_order and sorted(tie_order) != list(range(many)):
        raise WrongBallots("The order for ties must name every candidate once.")
    return Ballots(tuple(candidates), seats, tuple(kept), title, gone, tuple(tie_order))
