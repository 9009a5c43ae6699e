# SPDX-License-Identifier: AGPL-3.0-or-later
"""A clock that comes late, and limits of the charter that members change, while seats fall vacant."""

from __future__ import annotations

from typing import Any

import pytest

from kollontai.chapters.bodies.models import Post, Term
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.deliberation.models import Issue
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.acts.decline_acting import decline_acting
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.petitions.acts.open_petition import open_petition
from kollontai.chapters.petitions.acts.sign_petition import sign_petition
from kollontai.chapters.petitions.models import Petition
from kollontai.chapters.record.act import tick
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.models import Poll
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
    offer,
    raised,
    term_of,
    to_the_count,
    to_the_vote,
    vote,
    voted,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def five_in_line(now: Any) -> World:
    """Ada, Ben and Cleo sit; Dai is next in line, and then Eva."""
    world = house(preset="small")
    poll = to_the_vote(now, candidates(world, *NAMES[:5]))
    for name in NAMES[:5]:
        vote(world, poll, name, *NAMES[:5])
    to_the_count(now, poll)
    return world


def asked_for_limit(world: World, now: Any, key: str, value: int) -> Issue:
    """A limit of the charter is put to the vote, and members have voted."""
    return agreed_to(world, now, raised(world, Effect("set_limit", key=key, value=value)))


# --- A late clock ------------------------------------------------------------------------------------


def test_a_recall_that_is_counted_when_the_term_is_over_ends_nothing(now):
    world, _done = elected_house(now)
    term = term_of(world, "ada")
    now.pass_to(term.ends_at - 9 * DAY)
    petition: Petition = open_petition(
        world.actor("eva"), about="recall", term_id=term.pk, title="Recall", text="Why."
    ).value
    sign_petition(world.actor("dai"), petition_id=petition.pk)
    tick()
    petition.refresh_from_db()
    poll = Poll.objects.get(pk=petition.poll)
    for name in NAMES[:5]:
        cast_ballot(world.actor(name), poll_id=poll.pk, choice="yes")
    now.pass_to(poll.closes_at - DAY)
    assert poll.closes_at < term.ends_at
    now.move(to=term.ends_at + DAY)
    tick()
    petition.refresh_from_db()
    term.refresh_from_db()
    assert (petition.outcome, term.ended_why) == ("recalled", "term-over")


# --- Limits that change ------------------------------------------------------------------------------


def test_whoever_is_asked_later_acts_as_long_as_the_charter_said_when_the_seat_fell_vacant(now):
    world = five_in_line(now)
    issue = asked_for_limit(world, now, "O2.acting", 30)
    now.pass_to(issue.stage_ends_at - DAY)
    give_back(world, "ada")
    first = offer()
    now.pass_to(issue.stage_ends_at)
    decline_acting(world.actor("dai"), term_id=first.term_id)
    tick()
    second = offer()
    assert (second.member_id, second.ends_at) == (world.people["eva"], first.ends_at)
    accept_acting(world.actor("eva"), term_id=first.term_id)


def test_a_by_election_takes_a_seat_in_by_the_days_of_the_charter_when_that_fell_vacant(now):
    world = five_in_line(now)
    ends_at = term_of(world, "ada").ends_at
    now.pass_to(ends_at - 62 * DAY)
    issue = asked_for_limit(world, now, "O2.acting", 30)
    now.pass_to(ends_at - 51 * DAY)
    give_back(world, "ada")
    now.pass_to(issue.stage_ends_at)
    now.pass_to(ends_at - 41 * DAY)
    give_back(world, "ben")
    assert Election.objects.get(why="vacancy").seats == 2


