# SPDX-License-Identifier: AGPL-3.0-or-later
"""Count a poll again: an open one from its opened choices, a secret one from its published ballots.

The counting itself is `kollontai.counting`, which the server uses too; that is why outside programs
check it against published elections.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kollontai.auditor.contents import Contents
from kollontai.auditor.published import (
    RON,
    YES_NO,
    Published,
    as_ballots,
    outside_ballots,
    published,
    seed_of,
    seed_outside,
)
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Poll
from kollontai.counting.ballots import Ballots
from kollontai.counting.errors import CountingError, TieNeedsDecision, WrongBallots
from kollontai.counting.rankings import Ranking
from kollontai.counting.schulze import schulze
from kollontai.counting.stv import Count, count, countback
from kollontai.counting.yesno import count_yes_no


@dataclass(frozen=True, slots=True)
class Recount:
    """What a poll's choices give, or why they give nothing."""

    outcome: str | None = None
    """The option that won; None where it could not be counted."""
    figures: Mapping[str, int] | None = None
    whole: Mapping[str, Any] | None = None
    unread: int = 0
    """Choices that are not here to be counted."""
    wrong: tuple[int, ...] = ()
    """Positions of ballots that say nothing this poll knows."""
    problem: str = ""
    undecided: bool = False
    """Whether a tie was decided by something that is not on the record."""
    elected: tuple[str, ...] = ()
    """An election's: who is elected, in order."""
    reopened: int = 0


def recount(poll: Poll, contents: Contents, seats: int = 0) -> Recount:
    """Count again what was cast into a poll; an election fills so many seats."""
    if poll.box == "outside":
        return _outside(poll, contents, seats)
    if poll.box == "separated":
        return _secret(poll, published(poll, contents), contents, seats)
    return _open(poll, contents)


def _open(poll: Poll, contents: Contents) -> Recount:
    merged: Counter[bytes] = Counter()
    places: dict[bytes, list[int]] = {}
    unread = 0
    for ballot in poll.ballots.values():
        value = contents.value(ballot.choice)
        if value is None:
            unread += 1
        else:
            merged[value] += 1
            places.setdefault(value, []).append(ballot.position)
    read = _yes_or_no if poll.form == "yes_no" else _ranking
    votes: Counter[Any] = Counter()
    wrong: list[int] = []
    for value, times in merged.items():
        vote = read(json_value(value), poll)
        if vote is None:
            wrong += places[value]
        else:
            votes[vote] += times
    if unread or wrong:
        return Recount(unread=unread, wrong=tuple(sorted(wrong)))
    try:
        return _count_yes_no(poll, votes) if poll.form == "yes_no" else _count_ranked(poll, votes)
    except (WrongBallots, ZeroDivisionError, ValueError) as error:
        return Recount(problem=str(error))


def _secret(poll: Poll, given: Published, contents: Contents, seats: int) -> Recount:
    box = poll.secret
    if box is None or not given.here:
        return Recount(unread=poll.cast)
    if given.problems:
        return Recount(problem=given.problems[0])
    try:
        if poll.form == "yes_no":
            return _count_yes_no(poll, given.votes)
        ballots = as_ballots(poll, seats, given.votes)
        return _elected(poll, ballots, seats, seed_of(box, contents))
    except TieNeedsDecision:
        return Recount(unread=poll.cast, undecided=True)
    except (CountingError, ZeroDivisionError, ValueError) as error:
        return Recount(problem=str(error))


def _outside(poll: Poll, contents: Contents, seats: int) -> Recount:
    ballots = outside_ballots(poll, seats, contents)
    if ballots is None:
        return Recount(unread=poll.cast)
    if isinstance(ballots, str):
        return Recount(problem=ballots)
    try:
        return _elected(poll, ballots, seats, seed_outside(poll))
    except TieNeedsDecision:
        return Recount(unread=poll.cast, undecided=True)
    except (CountingError, ZeroDivisionError, ValueError) as error:
        return Recount(problem=str(error))


def rule_for(seats: int) -> str:
    """One seat goes by the alternative vote, more by the single transferable vote."""
    return "irv" if seats == 1 else "scottish-stv"


def _reopen(poll: Poll) -> int | None:
    return poll.options.index(RON) if RON in poll.options else None


