# SPDX-License-Identifier: AGPL-3.0-or-later
"""A post that is made paid or leading: who holds it, or stands already, keeps it as it was."""

from __future__ import annotations

from typing import Any

import pytest

from kollontai.auditor.checks import posts_by_vote
from kollontai.chapters.bodies import queries as bodies
from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.deliberation import effects
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.acts.stand import stand
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.record.act import Refused, tick
from tests.elections.hall import (
    DAY,
    NAMES,
    agreed_to,
    candidates,
    council,
    elected_house,
    give_back,
    holders,
    house,
    raised,
    to_the_count,
    to_the_vote,
    vote,
    voted,
)
from tests.web.hall import Hall
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(now: Any) -> tuple[World, Post, Post]:
    """Ada is a clerk and a scribe; neither post leads or is paid."""
    plain = {"leading": False, "duty": "specialist", "seats": 1}
    world = house(council(title="Clerk", **plain), council(title="Scribe", **plain), preset="small")
    clerk, scribe = Post.objects.order_by("title__value")
    for post in (clerk, scribe):
        candidates(world, "ada", of=Election.objects.get(post=post))
    polls = [to_the_vote(now, Election.objects.get(post=post)) for post in (clerk, scribe)]
    for poll in polls:
        for name in NAMES[:5]:
            vote(world, poll, name, "ada")
    to_the_count(now, polls[0])
    assert Term.objects.filter(member=world.people["ada"]).count() == 2
    return world, clerk, scribe


def test_whoever_holds_a_post_that_is_made_paid_keeps_it_unpaid_to_the_end(both, now):
    world, clerk, scribe = both
    for post in (clerk, scribe):
        voted(world, now, Effect("change_post", post=post.pk, pay=100_00))
    assert [post.pay for post in Post.objects.order_by("title__value")] == [100_00, 100_00]
    held = Term.objects.filter(member=world.people["ada"], ended_at=None)
    assert [(term.pay, term.leading) for term in held] == [(0, False), (0, False)]
    page = Hall(world, now).enter("finn").get(f"/tidewater/posts/{clerk.pk}/").content.decode()
    assert "Whoever holds it keeps it as it was when they were put to the vote" in page
    first = Term.objects.get(post=clerk)
    now.pass_to(first.ends_at - 20 * DAY)
    elections = {one.post_id: one for one in Election.objects.filter(why="term-over")}
    assert {one.pay for one in elections.values()} == {100_00}
    stand(world.actor("ada"), election_id=elections[clerk.pk].pk, statement="Once more.")
    with pytest.raises(Refused) as refused:
        stand(world.actor("ada"), election_id=elections[scribe.pk].pk, statement="And this.")
    assert refused.value.refusal.code == "paid-post-already"


def test_whoever_holds_a_post_that_is_made_leading_leads_from_the_next_term_on(both, now):
    world, clerk, _ = both
    voted(world, now, Effect("change_post", post=clerk.pk, leading=True, duty=""))
    assert Post.objects.get(pk=clerk.pk).leading
    ada, unit = world.people["ada"], world.unit()
    assert ada not in bodies.leaders_between(unit, now.time, now.time)
    now.pass_to(Term.objects.get(post=clerk).ends_at - 20 * DAY)
    poll = to_the_vote(now, candidates(world, "ada", of=Election.objects.get(post=clerk, why="term-over")))
    for name in NAMES[:5]:
        vote(world, poll, name, "ada")
    to_the_count(now, poll)
    now.pass_to(Term.objects.filter(post=clerk).order_by("begins_at")[0].ends_at)
    assert ada in bodies.leaders_between(unit, now.time, now.time)


def test_no_leader_begins_to_speak_first_because_the_mark_is_taken_off(now):
    world = house(council(seats=2), preset="small")
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    for name in NAMES[:5]:
        vote(world, poll, name, "ada", "ben")
    to_the_count(now, poll)
    post = Post.objects.get()
    voted(world, now, Effect("change_post", post=post.pk, leading=False))
    assert not Post.objects.get().leading
    assert world.people["ada"] in bodies.leaders_between(world.unit(), now.time, now.time)


