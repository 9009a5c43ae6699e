# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways from an address to namings and write-ins. Both are open to every member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Member
    from kollontai.chapters.writing_in.models import Naming, WriteIn  # noqa: F401 - named in the bases below


class NamingQuerySet(models.QuerySet["Naming"]):
    """Who may write in for whom."""

    def visible_to(self, member: Member | None) -> NamingQuerySet:
        """Everything of one's own organisation, for members."""
        if member is None or member.standing != "member":
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def standing(self) -> NamingQuerySet:
        """Namings that nobody ended, between two who have been members ever since."""
        return self.filter(
            ended_at=None,
            member__standing="member",
            writer__standing="member",
            at__gte=F("member__joined_at"),
        ).filter(at__gte=F("writer__joined_at"))

    def with_names(self) -> NamingQuerySet:
        """With the names of both, in the order in which they were made."""
        return self.select_related("member__name", "writer__name").order_by("at", "pk")


class WriteInQuerySet(models.QuerySet["WriteIn"]):
    """What was written in."""

    def visible_to(self, member: Member | None) -> WriteInQuerySet:
        """To members all of their own organisation; to somebody else what stands in their own name."""
        if member is None:
            return self.none()
        if member.standing != "member":
            return self.filter(member=member)
        return self.filter(organisation=member.organisation_id)

    def with_names(self) -> WriteInQuerySet:
        """With both names and the issue, the newest first."""
        named = self.select_related("member__name", "writer__name", "issue__title")
        return named.order_by("-at", "pk")
