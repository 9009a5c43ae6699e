# SPDX-License-Identifier: AGPL-3.0-or-later
"""How big a matter is, on its page: who may still call it a big decision, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kollontai.chapters.deliberation import classes, rules, weighing
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.members.models import Member
from kollontai.chapters.record.refusal import Refusal


@dataclass(frozen=True)
class Size:
    """What all readers share: how many called it big, until when it goes on, and whether it became so."""

    calls: int
    needed: int
    until: datetime | None
    made_at: datetime | None
    made_why: str
    called_by: frozenset[str]


def size_of(issue: Issue, leaders: set[str]) -> Size:
    """How big a matter is and may become; in at most three queries, and none once the talk is over."""
    until = weighing.call_until(issue)
    called: frozenset[str] = frozenset()
    if until is not None or issue.made_big_why == "members":
        called = frozenset(issue.big_calls.values_list("member", flat=True))
    return Size(
        calls=weighing.calls_that_count(issue, leaders) if called else 0,
        needed=issue.needed,
        until=until,
        made_at=issue.made_big_at,
        made_why=issue.made_big_why,
        called_by=called,
    )


def why_not_call(size: Size, place: rules.Place, weight: str, me: Member, *, at: datetime) -> Refusal | None:
    """Why somebody may not call it big, from what is known."""
    return classes.may_call_big(
        classes.Calling(place=place, weight=weight, called=me.pk in size.called_by, until=size.until),
        at=at,
    )
