# SPDX-License-Identifier: AGPL-3.0-or-later
"""Other ways to decide by pairs: the Condorcet winner, ranked pairs, minimax, Copeland's Smith set.

Ranked pairs: T. N. Tideman, "Independence of clones as a criterion for voting rules", Social Choice and
Welfare 4 (1987). Minimax: P. B. Simpson 1969, G. H. Kramer 1977. Schulze with a status quo has a file of its
own; `beat_paths` is the same method for a vote that has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .errors import TieNeedsDecision, WrongBallots
from .rankings import Matrix, Votes, tally
from .schulze import Strengths, strongest_paths, undefeated

Measure = Literal["winning-votes", "margins", "opposition"]


@dataclass(frozen=True, slots=True)
class Locked:
    """One pair of ranked pairs, in the order in which pairs were looked at."""

    winner: str
    loser: str
    votes: int
    against: int
    kept: bool
    """False where it would have closed a circle with stronger pairs."""


@dataclass(frozen=True, slots=True)
class PairResult:
    """A decision by pairs, with everything needed to check it."""

    rule: str
    options: tuple[str, ...]
    ballots: int
    matrix: Matrix
    condorcet: str | None
    """Who beats everybody, if anybody does."""
    smith: tuple[str, ...]
    """The smallest group that beats everybody outside it."""
    winners: tuple[str, ...]
    """One, or those tied."""
    worst: tuple[int, ...] = ()
    """Minimax: the worst defeat of each option."""
    locked: tuple[Locked, ...] = ()
    strengths: Strengths | None = None
    """Schulze: the strongest paths between every two options."""
    by_lot: bool = False

    def sentences(self) -> tuple[str, ...]:
        """The decision in sentences."""
        said = [f"{self.ballots} ballots were counted."]
        if self.condorcet is not None:
            said.append(f"{self.condorcet} beats every other option.")
        else:
            said.append(f"Nobody beats everybody; {', '.join(self.smith)} beat all others.")
        for pair in self.locked:
            if pair.kept:
                said.append(f"{pair.winner} before {pair.loser}, {pair.votes} to {pair.against}: kept.")
            else:
                said.append(
                    f"{pair.winner} before {pair.loser}, {pair.votes} to {pair.against}: "
                    "left out, stronger pairs say the opposite."
                )
        for option, defeat in zip(self.options, self.worst, strict=False):
            said.append(f"The worst defeat of {option} is {defeat}.")
        said += self._paths()
        if self.by_lot:
            said.append(
                f"Nothing more tells the first apart; the published lot decides for {self.winners[0]}."
            )
        if len(self.winners) == 1:
            said.append(f"{self.winners[0]} is chosen.")
        else:
            said.append(f"{', '.join(self.winners)} are tied.")
        return tuple(said)

    def _paths(self) -> list[str]:
        """How the first of the winners stands to everybody else."""
        if self.strengths is None or self.condorcet is not None:
            return []  # who beats everybody needs no path
        said, first = [], self.options.index(self.winners[0])
        for other, name in enumerate(self.options):
            if other == first:
                continue
            way, back = self.strengths.path(first, other), self.strengths.path(other, first)
            told = [
                f"{' over '.join(self.options[step] for step in steps)} has strength "
                f"{self.strengths.links[steps[0]][steps[-1]][0]}"
                for steps in (way, back)
                if steps
            ]
            said.append(
                f"The strongest path{'s' if len(told) > 1 else ''}: {'; back, '.join(told)}."
                if told
                else f"No path leads from {self.winners[0]} to {name} or back."
            )
        return said

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values."""
        return {
            "kind": "pairs",
            "rule": self.rule,
            "options": list(self.options),
            "ballots": self.ballots,
            "matrix": [list(row) for row in self.matrix],
            "condorcet": self.condorcet,
            "smith": list(self.smith),
            "winners": list(self.winners),
            "worst": list(self.worst),
            "locked": [[p.winner, p.loser, p.votes, p.against, p.kept] for p in self.locked],
            "strengths": (
                [[link[0] for link in row] for row in self.strengths.links] if self.strengths else []
            ),
            "by_lot": self.by_lot,
        }


def _defeat(matrix: Matrix, a: int, b: int, by: Measure) -> int:
    """How badly a loses to b."""
    won, lost = matrix[b][a], matrix[a][b]
    if by == "opposition":
        return won
    if won <= lost:
        return 0
    return won if by == "winning-votes" else won - lost


def smith_set(matrix: Matrix) -> tuple[int, ...]:
    """The smallest group that beats everybody outside it."""
    size = len(matrix)
    wins = [sum(matrix[a][b] > matrix[b][a] for b in range(size)) for a in range(size)]
    draws = [sum(matrix[a][b] == matrix[b][a] for b in range(size) if b != a) for a in range(size)]
    order = sorted(range(size), key=lambda a: (-2 * wins[a] - draws[a], a))
    for many in range(1, size + 1):
        inside = order[:many]
        if all(matrix[a][b] > matrix[b][a] for a in inside for b in order[many:]):
            return tuple(sorted(inside))
    return tuple(range(size))


def _start(ballots: Votes, options: Sequence[str]) -> tuple[int, Matrix]:
    if not options:
        raise WrongBallots("A vote needs at least one option.")
    return tally(ballots, options)


