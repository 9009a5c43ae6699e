# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who belongs, and the facts that the rules of joining ask for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q, QuerySet

from kollontai.chapters.accounts.models import Account
from kollontai.chapters.charter import articles
from kollontai.chapters.charter.queries import Limits, limits_in_force
from kollontai.chapters.members import rules
from kollontai.chapters.members.emails import tidy
from kollontai.chapters.members.models import (
    Contact,
    LetterVoucher,
    Member,
    MergeYes,
    Standing,
    Unit,
    Voucher,
)
from kollontai.chapters.members.querysets import MemberQuerySet
from kollontai.chapters.record import by_hand
from kollontai.chapters.record.models import Content, EntryRow, Organisation
from kollontai.chapters.record.rows import Row, one_of
from kollontai.openrecord.kinds.members import MemberApplied

# --- Who is who --------------------------------------------------------------------------------------


def member_for(organisation: Organisation, account: Account) -> Member | None:
    """The person an account speaks for here, whatever their standing: by link, or else by address.

    By hand: in a crowd everybody is asked for, and nobody twice.
    """
    at = "SELECT member_id FROM members_contact WHERE organisation_id = %s AND "
    found = by_hand.rows(f"{at} account_id = %s", [organisation.pk, account.pk])
    if not found and account.email:
        found = by_hand.rows(
            f"{at} account_id IS NULL AND email = %s", [organisation.pk, tidy(account.email)]
        )
    member = here(organisation.pk, found[0][0]) if found else None
    if member is not None:
        member.name = _surely(one_of(Content, organisation.pk, member.name_id))
        member.unit = _surely(one_of(Unit, organisation.pk, member.unit_id))
        member.unit.name = _surely(one_of(Content, organisation.pk, member.unit.name_id))
    return member


def _surely(row: Row | None) -> Row:
    """What a foreign key leads to."""
    assert row is not None
    return row


def accepted_in(unit: Unit, *, joined_before: datetime | None = None) -> MemberQuerySet:
    """The members of a unit now; of the first unit, everybody's. With a moment: those there before it."""
    members = Member.objects.in_unit(unit).accepted()
    return members if joined_before is None else members.joined_before(joined_before)


def accepted_count(organisation_id: str) -> int:
    """How many members the organisation has."""
    return Member.objects.filter(organisation=organisation_id).accepted().count()


def limits_now(organisation_id: str) -> Limits:
    """The limits in force at the organisation's present size.

    All that they ask is whether it has outgrown a small house: nobody is counted beyond that.
    """
    [(some,)] = by_hand.rows(
        "SELECT COUNT(*) FROM (SELECT 1 FROM members_member WHERE organisation_id = %s "
        "AND standing = 'member' LIMIT %s) counted",
        [organisation_id, articles.most_in_a_small_house()],
    )
    return limits_in_force(organisation_id, members=some)


def limits_grown(organisation_id: str) -> Limits:
    """The limits as they would be if a small house had grown."""
    return limits_in_force(organisation_id, members=articles.most_in_a_small_house())


@dataclass(frozen=True)
class UnitFigures:
    """A unit and how many belong to it, wait, or have not answered."""

    unit: Unit
    members: int
    applicants: int
    invited: int


def units_with_figures(organisation_id: str) -> list[UnitFigures]:
    """Every unit with its numbers, in two queries; the first one counts everybody."""
    rows = (
        Member.objects.filter(organisation=organisation_id)
        .values("unit")
        .order_by("unit")
        .annotate(
            members=Count("pk", filter=Q(standing=Standing.MEMBER)),
            applicants=Count("pk", filter=Q(standing=Standing.APPLICANT)),
            invited=Count("pk", filter=Q(standing=Standing.INVITED)),
        )
    )
    by_unit = {row["unit"]: (row["members"], row["applicants"], row["invited"]) for row in rows}
    whole = [sum(numbers) for numbers in zip(*by_unit.values(), strict=True)] or [0, 0, 0]
    figures = []
    for unit in Unit.objects.of(organisation_id).select_related("name"):
        own = whole if unit.parent_id is None else by_unit.get(unit.pk, (0, 0, 0))
        figures.append(UnitFigures(unit, own[0], own[1], own[2]))
    return figures


def standing_yeses(organisation_id: str, *units: Unit) -> QuerySet[MergeYes]:
    """The yeses to a merger that are not over and name one of these units; their day may have passed."""
    named = Q(unit__in=units) | Q(merged__in=units) | Q(into__in=units)
    return MergeYes.objects.filter(named, organisation=organisation_id, over_at=None)


def yes_of_the_other(unit: Unit, *, merged_id: str, into_id: str, at: datetime) -> MergeYes | None:
    """The other unit's yes to the same merger, while it holds."""
    both = MergeYes.objects.filter(organisation=unit.organisation_id, merged=merged_id, into=into_id)
    holding = both.filter(over_at=None, until__gt=at).exclude(unit=unit)
    return holding.order_by("-at", "-pk").first()


