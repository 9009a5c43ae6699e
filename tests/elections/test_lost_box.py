# SPDX-License-Identifier: AGPL-3.0-or-later
"""A box that cannot be counted: the vote opens anew, or, where nobody is left, nominations do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kollontai.chapters.bodies.acts.leave import leave
from kollontai.chapters.bodies.models import Post
from kollontai.chapters.elections.models import Election
from kollontai.chapters.voting.acts.cast_ballot import cast_ballot
from kollontai.chapters.voting.boxes import sealing
from kollontai.chapters.voting.models import Poll
from tests.elections.hall import (
    candidates,
    council,
    election,
    end_asked,
    holders,
    house,
    to_the_count,
    to_the_vote,
    vote,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def lose(world: World, poll: Poll, now: Any) -> None:
    """The key of a box is gone when its vote closes."""
    sealing.destroy(world.organisation, poll.pk)
    now.pass_to(poll.closes_at)


def test_where_all_who_stood_have_left_nominations_open_at_once(now):
    world = house(council(seats=2))
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    vote(world, poll, "dai", "ada", "ben")
    for name in ("ada", "ben"):
        leave(world.actor(name))
    lose(world, poll, now)
    first, again = Election.objects.order_by("round")
    assert (first.state, first.elected, first.reopened) == ("annulled", [], 0)
    assert (again.why, again.after, again.seats, again.round) == ("again", first.pk, 2, 2)
    assert (again.state, again.opened_at, again.half) == ("nominations", poll.closes_at, False)
    assert world.kinds()[-3:] == ["box.lost", "election.annulled", "election.opened"]
    poll = to_the_vote(now, candidates(world, "cleo", of=again))
    for name in ("cleo", "dai", "eva"):
        vote(world, poll, name, "cleo")
    to_the_count(now, poll)
    assert holders() == [world.people["cleo"]]


def test_where_one_who_stood_is_left_the_vote_opens_anew_with_them(now):
    world = house(council(seats=2))
    poll = to_the_vote(now, candidates(world, "ada", "ben"))
    leave(world.actor("ada"))
    lose(world, poll, now)
    of = election()
    assert (of.state, of.poll != poll.pk) == ("voting", True)
    assert Poll.objects.get(pk=of.poll).options == [world.people["ben"], "ron"]


def test_nobody_is_rid_of_a_rival_by_ending_the_post_and_losing_the_box(now):
    world = house(council(leading=False), preset="small")
    of = candidates(world, "ada", "ben")
    now.pass_to(of.closes_at - timedelta(days=7))
    issue = end_asked(world, of.post)
    poll = to_the_vote(now, of)
    while issue.stage != "vote":
        now.pass_to(issue.stage_ends_at)
        issue.refresh_from_db()
    for name in ("cleo", "dai", "eva", "finn"):
        cast_ballot(world.actor(name), poll_id=issue.poll_id, choice="yes")
    assert issue.stage_ends_at < poll.closes_at
    now.pass_to(issue.stage_ends_at)
    assert Post.objects.get(pk=of.post_id).ended_at is not None
    lose(world, poll, now)
    of.refresh_from_db()
    assert (of.state, of.poll != poll.pk) == ("voting", True)
    for name in ("ada", "ben"):
        leave(world.actor(name))
    lose(world, Poll.objects.get(pk=of.poll), now)
    of.refresh_from_db()
    assert (of.state, Election.objects.count()) == ("annulled", 1)
