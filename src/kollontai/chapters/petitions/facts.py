# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts for the rules of petitions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import F

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.members.queries import accepted_in, limits_now
from kollontai.chapters.petitions import rules
from kollontai.chapters.petitions.finding import term_asked
from kollontai.chapters.petitions.models import Petition, Sample, Signature, SignatureLink


def is_member(member: Member | None) -> bool:
    """Whether somebody is a member now."""
    return member is not None and member.standing == "member"


def is_of_unit(member: Member | None, unit: Unit) -> bool:
    """Whether somebody belongs to a unit; to the first one belongs everybody."""
    return member is not None and (unit.parent_id is None or member.unit_id == unit.pk)


def opening(
    organisation_id: str, member: Member | None, *, about: str, term_id: str, term: Term | None, at: datetime
) -> rules.Opening:
    """What is known when somebody opens a petition."""
    return rules.Opening(
        is_member=is_member(member),
        of_unit=term is not None and is_of_unit(member, term.post.unit),
        about=about,
        term_given=bool(term_id),
        term=None if term is None else _asked(term, _called([term])),
        opened_today=0 if member is None else _opened_by(member, since=at - timedelta(days=1)),
        limits=limits_now(organisation_id),
    )


def recalling(
    organisation_id: str, member: Member | None, terms: Sequence[Term], *, at: datetime
) -> dict[str, rules.Opening]:
    """The same for a recall of each of these terms, in no more queries than for one."""
    each = opening(organisation_id, member, about="recall", term_id="each", term=None, at=at)
    called = _called(terms)
    return {
        term.pk: replace(each, of_unit=is_of_unit(member, term.post.unit), term=_asked(term, called))
        for term in terms
    }


def _called(terms: Iterable[Term]) -> set[str]:
    """On which of these a petition runs, or the vote."""
    found = Petition.objects.filter(about="recall", subject__in=[term.pk for term in terms])
    under_way = found.filter(state__in=(rules.State.RUNNING, rules.State.REACHED))
    return set(under_way.values_list("subject", flat=True))


def _asked(term: Term, called: Collection[str]) -> rules.TermAsked:
    return rules.TermAsked(
        how=term.how,
        begins_at=term.begins_at,
        over_at=over_at(term),
        called=term.pk in called,
    )


def over_at(term: Term) -> datetime:
    """When a term is over: at its end, or when it ended before."""
    return term.ended_at or term.ends_at


def _opened_by(member: Member, *, since: datetime) -> int:
    """How many petitions somebody opened; the words of each bear its opener's alias."""
    mine = SignatureLink.objects.own(member).filter(petition__opened_at__gt=since)
    return mine.filter(petition__title__author=F("alias")).count()


def own_link(petition: Petition, member: Member | None) -> SignatureLink | None:
    """One's own alias on a petition."""
    return SignatureLink.objects.own(member).filter(petition=petition).first()


def own_signature(petition: Petition, member: Member | None) -> Signature | None:
    """One's own signature, standing or taken back, as long as it can be told whose it is."""
    link = own_link(petition, member)
    return None if link is None else petition.signatures.filter(alias=link.alias).first()


def signing(petition: Petition, member: Member | None) -> rules.Signing:
    """What is known when somebody signs a petition, or takes their signature back."""
    own = own_signature(petition, member)
    term = term_asked(petition.organisation_id, petition.subject) if petition.subject else None
    return rules.Signing(
        is_member=is_member(member),
        of_unit=is_of_unit(member, petition.unit),
        signed=own is not None and own.withdrawn_at is None,
        withdrawn_at=own.withdrawn_at if own else None,
        state=petition.state,
        closes_at=petition.closes_at,
        over_at=over_at(term) if term else None,
        enough=has_enough(petition),
    )


def has_enough(petition: Petition) -> bool:
    """Whether enough have signed, from enough units."""
    standing = petition.signatures.standing().values_list("unit", flat=True)
    return rules.are_enough(
        [unit or "" for unit in standing], needed=petition.needed, units_needed=spread_needed(petition)
    )


def spread_needed(petition: Petition) -> int:
    """From how many units signatures must come; 0 where fewer than that have members by now."""
    if petition.units_needed < 2:
        return petition.units_needed
    units = accepted_in(petition.unit).values("unit").distinct().count()
    return rules.units_still_needed(petition.units_needed, units=units)


def sample_of(petition: Petition, member: Member | None) -> Sample | None:
    """What somebody drew of a petition's signatures."""
    return None if member is None else petition.samples.filter(scrutineer=member).first()


def sampling(petition: Petition, member: Member | None, *, at: datetime) -> rules.Sampling:
    """What is known when somebody draws a sample of signatures, or reports on one."""
    counting = Term.objects.over(petition.unit).filter(member=member, duty="scrutineer")
    term = term_asked(petition.organisation_id, petition.subject) if petition.subject else None
    drawn = sample_of(petition, member)
    return rules.Sampling(
        is_member=is_member(member),
        is_scrutineer=member is not None and counting.running_at(at).exists(),
        is_asked_about=member is not None and term is not None and term.member_id == member.pk,
        state=petition.state,
        links_destroyed=petition.links_destroyed,
        drawn=len(drawn.aliases) if drawn else 0,
        reported=drawn is not None and drawn.reported_at is not None,
    )
