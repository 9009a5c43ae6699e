# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways from an address to posts and terms. Who holds which post is known to the world."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from kollontai.chapters.bodies.models import Post, Term  # noqa: F401 - named in the bases below
    from kollontai.chapters.members.models import Member, Unit


class PostQuerySet(models.QuerySet["Post"]):
    """Posts in units."""

    def visible_to(self, member: Member | None) -> PostQuerySet:
        """The posts somebody may know of: of their own organisation, or all, for the world."""
        return self if member is None else self.filter(organisation=member.organisation_id)

    def leading(self) -> PostQuerySet:
        """The posts whose holders speak after the members."""
        return self.filter(leading=True)

    def over(self, unit: Unit) -> PostQuerySet:
        """The posts of a unit and of the units above it."""
        return self.filter(unit__in=up_from(unit))


class TermQuerySet(models.QuerySet["Term"]):
    """Terms: who held what, from when to when, by which poll."""

    def visible_to(self, member: Member | None) -> TermQuerySet:
        """The terms somebody may know of: of their own organisation, or all, for the world."""
        return self if member is None else self.filter(organisation=member.organisation_id)

    def running_at(self, at: datetime) -> TermQuerySet:
        """Terms that run at a moment, judged by time: an end that has passed is one, ticked or not."""
        return self.filter(begins_at__lte=at, ends_at__gt=at).exclude(ended_at__lte=at)

    def over(self, unit: Unit) -> TermQuerySet:
        """Terms of posts of a unit and of the units above it."""
        return self.filter(post__unit__in=up_from(unit))

    def leading(self) -> TermQuerySet:
        """Terms whose holders speak after the members: in posts that led when their election opened."""
        return self.filter(leading=True)


def up_from(unit: Unit) -> list[str]:
    """A unit and those above it, to the whole organisation; and all that have become part of it."""
    now = unit.home
    ids, above = [now.pk], now.parent
    while above is not None and above.pk not in ids:
        ids.append(above.pk)
        above = above.parent
    left = [now.pk] if now.parent_id is not None else []
    while left:
        left = list(type(unit)._default_manager.filter(merged_into__in=left).values_list("pk", flat=True))
        ids += left
    return ids
