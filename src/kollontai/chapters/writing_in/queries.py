# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may write in for whom, what was written in, and the facts that the rules ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from kollontai.chapters.accounts import slips
from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation import amendment_facts, amendment_rules, facts
from kollontai.chapters.deliberation import rules as deliberation
from kollontai.chapters.deliberation.models import (
    Amendment,
    AmendmentSupporter,
    Contribution,
    Draft,
    DraftSupporter,
    Issue,
    Supporter,
)
from kollontai.chapters.members.models import Contact, Member
from kollontai.chapters.members.queries import person
from kollontai.chapters.record.models import Organisation
from kollontai.chapters.record.refusal import Refusal
from kollontai.chapters.writing_in import rules
from kollontai.chapters.writing_in.models import Naming, WriteIn
from kollontai.chapters.writing_in.querysets import NamingQuerySet, WriteInQuerySet

# --- Who for whom ------------------------------------------------------------------------------------


def writers_of(member: Member) -> NamingQuerySet:
    """Who may write in for somebody."""
    return Naming.objects.standing().filter(member=member).with_names()


def written_for_by(writer: Member) -> NamingQuerySet:
    """For whom somebody may write in."""
    return Naming.objects.standing().filter(writer=writer).with_names()


def namings_of(member: Member) -> list[Naming]:
    """Who may write in for somebody, and for whom they may, in one question."""
    return list(Naming.objects.standing().filter(Q(member=member) | Q(writer=member)).with_names())


def is_in(member: Member, naming_id: str) -> bool:
    """Whether somebody is one of the two in a naming, whether it stands or is over."""
    return Naming.objects.filter(Q(member=member) | Q(writer=member), pk=naming_id).exists()


def is_named(writer: Member | None, member: Member | None) -> bool:
    """Whether a naming stands between these two."""
    if writer is None or member is None:
        return False
    return Naming.objects.standing().filter(writer=writer, member=member).exists()


def leads(writer: Member | None, member: Member | None, *, at: datetime) -> bool:
    """Whether a writer holds a leading post of any unit now.

    Where the other belongs to a house in which half or more lead, as in one where everybody sits on the
    committee, it is no hindrance: there nobody speaks after the others either.
    """
    if writer is None or not Term.objects.leading().filter(member=writer).running_at(at).exists():
        return False
    return member is None or not bodies.nobody_silenced(member.unit, raised_at=at)


def has_address(member: Member | None) -> bool:
    """Whether somebody is reached by mail, or has asked to be."""
    return is_reached(Contact.objects.filter(member=member).first() if member else None)


def is_reached(contact: Contact | None) -> bool:
    """Whether this is the contact of somebody who is reached by mail, or has asked to be."""
    return contact is not None and bool(contact.email or contact.pending_email)


def naming(
    organisation: Organisation, by: Member | None, writer: Member | None, *, at: datetime
) -> rules.Naming:
    """Facts for naming a writer."""
    own = Naming.objects.standing().filter(member=by) if by else Naming.objects.none()
    return rules.Naming(
        by=person(by),
        founded_at=organisation.founded_at,
        has_address=has_address(by),
        oneself=by is not None and writer is not None and by.pk == writer.pk,
        writer=person(writer),
        writer_leads=leads(writer, by, at=at),
        named=writer is not None and own.filter(writer=writer).exists(),
        writers=own.count(),
        others=_others(writer, by, at=at) if writer else (),
    )


def _others(writer: Member, by: Member | None, *, at: datetime) -> list[datetime | None]:
    """The members that a writer counts for, each once: None while the naming stands, or when it ended."""
    standing = set(written_for_by(writer).exclude(member=by).values_list("member", flat=True))
    over = Naming.objects.filter(writer=writer, ended_at__gt=at - rules.RESTS).exclude(member=by)
    ended: dict[str, datetime] = {}
    for member, moment in over.order_by("ended_at").values_list("member", "ended_at"):
        if member not in standing:
            ended[member] = moment
    return [*(None for _one in standing), *ended.values()]


# --- Writing in --------------------------------------------------------------------------------------


def writing(
    organisation: Organisation, writer: Member | None, member: Member | None, *,
    mine: Refusal | None, theirs: Refusal | None, at: datetime,
) -> rules.Writing:  # fmt: skip
    """Facts for writing in; `mine` and `theirs`: what stands in the way of each of them."""
    return rules.Writing(
        writer=person(writer),
        founded_at=organisation.founded_at,
        named=is_named(writer, member),
        leads=leads(writer, member, at=at),
        has_address=has_address(member),
        mine=mine,
        theirs=theirs,
    )


