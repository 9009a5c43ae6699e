# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is open to me, what was decided, and, in an open vote after its close, who voted what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from kollontai.chapters.members.models import Member
from kollontai.chapters.voting import rules
from kollontai.chapters.voting.choices import Choice, read
from kollontai.chapters.voting.models import OpenBallot, Poll
from kollontai.chapters.voting.querysets import PollQuerySet


def voting(poll: Poll, member: Member | None, *, has_voted: bool | None = None) -> rules.Voting:
    """Facts for the rule of voting."""
    member_id = member.pk if member else ""
    with connection.cursor() as cursor:  # by hand: every ballot asks
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM voting_openballot WHERE poll_id = %s AND voter_id = %s), "
            "EXISTS (SELECT 1 FROM voting_voter WHERE poll_id = %s AND member_id = %s)",
            [poll.pk, member_id, poll.pk, member_id],
        )
        voted, on_roll = cursor.fetchone()
    return rules.Voting(
        is_member=member is not None and member.standing == "member",
        on_roll=bool(on_roll),
        has_voted=bool(voted) if has_voted is None else has_voted,
        is_open=poll.state == "open",
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
    )


def open_to(member: Member, *, at: datetime) -> PollQuerySet:
    """Votes that wait for this member, what closes first on top."""
    mine = Poll.objects.visible_to(member).open_at(at).filter(voters__member=member)
    return (
        mine.exclude(open_ballots__voter=member)
        .select_related("unit__name", "paper")
        .order_by("closes_at", "pk")
    )


def voted_by(member: Member, *, at: datetime) -> PollQuerySet:
    """Votes that are still open and hold this member's ballot."""
    here = Poll.objects.visible_to(member).open_at(at).filter(open_ballots__voter=member)
    return here.select_related("unit__name", "paper").order_by("closes_at", "pk")


def running(member: Member | None, *, at: datetime) -> PollQuerySet:
    """Every vote that is open, for whoever may know of it."""
    return (
        Poll.objects.visible_to(member)
        .open_at(at)
        .select_related("unit__name", "paper")
        .order_by("closes_at", "pk")
    )


def counted(organisation_id: str) -> PollQuerySet:
    """Every vote that was counted, the latest first."""
    return (
        Poll.objects.filter(organisation=organisation_id)
        .counted()
        .select_related("unit__name", "paper", "count")
    )


def paper_of(poll: Poll) -> dict[str, Any]:
    """The ballot paper as it was frozen."""
    paper: dict[str, Any] = json.loads(str(poll.paper))
    return paper


def count_of(poll: Poll) -> dict[str, Any] | None:
    """The whole count, matrix and all; None before there is one."""
    if poll.count is None:
        return None
    whole: dict[str, Any] = json.loads(str(poll.count))
    return whole


@dataclass(frozen=True)
class NamedBallot:
    """Who voted what, in an open vote that is counted."""

    voter: Member
    choice: Choice


def named_ballots(poll: Poll, reader: Member | None) -> list[NamedBallot]:
    """Every ballot with its name, for members, once the vote is counted; before that nobody's."""
    if poll.state != "counted":
        return []
    ballots = OpenBallot.objects.visible_to(reader).filter(poll=poll)
    rows = ballots.select_related("voter__name", "voter__unit__name", "choice").order_by("voter")
    return [NamedBallot(row.voter, read(poll.form, poll.options, str(row.choice))) for row in rows]


def own_ballot(poll: Poll, member: Member | None) -> OpenBallot | None:
    """One's own ballot; nobody else gets it from here."""
    if member is None:
        return None
    return OpenBallot.objects.filter(poll=poll, voter=member).select_related("choice").first()
