# SPDX-License-Identifier: AGPL-3.0-or-later
"""A round that was to open while the clock stood: too little of the rest is left when it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kollontai.chapters.bodies.acts.resign import resign
from kollontai.chapters.elections.models import Election, Offer
from kollontai.chapters.record.act import tick
from tests.petitions.street import seated

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_clock_that_comes_too_late_for_a_round_opens_none_and_nobody_is_blamed(now):
    world, term = seated(now, "ada")
    now.pass_to(term.ends_at - 100 * DAY)
    resign(world.actor("ada"), term_id=term.pk)
    tick()
    now.pass_to(Election.objects.get(why="vacancy").closes_at)
    assert Election.objects.get(why="vacancy").state == "empty"
    now.move(days=70)  # the next round was due after thirty
    tick()
    assert not Election.objects.filter(why="again").exists()
    assert Election.objects.filter(why="term-over").exists()


@pytest.mark.parametrize("stood", [("ada",), ("ada", "ben")])
def test_nor_for_a_by_election_when_so_little_is_left_that_the_next_term_comes_first(now, stood):
    world, term = seated(now, *stood)
    now.pass_to(term.ends_at - 100 * DAY)
    resign(world.actor("ada"), term_id=term.pk)
    now.move(days=60)
    tick()
    assert not Election.objects.filter(why__in=("vacancy", "term-over")).exists()


def test_who_is_next_in_line_is_not_asked_for_days_that_are_over(now):
    world, term = seated(now)
    now.pass_to(term.ends_at - 100 * DAY)
    resign(world.actor("ada"), term_id=term.pk)
    now.move(days=60)
    tick()
    now.pass_to(term.ends_at - 20 * DAY)
    assert not Offer.objects.exists()
    assert Election.objects.filter(why="term-over").exists()


def test_in_a_small_house_a_late_election_was_due_when_a_small_house_had_it_due(now):
    _, term = seated(now, "ada", preset="small")
    now.pass_to(term.ends_at - 26 * DAY)
    now.move(days=6)  # past the 24th day, when a house that had grown would open it, and the 22nd
    tick()
    assert Election.objects.filter(why="term-over").exists()
