# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom one can be in a demonstration, and what its clock will do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.members.models import Member, Standing
from kollontai.chapters.record.models import Deadline, Organisation

ACTS = {
    "deliberation.advance": gettext_lazy("an issue turns to its next stage"),
    "deliberation.conclude": gettext_lazy("a vote closes and is counted"),
    "deliberation.lapse": gettext_lazy("an issue without supporters lapses"),
    "elections.open_confirmations": gettext_lazy("votes on whoever held a post before open"),
    "elections.conclude_confirmation": gettext_lazy("a vote on whoever held a post before is counted"),
    "bodies.end_term": gettext_lazy("a term ends"),
    "members.admit": gettext_lazy("somebody who asked to join is admitted"),
    "members.change_contact": gettext_lazy("a member’s other address takes effect"),
}


@dataclass(frozen=True)
class Person:
    """Somebody to look through the eyes of."""

    id: str
    name: str
    unit: str
    what: str


def everybody(organisation: Organisation) -> QuerySet[Member]:
    """Everybody of a demonstration, to be entered as."""
    return Member.objects.filter(organisation=organisation).select_related("name")


def people_of(organisation: Organisation, *, at: datetime, most: int = 60) -> list[Person]:
    """Members, whoever holds a post first."""
    holding = {
        term.member_id: str(term.post.title)
        for term in Term.objects.filter(
            organisation=organisation, ended_at=None, ends_at__gt=at
        ).select_related("post__title")
    }
    found = Member.objects.filter(organisation=organisation).exclude(
        standing__in=(Standing.LEFT, Standing.DECLINED)
    )
    people = [
        Person(
            member.pk,
            str(member.name),
            str(member.unit.name),
            holding.get(
                member.pk, "" if member.standing == Standing.MEMBER else member.get_standing_display()
            ),
        )
        for member in found.select_related("name", "unit__name").order_by("joined_at", "pk")
    ]
    return sorted(people, key=lambda person: (not person.what, person.name))[:most]


def next_words() -> str:
    """What happens by itself the next time."""
    row = Deadline.objects.filter(done_at=None, failed="", act__in=ACTS).order_by("due").first()
    return str(ACTS[row.act]) if row else _("nothing is due")


def stand_in(organisation: Organisation | None) -> None:
    """Say times in this organisation's zone."""
    if organisation is not None:
        timezone.activate(ZoneInfo(organisation.zone))
