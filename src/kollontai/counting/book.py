# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules that are no ranked count in stages, by name: by pairs, by ratings, for committees.

Each says which ballots it counts, what it does, and where it is written down. `apply` counts by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from . import committees, condorcet, lots, ratings, schulze
from .ballots import Ballots, Rank
from .committees import Approval, CommitteeResult
from .condorcet import PairResult
from .errors import WrongBallots
from .ratings import Rated, RatingResult
from .schulze import SchulzeResult

Kind = Literal["rankings", "ratings", "approvals"]
"""What stands on a ballot."""
Result = PairResult | SchulzeResult | RatingResult | CommitteeResult


@dataclass(frozen=True, slots=True)
class Method:
    """A rule by its name."""

    name: str
    title: str
    source: str
    counts: tuple[Kind, ...]
    also: tuple[str, ...] = ()
    """Other names it goes by."""


_BOOK = "M. Lackner, P. Skowron, Multi-Winner Voting with Approval Preferences (2023)"

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "schulze", "Strongest beat paths; against a status quo where one is named",
            "M. Schulze, Social Choice and Welfare 36 (2011); Debian Constitution, A.5 (status quo)",
            ("rankings",),
        ),
        Method(
            "ranked-pairs", "Pairs kept from the strongest down",
            "T. N. Tideman, Social Choice and Welfare 4 (1987)", ("rankings",), ("tideman",),
        ),
        Method(
            "minimax", "The smallest worst defeat", "P. B. Simpson (1969); G. H. Kramer (1977)",
            ("rankings",),
        ),
        Method(
            "approval", "Who is approved by most", "S. J. Brams, P. C. Fishburn, Approval Voting (1983)",
            ("approvals", "ratings"),
        ),
        Method("score", "Most points", "W. D. Smith, Range voting (2000)", ("ratings",)),
        Method(
            "star", "Score, then automatic runoff",
            "Equal Vote Coalition, STAR voting and Ties in STAR voting", ("ratings",),
        ),
        Method(
            "majority-judgment", "The best median grade",
            "M. Balinski, R. Laraki, Majority Judgment (2010)", ("ratings",),
        ),
        Method("av", committees.RULES["av"], f"{_BOOK}, rule 1", ("approvals", "ratings")),
        Method("sav", committees.RULES["sav"], f"{_BOOK}, rule 2", ("approvals", "ratings")),
        Method(
            "seqpav", committees.RULES["seqpav"], f"{_BOOK}, rule 5", ("approvals", "ratings"),
            ("seq-pav",),
        ),
        Method(
            "seqphragmen", committees.RULES["seqphragmen"], f"{_BOOK}, rule 9", ("approvals", "ratings"),
            ("seq-phragmen", "phragmen"),
        ),
        Method(
            "equal-shares", committees.RULES["equal-shares"], f"{_BOOK}, rule 11", ("approvals", "ratings"),
            ("mes",),
        ),
        Method(
            "equal-shares-with-av-completion", committees.RULES["equal-shares-with-av-completion"],
            f"{_BOOK}, rule 11", ("approvals", "ratings"), ("mes-av",),
        ),
        Method(
            "equal-shares-without-completion", committees.RULES["equal-shares-without-completion"],
            f"{_BOOK}, rule 11", ("approvals", "ratings"), ("mes-without-completion",),
        ),
    )
}  # fmt: skip
"""Rules by name, in the order in which they are listed."""


def find(name: str) -> Method | None:
    """The rule of this name, or that also goes by it."""
    return METHODS.get(name) or next((one for one in METHODS.values() if name in one.also), None)


