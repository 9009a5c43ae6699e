# SPDX-License-Identifier: AGPL-3.0-or-later
"""The election after a term opens early enough for votes as long as they are then, not as they once were."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.deliberation.effects import Effect
from kollontai.chapters.elections.models import Election
from kollontai.chapters.voting.models import Poll
from tests.elections.hall import candidates, elected_house, election, to_the_vote, voted
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def closing_after(world: World, now, ends_at: datetime) -> tuple[Election, Poll]:
    """The election before the terms end, and its vote."""
    now.pass_to(ends_at - 20 * DAY)
    of = candidates(world, "ada", of=election(why="term-over"))
    return of, to_the_vote(now, of)


@pytest.mark.parametrize(("days", "ahead"), [(5, 24), (12, 31)])
def test_votes_that_members_made_shorter_or_longer_close_three_days_before_the_end(now, days, ahead):
    world, _done = elected_house(now)
    ends_at = Term.objects.first().ends_at
    voted(world, now, Effect("set_limit", key="D5.other", value=days))
    of, poll = closing_after(world, now, ends_at)
    assert (of.opened_at, of.seats) == (ends_at - ahead * DAY, 3)
    assert ends_at - 5 * DAY <= poll.closes_at <= ends_at - 3 * DAY


def test_votes_that_are_made_longer_too_late_let_nominations_open_at_once(now):
    world, _done = elected_house(now)
    ends_at = Term.objects.first().ends_at
    now.pass_to(ends_at - 75 * DAY)
    voted(world, now, Effect("set_limit", key="D5.other", value=14))
    of = election(why="term-over")
    assert ends_at - 33 * DAY < of.opened_at == now.time
    to_the_vote(now, candidates(world, "ada", of=of))


@pytest.mark.parametrize(("grown", "ahead"), [(31, 24), (23, 23)])
def test_a_small_house_that_grows_has_its_longer_votes_in_time(now, grown, ahead):
    """It has three days for votes, and five when there are fifty members; they join a week after their yes."""
    world, _done = elected_house(now, preset="small")
    ends_at = Term.objects.first().ends_at
    now.pass_to(ends_at - (grown + 7) * DAY)
    world.move_in([f"m{number}" for number in range(44)])
    of, poll = closing_after(world, now, ends_at)
    assert of.limits["D5.other"] == 5
    assert of.opened_at == ends_at - ahead * DAY
    assert poll.closes_at <= ends_at - 3 * DAY


def test_a_small_house_that_stays_small_opens_as_late_as_it_may(now):
    world, _done = elected_house(now, preset="small")
    ends_at = Term.objects.first().ends_at
    of, _poll = closing_after(world, now, ends_at)
    assert of.opened_at == ends_at - 22 * DAY
