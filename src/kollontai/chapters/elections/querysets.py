# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways from an address to elections and candidates."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from kollontai.chapters.elections.rules import RUNNING, State

if TYPE_CHECKING:
    from kollontai.chapters.elections.models import Candidacy, Election  # noqa: F401 - named below
    from kollontai.chapters.members.models import Member


class ElectionQuerySet(models.QuerySet["Election"]):
    """Elections. That one runs, and how it ended, is known to the world."""

    def visible_to(self, member: Member | None) -> ElectionQuerySet:
        """The elections somebody may know of: of their own organisation, or all, for the world."""
        return self if member is None else self.filter(organisation=member.organisation_id)

    def running(self) -> ElectionQuerySet:
        """Elections that are not over."""
        return self.filter(state__in=RUNNING)

    def nominating_at(self, at: datetime) -> ElectionQuerySet:
        """Elections in which names may be put forward, judged by time, to posts that have not ended."""
        return self.filter(state=State.NOMINATIONS, closes_at__gt=at, post__ended_at=None)


class CandidacyQuerySet(models.QuerySet["Candidacy"]):
    """People put forward."""

    def visible_to(self, member: Member | None) -> CandidacyQuerySet:
        """Members see who was put forward; the world sees who was elected, and nobody else."""
        if member is None or member.standing != "member":
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def standing(self) -> CandidacyQuerySet:
        """Those who said yes and did not take it back."""
        return self.filter(state="stands")
