# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the ballots of a poll to its count, by the rule the poll was opened with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from kollontai.chapters.voting.choices import Choice
from kollontai.chapters.voting.models import Poll
from kollontai.counting.schulze import schulze
from kollontai.counting.yesno import count_yes_no


@dataclass(frozen=True)
class Count:
    """What came out, the sums that stand on the record, and everything they rest on as JSON."""

    outcome: str
    figures: dict[str, int]
    text: str


def count(poll: Poll, choices: Iterable[Choice]) -> Count:
    """Count a poll. No chance is in it: a tie keeps the status quo, else the draft put forward first."""
    return _count_yes_no(poll, choices) if poll.form == "yes_no" else _count_ranked(poll, choices)


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
