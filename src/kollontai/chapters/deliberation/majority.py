# SPDX-License-Identifier: AGPL-3.0-or-later
"""By which majority a vote on an issue carries, and who is on its roll."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.chapters.charter.calendar import DAY
from kollontai.chapters.deliberation import facts
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.queries import accepted_in

IN_UNIT = "R1.unit"


@dataclass(frozen=True)
class Rule:
    """How a vote is counted: yes of the roll, yes of yes and no, and since when its voters are members."""

    quorum_bp: int
    majority: tuple[int, int]
    more_than: bool
    joined_before: datetime


def for_vote(issue: Issue, *, opens_at: datetime, founded_at: datetime | None) -> Rule:
    """The charter's majority on an issue that was raised to change the charter; else more yes than no.

    It holds for every draft on the paper, also where the one that would change the charter was taken back or
    revised: nobody makes what stands beside it easier to carry by going away in the last hour. Who votes on
    the charter has been a member for some days; in a younger organisation, since before the issue was raised.
    """
    limits = issue.limits
    if not facts.for_charter(issue):
        return Rule(limits["D9.ordinary"], (1, 2), True, _in_unit_since(issue, opens_at, founded_at))
    since = came_before(issue.raised_at, opens_at - limits["R1.before"] * DAY, founded_at)
    return Rule(limits["D9.charter"], (limits["C1.num"], limits["C1.den"]), False, since)


def came_before(raised_at: datetime, day: datetime, began_at: datetime | None) -> datetime:
    """Before which moment somebody came who votes: before this day and the raising; before the raising alone
    where what they belong to did not begin before this day, so that they vote who were there from the first
    minute on."""
    return min(raised_at, day) if began_at is not None and began_at < day else raised_at


def _in_unit_since(issue: Issue, opens_at: datetime, founded_at: datetime | None) -> datetime:
    """Before which moment one had come into a unit to vote on a matter of its own: before it was raised, and
    some days before the vote. Where unit or organisation is younger, or nobody has been there so long, before
    it was raised."""
    unit, raised = issue.unit, issue.raised_at
    if unit.parent_id is None or founded_at is None:
        return raised
    day = opens_at - issue.limits.get(IN_UNIT, 0) * DAY
    since = came_before(raised, day, max(unit.created_at, founded_at))
    return since if accepted_in(unit, joined_before=since).exists() else raised