def yeses_that_wait_for(unit: Unit, *, at: datetime) -> QuerySet[MergeYes]:
    """What others have agreed to and this unit could still say yes to."""
    waiting = MergeYes.objects.filter(Q(merged=unit) | Q(into=unit), over_at=None, until__gt=at)
    return waiting.exclude(unit=unit).select_related("merged__name", "into__name").order_by("until", "pk")


def merged_into(unit: Unit) -> list[Unit]:
    """The units that have become part of this one, over any number of mergers."""
    found: list[Unit] = []
    left = [unit]
    while left:
        more = list(Unit.objects.filter(merged_into__in=left))
        found += more
        left = more
    return found


def applicants(organisation_id: str) -> MemberQuerySet:
    """Who waits to be admitted, the longest waiting first."""
    waiting = Member.objects.filter(organisation=organisation_id, standing=Standing.APPLICANT)
    return waiting.select_related("name", "unit", "unit__name").order_by("applied_at", "pk")


def who_needs_vouchers(organisation_id: str) -> MemberQuerySet:
    """Who waits and has to be vouched for, the longest waiting first."""
    return applicants(organisation_id).exclude(vouchers_needed=0)


def may_vouch_for(organisation: Organisation, member: Member, *, at: datetime) -> list[Member]:
    """Who waits and somebody may vouch for, the longest waiting first."""
    waiting = list(who_needs_vouchers(organisation.pk))
    each = vouching_for_each(organisation, member.pk, waiting, at=at)
    return [one for one, facts in zip(waiting, each, strict=True) if rules.may_vouch(facts, at=at) is None]


def asked_in(reader: Member) -> MemberQuerySet:
    """Who was invited and has not answered, the newest first; for whoever may see them."""
    silent = Member.objects.visible_to(reader).filter(standing=Standing.INVITED)
    return silent.select_related("name", "unit", "unit__name").order_by("-invited_at", "pk")


def vouchers_of(applicant: Member) -> int:
    """How many vouched for this application (vouchers of an earlier one count no more)."""
    return Voucher.objects.filter(applicant=applicant, at__gte=applicant.applied_at).count()


def addresses_known(organisation_id: str, emails: Collection[str]) -> set[str]:
    """Which of these tidied addresses somebody here is reached at, or has asked to be reached at."""
    known: set[str] = set()
    here = Contact.objects.filter(organisation=organisation_id)
    asked = sorted({email for email in emails if email})
    for start in range(0, len(asked), 500):
        some = asked[start : start + 500]
        known.update(here.filter(email__in=some).values_list("email", flat=True))
    waiting = here.exclude(pending_email="").values_list("pending_email", flat=True)  # few at any time
    return known | set(waiting).intersection(asked)


def email_of(account_id: str | None) -> str | None:
    """The proved address of an account."""
    return (
        Account.objects.filter(pk=account_id).values_list("email", flat=True).first() if account_id else None
    )


def all_addresses(organisation_id: str) -> set[str]:
    """Every address that is known here: for the preview of a list, never for a page."""
    here = Contact.objects.filter(organisation=organisation_id)
    pairs = here.values_list("email", "pending_email")
    return {email for pair in pairs for email in pair if email}


# --- Facts for the rules -----------------------------------------------------------------------------


def person(member: Member | None) -> rules.Person:
    """What the rules need to know of somebody."""
    return rules.Person() if member is None else _person(member)


def _person(member: Member) -> rules.Person:
    return rules.Person(
        standing=member.standing,
        ground=member.ground,
        signed=member.signed_at is not None,
        invited_at=member.invited_at,
        joined_at=member.joined_at,
    )


def here(organisation_id: str, member_id: str) -> Member | None:
    """A person of this organisation, by id."""
    return one_of(Member, organisation_id, member_id)


def inviting(
    organisation: Organisation, by: str, invited: Sequence[tuple[str, str, str]], *, at: datetime
) -> rules.Inviting:
    """Facts for inviting: each person as name, tidied address and unit id."""
    known = addresses_known(organisation.pk, [email for _, email, _ in invited])
    units = set(Unit.objects.of(organisation.pk).values_list("pk", flat=True))
    return rules.Inviting(
        by=person(here(organisation.pk, by)),
        founded_at=organisation.founded_at,
        invited=[
            rules.Invited(name, email, unit_known=unit in units, address_known=email in known)
            for name, email, unit in invited
        ],
        invited_last_day=Member.objects.filter(
            organisation=organisation, invited_by=by, invited_at__gt=at - timedelta(days=1)
        ).count(),
    )


def applying(
    organisation: Organisation,
    applicant: Member | None,
    *,
    unit_id: str,
    name: str,
    email: str,
    at: datetime,
) -> rules.Applying:
    """Facts for asking to join."""
    return rules.Applying(
        person=person(applicant),
        founded_at=organisation.founded_at,
        unit_known=Unit.objects.of(organisation.pk).filter(pk=unit_id).exists(),
        name=name,
        email=email,
        address_known=applicant is None and bool(addresses_known(organisation.pk, [email])),
        limits=limits_now(organisation.pk),
        last_day=asked_last_day(applicant, at=at),
    )


