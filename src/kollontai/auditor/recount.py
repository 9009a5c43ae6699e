# SPDX-License-Identifier: AGPL-3.0-or-later
"""Count an open poll again from its opened choices.

The counting itself is `kollontai.counting`, which the server uses too; that is why outside programs
check it against published elections.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kollontai.auditor.contents import Contents
from kollontai.auditor.read import json_value
from kollontai.auditor.things import Poll
from kollontai.counting.errors import WrongBallots
from kollontai.counting.rankings import Ranking
from kollontai.counting.schulze import schulze
from kollontai.counting.yesno import count_yes_no

YES_NO = ("yes", "no", "abstain")


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


def recount(poll: Poll, contents: Contents) -> Recount:
    """Count again what was cast into a poll."""
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