def test_whoever_stands_when_a_post_is_made_paid_is_elected_to_it_as_it_was(both, now):
    world, clerk, _ = both
    first = Term.objects.get(post=clerk)
    now.pass_to(first.ends_at - 20 * DAY)
    of = candidates(world, "ada", of=Election.objects.get(post=clerk, why="term-over"))
    voted(world, now, Effect("change_post", post=clerk.pk, pay=100_00))
    poll = to_the_vote(now, of)
    for name in NAMES[:5]:
        vote(world, poll, name, "ada")
    to_the_count(now, poll)
    now.pass_to(first.ends_at)
    assert [term.pay for term in Term.objects.filter(post=clerk)] == [0, 0]
    assert (Post.objects.get(pk=clerk.pk).pay, Election.objects.get(pk=of.pk).pay) == (100_00, 0)


@pytest.mark.parametrize(("most", "code"), [(135, ""), (134, "paid-for-long-enough")])
def test_half_a_term_in_a_paid_post_is_within_the_days_of_the_charter(now, most, code):
    """Ninety paid days are served; nobody stands; what is left of the days has room for 45 more, or has not."""
    world = house(council(title="Clerk", seats=1, term_days=90))
    now.pass_days(31)
    voted(world, now, Effect("change_post", post=Post.objects.get().pk, pay=100_00))
    voted(world, now, Effect("set_limit", key="O1.paid", value=most))
    now.pass_days(20)
    of = Election.objects.get(state="nominations")
    assert of.pay == 100_00
    poll = to_the_vote(now, candidates(world, "ada", of=of))
    vote(world, poll, "dai", "ada")
    to_the_count(now, poll)
    now.pass_to(Term.objects.get().ends_at + 30 * DAY)
    half = Election.objects.get(state="nominations")
    assert half.half
    if code:
        with pytest.raises(Refused) as refused:
            stand(world.actor("ada"), election_id=half.pk, statement="Once more.")
        assert refused.value.refusal.code == code
        return
    poll = to_the_vote(now, candidates(world, "ada", of=half))
    vote(world, poll, "dai", "ada")
    to_the_count(now, poll)
    last = Term.objects.get(ended_at=None)
    assert (last.ends_at - last.begins_at).days == 45


def test_a_seat_that_members_have_voted_away_is_not_filled_when_it_falls_vacant(now):
    world, done = elected_house(now)
    voted(world, now, Effect("change_post", post=done.post_id, seats=2))
    assert len(holders()) == 3, "everybody serves their term"
    give_back(world, "ada")
    now.pass_days(1)
    assert not Election.objects.filter(why="vacancy").exists()
    assert not Offer.objects.exists()
    give_back(world, "ben")
    by = Election.objects.get(why="vacancy")
    assert (by.seats, by.fills) == (1, [Term.objects.get(member=world.people["ben"]).pk])
    accept_acting(world.actor("dai"), term_id=by.fills[0])
    assert holders() == [world.people["cleo"], world.people["dai"]]


def test_two_of_three_who_leave_at_once_leave_one_seat_of_two(now):
    world, done = elected_house(now)
    voted(world, now, Effect("change_post", post=done.post_id, seats=2))
    give_back(world, "ada", "ben")
    now.pass_days(1)
    assert [one.seats for one in Election.objects.filter(why="vacancy")] == [1]
    assert Offer.objects.count() == 1


def test_an_election_that_has_opened_fills_the_seats_there_were(now):
    world, done = elected_house(now)
    ends_at = Term.objects.all()[0].ends_at
    now.pass_to(ends_at - 64 * DAY)
    voted(world, now, Effect("change_post", post=done.post_id, seats=2))
    of = Election.objects.get(why="term-over")
    assert (of.seats, now.time < of.closes_at) == (3, True)
    poll = to_the_vote(now, candidates(world, "ada", "ben", "cleo", of=of))
    for name in NAMES[:5]:
        vote(world, poll, name, "ada", "ben", "cleo")
    to_the_count(now, poll)
    now.pass_to(ends_at)
    assert len(holders()) == 3


