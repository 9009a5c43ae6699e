# SPDX-License-Identifier: AGPL-3.0-or-later
"""Minimum and maximum numbers per category, several categories at once.

Hill's and Otten's way (Voting matters 9 and 13): at every step it is worked out who must still be elected
(guarded) and who no longer can be (doomed) if the numbers are to be met; the reason is told.
Members kept in their seats during a countback are the same kind of limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import Infeasible, WrongBallots
from .numbers import Number


@dataclass(frozen=True, slots=True)
class Constraint:
    """Of this category's group, at least and at most so many are elected."""

    category: str
    group: str
    members: frozenset[int]
    least: int = 0
    most: int | None = None

    def sentence(self) -> str:
        """The limit in words."""
        parts = []
        if self.least:
            parts.append(f"at least {self.least}")
        if self.most is not None:
            parts.append(f"at most {self.most}")
        return f"{self.category}: {' and '.join(parts) or 'any number'} of {self.group}"


class Limits:
    """Who is guarded and who is doomed, at every moment of a count."""

    def __init__(
        self,
        names: Sequence[str],
        constraints: Iterable[Constraint] = (),
        kept: Iterable[int] = (),
        seats: int = 0,
    ) -> None:
        self.names = names
        self.constraints = tuple(constraints)
        self.kept = frozenset(kept)
        self.seats = seats
        self.guarded: frozenset[int] = frozenset()
        self.doomed: frozenset[int] = frozenset()
        self._left: frozenset[int] = frozenset()
        for limit in self.constraints:
            if limit.most is not None and limit.least > limit.most:
                raise WrongBallots(f"{limit.sentence()} cannot be met.")

    @property
    def matter(self) -> bool:
        """Whether there are any."""
        return bool(self.constraints or self.kept)

    def filled(self, places: int) -> bool:
        """Whether all places left belong to guarded candidates."""
        return self.matter and places > 0 and len(self.guarded) >= places

    def update(self, elected: Sequence[int], hopeful: Sequence[int], places: int) -> None:
        """Work out again who is guarded and doomed."""
        if not self.matter:
            return
        kinds: dict[tuple[object, ...], list[int]] = {}
        for candidate in hopeful:
            kinds.setdefault(self._kind(candidate), []).append(candidate)
        ranges = self._ranges(Counter(self._kind(c) for c in elected), kinds, min(places, len(hopeful)))
        if ranges is None:
            raise Infeasible(
                "No choice among the candidates meets every limit: "
                + "; ".join(limit.sentence() for limit in self.constraints)
                + "."
            )
        guarded: set[int] = set()
        doomed: set[int] = set()
        for kind, members in kinds.items():
            least, most = ranges[kind]
            if least == len(members):
                guarded.update(members)
            if most == 0:
                doomed.update(members)
        self.guarded, self.doomed = frozenset(guarded), frozenset(doomed)

    def _kind(self, candidate: int) -> tuple[object, ...]:
        return (candidate in self.kept, *(candidate in limit.members for limit in self.constraints))

    def _ranges(
        self, elected: Counter[tuple[object, ...]], kinds: Mapping[tuple[object, ...], list[int]], places: int
    ) -> dict[tuple[object, ...], tuple[int, int]] | None:
        """For each kind of candidate, the fewest and most that a lawful completion elects.

        The number of kinds is small; completions are enumerated by kind, with the counts of each
        constraint as the state, forwards and backwards.
        """
        order = list(kinds)
        already = [
            sum(n for kind, n in elected.items() if kind[at + 1]) for at in range(len(self.constraints))
        ]
        all_kept = sum(1 for kind in order if kind[0] for _ in kinds[kind])
        start = (0, tuple(already))
        forwards: list[set[tuple[int, tuple[int, ...]]]] = [{start}]
        for kind in order:
            onward: set[tuple[int, tuple[int, ...]]] = set()
            many = len(kinds[kind])
            choices = (many,) if kind[0] else range(many + 1)
            for used, counts in forwards[-1]:
                for take in choices:
                    state = self._after(used, counts, kind, take, places)
                    if state is not None:
                        onward.add(state)
            forwards.append(onward)
        good = {state for state in forwards[-1] if state[0] == places and self._lawful(state[1])}
        if not good or all_kept > places:
            return None
        ranges: dict[tuple[object, ...], tuple[int, int]] = {}
        for at in range(len(order) - 1, -1, -1):
            kind = order[at]
            many = len(kinds[kind])
            choices = (many,) if kind[0] else range(many + 1)
            before: set[tuple[int, tuple[int, ...]]] = set()
            taken: list[int] = []
            for used, counts in forwards[at]:
                for take in choices:
                    if self._after(used, counts, kind, take, places) in good:
                        before.add((used, counts))
                        taken.append(take)
            ranges[kind] = (min(taken), max(taken))
            good = before
        return ranges

    def _after(
        self, used: int, counts: tuple[int, ...], kind: tuple[object, ...], take: int, places: int
    ) -> tuple[int, tuple[int, ...]] | None:
        if used + take > places:
            return None
        new = tuple(count + take if kind[at + 1] else count for at, count in enumerate(counts))
        for count, limit in zip(new, self.constraints, strict=True):
            if limit.most is not None and count > limit.most:
                return None
        return used + take, new

    def _lawful(self, counts: tuple[int, ...]) -> bool:
        return all(count >= limit.least for count, limit in zip(counts, self.constraints, strict=True))

    def why(self, candidate: int) -> str:
        """Why a candidate is doomed."""
        limits = [
            limit for limit in self.constraints if limit.most is not None and candidate in limit.members
        ]
        limits += [limit for limit in self.constraints if limit.least and candidate not in limit.members]
        told = "; ".join(limit.sentence() for limit in limits)
        if not told:
            return f"{self.names[candidate]} can no longer be elected: the open places are filled."
        return f"{self.names[candidate]} can no longer be elected without breaking a limit ({told})."

    def guard_notes(
        self, hopeful: Sequence[int], group: Sequence[int], votes: Sequence[Number]
    ) -> tuple[str, ...]:
        """Who was spared from exclusion although they had fewer votes, and why."""
        if not self.matter or not group:
            return ()
        bar = max(votes[candidate] for candidate in group)
        said = []
        for candidate in hopeful:
            if candidate in self.guarded and votes[candidate] < bar:
                if candidate in self.kept:
                    said.append(f"{self.names[candidate]} keeps their seat.")
                else:
                    told = "; ".join(
                        limit.sentence() for limit in self.constraints if candidate in limit.members
                    )
                    said.append(f"{self.names[candidate]} is guarded: needed to meet the limits ({told}).")
        return tuple(said)


def standing_with(
    constraints: Iterable[Constraint], seats: int, standing: Sequence[int], names: Sequence[str]
) -> None:
    """Check before any counting that some choice meets all limits."""
    limits = Limits(names, constraints, seats=seats)
    limits.update([], standing, seats)
