# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts for the rules of elections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from kollontai.chapters.bodies.models import Claim, Post, Term
from kollontai.chapters.bodies.querysets import TermQuerySet
from kollontai.chapters.charter.calendar import DAY, phase_end
from kollontai.chapters.elections import rules
from kollontai.chapters.elections.models import Candidacy, Election, Offer
from kollontai.chapters.members.models import Member, Unit
from kollontai.chapters.members.queries import accepted_in, limits_now, merged_into
from kollontai.chapters.record.models import Deadline


def person(member: Member | None, unit: Unit) -> rules.Person:
    """Somebody, as an election of this unit sees them."""
    if member is None:
        return rules.Person(is_member=False, of_unit=False, joined_at=None)
    return rules.Person(
        is_member=member.standing == "member",
        of_unit=unit.parent_id is None or member.unit_id == unit.pk,
        joined_at=member.joined_at,
    )


def place(election: Election) -> rules.Place:
    """Where an election stands."""
    return rules.Place(
        state=election.state,
        closes_at=election.closes_at,
        members_since=election.members_since,
        half=election.half,
        candidates=election.candidacies.count(),
        limits=election.limits,
        post_ended_at=election.post.ended_at,
    )


def in_unit_by(unit: Unit, day: datetime, *, otherwise: datetime) -> datetime:
    """By when one had come to a unit to vote there: by a day. Where it is the first unit, where unit or
    organisation is younger than that, or nobody has been there so long, by another."""
    founded_at = unit.organisation.founded_at
    if unit.parent_id is None or founded_at is None or max(unit.created_at, founded_at) >= day:
        return otherwise
    return day if accepted_in(unit).filter(joined_at__lte=day).exists() else otherwise


def held_by(member: Member) -> list[rules.Held]:
    """Every term somebody held or holds."""
    return [
        rules.Held(
            post=term.post_id,
            begins_at=term.begins_at,
            over_at=term.ended_at or term.ends_at,
            paid=term.pay > 0,
            leading=term.leading,
            duty=term.duty,
            acting=term.how == "acting",
        )
        for term in Term.objects.filter(member=member).order_by("begins_at", "pk")
    ]


def seat_of(election: Election) -> rules.Seat:
    """The seat an election fills, with the times of its new term as far as they are known."""
    post = election.post
    begins = election.begins_at or expected_close(election)
    older = Q(unit=post.unit_id, created_at__lt=post.created_at) & ~Q(ended_at=None)
    taken_on = Post.objects.filter(older | Q(unit__in=merged_into(post.unit)))
    whole, halved = (
        rules.term_end(begins_at=begins, term_days=term_days(election), rest=election.ends_at, half=half)
        for half in (False, True)
    )
    return rules.Seat(
        post=post.pk,
        paid=election.pay > 0,
        leading=election.leading,
        duty=election.duty,
        begins_at=begins,
        ends_at=whole,
        half_ends_at=halved,
        takes_on=frozenset(taken_on.values_list("pk", flat=True)),
    )


def term_days(election: Election) -> int:
    """How long a whole term is that an election gives, as the post stands."""
    return rules.term_days(election.post.term_days, leading=election.leading, limits=election.limits)


def expected_close(election: Election, closes_at: datetime | None = None) -> datetime:
    """When the vote of an election closes, if the clock is on time and nominations close as they are to."""
    zone = election.organisation.zone
    return phase_end(closes_at or election.closes_at, election.limits["D5.other"], zone)


def paid_until(election: Election, member: Member, *, at: datetime) -> datetime | None:
    """Until when somebody who begins now may hold what they were elected to; None where it is not paid."""
    if not election.pay:
        return None
    return rules.paid_until(held_by(member), begins_at=at, limits=election.limits)


def elsewhere(member: Member, *, besides: str, at: datetime) -> list[rules.Seat]:
    """The seats that somebody stands for in elections that run, or was elected to and waits to begin in, and
    those that the members are to confirm them in.

    `besides`: the election that is asked about, or nothing.
    """
    alive = Candidacy.objects.filter(election__post__unit__merged_at=None)  # else nobody is seated any more
    standing = alive.filter(member=member, state="stands").exclude(election=besides)
    waiting = Q(election__state=rules.State.DECIDED, election__begins_at__gt=at)
    others = standing.filter(Q(election__state__in=rules.RUNNING) | waiting)
    found = [one.election for one in others.select_related("election__post", "election__organisation")]
    seats = [seat_of(one) for one in found if one.state in rules.RUNNING or member.pk in one.elected]
    return seats + _to_be_confirmed(member, at=at)


