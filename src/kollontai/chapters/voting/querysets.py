# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways from an address to polls and ballots."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Member
    from kollontai.chapters.voting.models import OpenBallot, Poll, Voter  # noqa: F401 - named below


class PollQuerySet(models.QuerySet["Poll"]):
    """Polls."""

    def visible_to(self, member: Member | None) -> PollQuerySet:
        """Members see every poll of their organisation; the world sees those that are counted."""
        if member is None or member.standing != "member":
            own = self if member is None else self.filter(organisation=member.organisation_id)
            return own.filter(state="counted")
        return self.filter(organisation=member.organisation_id)

    def open_at(self, at: datetime) -> PollQuerySet:
        """Polls that take ballots at a moment, judged by time: a late clock keeps none open."""
        return self.filter(state="open", opens_at__lte=at, closes_at__gt=at)

    def counted(self) -> PollQuerySet:
        """Polls that were counted, the latest first."""
        return self.filter(state="counted").order_by("-closed_at", "pk")


class OpenBallotQuerySet(models.QuerySet["OpenBallot"]):
    """Ballots in open boxes."""

    def visible_to(self, member: Member | None) -> OpenBallotQuerySet:
        """Until a poll is counted everybody sees their own ballot alone; then all members see all."""
        if member is None or member.standing != "member":
            return self.none()
        here = self.filter(organisation=member.organisation_id)
        return here.filter(models.Q(poll__state="counted") | models.Q(voter=member))


class VoterQuerySet(models.QuerySet["Voter"]):
    """Who may vote, and, in a secret poll, who has."""

    def own(self, member: Member | None) -> VoterQuerySet:
        """One's own row; who else took part in a secret poll is nobody's business."""
        return self.none() if member is None else self.filter(member=member)