def of_those_standing(ballots: Ballots) -> Ballots:
    """The same ballots without those who withdrew; whoever ranked them ranks the others as before."""
    if not ballots.withdrawn:
        return ballots
    standing = ballots.standing()
    number = {candidate: at for at, candidate in enumerate(standing)}
    papers = []
    for ranks, times in ballots.papers:
        kept: list[Rank] = []
        for rank in ranks:
            left = [number[c] for c in ((rank,) if isinstance(rank, int) else rank) if c in number]
            if left:
                kept.append(left[0] if len(left) == 1 else tuple(left))
        papers.append((tuple(kept), times))
    names = tuple(ballots.candidates[c] for c in standing)
    return replace(ballots, candidates=names, papers=tuple(papers), withdrawn=frozenset(), tie_order=())


def by_pairs(
    name: str,
    ballots: Ballots,
    *,
    seed: str | None = None,
    status_quo: int | None = None,
    majority: Fraction | None = None,
    quorum: int = 0,
) -> PairResult | SchulzeResult:
    """One place by `schulze`, `ranked-pairs` or `minimax`.

    `status_quo` is the number from 0 of the option that stays if no other passes against it; `quorum` is how
    many ballots must prefer an option to it, `majority` the share of those that tell them apart.
    """
    twice = {name for name in ballots.candidates if ballots.candidates.count(name) > 1}
    if twice:
        names = (f"{name} ({at})" if name in twice else name for at, name in enumerate(ballots.candidates, 1))
        ballots = replace(ballots, candidates=tuple(names))
    quo = None if status_quo is None else ballots.candidates[status_quo]
    ballots = of_those_standing(ballots)
    options = ballots.candidates
    order = None if seed is None else lots.draw(seed, options)
    if name == "minimax":
        return condorcet.minimax(ballots, options, tie_break=order)
    if name == "ranked-pairs":
        return condorcet.ranked_pairs(ballots, options, tie_break=order)
    if quo is None:
        return condorcet.beat_paths(ballots, options, tie_break=order)
    if quo not in options:
        raise WrongBallots(f"{quo} has withdrawn and cannot be the status quo.")
    total = ballots.total
    return schulze.schulze(
        ballots, options, status_quo=quo, roll=total, quorum=Fraction(quorum, total or 1), majority=majority,
        tie_break=order,
    )  # fmt: skip


def by_ratings(
    name: str,
    ballots: Sequence[Rated],
    candidates: Sequence[str],
    *,
    seats: int = 1,
    highest: int = 5,
    grades: Sequence[str] = (),
    seed: str | None = None,
) -> RatingResult:
    """Seats by `approval`, `score`, `star` or `majority-judgment` (one seat); scores from 0 to `highest`."""
    order = None if seed is None else lots.draw(seed, candidates)
    if name == "approval":
        approved = [([one for one, score in scores.items() if score], times) for scores, times in ballots]
        return ratings.approval(approved, candidates, seats=seats, tie_break=order)
    if name == "score":
        return ratings.score(ballots, candidates, highest=highest, seats=seats, tie_break=order)
    if name == "star":
        return ratings.star(ballots, candidates, highest=highest, seats=seats, tie_break=order)
    if seats != 1:
        raise WrongBallots(f"majority-judgment fills one place, not {seats}.")
    words = grades or [str(grade) for grade in range(highest + 1)]
    return ratings.majority_judgment(ballots, candidates, grades=words)


def by_approvals(
    name: str, ballots: Sequence[Approval], candidates: Sequence[str], size: int, *, seed: str | None = None
) -> CommitteeResult:
    """A committee. Ties go by the order that the seed draws; without one, in the order of the candidates."""
    if seed is None:
        return committees.committee(ballots, candidates, size, name)
    number = {candidate: at for at, candidate in enumerate(candidates)}
    order = [number[one] for one in lots.draw(seed, candidates)]
    return committees.committee(ballots, candidates, size, name, tie_break=order)


def undecided(result: Result) -> bool:
    """Whether a tie is left that nobody has decided yet."""
    if isinstance(result, PairResult):
        return len(result.winners) > 1
    if isinstance(result, SchulzeResult):
        return result.winner is None
    return isinstance(result, RatingResult) and result.tied
