# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is who: the organisation of an address, the person behind an account."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from kollontai.chapters.members.models import Contact, Member, Standing
from kollontai.chapters.record.models import Organisation, Outbox

_GONE = (Standing.LEFT, Standing.DECLINED)


def organisation_at(slug: str) -> Organisation | None:
    """The organisation that lives at this address."""
    waits = Exists(Outbox.objects.filter(organisation=OuterRef("pk")))
    found = Organisation.objects.select_related("name", "unit_word", "head").annotate(entries_wait=waits)
    return found.filter(slug=slug).first()


def person(organisation_id: str, member_id: str) -> Member | None:
    """One person of an organisation."""
    found = Member.objects.select_related("name", "unit__name", "contact")
    return found.filter(organisation_id=organisation_id, pk=member_id).first()


def contacts_of(account: Any) -> QuerySet[Contact]:
    """Everywhere this account speaks for somebody who is still there; what it holds by name comes first."""
    by_address = Q(account=None, email=account.email) if account.email else Q(pk=None)
    return (
        Contact.objects.filter(Q(account=account) | by_address)
        .exclude(member__standing__in=_GONE)
        .order_by("-account", "member__joined_at")
    )


def organisations() -> QuerySet[Organisation]:
    """Every organisation that lives here, those that exist before those being founded."""
    found = Organisation.objects.select_related("name", "head")
    return found.annotate(people=Count("members", filter=Q(members__standing=Standing.MEMBER))).order_by(
        F("founded_at").asc(nulls_last=True), "slug"
    )
