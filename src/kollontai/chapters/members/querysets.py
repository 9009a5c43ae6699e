# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways from an address to units and members."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from kollontai.chapters.members.models import Member, Unit


def whole_first(parent: str) -> models.Case:
    """What puts the unit that has no parent before all others, whichever began at one moment with it."""
    return models.Case(models.When(**{f"{parent}__isnull": True}, then=0), default=1)


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units of members. That they exist, and what they are called, is known to the world."""

    def visible_to(self, member: Member | None) -> UnitQuerySet:
        """The units somebody may know of: of their own organisation, or all, for the world."""
        return self if member is None else self.filter(organisation=member.organisation_id)

    def of(self, organisation_id: str) -> UnitQuerySet:
        """The units of one organisation, the whole of it first, then as they began; of one day, by name."""
        mine = self.living().filter(organisation=organisation_id)
        return mine.alias(within=whole_first("parent")).order_by("within", "created_at", "name__value", "pk")

    def living(self) -> UnitQuerySet:
        """The units that have not become part of another."""
        return self.filter(merged_into=None)

    def root(self, organisation_id: str) -> Unit:
        """The unit that is the whole organisation."""
        return self.get(organisation=organisation_id, parent=None)


class MemberQuerySet(models.QuerySet["Member"]):
    """People in organisations."""

    def visible_to(self, member: Member | None) -> MemberQuerySet:
        """Members see everybody in their organisation; who is not one yet, or no longer, sees themself."""
        if member is None:
            return self.none()
        if member.standing != "member":
            return self.filter(pk=member.pk)
        return self.filter(organisation=member.organisation_id)

    def accepted(self) -> MemberQuerySet:
        """Those who are members now."""
        return self.filter(standing="member")

    def in_unit(self, unit: Unit) -> MemberQuerySet:
        """Those who belong to a unit; to the first unit belongs everybody."""
        if unit.parent_id is None:
            return self.filter(organisation=unit.organisation_id)
        return self.filter(unit=unit)

    def joined_before(self, moment: datetime) -> MemberQuerySet:
        """Those who were admitted before a moment."""
        return self.filter(joined_at__lt=moment)