def test_what_an_election_left_is_put_up_again_only_as_far_as_there_are_seats(now):
    world, done = elected_house(now)
    ends_at = Term.objects.all()[0].ends_at
    now.pass_to(ends_at - 64 * DAY)
    voted(world, now, Effect("change_post", post=done.post_id, seats=2))
    poll = to_the_vote(now, candidates(world, "ada", of=Election.objects.get(why="term-over")))
    for name in NAMES[:5]:
        vote(world, poll, name, "ada")
    left = to_the_count(now, poll)
    assert left.unfilled == 2
    now.pass_to(poll.closes_at + 31 * DAY)
    assert Election.objects.get(why="again").seats == 1


def test_seats_that_are_voted_away_and_voted_again_before_anybody_left_are_nobodys_to_fill(now):
    world, done = elected_house(now)
    voted(world, now, Effect("change_post", post=done.post_id, seats=2))
    voted(world, now, Effect("change_post", post=done.post_id, seats=3))
    assert len(holders()) == 3
    now.pass_days(40)
    give_back(world, "ben")  # something on the record: the auditor knows how long ago the vote was
    assert not Election.objects.filter(why="created").exists()


def test_a_seat_that_fell_vacant_and_was_voted_away_is_filled_when_it_is_voted_again(now):
    world, done = elected_house(now)
    ends_at = Term.objects.all()[0].ends_at
    voted(world, now, Effect("change_post", post=done.post_id, seats=2))
    give_back(world, "ada")
    now.pass_days(1)
    assert not Election.objects.filter(why="vacancy").exists()
    voted(world, now, Effect("change_post", post=done.post_id, seats=3))
    tick()
    new = candidates(world, "dai", of=Election.objects.get(why="created"))
    assert new.seats == 1
    poll = to_the_vote(now, new)
    for name in NAMES[:5]:
        vote(world, poll, name, "dai")
    to_the_count(now, poll)
    assert set(holders()) == {world.people[name] for name in ("ben", "cleo", "dai")}
    now.pass_to(ends_at - 10 * DAY)
    after = Election.objects.get(why="term-over")
    assert (after.seats, len(after.fills)) == (2, 2), "whoever was elected later stays"


def test_a_seat_that_is_vacant_for_a_while_is_not_put_up_twice_when_more_are_voted(now):
    world, done = elected_house(now)
    give_back(world, "ada")
    voted(world, now, Effect("change_post", post=done.post_id, seats=4))
    tick()
    now.pass_days(20)
    assert [one.seats for one in Election.objects.filter(why="created")] == [1]
    give_back(world, "cleo")


def test_where_fewer_seats_are_voted_as_many_are_filled_after_the_terms(now):
    world, done = elected_house(now)
    ends_at = Term.objects.all()[0].ends_at
    voted(world, now, Effect("change_post", post=done.post_id, seats=2))
    now.pass_to(ends_at - 10 * DAY)
    assert Election.objects.get(why="term-over").seats == 2
    give_back(world, "cleo")


def test_a_post_that_has_become_leading_is_given_no_duty(now):
    """Two votes that each were possible, and not together: the second leaves the post as it is."""
    world = house(council(leading=False))
    now.pass_days(1)
    post = Post.objects.get()
    both = Effect("change_post", post=post.pk, duty="delegate", pay=100_00)
    issues = []
    for effect in (Effect("change_post", post=post.pk, leading=True), both):
        issues.append(raised(world, effect, text=f"1. As below, {len(issues)}."))
        now.pass_days(1)
    issue = [agreed_to(world, now, one) for one in issues][-1]
    now.pass_to(issue.stage_ends_at)
    issue.refresh_from_db()
    post.refresh_from_db()
    assert (issue.outcome, post.leading, post.duty, post.pay) == ("carried", True, "", 0)


def test_a_unit_that_has_as_many_posts_as_one_may_have_is_given_no_more(now, monkeypatch):
    world = house()
    now.pass_days(1)
    monkeypatch.setattr(effects, "MOST_POSTS", 2)
    monkeypatch.setattr(posts_by_vote, "MOST_POSTS", 2)
    new = [Effect("create_post", title=title, seats=3, leading=True, term_days=365) for title in ("A", "B")]
    issues = [raised(world, one, text=f"1. A post called {one.title}.") for one in new]
    issue = [agreed_to(world, now, one) for one in issues][-1]
    now.pass_to(issue.stage_ends_at)
    assert Post.objects.count() == 2
