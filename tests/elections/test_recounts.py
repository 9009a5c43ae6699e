# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recounts and by-elections at their edges: seats that were filled by default, and seats that stay empty."""

from __future__ import annotations

import pytest

from kollontai.chapters.bodies.models import Term
from kollontai.chapters.elections.acts.accept_acting import accept_acting
from kollontai.chapters.elections.models import Offer
from tests.elections.hall import candidates, give_back, holders, house, offer, to_the_count, to_the_vote, vote
from tests.elections.test_late_and_changed import five_in_line

pytestmark = pytest.mark.django_db


def test_whoever_was_elected_by_default_keeps_their_seat_in_the_recount_and_leaves_one_like_anybody(now):
    world = house(preset="small")
    poll = to_the_vote(now, candidates(world, "ada", "ben", "cleo", "dai"))
    for by, *ranking in (
        ("ada", "ada", "dai"), ("ben", "ben"), ("cleo", "cleo"), ("dai", "ada"), ("eva", "ada")
    ):  # fmt: skip
        vote(world, poll, by, *ranking)
    done = to_the_count(now, poll)
    assert set(done.elected) == set(holders()) == {world.people[name] for name in ("ada", "ben", "cleo")}
    give_back(world, "ada")
    assert [world.people[name] for name in ("dai",)] == asked()
    accept_acting(world.actor("dai"), term_id=offer().term_id)
    give_back(world, "ben")
    assert asked() == [], "no ballot names anybody else"
    assert set(holders()) == {world.people[name] for name in ("cleo", "dai")}


@pytest.mark.parametrize(("elected", "stays"), [("finn", "eva"), ("dai", "eva"), ("eva", "dai")])
def test_of_two_seats_put_up_together_one_is_filled_and_whoever_acts_in_the_other_goes_on(
    now, elected, stays
):
    world = five_in_line(now)
    give_back(world, "ada", "ben")
    for name in ("dai", "eva"):
        asked_about = Offer.objects.get(state="asked", member=world.people[name])
        accept_acting(world.actor(name), term_id=asked_about.term_id)
    poll = to_the_vote(now, candidates(world, elected))
    vote(world, poll, "cleo", elected)
    done = to_the_count(now, poll)
    assert (done.seats, len(done.elected), done.unfilled) == (2, 1, 1)
    assert set(holders()) == {world.people[name] for name in ("cleo", elected, stays)}
    last = Term.objects.get(member=world.people[stays], how="acting")
    now.pass_to(last.ends_at)
    assert set(holders()) == {world.people[name] for name in ("cleo", elected)}


def asked() -> list[str]:
    return list(Offer.objects.filter(state="asked").values_list("member", flat=True))
