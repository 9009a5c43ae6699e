# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which posts are being filled, who stands, who is asked to act, and what one may do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from kollontai.chapters.bodies.models import Claim, Post
from kollontai.chapters.elections import facts, rules
from kollontai.chapters.elections.models import Candidacy, CandidacyVersion, Election, Offer
from kollontai.chapters.elections.querysets import CandidacyQuerySet, ElectionQuerySet
from kollontai.chapters.members.models import Member
from kollontai.chapters.members.queries import accepted_in, limits_now
from kollontai.chapters.record.refusal import Refusal

# --- The confirmation at the founding ----------------------------------------------------------------


def confirmations_of(organisation_id: str) -> QuerySet[Claim]:
    """Everybody who was entered for a post at founding, with the post and the person."""
    claims = Claim.objects.filter(organisation=organisation_id)
    return claims.select_related("post__title", "post__unit__name", "member__name", "minutes").order_by("pk")


# --- Elections ---------------------------------------------------------------------------------------


def elections_of(organisation_id: str) -> ElectionQuerySet:
    """Every election of an organisation, the latest first."""
    found = Election.objects.filter(organisation=organisation_id)
    return found.select_related("post__title", "post__unit__name").order_by("-opened_at", "pk")


def nominating_around(member: Member, *, at: datetime) -> ElectionQuerySet:
    """Elections of a member's units in which names may be put forward."""
    mine = Q(post__unit=member.unit_id) | Q(post__unit__parent=None)
    return elections_of(member.organisation_id).nominating_at(at).filter(mine).order_by("closes_at", "pk")


def waiting_for_answer(member: Member, *, at: datetime) -> CandidacyQuerySet:
    """Where a member was put forward and has said neither yes nor no."""
    asked = Candidacy.objects.filter(member=member, state="asked")
    open_ones = Election.objects.nominating_at(at)
    return _with_election(asked.filter(election__in=open_ones)).order_by("election__closes_at", "election")


def candidacies_of(member: Member) -> CandidacyQuerySet:
    """Everything a member was put forward for, the latest first."""
    return _with_election(Candidacy.objects.filter(member=member)).order_by("-at", "election")


def _with_election(found: CandidacyQuerySet) -> CandidacyQuerySet:
    return found.select_related("election__post__title", "election__post__unit__name", "by__name")


# --- Candidates --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PutForward:
    """Somebody who was put forward, with their newest words where they have said yes."""

    candidacy: Candidacy
    words: CandidacyVersion | None

    @property
    def stands(self) -> bool:
        """Whether they said yes and did not take it back."""
        return self.candidacy.state == "stands"


def put_forward(election: Election, reader: Member | None) -> list[PutForward]:
    """Everybody who was put forward in an election, by member id, in two queries; for members."""
    candidacies = list(
        Candidacy.objects.visible_to(reader)
        .filter(election=election)
        .select_related("member__name", "member__unit__name", "by__name")
        .order_by("member")
    )
    newest = CandidacyVersion.objects.filter(
        candidacy__in=candidacies, version=F("candidacy__version")
    ).select_related("statement", "picture")
    words = {one.candidacy_id: one for one in newest}
    return [PutForward(one, words.get(one.pk)) for one in candidacies]


def versions_of(candidacy: Candidacy) -> list[CandidacyVersion]:
    """What a candidate said for themself, from the first time to the last."""
    return list(candidacy.versions.select_related("statement", "picture").order_by("version"))


def names_like(election: Election, words: str, *, most: int = 20) -> list[Member]:
    """Members who can stand in an election and whose name has these words in it, by name."""
    able = (
        accepted_in(election.post.unit)
        .filter(joined_at__lte=election.members_since)
        .exclude(candidacies__election=election)
        .select_related("name", "unit__name")
    )
    wanted = words.casefold().split()
    found = [one for one in able if wanted and all(part in str(one.name).casefold() for part in wanted)]
    return sorted(found, key=lambda one: (str(one.name).casefold(), one.pk))[:most]


# --- What one may do ---------------------------------------------------------------------------------


def may_nominate(election: Election, member: Member | None, *, at: datetime) -> Refusal | None:
    """Why somebody may not put anybody forward here; None where they may."""
    by = facts.person(member, election.post.unit)
    able = rules.Person(is_member=True, of_unit=True, joined_at=election.members_since)
    return rules.may_nominate(facts.place(election), by, able, oneself=False, state="", at=at)


def may_stand(
    election: Election, member: Member | None, candidacy: Candidacy | None, *, at: datetime
) -> Refusal | None:
    """Why somebody may not stand here; None where they may."""
    return rules.may_stand(
        facts.place(election),
        facts.person(member, election.post.unit),
        facts.seat_of(election),
        facts.held_by(member) if member else [],
        facts.elsewhere(member, besides=election.pk, at=at) if member else [],
        state=candidacy.state if candidacy else "",
        at=at,
    )


def may_decline(election: Election, candidacy: Candidacy | None, *, at: datetime) -> Refusal | None:
    """Why somebody may not say no; None where they may."""
    return rules.may_decline(facts.place(election), state=candidacy.state if candidacy else "", at=at)


def may_withdraw(election: Election, candidacy: Candidacy | None, *, at: datetime) -> Refusal | None:
    """Why somebody may not take their yes back, or put it anew; None where they may."""
    return rules.may_withdraw(facts.place(election), state=candidacy.state if candidacy else "", at=at)


def may_answer(offer: Offer, member: Member | None, *, at: datetime) -> Refusal | None:
    """Why somebody may not answer whether they act; None where they may."""
    return rules.may_answer_offer(facts.answering(offer, member), at=at)


def may_act(offer: Offer, member: Member | None, *, at: datetime) -> Refusal | None:
    """Why somebody may not say yes to acting; None where they may."""
    return rules.may_act(
        facts.answering(offer, member),
        facts.acting_seat(offer, at=at),
        facts.held_by(member) if member else [],
        facts.elsewhere(member, besides="", at=at) if member else [],
        limits=limits_now(offer.organisation_id),
        at=at,
    )


# --- The next in line --------------------------------------------------------------------------------


def offers_of(organisation_id: str) -> QuerySet[Offer]:
    """Every time somebody was asked to act, the latest first."""
    found = Offer.objects.filter(organisation=organisation_id)
    return found.select_related("term__post__title", "term__post__unit__name", "member__name").order_by(
        "-offered_at", "-pk"
    )


def asked_to_act(organisation_id: str, *, at: datetime) -> QuerySet[Offer]:
    """Whoever is asked to act and has not answered."""
    return offers_of(organisation_id).filter(state="asked", until__gt=at)


def offers_about(posts: Iterable[Post], *, at: datetime) -> dict[str, list[Offer]]:
    """Whoever is asked to act, post by post, in one query."""
    found: dict[str, list[Offer]] = {}
    for offer in (
        Offer.objects.filter(term__post__in=list(posts), state="asked", until__gt=at)
        .select_related("term", "member__name")
        .order_by("offered_at", "pk")
    ):
        found.setdefault(offer.term.post_id, []).append(offer)
    return found
