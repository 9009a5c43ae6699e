# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is who: the organisation of an address, the person behind an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet

from kollontai.chapters.deliberation import facts
from kollontai.chapters.members import queries
from kollontai.chapters.members.models import Contact, Member, Standing
from kollontai.chapters.record.models import Organisation
from kollontai.chapters.record.statements import Standing as Stands

if TYPE_CHECKING:
    from kollontai.chapters.deliberation.models import Issue
    from kollontai.web.house import House

_GONE = (Standing.LEFT, Standing.DECLINED)


KEPT_FOR = 300
T = TypeVar("T")


def kept(
    stands: Stands,
    what: str,
    read: Callable[[], T],
    seconds: int = KEPT_FOR,
    *,
    worth: Callable[[T], bool] = lambda found: found is not None,
) -> T:
    """Something read from public rows, from memory as long as the record stands where it stood.

    What was read at an earlier root gives way to it. `worth`: whether what was read is to be kept at all.
    """
    if stands.waits:
        return read()
    key = f"{what}:{stands.organisation_id}"
    known: tuple[str, T] | None = cache.get(key)
    if known is not None and known[0] == stands.root:
        return known[1]
    found = read()
    if worth(found):
        cache.set(key, (stands.root, found), seconds)
    return found


def organisation(stands: Stands) -> Organisation:
    """The organisation itself, with its words and its head."""
    return kept(
        stands,
        "organisation",
        lambda: Organisation.objects.select_related("name", "unit_word", "head").get(
            pk=stands.organisation_id
        ),
    )


def leading(house: House, issue: Issue) -> set[str]:
    """Who speaks after the members on an issue: the same for every reader while the record stands."""
    return kept(house.stands, f"leading:{issue.pk}", lambda: facts.leaders_on(issue, at=house.now))


def person(stands: Stands, member_id: str) -> Member | None:
    """One person of an organisation."""
    return kept(
        stands,
        f"person:{member_id}",
        lambda: (
            Member.objects.select_related("name", "unit__name")
            .filter(organisation_id=stands.organisation_id, pk=member_id)
            .first()
        ),
    )


def person_of(stands: Stands, organisation: Organisation, account: Any) -> Member | None:
    """The person an account speaks for in an organisation."""
    return kept(
        stands,
        f"account:{account.pk}:{account.email}",
        lambda: queries.member_for(organisation, account),
    )


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
