# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members as pages need them: the list, one of them, oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation import muting
from kollontai.chapters.deliberation.models import Contribution, Draft, Issue, Mute
from kollontai.chapters.members import queries, rules
from kollontai.chapters.members.importing import Row
from kollontai.chapters.members.models import Contact, LetterVoucher, Member, Unit
from kollontai.chapters.members.queries import UnitFigures
from kollontai.chapters.record.models import EntryRow
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.writing_in import queries as writing
from kollontai.chapters.writing_in import rules as writing_rules
from kollontai.web.house import House
from kollontai.web.pages.people import kept

PER_PAGE = 100
ASKING_PER_PAGE = 20
MOST_ASKED_IN = 30  # a whole list may have been asked in; the newest of them are shown


def listed(house: House, *, unit_id: str, page: str) -> Page[Member]:
    """Members, by unit if asked, in the order they joined; no name is ranked above another."""
    found = Member.objects.visible_to(house.me).accepted()
    if unit_id:
        found = found.filter(unit=unit_id)
    ids = found.order_by("joined_at", "pk").values_list("pk", flat=True)  # names are read of those shown
    shown = Paginator(ids, PER_PAGE).get_page(page)
    people = seen_by(house.me).filter(pk__in=list(shown.object_list))
    shown.object_list = people.order_by("joined_at", "pk")  # read where it is shown, if it is not in memory
    return shown


def rows_key(house: House, *, unit_id: str, page: Page[Member]) -> str:
    """What the rows of a list of members depend on: the record, the language, which of them are shown."""
    stands = house.stands
    return f"{house.id}:{stands.root}:{stands.waits}:{get_language()}:{unit_id}:{page.number}"


def figures(house: House) -> list[UnitFigures]:
    """Every unit with its numbers: the same for every member, while the record stands."""
    return kept(house.stands, "figures of units", lambda: queries.units_with_figures(house.id))


@dataclass(frozen=True)
class Waiting:
    """Somebody who asks to join, and how many vouched."""

    member: Member
    vouched: int
    mine: bool  # whether the reader is one of those who vouched
    may_vouch: bool


def waiting(house: House, *, page: str) -> Page[Waiting]:
    """Who waits to be admitted, the longest waiting first. Vouchers of an earlier asking count no more."""
    ids = queries.applicants(house.id).values_list("pk", flat=True)
    shown = Paginator(ids, ASKING_PER_PAGE).get_page(page)
    this_time = Q(vouchers__at__gte=F("applied_at"))
    people = queries.applicants(house.id).filter(pk__in=list(shown.object_list))
    people = list(people.annotate(vouched=Count("vouchers", filter=this_time)))
    each = queries.vouching_for_each(house.organisation, house.me.pk, people, at=house.now) if people else []
    found = [
        Waiting(one, one.vouched, facts.already, rules.may_vouch(facts, at=house.now) is None)
        for one, facts in zip(people, each, strict=True)
    ]
    return Page(found, shown.number, shown.paginator)


def why_not_join(house: House) -> Refusal | None:
    """Why whoever looks may not ask to join, as far as it is known before they say who they are."""
    asking = rules.Applying(
        person=queries.person(house.someone),
        founded_at=house.organisation.founded_at,
        unit_known=True,
        name="A",
        email="a@example.org",
        address_known=False,
        limits=queries.limits_now(house.id),
        last_day=queries.asked_last_day(house.someone, at=house.now),
    )
    return rules.may_apply(asking, at=house.now)


@dataclass(frozen=True)
class AskedIn:
    """Those who were invited and have not answered: how many, and the newest with who asked them."""

    many: int
    newest: Sequence[tuple[Member, Member | None]]


def asked_in(house: House) -> AskedIn:
    """Who has an invitation and has not said yes or no."""
    silent = queries.asked_in(house.me)
    newest = list(silent[:MOST_ASKED_IN])
    askers = seen_by(house.me).in_bulk({one.invited_by for one in newest})
    return AskedIn(silent.count(), [(one, askers.get(one.invited_by)) for one in newest])


@dataclass(frozen=True)
class OneMember:
    """What members may know of a member: posts, and what they said and did in public."""

    member: Member
    terms: Sequence[Term]
    issues: Sequence[Issue]
    contributions: Sequence[Contribution]
    drafts: Sequence[Draft]
    acts: int
    letter: bool  # whether the reader may vouch that they get a letter with a code
    letters: Sequence[LetterVoucher]  # who did vouch for one, for members of their unit
    may_write: bool  # whether the reader may name them to write in for the reader
    written: int  # how much was written in for them
    muted: bool  # by the reader


def seen_by(reader: Member) -> QuerySet[Member]:
    """Everybody this member may see."""
    return Member.objects.visible_to(reader).select_related("name", "unit__name")


def contact_of(member: Member | None) -> Contact:
    """How somebody is reached; shown to nobody but them."""
    return get_object_or_404(Contact.objects.select_related("member"), member=member)


def one(house: House, member: Member) -> OneMember:
    """One member, as every member sees them."""
    voices = Contribution.objects.filter(author=member).select_related("issue__title").order_by("-at")
    drafts = Draft.objects.filter(mover=member, withdrawn_at=None).select_related("issue__title")
    return OneMember(
        member=member,
        terms=list(bodies.terms_of(member)),
        issues=list(Issue.objects.filter(raised_by=member).select_related("title").order_by("-number")[:20]),
        contributions=list(voices[:20]),
        drafts=list(drafts.order_by("-put_at")[:20]),
        acts=EntryRow.objects.filter(organisation=house.organisation, actor=member.pk).count(),
        letter=_may_get_a_letter(house, member),
        letters=letters_for(member) if member.unit_id == house.me.unit_id else [],
        may_write=_may_write_in(house, member),
        written=writing.written_for(member).count(),
        muted=member.pk in muting.muted_by(house.me),
    )


def _may_get_a_letter(house: House, member: Member) -> bool:
    if member.unit_id != house.me.unit_id or member.pk == house.me.pk:
        return False
    facts = queries.lettering(house.organisation, house.me.pk, member, at=house.now)
    return rules.may_vouch_for_code_letter(facts, at=house.now) is None


def _may_write_in(house: House, member: Member) -> bool:
    facts = writing.naming(house.organisation, house.me, member, at=house.now)
    return writing_rules.may_name_writer(facts, at=house.now) is None


def units(house: House) -> list[Unit]:
    """The parts of the organisation, the whole of it first."""
    return list(Unit.objects.of(house.id).select_related("name"))


def rows_from(lines: list[dict[str, Any]]) -> list[Row]:
    """The people of a list that was looked at, as the session kept them."""
    return [Row(**line) for line in lines]


# --- Oneself -----------------------------------------------------------------------------------------


def muted(me: Member) -> list[Mute]:
    """Whose words one does not want to see."""
    return list(Mute.objects.filter(owner=me).select_related("muted__name"))


def letters_for(me: Member) -> list[LetterVoucher]:
    """Who vouched that a letter with a code be made for somebody, the newest first."""
    return list(
        LetterVoucher.objects.filter(member=me).select_related("by__name").order_by("-at", "-pk")[:20]
    )