def asked_last_day(applicant: Member | None, *, at: datetime) -> tuple[datetime, ...]:
    """When somebody asked to join within 24 hours, oldest first: also what they took back meanwhile."""
    if applicant is None:
        return ()
    asked = EntryRow.objects.filter(
        organisation=applicant.organisation_id, actor=applicant.pk, kind=MemberApplied.kind_name
    )
    lately = asked.filter(at__gt=at - timedelta(days=1)).order_by("position")
    return tuple(lately.values_list("at", flat=True))


def vouching(
    organisation: Organisation, by: str, applicant: Member | None, *, at: datetime
) -> rules.Vouching:
    """Facts for vouching."""
    return vouching_for_each(organisation, by, [applicant], at=at)[0]


def vouching_for_each(
    organisation: Organisation, by: str, applicants: Sequence[Member | None], *, at: datetime
) -> list[rules.Vouching]:
    """Facts for vouching for each of several; as many questions as for one."""
    asked = [one for one in applicants if one is not None]
    mine = Voucher.objects.filter(organisation=organisation, by=by)
    this_time = mine.filter(applicant__in=asked, at__gte=F("applicant__applied_at"))
    already = set(this_time.values_list("applicant", flat=True))
    for_me = Voucher.objects.filter(organisation=organisation, applicant=by, by__in=asked)
    back = set(for_me.values_list("by", flat=True))
    quarter = mine.filter(at__gt=at - rules.QUARTER).order_by("at").values_list("at", flat=True)
    me, lately, limits = person(here(organisation.pk, by)), tuple(quarter), limits_now(organisation.pk)
    return [
        rules.Vouching(
            by=me,
            founded_at=organisation.founded_at,
            oneself=one is not None and one.pk == by,
            applicant=person(one),
            vouchers_needed=one.vouchers_needed if one else 0,
            already=one is not None and one.pk in already,
            vouched_for_by_applicant=one is not None and one.pk in back,
            last_quarter=lately,
            limits=limits,
        )
        for one in applicants
    ]


def first_for_letter(person: Member | None, *, at: datetime) -> LetterVoucher | None:
    """Who vouched that somebody gets a letter with a code, and waits for a second to do so."""
    if person is None:
        return None
    vouchers = LetterVoucher.objects.filter(member=person).select_related("by")
    newest = vouchers.order_by("-at", "-pk").first()
    if newest is None or newest.second:
        return None
    waits = rules.first_waits(
        newest.at, by=_person(newest.by), same_unit=newest.by.unit_id == person.unit_id, at=at
    )
    return newest if waits else None


def _vouched_for_letters(
    by: str, *, but: Member | None, at: datetime
) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """When somebody last vouched within 91 days for the first letters of others, and for any letters."""
    mine = LetterVoucher.objects.filter(by=by, at__gt=at - rules.QUARTER).exclude(member=but)
    rows = list(mine.order_by("at", "pk").values_list("member", "at", "pk"))
    codes = LetterVoucher.objects.filter(member__in={row[0] for row in rows}, second=True).order_by()
    made = dict(codes.values_list("member").annotate(Min("pk")))
    firsts = {person: when for person, when, pk in rows if pk <= made.get(person, pk)}
    letters = {person: when for person, when, _pk in rows}
    return tuple(sorted(firsts.values())), tuple(sorted(letters.values()))


def lettering(organisation: Organisation, by: str, other: Member | None, *, at: datetime) -> rules.Lettering:
    """Facts for a letter with a code."""
    me = here(organisation.pk, by)
    first = first_for_letter(other, at=at)
    contact = Contact.objects.filter(member=other).first() if other else None
    firsts, letters = _vouched_for_letters(by, but=other, at=at)
    return rules.Lettering(
        by=person(me),
        founded_at=organisation.founded_at,
        oneself=other is not None and other.pk == by,
        person=person(other),
        same_unit=me is not None and other is not None and me.unit_id == other.unit_id,
        has_address=contact is not None and bool(contact.email or contact.pending_email),
        mine_waits=(first is not None and first.by_id == by)
        or LetterVoucher.objects.filter(member=other, by=by, at=at).exists(),
        had_one=LetterVoucher.objects.filter(member=other, second=True).exists(),
        firsts=firsts,
        letters=letters,
        limits=limits_now(organisation.pk),
    )


def opens_for_another(account: Account | None, contact: Contact) -> bool:
    """Whether an account speaks for somebody else of the same organisation; it may have come to this address
    by a change in another one on the server."""
    if account is None:
        return False
    here = Contact.objects.filter(organisation=contact.organisation_id, account=account)
    return here.exclude(pk=contact.pk).exists()


def changing(organisation_id: str, contact: Contact, *, email: str) -> rules.Changing:
    """Facts for another address."""
    return rules.Changing(
        person=person(contact.member),
        email=email,
        same=email == contact.email,
        address_known=bool(addresses_known(organisation_id, [email]))
        or opens_for_another(Account.objects.filter(email=email).first(), contact),
        pending_from=contact.pending_from,
    )
