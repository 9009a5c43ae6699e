# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who holds which post, who leads on what, and how a founding stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kollontai.chapters.bodies import rules
from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.bodies.querysets import PostQuerySet, TermQuerySet
from kollontai.chapters.charter.queries import limits_in_force
from kollontai.chapters.members.models import Member, Standing, Unit
from kollontai.chapters.members.querysets import MemberQuerySet, whole_first
from kollontai.chapters.record.models import Organisation

# --- Leaders -----------------------------------------------------------------------------------------


def leaders_between(unit: Unit, since: datetime, until: datetime) -> set[str]:
    """The ids of all who held, at any time in between, a leading post of the unit or of a unit above.

    Both ends are included: who left office in the minute an issue was raised counts as a leader on it.
    """
    terms = Term.objects.leading().over(unit).touching(since, until)
    return set(terms.values_list("member", flat=True))


def nobody_silenced(unit: Unit, *, raised_at: datetime) -> bool:
    """Whether leaders were half or more of the members concerned when an issue was raised.

    Judged at that one moment, so that nobody turns it on or off while members talk. Posts created in
    the ninety days before do not count.
    """
    return _nobody(unit, raised_at, _led(unit, raised_at, raised_at))


def leaders_silenced(unit: Unit, *, raised_at: datetime, at: datetime) -> set[str]:
    """The ids of the members who speak after the others on an issue of this unit, as of now."""
    led = _led(unit, raised_at, at)
    return set() if _nobody(unit, raised_at, led) else {member for member, _begins, _made in led}


def _led(unit: Unit, since: datetime, until: datetime) -> list[tuple[str, datetime, datetime]]:
    """Who led, since when, and when the post was made: of leading posts of the unit or of a unit above."""
    terms = Term.objects.leading().over(unit).touching(since, until)
    return list(terms.values_list("member", "begins_at", "post__created_at"))


def _nobody(unit: Unit, raised_at: datetime, led: Iterable[tuple[str, datetime, datetime]]) -> bool:
    """Whether those who led when an issue was raised are half or more of the members concerned.

    `led`: who led at that moment, and perhaps others since.
    """
    old = raised_at - rules.YOUNG_POST
    leaders = {member for member, begins, made in led if begins <= raised_at and made <= old}
    if not leaders:
        return False
    concerned = Member.objects.in_unit(unit).members_at(raised_at)
    members = concerned.count()
    if not rules.silences_nobody(leaders=len(leaders), members=members):
        return False  # even if all of them belong here
    return rules.silences_nobody(leaders=concerned.filter(pk__in=leaders).count(), members=members)


# --- Posts and terms ---------------------------------------------------------------------------------


def terms_of(member: Member) -> TermQuerySet:
    """What a member holds and held, the latest first."""
    return (
        Term.objects.filter(member=member)
        .select_related("post__title", "post__unit__name")
        .order_by("-begins_at", "pk")
    )


def holders_of(post: Post, *, at: datetime) -> TermQuerySet:
    """Who holds a post at a moment."""
    return post.terms.running_at(at).select_related("member__name").order_by("begins_at", "pk")


def ended_terms(organisation_id: str) -> TermQuerySet:
    """Terms that are over, the latest first."""
    over = Term.objects.filter(organisation=organisation_id).exclude(ended_at=None)
    return over.select_related("member__name", "post__title").order_by("-ended_at", "pk")


def history_of(post: Post) -> TermQuerySet:
    """Every term in a post there was or is, the latest first."""
    return post.terms.select_related("member__name").order_by("-begins_at", "pk")


def running_terms(organisation_id: str, *, at: datetime) -> TermQuerySet:
    """Who holds what at a moment, unit by unit and post by post."""
    found = Term.objects.filter(organisation=organisation_id).running_at(at)
    return found.select_related("member__name", "post__title", "post__unit__name").order_by(
        "post__unit__created_at", "post__created_at", "post", "begins_at", "pk"
    )


def holds_a_post(member: Member, *, at: datetime) -> bool:
    """Whether a member holds any post at a moment."""
    return Term.objects.filter(member=member).running_at(at).exists()


def posts_of(organisation_id: str) -> PostQuerySet:
    """Every post of an organisation, unit by unit."""
    posts = Post.objects.filter(organisation=organisation_id).select_related("title", "unit__name")
    in_order = ("within", "unit__created_at", "unit__name__value", "created_at", "title__value", "pk")
    return posts.alias(within=whole_first("unit__parent")).order_by(*in_order)


@dataclass(frozen=True)
class PostHeld:
    """A post, who holds it now, and who waits for the members' word."""

    post: Post
    terms: list[Term]
    claims: list[Claim]

    @property
    def vacant(self) -> int:
        """How many of its seats are empty."""
        return max(0, self.post.seats - len(self.terms))

    def at(self, at: datetime) -> PostHeld:
        """The same post at a later moment, as far as the clock alone changes it."""
        return replace(self, terms=[term for term in self.terms if term.runs_at(at)])


def posts_held(organisation_id: str, *, at: datetime) -> list[PostHeld]:
    """Every post with its holders and open claims, in three queries."""
    return [one.at(at) for one in posts_held_from(organisation_id, at=at)]


def posts_held_from(organisation_id: str, *, at: datetime) -> list[PostHeld]:
    """The same, with terms that begin later: true at later moments by `PostHeld.at`, until an act comes."""
    terms = Term.objects.filter(organisation=organisation_id, ends_at__gt=at).exclude(ended_at__lte=at)
    terms = terms.select_related("member__name")
    waiting = Claim.objects.filter(organisation=organisation_id, outcome="").select_related("member__name")
    by_post: dict[str, list[Term]] = {}
    for term in terms.order_by("begins_at", "pk"):
        by_post.setdefault(term.post_id, []).append(term)
    claimed: dict[str, list[Claim]] = {}
    for claim in waiting.order_by("pk"):
        claimed.setdefault(claim.post_id, []).append(claim)
    return [
        PostHeld(post, by_post.get(post.pk, []), claimed.get(post.pk, []))
        for post in posts_of(organisation_id)
    ]


# --- The founding ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FoundingFigures:
    """How far a founding has come."""

    listed: int
    signed: int
    needed: int
    founded_at: datetime | None


def signers(organisation_id: str) -> MemberQuerySet:
    """Listed founders who have signed, before they are members."""
    waiting = Member.objects.filter(organisation=organisation_id, listed=True, standing=Standing.INVITED)
    return waiting.exclude(signed_at=None).order_by("signed_at", "pk")


def listed(organisation_id: str) -> MemberQuerySet:
    """Everybody who was asked to sign, in the order of the list as far as it is known."""
    return Member.objects.filter(organisation=organisation_id, listed=True).select_related(
        "name", "unit__name"
    )


def founding(organisation: Organisation) -> FoundingFigures:
    """How many are listed, have signed, and must sign."""
    everybody = listed(organisation.pk)
    limits = limits_in_force(organisation.pk, members=0)
    count = everybody.count()
    return FoundingFigures(
        listed=count,
        signed=everybody.exclude(signed_at=None).count(),
        needed=rules.signatures_needed(listed=count, limits=limits),
        founded_at=organisation.founded_at,
    )
