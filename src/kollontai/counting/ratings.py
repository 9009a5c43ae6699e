# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots that rate: approval, score, STAR, majority judgment. Sums and counts of whole numbers.

STAR and its order for ties: Equal Vote Coalition, "Ties in STAR voting" (the official protocol: in the
scoring round by head-to-head matches, then by the most top scores; in the runoff by score, then by the most
top scores; then by lot). Majority judgment: Michel Balinski and Rida Laraki, Majority Judgment (2010),
chapter 9: medians are taken away one by one until the tied candidates differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .errors import TieNeedsDecision, WrongBallots

Rated = tuple[Mapping[str, int], int]
"""Scores by candidate, and how many ballots say just that."""


@dataclass(frozen=True, slots=True)
class RatingResult:
    """A decision by ratings, step by step."""

    rule: str
    candidates: tuple[str, ...]
    ballots: int
    totals: tuple[int, ...]
    """Approvals or points of each candidate."""
    means: tuple[Fraction | None, ...]
    """The mean of those who rated, where the rule asks for it."""
    winners: tuple[str, ...]
    """In the order of seats; or those tied for one."""
    steps: tuple[str, ...]
    by_lot: bool = False
    tied: bool = False

    def sentences(self) -> tuple[str, ...]:
        """The decision in sentences."""
        ending = ", ".join(self.winners)
        return (
            f"{self.ballots} ballots were counted.",
            *self.steps,
            f"{ending} are tied." if self.tied else f"Chosen: {ending}.",
        )

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values."""
        return {
            "kind": "ratings",
            "rule": self.rule,
            "candidates": list(self.candidates),
            "ballots": self.ballots,
            "totals": dict(zip(self.candidates, self.totals, strict=True)),
            "means": [None if mean is None else str(mean) for mean in self.means],
            "winners": list(self.winners),
            "steps": list(self.steps),
            "by_lot": self.by_lot,
            "tied": self.tied,
        }


class _Box:
    """Checked ballots."""

    def __init__(self, ballots: Iterable[Rated], candidates: Sequence[str], highest: int) -> None:
        self.candidates = tuple(candidates)
        if len(set(candidates)) < len(candidates) or not candidates:
            raise WrongBallots("A vote needs candidates with different names.")
        self.highest = highest
        self.papers: list[Rated] = []
        for scores, times in ballots:
            if isinstance(times, bool) or not isinstance(times, int) or times < 0:
                raise WrongBallots(f"A ballot counts a whole number of times, not {times!r}.")
            for name, score in scores.items():
                if name not in self.candidates:
                    raise WrongBallots(f"A ballot rates {name!r}, who does not stand.")
                if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= highest:
                    raise WrongBallots(f"A score is a whole number from 0 to {highest}, not {score!r}.")
            self.papers.append((scores, times))
        self.cast = sum(times for _, times in self.papers)

    def total(self, name: str) -> int:
        """All points of a candidate; who is not rated gets none."""
        return sum(scores.get(name, 0) * times for scores, times in self.papers)

    def tops(self, name: str) -> int:
        """How many gave the highest score."""
        return sum(times for scores, times in self.papers if scores.get(name, 0) == self.highest)

    def prefer(self, one: str, other: str) -> int:
        """How many rate the first above the second."""
        return sum(times for scores, times in self.papers if scores.get(one, 0) > scores.get(other, 0))


def _tie(tied: Sequence[str], tie_break: Sequence[str] | None, question: str) -> str:
    if tie_break is None:
        raise TieNeedsDecision(sorted(tied), question)
    return min(tied, key=list(tie_break).index)


def approval(
    ballots: Iterable[tuple[Iterable[str], int]],
    candidates: Sequence[str],
    *,
    seats: int = 1,
    tie_break: Sequence[str] | None = None,
) -> RatingResult:
    """Who is approved by most. A tie for the last seat stops and asks."""
    box = _Box(((dict.fromkeys(chosen, 1), times) for chosen, times in ballots), candidates, 1)
    return _most("approval", box, {name: Fraction(box.total(name)) for name in candidates}, seats, tie_break)


def score(
    ballots: Iterable[Rated],
    candidates: Sequence[str],
    *,
    highest: int = 5,
    seats: int = 1,
    mean: bool = False,
    tie_break: Sequence[str] | None = None,
) -> RatingResult:
    """Most points; or, with `mean`, the best mean among those who rated the candidate."""
    box = _Box(ballots, candidates, highest)
    values = {name: Fraction(box.total(name)) for name in candidates}
    means: dict[str, Fraction] = {}
    if mean:
        for name in candidates:
            rated = sum(times for scores, times in box.papers if name in scores)
            means[name] = Fraction(box.total(name), rated) if rated else Fraction(0)
        values = means
    return _most("score-mean" if mean else "score", box, values, seats, tie_break, means)


def _most(
    rule: str,
    box: _Box,
    values: Mapping[str, Fraction],
    seats: int,
    tie_break: Sequence[str] | None,
    means: Mapping[str, Fraction] | None = None,
) -> RatingResult:
    if not 1 <= seats <= len(box.candidates):
        raise WrongBallots(f"{seats} seats cannot be filled by {len(box.candidates)} candidates.")
    steps = [f"{name} has {values[name]}." for name in sorted(values, key=lambda n: (-values[n], n))]
    winners: list[str] = []
    by_lot = False
    while len(winners) < seats:
        rest = [name for name in box.candidates if name not in winners]
        best = max(values[name] for name in rest)
        tied = [name for name in rest if values[name] == best]
        if len(tied) > seats - len(winners):
            chosen = _tie(tied, tie_break, "Who is chosen")
            steps.append(f"{', '.join(tied)} are tied; the published lot decides for {chosen}.")
            by_lot = True
        else:
            chosen = tied[0]
        winners.append(chosen)
    told = tuple(means.get(name) for name in box.candidates) if means else (None,) * len(box.candidates)
    totals = tuple(box.total(name) for name in box.candidates)
    return RatingResult(rule, box.candidates, box.cast, totals, told, tuple(winners), tuple(steps), by_lot)


def star(
    ballots: Iterable[Rated],
    candidates: Sequence[str],
    *,
    highest: int = 5,
    seats: int = 1,
    tie_break: Sequence[str] | None = None,
) -> RatingResult:
    """Score, then automatic runoff between the two highest; several seats one after the other (bloc)."""
    box = _Box(ballots, candidates, highest)
    if not 1 <= seats <= len(box.candidates):
        raise WrongBallots(f"{seats} seats cannot be filled by {len(box.candidates)} candidates.")
    steps: list[str] = []
    winners: list[str] = []
    lots: list[str] = []
    for _ in range(seats):
        rest = [name for name in box.candidates if name not in winners]
        if len(rest) == 1:
            winners.append(rest[0])
            steps.append(f"{rest[0]} is the only one left.")
            continue
        finalists = _finalists(box, rest, tie_break, steps, lots)
        winners.append(_runoff(box, finalists, tie_break, steps, lots))
    totals = tuple(box.total(name) for name in box.candidates)
    return RatingResult(
        "star" if seats == 1 else "bloc-star",
        box.candidates,
        box.cast,
        totals,
        (None,) * len(box.candidates),
        tuple(winners),
        tuple(steps),
        bool(lots),
    )


def _finalists(
    box: _Box, rest: Sequence[str], tie_break: Sequence[str] | None, steps: list[str], lots: list[str]
) -> list[str]:
    """The two with most points. Ties: head-to-head matches among the tied, then top scores, then the lot."""
    totals = {name: box.total(name) for name in rest}
    chosen: list[str] = []
    while len(chosen) < 2:
        able = [name for name in rest if name not in chosen]
        best = max(totals[name] for name in able)
        tied = [name for name in able if totals[name] == best]
        if len(tied) <= 2 - len(chosen):
            chosen += tied
            continue
        chosen += _untie(box, tied, 2 - len(chosen), tie_break, steps, lots)
    first, second = chosen
    steps.append(f"{first} ({totals[first]}) and {second} ({totals[second]}) go on to the runoff.")
    return chosen


def _untie(
    box: _Box,
    tied: list[str],
    wanted: int,
    tie_break: Sequence[str] | None,
    steps: list[str],
    lots: list[str],
) -> list[str]:
    chosen: list[str] = []
    while len(chosen) < wanted:
        pool = [name for name in tied if name not in chosen]
        matches = {name: sum(box.prefer(name, other) for other in pool if other != name) for name in pool}
        tops = {name: box.tops(name) for name in pool}
        for words, values in (("head-to-head matches", matches), ("top scores", tops)):
            best = max(values[name] for name in pool)
            left = [name for name in pool if values[name] == best]
            if len(left) < len(pool):
                steps.append(f"{', '.join(pool)} are tied; by {words} {', '.join(left)} lead.")
                pool = left
            if len(pool) <= wanted - len(chosen):
                break
        if len(pool) > wanted - len(chosen):
            one = _tie(pool, tie_break, "Who goes on to the runoff")
            lots.append(one)
            steps.append(f"{', '.join(pool)} are tied; the published lot decides for {one}.")
            pool = [one]
        chosen += pool
    return chosen


def _runoff(
    box: _Box, finalists: Sequence[str], tie_break: Sequence[str] | None, steps: list[str], lots: list[str]
) -> str:
    one, other = finalists
    for words, a, b in (
        ("are preferred by", box.prefer(one, other), box.prefer(other, one)),
        ("have points", box.total(one), box.total(other)),
        ("have top scores", box.tops(one), box.tops(other)),
    ):
        steps.append(f"{one} and {other} {words}: {a} and {b}.")
        if a != b:
            winner = one if a > b else other
            steps.append(f"{winner} wins the runoff.")
            return winner
    winner = _tie([one, other], tie_break, "Who wins the runoff")
    lots.append(winner)
    steps.append(f"{one} and {other} are tied; the published lot decides for {winner}.")
    return winner


def majority_judgment(
    ballots: Iterable[Rated], candidates: Sequence[str], *, grades: Sequence[str]
) -> RatingResult:
    """The best median grade, the lower one of two; ties by taking medians away one by one.

    `grades` go from the lowest to the highest; who is not graded has the lowest. Candidates whose grades are
    the same to the last one stay tied.
    """
    box = _Box(ballots, candidates, len(grades) - 1)
    if not box.cast:
        raise WrongBallots("Nobody voted, so there is no median.")
    counts = {
        name: [
            sum(times for scores, times in box.papers if scores.get(name, 0) == grade)
            for grade in range(len(grades))
        ]
        for name in candidates
    }

    def median(count: Sequence[int]) -> int:
        middle, seen = (sum(count) + 1) // 2, 0
        for grade, times in enumerate(count):
            seen += times
            if seen >= middle:
                return grade
        return 0

    steps = [f"The median of {name} is {grades[median(counts[name])]}." for name in candidates]
    left = list(candidates)
    now = {name: list(count) for name, count in counts.items()}
    while len(left) > 1:
        best = max(median(now[name]) for name in left)
        onward = [name for name in left if median(now[name]) == best]
        if len(onward) < len(left):
            lead = "leads" if len(onward) == 1 else "lead"
            steps.append(f"{', '.join(onward)} {lead} with {grades[best]}.")
        left = onward
        if len(left) == 1 or sum(now[left[0]]) <= 1:
            break
        for name in left:
            now[name][best] -= 1
    totals = tuple(sum(g * times for g, times in enumerate(counts[name])) for name in candidates)
    return RatingResult(
        "majority-judgment",
        box.candidates,
        box.cast,
        totals,
        (None,) * len(box.candidates),
        tuple(left),
        tuple(steps),
        tied=len(left) > 1,
    )