def may_speak_both(
    issue: Issue, writer: Member | None, member: Member | None, *,
    stance: str, answers: Contribution | None, asked: str, at: datetime,
) -> tuple[Refusal | None, Refusal | None]:  # fmt: skip
    """What stands in the way of speaking here: for the writer, and for the other.

    What a writer has written in within the hour counts for them as what one says oneself does.
    """
    theirs = facts.speaking(issue, member, stance=stance, answers=answers, asked=asked, at=at)
    lately = WriteIn.objects.filter(issue=issue, writer=writer, to="words", at__gt=at - timedelta(hours=1))
    mine = replace(theirs, place=facts.place(issue, writer, at=at), last_hour=lately.count() if writer else 0)
    return deliberation.may_speak(mine, at=at), deliberation.may_speak(theirs, at=at)


def may_support_both(
    what: Issue | Draft | Amendment, writer: Member | None, member: Member | None, *, at: datetime
) -> tuple[Refusal | None, Refusal | None]:
    """What stands in the way of standing behind this: for the writer, and for the other.

    That the writer stands behind it for themself is no hindrance.
    """
    if isinstance(what, Issue):
        issues = [facts.supporting(what, one, at=at) for one in (writer, member)]
        mine, theirs = replace(issues[0], supports=False), issues[1]
        return deliberation.may_support(mine, at=at), deliberation.may_support(theirs, at=at)
    if isinstance(what, Draft):
        drafts = [facts.drafting(what.issue, one, what, at=at) for one in (writer, member)]
        own, other = replace(drafts[0], supports=False), drafts[1]
        return deliberation.may_support_draft(own, at=at), deliberation.may_support_draft(other, at=at)
    changes = [amendment_facts.doing(what, one, at=at) for one in (writer, member)]
    first, second = replace(changes[0], supports=False), changes[1]
    may = amendment_rules.may_support_amendment
    return may(first, at=at), may(second, at=at)


# --- What was written in -----------------------------------------------------------------------------


def written_for(member: Member) -> WriteInQuerySet:
    """What others wrote in for somebody, the newest first."""
    return WriteIn.objects.filter(member=member).with_names()


def support_on(issue: Issue) -> WriteInQuerySet:
    """The support that was written in on an issue, the newest first; words show it themselves."""
    return WriteIn.objects.filter(issue=issue).exclude(to="words").with_names()


def lately(member: Member, *, at: datetime) -> WriteInQuerySet:
    """What was written in for somebody and can still be undone, the newest first."""
    return written_for(member).filter(at__gt=at - rules.UNDO_WITHIN, undone_at=None)


def undoing(made: WriteIn, actor: str, *, slip: str) -> rules.Undoing:
    """Facts for undoing a write-in; `slip`: the code that was typed, if it goes by one."""
    return rules.Undoing(
        own=(made.member_id == actor)
        and (bool(slip) or Contact.objects.filter(member=made.member_id).exists()),
        slip_given=bool(slip),
        slip_fits=bool(slip) and slips.fits(slip, made.pk),
        at=made.at,
        undone=made.undone_at is not None,
        stands=made.pk in still_standing([made]),
    )


def still_standing(rows: Iterable[WriteIn]) -> set[str]:
    """Of which of these something is left: support that stands by it, or words that nobody put anew."""
    by: dict[str, list[WriteIn]] = defaultdict(list)
    for one in rows:
        by[one.to].append(one)
    found: set[str] = set()
    if by["words"]:
        said = Contribution.objects.filter(pk__in=[one.of for one in by["words"]], version=1)
        first = set(said.values_list("pk", flat=True))
        found = {one.pk for one in by["words"] if one.of in first}
    behind: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("issue", Supporter.objects.filter(withdrawn_at=None)),
        ("draft", DraftSupporter.objects.all()),
        ("amendment", AmendmentSupporter.objects.all()),
    )
    for to, supporters in behind:
        if by[to]:
            theirs = supporters.filter(member__in={one.member_id for one in by[to]})
            by_it = theirs.filter(write_in__in=[one.pk for one in by[to]])
            found.update(by_it.values_list("write_in", flat=True))
    return found
