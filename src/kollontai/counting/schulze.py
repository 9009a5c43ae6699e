# SPDX-License-Identifier: AGPL-3.0-or-later
"""Schulze's method with a status quo, for votes among several drafts.

Markus Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method", Social Choice and Welfare 36 (2011), section 2: paths compared by winning
votes, and where these are equal by fewer losing votes. The check against the status quo follows the Debian
Constitution, A.5, with the quorum and majority of the vote at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise as neighbours

from .errors import WrongBallots
from .rankings import Matrix, Votes, numbered, tally
from .yesno import share_rounded_up

Strength = tuple[int, int]
"""(votes for, minus votes against) of the weakest link of a path; NO_PATH, which every
link exceeds, where there is none."""
NO_PATH: Strength = (0, 0)


@dataclass(frozen=True, slots=True)
class Dropped:
    """An option that did not pass the check against the status quo."""

    option: str
    yes: int
    no: int
    reason: str
    """`quorum` or `majority`"""
    needed: int

    def sentence(self) -> str:
        """Why it takes no part."""
        if self.reason == "quorum":
            why = f"{self.needed} yes are needed for the quorum"
        else:
            why = f"{self.needed} yes are needed of {self.yes + self.no}"
        return (
            f"{self.option} drops out: {self.yes} prefer it to the status quo, {self.no} prefer that; {why}."
        )


@dataclass(frozen=True, slots=True)
class Strengths:
    """Strongest paths between every two options."""

    links: tuple[tuple[Strength, ...], ...]
    via: tuple[tuple[int, ...], ...]
    """via[a][b] = the option just before b on the strongest path from a; -1 where there is none."""

    def path(self, start: int, end: int) -> tuple[int, ...]:
        """The strongest path, both ends included; empty where none leads there."""
        if self.links[start][end] == NO_PATH:
            return ()
        steps = [end]
        while steps[-1] != start:
            steps.append(self.via[start][steps[-1]])
        return tuple(reversed(steps))


def strongest_paths(matrix: Matrix, among: Sequence[int], by: str = "winning-votes") -> Strengths:
    """The strongest beat paths among these options (widest paths, Floyd and Warshall).

    `by` is `winning-votes` (then fewer losing votes), or `margins`.
    """
    size = len(matrix)
    links: list[list[Strength]] = [[NO_PATH] * size for _ in range(size)]
    via = [[-1] * size for _ in range(size)]
    for a in among:
        for b in among:
            won, lost = matrix[a][b], matrix[b][a]
            if won > lost:
                links[a][b] = (won, -lost) if by == "winning-votes" else (won - lost, 0)
                via[a][b] = a
    for middle in among:
        for a in among:
            first = links[a][middle]
            if a == middle or first == NO_PATH:
                continue
            row, middle_row, row_via = links[a], links[middle], via[a]
            for b in among:
                if b in (a, middle):
                    continue
                second = middle_row[b]
                weaker = first if first < second else second
                if weaker > row[b]:
                    row[b] = weaker
                    row_via[b] = via[middle][b]
    return Strengths(tuple(map(tuple, links)), tuple(map(tuple, via)))


def undefeated(strengths: Strengths, among: Sequence[int]) -> list[int]:
    """Options that no other beats by a stronger path."""
    links = strengths.links
    return [a for a in among if all(links[b][a] <= links[a][b] for b in among)]


@dataclass(frozen=True, slots=True)
class SchulzeResult:
    """Everything a reader needs to check the vote: matrix, dropped options, paths, winner."""

    options: tuple[str, ...]
    status_quo: str
    roll: int
    quorum: Fraction
    majority: Fraction | None
    ballots: int
    matrix: Matrix
    dropped: tuple[Dropped, ...]
    remaining: tuple[str, ...]
    """Options that passed, and the status quo, in the order of `options`."""
    strengths: Strengths
    tied: tuple[str, ...]
    """All options that no path beats; one alone is the winner."""
    decided_by: str
    """`paths`, `status-quo` (a tie containing it keeps it), `lot` (the order given), or `tie`."""
    winner: str | None
    """None where a tie without the status quo needs a decision."""

    @property
    def changed(self) -> bool:
        """Whether something other than the status quo was decided."""
        return self.winner is not None and self.winner != self.status_quo

    def preferring(self, one: str, other: str) -> int:
        """How many ballots rank the first option above the second."""
        return self.matrix[self.options.index(one)][self.options.index(other)]

    def path(self, one: str, other: str) -> tuple[str, ...]:
        """The strongest path from one option to another, by name."""
        steps = self.strengths.path(self.options.index(one), self.options.index(other))
        return tuple(self.options[step] for step in steps)

    def strength(self, one: str, other: str) -> int:
        """Votes on the weakest link of the strongest path; 0 where there is none."""
        return self.strengths.links[self.options.index(one)][self.options.index(other)][0]

    def sentences(self) -> tuple[str, ...]:
        """The count, one sentence per step."""
        said = [f"{self.ballots} ballots were counted; {self.roll} are on the roll."]
        said += [option.sentence() for option in self.dropped]
        running = [option for option in self.remaining if option != self.status_quo]
        for option in running:
            yes, no = self.preferring(option, self.status_quo), self.preferring(self.status_quo, option)
            said.append(f"{option} stays in: {yes} prefer it to the status quo, {no} prefer that.")
        if not running:
            said.append(f"No option is left, so {self.status_quo} stays.")
            return tuple(said)
        if self.decided_by == "paths":
            assert self.winner is not None
            said += [self._against(self.winner, other) for other in self.remaining if other != self.winner]
            said.append(f"{self.winner} is chosen.")
        else:
            names = ", ".join(self.tied)
            ending = {
                "status-quo": f"the tie contains the status quo, so {self.status_quo} stays.",
                "lot": f"the published lot decides for {self.winner}.",
                "tie": "the tie needs a decision.",
            }[self.decided_by]
            said.append(f"{names} are tied: none beats another by a stronger path; {ending}")
        return tuple(said)

    def _against(self, winner: str, other: str) -> str:
        for_it, against = self.preferring(winner, other), self.preferring(other, winner)
        if for_it > against:
            return f"{winner} beats {other} by {for_it} to {against}."
        way = self.path(winner, other)
        back = self.strength(other, winner)
        opposite = f"the strongest path back has {back}" if back else "no path leads back"
        steps = ", ".join(
            f"{one} beats {two} by {self.preferring(one, two)} to {self.preferring(two, one)}"
            for one, two in neighbours(way)
        )
        if not way:
            return f"{winner} and {other} are level, and no path leads from {other} to {winner}."
        strength = self.strength(winner, other)
        return f"{winner} beats {other} on a path of strength {strength} ({steps}); {opposite}."

    def to_json(self) -> dict[str, object]:
        """The same as plain JSON values; fractions are written as "2/3"."""
        return {
            "kind": "schulze",
            "options": list(self.options),
            "status_quo": self.status_quo,
            "roll": self.roll,
            "quorum": str(self.quorum),
            "majority": None if self.majority is None else str(self.majority),
            "ballots": self.ballots,
            "matrix": [list(row) for row in self.matrix],
            "dropped": [
                {
                    "option": gone.option,
                    "yes": gone.yes,
                    "no": gone.no,
                    "reason": gone.reason,
                    "needed": gone.needed,
                }
                for gone in self.dropped
            ],
            "remaining": list(self.remaining),
            "strengths": [[link[0] for link in row] for row in self.strengths.links],
            "tied": list(self.tied),
            "decided_by": self.decided_by,
            "winner": self.winner,
        }


def schulze(
    ballots: Votes,
    options: Sequence[str],
    *,
    status_quo: str,
    roll: int,
    quorum: Fraction,
    majority: Fraction | None,
    tie_break: Sequence[str] | None = None,
) -> SchulzeResult:
    """Choose among drafts and the status quo (programme, article 2, "Counting drafts").

    An option's yes are the ballots ranking it above the status quo, its no those ranking it below; equal
    ranks are neither. It drops out with yes < quorum × roll; or, where `majority` is None, with not more yes
    than no; or else with yes < majority × (yes + no). Schulze decides among the rest and the status quo. A
    tie that contains the status quo keeps it. Other ties are reported as ties, unless `tie_break` gives an
    order drawn by a published lot, whose first tied option then wins.
    """
    index = numbered(options)
    if status_quo not in index:
        raise WrongBallots(f"The status quo {status_quo!r} is not among the options.")
    if tie_break is not None and sorted(tie_break) != sorted(options):
        raise WrongBallots("The order for ties must name every option once.")
    cast, matrix = tally(ballots, options)
    if cast > roll:
        raise WrongBallots(f"{cast} ballots were cast, but only {roll} members are on the roll.")
    quo = index[status_quo]

    dropped: list[Dropped] = []
    among: list[int] = []
    for at, option in enumerate(options):
        if at != quo:
            gone = _dropped(option, matrix[at][quo], matrix[quo][at], roll, quorum, majority)
            if gone is not None:
                dropped.append(gone)
                continue
        among.append(at)

    strengths = strongest_paths(matrix, among)
    best = undefeated(strengths, among)
    tied = tuple(options[at] for at in best)
    winner: str | None = None
    if len(tied) == 1:
        winner, decided_by = tied[0], "paths"
    elif status_quo in tied:
        winner, decided_by = status_quo, "status-quo"
    elif tie_break is not None:
        winner, decided_by = min(tied, key=list(tie_break).index), "lot"
    else:
        decided_by = "tie"
    return SchulzeResult(
        options=tuple(options),
        status_quo=status_quo,
        roll=roll,
        quorum=quorum,
        majority=majority,
        ballots=cast,
        matrix=matrix,
        dropped=tuple(dropped),
        remaining=tuple(options[at] for at in among),
        strengths=strengths,
        tied=tied,
        decided_by=decided_by,
        winner=winner,
    )


def _dropped(
    option: str, yes: int, no: int, roll: int, quorum: Fraction, majority: Fraction | None
) -> Dropped | None:
    needed = share_rounded_up(quorum, roll)
    if yes < needed:
        return Dropped(option, yes, no, "quorum", needed)
    needed = (yes + no) // 2 + 1 if majority is None else share_rounded_up(majority, yes + no)
    if yes < max(needed, 1):
        return Dropped(option, yes, no, "majority", max(needed, 1))
    return None