def _to_be_confirmed(member: Member, *, at: datetime) -> list[rules.Seat]:
    """The seats that somebody was entered for at the founding and that members have not voted on yet."""
    founded_at = member.organisation.founded_at
    if founded_at is None:
        return []
    limits = limits_now(member.organisation_id)
    return [
        rules.Seat(
            post=claim.post_id,
            paid=claim.post.pay > 0,
            leading=claim.post.leading,
            duty=claim.post.duty,
            begins_at=at,
            ends_at=rules.ends_at(old_end=claim.old_end, founded_at=founded_at, limits=limits),
        )
        for claim in Claim.objects.select_related("post").filter(member=member, outcome="").order_by("pk")
    ]


def acting_seat(offer: Offer, *, at: datetime) -> rules.Seat:
    """The seat that somebody is asked to act in."""
    term = offer.term
    return rules.Seat(
        post=term.post_id,
        paid=term.pay > 0,
        leading=term.leading,
        duty=term.duty,
        begins_at=at,
        ends_at=offer.ends_at,
    )


def open_seats(post: Post, *, at: datetime) -> int:
    """How many seats of a post nobody holds, waits to be confirmed in, or is being or to be elected to.

    A seat that members had voted away when it fell vacant is open once they vote it again.
    """
    if post.ended_at is not None:
        return 0
    whole = [
        one for one in post.elections.filter(ends_at=None) if one.begins_at is None or one.begins_at <= at
    ]
    rounds = rounds_to_come(post)
    return rules.open_seats(
        seats=post.seats,
        held=sum(_seats_until(post, at=at).values()),
        waiting=post.claims.filter(outcome="").count(),
        being_filled=sum(_seats_to_fill(one, rounds) for one in whole),
    )


def rounds_to_come(post: Post) -> set[str]:
    """The elections after which nominations are to open again for the seats they left."""
    left = post.elections.filter(state__in=(rules.State.EMPTY, rules.State.DECIDED)).values("pk")
    rounds = Deadline.objects.filter(act="elections.open_round", subject__in=left, done_at=None)
    return set(rounds.values_list("subject", flat=True))


def _seats_to_fill(election: Election, rounds: Collection[str]) -> int:
    """How many seats an election, or its next round, is about to fill."""
    if election.state in rules.RUNNING or (election.state == rules.State.EMPTY and election.pk in rounds):
        return election.seats
    return election.unfilled if election.pk in rounds else 0


def _seats_until(post: Post, *, at: datetime) -> Counter[datetime]:
    """The seats of a post that are held or being filled, by the end of the whole terms they began with.

    Of those so near their end that no by-election is held, all that began: the election after it fills them.
    """
    limits, rounds = limits_now(post.organisation_id), rounds_to_come(post)
    rests = [one for one in post.elections.exclude(ends_at=None) if one.ends_at is not None]
    whole_end = {one.poll: one.ends_at for one in rests if one.poll}
    vacant = Deadline.objects.filter(  # seen to in this minute
        organisation=post.organisation_id, act="elections.fill_vacancy", done_at=None
    )
    held = Q(ended_at=None) | Q(pk__in=list(vacant.values_list("subject", flat=True)))
    found = Counter(
        whole_end.get(term.poll, term.ends_at)
        for term in post.terms.filter(held, ends_at__gt=at).exclude(how="acting")
    )
    for one in rests:
        if one.ends_at is not None and one.ends_at > at and (one.begins_at is None or one.begins_at <= at):
            found[one.ends_at] += _seats_to_fill(one, rounds)
    began = Counter(originals(post).filter(ends_at__gt=at).values_list("ends_at", flat=True))
    for ends_at, seats in began.items():
        if not rules.needs_by_election(ends_at=ends_at, at=at, limits=limits):
            found[ends_at] = max(seats, found[ends_at])
    return found


def room_after(post: Post, day: datetime, *, at: datetime, besides: int = 0) -> int:
    """How many seats of a post are free from a day on, by what is held and being filled by now.

    `besides`: of those that are reckoned to last longer, how many end on that day.
    """
    if post.ended_at is not None:
        return 0
    rounds, taken = rounds_to_come(post), -besides
    for one in post.elections.filter(ends_at=None):
        begins = one.begins_at or max(at, expected_close(one))
        if (one.begins_at is None or begins <= day) and begins + term_days(one) * DAY > day:
            waiting = one.state == rules.State.DECIDED and begins > at
            taken += _seats_to_fill(one, rounds) + (len(one.elected) if waiting else 0)
    taken += sum(seats for ends_at, seats in _seats_until(post, at=at).items() if ends_at > day)
    return max(0, post.seats - taken)