def test_more_posts_at_once_may_be_held_as_soon_as_members_say_so(now):
    plain = {"leading": False, "duty": "specialist", "seats": 1}
    titles = {"Chair": 200, "Clerk": 365, "Scribe": 365}
    world = house(
        *(council(title=one, term_days=days, **plain) for one, days in titles.items()), preset="small"
    )
    posts = {str(one.title): one for one in Post.objects.select_related("title")}
    for title, name in {"Chair": "ada", "Clerk": "ben", "Scribe": "cleo"}.items():
        candidates(world, name, of=Election.objects.get(post=posts[title]))
    polls = {one.pk: to_the_vote(now, one) for one in Election.objects.all()}
    for pk, poll in polls.items():
        name = {"Chair": "ada", "Clerk": "ben", "Scribe": "cleo"}[str(Election.objects.get(pk=pk).post.title)]
        for voter in NAMES[:4]:
            vote(world, poll, voter, name)
    to_the_count(now, poll)
    chair = term_of(world, "ada")
    now.pass_to(chair.ends_at - 32 * DAY)
    issue = asked_for_limit(world, now, "O4.unpaid", 2)
    now.pass_to(chair.ends_at - 22 * DAY)
    again = candidates(world, "ada", of=Election.objects.get(post=posts["Chair"], why="term-over"))
    now.pass_to(issue.stage_ends_at)
    give_back(world, "ben", "cleo")
    others = [candidates(world, "ada", of=one) for one in Election.objects.filter(why="vacancy")]
    for of in (again, *others):
        poll = to_the_vote(now, of)
        for voter in NAMES[:4]:
            vote(world, poll, voter, "ada")
    to_the_count(now, poll)
    now.pass_to(chair.ends_at + DAY)
    assert holders() == [world.people["ada"]] * 3
    voted(world, now, Effect("set_dues", dues=5_00))


# --- Next in line ------------------------------------------------------------------------------------


def test_whoever_acted_until_the_by_election_is_next_in_line_for_another_seat(now):
    line = ("ada", "ben", "cleo", "dai", "eva", "gus")
    world = house(names=(*NAMES, "gus"))
    poll = to_the_vote(now, candidates(world, *line))
    for name in NAMES:
        vote(world, poll, name, *line[:5])
    vote(world, poll, "gus", "gus")
    to_the_count(now, poll)
    give_back(world, "ada")
    accept_acting(world.actor("dai"), term_id=offer().term_id)
    by = candidates(world, "finn", of=election(why="vacancy"))
    poll = to_the_vote(now, by)
    for name in NAMES[:4]:
        vote(world, poll, name, "finn")
    to_the_count(now, poll)
    assert Term.objects.get(how="acting").ended_why == "seat-filled"
    give_back(world, "ben")
    assert offer().member_id == world.people["dai"]
    assert Offer.objects.count() == 2


@pytest.mark.parametrize("effect", ["fewer", "none"])
def test_nobody_is_asked_after_somebody_when_members_have_voted_the_seat_away_meanwhile(now, effect):
    world = five_in_line(now)
    post = Post.objects.get()
    fewer = Effect("change_post", post=post.pk, seats=2)
    wanted = fewer if effect == "fewer" else Effect("end_post", post=post.pk)
    issue = agreed_to(world, now, raised(world, wanted))
    now.pass_to(issue.stage_ends_at - DAY)
    give_back(world, "ada")
    first = offer()
    now.pass_to(first.until + DAY)
    assert [one.state for one in Offer.objects.all()] == ["lapsed"]
    world.move_in(["gus"], by="ben")


def test_whoever_said_no_to_one_seat_and_acts_in_another_keeps_that_in_the_recount(now):
    """Their ballots count for the seat they act in; without it, others would come in turn by the same ballots."""
    names = ("ada", "ben", "cleo", "dai", "eva", "finn", "gus", "hana", "ivo")
    world = house(names=names)
    poll = to_the_vote(now, candidates(world, *names[:7]))
    ballots = (
        "ada ben dai", "dai ada ben eva finn", "dai finn ada ben eva", "cleo ada dai eva",
        "gus finn cleo ben eva", "ben cleo eva", "finn eva ben", "gus ben ada", "ada dai",
    )  # fmt: skip
    for voter, ranking in zip(names, ballots, strict=True):
        vote(world, poll, voter, *ranking.split())
    to_the_count(now, poll)
    assert set(holders()) == {world.people[name] for name in ("ada", "dai", "gus")}
    first, second = term_of(world, "ada"), term_of(world, "dai")
    give_back(world, "ada")
    decline_acting(world.actor("ben"), term_id=first.pk)
    tick()
    give_back(world, "dai")
    accept_acting(world.actor("ben"), term_id=second.pk)
    decline_acting(world.actor("cleo"), term_id=first.pk)
    tick()
    assert offer().member_id == world.people["finn"]