def beat_paths(
    ballots: Votes, options: Sequence[str], *, tie_break: Sequence[str] | None = None
) -> PairResult:
    """Schulze's method without a status quo: whom no other beats by a stronger path of winning votes.

    Several may remain; `tie_break`, a published order of the options, then decides.
    """
    cast, matrix = _start(ballots, options)
    if tie_break is not None and sorted(tie_break) != sorted(options):
        raise WrongBallots("The order for ties must name every option once.")
    everybody = range(len(options))
    strengths = strongest_paths(matrix, everybody)
    winners, by_lot = _drawn(undefeated(strengths, everybody), options, tie_break)
    return _result("schulze", options, cast, matrix, winners, strengths=strengths, by_lot=by_lot)


def _drawn(
    tied: list[int], options: Sequence[str], tie_break: Sequence[str] | None
) -> tuple[list[int], bool]:
    """The first of those tied in a published order, where there is one; and whether it was needed."""
    if len(tied) < 2 or tie_break is None:
        return tied, False
    return [min(tied, key=lambda a: list(tie_break).index(options[a]))], True


def minimax(
    ballots: Votes,
    options: Sequence[str],
    *,
    by: Measure = "winning-votes",
    tie_break: Sequence[str] | None = None,
) -> PairResult:
    """The option whose worst defeat is the smallest; several may be level, unless `tie_break` orders them."""
    cast, matrix = _start(ballots, options)
    size = range(len(options))
    worst = tuple(max((_defeat(matrix, a, b, by) for b in size if b != a), default=0) for a in size)
    winners, by_lot = _drawn([a for a in size if worst[a] == min(worst)], options, tie_break)
    return _result(f"minimax-{by}", options, cast, matrix, winners, worst=worst, by_lot=by_lot)


def ranked_pairs(
    ballots: Votes,
    options: Sequence[str],
    *,
    by: Literal["winning-votes", "margins"] = "winning-votes",
    tie_break: Sequence[str] | None = None,
) -> PairResult:
    """Pairs are kept from the strongest down, unless stronger ones already say the opposite.

    Pairs of equal strength (winning votes, then fewer losing votes) are ordered by `tie_break`, a published
    order of the options: winner first, then loser. Where their order matters and none is given, the count
    stops and asks.
    """
    cast, matrix = _start(ballots, options)
    if tie_break is not None and sorted(tie_break) != sorted(options):
        raise WrongBallots("The order for ties must name every option once.")
    size = range(len(options))
    strengths: dict[tuple[int, int], tuple[int, int]] = {}
    for a in size:
        for b in size:
            won, lost = matrix[a][b], matrix[b][a]
            if won > lost:
                strengths[a, b] = (won, -lost) if by == "winning-votes" else (won - lost, 0)
    place = {option: at for at, option in enumerate(tie_break or options)}
    order = sorted(
        strengths,
        key=lambda pair: (*(-s for s in strengths[pair]), place[options[pair[0]]], place[options[pair[1]]]),
    )
    if tie_break is None:
        _ask_if_order_matters(order, strengths, options)
    reach = [{a} for a in size]
    """reach[a] = options that kept pairs put at or below a."""
    locked = []
    for a, b in order:
        kept = a not in reach[b]
        if kept:
            for c in size:
                if a in reach[c]:
                    reach[c] |= reach[b]
        locked.append(Locked(options[a], options[b], matrix[a][b], matrix[b][a], kept))
    above = {b for a in size for b in reach[a] if a != b}
    winners, by_lot = _drawn([a for a in size if a not in above], options, tie_break)
    return _result("ranked-pairs", options, cast, matrix, winners, locked=tuple(locked), by_lot=by_lot)


def _ask_if_order_matters(
    order: Sequence[tuple[int, int]],
    strengths: dict[tuple[int, int], tuple[int, int]],
    options: Sequence[str],
) -> None:
    """Equal pairs whose order cannot matter are fine: adding them all closes no circle with stronger ones."""
    kept: list[set[int]] = [{a} for a in range(len(options))]

    def add(reach: list[set[int]], a: int, b: int) -> None:
        below = set(reach[b])
        for c in range(len(options)):
            if a in reach[c]:
                reach[c] |= below

    at = 0
    while at < len(order):
        end = at
        while end < len(order) and strengths[order[end]] == strengths[order[at]]:
            end += 1
        able = [(a, b) for a, b in order[at:end] if a not in kept[b]]
        trial = [set(below) for below in kept]
        for a, b in able:
            if a in trial[b]:
                names = [f"{options[x]} over {options[y]}" for x, y in able]
                raise TieNeedsDecision(names, "Which pair comes first")
            add(trial, a, b)
        kept = trial
        at = end


def _result(
    rule: str,
    options: Sequence[str],
    cast: int,
    matrix: Matrix,
    winners: Sequence[int],
    *,
    worst: tuple[int, ...] = (),
    locked: tuple[Locked, ...] = (),
    strengths: Strengths | None = None,
    by_lot: bool = False,
) -> PairResult:
    size = range(len(options))
    first = [a for a in size if all(matrix[a][b] > matrix[b][a] for b in size if b != a)]
    return PairResult(
        rule=rule,
        options=tuple(options),
        ballots=cast,
        matrix=matrix,
        condorcet=options[first[0]] if first else None,
        smith=tuple(options[a] for a in smith_set(matrix)),
        winners=tuple(options[a] for a in winners),
        worst=worst,
        locked=locked,
        strengths=strengths,
        by_lot=by_lot,
    )