def free_seats(post: Post, *, at: datetime) -> int:
    """How many seats of a post nobody holds and no running election fills; members may have voted fewer."""
    if post.ended_at is not None:
        return 0
    held = post.terms.filter(ended_at=None, ends_at__gt=at).exclude(how="acting").count()
    filled = [
        election.seats for election in post.elections.running()
        if election.begins_at is None or election.begins_at <= at
    ]  # fmt: skip
    return max(0, post.seats - held - sum(filled))


def seats_to_act_in(post: Post, *, at: datetime) -> int:
    """In how many seats of a post somebody may be asked to act; not in those being filled for whole terms."""
    held = post.terms.filter(ended_at=None, ends_at__gt=at).count()
    asked = Offer.objects.filter(term__post=post, state="asked").count()
    whole = [
        election.seats for election in post.elections.running().filter(ends_at=None)
        if election.begins_at is None or election.begins_at <= at
    ]  # fmt: skip
    return max(0, post.seats - held - asked - sum(whole))


def originals(post: Post) -> TermQuerySet:
    """The terms that began for a whole seat: not acting, and not for the rest of another's term."""
    rests = Election.objects.filter(post=post).exclude(ends_at=None).exclude(poll="")
    return post.terms.exclude(how="acting").exclude(poll__in=rests.values("poll")).order_by("begins_at", "pk")


def ending_seats(post: Post, ends_at: datetime, *, at: datetime) -> list[str]:
    """The terms whose seats are free from a day on and which no election fills yet; at most as many as the
    post then has room for, seats that nobody holds last."""
    covered = {term_id for election in post.elections.filter(begins_at=ends_at) for term_id in election.fills}
    free = [one for one in originals(post).filter(ends_at=ends_at) if one.pk not in covered]
    served = {pk for fills in post.elections.values_list("fills", flat=True) for pk in fills}
    free.sort(key=lambda one: (one.ended_at is not None, one.pk not in served))
    return [one.pk for one in free][: room_after(post, ends_at, at=at)]


def rest_left(term: Term, *, limits: rules.Limits) -> datetime | None:
    """Until when the seat goes on of a term that served half of a rest; None where too little is left."""
    served = Election.objects.filter(post=term.post, poll=term.poll).exclude(ends_at=None).first()
    if served is None or term.post.ended_at is not None or term.how == "acting":
        return None
    assert served.ends_at is not None
    left = rules.needs_by_election(ends_at=served.ends_at, at=term.ends_at, limits=limits)
    return served.ends_at if left else None


def halves_ending(term: Term, rest: datetime, *, at: datetime) -> list[str]:
    """The terms that end with this one before the same rest does and after which no election is held yet; at
    most as many as the post then has room for."""
    polls = Election.objects.filter(post=term.post, ends_at=rest).exclude(poll="").values("poll")
    ending = Term.objects.filter(post=term.post, ends_at=term.ends_at, poll__in=polls).exclude(how="acting")
    following = term.post.elections.filter(begins_at=term.ends_at)
    covered = {term_id for election in following for term_id in election.fills}
    free = [pk for pk in ending.order_by("begins_at", "pk").values_list("pk", flat=True) if pk not in covered]
    held = ending.filter(ended_at=None, ends_at__gt=at).count()
    return free[: room_after(term.post, term.ends_at, at=at, besides=held)]


def has_by_election(term: Term) -> bool:
    """Whether an election fills the rest of a term already."""
    return any(term.pk in election.fills for election in term.post.elections.exclude(ends_at=None))


def nominating(election: Election) -> rules.Nominating:
    """An election, as a seat sees it that fell vacant."""
    return rules.Nominating(
        state=election.state,
        half=election.half,
        opened_at=election.opened_at,
        closes_at=election.closes_at,
        rest=election.ends_at,
        limits=election.limits,
    )


def close_with(election: Election, *, begins: datetime) -> datetime:
    """When nominations close if they last all their days from a moment on, and no shorter than now."""
    whole = phase_end(begins, election.limits["N.nominations"], election.organisation.zone)
    return max(election.closes_at, whole)


def answering(offer: Offer, member: Member | None) -> rules.Asked:
    """What is known when somebody answers whether they act."""
    return rules.Asked(
        is_member=member is not None and member.standing == "member",
        own=member is not None and member.pk == offer.member_id,
        state=offer.state if offer.term.post.unit.merged_at is None else "over",
        until=offer.until,
    )
