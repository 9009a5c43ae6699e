# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seats that members vote away and vote again, beside elections, further rounds, by-elections and leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.models import Post
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.models import Election
from kollontai.chapters.record.act import tick
from tests.elections.hall import (
    DAY,
    NAMES,
    agreed_to,
    candidates,
    council,
    elected_house,
    election,
    give_back,
    holders,
    house,
    raised,
    to_the_count,
    to_the_vote,
    vote,
    voted,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def seats(world: World, now: Any, number: int) -> None:
    """Members vote so many seats."""
    carried(world, now, asked_for(world, number))


def asked_for(world: World, number: int) -> Issue:
    """Somebody asks the members for so many seats."""
    return raised(world, Effect("change_post", post=Post.objects.get().pk, seats=number))


def carried(world: World, now: Any, issue: Issue) -> None:
    """Members carry it, and the clock sees to what follows."""
    now.pass_to(agreed_to(world, now, issue).stage_ends_at)
    tick()


def elect(world: World, now: Any, of: Election, *names: str) -> Election:
    """Let people stand, unless they do already, and be elected in this order."""
    standing = of.candidacies.standing().values_list("member", flat=True)
    candidates(world, *(name for name in names if world.people[name] not in standing), of=of)
    poll = to_the_vote(now, of)
    for name in NAMES[:4]:
        vote(world, poll, name, *names)
    return to_the_count(now, poll)


def opened(why: str) -> list[int]:
    """For how many seats elections opened on one ground."""
    return list(Election.objects.filter(why=why).order_by("opened_at", "pk").values_list("seats", flat=True))


def named(world: World, *names: str) -> set[str]:
    return {world.people[name] for name in names}


@pytest.fixture
def small(now: Any) -> tuple[World, datetime]:
    """A small house, in which a vote takes less than a fortnight, and the end of its three terms."""
    world, done = elected_house(now, preset="small")
    return world, done.post.terms.all()[0].ends_at


# --- Further rounds ----------------------------------------------------------------------------------


def test_seats_that_wait_for_another_round_are_not_put_up_with_a_new_one(now):
    world = house(preset="small")
    assert elect(world, now, election(), "ada").unfilled == 2
    left_at = now.time
    seats(world, now, 4)
    assert opened("created") == [1]
    now.pass_to(left_at + 31 * DAY)
    assert opened("again") == [2]
    give_back(world, "ada")


def test_seats_voted_away_and_voted_again_before_another_round_wait_for_it(now):
    world = house(preset="small")
    elect(world, now, election(), "ada", "ben")
    left_at = now.time
    seats(world, now, 2)
    seats(world, now, 3)
    now.pass_to(left_at + 31 * DAY)
    assert (opened("created"), opened("again")) == ([], [1])
    give_back(world, "ada")


def test_a_round_for_which_no_seat_was_left_is_owed_no_more_when_the_seat_is_voted_again(now):
    world = house(preset="small")
    elect(world, now, election(), "ada", "ben")
    left_at = now.time
    seats(world, now, 2)
    now.pass_to(left_at + 32 * DAY)
    assert opened("again") == []
    seats(world, now, 3)
    assert opened("created") == [1]
    now.pass_days(1)
    give_back(world, "ben")


def test_what_a_by_election_left_is_put_up_when_its_seat_is_voted_away_and_again(now, small):
    world, ends_at = small
    give_back(world, "ada")
    now.pass_to(election(why="vacancy").closes_at)
    seats(world, now, 2)
    now.pass_days(31)
    assert opened("again") == [], "members have voted fewer"
    seats(world, now, 3)
    elect(world, now, Election.objects.get(why="created"), "finn")
    assert set(holders()) == named(world, "ben", "cleo", "finn")
    now.pass_to(ends_at - 10 * DAY)
    assert opened("term-over") == [2], "whoever was elected later stays"


def test_seats_that_re_open_before_their_day_are_put_up_as_far_as_there_are_seats_then(now):
    world, done = elected_house(now)
    ends_at = done.post.terms.all()[0].ends_at
    now.pass_to(ends_at - 64 * DAY)
    seats(world, now, 2)
    poll = to_the_vote(now, candidates(world, "ada", "ben", "cleo", of=election(why="term-over")))
    for name in NAMES[:4]:
        vote(world, poll, name, "ron")
    assert to_the_count(now, poll).reopened == 3
    assert opened("again") == [2]
    elect(world, now, election(why="again"), "ada", "ben", "cleo")
    assert len(holders()) == 2


# --- By-elections ------------------------------------------------------------------------------------


def test_the_seat_of_whoever_served_a_rest_is_filled_when_it_is_voted_away_and_again(now, small):
    world, ends_at = small
    give_back(world, "ada")
    elect(world, now, election(why="vacancy"), "finn")
    seats(world, now, 2)
    give_back(world, "finn")
    now.pass_days(1)
    assert opened("vacancy") == [1], "the seat is voted away"
    seats(world, now, 3)
    elect(world, now, Election.objects.get(why="created"), "eva")
    now.pass_to(ends_at - 10 * DAY)
    after = election(why="term-over")
    assert (after.seats, len(after.fills)) == (2, 2)
    elect(world, now, after, "ben", "cleo")
    now.pass_to(ends_at)
    assert set(holders()) == named(world, "ben", "cleo", "eva")


def test_after_half_a_term_a_seat_that_was_voted_away_is_not_filled(now):
    """Ada wins her seat back for half a term; the rest goes on long after it."""
    world, done = elected_house(now)
    voted(world, now, Effect("set_limit", key="O1.running", value=1))
    rest = done.post.terms.all()[0].ends_at
    now.pass_to(rest - (183 + 65 + 65) * DAY)
    give_back(world, "ada")
    now.pass_to(election(why="vacancy").closes_at + 30 * DAY)
    elect(world, now, election(why="again"), "ada")
    half = done.post.terms.get(member=world.people["ada"], ended_at=None)
    assert rest - half.ends_at > 50 * DAY
    seats(world, now, 2)
    now.pass_to(half.ends_at + DAY)
    assert opened("term-over") == []
    assert set(holders()) == named(world, "ben", "cleo")
    give_back(world, "cleo")


# --- After the terms ---------------------------------------------------------------------------------


def test_a_seat_voted_away_whose_holder_left_leaves_no_other_empty_after_its_term(now):
    world, done = elected_house(now)
    ends_at = done.post.terms.all()[0].ends_at
    seats(world, now, 4)
    elect(world, now, election(why="created"), "finn")
    seats(world, now, 3)
    give_back(world, "finn")
    now.pass_to(ends_at - 10 * DAY)
    assert opened("term-over") == [3]
    give_back(world, "cleo")


def test_a_seat_that_is_being_filled_anew_is_not_filled_after_its_old_term_too(now):
    world, done = elected_house(now)
    ends_at = done.post.terms.all()[0].ends_at
    seats(world, now, 2)
    give_back(world, "ada")
    now.pass_to(ends_at - 82 * DAY)
    seats(world, now, 3)
    now.pass_to(ends_at - 25 * DAY)
    for of in Election.objects.exclude(state="decided").order_by("closes_at"):
        elect(world, now, of, *(("eva",) if of.why == "created" else ("ben", "cleo", "dai")[: of.seats]))
    now.pass_to(ends_at + DAY)
    assert len(holders()) == 3
    give_back(world, "ben")


def test_what_is_being_filled_counts_where_fewer_seats_are_voted_before_the_terms_end(now, small):
    world, ends_at = small
    now.pass_to(ends_at - 50 * DAY)
    seats(world, now, 4)
    created = election(why="created")
    seats(world, now, 3)
    elect(world, now, created, "finn")
    now.pass_to(ends_at - 20 * DAY)
    assert opened("term-over") == [2]
    elect(world, now, election(why="term-over"), "ada", "ben")
    now.pass_to(ends_at + DAY)
    assert set(holders()) == named(world, "ada", "ben", "finn")
    give_back(world, "ben")


def test_a_seat_that_is_voted_again_when_the_election_after_it_has_opened_is_filled_from_that_day(now):
    world, done = elected_house(now)
    ends_at = done.post.terms.all()[0].ends_at
    seats(world, now, 2)
    now.pass_to(ends_at - 64 * DAY)
    seats(world, now, 3)
    assert len(holders()) == 3, "what its holders kept is theirs"
    assert opened("term-over") == [2, 1]
    first, second = Election.objects.filter(why="term-over").order_by("opened_at")
    candidates(world, "dai", of=second)
    elect(world, now, first, "ada", "ben")
    elect(world, now, second, "dai")
    now.pass_to(ends_at + DAY)
    assert set(holders()) == named(world, "ada", "ben", "dai")
    give_back(world, "ben")


def test_a_seat_left_shortly_before_its_end_is_filled_from_that_day_when_it_is_voted_again(now):
    world, done = elected_house(now)
    ends_at = done.post.terms.all()[0].ends_at
    seats(world, now, 2)
    now.pass_to(ends_at - 64 * DAY)
    issue = asked_for(world, 3)
    now.pass_to(ends_at - 40 * DAY)
    give_back(world, "ada")
    carried(world, now, issue)
    assert (opened("created"), sum(opened("term-over"))) == ([], 3)
    give_back(world, "cleo")


def test_a_seat_that_is_left_while_it_is_voted_away_makes_room_for_another_after_its_term(now):
    world, done = elected_house(now, council(seats=1, leading=False, duty="specialist"), preset="small")
    first = done.post.terms.get()
    now.pass_days(40)
    seats(world, now, 2)
    elect(world, now, election(why="created"), "finn")
    seats(world, now, 1)
    now.pass_to(first.ends_at - 10 * DAY)
    assert opened("term-over") == [], "finn stays"
    give_back(world, "finn")
    assert opened("vacancy") == [], "ada still holds the one seat"
    assert opened("term-over") == [1]
    elect(world, now, election(why="term-over"), "ben")
    assert holders() == [world.people["ben"]]
    give_back(world, "ben")


def test_whoever_was_elected_to_a_seat_that_was_voted_away_and_left_before_their_day_is_not_replaced(now):
    world, done = elected_house(now)
    ends_at = done.post.terms.all()[0].ends_at
    now.pass_to(ends_at - 64 * DAY)
    seats(world, now, 2)
    of = elect(world, now, election(why="term-over"), "ada", "ben", "finn")
    assert set(of.elected) == named(world, "ada", "ben", "finn")
    leave(world.actor("finn"))
    now.pass_to(ends_at + DAY)
    assert set(holders()) == named(world, "ada", "ben")
    assert opened("again") == []
    voted(world, now, Effect("set_dues", dues=5_00))


# --- Several at once ---------------------------------------------------------------------------------


def test_three_votes_on_the_seats_in_the_last_weeks_of_the_terms(now, small):
    """Down before the election after the terms opens, up while names are put forward, down again: what has
    opened fills the seats there were; what is left of it opens for as many as there are."""
    world, ends_at = small
    votes = []
    for days, number in ((36, 2), (28, 4), (20, 3)):
        now.pass_to(ends_at - days * DAY)
        votes.append(asked_for(world, number))
        if len(votes) > 1:
            carried(world, now, votes[-2])
    assert [(of.why, of.seats) for of in under_way()] == [("term-over", 2), ("created", 1), ("term-over", 1)]
    after, more, besides = under_way()
    candidates(world, "ada", "ben", of=after)
    candidates(world, "eva", of=more)
    candidates(world, "dai", of=besides)
    last = agreed_to(world, now, votes[-1])
    for of, names in ((after, ("ada", "ben")), (more, ("eva",)), (besides, ("dai",))):
        vote(world, to_the_vote(now, of), "finn", *names)
    last.refresh_from_db()
    assert last.outcome == "carried"
    assert Post.objects.get().seats == 3
    now.pass_to(ends_at + 2 * DAY)
    assert set(holders()) == named(world, "ada", "ben", "dai", "eva")
    give_back(world, "ada")
    now.pass_days(1)
    assert [of.why for of in under_way()] == [], "three are held, and there are three"


def under_way() -> list[Election]:
    return list(
        Election.objects.filter(state__in=("nominations", "voting")).order_by("opened_at", "why", "pk")
    )
