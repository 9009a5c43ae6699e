# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the ballots of a poll to its count, by the rule the poll was opened with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kollontai.chapters.voting.choices import RON, Choice
from kollontai.chapters.voting.models import Poll
from kollontai.counting.ballots import Ballots, Ranks
from kollontai.counting.schulze import schulze
from kollontai.counting.stv import count as stv
from kollontai.counting.yesno import count_yes_no


@dataclass(frozen=True)
class Count:
    """What came out, the sums that stand on the record, and everything they rest on as JSON.

    Of an election also who is elected, in order, and for how many seats nominations open again.
    """

    outcome: str
    figures: dict[str, int]
    text: str
    elected: tuple[str, ...] = ()
    reopened: int = 0


def count(poll: Poll, choices: Iterable[Choice], *, seed: str = "") -> Count:
    """Count a poll. Among drafts a tie keeps the status quo, else the draft put forward first.

    In an election a tie that the rule leaves goes by the lot that `seed` draws.
    """
    if poll.form == "election":
        box = poll.secret_box
        ballots = Counter(choice.ranking for choice in choices if choice.ranking is not None)
        papers = [
            ([name for level in ranking for name in level], times) for ranking, times in ballots.items()
        ]
        return count_election(poll, papers, rule=box.rule, seats=box.seats, seed=seed)
    return _count_yes_no(poll, choices) if poll.form == "yes_no" else _count_ranked(poll, choices)


def count_election(
    poll: Poll, papers: Iterable[tuple[Sequence[str], int]], *, rule: str, seats: int, seed: str
) -> Count:
    """Count the ballots of an election: candidates are numbered as on the paper, re-open nominations last."""
    number = {option: at for at, option in enumerate(poll.options)}
    ballots = Ballots(
        tuple(poll.options),
        seats,
        tuple((tuple(number[name] for name in ranking), times) for ranking, times in papers),
    )
    figures = dict.fromkeys((f"{option}.first" for option in poll.options), 0)
    for ranks, times in ballots.papers:
        figures[f"{poll.options[_first(ranks)]}.first"] += times
    result = stv(ballots, rule, seed=seed, reopen=number[RON], leave_out_unranked=True)
    elected = tuple(poll.options[at] for at in result.elected)
    return Count("counted", figures, _text(result.to_json()), elected, result.reopened)


def _first(ranks: Ranks) -> int:
    first = ranks[0]
    assert isinstance(first, int)
    return first


def _count_yes_no(poll: Poll, choices: Iterable[Choice]) -> Count:
    said = Counter(choice.option for choice in choices)
    result = count_yes_no(
        said["yes"],
        said["no"],
        said["abstain"],
        roll=poll.roll_count,
        quorum=Fraction(poll.quorum_bp, 10_000),
        majority=Fraction(poll.majority_num, poll.majority_den),
        strictly=poll.more_than,
    )
    figures = {name: said[name] for name in ("yes", "no", "abstain")}
    return Count("yes" if result.carried else "no", figures, _text(result.to_json()))


def _count_ranked(poll: Poll, choices: Iterable[Choice]) -> Count:
    ballots = Counter(choice.ranking for choice in choices if choice.ranking is not None)
    drafts = [option for option in poll.options if option != poll.status_quo]
    simple = (poll.majority_num, poll.majority_den) == (1, 2)
    result = schulze(
        ballots.items(),
        poll.options,
        status_quo=poll.status_quo,
        roll=poll.roll_count,
        quorum=Fraction(poll.quorum_bp, 10_000),
        majority=None if simple else Fraction(poll.majority_num, poll.majority_den),
        tie_break=poll.options,
    )
    figures: dict[str, int] = {}
    for draft in drafts:
        figures[f"{draft}.yes"] = result.preferring(draft, poll.status_quo)
        figures[f"{draft}.no"] = result.preferring(poll.status_quo, draft)
    assert result.winner is not None
    return Count(result.winner, figures, _text(result.to_json()))


def _text(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