def _elected(poll: Poll, ballots: Ballots, seats: int, seed: str | None) -> Recount:
    if seats < 1:
        raise WrongBallots("It fills no seat.")
    firsts = dict.fromkeys((f"{option}.first" for option in poll.options), 0)
    done = count(ballots, rule_for(seats), seed=seed, reopen=_reopen(poll), leave_out_unranked=True)
    for ranks, times in ballots.papers:
        if ranks and isinstance(ranks[0], int):
            firsts[f"{poll.options[ranks[0]]}.first"] += times
    elected = tuple(poll.options[one] for one in done.elected)
    return Recount("counted", firsts, _whole(done), elected=elected, reopened=done.reopened)


_NAMES = ("title", "candidates")
"""Parts of a count in which the server may write other names than the ids on the paper."""


def _whole(done: Count) -> dict[str, Any]:
    return {key: value for key, value in done.to_json().items() if key not in _NAMES}


@dataclass(frozen=True, slots=True)
class Next:
    """Who takes a vacant seat, by the ballots that had filled it."""

    members: tuple[str, ...] = ()
    problem: str = ""
    known: bool = True
    """Whether the ballots are here to be counted."""


def next_in_line(
    poll: Poll,
    contents: Contents,
    seats: int,
    *,
    left: Iterable[str],
    seated: Iterable[str],
    aside: Iterable[str],
) -> Next:
    """Count the electing ballots again without who left, and without who did not want to."""
    box, seed = poll.secret, None
    if poll.box == "outside":
        read = outside_ballots(poll, seats, contents)
        if isinstance(read, str):
            return Next(problem=read)
        seed = seed_outside(poll) if read is not None else None
    else:
        given = published(poll, contents)
        read = as_ballots(poll, seats, given.votes) if given.here and not given.problems else None
        seed = seed_of(box, contents) if box else None
    if read is None:
        return Next(known=False)
    number = {option: at for at, option in enumerate(poll.options)}
    try:
        out, kept, no = ([number[one] for one in some if one in number] for some in (left, seated, aside))
        done = countback(
            read, rule_for(seats), left=out, seated=kept, aside=no, seed=seed, reopen=_reopen(poll)
        )
    except TieNeedsDecision:
        return Next(known=False)
    except (CountingError, ZeroDivisionError, ValueError) as error:
        return Next(problem=str(error))
    return Next(tuple(poll.options[one] for one in done.next_in_line))


def _yes_or_no(value: Any, poll: Poll) -> str | None:
    if type(value) is dict and value.keys() == {"choice"} and value["choice"] in poll.options:
        choice: str = value["choice"]
        return choice if choice in YES_NO else None
    return None


def _ranking(value: Any, poll: Poll) -> Ranking | None:
    if type(value) is not dict or value.keys() != {"ranking"} or type(value["ranking"]) is not list:
        return None
    seen: set[str] = set()
    ranks = []
    for rank in value["ranking"]:
        if type(rank) is not list or not rank:
            return None
        for option in rank:
            if type(option) is not str or option not in poll.options or option in seen:
                return None
            seen.add(option)
        ranks.append(tuple(rank))
    return tuple(ranks)


def _majority(poll: Poll) -> Fraction:
    numerator, denominator = poll.majority
    return Fraction(numerator, denominator)


def _count_yes_no(poll: Poll, votes: Counter[str]) -> Recount:
    result = count_yes_no(
        votes["yes"],
        votes["no"],
        votes["abstain"],
        roll=poll.roll_count,
        quorum=Fraction(poll.quorum_bp, 10_000),
        majority=_majority(poll),
        strictly=poll.more_than,
    )
    figures = {option: votes[option] for option in YES_NO}
    return Recount("yes" if result.carried else "no", figures, result.to_json())


def _count_ranked(poll: Poll, votes: Counter[Ranking]) -> Recount:
    majority = _majority(poll)
    plain = poll.more_than and majority == Fraction(1, 2)
    quo = poll.status_quo or ""
    result = schulze(
        votes.items(),
        poll.options,
        status_quo=quo,
        roll=poll.roll_count,
        quorum=Fraction(poll.quorum_bp, 10_000),
        majority=None if plain else majority,
        tie_break=poll.options,  # frozen at the opening, in the order in which the drafts were put
    )
    figures = {}
    for option in poll.options:
        if option != quo:
            figures[f"{option}.yes"] = result.preferring(option, quo)
            figures[f"{option}.no"] = result.preferring(quo, option)
    return Recount(result.winner, figures, result.to_json())
