# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits that members move while posts are held: they carry nobody past a ceiling, and hold for what is new."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.models import Election
from kollontai.chapters.record.act import Refused, tick
from tests.elections.hall import (
    DAY,
    NAMES,
    candidates,
    council,
    election,
    give_back,
    house,
    offer,
    to_the_count,
    to_the_vote,
    treasurer,
    vote,
    voted,
)
from tests.world import World, founders

pytestmark = pytest.mark.django_db
WATCH = council(title="Watch", leading=False, duty="scrutineer", seats=1)


def paid(title: str, days: int) -> Effect:
    return Effect("create_post", title=title, leading=True, seats=1, term_days=days, pay=100_00)


def a_limit(key: str, value: int) -> Effect:
    return Effect("set_limit", key=key, value=value)


def of_post(title: str) -> Election:
    return election(post__title__value=title.encode())


def elect(world: World, now: Any, of: Election, *ranking: str) -> Term:
    """Everybody votes so for who stands."""
    poll = to_the_vote(now, of)
    for name in NAMES[:5]:
        vote(world, poll, name, *ranking)
    done = to_the_count(now, poll)
    if done.begins_at is not None:
        now.pass_to(done.begins_at)
    return Term.objects.get(poll=poll.pk)


def lasts(term: Term) -> timedelta:
    return term.ends_at - term.begins_at


def test_a_term_that_members_lengthen_while_somebody_stands_ends_when_their_paid_days_are_over(now):
    world = house(WATCH, preset="small")
    now.move(minutes=1)
    voted(world, now, a_limit("O1.paid", 220))
    voted(world, now, paid("Clerk", 200))
    of = candidates(world, "ada", of=of_post("Clerk"))
    voted(world, now, Effect("change_post", post=of.post_id, term_days=300))
    term = elect(world, now, Election.objects.get(pk=of.pk), "ada")
    assert lasts(term) == 220 * DAY
    now.pass_to(term.ends_at - 20 * DAY)
    after = of_post("Clerk")
    assert (after.why, after.begins_at, after.ends_at) == ("term-over", term.ends_at, None)
    with pytest.raises(Refused, match="paid-for-long-enough"):
        candidates(world, "ada", of=of_post("Clerk"))


def test_whoever_has_no_paid_days_left_when_a_late_clock_counts_is_not_seated_and_the_seat_opens_again(now):
    """Ada's sixty days in one paid post are over by then, and what she stood for in another with room to spare."""
    world = house(WATCH, preset="small")
    now.move(minutes=1)
    for key, value in (("O1.paid", 60), ("O4.paid", 2)):
        voted(world, now, a_limit(key, value))
    voted(world, now, paid("Clerk", 60))
    first = elect(world, now, candidates(world, "ada", of=of_post("Clerk")), "ada")
    voted(world, now, paid("Scribe", 15))
    poll = to_the_vote(now, candidates(world, "ada", of=of_post("Scribe")))
    for name in NAMES[:5]:
        vote(world, poll, name, "ada")
    assert poll.closes_at + 15 * DAY < first.ends_at
    now.move(minutes=(first.ends_at - now.time + 2 * DAY) // timedelta(minutes=1))
    tick()
    done = of_post_and("Scribe", poll=poll.pk)
    assert done.elected == [world.people["ada"]]
    assert not Term.objects.filter(post=done.post).exists()
    again = of_post("Scribe")
    assert (again.why, again.seats, again.state) == ("again", 1, "nominations")


def of_post_and(title: str, **which: Any) -> Election:
    return election(post__title__value=title.encode(), **which)


def test_nobody_acts_in_a_paid_post_beyond_their_paid_days(now):
    world = house(WATCH, preset="small")
    now.move(minutes=1)
    voted(world, now, paid("Scribe", 300))
    of = of_post("Scribe")
    elect(world, now, candidates(world, "ada", "ben", of=of), "ben", "ada")
    voted(world, now, a_limit("O1.paid", 200))
    voted(world, now, paid("Clerk", 180))
    served = elect(world, now, candidates(world, "ada", of=of_post("Clerk")), "ada")
    now.pass_to(served.ends_at)
    give_back(world, "ben")
    asked = offer()
    assert (asked.member_id, asked.ends_at - now.time) == (world.people["ada"], 45 * DAY)
    with pytest.raises(Refused, match="paid-for-long-enough"):
        accept_acting(world.actor("ada"), term_id=asked.term_id)


def test_a_limit_that_members_lower_holds_for_terms_of_elections_that_open_after_it(now):
    world = house(treasurer(term_days=120), preset="small")
    of = candidates(world, "ada")
    now.move(minutes=1)
    voted(world, now, a_limit("O1.leading", 90))
    first = elect(world, now, Election.objects.get(pk=of.pk), "ada")
    assert lasts(first) == 120 * DAY, "its election was born before"
    now.pass_to(first.ends_at - 20 * DAY)
    second = elect(world, now, candidates(world, "ben"), "ben")
    assert (second.begins_at, lasts(second), Post.objects.get().term_days) == (first.ends_at, 90 * DAY, 120)


def test_days_in_a_unit_that_members_lengthen_hold_for_its_elections_too(now):
    ferry = "Ferry Crews"
    world = house(
        treasurer(term_days=120, unit=ferry), preset="small", units=(ferry,),
        listed=(*founders(*NAMES[:5], unit=ferry), *founders("finn")),
    )  # fmt: skip
    first = elect(world, now, candidates(world, "ada"), "ada")
    voted(world, now, a_limit("R1.unit", 60))
    now.pass_to(first.begins_at + 60 * DAY)
    world.move_in(["gus"], by="finn", unit=ferry)
    now.pass_to(first.ends_at - 20 * DAY)
    of = election()
    assert (of.why, of.closes_at - of.members_since) == ("term-over", 60 * DAY)
    with pytest.raises(Refused, match="member-too-new"):
        candidates(world, "gus")
    assert to_the_vote(now, candidates(world, "ben")).roll_count == 5
